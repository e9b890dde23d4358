/* Healing: open orders follow a changed link (README). */
#include "services/product-mapper/jobs.h"

#include "common/log.h"
#include "services/product-mapper/decide_again.h"
#include "services/product-mapper/design_store.h"
#include "services/product-mapper/jobs_sheet.h"
#include "services/product-mapper/link_jobs.h"
#include "services/product-mapper/relink.h"

enum {
    HEAL_SKUS = 500,   /* tasks taken together */
    HEAL_FOUND = 4096, /* orders looked for at once: each look reads all orders of the SKUs */
    HEAL_STEP = 1024,  /* orders in one transaction, so that nobody waits long for their rows */
    HEAL_ORDERS = 256, /* orders decided together */
};

/* Tasks of one account, locked until the transaction ends, and the orders they concern. */
struct heal_work {
    int64_t account_id, link_rev;
    struct key_list skus, order_ids;
};

/* Copies a column: results go with their transaction. */
static struct key_list copy_keys(struct sp_ctx *ctx, const struct sp_rows *rows, int column)
{
    size_t count = sp_rows_count(rows);
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    for (size_t row = 0; row < count; row++)
        keys[row] = sp_arena_copy(sp_ctx_arena(ctx), sp_row_text(rows, row, column));
    return (struct key_list){keys, count};
}

static enum sp_result find_work(struct sp_ctx *ctx, struct heal_work *work)
{
    const struct sp_rows *rows = store_take_heals(ctx, HEAL_SKUS);
    if (rows == NULL)
        return mapper_failed(ctx);
    work->skus = copy_keys(ctx, rows, 1);
    if (work->skus.count == 0)
        return SP_OK;
    work->account_id = sp_row_int(rows, 0, 0);
    rows = store_find_heal(ctx, work->account_id, work->skus, HEAL_FOUND);
    if (rows == NULL)
        return mapper_failed(ctx);
    work->order_ids = copy_keys(ctx, rows, 0);
    work->link_rev = work->order_ids.count > 0 ? sp_row_int(rows, 0, 1) : 0;
    return SP_OK;
}

/* ---- deciding again
 * ------------------------------------------------------------------------------- */

static enum sp_result heal_batch(struct sp_ctx *ctx, const struct heal_work *work,
                                 struct key_list order_ids)
{
    struct again again;
    enum sp_result result =
        mapper_claim_again(ctx, work->account_id, order_ids, work->link_rev, &again);
    return result == SP_OK && again.count > 0
               ? mapper_decide(ctx, again.orders, again.claims, again.count)
               : result;
}

/* A transaction's worth of what was found, from `at` on. */
static enum sp_result heal_step(struct sp_ctx *ctx, const struct heal_work *work, size_t at)
{
    enum sp_result result = SP_OK;
    size_t end = work->order_ids.count - at < HEAL_STEP ? work->order_ids.count : at + HEAL_STEP;
    size_t count = end - at;
    for (; at < end && result == SP_OK; at += HEAL_ORDERS) {
        struct key_list batch = {work->order_ids.keys + at,
                                 end - at < HEAL_ORDERS ? end - at : HEAL_ORDERS};
        result = heal_batch(ctx, work, batch);
    }
    if (result == SP_OK && count > 0)
        store_note_healed(ctx, work->account_id, count);
    bool last = end == work->order_ids.count && end < HEAL_FOUND;
    if (result == SP_OK && last && work->skus.count > 0) {
        store_end_heals(ctx, work->account_id, work->skus);
        store_end_healing(ctx, work->account_id);
    }
    return result;
}

/* ---- one order holds nobody up
 * ------------------------------------------------------------------------------- */

static enum sp_result finish(struct sp_ctx *ctx, enum sp_result result)
{
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result;
}

/* An order that cannot be decided again stays as it was, and is told of. */
static enum sp_result pass_over(struct sp_ctx *ctx, const struct heal_work *work,
                                struct sp_text order_id)
{
    sp_logf(SP_ERROR, "heal-failed", "reason", "order %.*s: %s", SP_FMT(order_id),
            sp_ctx_error(ctx)->text);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_pass_over(ctx, work->account_id, order_id, work->link_rev);
    return finish(ctx, SP_OK);
}

/* Each in a transaction of its own; the tasks stay due. */
static enum sp_result heal_one_by_one(struct sp_ctx *ctx, const struct heal_work *work)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < work->order_ids.count && result == SP_OK; i++) {
        if (sp_stopping(ctx))
            return SP_OK;
        result = sp_begin(ctx);
        if (result != SP_OK)
            return result;
        struct key_list one = {&work->order_ids.keys[i], 1};
        result = finish(ctx, heal_batch(ctx, work, one));
        if (result == SP_REJECT)
            result = pass_over(ctx, work, one.keys[0]);
    }
    return result == SP_OK ? SP_AGAIN : result;
}

/* The next transaction.  `held` becomes false when another replica has the tasks now, or a SKU has
 * changed once more: then what was found is of no use. */
static enum sp_result next_step(struct sp_ctx *ctx, const struct heal_work *work, size_t at,
                                bool *held)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_hold_heals(ctx, work->account_id, work->skus, work->link_rev, held);
    if (result == SP_OK && *held)
        result = heal_step(ctx, work, at);
    return finish(ctx, result);
}

/* Nothing is called in between, so the tasks' row locks are all the lease there is: who dies gives
 * them back at once. */
static enum sp_result heal_orders(struct sp_ctx *ctx)
{
    struct heal_work work = {0};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = find_work(ctx, &work);
    if (result == SP_OK)
        result = heal_step(ctx, &work, 0);
    result = finish(ctx, result);
    bool held = true;
    for (size_t at = HEAL_STEP; at < work.order_ids.count && result == SP_OK && held;
         at += HEAL_STEP) {
        if (sp_stopping(ctx))
            return SP_OK;
        result = next_step(ctx, &work, at, &held);
    }
    if (result == SP_REJECT && work.order_ids.count > 0)
        return heal_one_by_one(ctx, &work);
    bool more = !held || work.order_ids.count == HEAL_FOUND || work.skus.count == HEAL_SKUS;
    return result == SP_OK && more ? SP_AGAIN : result;
}

/* What nothing has had for a month; the gateway removes files that are not known here. */
static enum sp_result forget_designs(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_forget_designs(ctx);
    return finish(ctx, SP_OK);
}

const struct sp_job mapper_jobs[] = {
    {.name = "heal-orders", .every_ms = 1000, .run = heal_orders},
    {.name = "import-sheets", .every_ms = 5000, .run = import_sheets},
    {.name = "write-workbooks", .every_ms = 5000, .run = write_workbooks},
    {.name = "forget-sheets", .every_ms = 3600000, .run = forget_sheets},
    {.name = "forget-designs", .every_ms = 3600000, .run = forget_designs},
    {.name = "link-in-bulk", .every_ms = 2000, .run = run_link_jobs},
    {0},
};
