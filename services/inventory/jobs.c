#include "services/inventory/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "services/inventory/order_flow.h"

/* Levels are told at most this often, and for no more than one part in LEVEL_SHARE of the time:
 * under load the figures of many orders go out as one. */
enum { LEVEL_PAUSE_MS = 100, LEVEL_LONGEST_MS = 5000, LEVEL_SHARE = 20 };

static enum sp_result give_up(struct sp_ctx *ctx, enum sp_result result)
{
    sp_rollback(ctx);
    return result;
}

/* ---- orders decided again ---------------------------------------------------------- */

/* `refs` ordered, each once.  What is no longer stored is left out. */
static enum sp_result decide_again(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct order_flow *flow)
{
    struct order_mapped *facts = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *facts);
    flow->cases = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *flow->cases);
    /* The rows of decisions first: a fact read before their lock may be an old one. */
    struct order_record *locks = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *locks);
    for (size_t i = 0; i < count; i++)
        locks[i].ref = refs[i];
    enum sp_result result = store_lock_orders(ctx, locks, count);
    if (result == SP_OK)
        result = store_load_facts(ctx, refs, count, facts);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].head.rev > 0 && locks[i].found)
            flow->cases[flow->count++].fact = &facts[i];
    }
    flow->why = DECIDED_AGAIN;
    return order_flow_run(ctx, flow);
}

/* ---- the line of waiting orders ---------------------------------------------------- */

static size_t orders_in(struct sp_ctx *ctx, const struct waiting_place places[], size_t count,
                        struct order_ref **refs)
{
    *refs = sp_arena_array(sp_ctx_arena(ctx), count, sizeof **refs);
    for (size_t i = 0; i < count; i++)
        (*refs)[i] = (struct order_ref){places[i].account_id, places[i].order_key};
    qsort(*refs, count, sizeof **refs, order_ref_compare);
    return unique_refs(*refs, count, sizeof **refs, order_ref_compare);
}

static int by_variant(const void *left, const void *right)
{
    const struct refill_mark *a = left, *b = right;
    int order = variant_ref_compare(&a->variant, &b->variant);
    return order != 0 ? order : (a->mark_id > b->mark_id) - (a->mark_id < b->mark_id);
}

/* Marks whose line has gone on stay, behind the last order looked at; the others are done. */
static void save_marks(struct sp_ctx *ctx, struct refill_mark marks[], size_t count,
                       const struct waiting_place places[], size_t place_count)
{
    struct refill_mark *moved = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *moved);
    struct refill_mark *ended = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *ended);
    size_t moved_count = 0, ended_count = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct waiting_place *last = NULL;
        for (; at < place_count; at++) {
            struct variant_ref ref = {places[at].account_id, places[at].variant_id};
            if (variant_ref_compare(&ref, &marks[i].variant) != 0)
                break;
            last = &places[at];
        }
        if (last == NULL) {
            ended[ended_count++] = marks[i];
            continue;
        }
        marks[i].after_since = last->since;
        marks[i].after_key = last->order_key;
        moved[moved_count++] = marks[i];
    }
    store_move_refills(ctx, moved, moved_count);
    store_end_refills(ctx, ended, ended_count);
}

/* Several marks of a variant are one: the earliest place in line counts. */
static size_t join_marks(struct refill_mark marks[], size_t count, struct refill_mark doubles[],
                         size_t *double_count)
{
    qsort(marks, count, sizeof *marks, by_variant);
    size_t kept = 0;
    *double_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || variant_ref_compare(&marks[kept - 1].variant, &marks[i].variant) != 0) {
            marks[kept++] = marks[i];
            continue;
        }
        struct refill_mark *first = &marks[kept - 1];
        if (marks[i].after_since < first->after_since ||
            (marks[i].after_since == first->after_since &&
             sp_text_compare(marks[i].after_key, first->after_key) < 0)) {
            first->after_since = marks[i].after_since;
            first->after_key = marks[i].after_key;
        }
        doubles[(*double_count)++] = marks[i];
    }
    return kept;
}

static enum sp_result serve(struct sp_ctx *ctx, struct refill_mark marks[], size_t count)
{
    struct refill_mark doubles[STORE_REFILL_MARKS];
    size_t double_count, place_count;
    struct waiting_place *places;
    count = join_marks(marks, count, doubles, &double_count);
    store_end_refills(ctx, doubles, double_count);
    enum sp_result result = store_next_in_line(ctx, marks, count, &places, &place_count);
    if (result != SP_OK)
        return result;
    struct variant_ref serving[STORE_REFILL_MARKS];
    for (size_t i = 0; i < count; i++)
        serving[i] = marks[i].variant;
    struct order_ref *refs;
    size_t ref_count = orders_in(ctx, places, place_count, &refs);
    struct order_flow flow = {.serving = serving, .serving_count = count};
    if (ref_count > 0)
        result = decide_again(ctx, refs, ref_count, &flow);
    if (result == SP_OK)
        save_marks(ctx, marks, count, places, place_count);
    return result;
}

static enum sp_result serve_waiting(struct sp_ctx *ctx)
{
    struct refill_mark marks[STORE_REFILL_MARKS];
    size_t count = 0;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_take_refills(ctx, marks, &count);
    if (result != SP_OK || count == 0)
        return give_up(ctx, result);
    result = serve(ctx, marks, count);
    if (result != SP_OK)
        return give_up(ctx, result);
    result = sp_commit(ctx);
    return result == SP_OK ? SP_AGAIN : result;
}

