"""From a new order in the shop to its placement in the hub, as seen through the hub's API."""
import queue
import threading
import time

POLL_SECONDS = 0.004
GIVE_UP_SECONDS = 10
HELD_SECONDS = 2  # staged and not placed for so long: it has an open condition
PLACED = {"TO_PURCHASE", "AWAITING_SHIPMENT"}
WATCHERS = 4


def percentile(times_ms, percent):
    """Nearest rank; NaN when nothing was measured."""
    if not times_ms:
        return float("nan")
    ranked = sorted(times_ms)
    return ranked[min(len(ranked) - 1, max(0, -(-len(ranked) * percent // 100) - 1))]


def wait_until_placed(hub, order_id, began):
    """Milliseconds until the order list shows the order as placed, or None."""
    stage = None
    while (waited := time.monotonic() - began) < (HELD_SECONDS if stage else GIVE_UP_SECONDS):
        items = hub.get("/orders", q=order_id)["items"]
        stage = items[0].get("stage") if items else None
        if stage in PLACED:
            return waited * 1000
        time.sleep(POLL_SECONDS)
    return None


def watch(hub, created, times):
    while (item := created.get()) is not None:
        times.append(wait_until_placed(hub, *item))


def measure(hub, sandbox, count, rate):
    """Creates `count` orders, one every 1/rate seconds; the milliseconds of those that were placed."""
    created, times = queue.Queue(), []
    watchers = [threading.Thread(target=watch, args=(hub, created, times)) for _ in range(WATCHERS)]
    for watcher in watchers:
        watcher.start()
    due = time.monotonic()
    for _ in range(count):
        time.sleep(max(0, due - time.monotonic()))
        due += 1 / rate
        began = time.monotonic()
        order = {"count": 1, "skus_per_order": 1, "status": "AWAITING_SHIPMENT", "webhook": True}
        answer = sandbox.post("orders", order)
        created.put((answer["ids"][0], began))
    for _ in watchers:
        created.put(None)
    for watcher in watchers:
        watcher.join()
    return [ms for ms in times if ms is not None]
