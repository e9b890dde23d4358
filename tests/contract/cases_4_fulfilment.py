"""Carriers, packages, labels: in the shop of each market that has the way of shipping."""
from cases import case

NUMBERS = {"GB": 1, "VN": 2, "US": 3}
PARCEL = {"dimension": {"length": "10", "width": "8.5", "height": "4", "unit": "INCH"},
          "weight": {"value": "2", "unit": "POUND"}}
FOUND = ("packages[].id packages[].status packages[].orders[].id packages[].order_line_item_ids[] packages[].tracking_number "
         "packages[].shipping_provider_id packages[].shipping_provider_name packages[].create_time packages[].update_time")
DETAIL = ("package_id package_status orders[].id order_line_item_ids[] shipping_type delivery_option_id shipping_provider_id "
          "tracking_number handover_method pickup_slot.start_time dimension.length weight.value recipient_address.full_address "
          "sender_address.full_address split_and_combine_tag note_tag create_time update_time")
SERVICE = ("id name price currency shipping_provider_id shipping_provider_name earliest_delivery_days "
           "latest_delivery_days").split()


def to_ship(shop, region, shipping_type):
    """Orders of the shop in that market that wait to be sent off, of several units."""
    shop.control("orders", {"count": 12, "shop": NUMBERS[region], "skus_per_order": 2, "units_per_sku": 2})
    wanted = {"order_status": "AWAITING_SHIPMENT", "shipping_type": shipping_type}
    told = shop.call("POST", "/order/202309/orders/search", {"page_size": "12"}, wanted, cipher=shop.ciphers[region])
    return told["data"]["orders"]


def keep_option(shop, data):
    shop.kept["own_way"] = next(one["id"] for one in data["delivery_options"] if one["type"] == "SEND_BY_SELLER")


@case("GET /logistics/202309/warehouses/{}/delivery_options", keep=keep_option,
      must="delivery_options[].id delivery_options[].name delivery_options[].type delivery_options[].platform[] "
      "delivery_options[].dimension_limit.unit delivery_options[].weight_limit.max_weight")
def ways_of_delivery(shop):
    return {"path": [shop.kept["warehouses"][0]], "query": {"scope": "WAREHOUSE"}}


def keep_carrier(shop, data):
    shop.kept["carrier"] = data["shipping_providers"][0]["id"]


@case("GET /logistics/202309/delivery_options/{}/shipping_providers", keep=keep_carrier,
      must="shipping_providers[].id shipping_providers[].name")
def carriers(shop):
    return {"path": [shop.kept["own_way"]]}


@case("GET /logistics/202309/global_warehouses", must="global_warehouses[].id global_warehouses[].ownership")
def places(shop):
    pass


def keep_slot(shop, data):
    shop.kept["slot"] = next(one for one in reversed(data["pickup_slots"]) if one["avaliable"])


@case("GET /fulfillment/202309/packages/{}/handover_time_slots", keep=keep_slot,
      must="can_pickup can_drop_off can_van_collection drop_off_point_url pickup_slots[].start_time pickup_slots[].end_time")
def times_of_pickup(shop):
    shop.kept["to_ship"] = to_ship(shop, "GB", "TIKTOK")
    shop.kept["package"] = shop.kept["to_ship"][0]["packages"][0]["id"]
    return {"path": [shop.kept["package"]]}


@case("POST /fulfillment/202309/packages/{}/ship")
def a_package_is_picked_up(shop):
    slot = {name: shop.kept["slot"][name] for name in ("start_time", "end_time")}
    return {"path": [shop.kept["package"]], "body": {"handover_method": "PICKUP", "pickup_slot": slot}}


@case("POST /fulfillment/202309/packages/{}/ship", code=21008121)
def a_package_is_picked_up_again(shop):
    return {"path": [shop.kept["package"]], "body": {"handover_method": "DROP_OFF"}}


@case("POST /fulfillment/202309/packages/ship", must="errors[].code errors[].message errors[].detail.package_id")
def packages_are_shipped(shop):
    ids = [shop.kept["package"], shop.kept["to_ship"][1]["packages"][0]["id"]]
    return {"body": {"packages": [{"id": one, "handover_method": "DROP_OFF"} for one in ids]}}


@case("GET /fulfillment/202309/packages/{}", must=DETAIL)
def a_package(shop):
    return {"path": [shop.kept["package"]]}


@case("POST /fulfillment/202309/packages/search", must="total_count next_page_token " + FOUND)
def packages(shop):
    return {"query": {"page_size": "2", "sort_field": "update_time"}, "body": {"package_status": "PROCESSING"}}


@case("GET /fulfillment/202309/packages/{}/shipping_documents", must="doc_url tracking_number")
def a_label(shop):
    return {"path": [shop.kept["package"]], "query": {"document_type": "SHIPPING_LABEL", "document_size": "A6"}}


@case("POST /fulfillment/202309/orders/{}/packages", must="order_id order_line_item_ids[] package_id warning.message")
def an_order_is_marked(shop):
    order = to_ship(shop, "GB", "SELLER")[0]
    shop.kept["marked"] = order["id"]
    return {"path": [order["id"]], "body": {"order_line_item_ids": [line["id"] for line in order["line_items"]],
                                            "shipping_provider_id": shop.kept["carrier"], "tracking_number": "RM1"}}


