"""An order's whole way, on real processes: from the seller's consent to the stock that the shop is told, with crashes on
the way.  Each step builds on those before it."""
import subprocess
import time
import urllib.request

import check
import latency
import truth
from edge_rig import expect, run, same, wait_until
from rig import DOUBLED, SECOND, System

IMPORTED = 4        # orders that the shop has before it is connected, beside the one with goods that nobody knows
OPENING_STOCK = 200
FLOW, FLOW_RATE = 60, 12  # orders, orders a second
SURCHARGE = 69      # per unit, as the demo's seller sets it


def stages(rig):
    """Stage by the marketplace's order id."""
    return {order["channel_order_id"]: order.get("stage") for order in rig.hub.every("/orders")}


def buy(rig, sku, units=1, webhook=True):
    wish = {"count": 1, "seller_skus": [sku], "units_per_sku": units, "status": "AWAITING_SHIPMENT", "webhook": webhook}
    return rig.shop.post("orders", wish)["ids"][0]


def balance(rig):
    return int(rig.hub.get("/wallet")["balance"]["amount"])


def movements(rig, order):
    """What the wallet shows for an order, oldest first."""
    return [(entry["kind"], abs(int(entry["amount"]["amount"]))) for entry in rig.hub.every("/wallet/entries")
            if (entry.get("order_id") or "").endswith(order)][::-1]


def figures(rig, sku):
    return next(level for level in rig.hub.every("/stock") if level["sku"] == sku)


def available(rig, sku):
    return figures(rig, sku)["available"]


def the_shop_shows_what_the_hub_has(rig):
    report = truth.Report()
    truth.compare_stock(report, rig.hub, rig.shop.rows("truth/stock"), rig.seller.warehouse_id)
    return report.good


def a_seller_signs_up_and_names_the_goods_but_one(rig, state):
    rows, _ = rig.seller.catalogue()
    state["goods"], state["unknown"] = rows[:-1], rows[-1]
    state["known"] = state["goods"][0]
    rig.seller.sign_up(rows[0]["currency"])
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    rig.seller.import_catalogue(state["goods"])


def the_shop_is_connected_by_consent_and_pulled(rig, state):
    state["imported"] = [buy(rig, state["goods"][i]["sku"], webhook=False) for i in range(IMPORTED)]
    state["strange"] = buy(rig, state["unknown"]["sku"], webhook=False)
    rig.seller.connect()
    wait_until("the listings", lambda: len(list(rig.hub.every("/listings"))) == rig.shop.truth()["listings"])
    same(rig.hub.get("/listings/counts")["total"], rig.shop.truth()["listings"])
    wait_until("a stage for every order", lambda: len([stage for stage in stages(rig).values() if stage])
               == IMPORTED + 1)


def run_lines(rig, state):
    return {line["channel_order_id"]: line for line in rig.hub.every(f"/import-runs/{state['run']}/lines")}


def a_run_says_what_became_of_each_order_and_loads_again_what_is_not_ready(rig, state):
    [shop] = rig.hub.get("/shops")["items"]
    time.sleep(1.1)  # a run is of the seconds before the one in which it was asked for
    state["run"] = rig.hub.post(f"/shops/{shop['id']}/load", {"all": True})["run_id"]
    wait_until("the run has ended", lambda: [run["state"] for run in rig.hub.every("/import-runs")
                                             if run["id"] == state["run"]] == ["FINISHED"])
    wait_until("all have come", lambda: sorted(line["result"] for line in run_lines(rig, state).values())
               == ["NOT_MAPPED"] + IMPORTED * ["UNCHANGED"])
    before = run_lines(rig, state)[state["strange"]]
    same(before["result"], "NOT_MAPPED")
    expect(before["detail"], "the product has a name")
    time.sleep(1.1)  # times are told in whole seconds
    same(rig.hub.post(f"/import-runs/{state['run']}/again", {}), {"orders": 1, "more": False})
    wait_until("it came once more", lambda: run_lines(rig, state)[state["strange"]]["at"] > before["at"])
    same(run_lines(rig, state)[state["strange"]]["result"], "NOT_MAPPED")


