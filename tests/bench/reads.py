"""reads: lists, searches and numbers of an account with a million orders, each beside the same question put to psql."""
import pathlib
import statistics
import time

import pipeline

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 20
COUNTS_MS = 50
RATIO = 2

PAGE = ("SELECT json_agg(i.item) FROM (SELECT o.account_id, o.order_id FROM {source} WHERE o.account_id = 1 {where} "
        "ORDER BY {order} LIMIT 51) p JOIN order_item i USING (account_id, order_id)")
BOOK = "orders o"
STAGED = "order_stage t JOIN orders o USING (account_id, order_id)"
LATEST = "o.updated_at DESC, o.order_id DESC"
TAGGED = "AND o.order_id IN (SELECT order_id FROM tagged_order WHERE account_id = 1 AND tag_id = {})"
NUMBERS = "SELECT json_agg(n) FROM (SELECT axis, word, cause, sum(orders) FROM order_number WHERE account_id = 1 GROUP BY 1, 2, 3) n"


def page(where="", order=LATEST, source=BOOK):
    return PAGE.format(source=source, where=where, order=order)


# (what, path, query, the same in psql)
CASES = (
    ("counts", "/orders/counts", {}, NUMBERS),
    ("all, latest first", "/orders", {}, page()),
    ("a shop, newest first", "/orders", {"shop": "2", "sort": "created"},
     page("AND shop_id = 2", "o.created_at DESC, o.order_id DESC")),
    ("to ship, most urgent first", "/orders", {"tab": "TO_SHIP", "sort": "ship_by"},
     page("AND channel_status IN ('ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'AWAITING_COLLECTION')",
          "coalesce(o.ship_by, '9999-12-31'), o.order_id")),
    ("unpaid", "/orders", {"tab": "UNPAID"}, page("AND channel_status = 'UNPAID'")),
    ("rare flags", "/orders", {"flag": "SAMPLE,COD,BY_CHANNEL"},
     page("AND is_sample AND is_cod AND fulfilled_by_channel")),
    ("drafts", "/orders", {"group": "drafts"},
     page("AND t.stage IN ('UNSYNC', 'NOT_READY')", "t.since DESC, t.order_id DESC", STAGED)),
    ("to process, most urgent first", "/orders", {"group": "to-process", "sort": "ship_by"},
     page("AND t.stage IN ('TO_PURCHASE', 'PURCHASED', 'AWAITING_SHIPMENT', 'CONFIRMED', 'PACKING', 'PACKED', "
          "'AWAITING_PICKUP')", "coalesce(o.ship_by, '9999-12-31'), o.order_id", STAGED)),
    ("an order's id", "/orders", {"q": "577000007911081000"},
     page("AND o.order_id IN ('1-577000007911081000', '2-577000007911081000', '3-577000007911081000')")),
    ("a carrier's number", "/orders", {"q": "SPX999999"},
     page("AND o.order_id IN (SELECT order_id FROM order_tracking WHERE account_id = 1 AND tracking = 'SPX999999')")),
    ("a tag of one in a thousand", "/orders", {"tag": "1"}, page(TAGGED.format(1))),
    ("a tag of one in ten", "/orders", {"tag": "2"}, page(TAGGED.format(2))),
    ("a tag of long ago", "/orders", {"tag": "3"}, page(TAGGED.format(3))),
    ("a SKU that nobody bought", "/orders", {"q": "NO-SUCH-SKU"}, page("AND o.skus & 7 = 7")),
)


def p95(times):
    return statistics.quantiles(times, n=20)[-1]


def measure(bench, path, query, sql):
    ours, theirs = [], []
    session = bench.server.session("order_ingest", "reads")
    for _ in range(ROUNDS):
        began = time.monotonic()
        bench.hub.get(path, **query)
        ours.append((time.monotonic() - began) * 1000)
        began = time.monotonic()
        session.ask(sql)
        theirs.append((time.monotonic() - began) * 1000)
    return ours[1:], theirs[1:] # the first ones fill the caches


def reads(bench):
    pipeline.sign_up(bench, "USD")
    bench.server.run_file("order_ingest", HERE / "reads.sql")
    good, figures = True, {}
    for what, path, query, sql in CASES:
        ours, theirs = measure(bench, path, query, sql)
        ratio = p95(ours) / p95(theirs)
        good = good and (p95(ours) <= COUNTS_MS if what == "counts" else ratio <= RATIO)
        figures[what] = {"p50_ms": statistics.median(ours), "p95_ms": p95(ours), "psql_p95_ms": p95(theirs)}
        print(f"{what:32} p50 {statistics.median(ours):7.1f} ms  p95 {p95(ours):7.1f} ms  "
              f"psql p95 {p95(theirs):7.1f} ms  ratio {ratio:5.2f}", flush=True)
    bench.report["reads"] = figures
    return good
