"""What buyers and sellers want after an order was made, and what is paid in the end, on real processes: each request comes
in, is answered once through crashes, and the marketplace's word on it comes back; each settlement finds its order."""
from edge_rig import expect, run, same, wait_until
from rig import SECOND, System
from test_order import buy, stages

HISTORY, DAYS = 60, 50  # orders that the shop has, most of them delivered and settled
DECLINE = "seller_reject_apply_product_has_been_packed"
SOLD_OUT = "seller_cancel_reason_out_of_stock_uk"


class AfterSale(System):
    def own_settings(self, service):
        told = super().own_settings(service)
        if service == "connector":
            told |= {"SAMPAN_PULL_RETURNS_EVERY": "1s", "SAMPAN_PULL_STATEMENTS_EVERY": "2s"}
        return told

    def shop_settings(self):
        return {**super().shop_settings(), "SAMPAN_SANDBOX_ORDERS": str(HISTORY), "SAMPAN_SANDBOX_ORDER_DAYS": str(DAYS)}

    def returns(self, order):
        return [one for one in self.hub.every("/returns") if one["channel_order_id"] == order]

    def only(self, order, state):
        """The order's only return, once it is in this state."""
        def found():
            some = self.returns(order)
            return len(some) == 1 and some[0]["state"] == state and some[0]
        wait_until(f"a return that is {state}", found)
        return self.hub.get(f"/returns/{found()['id']}")

    def answer(self, one, accept, **more):
        self.hub.post(f"/returns/{one['id']}/answer", {"accept": accept, "wants": one["wants"], **more})

    def order_key(self, order):
        return next(one["id"] for one in self.hub.every("/orders", q=order))

    def status(self, order):
        return next(one["channel_status"] for one in self.hub.every("/orders", q=order))


def a_shop_is_connected(rig, state):
    rows, _ = rig.seller.catalogue()
    state["goods"] = rows
    rig.seller.sign_up(rows[0]["currency"])
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    rig.seller.import_catalogue(rows)
    lines = [{"warehouse_id": rig.seller.warehouse_id, "sku": row["sku"], "delta": 50} for row in rows]
    rig.seller.when_known("/stock/adjust", {"reason": "opening stock", "lines": lines})
    rig.seller.connect()
    rig.seller.fund(rows[0]["currency"])
    wait_until("the history", lambda: len(stages(rig)) == HISTORY)


def a_buyers_wish_to_cancel_is_declined_with_a_reason(rig, state):
    order = state["declined"] = buy(rig, state["goods"][0]["sku"])
    rig.shop.post(f"orders/{order}/cancellation", {})
    one = rig.only(order, "TO_ANSWER")
    expect(one["deadline_at"] and one["asked_by"] == "BUYER" and one["is_cancellation"], one)
    expect(DECLINE in [refusal["name"] for refusal in one["refusals"]], one["refusals"])
    rig.answer(one, False, reason=DECLINE)
    one = rig.only(order, "WITHDRAWN")
    same([(action["kind"], action["state"]) for action in one["actions"]], [("DECLINE_CANCEL", "ACCEPTED")])
    same(rig.status(order), "AWAITING_SHIPMENT")


def a_buyers_wish_to_cancel_is_accepted_through_crashes(rig, state):
    order = buy(rig, state["goods"][0]["sku"])
    rig.shop.post(f"orders/{order}/cancellation", {})
    one = rig.only(order, "TO_ANSWER")
    for name in ("connector", "connector" + SECOND):
        rig.stop(name, 9)
    rig.answer(one, True)
    rig.answer(one, True)
    same(rig.hub.get(f"/returns/{one['id']}")["state"], "ANSWERED")
    rig.kill("order-ingest")
    for name in ("connector", "connector" + SECOND):
        rig.launch(name)
    wait_until("it is cancelled", lambda: rig.status(order) == "CANCELLED", 40)
    wait_until("it is over", lambda: rig.returns(order)[0]["state"] in ("ACCEPTED", "DONE"))
    [action] = rig.hub.get(f"/returns/{one['id']}")["actions"]
    same((action["kind"], action["state"]), ("ACCEPT_CANCEL", "ACCEPTED"))


