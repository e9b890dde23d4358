/* Healing: open orders follow a changed link (README). */
#include "services/product-mapper/jobs.h"

#include "services/product-mapper/decide.h"
#include "services/product-mapper/relink.h"

enum {
    HEAL_SKUS = 500,   /* tasks taken together */
    HEAL_ORDERS = 256, /* orders in one transaction */
    HEAL_BATCHES = 16, /* in one run, so that its memory is bounded */
};

/* Tasks of one account that are ours for a minute. */
struct heal_work {
    int64_t account_id, lease_us;
    struct key_list skus;
};

static enum sp_result finish(struct sp_ctx *ctx, enum sp_result result)
{
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result;
}

static enum sp_result take_work(struct sp_ctx *ctx, struct heal_work *work)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_take_heals(ctx, HEAL_SKUS);
    if (rows == NULL)
        return finish(ctx, SP_RETRY);
    size_t count = sp_rows_count(rows);
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    for (size_t row = 0; row < count; row++) {
        work->account_id = sp_row_int(rows, row, 0);
        work->lease_us = sp_row_time(rows, row, 3);
        keys[row] = sp_arena_copy(sp_ctx_arena(ctx), sp_row_text(rows, row, 1));
    }
    work->skus = (struct key_list){keys, count};
    return finish(ctx, SP_OK);
}

static enum sp_result read_order(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                 struct order_recorded *order)
{
    struct sp_text body = sp_row_text(rows, row, 2);
    struct sp_error why;
    if (sp_message_decode(&order_recorded_message, &body, order, sp_ctx_arena(ctx), &why) != SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "order %.*s as stored: %s",
                       SP_FMT(sp_row_text(rows, row, 0)), why.text);
    /* A cause of its own, so a trace of its own. */
    for (size_t i = 0; i < SP_TRACE_BYTES; i++)
        order->head.trace[i] = 0;
    return SP_OK;
}

/* One transaction; SP_AGAIN: there may be more. */
static enum sp_result heal_batch(struct sp_ctx *ctx, const struct heal_work *work)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_claim_heal(ctx, work->account_id, work->skus, HEAL_ORDERS);
    if (rows == NULL)
        return finish(ctx, mapper_failed(ctx));
    size_t count = sp_rows_count(rows);
    struct order_recorded *orders = sp_arena_array(arena, count, sizeof *orders);
    int64_t *revs = sp_arena_array(arena, count, sizeof *revs);
    for (size_t row = 0; row < count && result == SP_OK; row++) {
        revs[row] = sp_row_int(rows, row, 1);
        result = read_order(ctx, rows, row, &orders[row]);
    }
    if (result == SP_OK && count > 0)
        result = mapper_decide(ctx, orders, revs, count);
    if (result == SP_OK && count < HEAL_ORDERS)
        store_end_heals(ctx, work->account_id, work->skus, work->lease_us);
    result = finish(ctx, result);
    return result == SP_OK && count == HEAL_ORDERS ? SP_AGAIN : result;
}

/* Not done yet: due at once, for whoever comes next. */
static enum sp_result give_back(struct sp_ctx *ctx, const struct heal_work *work)
{
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        store_return_heals(ctx, work->account_id, work->skus, work->lease_us);
    result = finish(ctx, result);
    return result == SP_OK ? SP_AGAIN : result;
}

static enum sp_result heal_orders(struct sp_ctx *ctx)
{
    struct heal_work work = {0};
    enum sp_result result = take_work(ctx, &work);
    if (result != SP_OK || work.skus.count == 0)
        return result;
    result = SP_AGAIN;
    for (int i = 0; i < HEAL_BATCHES && result == SP_AGAIN && !sp_stopping(ctx); i++)
        result = heal_batch(ctx, &work);
    if (result == SP_AGAIN)
        return give_back(ctx, &work);
    if (result != SP_OK)
        return result; /* the lease runs out, and what is left is done then */
    return work.skus.count == HEAL_SKUS ? SP_AGAIN : SP_OK;
}

const struct sp_job mapper_jobs[] = {
    {.name = "heal-orders", .every_ms = 1000, .run = heal_orders},
    {0},
};
