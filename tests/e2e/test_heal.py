"""One link, and every order that waited for it follows: on the real processes, with kill -9 in the middle, by the clock.
Each step builds on those before it."""
import time

from edge_rig import expect, run, same, wait_until
from rig import System, told

ORDERS = int(told("--orders", 1500))
WITHIN_S = float(told("--within", 30))  # from the click until the order book shows the last one as ready
KILLED = ("product-mapper", "product-mapper-2", "inventory")


def ready(rig):
    return rig.hub.get("/orders/counts")["by_stage"].get("NOT_READY", 0)


def progress(rig):
    return rig.hub.get("/mappings/progress")


def figures(rig, sku):
    return next(level for level in rig.hub.every("/stock") if level["sku"] == sku)


def link(rig, state, pieces):
    answer = rig.hub.post("/mappings", {"shop_id": state["shop"], "sku_id": state["sku"]["sku_id"],
                                        "parts": [{"sku": "A-PIECE", "pieces": pieces}]})
    same(answer["orders_waiting"], ORDERS)


def reserved(rig):
    return figures(rig, "A-PIECE")["reserved"]


def a_shop_sells_what_nobody_knows(rig, state):
    rows, _ = rig.seller.catalogue()
    rig.seller.sign_up(rows[0]["currency"])
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    rig.hub.post("/variants", {"sku": "A-PIECE", "name": "A piece", "supply": "STOCKED",
                               "cost": {"amount": "100", "currency": rows[0]["currency"]}})
    stock = [{"warehouse_id": rig.seller.warehouse_id, "sku": "A-PIECE", "delta": 5 * ORDERS}]
    rig.seller.when_known("/stock/adjust", {"reason": "opening stock", "lines": stock})
    rig.seller.connect()
    wait_until("the listings", lambda: len(list(rig.hub.every("/listings"))) == rig.shop.truth()["listings"])
    listing, state["sku"] = next((listing, sku) for listing in rig.hub.every("/listings") for sku in listing["skus"]
                                 if sku["seller_sku"] == rows[0]["sku"])
    state["shop"], state["key"] = listing["shop_id"], f"{listing['shop_id']}-{state['sku']['sku_id']}"
    rig.shop.post("orders", {"count": ORDERS, "seller_skus": [rows[0]["sku"]], "units_per_sku": 1,
                             "status": "AWAITING_SHIPMENT", "webhook": False})
    wait_until("all orders wait", lambda: rig.hub.get("/orders/counts")["by_stage"].get("UNSYNC", 0) == ORDERS, 240)
    same(rig.hub.get(f"/mappings/preview?skus={state['key']}"), {"orders_waiting": ORDERS, "orders_ready": ORDERS})


def one_link_makes_them_all_ready(rig, state):
    began = time.monotonic()
    link(rig, state, 1)
    seen = []
    while ready(rig) < ORDERS:
        seen.append(progress(rig)["done"])
        expect(time.monotonic() - began < 4 * WITHIN_S, f"{ready(rig)} of {ORDERS} after {4 * WITHIN_S} s")
        time.sleep(0.1)
    took = time.monotonic() - began
    print(f"# {ORDERS} orders were ready after {took:.2f} s; by product-mapper after {healed_in(rig):.2f} s")
    expect(took <= WITHIN_S, f"{took:.2f} s")
    same(seen, sorted(seen))
    same([progress(rig)[name] for name in ("running", "total", "done")], [False, ORDERS, ORDERS])
    same(reserved(rig), ORDERS)


def healed_in(rig):
    return float(rig.psql("SELECT extract(epoch FROM ended_at - began_at) FROM healing", rig.database_of("product-mapper")))


def killed_in_the_middle_they_follow_all_the_same(rig, state):
    """The link says two pieces now.  Whoever decides again dies as soon as some orders have followed, and so does who is
    next in the row."""
    link(rig, state, 2)
    wait_until("some have followed", lambda: progress(rig)["done"] > 0)
    before = progress(rig)
    for name in KILLED:
        rig.kill(name)
    print(f"# killed after {before['done']} of {before['total']} orders")
    wait_until("all have followed", lambda: not progress(rig)["running"], 120)
    wait_until("two pieces are kept for each", lambda: reserved(rig) == 2 * ORDERS, 120)
    same(ready(rig), ORDERS)


def nobody_was_left_out(rig, state):
    behind = rig.psql("SELECT count(*) FROM mapped_order o JOIN listing_sku s ON s.account_id = o.account_id "
                      f"AND s.sku_key = '{state['key']}' WHERE o.open AND s.sku_key = ANY(o.sku_keys) "
                      "AND o.decided_with < s.link_rev", rig.database_of("product-mapper"))
    same(behind, "0")
    history = rig.hub.get(f"/mappings/history?skus={state['key']}")["items"]
    same([[part["pieces"] for part in change["after"]] for change in history], [[2], [1]])
    expect(all(rig.is_ready(name) for name in rig.replicas), "everybody is there")


TESTS = [a_shop_sells_what_nobody_knows, one_link_makes_them_all_ready, killed_in_the_middle_they_follow_all_the_same,
         nobody_was_left_out]

if __name__ == "__main__":
    run(TESTS, System)
