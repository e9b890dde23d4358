#include "services/inventory/order_flow.h"

#include <stdlib.h>
#include <string.h>

/* What runs through the paragraphs. */
struct flow_work {
    struct order_record *before; /* of case i; found is false when fresh */
    struct ground ground;
    bool *decided; /* case i was decided, not rejected */
};

static struct order_ref ref_of_case(const struct order_case *order)
{
    return (struct order_ref){order->fact->head.account_id, order->fact->head.key};
}

/* ---- load -------------------------------------------------------------------------- */

static enum sp_result load_before(struct sp_ctx *ctx, const struct order_flow *flow,
                                  struct flow_work *work)
{
    struct order_record *known = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *known);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        if (!flow->cases[i].fresh)
            known[count++].ref = ref_of_case(&flow->cases[i]);
    }
    enum sp_result result = store_lock_orders(ctx, known, count);
    work->before = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *work->before);
    size_t at = 0;
    for (size_t i = 0; i < flow->count; i++) {
        struct order_case *order = &flow->cases[i];
        work->before[i].ref = ref_of_case(order);
        if (!order->fresh)
            work->before[i] = known[at++];
        order->before = work->before[i].kept;
        order->before_count = work->before[i].kept_count;
        order->since = work->before[i].since;
    }
    return result;
}

static size_t count_parts(const struct order_case *order)
{
    size_t count = order->before_count;
    for (size_t i = 0; i < order->fact->lines_count; i++)
        count += order->fact->lines[i].parts_count;
    return count;
}

/* A variant that an order needs, and how much of it when that can be said before the decision. */
struct need {
    struct variant_ref variant; /* first, so that needs compare as variants do */
    int64_t pieces;
};

static size_t add_needs(const struct order_case *order, struct need needs[])
{
    static const struct shop_terms most = {.reserve_unpaid = true};
    int64_t account_id = order->fact->head.account_id;
    size_t count = 0;
    for (size_t i = 0; i < order->before_count; i++)
        needs[count++].variant = (struct variant_ref){account_id, order->before[i].variant_id};
    if (!allocation_standing(order->fact, &most).takes)
        return count;
    for (size_t i = 0; i < order->fact->lines_count; i++) {
        const struct mapped_line *line = &order->fact->lines[i];
        for (size_t k = 0; k < line->parts_count; k++) {
            if (!sp_text_is(line->parts[k].supply, "STOCKED"))
                continue;
            struct need *need = &needs[count++];
            need->variant = (struct variant_ref){account_id, line->parts[k].variant_id};
            if (!line->cancelled)
                need->pieces = allocation_pieces(line, &line->parts[k]);
        }
    }
    return count;
}

/* One for each variant, with the sum of what is wanted. */
static size_t sum_needs(struct need needs[], size_t count)
{
    size_t kept = 0;
    qsort(needs, count, sizeof *needs, variant_ref_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && variant_ref_compare(&needs[kept - 1], &needs[i]) == 0)
            needs[kept - 1].pieces += needs[i].pieces;
        else
            needs[kept++] = needs[i];
    }
    return kept;
}

static bool all_fresh(const struct order_flow *flow)
{
    for (size_t i = 0; i < flow->count; i++) {
        if (!flow->cases[i].fresh)
            return false;
    }
    return true;
}

static void ask_for_variants(struct sp_ctx *ctx, const struct order_flow *flow,
                             struct ground_query *query)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < flow->count; i++)
        most += count_parts(&flow->cases[i]);
    struct need *needs = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *needs);
    for (size_t i = 0; i < flow->count; i++)
        count += add_needs(&flow->cases[i], needs + count);
    count = sum_needs(needs, count);
    struct variant_ref *variants = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *variants);
    int64_t *wanted = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        variants[i] = needs[i].variant;
        wanted[i] = needs[i].pieces;
    }
    query->variants = variants;
    query->variant_count = count;
    /* What orders held before goes back first, so what they want more is known only then. */
    query->wanted = count > 0 && all_fresh(flow) ? wanted : NULL;
}

static void mark_serving(const struct order_flow *flow, const struct ground *ground)
{
    if (flow->serving_count == 0)
        return;
    for (size_t i = 0; i < ground->book->count; i++) {
        struct stock_figure *figure = ground->book->figures[i];
        struct variant_ref ref = {figure->account_id, figure->variant_id};
        figure->serving = bsearch(&ref, flow->serving, flow->serving_count, sizeof ref,
                                  variant_ref_compare) != NULL;
    }
}

