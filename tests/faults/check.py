"""The checker: what the shop says it sold and was told, beside what the hub holds.  Reads only."""
import json

import chain

DATABASES = ("gateway", "connector", "order_ingest", "product_mapper", "inventory", "placement")

# Work that is owed and not done, by database: at rest all are 0.
FLOW = {"parcels in the outbox": "SELECT count(*) FROM outbox", "messages put off": "SELECT count(*) FROM later"}
OWED = {
    "connector": {"orders to fetch": "SELECT count(*) FROM order_fetch WHERE done < wanted",
                  "stock to tell": "SELECT count(*) FROM channel_stock WHERE done < wanted"},
    "order_ingest": {},
    "product_mapper": {"heal tasks": "SELECT count(*) FROM heal"},
    "inventory": {"lines to serve": "SELECT count(*) FROM refill_mark",
                  "levels to tell": "SELECT count(*) FROM level_mark",
                  "shops to heal": "SELECT count(*) FROM heal_mark"},
    "placement": {"accounts to heal": "SELECT count(*) FROM heal_mark",
                  "orders being cancelled": "SELECT count(*) FROM decision WHERE stage = 'CANCELLING'"},
}

# Each must give no row.
NEVER = {
    ("order_ingest", "an order in the book twice"):
        "SELECT shop_id, split_part(order_id, '-', 2) FROM orders GROUP BY 1, 2 HAVING count(*) > 1",
    ("placement", "an order charged twice"):
        "SELECT order_key FROM wallet_entry GROUP BY order_key, account_id HAVING count(*) FILTER (WHERE kind = 'DEBIT') "
        "- count(*) FILTER (WHERE kind = 'REFUND') NOT IN (0, 1) AND order_key <> ''",
    ("placement", "a charge that the ledger does not show"):
        "SELECT p.key FROM decision p LEFT JOIN (SELECT account_id, order_key, sum(CASE kind WHEN 'DEBIT' THEN amount_minor "
        "ELSE -amount_minor END) AS charged FROM wallet_entry WHERE kind <> 'TOP_UP' GROUP BY 1, 2) e "
        "ON e.account_id = p.account_id AND e.order_key = p.key WHERE p.charged_minor <> coalesce(e.charged, 0)",
    ("placement", "a wallet whose balance is not the sum of its entries"):
        "SELECT b.account_id FROM ledger_balance b WHERE ledger = 'WALLET' AND balance_minor <> (SELECT coalesce(sum("
        "CASE WHEN target = 'WALLET' THEN amount_minor WHEN source = 'WALLET' THEN -amount_minor ELSE 0 END), 0) "
        "FROM wallet_entry e WHERE e.account_id = b.account_id)",
    ("placement", "a ledger that does not balance to zero"):
        "SELECT account_id FROM ledger_balance GROUP BY 1 HAVING sum(balance_minor) <> 0",
    ("placement", "a negative wallet"):
        "SELECT account_id FROM ledger_balance WHERE ledger = 'WALLET' AND balance_minor < 0",
    ("inventory", "stock oversold or negative"):
        "SELECT variant_id FROM stock_figure WHERE least(on_hand, reserved, pending_out, quarantined, available) < 0",
    ("inventory", "stock that is not the sum of its ledger"):
        "SELECT s.variant_id FROM stock s LEFT JOIN (SELECT account_id, variant_id, warehouse_id, sum(delta) AS n FROM "
        "stock_entry GROUP BY 1, 2, 3) e USING (account_id, variant_id, warehouse_id) WHERE s.on_hand <> coalesce(e.n, 0)",
    ("inventory", "reserved stock that no order holds"):
        "SELECT s.variant_id FROM stock_figure s LEFT JOIN (SELECT account_id, variant_id, warehouse_id, "
        "sum(reserved) AS n FROM kept_part GROUP BY 1, 2, 3) k "
        "USING (account_id, variant_id, warehouse_id) WHERE s.reserved <> coalesce(k.n, 0)",
    ("inventory", "a goods issue of what is not held for its order"):
        "SELECT key FROM kept_part WHERE reserved < 0",
}

