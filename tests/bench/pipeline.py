"""pipeline and hot-sku: made-up orders at the first fact, through every service, to PLACED."""
import concurrent.futures
import csv
import io
import pathlib
import re
import secrets
import statistics
import time

from measure import Clock, metric

HERE = pathlib.Path(__file__).resolve().parent
SKUS = 10_000
ORDERS = 50_000
WARM_UP = 10_000
BASELINE_ORDERS = 200 # in a transaction
PAIRS = 6
HOT_FIRST = 800_000_000
HOT_ORDERS, HOT_PIECES, HOT_RATE, HOT_REPLICAS = 10_000, 5_000, 5_000, 3
PATIENCE = 300
DATABASES = ("connector", "order_ingest", "product_mapper", "inventory", "placement")


# The account, as a seller would set it up ---------------------------------------------------------------

def sign_up(bench, currency):
    hub = bench.hub
    token = re.search(r"/setup[/?=#\w]*?([A-Za-z0-9_-]{43})(?![\w-])", bench.options.gateway_log.read_text()).group(1)
    password = secrets.token_urlsafe(18)
    account = {"name": "Bench", "time_zone": "UTC", "currency": currency, "language": "en"}
    hub.sign("/setup", {"token": token, "login": "bench", "password": password, "account": account})
    hub.sign("/session", {"login": "bench", "password": password})
    warehouse = hub.post("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})
    wait(lambda: bench.server.number("placement", "SELECT count(*) FROM setting") > 0, "the wallet")
    hub.post("/wallet/top-up", {"amount": "9" * 12, "currency": currency, "reference": "bench"})
    hub.post("/settings/placement", {"auto_place": True, "currency": currency, "shipping": {"amount": "0"},
                                    "surcharge": {"amount": "69", "currency": currency, "per": "unit"}}, "PUT")
    return warehouse["id"]


def variants(bench):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["sku", "name", "cost_minor", "currency", "supply"])
    writer.writerows([f"SKU-{sku:05d}", f"Thing {sku}", 100, "USD", "STOCKED"] for sku in range(SKUS))
    bench.hub.import_goods(text.getvalue())


def stock(bench, warehouse, units, skus=SKUS):
    wait(lambda: bench.server.number("inventory", "SELECT count(*) FROM variant") >= SKUS, "variants in inventory")
    for first in range(0, skus, 5000):
        lines = [{"warehouse_id": warehouse, "sku": f"SKU-{sku:05d}", "delta": units}
                 for sku in range(first, min(skus, first + 5000))]
        bench.hub.post("/stock/adjust", {"reason": "bench", "lines": lines})


def wait(until, what, patience=PATIENCE, pause=0.05):
    deadline = time.monotonic() + patience
    while not until():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {patience} s for {what}")
        time.sleep(pause)


def prepare(bench):
    if bench.report.get("prepared"):
        return bench.report["prepared"]
    warehouse = sign_up(bench, "USD")
    variants(bench)
    stock(bench, warehouse, 1_000_000)
    wait(lambda: at_rest(bench), "rest after setting up")
    bench.server.run_file("postgres", HERE / "baseline.sql")
    for database in DATABASES:
        bench.server.ask(database, "VACUUM ANALYZE")
    bench.report["prepared"] = {"warehouse": warehouse}
    return bench.report["prepared"]


def at_rest(bench):
    if bench.server.number("product_mapper", "SELECT count(*) FROM heal"):
        return False
    return all(bench.server.number(database, "SELECT count(*) FROM outbox") == 0 for database in DATABASES)


# One round of each -------------------------------------------------------------------------------------------

def done_by_each(bench, service):
    return [int(metric(port, "sampan_messages_total", 'ending="done"')) for port in bench.admin[service]]


def inject(bench, first, count, status="AWAITING_SHIPMENT"):
    bench.server.ask("connector", f"INSERT INTO bench_wish VALUES ({first}, {count}, 1024, '{status}')")