static enum sp_result load_ground(struct sp_ctx *ctx, const struct order_flow *flow,
                                  struct flow_work *work)
{
    struct shop_ref *shops = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *shops);
    for (size_t i = 0; i < flow->count; i++)
        shops[i] =
            (struct shop_ref){flow->cases[i].fact->head.account_id, flow->cases[i].fact->shop_id};
    qsort(shops, flow->count, sizeof *shops, shop_ref_compare);
    struct ground_query query = {
        .shops = shops,
        .shop_count = unique_refs(shops, flow->count, sizeof *shops, shop_ref_compare)};
    ask_for_variants(ctx, flow, &query);
    enum sp_result result = store_load_ground(ctx, &query, &work->ground);
    if (result == SP_OK)
        mark_serving(flow, &work->ground);
    return result;
}

/* ---- decide ------------------------------------------------------------------------ */

static int by_age(const void *left, const void *right)
{
    const struct order_case *a = *(struct order_case *const *)left,
                            *b = *(struct order_case *const *)right;
    if (a->fact->created_at != b->fact->created_at)
        return a->fact->created_at < b->fact->created_at ? -1 : 1;
    struct order_ref first = ref_of_case(a), second = ref_of_case(b);
    return order_ref_compare(&first, &second);
}

static struct shop_terms terms_of(const struct ground *ground, const struct order_mapped *fact)
{
    struct shop_ref ref = {fact->head.account_id, fact->shop_id};
    const struct shop_row *row =
        ground->shop_count == 0
            ? NULL
            : bsearch(&ref, ground->shops, ground->shop_count, sizeof *row, shop_ref_compare);
    return row == NULL ? (struct shop_terms){.reserve_unpaid = true} : row->terms;
}

/* The account's own part of the list of places. */
static struct allocation_ground ground_of(struct sp_ctx *ctx, const struct ground *ground,
                                          int64_t account_id)
{
    size_t from = 0, to;
    while (from < ground->place_count && ground->places[from].account_id < account_id)
        from++;
    for (to = from; to < ground->place_count && ground->places[to].account_id == account_id;)
        to++;
    return (struct allocation_ground){.arena = sp_ctx_arena(ctx),
                                      .book = ground->book,
                                      .places = ground->places + from,
                                      .place_count = to - from};
}

static enum sp_result decide(struct sp_ctx *ctx, const struct order_flow *flow,
                             struct flow_work *work)
{
    struct order_case **oldest_first =
        sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *oldest_first);
    work->decided = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *work->decided);
    for (size_t i = 0; i < flow->count; i++)
        oldest_first[i] = &flow->cases[i];
    qsort(oldest_first, flow->count, sizeof *oldest_first, by_age);
    for (size_t i = 0; i < flow->count; i++) {
        struct order_case *order = oldest_first[i];
        size_t at = (size_t)(order - flow->cases);
        struct allocation_ground ground =
            ground_of(ctx, &work->ground, order->fact->head.account_id);
        order->shop = terms_of(&work->ground, order->fact);
        enum sp_result result = allocation_decide(&ground, order, sp_ctx_error(ctx));
        if (result != SP_OK && flow->reject == NULL)
            return result;
        if (result != SP_OK)
            flow->reject(flow->context, at, sp_ctx_error(ctx)->text);
        work->decided[at] = result == SP_OK;
    }
    return SP_OK;
}

/* ---- save -------------------------------------------------------------------------- */

static struct order_record record_of(struct sp_ctx *ctx, struct order_case *order,
                                     const struct order_record *before)
{
    int64_t floor = sp_rev_floor(ctx);
    order->rev = before->rev + 1 > floor ? before->rev + 1 : floor;
    struct order_record record = {.ref = ref_of_case(order),
                                  .found = before->found,
                                  .rev = order->rev,
                                  .since = order->fact->created_at,
                                  .standing = order->standing};
    record.kept = sp_arena_array(sp_ctx_arena(ctx), order->after_count, sizeof *record.kept);
    for (size_t i = 0; i < order->after_count; i++) {
        const struct kept_part *part = &order->after[i];
        if (part->reserved > 0 || part->missing > 0 || part->issuing > 0)
            record.kept[record.kept_count++] = *part;
    }
    qsort(record.kept, record.kept_count, sizeof *record.kept, kept_part_compare);
    return record;
}

static bool is_changed(const struct order_record *before, const struct order_record *after)
{
    if (!before->found || before->kept_count != after->kept_count ||
        before->standing.takes != after->standing.takes ||
        before->standing.may_issue != after->standing.may_issue)
        return true;
    for (size_t i = 0; i < after->kept_count; i++) {
        const struct kept_part *a = &before->kept[i], *b = &after->kept[i];
        if (kept_part_compare(a, b) != 0 || a->warehouse_id != b->warehouse_id ||
            a->reserved != b->reserved || a->missing != b->missing || a->issuing != b->issuing)
            return true;
    }
    return false;
}

static size_t places_of(const struct order_record *record, struct waiting_place places[])
{
    size_t count = 0;
    for (size_t i = 0; i < record->kept_count; i++) {
        if (record->kept[i].missing > 0)
            places[count++] = (struct waiting_place){
                record->ref.account_id, record->kept[i].variant_id, record->since, record->ref.key};
    }
    return count;
}

