"""pull, latency, ingress: the real connector and gateway against the local TikTok Shop."""
import csv
import io
import json
import subprocess
import tempfile

import consent
import demo
import latency as demo_latency
from measure import Clock
from pipeline import at_rest, sign_up, wait

PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"
PULLED = 20_000
LIVE, LIVE_RATE = 400, 20
STORM_NOTICES = PULLED

# What orders that wait for goods and listings still bring about after the goods have come.
OWED = (("inventory", "SELECT count(*) FROM refill_mark"), ("inventory", "SELECT count(*) FROM level_mark"),
        ("inventory", "SELECT count(*) FROM heal_mark"), ("placement", "SELECT count(*) FROM heal_mark"),
        ("connector", "SELECT count(*) FROM channel_stock WHERE done < wanted"))


def goods(bench):
    return list(csv.DictReader(io.StringIO(bench.sandbox.text("catalogue.csv"))))


def connect(bench):
    """The shop, by the real steps."""
    hub = bench.hub
    warehouse = sign_up(bench, goods(bench)[0]["currency"])
    begun = hub.post("/shops", {"alias": "Bench", "region": "VN", "account_type": "SELLER", "email": "b@example.com"})
    consent.agree(begun["consent_url"], hub.url, hub.cookie)
    path = f"/shops/connect/{begun['connect_id']}"
    wait(lambda: hub.get(path)["state"] == "CHOOSING", "the shops of the grant")
    shops = [{"channel_shop_id": shop["channel_shop_id"], "warehouse_id": warehouse,
              "history": {"kind": "days", "days": 60}} for shop in hub.get(path)["shops"]]
    hub.post(path + "/confirm", {"shops": shops})
    return {"shop": shops[0]["channel_shop_id"], "warehouse": warehouse}


def recorded(bench):
    return bench.server.number("order_ingest", "SELECT count(*) FROM orders")


def reading(bench):
    """Microseconds of the steps of reading one order, of pages like those that are pulled, and of the yardstick."""
    command = [bench.options.bin / "sampan-reader", bench.options.invoices, PULLED]
    steps = json.loads(subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout)
    ratio = steps["tokenise"] / steps["parse"]
    print(f"  of {steps['bytes']:.0f} bytes of JSON per order: parse {steps['parse']:.1f} us, normalise {steps['normalise']:.1f}, "
          f"encode {steps['encode']:.1f}; tokenising with jsmn {steps['tokenise']:.1f}; jsmn / parse {ratio:.2f} (target >= 0.5)")
    return {**steps, "ratio": ratio}


def fill(bench):
    """A shop with many orders, connected and pulled, once; what that took."""
    if bench.report.get("filled"):
        return bench.report["filled"]
    bench.sandbox.post("orders", {"count": PULLED, "skus_per_order": 2, "status": "AWAITING_SHIPMENT", "webhook": False})
    expected = bench.sandbox.truth()["orders"]
    clock = Clock(bench.processes, bench.postmaster)
    shop = connect(bench)
    wait(lambda: bench.server.number("connector", "SELECT count(*) FROM seen_order") >= expected, "the pull", pause=0.1)
    bench.report["filled"] = {**shop, "orders": expected, "used": clock.since()}
    return bench.report["filled"]


def pull(bench):
    """Orders per second fetched page by page, parsed, normalised and committed as facts."""
    filled = fill(bench)
    orders, used = filled["orders"], filled["used"]
    print(f"  {orders} orders in {used['wall']:.1f} s: {orders / used['wall']:.0f} orders/s fetched and emitted; "
          f"connector {used['connector'] / orders * 1e6:.0f} us per order")
    wait(lambda: recorded(bench) >= orders, "the order book")
    steps = reading(bench)
    bench.report["pull"] = {**filled, "steps": steps}
    return steps["ratio"] >= 0.5


def one_commit_ms(bench):
    """The yardstick: one row, one commit, one connection, through pgbench."""
    bench.server.ask("postgres", "CREATE TABLE IF NOT EXISTS yardstick (n bigint)")
    with tempfile.NamedTemporaryFile("w", suffix=".pgbench") as script:
        script.write("INSERT INTO yardstick VALUES (1);\n")
        script.flush()
        answer = subprocess.run([PGBENCH, "-n", "-c", "1", "-t", "2000", "-f", script.name, bench.server.base + "/postgres"],
                                check=True, capture_output=True, text=True)
    return float(answer.stdout.split("latency average = ")[1].split(" ms")[0])


