/* SQL of settlements: what came, what it was for, and the report. */
#ifndef INGEST_SETTLEMENT_STORE_H
#define INGEST_SETTLEMENT_STORE_H

#include "common/service.h"
#include "proto/messages.h"
#include "services/order-ingest/filters.h"

int store_claim_settlements(struct sp_ctx *ctx, const struct channel_settlement facts[],
                            size_t count);
int store_claim_statements(struct sp_ctx *ctx, const struct channel_statement facts[],
                           size_t count);

struct settlement_filter {
    int64_t from_us, until_us; /* of the first settlement; until is not part of it */
    int64_t shop_id;           /* 0: any */
    struct sp_text state;      /* empty: any; UNSETTLED: orders that should be and are not */
    struct list_page page;
};

/* JSON documents, one row of one column; NULL: it failed. */
const struct sp_rows *store_list_settlements(struct sp_ctx *ctx, int64_t account_id,
                                             const struct settlement_filter *filter);
const struct sp_rows *store_settlement_report(struct sp_ctx *ctx, int64_t account_id,
                                              const struct settlement_filter *filter);
/* A page of lines of a CSV file.  Columns: the lines, and the cursor of the next page ("": none).
 */
const struct sp_rows *store_settlement_csv(struct sp_ctx *ctx, int64_t account_id,
                                           const struct settlement_filter *filter);

#endif