/* Only those who waited or wait now are touched: as a rule nobody. */
static void save_line(struct sp_ctx *ctx, const struct order_record before[],
                      const struct order_record after[], size_t count)
{
    size_t most = 0, left = 0, joined = 0;
    for (size_t i = 0; i < count; i++)
        most += before[i].kept_count + after[i].kept_count;
    struct waiting_place *leave = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *leave);
    struct waiting_place *join = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *join);
    for (size_t i = 0; i < count; i++) {
        left += places_of(&before[i], leave + left);
        joined += places_of(&after[i], join + joined);
    }
    store_leave_line(ctx, leave, left);
    store_join_line(ctx, join, joined);
}

static bool someone_waits(const struct flow_work *work, const struct stock_figure *figure)
{
    for (size_t i = 0; i < work->ground.place_count; i++) {
        const struct stock_figure *other =
            stock_book_find(work->ground.book, figure->account_id, figure->variant_id,
                            work->ground.places[i].warehouse_id);
        if (other != NULL && other->waiting > 0)
            return true;
    }
    return false;
}

/* Marks what is to be told and, where stock came free while orders wait, what is to be served.  A
 * row that did not exist could not be locked, so whoever is waiting on it now may have missed what
 * arrived meanwhile. */
static void save_marks(struct sp_ctx *ctx, const struct flow_work *work)
{
    const struct stock_book *book = work->ground.book;
    struct variant_ref *levels = sp_arena_array(sp_ctx_arena(ctx), book->count, sizeof *levels);
    struct variant_ref *refills = sp_arena_array(sp_ctx_arena(ctx), book->count, sizeof *refills);
    size_t level_count = 0, refill_count = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct stock_figure *figure = book->figures[i];
        struct variant_ref ref = {figure->account_id, figure->variant_id};
        if (figure->held_change == 0 && figure->waiting_change == 0)
            continue;
        levels[level_count++] = ref;
        bool came_free = figure->held_change < 0 && figure->available > 0;
        if (!figure->stored || (came_free && someone_waits(work, figure)))
            refills[refill_count++] = ref;
    }
    qsort(levels, level_count, sizeof *levels, variant_ref_compare);
    level_count = unique_refs(levels, level_count, sizeof *levels, variant_ref_compare);
    qsort(refills, refill_count, sizeof *refills, variant_ref_compare);
    refill_count = unique_refs(refills, refill_count, sizeof *refills, variant_ref_compare);
    store_mark_levels(ctx, levels, level_count);
    store_mark_refills(ctx, refills, refill_count);
    if (level_count > 0)
        sp_wake(ctx, "push-levels");
    if (refill_count > 0)
        sp_wake(ctx, "serve-waiting");
}

static void save_stock(struct sp_ctx *ctx, const struct flow_work *work)
{
    struct stock_effect *effects;
    size_t count = stock_book_effects(work->ground.book, true, &effects);
    store_change_stock(ctx, effects, count);
    count = stock_book_effects(work->ground.book, false, &effects);
    store_add_stock(ctx, effects, count);
    save_marks(ctx, work);
}

static enum sp_result save(struct sp_ctx *ctx, const struct order_flow *flow,
                           const struct flow_work *work)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct order_record *before = sp_arena_array(arena, flow->count, sizeof *before);
    struct order_record *after = sp_arena_array(arena, flow->count, sizeof *after);
    const struct order_mapped **facts = sp_arena_array(arena, flow->count, sizeof *facts);
    struct order_allocated *told = sp_arena_array(arena, flow->count, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        if (!work->decided[i])
            continue;
        struct order_record record = record_of(ctx, &flow->cases[i], &work->before[i]);
        if (flow->why == DECIDED_AGAIN && !is_changed(&work->before[i], &record))
            continue;
        before[count] = work->before[i];
        after[count] = record;
        facts[count] = flow->cases[i].fact;
        allocation_fact(&flow->cases[i], arena, &told[count++]);
    }
    if (flow->why == NEW_FACTS)
        store_save_facts(ctx, after, facts, count);
    else
        store_save_orders(ctx, after, count);
    save_line(ctx, before, after, count);
    save_stock(ctx, work);
    return sp_emit(ctx, &order_allocated_message, told, count);
}

enum sp_result order_flow_run(struct sp_ctx *ctx, struct order_flow *flow)
{
    struct flow_work work = {0};
    enum sp_result result = load_before(ctx, flow, &work);
    if (result == SP_OK)
        result = load_ground(ctx, flow, &work);
    if (result == SP_OK)
        result = decide(ctx, flow, &work);
    return result == SP_OK ? save(ctx, flow, &work) : result;
}
