/* The job that counts what waits here, for /metrics.  Replicas share the tables, so each shows the
 * same. */
#include "common/builtin.h"
#include "common/ctx.h"
#include "common/metrics.h"

enum {
    DESTS = 16,
    COUNTED_MOST = 10000, /* counting stops there: that there are many says enough */
};

static struct sp_metric parcels = SP_METRIC_GAUGE(
    "sampan_outbox_parcels", "Parcels that wait for their receiver, up to 10000", "dest");
static struct sp_metric oldest = SP_METRIC_GAUGE("sampan_outbox_oldest_seconds",
                                                 "How long the oldest of them has waited", "dest");
static struct sp_metric dead = SP_METRIC_GAUGE(
    "sampan_dead_letters", "Messages that could not be processed, up to 10000", NULL);
static struct sp_metric later = SP_METRIC_GAUGE(
    "sampan_later_messages", "Messages that are tried again later, up to 10000", NULL);
static struct sp_metric heal = SP_METRIC_GAUGE(
    "sampan_heal_tasks",
    "Changed references whose users are still to be decided again, up to 10000", NULL);

/* In the order of the index, which is that of age but for what was sent just now. */
static const struct sp_statement look_at_outbox = {
    "SELECT d.dest, count(o.made), "
    "coalesce(extract(epoch FROM clock_timestamp() - min(o.made)), 0)::bigint "
    "FROM unnest($1::text[]) d(dest) LEFT JOIN LATERAL (SELECT made FROM outbox "
    "WHERE dest = d.dest ORDER BY due LIMIT $2::bigint) o ON true GROUP BY d.dest"};

static const struct sp_statement count_rest = {
    "SELECT (SELECT count(*) FROM (SELECT FROM dead_letter LIMIT $1::bigint) d), "
    "(SELECT count(*) FROM (SELECT FROM later LIMIT $1::bigint) l), "
    "(SELECT count(*) FROM (SELECT FROM heal_waiting LIMIT $1::bigint) h)"};

static struct sp_param all_dests(struct sp_ctx *ctx)
{
    const char *names[DESTS];
    struct sp_text texts[DESTS];
    size_t count = sp_destinations(ctx->service, names, DESTS);
    for (size_t i = 0; i < count; i++)
        texts[i] = sp_text_of(names[i]);
    return sp_strings(ctx->db, texts, count);
}

static void show_outbox(struct sp_ctx *ctx, const struct sp_rows *rows)
{
    for (size_t i = 0; i < sp_rows_count(rows); i++) {
        const char *dest =
            sp_arena_printf(ctx->arena, "%.*s", SP_FMT(sp_row_text(rows, i, 0))).data;
        sp_metric_set(&parcels, dest, sp_row_int(rows, i, 1));
        sp_metric_set(&oldest, dest, sp_row_int(rows, i, 2));
    }
}

enum sp_result sp_job_gauges(struct sp_ctx *ctx)
{
    int outbox =
        sp_queue(ctx->db, &look_at_outbox, SP_PARAMS(all_dests(ctx), sp_int(COUNTED_MOST)));
    int rest = sp_queue(ctx->db, &count_rest, SP_PARAMS(sp_int(COUNTED_MOST)));
    enum sp_result result = sp_run(ctx->db, &ctx->error);
    if (result != SP_OK)
        return result;
    show_outbox(ctx, sp_result(ctx->db, outbox));
    sp_metric_set(&dead, NULL, sp_row_int(sp_result(ctx->db, rest), 0, 0));
    sp_metric_set(&later, NULL, sp_row_int(sp_result(ctx->db, rest), 0, 1));
    sp_metric_set(&heal, NULL, sp_row_int(sp_result(ctx->db, rest), 0, 2));
    return SP_OK;
}