PLACED = ("TO_PURCHASE", "PURCHASED", "AWAITING_SHIPMENT", "CONFIRMED", "PACKING", "PACKED", "AWAITING_PICKUP")
SHOWN = 5  # ids named in a finding


def rows(server, database, sql):
    return [line.split("|") for line in server.ask(database, sql).splitlines() if line]


def owed(server, sandbox):
    """How much of what is on its way or not done; empty when the hub is at rest."""
    try:
        missing = sandbox.truth()["orders"] - server.number("order_ingest", "SELECT count(*) FROM orders")
        counts = {"orders that the book has not": missing}
        for database, work in OWED.items():
            sql = " UNION ALL ".join(f"SELECT '{what}', ({one})" for what, one in (FLOW | work).items())
            counts.update({f"{what} ({database})": int(count) for what, count in rows(server, database, sql)})
        return {what: count for what, count in counts.items() if count > 0}
    except OSError:
        return {"a database that answers": 1}


def named(ids):
    ids = sorted(ids)
    return ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")


def compare_orders(server, sandbox, findings):
    """Ids, statuses, units by SKU; returns the shop's orders by id."""
    truth = {row["id"]: row for row in sandbox.rows("truth/orders")}
    held = {row[0]: row[1] for row in rows(server, "order_ingest",
                                          "SELECT split_part(order_id, '-', 2), channel_status FROM orders")}
    if truth.keys() - held.keys():
        findings.append(f"{len(truth.keys() - held.keys())} orders lost: {named(truth.keys() - held.keys())}")
    if held.keys() - truth.keys():
        findings.append(f"orders that the shop never had: {named(held.keys() - truth.keys())}")
    differ = {id for id in truth.keys() & held.keys() if truth[id]["status"] != held[id]}
    if differ:
        findings.append(f"{len(differ)} orders with another status than the shop's: {named(differ)}")
    return truth


def compare_flow(server, truth, findings):
    """Every order has passed every service, once, and its stage came back."""
    for database, table, column in (("product_mapper", "mapped_order", "order_id"), ("inventory", "reservation", "key"),
                                    ("placement", "decision", "key"), ("order_ingest", "order_stage", "order_id")):
        held = {row[0] for row in rows(server, database, f"SELECT split_part({column}, '-', 2) FROM {table}")}
        if truth.keys() - held:
            findings.append(f"{len(truth.keys() - held)} orders never reached {database}.{table}: "
                            f"{named(truth.keys() - held)}")
    stages = {row[0]: row[1] for row in rows(server, "placement", "SELECT key, stage FROM decision")}
    shown = {row[0]: row[1] for row in rows(server, "order_ingest", "SELECT order_id, stage FROM order_stage")}
    differ = {key for key in stages if shown.get(key) != stages[key]}
    if differ:
        findings.append(f"{len(differ)} orders whose stage in the book is not placement's: {named(differ)}")
    cancelled = {key for key, stage in stages.items()
                 if truth.get(key.split("-", 1)[1], {}).get("status") == "CANCELLED" and stage in PLACED}
    if cancelled:
        findings.append(f"{len(cancelled)} orders placed though the shop cancelled them: {named(cancelled)}")


def compare_units(server, truth, findings):
    """Units of each SKU over all orders, as sold and as the book has them."""
    sold, held = {}, {}
    for order in truth.values():
        for line in order["lines"]:
            sold[line["sku_id"]] = sold.get(line["sku_id"], 0) + line["units"]
    for sku, units in rows(server, "order_ingest", "SELECT line->>'sku_id', sum((line->>'units')::bigint) "
                                                   "FROM order_line_seen GROUP BY 1"):
        held[sku] = int(units)
    differ = {sku for sku in sold.keys() | held.keys() if sold.get(sku, 0) != held.get(sku, 0)}
    if differ:
        findings.append(f"{len(differ)} SKUs with other units than were sold: {named(differ)}")


