#include "services/placement/place_flow.h"

#include <stdlib.h>
#include <string.h>

#include "services/placement/place_save.h"

/* ---- load -------------------------------------------------------------------------------------
 */

/* Costs matter for drafts alone. */
static size_t add_variants(const struct placing_case *order, struct variant_price refs[])
{
    size_t count = 0;
    if (!decision_is_of_draft(order) && order->trigger == BY_FACT)
        return 0;
    for (size_t i = 0; i < order->fact->lines_count; i++) {
        const struct allocated_line *line = &order->fact->lines[i];
        for (size_t k = 0; k < line->parts_count; k++)
            refs[count++] = (struct variant_price){.account_id = order->fact->head.account_id,
                                                   .variant_id = line->parts[k].variant_id};
    }
    return count;
}

static size_t count_parts(const struct order_allocated *fact)
{
    size_t count = 0;
    for (size_t i = 0; i < fact->lines_count; i++)
        count += fact->lines[i].parts_count;
    return count;
}

/* Gives each case its account's part of the ground. */
static void hand_out(const struct place_flow *flow, const struct ground *ground)
{
    size_t wallet = 0, from = 0, to = 0;
    for (size_t i = 0; i < flow->count; i++) {
        struct placing_case *order = &flow->cases[i];
        int64_t account_id = order->fact->head.account_id;
        while (ground->wallets[wallet].terms.account_id < account_id)
            wallet++;
        while (from < ground->warehouse_count && ground->warehouses[from].account_id < account_id)
            from++;
        to = to < from ? from : to;
        while (to < ground->warehouse_count && ground->warehouses[to].account_id == account_id)
            to++;
        struct shop_ref shop = {account_id, order->fact->shop_id};
        order->wallet = &ground->wallets[wallet];
        order->warehouses = ground->warehouses + from;
        order->warehouse_count = to - from;
        order->shop_known =
            ground->shop_count > 0 && bsearch(&shop, ground->shops, ground->shop_count, sizeof shop,
                                              shop_ref_compare) != NULL;
    }
}

static bool may_refund(const struct placing_case *order)
{
    return order->trigger == BY_ANSWER && order->before.charged_minor > 0;
}

/* Which wallets money may move in. */
static void choose_locks(const struct place_flow *flow, struct ground_query *query)
{
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = &flow->cases[i];
        bool places = decision_may_place(order);
        query->lock_automatic = query->lock_automatic || places;
        query->lock_all =
            query->lock_all || may_refund(order) || (places && order->trigger == BY_HAND);
    }
}

static enum sp_result load_ground(struct sp_ctx *ctx, const struct place_flow *flow, bool lock,
                                  struct ground *ground)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < flow->count; i++)
        most += count_parts(flow->cases[i].fact);
    struct variant_price *variants = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *variants);
    struct shop_ref *shops = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *shops);
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = &flow->cases[i];
        count += add_variants(order, variants + count);
        shops[i] = (struct shop_ref){order->fact->head.account_id, order->fact->shop_id};
    }
    qsort(variants, count, sizeof *variants, variant_price_compare);
    qsort(shops, flow->count, sizeof *shops, shop_ref_compare);
    struct ground_query query = {
        .shops = shops,
        .shop_count = unique_refs(shops, flow->count, sizeof *shops, shop_ref_compare),
        .variants = variants,
        .variant_count = unique_refs(variants, count, sizeof *variants, variant_price_compare)};
    if (lock)
        choose_locks(flow, &query);
    enum sp_result result = store_load_ground(ctx, &query, ground);
    if (result == SP_OK)
        hand_out(flow, ground);
    return result;
}

enum sp_result place_flow_ground(struct sp_ctx *ctx, struct place_flow *flow, struct ground *ground)
{
    return load_ground(ctx, flow, false, ground);
}

/* ---- decide ------------------------------------------------------------------------------------
 */

static int by_age(const void *left, const void *right)
{
    const struct placing_case *a = *(struct placing_case *const *)left,
                              *b = *(struct placing_case *const *)right;
    if (a->fact->created_at != b->fact->created_at)
        return a->fact->created_at < b->fact->created_at ? -1 : 1;
    return order_ref_compare(&a->before.ref, &b->before.ref);
}

static void decide(struct sp_ctx *ctx, struct place_flow *flow, const struct ground *ground)
{
    struct placing_case **oldest_first =
        sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *oldest_first);
    for (size_t i = 0; i < flow->count; i++)
        oldest_first[i] = &flow->cases[i];
    qsort(oldest_first, flow->count, sizeof *oldest_first, by_age);
    flow->oldest_first = oldest_first;
    struct decision_ground stand = {.arena = sp_ctx_arena(ctx),
                                    .prices = &ground->prices,
                                    .now_us = ground->now_us,
                                    .rev_floor = sp_rev_floor(ctx),
                                    .findings =
                                        sp_arena_alloc(sp_ctx_arena(ctx), sizeof(struct findings))};
    for (size_t i = 0; i < flow->count; i++)
        decision_make(&stand, oldest_first[i]);
}

enum sp_result place_flow_run(struct sp_ctx *ctx, struct place_flow *flow)
{
    struct ground ground = {.wallet_count = 0};
    enum sp_result result = load_ground(ctx, flow, true, &ground);
    if (result != SP_OK)
        return result;
    decide(ctx, flow, &ground);
    return place_save(ctx, flow, &ground);
}

enum sp_result place_flow_load(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                               struct place_flow *flow)
{
    struct found_cases found;
    enum sp_result result = store_lock_placings(ctx, refs, count, &found);
    flow->cases = found.list;
    flow->count = found.count;
    return result;
}

enum sp_result place_flow_look(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                               struct place_flow *flow)
{
    struct found_cases found;
    enum sp_result result = store_read_placings(ctx, refs, count, &found);
    flow->cases = found.list;
    flow->count = found.count;
    return result;
}
