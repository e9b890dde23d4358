"""Cancellations, returns, refunds: asked for by buyers, answered and begun by the seller."""
from cases import case

FUTURE = 9999999999  # without it a search ends with the second before
CANCEL, MISSING = "seller_cancel_reason_out_of_stock_uk", "ecom_order_delivered_refund_reason_missing_product_seller"


def placed(shop, status):
    return shop.control("orders", {"count": 1, "status": status, "units_per_sku": 2})["ids"][0]


def asked(shop, what, status, **wish):
    """The id of what a buyer asks for: a cancellation or a return of a new order."""
    return shop.control(f"orders/{placed(shop, status)}/{what}", wish)["id"]


def lines(shop, order):
    [detail] = shop.call("GET", "/order/202309/orders", {"ids": order})["data"]["orders"]
    return [line["id"] for line in detail["line_items"]]


def why_not(shop, which):
    path = "/return_refund/202309/reject_reasons"
    return shop.call("GET", path, {"return_or_cancel_id": which})["data"]["reasons"][0]["name"]


# Cancellations ------------------------------------------------------------------------------------------------------


@case("POST /return_refund/202309/cancellations", must="cancel_id cancel_status")
def the_seller_cancels(shop):
    order = placed(shop, "AWAITING_SHIPMENT")
    return {"body": {"order_id": order, "cancel_reason": CANCEL, "order_line_item_ids": lines(shop, order)}}


@case("POST /return_refund/202309/cancellations/{}/reject")
def a_cancellation_is_rejected(shop):
    which = asked(shop, "cancellation", "AWAITING_SHIPMENT")
    return {"path": [which], "query": {"idempotency_key": "contract-1"},
            "body": {"reject_reason": why_not(shop, which), "comment": "It is on its way."}}


@case("POST /return_refund/202309/cancellations/{}/approve")
def a_cancellation_is_approved(shop):
    return {"path": [asked(shop, "cancellation", "AWAITING_SHIPMENT")], "query": {"idempotency_key": "contract-2"}}


@case("POST /return_refund/202309/cancellations/search", must="total_count cancellations[].cancel_id "
      "cancellations[].order_id cancellations[].cancel_type cancellations[].cancel_status cancellations[].role "
      "cancellations[].cancel_reason cancellations[].refund_amount.currency cancellations[].update_time "
      "cancellations[].cancel_line_items[].order_line_item_id")
def cancellations(shop):
    asked(shop, "cancellation", "AWAITING_SHIPMENT")
    query = {"page_size": "50", "sort_field": "update_time", "sort_order": "DESC"}
    times = {"update_time_ge": 1, "update_time_lt": FUTURE}
    return {"query": query, "body": {**times, "cancel_types": ["CANCEL", "BUYER_CANCEL"]}}


# Returns ------------------------------------------------------------------------------------------------------------


@case("GET /return_refund/202309/reject_reasons", must="reasons[].name reasons[].text")
def reasons_to_reject(shop):
    shop.kept["returned"] = asked(shop, "return", "DELIVERED", type="RETURN_AND_REFUND", images=1)
    return {"query": {"return_or_cancel_id": shop.kept["returned"], "locale": "en-GB"}}


@case("POST /return_refund/202309/returns/{}/approve")
def a_return_is_approved(shop):
    return {"path": [shop.kept["returned"]], "query": {"idempotency_key": "contract-3"},
            "body": {"decision": "APPROVE_RETURN"}}


@case("POST /return_refund/202309/returns/{}/reject")
def goods_that_came_back_are_rejected(shop):
    which = shop.kept["returned"]
    shop.control(f"returns/{which}/event", {"event": "send"})
    return {"path": [which], "query": {"idempotency_key": "contract-4"},
            "body": {"decision": "REJECT_RECEIVED_PACKAGE", "reject_reason": why_not(shop, which), "comment": "Worn."}}


@case("GET /return_refund/202309/returns/{}/records", must="records[].event records[].role records[].create_time")
def what_became_of_a_return(shop):
    """It was refused, and the platform is to decide: the search behind this shows it."""
    shop.control(f"returns/{shop.kept['returned']}/event", {"event": "escalate"})
    return {"path": [shop.kept["returned"]], "query": {"locale": "en-GB"}}


@case("GET /return_refund/202309/orders/{}/aftersale_eligibility", must="sku_eligibility[].sku_id "
      "sku_eligibility[].line_item_eligibility[].request_type")
def what_can_be_asked_for(shop):
    shop.kept["delivered"] = placed(shop, "DELIVERED")
    return {"path": [shop.kept["delivered"]], "query": {"initiate_aftersale_user": "SELLER"}}


def refund(shop):
    order = shop.kept["delivered"]
    return {"order_id": order, "order_line_item_ids": lines(shop, order)}


@case("POST /return_refund/202309/refunds/calculate", must="order_refund_amount.currency order_refund_amount.refund_total",
      keep=lambda shop, data: shop.kept.update(refund=data["order_refund_amount"]))
def a_refund_is_calculated(shop):
    return {"body": {**refund(shop), "request_type": "REFUND", "reason_name": MISSING}}


@case("POST /return_refund/202309/returns", must="return_id return_status")
def the_seller_begins_a_refund(shop):
    amount = shop.kept["refund"]
    return {"query": {"idempotency_key": "contract-5"},
            "body": {**refund(shop), "return_type": "REFUND", "refund_total": amount["refund_total"],
                     "currency": amount["currency"], "return_reason": MISSING}}


@case("POST /return_refund/202309/returns/search", must="total_count return_orders[].return_id return_orders[].order_id "
      "return_orders[].return_type return_orders[].return_status return_orders[].role return_orders[].update_time "
      "return_orders[].refund_amount.currency return_orders[].return_line_items[].order_line_item_id")
def returns(shop):
    for kind in ("REFUND", "REPLACEMENT"):
        asked(shop, "return", "DELIVERED", type=kind)
    return {"query": {"page_size": "50", "sort_field": "update_time", "sort_order": "DESC"},
            "body": {"update_time_ge": 1, "update_time_lt": FUTURE}}
