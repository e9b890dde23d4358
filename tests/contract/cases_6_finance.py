"""What the marketplace pays.  The orders of the real invoices are old enough to be settled."""
from cases import case

SUMS = "settlement_amount fee_amount shipping_cost_amount adjustment_amount"


def each(of, names):
    return " ".join(f"{of}[].{name}" for name in names.split())


def keep_statement(shop, data):
    shop.kept["statement"] = data["statements"][0]["id"]


@case("GET /finance/202309/statements", keep=keep_statement,
      must="next_page_token " + each("statements", "id statement_time currency payment_status " + SUMS))
def statements(shop):
    return {"query": {"sort_field": "statement_time", "sort_order": "ASC", "page_size": "3"}}


@case("GET /finance/202309/payments", must=each("payments", "id status create_time amount.value amount.currency "
      "settlement_amount.value"))
def payments(shop):
    return {"query": {"sort_field": "create_time", "page_size": "20"}}


@case("GET /finance/202309/withdrawals", must="total_count " + each("withdrawals", "id type status amount currency"))
def withdrawals(shop):
    return {"query": {"types": "WITHDRAW,SETTLE,TRANSFER,REVERSE", "page_size": "20"}}


def keep_settled(shop, data):
    shop.kept["settled"] = next(one["order_id"] for one in data["statement_transactions"] if one["type"] == "ORDER")


@case("GET /finance/202309/statements/{}/statement_transactions", keep=keep_settled, must="statement_id total_count "
      + SUMS + " " + each("statement_transactions", "id type currency " + SUMS))
def the_transactions_of_a_statement(shop):
    return {"path": [shop.kept["statement"]], "query": {"sort_field": "order_create_time", "page_size": "100"}}


@case("GET /finance/202501/statements/{}/statement_transactions", must="id currency status total_settlement_amount "
      "total_settlement_breakdown.total_revenue_amount total_count " + each("transactions", "id type settlement_amount "
      "revenue_amount shipping_cost_amount fee_tax_amount adjustment_amount"))
def the_transactions_of_a_statement_by_parts(shop):
    return {"path": [shop.kept["statement"]], "query": {"sort_field": "order_create_time", "page_size": "100"}}


@case("GET /finance/202309/orders/{}/statement_transactions", must="order_id order_create_time "
      + each("statement_transactions", "statement_id statement_time settlement_amount sku_statement_transactions[].sku_id"))
def what_an_order_brought(shop):
    return {"path": [shop.kept["settled"]]}


@case("GET /finance/202501/orders/{}/statement_transactions", must="order_id currency settlement_amount fee_and_tax_amount "
      + each("sku_transactions", "sku_id quantity statement_id settlement_amount fee_tax_amount"))
def what_an_order_brought_by_parts(shop):
    return {"path": [shop.kept["settled"]]}


@case("GET /finance/202507/orders/unsettled", must="total_count sum_est_settlement_amount "
      + each("transactions", "id type order_id currency est_settlement_amount unsettled_reason"))
def what_is_still_to_come(shop):
    return {"query": {"sort_field": "order_create_time", "page_size": "20"}}
