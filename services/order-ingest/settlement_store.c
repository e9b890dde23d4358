/* SQL of settlements as they come: what was settled, and the statements that say so. */
#include "services/order-ingest/settlement_store.h"

#include "services/order-ingest/domain.h"
#include "services/order-ingest/settlement_rules.h"

static const struct sp_statement claim_settlements = {
    "INSERT INTO settlement AS t (account_id, settlement_key, upstream_rev, trace, accepted_at,"
    " shop_id, statement_id, subject, order_id, kind, settled_at, currency, settled_minor, "
    "sale_minor, explained_minor, reserve_minor, reserve_state, release_at, lines) SELECT "
    "account_id, settlement_key, upstream_rev, trace, now(), shop_id, statement_id, subject, "
    "order_id, kind, settled_at, currency, settled_minor, sale_minor, explained_minor, "
    "reserve_minor, reserve_state, release_at, lines::jsonb FROM unnest($1::settlement_row[]) "
    "ORDER BY account_id, settlement_key ON CONFLICT (account_id, settlement_key) DO UPDATE SET"
    " upstream_rev = excluded.upstream_rev, trace = excluded.trace, accepted_at = "
    "excluded.accepted_at, subject = excluded.subject, order_id = excluded.order_id, kind = "
    "excluded.kind, settled_at = excluded.settled_at, currency = excluded.currency, "
    "settled_minor = excluded.settled_minor, sale_minor = excluded.sale_minor, explained_minor "
    "= excluded.explained_minor, reserve_minor = excluded.reserve_minor, reserve_state = "
    "excluded.reserve_state, release_at = excluded.release_at, lines = excluded.lines WHERE "
    "t.upstream_rev < excluded.upstream_rev RETURNING t.account_id, t.settlement_key, "
    "t.upstream_rev"};

static const struct sp_statement claim_statements = {
    "INSERT INTO statement AS t SELECT account_id, statement_key, upstream_rev, shop_id, "
    "statement_id, cut_at, currency, settled_minor, transactions, payment_id, payment_state, "
    "paid_at FROM unnest($1::statement_row[]) ORDER BY account_id, statement_key ON CONFLICT "
    "(account_id, statement_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, cut_at = "
    "excluded.cut_at, currency = excluded.currency, settled_minor = excluded.settled_minor, "
    "transactions = excluded.transactions, payment_id = excluded.payment_id, payment_state = "
    "excluded.payment_state, paid_at = excluded.paid_at WHERE t.upstream_rev < "
    "excluded.upstream_rev RETURNING t.account_id, t.statement_key, t.upstream_rev"};

static struct sp_text order_of(struct sp_ctx *ctx, const struct channel_settlement *fact)
{
    if (fact->channel_order_id.size == 0)
        return (struct sp_text){0};
    return sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s", (long long)fact->shop_id,
                           SP_FMT(fact->channel_order_id));
}

static void set_settlement(struct sp_ctx *ctx, struct sp_set *set,
                           const struct channel_settlement *fact, struct sp_buffer *scratch)
{
    struct sp_text order_id = order_of(ctx, fact);
    bool is_for_order = order_id.size > 0 && !settlement_is_reserve(fact);
    struct settlement_sums sums = settlement_sum(fact);
    int64_t settled_us = ingest_time_us(fact->settled_at);
    sp_set_row(set);
    sp_set_int(set, fact->head.account_id);
    sp_set_string(set, fact->head.key);
    sp_set_int(set, fact->head.rev);
    sp_set_uuid(set, fact->head.trace);
    sp_set_int(set, fact->shop_id);
    sp_set_string(set, fact->statement_id);
    sp_set_string(set, is_for_order ? order_id : fact->head.key);
    sp_set_string(set, order_id);
    sp_set_string(set, fact->kind);
    sp_set_time(set, settled_us > 0 ? settled_us : 1); /* refused after the claim */
    sp_set_string(set, fact->currency);
    sp_set_int(set, fact->settled_minor);
    sp_set_int(set, sums.sale_minor);
    sp_set_int(set, sums.explained_minor);
    sp_set_int(set, fact->reserve_minor);
    sp_set_string(set, fact->reserve_state);
    sp_set_time(set, ingest_time_us(fact->release_at));
    sp_buffer_reset(scratch);
    settlement_write_lines(fact, scratch);
    sp_set_string(set, sp_buffer_text(scratch));
}

int store_claim_settlements(struct sp_ctx *ctx, const struct channel_settlement facts[],
                            size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "settlement_row");
    struct sp_buffer scratch = {0};
    for (size_t i = 0; i < count; i++)
        set_settlement(ctx, set, &facts[i], &scratch);
    sp_buffer_free(&scratch);
    return sp_queue(sp_ctx_db(ctx), &claim_settlements, SP_PARAMS(sp_set(set)));
}

int store_claim_statements(struct sp_ctx *ctx, const struct channel_statement facts[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "statement_row");
    for (size_t i = 0; i < count; i++) {
        int64_t cut_us = ingest_time_us(facts[i].cut_at);
        sp_set_row(set);
        sp_set_int(set, facts[i].head.account_id);
        sp_set_string(set, facts[i].head.key);
        sp_set_int(set, facts[i].head.rev);
        sp_set_int(set, facts[i].shop_id);
        sp_set_string(set, facts[i].statement_id);
        sp_set_time(set, cut_us > 0 ? cut_us : 1);
        sp_set_string(set, facts[i].currency);
        sp_set_int(set, facts[i].settled_minor);
        sp_set_int(set, facts[i].transactions);
        sp_set_string(set, facts[i].payment_id);
        sp_set_string(set, facts[i].payment_state);
        sp_set_time(set, ingest_time_us(facts[i].paid_at));
    }
    return sp_queue(sp_ctx_db(ctx), &claim_statements, SP_PARAMS(sp_set(set)));
}