def run_through(bench, first, count, status="AWAITING_SHIPMENT"):
    """Injects orders and waits until nothing is on its way any more; (which they are, when it began and ended by the
    server's clock).  They share the server with us: what is asked meanwhile is whether the outboxes are empty, twice,
    for facts go round, and the orders are counted when they are done."""
    keys = f"account_id = 1 AND key BETWEEN '1-5764{first:014d}' AND '1-5764{first + count - 1:014d}'"
    emitted = "SELECT count(*) FROM bench_wish"
    began = bench.server.ask("placement", "SELECT extract(epoch FROM clock_timestamp())")
    inject(bench, first, count, status)
    wait(lambda: bench.server.number("connector", emitted) == 0, "all to be emitted", pause=0.1)
    wait(lambda: at_rest(bench) and at_rest(bench), "rest", pause=0.1)
    rested = bench.server.ask("placement", "SELECT extract(epoch FROM clock_timestamp())")
    return keys, float(began), float(rested)


def decided(bench, keys, began, count):
    """Seconds from `began` to the last decision; all must be there."""
    answer = bench.server.ask("placement", f"SELECT count(*), extract(epoch FROM max(since)) FROM decision WHERE {keys}")
    there, last = answer.split("|")
    if int(there) != count:
        raise RuntimeError(f"placement decided {there} of {count} orders")
    return float(last) - began


def candidate(bench, first, count):
    """Until every order is in placement's tables and nothing is on its way."""
    commits = sum_commits(bench)
    wal = bench.server.wal()
    clock = Clock(bench.processes, bench.postmaster)
    keys, began, rested = run_through(bench, first, count)
    whole = clock.since()
    wal, commits = bench.server.wal() - wal, sum_commits(bench) - commits
    seconds = decided(bench, keys, began, count)
    return {"rate": count / seconds, "cpu": {name: whole[name] / count * 1e6 for name in whole if name != "wall"},
            "wal": wal / count, "commits": commits / count, "seconds": seconds, "seconds_to_rest": rested - began}


def sum_commits(bench):
    return bench.server.number("postgres", "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname IN "
                               "('connector', 'order_ingest', 'product_mapper', 'inventory', 'placement')")


def baseline(bench, transactions=250):
    """Two connections at once; they stay, so that their CPU can be read to the last microsecond."""
    wal = bench.server.wal()
    pair = [bench.server.session("postgres", f"baseline-{n}") for n in range(2)]
    clock = Clock({}, bench.postmaster)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(insert_baseline, session, transactions) for session in pair]:
            done.result()
    used = clock.since()
    orders = 2 * transactions * BASELINE_ORDERS
    return {"rate": orders / used["wall"], "cpu": used["postgres"] / orders * 1e6,
            "wal": (bench.server.wal() - wal) / orders}


def insert_baseline(session, transactions):
    for _ in range(transactions):
        session.ask(f"SELECT baseline_orders({BASELINE_ORDERS})")


def ours(cpu):
    return sum(value for name, value in cpu.items() if name not in ("machine", "gateway"))


def spread(values):
    return f"{statistics.median(values):9.1f}  ({min(values):.1f} … {max(values):.1f})"


def pipeline(bench):
    prepare(bench)
    candidate(bench, 1, WARM_UP)
    for database in DATABASES:
        bench.server.ask(database, "ANALYZE")
    first, rounds = 1_000_000, []
    for number in range(PAIRS):
        base = baseline(bench)
        run = candidate(bench, first, ORDERS)
        first += ORDERS
        rounds.append((run, base))
        print(f"  {number + 1}/{PAIRS}: {run['rate']:8.0f} orders/s, {ours(run['cpu']):6.1f} us CPU; baseline "
              f"{base['rate']:8.0f} orders/s, {base['cpu']:5.1f} us", flush=True)
    return print_pipeline(bench, rounds)


