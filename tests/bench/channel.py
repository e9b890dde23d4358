"""pull, latency, ingress: the real connector and gateway against the local TikTok Shop."""
import csv
import io
import json
import subprocess
import tempfile

import consent
import latency as demo_latency
from measure import Clock
from pipeline import ours, sign_up, wait

PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"
PULLED = 20_000
LIVE, LIVE_RATE = 400, 20
PLAIN_REQUESTS, STORM_NOTICES = 200_000, 50_000


def connect(bench, history):
    """The shop, by the real steps; once."""
    if bench.report.get("shop"):
        return bench.report["shop"]
    hub = bench.hub
    warehouse = sign_up(bench)
    begun = hub.post("/shops", {"alias": "Bench", "region": "VN", "account_type": "SELLER", "email": "b@example.com"})
    consent.agree(begun["consent_url"], hub.url, hub.cookie)
    path = f"/shops/connect/{begun['connect_id']}"
    wait(lambda: hub.get(path)["state"] == "CHOOSING", "the shops of the grant")
    shops = [{"channel_shop_id": shop["channel_shop_id"], "warehouse_id": warehouse, "history": history}
             for shop in hub.get(path)["shops"]]
    hub.post(path + "/confirm", {"shops": shops})
    bench.report["shop"] = {"id": shops[0]["channel_shop_id"], "warehouse": warehouse}
    return bench.report["shop"]


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


def pull(bench):
    """Orders per second fetched page by page, parsed, normalised and committed as facts."""
    bench.sandbox.post("orders", {"count": PULLED, "skus_per_order": 2, "status": "AWAITING_SHIPMENT", "webhook": False})
    expected = bench.sandbox.truth()["orders"]
    clock = Clock(bench.processes, bench.postmaster)
    connect(bench, {"kind": "days", "days": 60})
    wait(lambda: bench.server.number("connector", "SELECT count(*) FROM seen_order") >= expected, "the pull", 120, 0.1)
    used = clock.since()
    print(f"  {expected} orders in {used['wall']:.1f} s: {expected / used['wall']:.0f} orders/s fetched and emitted; "
          f"connector {used['connector'] / expected * 1e6:.0f} us per order")
    wait(lambda: recorded(bench) >= expected, "the order book")
    steps = reading(bench)
    bench.report["pull"] = {"orders": expected, "used": used, "steps": steps}
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
    connect(bench, {"kind": "none"})
    catalogue = bench.sandbox.text("catalogue.csv")
    bench.hub.post_csv("/variants/import", catalogue)
    rows = [row["sku"] for row in csv.DictReader(io.StringIO(catalogue))]
    wait(lambda: bench.server.number("inventory", "SELECT count(*) FROM variant") >= len(rows), "variants")
    warehouse = bench.report["shop"]["warehouse"]
    for at in range(0, len(rows), 5000):
        lines = [{"warehouse_id": warehouse, "sku": sku, "delta": 100_000} for sku in rows[at:at + 5000]]
        bench.hub.post("/stock/adjust", {"reason": "bench", "lines": lines})
    wait(lambda: all(bench.server.number(name, "SELECT count(*) FROM outbox") == 0
                     for name in ("connector", "product_mapper", "inventory")), "rest")
    times = demo_latency.measure(bench.hub, bench.sandbox, LIVE, LIVE_RATE)
    commit = one_commit_ms(bench)
    p50, p99 = demo_latency.percentile(times, 50), demo_latency.percentile(times, 99)
    print(f"  {len(times)} of {LIVE} placed; p50 {p50:.1f} ms (target <= 25), p99 {p99:.1f} ms (target <= 100); "
          f"one commit {commit:.3f} ms, p50 is {p50 / commit:.0f} of them (target <= 50)")
    bench.report["latency"] = {"times_ms": times, "one_commit_ms": commit}
    return len(times) == LIVE and p50 <= 25 and p99 <= 100


def storm(bench, count, *signed):
    """What the generator measured; the same one for both sides of the comparison."""
    command = [bench.options.bin / "sampan-storm", bench.hub.address.split(":")[1], count, *signed]
    return json.loads(subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout)


def ingress(bench):
    """Signed webhooks answered after the commit, beside the same server answering at once."""
    shop = connect(bench, {"kind": "none"})["id"]
    plain = storm(bench, PLAIN_REQUESTS)
    stored = bench.server.number("connector", "SELECT count(*) FROM notice")
    clock = Clock(bench.processes, bench.postmaster)
    signed = storm(bench, STORM_NOTICES, "demo-app", bench.options.app_secret, shop)
    used = clock.since()
    stored = bench.server.number("connector", "SELECT count(*) FROM notice") - stored
    ratio = signed["rate"] / plain["rate"]
    print(f"  {signed['rate']:.0f} webhooks/s answered 200 after commit, p50 {signed['p50_us'] / 1000:.1f} ms, "
          f"p99 {signed['p99_us'] / 1000:.1f} ms; the same server answering at once {plain['rate']:.0f}/s; "
          f"ratio {ratio:.2f} (target >= 0.2)")
    print(f"  {STORM_NOTICES} notices of as many orders, {signed['taken']} answered 200, {stored} stored; "
          f"CPU {ours(used) / STORM_NOTICES * 1e6:.0f} us each")
    bench.report["ingress"] = {"signed": signed, "at_once": plain, "stored": stored, "used": used}
    return signed["taken"] == stored == STORM_NOTICES and ratio >= 0.2