def goods_that_nobody_knows_keep_an_order_until_they_are_linked(rig, state):
    wait_until("the others are mapped", lambda: [stages(rig)[order] for order in state["imported"]]
               == ["NOT_READY"] * IMPORTED)
    same(stages(rig)[state["strange"]], "UNSYNC")
    cost = {"amount": state["unknown"]["cost_minor"], "currency": state["unknown"]["currency"]}
    rig.hub.post("/variants", {"sku": "A-PIECE", "name": "A piece", "supply": "STOCKED", "cost": cost})
    listing, sku = next((listing, sku) for listing in rig.hub.every("/listings") for sku in listing["skus"]
                        if sku["seller_sku"] == state["unknown"]["sku"])
    rig.hub.post("/mappings", {"shop_id": listing["shop_id"], "sku_id": sku["sku_id"],
                               "parts": [{"sku": "A-PIECE", "pieces": 2}]})
    wait_until("the order follows", lambda: stages(rig)[state["strange"]] == "NOT_READY")
    same(run_lines(rig, state)[state["strange"]]["result"], "UNCHANGED")
    same(rig.hub.post(f"/import-runs/{state['run']}/again", {}), {"orders": 0, "more": False})
    same(len(stages(rig)), IMPORTED + 1)


def stock_is_set_and_the_shop_is_told(rig, state):
    skus = [row["sku"] for row in state["goods"]] + ["A-PIECE"]
    lines = [{"warehouse_id": rig.seller.warehouse_id, "sku": sku, "delta": OPENING_STOCK} for sku in skus]
    rig.seller.when_known("/stock/adjust", {"reason": "opening stock", "lines": lines})
    wait_until("the shop is told", lambda: the_shop_shows_what_the_hub_has(rig))
    same(available(rig, state["known"]["sku"]), OPENING_STOCK - 1)  # one is kept for an imported order
    same(available(rig, "A-PIECE"), OPENING_STOCK - 2)
    expect(set(stages(rig).values()) == {"NOT_READY"}, "nothing is placed before auto-place is on")


def auto_place_places_what_waits(rig, state):
    rig.seller.fund(state["known"]["currency"])
    wait_until("all are placed", lambda: set(stages(rig).values()) <= latency.PLACED)
    for order in [*state["imported"], state["strange"]]:
        same([kind for kind, _ in movements(rig, order)], ["DEBIT"])


def a_webhook_becomes_a_placed_order_debited_once(rig, state):
    sku, before, kept = state["known"], balance(rig), available(rig, state["known"]["sku"])
    state["bought"] = buy(rig, sku["sku"], units=2)
    expect(latency.wait_until_placed(rig.hub, state["bought"], time.monotonic()) is not None, "it was not placed")
    price = 2 * (int(sku["cost_minor"]) + SURCHARGE)
    same(movements(rig, state["bought"]), [("DEBIT", price)])
    same(balance(rig), before - price)
    same(available(rig, sku["sku"]), kept - 2)
    wait_until("the shop is told", lambda: the_shop_shows_what_the_hub_has(rig))


WAY = [("connector", "marketplace"), ("order-ingest", "channel.order"), ("product-mapper", "order.recorded"),
       ("inventory", "order.mapped"), ("placement", "order.allocated")]
DECIDED = {("order-ingest", "order.staged"), ("inventory", "fulfilment.requested")}


def way_of(rig, order):
    """The hops of an order, as they went."""
    found = next(item for item in rig.hub.every("/orders") if item["channel_order_id"] == order)
    timeline = rig.hub.get(f"/orders/{found['id']}/timeline")
    same(timeline["silent"], [])
    for hop in timeline["hops"]:
        expect(hop["took_ms"] >= 0 and hop["trace_id"], hop)
    return timeline["hops"][::-1]


def source_of(rig, order):
    """On which way the order came first."""
    found = next(item for item in rig.hub.every("/orders") if item["channel_order_id"] == order)
    return next(event["source"] for event in rig.hub.get(f"/orders/{found['id']}")["history"] if event.get("status"))


def its_whole_way_is_told_in_the_order_of_time(rig, state):
    """One trace from the marketplace to the decision; each hop is said after the one before was stored."""
    wait_until("the way's end", lambda: len(way_of(rig, state["bought"])) >= len(WAY) + len(DECIDED))
    hops = way_of(rig, state["bought"])
    same([(hop["service"], hop["fact"]) for hop in hops[:len(WAY)]], WAY)
    same({(hop["service"], hop["fact"]) for hop in hops[len(WAY):]}, DECIDED)
    same(len({hop["trace_id"] for hop in hops}), 1)
    for order, way in ((state["imported"][0], "backfill"), (state["bought"], "webhook")):
        expect(source_of(rig, order) in (way, "pull"), "this way, unless the pull of all changes was first")
    for before, after in zip(hops[:len(WAY)], hops[1:]):
        expect(before["committed_at"] <= after["emitted_at"], (before, after))
    for hop in hops[len(WAY):]:
        expect(hop["emitted_at"] >= hops[len(WAY) - 1]["committed_at"], hop)


