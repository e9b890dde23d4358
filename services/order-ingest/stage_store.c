/* The stage that placement brought back for each order. */
#include "services/order-ingest/store.h"

#include "services/order-ingest/document.h"

/* A revision that says what is known leaves trace and times as they were: they are those of the
 * last change, like the history's. */
#define SAME                                                                                       \
    "(t.stage, t.since, t.charged_minor, t.placed_at, t.conditions) IS NOT DISTINCT FROM "         \
    "(excluded.stage, excluded.since, excluded.charged_minor, excluded.placed_at, "                \
    "excluded.conditions)"
#define OF_LAST_CHANGE(column)                                                                     \
#column " = CASE WHEN " SAME " THEN t." #column " ELSE excluded." #column " END, "

static const struct sp_statement claim_stages = {SP_CLAIM(
    "INSERT INTO order_stage AS t (account_id, order_id, upstream_rev, trace, emitted_at, "
    "committed_at, stage, since, placed_at, charged_minor, currency, conditions) "
    "SELECT u.account_id, u.order_id, u.upstream_rev, u.trace, u.emitted_at, now(), u.stage, "
    "u.since, u.placed_at, u.charged_minor, u.currency, nullif(u.conditions, '[]')::jsonb "
    "FROM unnest($1::order_stage_row[]) u",
    "SELECT FROM order_stage k WHERE k.account_id = u.account_id AND k.order_id = u.order_id",
    "u.account_id, u.order_id",
    "(account_id, order_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "" OF_LAST_CHANGE(trace)     //
    OF_LAST_CHANGE(emitted_at)   //
    OF_LAST_CHANGE(committed_at) //
    "stage = excluded.stage, was_stage = t.stage, since = excluded.since, "
    "placed_at = excluded.placed_at, charged_minor = excluded.charged_minor, "
    "currency = excluded.currency, conditions = excluded.conditions "
    "WHERE t.upstream_rev < excluded.upstream_rev",
    "t.account_id, t.order_id, t.upstream_rev, t.was_stage")};

int store_claim_stages(struct sp_ctx *ctx, const struct order_staged stages[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "order_stage_row");
    struct sp_buffer conditions = {0};
    for (size_t i = 0; i < count; i++) {
        const struct order_staged *staged = &stages[i];
        int64_t since_us = ingest_time_us(staged->since);
        sp_buffer_reset(&conditions);
        ingest_write_conditions(staged, &conditions);
        sp_set_row(set);
        sp_set_int(set, staged->head.account_id);
        sp_set_string(set, staged->head.key);
        sp_set_int(set, staged->head.rev);
        sp_set_uuid(set, staged->head.trace);
        sp_set_time(set, staged->head.emitted_us > 0 ? staged->head.emitted_us : 1);
        sp_set_string(set, staged->stage);
        sp_set_time(set, since_us > 0 ? since_us : 1);
        sp_set_time(set, ingest_time_us(staged->placed_at));
        sp_set_int(set, staged->charged_minor);
        sp_set_string(set, staged->currency);
        sp_set_string(set, sp_buffer_text(&conditions));
    }
    sp_buffer_free(&conditions);
    return sp_queue(db, &claim_stages, SP_PARAMS(sp_set(set)));
}
