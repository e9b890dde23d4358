/* Sweeps: the next pages of streams and import runs that are due. */
#include "common/log.h"
#include "services/connector/details.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/page.h"
#include "services/connector/progress.h"
#include "services/connector/warehouses.h"

enum {
    PULL_MOST = 8,    /* shops and runs worked on side by side */
    PULL_ROUNDS = 12, /* pages of each before others get their turn */
    STORE_TRIES = 3,
};

struct pull_round {
    struct pull_task tasks[PULL_MOST];
    size_t task_count;
    struct pull_page pages[PULL_MOST];
    size_t page_count;
};

/* ---- storing
 * -------------------------------------------------------------------------------------------------
 */

/* What pages of all streams hold, put together. */
struct content {
    struct accept_list orders;
    struct accept_listing *listings;
    struct accept_return *returns;
    struct accept_statement *statements;
    size_t listing_count, return_count, statement_count;
};

static struct content make_content(struct sp_ctx *ctx, size_t pages)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct content content = {.listing_count = 0};
    content.orders.orders = sp_arena_array(arena, pages * PAGE_IDS, sizeof *content.orders.orders);
    content.orders.refused =
        sp_arena_array(arena, pages * PAGE_IDS, sizeof *content.orders.refused);
    content.listings = sp_arena_array(arena, pages * PAGE_IDS, sizeof *content.listings);
    content.returns = sp_arena_array(arena, pages * PAGE_IDS, sizeof *content.returns);
    content.statements = sp_arena_array(arena, pages * PAGE_IDS, sizeof *content.statements);
    return content;
}

static void add_element(const struct pull_page *page, size_t at, struct content *content)
{
    switch (page->stream->of) {
    case OF_ORDERS:
        content->orders.orders[content->orders.count++] = page->orders[at];
        break;
    case OF_LISTINGS:
        content->listings[content->listing_count++] = page->listings[at];
        break;
    case OF_RETURNS:
    case OF_CANCELLATIONS:
        content->returns[content->return_count++] = page->returns[at];
        break;
    case OF_STATEMENTS:
        content->statements[content->statement_count++] = page->statements[at];
        break;
    }
}

static enum sp_result accept_pages(struct sp_ctx *ctx, const struct pull_page pages[],
                                   const struct pull_step steps[], size_t count)
{
    struct content all = make_content(ctx, count);
    for (size_t i = 0; i < count; i++) {
        const struct pull_page *page = &pages[i];
        if (!steps[i].stored || !page->has_content)
            continue;
        for (size_t at = 0; at < page->count; at++)
            add_element(page, at, &all);
        for (size_t at = 0; at < page->refused_count; at++)
            all.orders.refused[all.orders.refused_count++] = page->refused[at];
    }
    enum sp_result result = accept_orders(ctx, &all.orders);
    if (result == SP_OK)
        result = accept_listings(ctx, all.listings, all.listing_count);
    if (result == SP_OK)
        result = accept_returns(ctx, all.returns, all.return_count);
    return result == SP_OK ? accept_statements(ctx, all.statements, all.statement_count) : result;
}

static enum sp_result store_once(struct sp_ctx *ctx, struct pull_page pages[], size_t count)
{
    struct pull_step steps[PULL_MOST];
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count; i++) {
        steps[i] = pages[i].step;
        if (!pages[i].token_refused)
            continue;
        store_token_refused(ctx, steps[i].task->access.shop.account_id,
                            steps[i].task->access.grant_id);
    }
    /* The rows of the pulls are locked first: who lost his lease stores nothing. */
    result = store_step_pulls(ctx, steps, count);
    if (result == SP_OK)
        result = accept_pages(ctx, pages, steps, count);
    for (size_t i = 0; i < count && result == SP_OK; i++)
        result = progress_say(ctx, &pages[i], &steps[i]);
    if (result == SP_OK)
        result = sp_commit(ctx);
    else
        sp_rollback(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++)
        pages[i].step = steps[i];
    return result;
}

