/* What others learn of a pull's progress. */
#include "services/connector/progress.h"

#include "common/text.h"
#include "services/connector/activity_store.h"

enum { PROBLEM_BYTES = 256 }; /* as in the record seen_order */

enum sp_result shops_say(struct sp_ctx *ctx, const struct shop_key shops[], size_t count)
{
    struct shop_saved *facts;
    size_t fact_count = 0;
    enum sp_result result = store_say_shops(ctx, shops, count, &facts, &fact_count);
    return result == SP_OK && fact_count > 0 ? sp_emit(ctx, &shop_saved_message, facts, fact_count)
                                             : result;
}

enum sp_result notice_say(struct sp_ctx *ctx, struct notice_raised *notice)
{
    notice->head.rev = sp_rev_floor(ctx);
    return sp_emit(ctx, &notice_raised_message, notice, 1);
}

/* What was read of a page, and what could not be but has an id. */
static size_t list_seen(struct sp_ctx *ctx, const struct pull_page *page, struct seen_order seen[])
{
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++)
        seen[count++] =
            (struct seen_order){.channel_order_id = page->orders[i].order.fact.channel_order_id};
    for (size_t i = 0; i < page->refused_count; i++) {
        const struct accept_refusal *refusal = &page->refused[i];
        struct sp_text why = sp_text_of(refusal->reason);
        if (refusal->id.size > 0)
            seen[count++] =
                (struct seen_order){.channel_order_id = refusal->id,
                                    .problem = sp_text_fit(why, PROBLEM_BYTES, sp_ctx_arena(ctx))};
    }
    return count;
}

/* Each page is a fact of its own: its ids would be lost if a later page replaced it. */
static enum sp_result say_run(struct sp_ctx *ctx, const struct pull_page *page,
                              const struct pull_step *step)
{
    const struct pull_task *task = page->task;
    struct seen_order *ids =
        sp_arena_array(sp_ctx_arena(ctx), page->count + page->refused_count + 1, sizeof *ids);
    size_t count = page->has_content ? list_seen(ctx, page, ids) : 0;
    int64_t total = task->paging.total;
    struct import_progressed fact = {
        .head = {.account_id = task->access.shop.account_id,
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld/%lld", (long long)task->run_id,
                                        (long long)step->total_pages),
                 .rev = sp_rev_floor(ctx) + step->total_pages},
        .run_id = task->run_id,
        .shop_id = task->access.shop.shop_id,
        .orders_total = total > step->total_seen ? total : step->total_seen,
        .orders_seen = step->total_seen,
        .finished = step->finished,
        .failure = step->finished ? step->problem : (struct sp_text){0},
        .order_ids = ids,
        .order_ids_count = count,
    };
    return sp_emit(ctx, &import_progressed_message, &fact, 1);
}

static enum sp_result end_connecting(struct sp_ctx *ctx, struct shop_key shop)
{
    bool connected = false;
    enum sp_result result = store_finish_connecting(ctx, shop, &connected);
    if (result != SP_OK || !connected)
        return result;
    store_shop_event(ctx, shop, "first-sync-done", (struct sp_text){0}, (struct sp_text){0});
    return shops_say(ctx, &shop, 1);
}

/* What our own budget put off is nothing to tell. */
static void note_pull(struct sp_ctx *ctx, const struct pull_page *page,
                      const struct pull_step *step)
{
    bool failed = step->problem.size > 0;
    if (failed ? !page->call.made : step->pages == 0)
        return;
    struct activity activity = {
        .account_id = page->task->access.shop.account_id,
        .shop_id = page->task->access.shop.shop_id,
        .event = failed ? "pull-failed" : stream_of(page->task->kind)->event,
        .items = step->seen,
        .detail = step->problem,
    };
    store_note_activities(ctx, &activity, 1);
}

enum sp_result progress_say(struct sp_ctx *ctx, const struct pull_page *page,
                            const struct pull_step *step)
{
    const struct pull_task *task = page->task;
    struct shop_key shop = task->access.shop;
    enum sp_result result = SP_OK;
    if (!step->stored)
        return SP_OK;
    note_pull(ctx, page, step);
    if (sp_text_is(task->kind, "run") && (page->has_content || step->finished))
        result = say_run(ctx, page, step);
    if (result == SP_OK && step->finished)
        store_import_event(ctx, shop, step->total_seen, step->problem);
    if (result == SP_OK && (step->done || step->finished))
        result = end_connecting(ctx, shop);
    return result;
}
