"""Orders made by hand, and drafts that are deleted and restored, on the real processes, with crashes on the way.  Each step
builds on those before it."""
import json

import canary
from edge_rig import expect, run, same, wait_until
from hub import Refused
from rig import SECOND, System
from test_order import buy, figures, movements, stages

OPENING_STOCK = 50
COST, UNITS = 700, 3
MINE = "0-MY-1"
CHAIN = ("order-ingest", "product-mapper", "inventory", "placement")


def by_hand(units, lines=(), **more):
    return {"reference": "MY-1", "currency": "USD", "customer": {"name": "Linh Canary Tran", "phone": "0912 345 678"},
            "lines": [{"sku": "MUG", "name": "Mug", "units": units, "price_minor": "1290"}, *lines], **more}


def stage(rig, order):
    return rig.hub.get(f"/orders/{order}").get("stage")


def stands(rig, order):
    """All that is shown of it but when, and what happened to it."""
    shown = rig.hub.get(f"/orders/{order}")
    return {name: value for name, value in shown.items() if name not in ("stage_since", "history")}


def codes(rig, order):
    return [one["code"] for one in rig.hub.get(f"/orders/{order}").get("open_conditions", [])]


def kept(rig):
    return figures(rig, "MUG")["reserved"]


def listed(rig, **query):
    """Two may be written within one second: their places are not told apart."""
    return sorted(order["id"] for order in rig.hub.every("/orders", **query))


def take_in(rig, file, check):
    answer = rig.hub.call("POST", f"/api/v1/orders/import?check={check}", file, rig.hub.headers("text/csv"))
    return json.loads(answer)["items"]


def refusal(rig, *call):
    try:
        rig.hub.post(*call)
    except Refused as refused:
        return refused.status
    return None


def an_order_made_by_hand_goes_the_way_of_all_orders(rig, state):
    rig.seller.sign_up("USD")
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    rig.hub.post("/variants", {"sku": "MUG", "name": "Mug", "supply": "STOCKED", "cost": {"amount": str(COST), "currency": "USD"}})
    stock = [{"warehouse_id": rig.seller.warehouse_id, "sku": "MUG", "delta": OPENING_STOCK}]
    rig.seller.when_known("/stock/adjust", {"reason": "opening stock", "lines": stock})
    same(rig.hub.post("/orders", by_hand(2)), {"id": MINE, "result": "CREATED"})
    wait_until("it is a draft", lambda: stage(rig, MINE) == "NOT_READY")
    same(kept(rig), 2)
    shown = rig.hub.get(f"/orders/{MINE}")
    same(shown["ship_by"], None)
    expect("MANUAL" in shown["flags"], shown["flags"])
    same(rig.hub.get(f"/orders/{MINE}/customer")["phone_number"], "0912 345 678")
    same(rig.hub.post("/orders", by_hand(2))["result"], "UNCHANGED")
    same(listed(rig, source="manual"), [MINE])


def a_file_brings_more_of_them_once(rig, state):
    file = ("reference,currency,sku,units,price,customer\nMY-1,USD,MUG,2,12.90,Linh Canary Tran\nMY-2,USD,MUG,1,12.90,Ana Canary\n"
            "MY-3,USD,MUG,0,12.90,Ana Canary\n")
    outcome = lambda check: [item["result"] for item in take_in(rig, file, check)]
    same(outcome("true"), ["CHANGED", "CREATED", "WRONG"])
    same(listed(rig), [MINE])
    same(outcome("false"), ["CHANGED", "CREATED", "WRONG"])
    same(outcome("false"), ["UNCHANGED", "UNCHANGED", "WRONG"])
    wait_until("it is a draft", lambda: stage(rig, "0-MY-2") == "NOT_READY")
    rig.hub.post("/orders/0-MY-2/cancel", {"reason": "WRONG_PRICE"})
    wait_until("it is cancelled", lambda: stage(rig, "0-MY-2") == "CANCELLED" and kept(rig) == 2)
    rig.hub.post("/orders/delete", {"ids": ["0-MY-2"]})
    wait_until("it is put away", lambda: stage(rig, "0-MY-2") == "DELETED")


def it_is_changed_and_waits_for_what_is_not_known(rig, state):
    strange = {"sku": "What is this?", "units": 1, "price_minor": "100"}
    same(rig.hub.post(f"/orders/{MINE}", by_hand(UNITS, [strange]), method="PUT")["result"], "CHANGED")
    wait_until("its second line waits", lambda: stage(rig, MINE) == "UNSYNC" and "LINE_UNMAPPED" in codes(rig, MINE))
    same(rig.hub.post(f"/orders/{MINE}", by_hand(UNITS), method="PUT")["result"], "CHANGED")
    wait_until("it is ready again", lambda: stage(rig, MINE) == "NOT_READY" and kept(rig) == UNITS)