def goods_come_back_and_money_goes_back_each_by_itself(rig, state):
    order = buy(rig, state["goods"][1]["sku"])
    wait_until("it is placed", lambda: stages(rig).get(order) == "AWAITING_SHIPMENT")
    for status in ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"):
        rig.shop.post(f"orders/{order}/status", {"status": status})
    wait_until("it is done", lambda: stages(rig).get(order) == "DONE")
    asked = rig.shop.post(f"orders/{order}/return", {"type": "RETURN_AND_REFUND"})
    one = rig.only(order, "TO_ANSWER")
    same(one["wants"], "SELLER_RESPOND_RETURN")
    rig.answer(one, True)
    wait_until("the buyer may send", lambda: rig.returns(order)[0]["channel_status"] == "AWAITING_BUYER_SHIP")
    rig.shop.post(f"returns/{asked['id']}/event", {"event": "send"})
    wait_until("it is on its way", lambda: rig.returns(order)[0]["wants"] == "SELLER_RESPOND_RECEIVE_PACKAGE")
    one = rig.only(order, "TO_ANSWER")
    expect(one["tracking"], one)
    same(stages(rig)[order], "DONE")
    key = rig.order_key(order)
    rig.hub.post(f"/orders/{key}/returned", {"note": "box was open"})
    wait_until("it is back", lambda: stages(rig)[order] == "RETURNED")
    same(rig.hub.get(f"/orders/{key}/conditions")["returned"]["note"], "box was open")
    rig.answer(one, True)
    wait_until("it is over", lambda: rig.returns(order)[0]["state"] in ("ACCEPTED", "DONE"))
    one = rig.hub.get(f"/returns/{one['id']}")
    same([(action["kind"], action["state"]) for action in one["actions"]], [("ACCEPT_RETURN", "ACCEPTED")] * 2)
    same(len(one["history"]), len({(event["channel_status"], event.get("wants")) for event in one["history"]}))


def a_seller_cancels_once(rig, state):
    order = buy(rig, state["goods"][0]["sku"])
    wait_until("it is there", lambda: order in stages(rig))
    path = f"/orders/{rig.order_key(order)}/cancel"
    expect(SOLD_OUT in [reason["name"] for reason in rig.hub.get(path)["reasons"]], "the reason is offered")
    for _ in range(2):
        rig.hub.post(path, {"reason": SOLD_OUT})
    wait_until("it is cancelled", lambda: rig.status(order) == "CANCELLED")
    wait_until("and that is known", lambda: rig.hub.get(path)["actions"][0]["state"] == "ACCEPTED")
    same((len(rig.hub.get(path)["actions"]), rig.hub.get(path)["reasons"]), (1, []))


def figures(rig, sku):
    return next((level["reserved"] + level["pending_out"], level["available"]) for level in rig.hub.every("/stock")
                if level["sku"] == sku)


def a_seller_cancels_one_line_and_the_other_goes_on(rig, state):
    """Too little of one of two goods: what is kept of it comes free, what is kept of the other stays and is placed.  The
    connectors die while it is asked."""
    good, short = state["goods"][2]["sku"], state["goods"][3]["sku"]
    (kept_good, free_good), (kept_short, free_short) = figures(rig, good), figures(rig, short)
    wish = {"count": 1, "seller_skus": [good, short], "skus_per_order": 2, "units_per_sku": free_short + 1,
            "status": "AWAITING_SHIPMENT", "webhook": True}
    order, units = rig.shop.post("orders", wish)["ids"][0], free_short + 1
    expect(free_good >= units, "there is enough of the other")
    wait_until("it waits for goods", lambda: stages(rig).get(order) == "NOT_READY")
    wait_until("what is there is kept", lambda: (figures(rig, good), figures(rig, short)) ==
               ((kept_good + units, free_good - units), (kept_short + free_short, 0)))
    path = f"/orders/{rig.order_key(order)}/cancel"
    offer, lines = rig.hub.get(path), rig.hub.get(f"/orders/{rig.order_key(order)}")["lines"]
    same([reason["name"] for reason in offer["unit_reasons"]], [SOLD_OUT])
    same([line["units"] for line in offer["lines"]], [units, units])
    number = next(line["line"] for line in lines if line["seller_sku"] == short)
    for name in ("connector", "connector" + SECOND):
        rig.kill(name)
    for _ in range(2):
        rig.hub.post(path, {"reason": SOLD_OUT, "lines": [{"line": number, "units": units}]})
    wait_until("it is accepted", lambda: rig.hub.get(path)["actions"][0]["state"] == "ACCEPTED", 60)
    same([action.get("lines") for action in rig.hub.get(path)["actions"]], [[{"line": number, "units": units}]])
    wait_until("the rest is placed", lambda: stages(rig)[order] == "AWAITING_SHIPMENT")
    same(rig.status(order), "AWAITING_SHIPMENT")
    wait_until("that line's goods alone are free", lambda: (figures(rig, good), figures(rig, short)) ==
               ((kept_good + units, free_good - units), (kept_short, free_short)))
    same(rig.hub.get(path)["unit_reasons"], [])


