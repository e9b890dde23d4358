/* What statements are made of: read page by page, each transaction a fact, the statement behind
 * them. */
#include "common/crypto.h"
#include "services/connector/accept.h"
#include "services/connector/access.h"
#include "services/connector/budget.h"
#include "services/connector/call.h"
#include "services/connector/finance_json.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/statement_store.h"

enum {
    STATEMENTS_MOST = TIKTOK_CALLS,
    WAIT_MAX_MS = 60 * 60 * 1000,
    TOKEN_WAIT_MS = 3000,
    CONSENT_WAIT_MS = 10 * 60 * 1000,
    AGAIN_MAX = 3, /* how often a list that lacks what is said to be there is read anew */
};

struct statement_round {
    struct statement_task tasks[STATEMENTS_MOST];
    struct tiktok_call calls[STATEMENTS_MOST];
    struct statement_step steps[STATEMENTS_MOST];
    size_t count;
    struct channel_settlement *facts; /* of all pages; whose are a page's is in `first` */
    size_t first[STATEMENTS_MOST + 1];
    bool token_refused[STATEMENTS_MOST];
};

static void ask(struct sp_ctx *ctx, const struct statement_task *task, struct tiktok_call *call)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = task->access.shop.shop_id,
        .method = "GET",
        .path = sp_arena_printf(sp_ctx_arena(ctx),
                                "/finance/202501/statements/%.*s/statement_transactions",
                                SP_FMT(task->fact.statement_id)),
        .token = unseal_access(ctx, &task->access),
        .cipher = task->access.cipher,
        .now_s = task->began_us / 1000000,
    };
    tiktok_add_param(call, "sort_field", SP_TEXT("order_create_time"));
    tiktok_add_param(call, "sort_order", SP_TEXT("ASC"));
    tiktok_add_param(call, "page_size", sp_arena_printf(sp_ctx_arena(ctx), "%d", PAGE_IDS));
    if (task->token.size > 0)
        tiktok_add_param(call, "page_token", task->token);
}

/* ---- what came back
 * ------------------------------------------------------------------------------------- */

static int64_t wait_of_try(int tries)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    return budget_backoff_ms(tries, 0, WAIT_MAX_MS, random);
}

static struct statement_step put_off(struct sp_ctx *ctx, struct statement_task *task,
                                     const struct tiktok_call *call)
{
    int64_t wait_ms = call->wait_ms;
    if (call->answer.outcome == TIKTOK_TOKEN)
        wait_ms = TOKEN_WAIT_MS;
    if (call->answer.outcome == TIKTOK_CONSENT)
        wait_ms = CONSENT_WAIT_MS;
    /* A token that is no longer good would be refused for ever. */
    if (call->answer.outcome == TIKTOK_REFUSED) {
        task->token = (struct sp_text){0};
        task->told = 0;
    }
    task->tries += call->made;
    if (call->made && wait_ms < wait_of_try(task->tries))
        wait_ms = wait_of_try(task->tries);
    return (struct statement_step){
        .task = task,
        .wait_ms = wait_ms,
        .problem = sp_arena_copy(sp_ctx_arena(ctx), call->answer.message),
    };
}

/* Every element counts as told, those that cannot be read too: the number says whether all came. */
static size_t read_transactions(struct sp_ctx *ctx, const struct statement_task *task,
                                struct sp_json array, struct channel_settlement facts[])
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    struct sp_error err;
    size_t count = 0;
    for (size_t i = 0; !walk.object && i < PAGE_IDS && sp_json_next(&walk, NULL, &element); i++) {
        struct channel_settlement *fact = &facts[count];
        if (tiktok_read_transaction(element, &task->fact, sp_ctx_arena(ctx), fact, &err) != SP_OK) {
            accept_leave_out("settlement", &err);
            continue;
        }
        int64_t shop_id = task->access.shop.shop_id;
        fact->shop_id = shop_id;
        fact->head = (struct sp_head){
            .account_id = task->access.shop.account_id,
            .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s/%.*s", (long long)shop_id,
                                   SP_FMT(fact->statement_id), SP_FMT(fact->transaction_id)),
            .rev = sp_rev_floor(ctx) + task->reading};
        count++;
    }
    return count;
}

