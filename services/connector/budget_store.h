/* The budgets of shops in the database, where all replicas draw from them. */
#ifndef SAMPAN_CONNECTOR_BUDGET_STORE_H
#define SAMPAN_CONNECTOR_BUDGET_STORE_H

#include "common/service.h"
#include "services/connector/budget.h"

struct shop_budget {
    int64_t shop_id; /* 0: the app's own */
    struct budget budget;
};

/* Locks the budgets of these shops (`shop_id` is set, in rising order) and reads them; one that is
 * not there yet is full.  `now_us` is the database's clock once all are locked. */
enum sp_result store_lock_budgets(struct sp_ctx *ctx, struct shop_budget budgets[], size_t count,
                                  int64_t *now_us) SP_MUST_USE;
/* Queues. */
void store_save_budgets(struct sp_ctx *ctx, const struct shop_budget budgets[], size_t count);

#endif