def deleted_it_keeps_nothing_and_restored_it_is_as_before(rig, state):
    before = stands(rig, MINE)
    [refused] = rig.hub.post("/orders/delete", {"ids": [MINE]})["items"]
    same((refused["result"], refused["reasons"][0]["code"]), ("REFUSED", "NOT_CANCELLED"))
    for service in CHAIN[1:]:
        rig.stop(service, 9)
        rig.stop(service + SECOND, 9)
    wish = {"ids": [MINE], "override": True, "reason": "typed by mistake"}
    same(rig.hub.post("/orders/delete", wish)["items"], [{"id": MINE, "result": "DELETED"}])
    for service in CHAIN[1:]:
        rig.launch(service)
        rig.launch(service + SECOND)
    wait_until("it is put away", lambda: stage(rig, MINE) == "DELETED", 40)
    wait_until("nothing is kept", lambda: kept(rig) == 0)
    same((listed(rig), listed(rig, group="deleted")), ([], [MINE, "0-MY-2"]))
    same(rig.hub.get("/orders/counts")["total"], 0)
    same(rig.hub.post("/orders/restore", {"ids": [MINE]})["items"], [{"id": MINE, "result": "RESTORED"}])
    wait_until("it is back", lambda: stage(rig, MINE) == "NOT_READY")
    wait_until("its goods are kept", lambda: kept(rig) == UNITS)
    same(stands(rig, MINE), before)
    history = [event["mark"] for event in rig.hub.get(f"/orders/{MINE}")["history"] if event.get("mark") in ("DELETED", "RESTORED")]
    same(history, ["DELETED", "RESTORED"])


def placed_it_costs_its_goods_alone_and_is_not_changed_any_more(rig, state):
    rig.hub.post("/wallet/top-up", {"amount": "100000", "currency": "USD", "reference": "bank 1"})
    [placed] = rig.hub.post("/orders/place", {"ids": [MINE]})["items"]
    same(placed["result"], "PLACED")
    same(movements(rig, "MY-1"), [("DEBIT", UNITS * COST)])
    wait_until("it is told", lambda: stage(rig, MINE) == "AWAITING_SHIPMENT")
    same(refusal(rig, f"/orders/{MINE}", by_hand(9), "PUT"), 409)
    [refused] = rig.hub.post("/orders/delete", {"ids": [MINE], "override": True, "reason": "x"})["items"]
    same(refused["reasons"][0]["code"], "NOT_A_DRAFT")


def cancelled_it_gives_back_what_it_cost_and_may_be_deleted(rig, state):
    rig.hub.post(f"/orders/{MINE}/cancel", {"reason": "OUT_OF_STOCK"})
    wait_until("it is cancelled", lambda: stage(rig, MINE) == "CANCELLED")
    same([kind for kind, _ in movements(rig, "MY-1")], ["DEBIT", "REFUND"])
    wait_until("its goods are free", lambda: figures(rig, "MUG")["available"] == OPENING_STOCK)
    before = stands(rig, MINE)
    same(rig.hub.post("/orders/delete", {"ids": [MINE]})["items"][0]["result"], "DELETED")
    wait_until("it is put away", lambda: stage(rig, MINE) == "DELETED")
    rig.hub.post("/orders/restore", {"ids": [MINE]})
    wait_until("it is cancelled again", lambda: stage(rig, MINE) == "CANCELLED")
    same(stands(rig, MINE), before)


def what_the_shop_says_of_a_deleted_order_is_kept_and_does_not_bring_it_back(rig, state):
    rows, _ = rig.seller.catalogue()
    order = buy(rig, rows[0]["sku"], webhook=False)
    rig.seller.connect()
    wait_until("it has come", lambda: stages(rig).get(order) == "UNSYNC")
    [key] = listed(rig, q=order)
    rig.hub.post("/orders/delete", {"ids": [key], "override": True, "reason": "a test order"})
    wait_until("it is put away", lambda: stage(rig, key) == "DELETED")
    rig.shop.post(f"orders/{order}/status", {"status": "AWAITING_COLLECTION"})
    rig.shop.post(f"orders/{order}/status", {"status": "IN_TRANSIT"})
    wait_until("the news is kept", lambda: rig.hub.get(f"/orders/{key}")["channel_status"] == "IN_TRANSIT")
    same((stage(rig, key), listed(rig), listed(rig, group="deleted")), ("DELETED", [MINE], ["0-MY-2", key]))
    rig.hub.post("/orders/restore", {"ids": [key]})
    wait_until("it is what it would be", lambda: stage(rig, key) == "ELSEWHERE")
    expect(all(rig.is_ready(name) for name in rig.replicas), "everybody is there")


def who_they_are_for_is_nowhere_but_sealed(rig, state):
    words = ["Linh Canary Tran", "Ana Canary", "0912 345 678"]
    paths = [f"/orders/{MINE}", "/orders?limit=200", f"/orders/{MINE}/timeline", f"/orders/{MINE}/conditions"]
    same([*canary.in_databases(rig, words), *canary.in_logs(rig, words), *canary.in_metrics(rig, words),
          *canary.in_answers(rig, words, paths)], [])
    expect(list(canary.in_answers(rig, words, [f"/orders/{MINE}/customer"])), "the scan would see it")


TESTS = [
    an_order_made_by_hand_goes_the_way_of_all_orders, a_file_brings_more_of_them_once, it_is_changed_and_waits_for_what_is_not_known,
    deleted_it_keeps_nothing_and_restored_it_is_as_before, placed_it_costs_its_goods_alone_and_is_not_changed_any_more,
    cancelled_it_gives_back_what_it_cost_and_may_be_deleted,
    what_the_shop_says_of_a_deleted_order_is_kept_and_does_not_bring_it_back, who_they_are_for_is_nowhere_but_sealed,
]

if __name__ == "__main__":
    run(TESTS, System)
