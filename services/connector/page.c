/* One page of a pull. */
#include "services/connector/page.h"

#include "common/crypto.h"
#include "services/connector/access.h"
#include "services/connector/budget.h"

enum {
    WAIT_MAX_MS = 5 * 60 * 1000,
    TOKEN_WAIT_MS = 3000,
    CONSENT_WAIT_MS = 10 * 60 * 1000,
    RUN_TRIES = 6,        /* refusals after which a run ends with its reason */
    SWEEP_PAUSE_MS = 500, /* between the pages of a sweep */
    SHOWN_TRIES = 3,      /* failures after which people see why */
};

static bool is_run(const struct pull_task *task)
{
    return sp_text_is(task->kind, "run");
}

/* A second look at what the orders' own stream has read: whoever else needs calls goes first. */
static bool is_sweep(const struct pull_task *task)
{
    return sp_text_is(task->kind, "day-sweep") || sp_text_is(task->kind, "month-sweep");
}

static uint32_t random_number(void)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    return random;
}

static int64_t wait_of_try(const struct pull_task *task)
{
    return budget_backoff_ms(task->tries, 0, WAIT_MAX_MS, random_number());
}

/* The stream's period, give or take a tenth: replicas and shops must not march in step. */
static int64_t period_of(struct sp_ctx *ctx, const struct stream *stream)
{
    int64_t every_ms = sp_config_int(sp_ctx_config(ctx), stream->period);
    return every_ms - every_ms / 10 + (int64_t)(random_number() % 1000) * every_ms / 5000;
}

/* Each product that changed costs a call for its details: a page and its details must fit into the
 * budget's burst, or the page would never be completed. */
static int page_size(struct sp_ctx *ctx, const struct pull_page *page)
{
    int64_t rate = sp_config_int(sp_ctx_config(ctx), "SAMPAN_TIKTOK_CALL_RATE");
    int size = page->task->page_size;
    if (size > page->stream->page_most)
        size = page->stream->page_most;
    if (page->stream->of == OF_LISTINGS && size > rate)
        size = (int)rate;
    return size > page->stream->page_least ? size : page->stream->page_least;
}

/* ---- asking
 * ---------------------------------------------------------------------------------------------- */

static void add_number(struct sp_ctx *ctx, struct tiktok_call *call, const char *name,
                       int64_t number)
{
    tiktok_add_param(call, name, sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)number));
}

static void window_to_query(struct sp_ctx *ctx, struct pull_page *page)
{
    if (page->before.at > 0)
        add_number(ctx, &page->call, page->stream->from, page->before.at);
    add_number(ctx, &page->call, page->stream->until, page->before.until);
}

static struct sp_text window_of(struct sp_ctx *ctx, const struct pull_page *page)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    if (page->stream->of == OF_LISTINGS)
        sp_json_put_cstring(&json, "status", "ALL");
    if (page->before.at > 0)
        sp_json_put_int(&json, page->stream->from, page->before.at);
    sp_json_put_int(&json, page->stream->until, page->before.until);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(sp_ctx_arena(ctx), sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

void page_ask(struct sp_ctx *ctx, struct pull_page *page)
{
    struct pull_task *task = page->task;
    const struct stream *stream = page->stream = stream_of(task->kind);
    struct tiktok_call *call = &page->call;
    page->before = task->paging;
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = task->access.shop.shop_id,
        .method = stream->by_query ? "GET" : "POST",
        .path = sp_text_of(stream->path),
        .cipher = task->access.cipher,
        .max_bytes = task->page_size == 1 ? TIKTOK_SINGLE_MAX : TIKTOK_ANSWER_MAX,
        .now_s = task->began_us / 1000000,
    };
    call->token = unseal_access(ctx, &task->access);
    add_number(ctx, call, "page_size", page_size(ctx, page));
    if (stream->time != NULL) {
        tiktok_add_param(call, "sort_field", sp_text_of(stream->time));
        tiktok_add_param(call, "sort_order", SP_TEXT("ASC"));
    }
    if (page->before.token.size > 0)
        tiktok_add_param(call, "page_token", page->before.token);
    if (stream->by_query)
        window_to_query(ctx, page);
    else
        call->body = window_of(ctx, page);
}

/* ---- reading
 * ---------------------------------------------------------------------------------------------- */

struct page_ids {
    struct sp_text ids[PAGE_IDS];
    int64_t times[PAGE_IDS];
};

static struct sp_json elements_of(const struct pull_page *page)
{
    return sp_json_get(page->call.answer.data, page->stream->elements);
}

static size_t count_elements(const struct pull_page *page)
{
    struct sp_json_walk walk = sp_json_each(elements_of(page));
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && count < PAGE_IDS && sp_json_next(&walk, NULL, &element))
        count++;
    return count;
}