def print_pipeline(bench, rounds):
    runs, bases = [run for run, _ in rounds], [base for _, base in rounds]
    multiple = [ours(run["cpu"]) / base["cpu"] for run, base in rounds]
    wal = [run["wal"] / base["wal"] for run, base in rounds]
    rate = statistics.median(run["rate"] for run in runs)
    print(f"  orders/s to placement     {spread([run['rate'] for run in runs])}   target >= 10,000")
    print(f"  baseline orders/s         {spread([base['rate'] for base in bases])}")
    print(f"  rate / baseline           {spread([run['rate'] / base['rate'] for run, base in rounds])}")
    print(f"  CPU us per order          {spread([ours(run['cpu']) for run in runs])}")
    for name in runs[0]["cpu"]:
        print(f"    {name:<22}  {spread([run['cpu'][name] for run in runs])}")
    print(f"  CPU multiple              {spread(multiple)}   target <= 8")
    print(f"  WAL bytes per order       {spread([run['wal'] for run in runs])}")
    print(f"  WAL multiple              {spread(wal)}   target <= 5")
    print(f"  commits per order         {statistics.median(run['commits'] for run in runs):9.4f}   target <= 0.05")
    stored = bench.server.number("placement", "SELECT count(*) FROM decision")
    placed = bench.server.number("placement", "SELECT count(*) FROM decision WHERE stage = 'AWAITING_SHIPMENT'")
    levels = sum(done_by_each(bench, "connector"))
    letters = sum(bench.server.number(database, "SELECT count(*) FROM dead_letter") for database in DATABASES)
    print(f"  stored {stored}, placed {placed}, stock levels emitted {levels}, dead letters {letters}")
    share = statistics.median(ours(run["cpu"]) / run["cpu"]["machine"] for run in runs)
    print(f"  our share of the busy machine  {share:.2f}")
    bench.report["pipeline"] = {"runs": runs, "baselines": bases, "multiple": multiple, "wal_multiple": wal}
    return (rate >= 10_000 and statistics.median(multiple) <= 8 and statistics.median(wal) <= 5
            and stored == placed and letters == 0)


def hot_sku(bench):
    """Every order wants the one SKU that runs out: exactly as many pieces are reserved as there are."""
    warehouse = prepare(bench)["warehouse"]
    sku, stock_key = "SKU-09999", "(SELECT variant_id FROM variant WHERE sku = 'SKU-09999')"
    on_hand = f"SELECT on_hand - held FROM stock WHERE variant_id = {stock_key}"
    there = bench.server.number("inventory", on_hand)
    bench.hub.post("/stock/adjust", {"reason": "hot SKU", "lines": [{"warehouse_id": warehouse, "sku": sku,
                                                                     "delta": HOT_PIECES - there}]})
    kept = f"SELECT held FROM stock WHERE variant_id = {stock_key}"
    before, done = bench.server.number("inventory", kept), done_by_each(bench, "inventory")
    clock = Clock(bench.processes, bench.postmaster)
    keys, began, _ = run_through(bench, HOT_FIRST, HOT_ORDERS, "HOT")
    used = clock.since()
    seconds = decided(bench, keys, began, HOT_ORDERS)
    taken = bench.server.number("inventory", kept) - before
    left = bench.server.number("inventory", on_hand)
    shares = [now - then for now, then in zip(done_by_each(bench, "inventory"), done)]
    rate = HOT_ORDERS / seconds
    print(f"  {HOT_ORDERS} orders race for {HOT_PIECES} pieces: {taken} taken, {left} left; {rate:.0f} orders/s "
          f"(target >= {HOT_RATE}); messages done by each replica of inventory: {shares}")
    bench.report["hot-sku"] = {"shares": shares, "taken": taken, "left": left, "used": used}
    return left == 0 and taken == HOT_PIECES and rate >= HOT_RATE and len(shares) == HOT_REPLICAS and min(shares) > 0