static enum sp_result store_pages(struct sp_ctx *ctx, struct pull_page pages[], size_t count)
{
    enum sp_result result = SP_RETRY;
    for (int tries = 0; tries < STORE_TRIES && result == SP_RETRY; tries++) {
        result = store_once(ctx, pages, count);
        if (sp_db_outcome(sp_ctx_db(ctx)) != SP_DB_AGAIN)
            break;
    }
    return result;
}

/* One shop's page breaks a rule of the tables: each by itself, so that it alone waits. */
static enum sp_result store_apart(struct sp_ctx *ctx, struct pull_page pages[], size_t count)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        result = store_pages(ctx, &pages[i], 1);
        if (result != SP_REJECT)
            continue;
        sp_log(SP_ERROR, "page-refused", "error", sp_ctx_error(ctx)->text, NULL);
        page_give_up(ctx, &pages[i], "PAGE_NOT_STORED");
        result = store_pages(ctx, &pages[i], 1);
    }
    return result;
}

/* ---- one round
 * ------------------------------------------------------------------------------------------------
 */

static enum sp_result perform_round(struct sp_ctx *ctx, struct pull_round *round)
{
    struct tiktok_call calls[PULL_MOST];
    for (size_t i = 0; i < round->page_count; i++) {
        page_ask(ctx, &round->pages[i]);
        calls[i] = round->pages[i].call;
    }
    tiktok_perform(ctx, calls, round->page_count);
    for (size_t i = 0; i < round->page_count; i++) {
        round->pages[i].call = calls[i];
        page_read(ctx, &round->pages[i]);
    }
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < round->page_count && result == SP_OK; i++)
        result = details_add(ctx, &round->pages[i]);
    if (result == SP_OK)
        result = store_pages(ctx, round->pages, round->page_count);
    if (result == SP_REJECT)
        result = store_apart(ctx, round->pages, round->page_count);
    tiktok_release(calls, round->page_count);
    return result;
}

/* Who has more to read and still holds the lease goes on. */
static void keep_going(struct pull_round *round)
{
    size_t kept = 0;
    for (size_t i = 0; i < round->page_count; i++) {
        const struct pull_page *page = &round->pages[i];
        if (!page->step.stored || page->step.wait_ms >= 0)
            continue;
        page->task->began_us = page->step.began_us;
        round->pages[kept++] = (struct pull_page){.task = page->task};
    }
    round->page_count = kept;
}

/* What is still open after the last round is given back: due at once, lease not needed. */
static enum sp_result give_back(struct sp_ctx *ctx, struct pull_round *round)
{
    if (round->page_count == 0)
        return SP_OK;
    for (size_t i = 0; i < round->page_count; i++)
        round->pages[i].step = (struct pull_step){.task = round->pages[i].task};
    return store_pages(ctx, round->pages, round->page_count);
}

static enum sp_result take_pulls(struct sp_ctx *ctx, struct pull_round *round)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_pulls(ctx, round->tasks, PULL_MOST, &round->task_count);
    if (result == SP_OK && round->task_count > 0)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

static void begin_pages(struct pull_round *round)
{
    for (size_t i = 0; i < round->task_count; i++)
        round->pages[round->page_count++] = (struct pull_page){.task = &round->tasks[i]};
}

enum sp_result pull_pages(struct sp_ctx *ctx)
{
    struct pull_round *round = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *round);
    enum sp_result result = take_pulls(ctx, round);
    if (result != SP_OK || round->task_count == 0)
        return result;
    for (size_t i = 0; i < round->task_count && result == SP_OK; i++)
        result = warehouses_refresh(ctx, &round->tasks[i]);
    begin_pages(round);
    for (int i = 0; i < PULL_ROUNDS && round->page_count > 0 && result == SP_OK; i++) {
        if (sp_stopping(ctx))
            break;
        result = perform_round(ctx, round);
        keep_going(round);
    }
    if (result == SP_OK)
        result = give_back(ctx, round);
    bool more = round->page_count > 0 || round->task_count == PULL_MOST;
    return result == SP_OK && more ? SP_AGAIN : result;
}
