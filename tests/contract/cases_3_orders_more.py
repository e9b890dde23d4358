"""The parts of an order's price, and what an order is called in other systems."""
from cases import case

ELSEWHERE = {"id": "7000000000000004711", "platform": "ERP_SYSTEM"}
PARTS = "currency total payment sku_list_price sku_sale_price subtotal tax_amount shipping_list_price shipping_sale_price"


@case("GET /order/202407/orders/{}/price_detail", must=PARTS + " line_items[].id line_items[].sku_list_price")
def the_parts_of_a_price(shop):
    [shop.kept["priced"]] = shop.control("orders", {"count": 1, "units_per_sku": 2})["ids"]
    return {"path": [shop.kept["priced"]]}


@case("POST /order/202406/orders/external_orders", must="errors[].code errors[].message errors[].detail.order_id")
def orders_are_named_elsewhere(shop):
    """The second of them is nobody's."""
    order = shop.kept["priced"]
    [detail] = shop.call("GET", "/order/202309/orders", {"ids": order})["data"]["orders"]
    lines = [{"id": str(7000000000000005000 + i), "origin_id": line["id"]} for i, line in enumerate(detail["line_items"])]
    return {"body": {"orders": [{"id": order, "external_order": {**ELSEWHERE, "line_items": lines}},
                                {"id": "576460000000000001", "external_order": ELSEWHERE}]}}


@case("GET /order/202406/orders/{}/external_orders", must="external_orders[].id external_orders[].platform "
      "external_orders[].line_items[].id external_orders[].line_items[].origin_id")
def what_an_order_is_called(shop):
    return {"path": [shop.kept["priced"]], "query": {"platform": ELSEWHERE["platform"]}}


@case("POST /order/202406/orders/external_order_search", must="orders[].id")
def orders_of_that_name(shop):
    return {"query": {"platform": ELSEWHERE["platform"], "external_order_id": ELSEWHERE["id"]}}
