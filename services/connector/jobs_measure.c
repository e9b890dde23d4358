/* Figures of shops, for /metrics: a bounded number of them, those that need somebody first. */
#include "common/metrics.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/pull_store.h"
#include "services/connector/stock_store.h"

enum { SHOPS_SHOWN = 20 };

static struct sp_metric pull_age = SP_METRIC_GAUGE(
    "sampan_connector_pull_age_seconds",
    "Since all orders of a shop were last pulled; the 20 shops with the longest time", "shop");
static struct sp_metric grant_left = SP_METRIC_GAUGE(
    "sampan_connector_grant_left_seconds",
    "Until the seller's consent ends, below 0 when it has; the 20 shops with the shortest time",
    "shop");
static struct sp_metric news_delay =
    SP_METRIC_GAUGE("sampan_connector_news_delay_seconds",
                    "From the marketplace's change to our commit, of a shop's last news; the 20 "
                    "shops with the most",
                    "shop");
static struct sp_metric push_wait = SP_METRIC_GAUGE(
    "sampan_connector_push_wait_seconds",
    "How long a shop's oldest quantity waits to be told; the 20 shops with the longest time",
    "shop");

static void show(struct sp_ctx *ctx, struct sp_metric *metric, const struct sp_rows *rows)
{
    struct sp_metric_value values[SHOPS_SHOWN];
    for (size_t i = 0; i < sp_rows_count(rows); i++) {
        struct sp_text shop = sp_row_text(rows, i, 0);
        values[i] = (struct sp_metric_value){
            sp_arena_printf(sp_ctx_arena(ctx), "%.*s", SP_FMT(shop)).data, sp_row_int(rows, i, 1)};
    }
    sp_metric_replace(metric, values, sp_rows_count(rows));
}

enum sp_result measure_shops(struct sp_ctx *ctx)
{
    static const struct {
        struct sp_metric *metric;
        const struct sp_rows *(*read)(struct sp_ctx *ctx, int64_t most);
    } gauges[] = {{&pull_age, store_oldest_pulls},
                  {&grant_left, store_ending_grants},
                  {&news_delay, store_latest_news},
                  {&push_wait, store_oldest_pushes}};
    for (size_t i = 0; i < SP_COUNT(gauges); i++) {
        const struct sp_rows *rows = gauges[i].read(ctx, SHOPS_SHOWN);
        if (rows == NULL)
            return SP_RETRY;
        show(ctx, gauges[i].metric, rows);
    }
    return SP_OK;
}