def latency(bench):
    """Webhook, fetch from the shop, four services, PLACED; seen by the order list."""
    warehouse = fill(bench)["warehouse"]
    bench.hub.import_goods(bench.sandbox.text("catalogue.csv"))
    rows = goods(bench)
    skus = [row["sku"] for row in rows]
    wait(lambda: bench.server.number("inventory", "SELECT count(*) FROM variant") >= len(skus), "variants")
    for at in range(0, len(skus), 5000):
        lines = [{"warehouse_id": warehouse, "sku": sku, "delta": 100_000} for sku in skus[at:at + 5000]]
        bench.hub.post("/stock/adjust", {"reason": "bench", "lines": lines})
    seller = demo.Demo(bench.options)
    seller.hub = bench.hub
    seller.match(rows)
    wait(lambda: at_rest(bench) and all(bench.server.number(*owed) == 0 for owed in OWED), "rest")
    times = demo_latency.measure(bench.hub, bench.sandbox, LIVE, LIVE_RATE)
    commit = one_commit_ms(bench)
    p50, p99 = demo_latency.percentile(times, 50), demo_latency.percentile(times, 99)
    print(f"  {len(times)} of {LIVE} placed; p50 {p50:.1f} ms (target <= 25), p99 {p99:.1f} ms (target <= 100); "
          f"one commit {commit:.3f} ms, p50 is {p50 / commit:.0f} of them (target <= 50)")
    bench.report["latency"] = {"times_ms": times, "one_commit_ms": commit}
    return len(times) == LIVE and p50 <= 25 and p99 <= 100


def storm(bench, secret, orders):
    """What the generator measured, and our CPU of each request."""
    listed = "".join(f"{order['id']} {order['update_time']}\n" for order in orders)
    command = [bench.options.bin / "sampan-storm", bench.hub.address.split(":")[1], len(orders), "demo-app", secret,
               bench.report["filled"]["shop"]]
    clock = Clock(bench.processes, bench.postmaster)
    answer = json.loads(subprocess.run([str(word) for word in command], check=True, input=listed, text=True,
                                       stdout=subprocess.PIPE).stdout)
    used = clock.since()
    answer["cpu_us"] = {name: used[name] / len(orders) * 1e6 for name in used if name not in ("wall", "machine")}
    return answer


def ingress(bench):
    """Signed webhooks answered after the commit, beside the same requests without a signature, which the same server
    answers at once.  Their orders are fetched meanwhile and bring no news: what news cost is the other benches' to say."""
    fill(bench)
    wait(lambda: at_rest(bench), "rest")
    orders = bench.sandbox.rows("truth/orders")[-STORM_NOTICES:]
    at_once = storm(bench, "-", orders)
    before = bench.server.number("connector", "SELECT count(*) FROM notice")
    signed = storm(bench, bench.options.app_secret, orders)
    stored = bench.server.number("connector", "SELECT count(*) FROM notice") - before
    ratio, cpu = signed["rate"] / at_once["rate"], signed["cpu_us"]
    print(f"  {signed['rate']:.0f} webhooks/s answered 200 after commit, p50 {signed['p50_us'] / 1000:.1f} ms, "
          f"p99 {signed['p99_us'] / 1000:.1f} ms; the same server answering at once {at_once['rate']:.0f}/s; "
          f"ratio {ratio:.2f} (target >= 0.2)")
    print(f"  {len(orders)} notices of as many orders, {signed['taken']} answered 200, {stored} stored; CPU of each: gateway "
          f"{cpu['gateway']:.0f} us, connector {cpu['connector']:.0f}, PostgreSQL {cpu['postgres']:.0f}; at once: gateway "
          f"{at_once['cpu_us']['gateway']:.0f}")
    bench.report["ingress"] = {"signed": signed, "at_once": at_once, "stored": stored, "one_commit_ms": one_commit_ms(bench)}
    return (signed["taken"] == stored == at_once["refused"] == len(orders) == STORM_NOTICES) and ratio >= 0.2