def what_the_marketplace_refuses_is_shown(rig, state):
    """The order goes off in the shop while nobody tells us."""
    order = buy(rig, state["goods"][0]["sku"])
    wait_until("it is there", lambda: order in stages(rig))
    path = f"/orders/{rig.order_key(order)}/cancel"
    for name in ("connector", "connector" + SECOND):
        rig.stop(name, 9)
    rig.hub.post(path, {"reason": SOLD_OUT})
    for status in ("AWAITING_COLLECTION", "IN_TRANSIT"):
        rig.shop.post(f"orders/{order}/status", {"status": status})
    for name in ("connector", "connector" + SECOND):
        rig.launch(name)
    wait_until("it is refused", lambda: rig.hub.get(path)["actions"][0]["state"] == "REFUSED", 40)
    [action] = rig.hub.get(path)["actions"]
    expect(action["problem"], action)


def every_settlement_finds_its_order(rig, _):
    def report():
        return rig.hub.get("/settlements/report", **{"from": "2020-01-01T00:00:00Z"})["items"]

    def is_complete():
        [item] = report() or [{}]
        told = item.get("statements") or {"count": 0}
        return told["count"] > 5 and told["difference"]["amount"] == "0" and "UNKNOWN_ORDER" not in item["by_state"]
    wait_until("all statements", is_complete, 40)
    [item] = report()
    same(set(item["by_state"]), {"MATCHED"})
    paid = item["paid"]["prepaid"]
    same((paid["unexplained"]["amount"], paid["unexplained_orders"]), ("0", 0))
    lines = sum(int(line["amount"]["amount"]) for line in item["lines"])
    same(int(paid["expected"]["amount"]) + lines, int(paid["settled"]["amount"]))
    same(paid["settled"], item["statements"]["settled"])
    expect({"FEE", "SHIPPING"} <= {line["part"] for line in item["lines"]}, item["lines"])


def the_file_holds_what_the_list_shows(rig, _):
    since = {"from": "2020-01-01T00:00:00Z"}
    listed = list(rig.hub.every("/settlements", **since))
    text = rig.hub.call("GET", "/api/v1/settlements.csv?from=2020-01-01T00:00:00Z", None,
                        {"Cookie": rig.hub.cookie}).decode()
    head, *lines = [line.split(",") for line in text.splitlines()]
    same(len(lines), len(listed))
    column = head.index("settled_minor")
    same(sorted(int(line[column]) for line in lines), sorted(int(one["settled"]["amount"]) for one in listed))


TESTS = [
    a_shop_is_connected, a_buyers_wish_to_cancel_is_declined_with_a_reason,
    a_buyers_wish_to_cancel_is_accepted_through_crashes, goods_come_back_and_money_goes_back_each_by_itself,
    a_seller_cancels_once, a_seller_cancels_one_line_and_the_other_goes_on, what_the_marketplace_refuses_is_shown, every_settlement_finds_its_order,
    the_file_holds_what_the_list_shows,
]


if __name__ == "__main__":
    run(TESTS, AfterSale)