/* Reads orders; those the page before ended with are left out, but count for the position. */
static size_t read_orders(struct sp_ctx *ctx, struct pull_page *page,
                          const struct accept_source *from, struct page_ids *ids)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct accept_list list = {
        .orders = sp_arena_array(arena, PAGE_IDS, sizeof *list.orders),
        .refused = sp_arena_array(arena, PAGE_IDS, sizeof *list.refused),
    };
    accept_read_orders(ctx, elements_of(page), from, PAGE_IDS, &list);
    page->orders = list.orders;
    page->refused = list.refused;
    page->refused_count = list.refused_count;
    for (size_t i = 0; i < list.count; i++) {
        const struct channel_order *fact = &page->orders[i].order.fact;
        ids->ids[i] = fact->channel_order_id;
        ids->times[i] = is_run(page->task) ? fact->created_at : fact->updated_at;
        if (!paging_was_seen(&page->before, fact->channel_order_id, ids->times[i]))
            page->orders[page->count++] = page->orders[i];
    }
    return list.count;
}

static size_t read_listings(struct sp_ctx *ctx, struct pull_page *page,
                            const struct accept_source *from, struct page_ids *ids)
{
    page->listings = sp_arena_array(sp_ctx_arena(ctx), PAGE_IDS, sizeof *page->listings);
    page->count = accept_read_listings(ctx, elements_of(page), from, page->listings, PAGE_IDS);
    for (size_t i = 0; i < page->count; i++) {
        ids->ids[i] = page->listings[i].fact.product_id;
        ids->times[i] = page->listings[i].fact.updated_at;
    }
    return page->count;
}

static size_t read_returns(struct sp_ctx *ctx, struct pull_page *page,
                           const struct accept_source *from, struct page_ids *ids)
{
    enum return_family family = page->stream->of == OF_RETURNS ? RETURN_GOODS : RETURN_CANCELLATION;
    page->returns = sp_arena_array(sp_ctx_arena(ctx), PAGE_IDS, sizeof *page->returns);
    page->count = accept_read_returns(ctx, elements_of(page), family, from, page->returns);
    for (size_t i = 0; i < page->count; i++) {
        ids->ids[i] = page->returns[i].fact.return_id;
        ids->times[i] = page->returns[i].fact.updated_at;
    }
    return page->count;
}

static size_t read_statements(struct sp_ctx *ctx, struct pull_page *page,
                              const struct accept_source *from, struct page_ids *ids)
{
    page->statements = sp_arena_array(sp_ctx_arena(ctx), PAGE_IDS, sizeof *page->statements);
    page->count = accept_read_statements(ctx, elements_of(page), from, page->statements);
    for (size_t i = 0; i < page->count; i++) {
        ids->ids[i] = page->statements[i].fact.statement_id;
        ids->times[i] = page->statements[i].fact.cut_at;
    }
    return page->count;
}

static size_t (*const readers[])(struct sp_ctx *, struct pull_page *, const struct accept_source *,
                                 struct page_ids *) = {
    [OF_ORDERS] = read_orders,         [OF_LISTINGS] = read_listings,
    [OF_RETURNS] = read_returns,       [OF_CANCELLATIONS] = read_returns,
    [OF_STATEMENTS] = read_statements,
};

/* The position must outlive the answer it was read from. */
static void keep_position(struct sp_ctx *ctx, struct paging *paging)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text *edge = sp_arena_array(arena, paging->edge_count + 1, sizeof *edge);
    for (size_t i = 0; i < paging->edge_count; i++)
        edge[i] = sp_arena_copy(arena, paging->edge[i]);
    paging->edge = edge;
    paging->token = sp_arena_copy(arena, paging->token);
}

static enum paging_next advance(struct sp_ctx *ctx, struct pull_page *page,
                                const struct page_ids *ids, size_t read)
{
    struct sp_text kept[2 * PAGE_IDS];
    struct sp_json data = page->call.answer.data;
    struct paging_page said = {
        .ids = ids->ids,
        .times = ids->times,
        .count = read,
        .left_out = count_elements(page) - read,
        .next_token = sp_json_text(sp_json_get(data, "next_page_token"), sp_ctx_arena(ctx)),
        .total = sp_json_int(sp_json_get(data, "total_count"), 0),
    };
    enum paging_next next = paging_advance(&page->task->paging, &said, kept);
    keep_position(ctx, &page->task->paging);
    return next;
}

/* A little at a time: each step too far costs an answer that is thrown away. */
static int larger(int page_size)
{
    int next = page_size + page_size / 4 + 1;
    return next < PAGE_ORDERS ? next : PAGE_ORDERS;
}

