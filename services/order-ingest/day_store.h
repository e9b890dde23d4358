/* SQL of the days: what the marketplace lists beside what the book holds. */
#ifndef INGEST_DAY_STORE_H
#define INGEST_DAY_STORE_H

#include "common/service.h"
#include "proto/messages.h"
#include "services/order-ingest/filters.h"

/* Queues the claim of day.listed. */
int store_claim_slices(struct sp_ctx *ctx, const struct day_listed slices[], size_t count);
/* Compares the slices with the book and certifies the days that are complete.  A row for each of
 * those: account, shop, day in seconds, check number, checks in a row that did not come out even,
 * and up to `most` ids of orders to fetch, joined by commas.  NULL on failure. */
const struct sp_rows *store_certify(struct sp_ctx *ctx, const struct day_listed slices[],
                                    size_t count, int64_t most);
/* The JSON document, the newest day first. */
const struct sp_rows *store_list_certificates(struct sp_ctx *ctx, int64_t account_id,
                                              int64_t shop_id, const struct list_page *page);
/* Of the `most` shops with the largest difference over all their days: id as text, difference,
 * seconds since the last check.  NULL on failure. */
const struct sp_rows *store_worst_days(struct sp_ctx *ctx, int64_t most);

#endif