/* ---- shops that changed ------------------------------------------------------------ */

static enum sp_result heal(struct sp_ctx *ctx, struct heal_mark *mark)
{
    struct order_ref *refs;
    size_t count;
    if (mark->after_key.size == 0) {
        store_mark_shop_levels(ctx, &mark->shop);
        sp_wake(ctx, "push-levels");
    }
    enum sp_result result = store_next_of_shop(ctx, mark, &refs, &count);
    if (result != SP_OK)
        return result;
    struct order_flow flow = {.count = 0};
    if (count > 0)
        result = decide_again(ctx, refs, count, &flow);
    if (result != SP_OK)
        return result;
    if (count < STORE_WALK_ORDERS) {
        store_end_heal(ctx, mark);
        return SP_OK;
    }
    mark->after_key = refs[count - 1].key;
    store_move_heal(ctx, mark);
    return SP_OK;
}

static enum sp_result heal_shops(struct sp_ctx *ctx)
{
    struct heal_mark mark = {.mark_id = 0};
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_take_heal(ctx, &mark);
    if (result != SP_OK || mark.mark_id == 0)
        return give_up(ctx, result);
    result = heal(ctx, &mark);
    if (result != SP_OK)
        return give_up(ctx, result);
    result = sp_commit(ctx);
    return result == SP_OK ? SP_AGAIN : result;
}

/* ---- levels ------------------------------------------------------------------------ */

static int by_ref(const void *left, const void *right)
{
    const struct level_row *a = left, *b = right;
    return order_ref_compare(&a->ref, &b->ref);
}

static struct level_row *levels_of(struct sp_ctx *ctx, const struct listing_row listings[],
                                   size_t count)
{
    struct level_row *levels = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *levels);
    for (size_t i = 0; i < count; i++) {
        const struct listing_row *listing = &listings[i];
        levels[i].ref.account_id = listing->ref.account_id;
        levels[i].ref.key =
            sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s-%.*s", (long long)listing->shop_id,
                            SP_FMT(listing->sku_id), SP_FMT(listing->channel_warehouse));
        levels[i].quantity = level_of(listing->parts, listing->part_count, &listing->rule);
    }
    return levels;
}

static enum sp_result emit_levels(struct sp_ctx *ctx, const struct listing_row listings[],
                                  size_t count)
{
    struct level_row *levels = levels_of(ctx, listings, count);
    struct level_row *ordered = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *ordered);
    memcpy(ordered, levels, count * sizeof *ordered);
    qsort(ordered, count, sizeof *ordered, by_ref);
    enum sp_result result = store_tell_levels(ctx, ordered, count);
    if (result != SP_OK)
        return result;
    struct stock_level *facts = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *facts);
    size_t fact_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct level_row *told =
            bsearch(&levels[i].ref, ordered, count, sizeof *told, order_ref_compare);
        SP_ASSERT(told != NULL);
        if (told->rev == 0)
            continue;
        facts[fact_count++] = (struct stock_level){
            .head = {.account_id = told->ref.account_id, .key = told->ref.key, .rev = told->rev},
            .shop_id = listings[i].shop_id,
            .product_id = listings[i].product_id,
            .sku_id = listings[i].sku_id,
            .channel_warehouse_id = listings[i].channel_warehouse,
            .quantity = told->quantity};
    }
    return sp_emit(ctx, &stock_level_message, facts, fact_count);
}

static enum sp_result tell(struct sp_ctx *ctx, bool *more)
{
    struct order_ref *refs;
    struct listing_row *listings;
    size_t count = 0, found = 0;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_take_level_marks(ctx, &refs, &count, more);
    if (result == SP_OK && count > 0)
        result = store_load_listings(ctx, refs, count, &listings, &found);
    if (result == SP_OK && found > 0)
        result = emit_levels(ctx, listings, found);
    return result == SP_OK ? sp_commit(ctx) : give_up(ctx, result);
}

static int64_t pause_after(int64_t took_ms)
{
    int64_t pause_ms = took_ms * (LEVEL_SHARE - 1);
    if (pause_ms < LEVEL_PAUSE_MS)
        return LEVEL_PAUSE_MS;
    return pause_ms < LEVEL_LONGEST_MS ? pause_ms : LEVEL_LONGEST_MS;
}

static enum sp_result push_levels(struct sp_ctx *ctx)
{
    /* Of this process: an early or a late run is never wrong, so nothing is shared. */
    static _Atomic int64_t next_ms;
    int64_t began_ms = sp_monotonic_us() / 1000;
    if (began_ms < next_ms)
        return SP_OK;
    bool more = false;
    enum sp_result result = tell(ctx, &more);
    if (result == SP_OK && more)
        return SP_AGAIN;
    int64_t ended_ms = sp_monotonic_us() / 1000;
    next_ms = ended_ms + pause_after(ended_ms - began_ms);
    return result;
}

const struct sp_job inventory_jobs[] = {
    {"push-levels", LEVEL_PAUSE_MS, push_levels},
    {"serve-waiting", 2000, serve_waiting},
    {"heal-shops", 2000, heal_shops},
    {0},
};