static void step_content(struct sp_ctx *ctx, struct pull_page *page, enum paging_next next)
{
    struct pull_task *task = page->task;
    bool run = is_run(task);
    page->has_content = true;
    page->step = (struct pull_step){
        .task = task,
        .pages = 1,
        .seen = (int64_t)page->count,
        .wait_ms = is_sweep(task) ? SWEEP_PAUSE_MS : -1,
        .done = next == PAGING_DONE,
        .finished = next == PAGING_DONE && run,
    };
    task->tries = 0;
    /* Small pages were for a few large orders; a token belongs to the page size it was given for.
     */
    if (task->paging.token.size == 0)
        task->page_size = larger(task->page_size);
    if (next == PAGING_DONE) {
        /* A window that was halved leaves the rest for at once. */
        bool whole = task->paging.until >= task->began_us / 1000000 - 60;
        page->step.wait_ms = run || !whole ? 0 : period_of(ctx, page->stream);
    }
}

void page_give_up(struct sp_ctx *ctx, struct pull_page *page, const char *problem)
{
    struct pull_task *task = page->task;
    task->paging = page->before;
    /* A token that is no longer good would be refused for ever: from the position instead. */
    task->paging.token = (struct sp_text){0};
    task->tries++;
    page->has_content = false;
    page->step = (struct pull_step){
        .task = task,
        .wait_ms = wait_of_try(task),
        .problem = sp_arena_printf(sp_ctx_arena(ctx), "%s", problem),
        .finished = is_run(task) && task->tries >= RUN_TRIES,
    };
}

static enum accept_way way_of(const struct pull_task *task)
{
    if (is_run(task))
        return sp_text_is(task->reason, "manual") ? WAY_MANUAL : WAY_BACKFILL;
    return sp_text_is(task->kind, "orders") ? WAY_PULL : WAY_SWEEP;
}

static void step_answer(struct sp_ctx *ctx, struct pull_page *page)
{
    struct accept_source from = {page->task->access.shop, page->task->began_us,
                                 page->task->orders_from_s, is_run(page->task), way_of(page->task)};
    struct page_ids *ids = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *ids);
    size_t read = readers[page->stream->of](ctx, page, &from, ids);
    enum paging_next next = advance(ctx, page, ids, read);
    if (next == PAGING_STUCK)
        page_give_up(ctx, page, "PAGE_REPEATED");
    else if (next == PAGING_NARROW)
        page->step = (struct pull_step){.task = page->task, .wait_ms = -1};
    else
        step_content(ctx, page, next);
}

void page_put_off(struct sp_ctx *ctx, struct pull_page *page, const struct tiktok_call *because,
                  int64_t wait_ms)
{
    struct pull_task *task = page->task;
    task->paging = page->before;
    task->tries += because->made;
    if (because->made && wait_ms < wait_of_try(task))
        wait_ms = wait_of_try(task);
    page->has_content = false;
    page->step = (struct pull_step){.task = task, .wait_ms = wait_ms};
    if (task->tries >= SHOWN_TRIES)
        page->step.problem = sp_arena_copy(sp_ctx_arena(ctx), because->answer.message);
}

static void step_smaller(struct sp_ctx *ctx, struct pull_page *page)
{
    struct pull_task *task = page->task;
    int size = page_size(ctx, page);
    if (size == page->stream->page_least) {
        page_give_up(ctx, page, "one page alone is larger than we take");
        return;
    }
    task->page_size = size / 2;
    /* The token belongs to the old page size. */
    task->paging.token = (struct sp_text){0};
    page->step = (struct pull_step){.task = task, .wait_ms = -1};
}

void page_read(struct sp_ctx *ctx, struct pull_page *page)
{
    switch (page->call.answer.outcome) {
    case TIKTOK_DONE:
        step_answer(ctx, page);
        break;
    case TIKTOK_LATER:
        page_put_off(ctx, page, &page->call, page->call.wait_ms);
        break;
    case TIKTOK_TOKEN:
        page->token_refused = true;
        page_put_off(ctx, page, &page->call, TOKEN_WAIT_MS);
        break;
    case TIKTOK_CONSENT:
        page->task->tries = SHOWN_TRIES;
        page_put_off(ctx, page, &page->call, CONSENT_WAIT_MS);
        break;
    case TIKTOK_REFUSED:
        page_give_up(
            ctx, page,
            sp_arena_printf(sp_ctx_arena(ctx), "%.*s", SP_FMT(page->call.answer.message)).data);
        break;
    case TIKTOK_TOO_BIG:
        step_smaller(ctx, page);
        break;
    }
}
