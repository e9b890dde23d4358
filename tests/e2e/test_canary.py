"""No buyer's name, address or phone number is anywhere but sealed, on the real processes: every table of every database, the
logs, the metrics, what lists and files answer.  Who is erased stays so."""
import canary
from edge_rig import expect, run, same, wait_until
from hub import Refused
from rig import SECOND, System
from test_order import buy, stages

ORDERS = 60  # a few of which the seller ships himself: of those the marketplace masks nothing
INGEST = ("order-ingest", "order-ingest" + SECOND)


def words_of(buyer):
    """All that tells who somebody is."""
    return [buyer[name] for name in ("name", "phone_number", "full_address", "email", "nickname") if buyer.get(name)]


def scan(rig, state):
    orders = list(rig.hub.every("/orders"))
    paths = ["/orders?limit=200", "/orders/counts", "/returns", "/settlements", "/settlements.csv", "/notices", "/import-runs", "/system",
             "/buyers/accesses", "/buyers/erasures", "/wallet/entries", *(f"/orders/{one['id']}" for one in orders[:20]),
             *(f"/dead-letters?service={service}" for service in canary.SERVICES)]
    words = state["words"]
    return [*canary.in_databases(rig, words), *canary.in_logs(rig, words), *canary.in_metrics(rig, words),
            *canary.in_answers(rig, words, paths)]


def orders_go_every_way(rig, state):
    rows, _ = rig.seller.catalogue()
    rig.seller.sign_up(rows[0]["currency"])
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    rig.seller.import_catalogue(rows)
    lines = [{"warehouse_id": rig.seller.warehouse_id, "sku": row["sku"], "delta": 2 * ORDERS} for row in rows]
    rig.seller.when_known("/stock/adjust", {"reason": "opening stock", "lines": lines})
    rig.seller.connect()
    rig.seller.fund(rows[0]["currency"])
    state["sku"] = rows[0]["sku"]
    rig.shop.post("orders", {"count": ORDERS, "seller_skus": [state["sku"]], "status": "AWAITING_SHIPMENT",
                             "webhook": True})
    placed = lambda: [order for order, stage in stages(rig).items() if stage == "AWAITING_SHIPMENT"]
    wait_until("most are placed", lambda: len(stages(rig)) == ORDERS and len(placed()) > ORDERS // 2, 40)
    bought = placed()
    rig.shop.post(f"orders/{bought[0]}/cancellation", {})
    rig.shop.post(f"orders/{bought[1]}/status", {"status": "CANCELLED", "initiator": "BUYER"})
    for status in ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"):
        rig.shop.post(f"orders/{bought[2]}/status", {"status": status})
    wait_until("it is cancelled", lambda: stages(rig)[bought[1]] == "CANCELLED")
    wait_until("it is delivered", lambda: stages(rig)[bought[2]] == "DONE")


def who_may_see_a_buyer_sees_him_and_it_is_noted(rig, state):
    state["keys"] = [one["id"] for one in rig.hub.every("/orders")]
    state["buyers"] = {key: rig.hub.get(f"/orders/{key}/buyer") for key in state["keys"]}
    state["words"] = sorted({word for buyer in state["buyers"].values() for word in words_of(buyer)})
    state["whole"] = [key for key, buyer in state["buyers"].items() if buyer.get("phone_number") and buyer.get("name")]
    expect(len(state["whole"]) >= 2 and len(state["words"]) > ORDERS, state["words"])
    expect(all("***" not in word for word in state["words"]), "what is masked is not kept")
    same({access["order_id"] for access in rig.hub.every("/buyers/accesses")}, set(state["keys"]))


def nobody_is_found_anywhere(rig, state):
    same(scan(rig, state), [])


def nor_on_the_way(rig, state):
    """What the order book has not taken yet lies in the connector's outbox."""
    for name in INGEST:
        rig.stop(name, 9)
    order = buy(rig, state["sku"])
    held = lambda: rig.psql("SELECT count(*) FROM outbox WHERE type = 'channel.order'", rig.database_of("connector"))
    wait_until("it waits", lambda: held() != "0")
    number = rig.psql("SELECT string_agg(encode(body, 'escape'), '') FROM outbox WHERE type = 'channel.order'",
                      rig.database_of("connector"))
    expect(order in number, "the scan would see what is in there")
    expect("Canary" not in number, "and there is nobody")
    for name in INGEST:
        rig.launch(name)
    wait_until("it has come", lambda: order in stages(rig))


def a_canary_that_is_planted_is_found(rig, state):
    """Or else nothing was looked at: as a text, as bytes, in a log, in an answer."""
    word, key = state["words"][0], state["keys"][0]
    book = rig.database_of("order-ingest")
    plants = [(f"UPDATE orders SET cancel_reason = 'ring {word} twice' WHERE order_id = '{key}'", "order-ingest: orders: "),
              (f"INSERT INTO dead_letter (type, account_id, key, rev, body, reason) VALUES ('x', 1, 'canary', 1, "
               f"convert_to('..{word}..', 'UTF8'), '')", "order-ingest: dead_letter: ")]
    for sql, where in plants:
        rig.psql(sql, book)
        expect(any(line.startswith(where) for line in canary.in_databases(rig, [word])), f"it was not found in {where}")
    same(list(canary.in_answers(rig, [word], [f"/orders/{key}"])), [f"/orders/{key}: {word.lower()}"])
    rig.psql(f"UPDATE orders SET cancel_reason = NULL WHERE order_id = '{key}'; DELETE FROM dead_letter WHERE key = 'canary'",
             book)
    log = rig.path / "planted.out"
    log.write_text(f'{{"event":"x","text":"{word}"}}')
    same([line.split(":")[0] for line in canary.in_logs(rig, state["words"])], ["planted.out"])
    log.unlink()
    same(scan(rig, state), [])


def a_buyer_who_is_erased_stays_so(rig, state):
    key = next(key for key in state["whole"] if stages(rig)[key.split("-")[1]] == "AWAITING_SHIPMENT")
    order = key.split("-")[1]
    digits = "".join(c for c in state["buyers"][key]["phone_number"] if c.isdigit())
    proof = rig.hub.post("/buyers/erasures", {"phone": digits, "reason": "asked for by mail"})
    same((proof["orders"], proof["left"], proof["held"]), ([key], 0, 1))
    expect(not canary.found_in(str(proof), state["words"]), proof)
    for status in ("AWAITING_COLLECTION", "IN_TRANSIT"):
        rig.shop.post(f"orders/{order}/status", {"status": status})
    wait_until("it goes on", lambda: stages(rig)[order] == "IN_TRANSIT")
    try:
        rig.hub.get(f"/orders/{key}/buyer")
        expect(False, "the buyer is back")
    except Refused as refused:
        same(refused.status, 404)
    same([one["left"] for one in rig.hub.every("/buyers/erasures")], [0])
    same(scan(rig, state), [])


TESTS = [
    orders_go_every_way, who_may_see_a_buyer_sees_him_and_it_is_noted, nobody_is_found_anywhere, nor_on_the_way,
    a_canary_that_is_planted_is_found, a_buyer_who_is_erased_stays_so,
]

if __name__ == "__main__":
    run(TESTS, System)
