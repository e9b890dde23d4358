/* Forgetting: buyers' data when it expires, change rows when nobody can still want them, deleted
 * tags.  Folding: numbers of orders.  Measuring: whether the book holds what the marketplace lists.
 */
#include "services/order-ingest/jobs.h"

#include "common/metrics.h"
#include "services/order-ingest/day_store.h"

#include "services/order-ingest/store.h"
#include "services/order-ingest/tag_store.h"

enum { BUYERS_AT_ONCE = 1000, COUNTS_AT_ONCE = 10000, TAGS_AT_ONCE = 5000, SHOPS_SHOWN = 20 };

static struct sp_metric difference = SP_METRIC_GAUGE(
    "sampan_order_ingest_day_difference",
    "Orders by which the book and the marketplace's lists of days differ; the 20 worst shops",
    "shop");
static struct sp_metric check_age =
    SP_METRIC_GAUGE("sampan_order_ingest_day_check_age_seconds",
                    "Since a day of the shop was last compared; the same shops", "shop");

enum sp_result ingest_committed(struct sp_ctx *ctx, enum sp_result (*work)(struct sp_ctx *))
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    enum sp_result done = work(ctx);
    result = done == SP_OK || done == SP_AGAIN ? sp_commit(ctx) : done;
    if (result != SP_OK)
        sp_rollback(ctx);
    return result == SP_OK ? done : result;
}

static enum sp_result purge_buyers(struct sp_ctx *ctx)
{
    return store_purge_buyers(ctx, BUYERS_AT_ONCE);
}

static enum sp_result forget_buyers(struct sp_ctx *ctx)
{
    return ingest_committed(ctx, purge_buyers);
}

static enum sp_result forget_changes(struct sp_ctx *ctx)
{
    return ingest_committed(ctx, store_purge_changes);
}

static enum sp_result drop_tags(struct sp_ctx *ctx)
{
    return store_forget_tags(ctx, TAGS_AT_ONCE);
}

static enum sp_result forget_tags(struct sp_ctx *ctx)
{
    return ingest_committed(ctx, drop_tags);
}

static enum sp_result fold(struct sp_ctx *ctx)
{
    return store_fold_counts(ctx, COUNTS_AT_ONCE);
}

static enum sp_result fold_counts(struct sp_ctx *ctx)
{
    return ingest_committed(ctx, fold);
}

static enum sp_result measure_days(struct sp_ctx *ctx)
{
    struct sp_metric_value differences[SHOPS_SHOWN], ages[SHOPS_SHOWN];
    const struct sp_rows *rows = store_worst_days(ctx, SHOPS_SHOWN);
    if (rows == NULL)
        return SP_RETRY;
    size_t count = sp_rows_count(rows);
    for (size_t i = 0; i < count; i++) {
        const char *shop =
            sp_arena_printf(sp_ctx_arena(ctx), "%.*s", SP_FMT(sp_row_text(rows, i, 0))).data;
        differences[i] = (struct sp_metric_value){shop, sp_row_int(rows, i, 1)};
        ages[i] = (struct sp_metric_value){shop, sp_row_int(rows, i, 2)};
    }
    sp_metric_replace(&difference, differences, count);
    sp_metric_replace(&check_age, ages, count);
    return SP_OK;
}

const struct sp_job ingest_jobs[] = {
    {.name = "forget-buyers", .every_ms = 600000, .run = forget_buyers},
    {.name = "forget-changes", .every_ms = 30000, .run = forget_changes},
    {.name = "forget-tags", .every_ms = 600000, .run = forget_tags},
    {.name = "fold-counts", .every_ms = 5000, .run = fold_counts},
    {.name = "warn-returns", .every_ms = 60000, .run = warn_returns},
    {.name = "measure-days", .every_ms = 10000, .run = measure_days},
    {0},
};