def compare_stock(server, sandbox, findings):
    """The last figure the shop was told for each SKU is the one inventory wants shown."""
    told = {row["sku_id"]: row["quantity"] for row in sandbox.rows("truth/stock")}
    wanted = {row[0]: int(row[1]) for row in rows(server, "connector", "SELECT sku_id, quantity FROM channel_stock "
                                                  "WHERE quantity IS NOT NULL")}
    differ = {sku for sku in wanted if sku in told and told[sku] != wanted[sku]}
    if differ:
        findings.append(f"{len(differ)} SKUs where the shop shows another number: {named(differ)}")


QUOTA_SECONDS, BURST_SECONDS = 10, 2  # a window that is counted; what may be saved up for it (budget.h)


def calls_by_shop(truth_log):
    calls = {}
    with open(truth_log, encoding="utf-8") as log:
        for line in log:
            if '"what":"call"' in line:
                call = json.loads(line)
                calls.setdefault(call["shop"], []).append(call["at"] / 1e6)
    return calls


def compare_calls(system, facts, findings):
    """No shop was called more often than its budget says, whoever called."""
    quota = int(system.settings("connector")["SAMPAN_TIKTOK_CALL_RATE"]) * (QUOTA_SECONDS + BURST_SECONDS)
    calls, most = calls_by_shop(system.settings("sandbox")["SAMPAN_SANDBOX_TRUTH_LOG"]), 0
    for shop, times in calls.items():
        first = 0
        for last, at in enumerate(times):
            while times[first] <= at - QUOTA_SECONDS:
                first += 1
            most = max(most, last - first + 1 if shop else 0)
    facts[f"most calls of a shop in {QUOTA_SECONDS} s"] = f"{most} (at most {quota})"
    if most > quota:
        findings.append(f"a shop was called {most} times in {QUOTA_SECONDS} s; its budget is {quota}")


def check(server, hub, sandbox):
    """(figures, findings).  No finding: nothing lost, nothing twice, nothing oversold."""
    findings = []
    truth = compare_orders(server, sandbox, findings)
    compare_flow(server, truth, findings)
    compare_units(server, truth, findings)
    compare_stock(server, sandbox, findings)
    findings += chain.compare(lambda database, sql: rows(server, database, sql), named)
    for (database, what), sql in NEVER.items():
        found = rows(server, database, sql)
        if found:
            findings.append(f"{what}: {len(found)} ({named({row[0] for row in found})})")
    letters = {name: server.number(name, "SELECT count(*) FROM dead_letter") for name in DATABASES}
    for name, count in letters.items():
        if count:
            findings.append(f"{count} dead letters in {name}: " + server.ask(name, "SELECT type || ': ' || reason FROM "
                                                                             "dead_letter LIMIT 1"))
    answer = hub.get("/stock/check")
    if not answer["ok"]:
        findings.append(f"inventory's own check: {answer['violations'][:3]}")
    facts = {"orders in the shop": len(truth),
             "orders in the book": server.number("order_ingest", "SELECT count(*) FROM orders"),
             "placed": server.number("placement", f"SELECT count(*) FROM decision WHERE stage IN {PLACED}"),
             "cancelled": server.number("placement", "SELECT count(*) FROM decision WHERE stage = 'CANCELLED'"),
             "drafts (short of stock)": server.number("placement", "SELECT count(*) FROM decision WHERE stage = 'NOT_READY'"),
             "debits": server.number("placement", "SELECT count(*) FROM wallet_entry WHERE kind = 'DEBIT'"),
             "refunds": server.number("placement", "SELECT count(*) FROM wallet_entry WHERE kind = 'REFUND'"),
             "pieces reserved": server.number("inventory", "SELECT coalesce(sum(reserved), 0) FROM stock_figure"),
             "pieces pending out": server.number("inventory", "SELECT coalesce(sum(pending_out), 0) FROM stock_figure"),
             "stock pushes": sandbox.truth()["stock_pushes"]}
    return facts, findings