@case("POST /fulfillment/202309/orders/{}/shipping_info/update")
def another_number_for_an_order(shop):
    return {"path": [shop.kept["marked"]],
            "body": {"shipping_provider_id": shop.kept["carrier"], "tracking_number": "RM123456789GB"}}


@case("GET /fulfillment/202309/orders/{}/tracking", must="tracking[].description tracking[].update_time_millis")
def where_it_is(shop):
    return {"path": [shop.kept["marked"]]}


@case("GET /fulfillment/202309/orders/split_attributes",
      must="split_attributes[].order_id split_attributes[].can_split")
def what_can_be_split(shop):
    shop.kept["to_split"] = shop.kept["to_ship"][2]
    return {"query": {"order_ids": shop.kept["marked"] + "," + shop.kept["to_split"]["id"]}}


@case("POST /fulfillment/202309/orders/{}/split", must="packages[].id packages[].splittable_group_id")
def an_order_is_split(shop):
    units = [line["id"] for line in shop.kept["to_split"]["line_items"]]
    groups = [{"id": "first", "order_line_item_ids": units[:1]}, {"id": "rest", "order_line_item_ids": units[1:]}]
    return {"path": [shop.kept["to_split"]["id"]], "body": {"splittable_groups": groups}}


def keep_together(shop, data):
    shop.kept["together"] = {"id": data["combinable_packages"][0]["id"],
                             "order_ids": data["combinable_packages"][0]["order_ids"][:2]}


@case("GET /fulfillment/202309/combinable_packages/search", keep=keep_together,
      must="combinable_packages[].id combinable_packages[].order_ids[] next_page_token total_count")
def what_can_be_combined(shop):
    """Customers of the real invoices have ordered more than once."""
    return {"query": {"page_size": "1"}}


def keep_combined(shop, data):
    shop.kept["combined"] = data["packages"][0]


@case("POST /fulfillment/202309/packages/combine", keep=keep_combined,
      must="packages[].id packages[].order_ids[] errors[].code errors[].message errors[].detail.package_id")
def orders_are_combined(shop):
    wrong = {"id": shop.kept["together"]["id"], "order_ids": [shop.kept["marked"]]}
    return {"body": {"combinable_packages": [shop.kept["together"], wrong]}}


@case("POST /fulfillment/202309/packages/{}/uncombine", must="packages[].id packages[].order_ids[]")
def orders_are_taken_apart(shop):
    return {"path": [shop.kept["combined"]["id"]], "body": {"order_ids": shop.kept["combined"]["order_ids"][:1]}}


@case("GET /fulfillment/202309/orders/{}/handover_time_slots", must="can_pickup can_drop_off pickup_slots[].end_time")
def times_of_pickup_of_an_order(shop):
    shop.kept["american"] = to_ship(shop, "US", "TIKTOK")[0]["id"]
    return {"path": [shop.kept["american"]], "region": "US"}


@case("POST /fulfillment/202309/orders/{}/shipping_services/query",
      must="order_id order_line_id[] dimension.length weight.value " + " ".join("shipping_services[]." + name for name in SERVICE))
def what_a_label_costs(shop):
    return {"path": [shop.kept["american"]], "body": PARCEL, "region": "US"}


@case("POST /fulfillment/202309/packages", must="package_id order_id order_line_item_ids[] dimension.unit weight.unit create_time "
      + " ".join("shipping_service_info." + name for name in SERVICE))
def a_label_is_bought(shop):
    return {"body": {"order_id": shop.kept["american"], **PARCEL}, "region": "US"}


def keep_own(shop, _data):
    """The carrier has come for it; what was shipped is on its way."""
    shop.control(f"orders/{shop.kept['own_order']}/status", {"status": "IN_TRANSIT"})


@case("POST /fulfillment/202309/packages/{}/ship", keep=keep_own)
def a_package_is_sent_by_the_seller(shop):
    order = to_ship(shop, "VN", "SELLER")[0]
    shop.kept["own_order"], shop.kept["own_package"] = order["id"], order["packages"][0]["id"]
    option = order["delivery_option_id"]
    told = shop.call("GET", f"/logistics/202309/delivery_options/{option}/shipping_providers", cipher=shop.ciphers["VN"])
    shop.kept["own_carrier"] = told["data"]["shipping_providers"][0]["id"]
    return {"path": [shop.kept["own_package"]], "region": "VN", "body": {"self_shipment": {
        "tracking_number": "GHN0001", "shipping_provider_id": shop.kept["own_carrier"]}}}


@case("POST /fulfillment/202309/packages/{}/shipping_info/update")
def another_number_for_a_package(shop):
    return {"path": [shop.kept["own_package"]], "region": "VN",
            "body": {"tracking_number": "GHN0002", "shipping_provider_id": shop.kept["own_carrier"]}}


@case("POST /fulfillment/202309/packages/deliver", must="errors[].code errors[].message errors[].detail.package_id")
def packages_have_arrived(shop):
    """The second time it has arrived already."""
    return {"region": "VN", "body": {"packages": [{"id": shop.kept["own_package"], "delivery_type": "DELIVERY_SUCCESS"}] * 2}}