def a_unit_that_goes_ahead_takes_nothing_more_from_stock(rig, state):
    sku = state["known"]["sku"]
    order = buy(rig, sku, units=2)
    wait_until("it is placed", lambda: stages(rig).get(order) in latency.PLACED)
    rig.seller.until_at_rest(rig.shop.truth()["orders"], time.monotonic())
    before = figures(rig, sku)
    rig.shop.post(f"orders/{order}/status", {"status": "PARTIALLY_SHIPPING"})
    found = lambda: next(item for item in rig.hub.every("/orders") if item["channel_order_id"] == order)
    wait_until("it is shipped in part", lambda: found()["channel_status"] == "PARTIALLY_SHIPPING")
    rig.seller.until_at_rest(rig.shop.truth()["orders"], time.monotonic())
    same(figures(rig, sku), before)
    [line] = rig.hub.get(f"/orders/{found()['id']}")["lines"]
    same((line["units"], [apart["units"] for apart in line["apart"]]), (2, [1]))


def one_replica_of_each_service_is_killed_while_orders_come(rig, state):
    """The connector's as the first order comes: what it has leased comes back after a minute, which is the fault
    suite's to wait for.  The others' in the middle."""
    before = rig.shop.truth()["orders"]
    rig.stop("connector", 9)
    rig.shop.post("orders", {"count": FLOW, "at_rate": FLOW_RATE, "skus_per_order": 2, "webhook": True})
    for number, service in enumerate(DOUBLED[1:]):
        time.sleep(0.6)
        rig.kill(service + SECOND if number % 2 else service)
    rig.launch("connector")
    wait_until("the shop's last order", lambda: rig.shop.truth()["orders"] == before + FLOW)
    wait_until("all are placed", lambda: len(stages(rig)) == before + FLOW and
               set(stages(rig).values()) <= latency.PLACED, 40)
    wait_until("the killed are back", lambda: all(rig.is_ready(name) for name in rig.replicas))


def a_cancelled_order_gives_its_goods_and_its_money_back(rig, state):
    sku, before, kept = state["known"]["sku"], balance(rig), available(rig, state["known"]["sku"])
    rig.shop.post(f"orders/{state['bought']}/status", {"status": "CANCELLED", "initiator": "BUYER"})
    wait_until("it is cancelled", lambda: stages(rig)[state["bought"]] == "CANCELLED")
    (debit, price), (refund, returned) = movements(rig, state["bought"])
    same((debit, refund, returned), ("DEBIT", "REFUND", price))
    same(balance(rig), before + price)
    wait_until("its goods are free", lambda: available(rig, sku) == kept + 2)
    answered = [hop for hop in way_of(rig, state["bought"]) if hop["fact"] == "fulfilment.progressed"]
    same([hop["service"] for hop in answered], ["placement"])
    wait_until("the shop is told", lambda: the_shop_shows_what_the_hub_has(rig))


def shop_and_hub_agree_to_the_unit(rig, state):
    rig.seller.until_at_rest(rig.shop.truth()["orders"], time.monotonic())
    good, orders = rig.seller.compare()
    expect(good, rig.seller.figures["report"].lines)
    same(len(orders), IMPORTED + 3 + FLOW)
    _, findings = check.check(rig.checked, rig.hub, rig.shop)
    same(findings, [])
    expect(all(rig.is_ready(name) for name in rig.replicas), "everybody is still there")


def promtool_finds_nothing_in_the_figures_of_anybody(rig, _):
    for name in rig.replicas:
        with urllib.request.urlopen(f"http://127.0.0.1:{rig.admin[name]}/metrics", timeout=5) as answer:
            judged = subprocess.run(["promtool", "check", "metrics"], input=answer.read(), capture_output=True)
        same((name, judged.returncode, judged.stdout, judged.stderr), (name, 0, b"", b""))


TESTS = [
    a_seller_signs_up_and_names_the_goods_but_one, the_shop_is_connected_by_consent_and_pulled,
    a_run_says_what_became_of_each_order_and_loads_again_what_is_not_ready,
    goods_that_nobody_knows_keep_an_order_until_they_are_linked, stock_is_set_and_the_shop_is_told,
    auto_place_places_what_waits, a_webhook_becomes_a_placed_order_debited_once,
    its_whole_way_is_told_in_the_order_of_time, a_unit_that_goes_ahead_takes_nothing_more_from_stock, one_replica_of_each_service_is_killed_while_orders_come,
    a_cancelled_order_gives_its_goods_and_its_money_back,
    shop_and_hub_agree_to_the_unit, promtool_finds_nothing_in_the_figures_of_anybody,
]

if __name__ == "__main__":
    run(TESTS, System)
