"""Shops, warehouses, webhooks."""
from cases import case

ADDRESS = "https://hub.example.com/hooks/tiktok"


@case("GET /authorization/202309/shops", must="shops[].id shops[].cipher shops[].code shops[].name shops[].region "
      "shops[].seller_type")
def shops_of_the_grant(shop):
    pass


@case("GET /seller/202309/shops", must="shops[].id shops[].region")
def active_shops(shop):
    pass


def keep_warehouse(shop, data):
    shop.kept["warehouses"] = [one["id"] for one in data["warehouses"] if one["type"] == "SALES_WAREHOUSE"]


@case("GET /logistics/202309/warehouses", keep=keep_warehouse,
      must="warehouses[].id warehouses[].name warehouses[].type warehouses[].address.region_code")
def warehouses(shop):
    pass


@case("PUT /event/202309/webhooks")
def a_webhook_is_registered(shop):
    return {"body": {"address": ADDRESS, "event_type": "ORDER_STATUS_CHANGE"}}


@case("GET /event/202309/webhooks", must="total_count webhooks[].event_type webhooks[].address webhooks[].update_time")
def webhooks(shop):
    pass


@case("DELETE /event/202309/webhooks")
def a_webhook_is_taken_back(shop):
    return {"body": {"event_type": "ORDER_STATUS_CHANGE"}}
