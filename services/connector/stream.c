/* What each kind of pull asks the marketplace for. */
#include "services/connector/stream.h"

#include "services/connector/paging.h"

#define ORDERS "/order/202309/orders/search", false, "orders"
#define BY_UPDATE "update_time", "update_time_ge", "update_time_lt"
/* An order is created once: what a run is to load stands still while it is read, however much the
 * orders change. */
#define BY_CREATION "create_time", "create_time_ge", "create_time_lt"

static const struct stream streams[] = {
    {"orders", OF_ORDERS, "SAMPAN_PULL_ORDERS_EVERY", "orders-pulled", ORDERS, BY_UPDATE, 1,
     PAGE_ORDERS},
    {"day-sweep", OF_ORDERS, "SAMPAN_SWEEP_DAY_EVERY", "day-swept", ORDERS, BY_UPDATE, 1,
     PAGE_ORDERS},
    {"month-sweep", OF_ORDERS, "SAMPAN_SWEEP_MONTH_EVERY", "month-swept", ORDERS, BY_UPDATE, 1,
     PAGE_ORDERS},
    {"run", OF_ORDERS, NULL, "history-pulled", ORDERS, BY_CREATION, 1, PAGE_ORDERS},
    /* Its upper end belongs to the window, as nowhere else. */
    {"listings", OF_LISTINGS, "SAMPAN_PULL_LISTINGS_EVERY", "listings-pulled",
     "/product/202502/products/search", false, "products", NULL, "update_time_ge", "update_time_le",
     1, PAGE_LISTINGS},
    {"returns", OF_RETURNS, "SAMPAN_PULL_RETURNS_EVERY", "returns-pulled",
     "/return_refund/202309/returns/search", false, "return_orders", BY_UPDATE, PAGE_RETURNS,
     PAGE_RETURNS},
    {"cancellations", OF_CANCELLATIONS, "SAMPAN_PULL_RETURNS_EVERY", "cancellations-pulled",
     "/return_refund/202309/cancellations/search", false, "cancellations", BY_UPDATE, 1,
     PAGE_RETURNS},
    {"statements", OF_STATEMENTS, "SAMPAN_PULL_STATEMENTS_EVERY", "statements-pulled",
     "/finance/202309/statements", true, "statements", "statement_time", "statement_time_ge",
     "statement_time_lt", 1, PAGE_ORDERS},
};

const struct stream *stream_of(struct sp_text kind)
{
    size_t i = 0;
    while (!sp_text_is(kind, streams[i].kind))
        SP_ASSERT(++i < SP_COUNT(streams));
    return &streams[i];
}
