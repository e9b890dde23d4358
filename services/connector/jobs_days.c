/* A second way to the same orders: each day's ids, listed beside the import for the order book to
 * compare.  It shares nothing with the import but the calls. */
#include "common/crypto.h"
#include "services/connector/access.h"
#include "services/connector/budget.h"
#include "services/connector/call.h"
#include "services/connector/day_store.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/value.h"

enum {
    DAYS_MOST = 8,       /* days that one run goes on with, a slice each */
    CROWDED_PAGES = 100, /* of one second; DAY_SLICE_ORDERS end it before */
    TRY_MAX_MS = 30 * 60 * 1000,
    TOKEN_WAIT_MS = 3000,
    CONSENT_WAIT_MS = 10 * 60 * 1000,
};

enum sp_result open_days(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_open_days(ctx);
    return sp_commit(ctx);
}

/* ---- one page
 * ------------------------------------------------------------------------------------------------
 */

static struct sp_text window_of(struct sp_ctx *ctx, const struct day_walk *walk)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "{\"create_time_ge\":%lld,\"create_time_lt\":%lld}",
                           (long long)walk->from, (long long)walk->before);
}

static void ask(struct sp_ctx *ctx, const struct day_task *task, const struct day_walk *walk,
                struct tiktok_call *call)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = task->access.shop.shop_id,
        .method = "POST",
        .path = SP_TEXT("/order/202309/orders/search"),
        .cipher = task->access.cipher,
        .body = window_of(ctx, walk),
        .max_bytes = TIKTOK_SINGLE_MAX,
        .now_s = task->began_us / 1000000,
    };
    call->token = unseal_access(ctx, &task->access);
    tiktok_add_param(call, "page_size", sp_arena_printf(sp_ctx_arena(ctx), "%d", task->page_size));
    tiktok_add_param(call, "sort_field", SP_TEXT("create_time"));
    tiktok_add_param(call, "sort_order", SP_TEXT("DESC"));
    if (walk->token.size > 0)
        tiktok_add_param(call, "page_token", walk->token);
    tiktok_perform(ctx, call, 1);
}

/* Nothing of an order but who it is and when it was created and changed.  Returns how many there
 * are said to be. */
static int64_t read_page(struct sp_ctx *ctx, struct sp_json data, struct day_page *page)
{
    enum { ID, CREATED, UPDATED, MEMBERS };
    static const char *const names[MEMBERS] = {"id", "create_time", "update_time"};
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct day_order *orders = sp_arena_array(arena, DAY_PAGE, sizeof *orders);
    struct sp_json_walk walk = sp_json_each(sp_json_get(data, "orders"));
    struct sp_json element, value[MEMBERS];
    *page = (struct day_page){.orders = orders};
    while (!walk.object && page->count < DAY_PAGE && sp_json_next(&walk, NULL, &element)) {
        sp_json_members(element, names, MEMBERS, value);
        struct sp_text id = sp_json_text(value[ID], arena);
        int64_t created = sp_json_int(value[CREATED], 0);
        if (!tiktok_is_id(id) || created <= 0)
            page->left_out++;
        else
            orders[page->count++] = (struct day_order){sp_arena_copy(arena, id), created,
                                                       sp_json_int(value[UPDATED], 0)};
    }
    struct sp_text token = sp_json_text(sp_json_get(data, "next_page_token"), arena);
    page->next_token = sp_arena_copy(arena, token);
    return sp_json_int(sp_json_get(data, "total_count"), 0);
}

/* ---- what to do behind it
 * ------------------------------------------------------------------------------------ */

static int64_t wait_of_try(const struct day_task *task)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    return budget_backoff_ms(task->tries, 0, TRY_MAX_MS, random);
}

static struct day_step give_up(struct day_task *task, const char *problem)
{
    task->tries++;
    return (struct day_step){
        .task = task, .wait_ms = wait_of_try(task), .problem = sp_text_of(problem), .over = true};
}

static struct day_step put_off(struct sp_ctx *ctx, struct day_task *task,
                               const struct tiktok_call *call)
{
    int64_t wait_ms = call->wait_ms;
    switch (call->answer.outcome) {
    case TIKTOK_TOKEN:
        wait_ms = TOKEN_WAIT_MS;
        break;
    case TIKTOK_CONSENT:
        wait_ms = CONSENT_WAIT_MS;
        break;
    case TIKTOK_TOO_BIG:
        task->page_size = task->page_size > 1 ? task->page_size / 2 : 1;
        break;
    default:
        break;
    }
    task->tries += call->made;
    if (call->made && wait_ms < wait_of_try(task))
        wait_ms = wait_of_try(task);
    return (struct day_step){.task = task,
                             .wait_ms = wait_ms,
                             .problem = sp_arena_copy(sp_ctx_arena(ctx), call->answer.message)};
}

