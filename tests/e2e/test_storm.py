"""A storm of webhooks on the real processes: every notice three times and all in a jumble.  None is lost, and each order
has one effect."""
import json
import subprocess
import time

from edge_rig import expect, run, same, wait_until
from rig import APP, System, told

STORM = told("--storm", None)
RATE, NOTICES = int(told("--rate", 300)), int(told("--notices", 1000))
ANSWER_MS = int(told("--answer-ms", 3000))  # the marketplace waits no longer
TIMES = 3
MOVED = min(NOTICES // 10, 500)  # orders that have changed once more, and have a notice of each change
REPLICAS = ["gateway", "connector", "connector-2", "order-ingest"]


class Storm(System):
    """Nobody but the storm tells of the orders, and the sweeps come before it."""

    def __init__(self, programs, make_keys, echoes):
        super().__init__(programs, make_keys, echoes)
        self.replicas = REPLICAS

    def own_settings(self, service):
        return {**super().own_settings(service),
                **({"SAMPAN_PULL_ORDERS_EVERY": "1h"} if service == "connector" else {})}

    def shop_settings(self):
        return {**super().shop_settings(), "SAMPAN_SANDBOX_WEBHOOK_URL": ""}

    def begin(self):
        for service in ("gateway", "connector", "order-ingest"):
            self.make_database(service)
            self.migrate(service)
        for name in ("sandbox", *self.replicas):
            self.launch(name)
        for name in self.replicas:
            wait_until(f"{name} is ready", lambda: self.is_ready(name))

    def number(self, service, sql):
        return int(self.psql(sql, self.database_of(service)))


def a_shop_is_connected_and_pulled_once(rig, state):
    rig.seller.sign_up("GBP")
    rig.seller.warehouse_id = "1"
    rig.seller.connect()
    wait_until("the first sync", lambda: rig.hub.get("/shops")["items"][0]["state"] == "CONNECTED")
    wait_until("the first pulls", lambda: rig.number("connector", "SELECT count(*) FROM pull WHERE NOT finished AND "
                                                     "(due <= now() OR until_at IS NOT NULL)") == 0)


def orders_are_made_that_nobody_tells_of(rig, state):
    made = rig.shop.post("orders", {"count": NOTICES - MOVED, "status": "AWAITING_SHIPMENT", "webhook": False})["ids"]
    before = {row["id"]: row["update_time"] for row in rig.shop.rows("truth/orders")}
    time.sleep(1.1)
    for order in made[:MOVED]:
        rig.shop.post(f"orders/{order}/status", {"status": "CANCELLED", "initiator": "BUYER"})
    rows = {row["id"]: row for row in rig.shop.rows("truth/orders")}
    state["made"] = made
    state["list"] = [(order, before[order]) for order in made] + \
                    [(order, rows[order]["update_time"]) for order in made[:MOVED]]
    same(len(state["list"]), NOTICES)


def every_notice_of_the_storm_is_answered_in_time(rig, state):
    secret = rig.path / "secret"
    secret.write_text(APP["APP_SECRET"])
    state["pages"] = rig.number("connector", "SELECT sum(pages) FROM pull WHERE kind <> 'listings'")
    state["emitted"] = rig.number("connector", "SELECT count(*) FROM seen_order")
    shop = rig.hub.get("/shops")["items"][0]["channel_shop_id"]
    words = [STORM, rig.port, NOTICES, APP["APP_KEY"], secret, shop, RATE, TIMES]
    storm = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    storm.stdin.write("".join(f"{order} {at}\n" for order, at in state["list"]))
    storm.stdin.close()
    answer = json.loads(storm.stdout.read())
    same(storm.wait(10), 0)
    print(f"# {answer['requests']} webhooks at {answer['rate']:.0f}/s, {answer['taken']} answered 200, "
          f"p50 {answer['p50_us'] / 1000:.1f} ms, p99 {answer['p99_us'] / 1000:.1f} ms")
    same((answer["requests"], answer["taken"]), (NOTICES * TIMES, NOTICES * TIMES))
    expect(answer["rate"] > RATE * 0.9, answer)
    expect(answer["p99_us"] < ANSWER_MS * 1000, answer)


def none_is_lost_and_each_order_has_one_effect(rig, state):
    same(rig.number("connector", "SELECT count(*) FROM notice"), NOTICES)
    wait_until("the fetches", lambda: rig.number("connector", "SELECT count(*) FROM order_fetch") == 0, 300)
    same(rig.number("connector", "SELECT count(*) FROM seen_order"), state["emitted"] + len(state["made"]))
    same(rig.number("connector", "SELECT sum(pages) FROM pull WHERE kind <> 'listings'"), state["pages"])
    # The revision is raised each time something is said of an order.
    same(rig.number("connector", "SELECT count(DISTINCT rev) FROM seen_order"), 1)
    wait_until("the order book", lambda: rig.number("order-ingest", "SELECT count(*) FROM orders") ==
               rig.number("connector", "SELECT count(*) FROM seen_order"), 300)
    truth = {row["id"]: row["status"] for row in rig.shop.rows("truth/orders")}
    held = {order["channel_order_id"]: order["channel_status"] for order in rig.hub.every("/orders")}
    same(held, truth)


TESTS = [a_shop_is_connected_and_pulled_once, orders_are_made_that_nobody_tells_of,
         every_notice_of_the_storm_is_answered_in_time, none_is_lost_and_each_order_has_one_effect]

if __name__ == "__main__":
    run(TESTS, Storm)
