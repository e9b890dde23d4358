"""pull, latency, ingress: the real connector and gateway against the local TikTok Shop."""
import csv
import hashlib
import hmac
import io
import json
import pathlib
import subprocess
import tempfile
import time

import consent
import latency as demo_latency
from measure import Clock
from pipeline import ours, sign_up, wait

PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"
PULLED = 20_000
LIVE, LIVE_RATE = 400, 20
STORM_SECONDS, STORM_CONNECTIONS, STORM_BODIES = 5, 64, 4000


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
    bench.report["pull"] = {"orders": expected, "used": used}
    return True


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


def storm_script(bench, path):
    """Signed notices for wrk: each another order."""
    secret = bench.options.app_secret.read_text().strip()
    shop = bench.report["shop"]["id"]
    lines = []
    for i in range(STORM_BODIES):
        body = json.dumps({"type": 1, "tts_notification_id": str(7400000000000000000 + i), "shop_id": shop,
                           "timestamp": int(time.time()), "data": {"is_on_hold_order": False,
                           "order_id": str(576999000000000000 + i), "order_status": "AWAITING_SHIPMENT",
                           "update_time": int(time.time())}}, separators=(",", ":"))
        sign = hmac.new(secret.encode(), b"demo-app" + body.encode(), hashlib.sha256).hexdigest()
        lines.append(f"{{'{body}', '{sign}'}},")
    path.write_text("local all = {\n" + "\n".join(lines) + """
}
local at = 0
request = function()
    at = at % #all + 1
    return wrk.format("POST", "/hooks/tiktok", {["Content-Type"] = "application/json", ["Authorization"] = all[at][2]}, all[at][1])
end
done = function(summary, latency)
    io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.duration, summary.errors.status, latency:percentile(99)))
end
""")


def wrk(url, script=None):
    command = ["wrk", "-t", "1", "-c", str(STORM_CONNECTIONS), "-d", f"{STORM_SECONDS}s", url]
    answer = subprocess.run(command + (["-s", str(script)] if script else []), check=True, capture_output=True, text=True)
    return answer.stdout


def ingress(bench):
    """Signed webhooks answered after the commit, beside the same server answering at once."""
    connect(bench, {"kind": "none"})
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "storm.lua"
        storm_script(bench, script)
        clock = Clock(bench.processes, bench.postmaster)
        result = wrk(bench.hub.url, script).split("RESULT ")[1].split()
        used = clock.since()
    requests, micros, refused, p99 = (int(field) for field in result[:4])
    rate = (requests - refused) / (micros / 1e6)
    text = wrk(bench.hub.url + "/healthz")
    plain = float(text.split("Requests/sec:")[1].split()[0])
    print(f"  {rate:.0f} webhooks/s answered 200 after commit, {refused} refused, p99 {p99 / 1000:.1f} ms; the same server "
          f"answering at once {plain:.0f}/s; ratio {rate / plain:.2f} (target >= 0.2); CPU {ours(used) / max(1, requests) * 1e6:.0f} us each")
    bench.report["ingress"] = {"rate": rate, "at_once": plain, "refused": refused, "p99_us": p99, "used": used}
    return refused == 0 and rate / plain >= 0.2