/* Days do not all come back in the same moment. */
static int64_t wait_of_day(struct sp_ctx *ctx, const struct day_task *task)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    int64_t every_ms = sp_config_int(sp_ctx_config(ctx), "SAMPAN_DAY_CHECK_EVERY");
    int64_t wait_ms = day_wait_ms(task->age_days, every_ms);
    return wait_ms < 0 ? wait_ms
                       : wait_ms - wait_ms / 10 + (int64_t)(random % 1000) * wait_ms / 5000;
}

struct day_round {
    struct day_walk walk;
    struct day_slice slice;
    size_t left_out;
    bool token_refused;
    bool tells; /* the slice is to be told */
};

static struct day_step step_slice(struct sp_ctx *ctx, struct day_task *task,
                                  struct day_round *round, bool last)
{
    round->tells = true;
    task->tries = 0;
    task->listed += (int64_t)(round->slice.count + round->left_out);
    task->slice++;
    task->before_s = round->slice.from;
    if (!last)
        return (struct day_step){.task = task};
    return (struct day_step){
        .task = task, .wait_ms = wait_of_day(ctx, task), .over = true, .done = true};
}

/* Pages until a slice is ready: one, but where a second holds more than a page. */
static struct day_step list_slice(struct sp_ctx *ctx, struct day_task *task,
                                  struct day_round *round)
{
    struct day_walk *walk = &round->walk;
    *walk = (struct day_walk){.from = task->from_s, .before = task->before_s};
    walk->orders = sp_arena_array(sp_ctx_arena(ctx), DAY_SLICE_ORDERS, sizeof *walk->orders);
    for (int pages = 0; pages < CROWDED_PAGES; pages++) {
        struct tiktok_call call;
        struct day_page page;
        struct day_step step = {0};
        int64_t total = 0;
        ask(ctx, task, walk, &call);
        if (call.answer.outcome == TIKTOK_DONE)
            total = read_page(ctx, call.answer.data, &page);
        else
            step = put_off(ctx, task, &call);
        round->token_refused = call.answer.outcome == TIKTOK_TOKEN;
        tiktok_release(&call, 1);
        if (step.task != NULL)
            return step;
        if (task->slice == 0 && pages == 0)
            task->total = total;
        round->left_out += page.left_out;
        enum day_next next = day_walk_advance(walk, &page, &round->slice);
        if (next == DAY_WRONG)
            return give_up(task, "the marketplace lists something else than was asked for");
        if (next != DAY_MORE)
            return step_slice(ctx, task, round, next == DAY_LAST);
    }
    return give_up(task, "more orders in one second than are listed");
}

/* ---- storing it
 * ---------------------------------------------------------------------------------------------- */

static enum sp_result tell(struct sp_ctx *ctx, const struct day_task *task,
                           const struct day_round *round, bool last)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct listed_order *orders = sp_arena_array(arena, round->slice.count + 1, sizeof *orders);
    for (size_t i = 0; i < round->slice.count; i++)
        orders[i] = (struct listed_order){round->walk.orders[i].id, round->walk.orders[i].updated};
    int64_t shop_id = task->access.shop.shop_id;
    struct day_listed fact = {
        .head = {.account_id = task->access.shop.account_id,
                 .key = sp_arena_printf(arena, "%lld/%lld/%lld", (long long)shop_id,
                                        (long long)task->day_s, (long long)task->slice),
                 .rev = sp_rev_floor(ctx) + task->check_number},
        .shop_id = shop_id,
        .day = task->day_s,
        .until_at = task->until_s,
        .check_number = task->check_number,
        .slice = task->slice,
        .slices = last ? task->slice : 0,
        .from_at = round->slice.from,
        .before_at = round->slice.before,
        .unreadable = (int64_t)round->left_out,
        .total = last ? task->total : 0,
        .orders = orders,
        .orders_count = round->slice.count,
    };
    return sp_emit(ctx, &day_listed_message, &fact, 1);
}

static enum sp_result store(struct sp_ctx *ctx, struct day_step *step,
                            const struct day_round *round)
{
    const struct shop_access *access = &step->task->access;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    if (round->token_refused)
        store_token_refused(ctx, access->shop.account_id, access->grant_id);
    result = store_step_day(ctx, step);
    if (result == SP_OK && step->stored && round->tells)
        result = tell(ctx, step->task, round, step->done);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result list_days(struct sp_ctx *ctx)
{
    struct day_task tasks[DAYS_MOST];
    size_t count;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_days(ctx, tasks, DAYS_MOST, &count);
    if (result != SP_OK || count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        struct day_round round = {0};
        struct day_step step = list_slice(ctx, &tasks[i], &round);
        result = store(ctx, &step, &round);
    }
    return result;
}
