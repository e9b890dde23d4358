"""Orders of every status, searched and in detail."""
from cases import case

STATUSES = ("UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED",
            "CANCELLED")
ALWAYS = ("orders[].id orders[].status orders[].create_time orders[].update_time orders[].payment.currency "
          "orders[].payment.total_amount orders[].line_items[].id orders[].line_items[].sku_id "
          "orders[].line_items[].product_id orders[].line_items[].sale_price orders[].line_items[].currency "
          "orders[].line_items[].display_status orders[].warehouse_id orders[].shipping_type orders[].fulfillment_type")


def some_of_each(shop):
    """The ids of orders in each status, one of them shipped in part."""
    ids = [order for status in STATUSES
           for order in shop.control("orders", {"count": 2, "status": status, "units_per_sku": 2})["ids"]]
    shop.control(f"orders/{ids[4]}/status", {"status": "PARTIALLY_SHIPPING"})
    for who, order in zip(("BUYER", "SELLER", "SYSTEM"), shop.control("orders", {"count": 3})["ids"]):
        shop.control(f"orders/{order}/status", {"status": "CANCELLED", "initiator": who})
        ids.append(order)
    shop.kept["orders"] = ids
    return ids


@case("POST /order/202309/orders/search", must="next_page_token total_count " + ALWAYS)
def orders(shop):
    some_of_each(shop)
    return {"query": {"page_size": "100", "sort_field": "update_time", "sort_order": "DESC"}, "body": {}}


@case("POST /order/202309/orders/search", must="orders[].recipient_address.full_address " + ALWAYS)
def orders_to_ship(shop):
    return {"query": {"page_size": "20"}, "body": {"order_status": "AWAITING_SHIPMENT", "create_time_ge": 1}}


@case("GET /order/202309/orders", must=ALWAYS)
def orders_in_detail(shop):
    return {"query": {"ids": ",".join(shop.kept["orders"])}}


@case("GET /order/202507/orders", must=ALWAYS)
def orders_in_detail_as_of_late(shop):
    return {"query": {"ids": ",".join(shop.kept["orders"])}}


def of_each_kind(shop, number, *kinds):
    """The ids of orders of these kinds in a shop, one of which is for another."""
    first = shop.control("orders", {"shop": number})["ids"][0]
    wishes = [{"kind": kind, **({"of": first} if kind in ("replacement", "exchange") else {})} for kind in kinds]
    return [shop.control("orders", {"shop": number, **wish})["ids"][0] for wish in wishes]


@case("GET /order/202309/orders", must="orders[].order_type orders[].is_cod orders[].is_sample_order "
      "orders[].is_replacement_order " + ALWAYS)
def orders_of_each_kind(shop):
    return {"query": {"ids": ",".join(of_each_kind(shop, 1, "sample", "cod+fulfilled_by_tiktok", "lottery"))}}


@case("GET /order/202309/orders", must="orders[].replaced_order_id " + ALWAYS)
def a_replacement(shop):
    return {"query": {"ids": of_each_kind(shop, 1, "replacement")[0]}}


@case("GET /order/202309/orders", must="orders[].exchange_source_order_id " + ALWAYS)
def an_exchange(shop):
    return {"query": {"ids": of_each_kind(shop, 1, "exchange")[0]}}


@case("GET /order/202309/orders", must="orders[].release_date " + ALWAYS)
def a_pre_order(shop):
    return {"query": {"ids": of_each_kind(shop, 3, "pre_order")[0]}, "region": "US"}


@case("GET /order/202309/orders", must="orders[].handling_duration.days orders[].handling_duration.type " + ALWAYS)
def orders_of_goods_to_come(shop):
    return {"query": {"ids": ",".join(of_each_kind(shop, 3, "made_to_order", "back_order"))}, "region": "US"}
