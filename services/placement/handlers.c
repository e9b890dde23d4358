#include "services/placement/handlers.h"

#include <stdlib.h>

#include "services/placement/place_flow.h"

static enum sp_result on_order_allocated(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_allocated *orders = batch->messages;
    struct placing_case *cases = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *cases);
    for (size_t i = 0; i < batch->count; i++)
        cases[i] =
            (struct placing_case){.fact = &orders[i],
                                  .upstream_rev = orders[i].head.rev,
                                  .fact_is_new = true,
                                  .trigger = BY_FACT,
                                  .before = store_claimed(batch->claimed, batch->claimed_row[i])};
    struct place_flow flow = {.cases = cases, .count = batch->count};
    return place_flow_run(ctx, &flow);
}

/* ---- inventory's answers ------------------------------------------------------------------------
 */

static const struct fulfilment_progressed *answer_for(const struct fulfilment_progressed answers[],
                                                      size_t count, const struct order_ref *ref)
{
    for (size_t i = 0; i < count; i++) {
        if (answers[i].head.account_id == ref->account_id &&
            sp_text_equal(answers[i].order_id, ref->key))
            return &answers[i];
    }
    return NULL;
}

static bool is_plain(const struct fulfilment_progressed *answer)
{
    return sp_text_is(answer_of(answer), "ACCEPTED") && answer->purchased_at == 0 &&
           answer->inspected_at == 0;
}

static void make_case(const struct fulfilment_progressed *answer, struct placing_case *order)
{
    order->trigger = BY_ANSWER;
    if (answer == NULL)
        return;
    order->reason = answer->reason;
    order->purchased = answer->purchased_at > 0 || answer->inspected_at > 0;
    order->inspected = answer->inspected_at > 0;
}

/* The claim has noted every answer; a plain acceptance changes nothing else. */
static enum sp_result on_fulfilment_progressed(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct fulfilment_progressed *all = batch->messages;
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct fulfilment_progressed *answers = sp_arena_array(arena, batch->count, sizeof *answers);
    struct order_ref *refs = sp_arena_array(arena, batch->count, sizeof *refs);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (is_plain(&all[i]))
            continue;
        answers[count] = all[i];
        refs[count++] = (struct order_ref){all[i].head.account_id, all[i].order_id};
    }
    if (count == 0)
        return SP_OK;
    qsort(refs, count, sizeof *refs, order_ref_compare);
    struct place_flow flow = {.count = 0};
    enum sp_result result = place_flow_load(
        ctx, refs, unique_refs(refs, count, sizeof *refs, order_ref_compare), &flow);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < flow.count; i++)
        make_case(answer_for(answers, count, &flow.cases[i].before.ref), &flow.cases[i]);
    return flow.count == 0 ? SP_OK : place_flow_run(ctx, &flow);
}

/* ---- references
 * ---------------------------------------------------------------------------------- */

/* `messages` all begin with a head.  Returns how many accounts they are of. */
static size_t accounts_of(struct sp_ctx *ctx, const struct sp_batch *batch, size_t size,
                          int64_t **list)
{
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *accounts);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct sp_head *head = (const void *)((const char *)batch->messages + i * size);
        if (count == 0 || accounts[count - 1] != head->account_id)
            accounts[count++] = head->account_id;
    }
    *list = accounts;
    return count;
}

static void heal_accounts(struct sp_ctx *ctx, const int64_t accounts[], size_t count)
{
    store_mark_heals(ctx, accounts, count);
    sp_wake(ctx, "heal-drafts");
}

static enum sp_result on_variant_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    int64_t *accounts;
    size_t count = accounts_of(ctx, batch, sizeof(struct variant_saved), &accounts);
    store_raise_cost_revs(ctx, accounts, count);
    heal_accounts(ctx, accounts, count);
    return SP_OK;
}

static enum sp_result on_shop_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    int64_t *accounts;
    size_t count = accounts_of(ctx, batch, sizeof(struct shop_saved), &accounts);
    heal_accounts(ctx, accounts, count);
    return SP_OK;
}

static enum sp_result on_warehouse_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    int64_t *accounts;
    size_t count = accounts_of(ctx, batch, sizeof(struct warehouse_saved), &accounts);
    heal_accounts(ctx, accounts, count);
    return SP_OK;
}

static enum sp_result on_account_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    store_make_wallets(ctx, batch->messages, batch->count);
    int64_t *accounts;
    size_t count = accounts_of(ctx, batch, sizeof(struct account_saved), &accounts);
    heal_accounts(ctx, accounts, count);
    return SP_OK;
}

const struct sp_route placement_routes[] = {
    {&order_allocated_message, store_claim_orders, on_order_allocated},
    {&fulfilment_progressed_message, store_claim_answers, on_fulfilment_progressed},
    {&variant_saved_message, store_claim_variants, on_variant_saved},
    {&shop_saved_message, store_claim_shops, on_shop_saved},
    {&warehouse_saved_message, store_claim_warehouses, on_warehouse_saved},
    {&account_saved_message, store_claim_accounts, on_account_saved},
    {0},
};
