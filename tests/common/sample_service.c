/* The sample service: claim, load nothing, decide by the status, emit. */
#include "tests/common/sample_service.h"

#include <stdlib.h>
#include <unistd.h>

static const struct sp_migration migrations[] = {
    {"0001_seen",
     "CREATE TABLE seen (account_id bigint, key text, rev bigint NOT NULL, upstream_rev bigint NOT "
     "NULL, status text NOT NULL, times integer NOT NULL DEFAULT 1, PRIMARY KEY (account_id, key));"
     "CREATE TYPE seen_row AS (account_id bigint, key text, upstream_rev bigint, status text);"
     "CREATE TABLE asked (n bigint NOT NULL);"},
    {0},
};

static const struct sp_statement claim_statement = {
    "INSERT INTO seen AS t (account_id, key, rev, upstream_rev, status) "
    "SELECT account_id, key, $2::bigint, upstream_rev, status FROM unnest($1::seen_row[]) "
    "ORDER BY account_id, key ON CONFLICT (account_id, key) DO UPDATE SET "
    "rev = greatest(t.rev + 1, $2::bigint), upstream_rev = excluded.upstream_rev, "
    "status = excluded.status, times = t.times + 1 "
    "WHERE t.upstream_rev < excluded.upstream_rev RETURNING account_id, key, rev"};
static const struct sp_statement break_it = {"SELECT 1 / $1::bigint"};
static const struct sp_statement note_ask = {"INSERT INTO asked VALUES ($1::bigint)"};
static const struct sp_statement count_asks = {"SELECT count(*)::text FROM asked"};

static int claim(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct order_recorded *orders = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "seen_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, orders[i].head.account_id);
        sp_set_string(set, orders[i].head.key);
        sp_set_int(set, orders[i].head.rev);
        sp_set_string(set, orders[i].channel_status);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_statement,
                    SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
}

static enum sp_result on_order_recorded(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_recorded *orders = batch->messages;
    struct order_mapped *mapped = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *mapped);
    for (size_t i = 0; i < batch->count; i++) {
        if (sp_text_is(orders[i].channel_status, "CRASH"))
            _exit(9);
        if (sp_text_is(orders[i].channel_status, "POISON"))
            sp_reject(ctx, batch, i, "the sample does not like order %.*s",
                      SP_FMT(orders[i].head.key));
        if (sp_text_is(orders[i].channel_status, "WORDY"))
            sp_reject(ctx, batch, i, "%510s\u00e9", "");
        if (sp_text_is(orders[i].channel_status, "LATER") && orders[i].shop_id == 0)
            sp_put_off(ctx, batch, i, 1);
        if (sp_text_is(orders[i].channel_status, "BAD"))
            (void)sp_queue(sp_ctx_db(ctx), &break_it, SP_PARAMS(sp_int(0)));
        mapped[i] = (struct order_mapped){.head = orders[i].head,
                                          .channel_status = orders[i].channel_status};
        mapped[i].head.rev = sp_claimed_rev(batch, i);
    }
    return sp_emit(ctx, &order_mapped_message, mapped, batch->count);
}

static enum sp_result ask_add(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    int64_t n = 0;
    if (sp_ask_int(ctx, ask, "n", (struct sp_range){1, 1, 100}, &n) != SP_OK)
        return SP_REJECT;
    (void)sp_queue(sp_ctx_db(ctx), &note_ask, SP_PARAMS(sp_int(n)));
    if (n == 99)
        return sp_answer_problem(answer, 409, "UNLUCKY", "%lld is taken", (long long)n);
    if (n == 98)
        (void)sp_queue(sp_ctx_db(ctx), &break_it, SP_PARAMS(sp_int(0)));
    answer->status = 201;
    sp_buffer_printf(&answer->body, "{\"n\":%lld}", (long long)n);
    return SP_OK;
}

static enum sp_result ask_count(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    (void)ask;
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &count_asks, SP_NO_PARAMS);
    if (rows == NULL)
        return SP_RETRY;
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

static const struct sp_route routes[] = {
    {&order_recorded_message, claim, on_order_recorded},
    {0},
};

static const struct sp_ask_route asks[] = {
    {.name = "product-mapper.add", .permission = "sample.write", .command = true, .run = ask_add},
    {.name = "product-mapper.count", .permission = "sample.read", .run = ask_count},
    {0},
};

const struct sp_service sample_service = {
    .name = "product-mapper",
    .routes = routes,
    .asks = asks,
    .migrations = migrations,
};

struct order_recorded sample_order(const char *key, int64_t rev, const char *status)
{
    return (struct order_recorded){
        .head = {.account_id = 1, .key = sp_text_of(key), .rev = rev, .trace = {1}},
        .channel_status = sp_text_of(status)};
}