/* The last page of a list that lacks some: from the beginning, before it is believed. */
static struct statement_step read_anew(struct statement_task *task)
{
    task->again++;
    task->token = (struct sp_text){0};
    task->told = 0;
    return (struct statement_step){.task = task,
                                   .wait_ms = wait_of_try(task->again),
                                   .problem = SP_TEXT("TRANSACTIONS_MISSING")};
}

static struct statement_step read_page(struct sp_ctx *ctx, struct statement_task *task,
                                       struct sp_json data)
{
    struct sp_json array = sp_json_get(data, "transactions");
    struct sp_text next = sp_json_text(sp_json_get(data, "next_page_token"), sp_ctx_arena(ctx));
    bool last = sp_json_count(array) == 0 || next.size == 0 || sp_text_equal(next, task->token);
    task->told += (int64_t)sp_json_count(array);
    task->tries = 0;
    if (last && task->again < AGAIN_MAX &&
        task->told < sp_json_int(sp_json_get(data, "total_count"), 0))
        return read_anew(task);
    task->token = last ? (struct sp_text){0} : sp_arena_copy(sp_ctx_arena(ctx), next);
    return (struct statement_step){.task = task, .done = last};
}

static void take_answer(struct sp_ctx *ctx, struct statement_round *round, size_t at)
{
    struct statement_task *task = &round->tasks[at];
    const struct tiktok_call *call = &round->calls[at];
    round->first[at + 1] = round->first[at];
    round->token_refused[at] = call->answer.outcome == TIKTOK_TOKEN;
    if (call->answer.outcome != TIKTOK_DONE) {
        round->steps[at] = put_off(ctx, task, call);
        return;
    }
    round->first[at + 1] += read_transactions(
        ctx, task, sp_json_get(call->answer.data, "transactions"), round->facts + round->first[at]);
    round->steps[at] = read_page(ctx, task, call->answer.data);
}

/* ---- storing it
 * ----------------------------------------------------------------------------------------- */

static enum sp_result tell_statement(struct sp_ctx *ctx, const struct statement_task *task)
{
    struct channel_statement fact = task->fact;
    fact.shop_id = task->access.shop.shop_id;
    fact.transactions = task->told;
    fact.head = (struct sp_head){.account_id = task->access.shop.account_id,
                                 .key = accept_key(ctx, task->access.shop, fact.statement_id),
                                 .rev = sp_rev_floor(ctx) + task->reading};
    accept_count("statement", 1);
    return sp_emit(ctx, &channel_statement_message, &fact, 1);
}

static enum sp_result tell(struct sp_ctx *ctx, const struct statement_round *round)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < round->count && result == SP_OK; i++) {
        size_t count = round->first[i + 1] - round->first[i];
        if (!round->steps[i].stored)
            continue;
        if (count > 0) {
            accept_count("settlement", count);
            result =
                sp_emit(ctx, &channel_settlement_message, round->facts + round->first[i], count);
        }
        if (result == SP_OK && round->steps[i].done)
            result = tell_statement(ctx, &round->tasks[i]);
    }
    return result;
}

static enum sp_result store(struct sp_ctx *ctx, struct statement_round *round)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < round->count; i++) {
        const struct shop_access *access = &round->tasks[i].access;
        if (round->token_refused[i])
            store_token_refused(ctx, access->shop.account_id, access->grant_id);
    }
    /* The rows are locked first: who lost his lease tells nothing. */
    result = store_step_statements(ctx, round->steps, round->count);
    if (result == SP_OK)
        result = tell(ctx, round);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

static enum sp_result take(struct sp_ctx *ctx, struct statement_round *round)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_statements(ctx, round->tasks, STATEMENTS_MOST, &round->count);
    if (result == SP_OK && round->count > 0)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result read_statements(struct sp_ctx *ctx)
{
    struct statement_round *round = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *round);
    enum sp_result result = take(ctx, round);
    if (result != SP_OK || round->count == 0)
        return result;
    round->facts = sp_arena_array(sp_ctx_arena(ctx), round->count * PAGE_IDS, sizeof *round->facts);
    for (size_t i = 0; i < round->count; i++)
        ask(ctx, &round->tasks[i], &round->calls[i]);
    tiktok_perform(ctx, round->calls, round->count);
    for (size_t i = 0; i < round->count; i++)
        take_answer(ctx, round, i);
    result = store(ctx, round);
    tiktok_release(round->calls, round->count);
    return result == SP_OK ? SP_AGAIN : result;
}
