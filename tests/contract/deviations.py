"""Where the sandbox, or what we send to it, differs from the vendor's description on purpose: (route, where, what) and why.

An entry that nothing deviates by any more fails the test; take it out then.
"""
ON_HOLD = ("The list of a line's statuses has no ON_HOLD, that of orders has; lines of an order on hold were seen to say "
           "ON_HOLD, and a client has to stand it.")
ORDER = "The list is that of adjustments; that other transactions are of the type ORDER stands in the sentence before it."

DEVIATIONS = {
    ("GET /finance/202309/statements/{}/statement_transactions", "data.statement_transactions[].type", "enum"): ORDER,
    **{(route, "data.orders[].line_items[].display_status", "enum"): ON_HOLD
       for route in ("POST /order/202309/orders/search", "GET /order/202309/orders", "GET /order/202507/orders")},
}
