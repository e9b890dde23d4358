/* Goods issues asked for by placement, and goods that came back. */
#include <stdlib.h>
#include <string.h>

#include "services/inventory/handlers.h"
#include "services/inventory/store.h"

/* What runs through the paragraphs of on_fulfilment_requested. */
struct fulfilment_work {
    struct issue_case *issues;
    struct order_record *orders; /* each once, ordered */
    size_t order_count;
    struct ground ground;
    struct stock_effect *effects;
    size_t effect_count;
    struct issue_record *stored; /* of those that are not fresh */
    size_t stored_count;
};

/* ---- load -------------------------------------------------------------------------- */

static void fill_case(const struct sp_batch *batch, size_t i, struct issue_case *issue)
{
    const struct fulfilment_requested *request =
        (const struct fulfilment_requested *)batch->messages + i;
    size_t row = batch->claimed_row[i];
    bool fresh = sp_row_bool(batch->claimed, row, CLAIM_ISSUE_FRESH);
    *issue = (struct issue_case){
        .account_id = request->head.account_id,
        .key = request->head.key,
        .order_key = request->order_id,
        .warehouse_id = request->warehouse_id,
        .wanted = request->wanted,
        .counted = fresh && store_likely_state(request) == ISSUE_AWAITING,
        .state = fresh ? ISSUE_NONE
                       : sp_state_of(&goods_issue_machine,
                                     sp_row_text(batch->claimed, row, CLAIM_ISSUE_STATE)),
        .reason = ""};
}

/* What was asked for first stays, so an issue that is not fresh is read from its row. */
static enum sp_result load_stored(struct sp_ctx *ctx, const struct sp_batch *batch,
                                  struct fulfilment_work *work)
{
    struct order_ref *refs = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *refs);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (!sp_row_bool(batch->claimed, batch->claimed_row[i], CLAIM_ISSUE_FRESH))
            refs[count++] = (struct order_ref){work->issues[i].account_id, work->issues[i].key};
    }
    return store_find_issues(ctx, refs, count, &work->stored, &work->stored_count);
}

static void parts_of_request(struct sp_ctx *ctx, const struct fulfilment_requested *request,
                             struct issue_case *issue)
{
    struct issue_part *parts =
        sp_arena_array(sp_ctx_arena(ctx), request->lines_count, sizeof *parts);
    for (size_t i = 0; i < request->lines_count; i++)
        parts[i] = (struct issue_part){request->lines[i].line, request->lines[i].variant_id,
                                       request->lines[i].pieces};
    issue->parts = parts;
    issue->part_count = request->lines_count;
}

static void fill_parts(struct sp_ctx *ctx, const struct sp_batch *batch,
                       struct fulfilment_work *work)
{
    size_t at = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct issue_case *issue = &work->issues[i];
        struct order_ref ref = {issue->account_id, issue->key};
        if (at == work->stored_count || order_ref_compare(&work->stored[at].ref, &ref) != 0) {
            parts_of_request(ctx, (const struct fulfilment_requested *)batch->messages + i, issue);
            continue;
        }
        issue->order_key = work->stored[at].order_key;
        issue->warehouse_id = work->stored[at].warehouse_id;
        issue->parts = work->stored[at].parts;
        issue->part_count = work->stored[at++].part_count;
    }
}

static enum sp_result load_orders(struct sp_ctx *ctx, const struct sp_batch *batch,
                                  struct fulfilment_work *work)
{
    struct order_ref *refs = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *refs);
    for (size_t i = 0; i < batch->count; i++)
        refs[i] = (struct order_ref){work->issues[i].account_id, work->issues[i].order_key};
    qsort(refs, batch->count, sizeof *refs, order_ref_compare);
    work->order_count = unique_refs(refs, batch->count, sizeof *refs, order_ref_compare);
    work->orders = sp_arena_array(sp_ctx_arena(ctx), work->order_count, sizeof *work->orders);
    struct shop_ref *accounts = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *accounts);
    for (size_t i = 0; i < work->order_count; i++) {
        work->orders[i].ref = refs[i];
        accounts[i] = (struct shop_ref){refs[i].account_id, 0};
    }
    enum sp_result result = store_lock_orders(ctx, work->orders, work->order_count);
    if (result != SP_OK)
        return result;
    struct ground_query query = {
        .shops = accounts,
        .shop_count = unique_refs(accounts, work->order_count, sizeof *accounts, shop_ref_compare)};
    return store_load_ground(ctx, &query, &work->ground);
}

/* ---- decide ------------------------------------------------------------------------ */

static bool warehouse_gives(const struct ground *ground, const struct issue_case *issue)
{
    for (size_t i = 0; i < ground->place_count; i++) {
        const struct warehouse_place *place = &ground->places[i];
        if (place->account_id == issue->account_id && place->warehouse_id == issue->warehouse_id)
            return place->gives;
    }
    return false;
}

static void decide(struct sp_ctx *ctx, struct fulfilment_work *work, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += work->issues[i].part_count;
    work->effects = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *work->effects);
    for (size_t i = 0; i < count; i++) {
        struct issue_case *issue = &work->issues[i];
        struct order_ref ref = {issue->account_id, issue->order_key};
        struct order_record *order =
            bsearch(&ref, work->orders, work->order_count, sizeof *order, order_ref_compare);
        SP_ASSERT(order != NULL); /* all were asked for */
        issue->order_known = order->found;
        issue->standing = order->standing;
        issue->kept = order->kept;
        issue->kept_count = order->kept_count;
        issue->warehouse_gives = warehouse_gives(&work->ground, issue);
        size_t freed = issue_decide(issue, work->effects + work->effect_count);
        work->effect_count += freed;
        order->changed = order->changed || freed > 0;
    }
}

/* ---- save -------------------------------------------------------------------------- */

/* Whether the row says already what was decided. */
static bool is_written(const struct sp_batch *batch, size_t i, const struct issue_case *issue)
{
    size_t row = batch->claimed_row[i];
    const struct fulfilment_requested *requests = batch->messages;
    if (sp_row_bool(batch->claimed, row, CLAIM_ISSUE_FRESH))
        return issue->state == store_likely_state(&requests[i]);
    return sp_text_is(sp_row_text(batch->claimed, row, CLAIM_ISSUE_STATE),
                      goods_issue_machine.states[issue->state]);
}

static void save_verdicts(struct sp_ctx *ctx, const struct sp_batch *batch,
                          const struct fulfilment_work *work)
{
    struct issue_verdict *verdicts =
        sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *verdicts);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct issue_case *issue = &work->issues[i];
        if (!is_written(batch, i, issue))
            verdicts[count++] = (struct issue_verdict){
                {issue->account_id, issue->key}, issue->state, sp_text_of(issue->reason)};
    }
    store_save_verdicts(ctx, verdicts, count);
}

/* What came free is told, and whoever waits for it is served. */
static void save_stock(struct sp_ctx *ctx, struct fulfilment_work *work)
{
    size_t count = stock_effects_sum(work->effects, work->effect_count);
    struct variant_ref *freed = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *freed);
    for (size_t i = 0; i < count; i++)
        freed[i] = (struct variant_ref){work->effects[i].account_id, work->effects[i].variant_id};
    store_change_stock(ctx, work->effects, count);
    qsort(freed, count, sizeof *freed, variant_ref_compare);
    size_t freed_count = unique_refs(freed, count, sizeof *freed, variant_ref_compare);
    store_mark_levels(ctx, freed, freed_count);
    store_mark_refills(ctx, freed, freed_count);
    if (freed_count > 0) {
        sp_wake(ctx, "push-levels");
        sp_wake(ctx, "serve-waiting");
    }
}

/* Goods that wait to be issued as they were asked for are what placement counts on: only what it
 * cannot know is told. */
static bool is_news(const struct sp_batch *batch, size_t i, const struct issue_case *issue)
{
    return issue->state != ISSUE_AWAITING || !is_written(batch, i, issue);
}

static enum sp_result answer(struct sp_ctx *ctx, const struct sp_batch *batch,
                             const struct fulfilment_work *work)
{
    const struct fulfilment_requested *requests = batch->messages;
    struct fulfilment_progressed *answers =
        sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *answers);
    int64_t now = sp_now_us() / 1000000;
    size_t at = 0, count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct issue_case *issue = &work->issues[i];
        struct order_ref ref = {issue->account_id, issue->key};
        int64_t ended = now;
        if (at < work->stored_count && order_ref_compare(&work->stored[at].ref, &ref) == 0) {
            const struct issue_record *stored = &work->stored[at++];
            ended = stored->ended_us > 0 ? stored->ended_us / 1000000 : now;
        }
        if (!is_news(batch, i, issue))
            continue;
        bool refused = issue->state == ISSUE_REFUSED;
        answers[count] = (struct fulfilment_progressed){
            .head = requests[i].head,
            .order_id = issue->order_key,
            .answer = refused ? SP_TEXT("REFUSED") : SP_TEXT("ACCEPTED"),
            .reason = sp_text_of(issue->reason),
            .asked_rev = requests[i].head.rev,
            .issued_at = issue->state == ISSUE_ISSUED ? ended : 0,
            .cancelled_at = issue->state == ISSUE_CANCELLED ? ended : 0};
        answers[count++].head.rev = sp_claimed_rev(batch, i);
    }
    return sp_emit(ctx, &fulfilment_progressed_message, answers, count);
}

/* What a request says is taken off and put on kept parts, and its key is how its order finds it. */
static bool is_sound_request(const struct fulfilment_requested *request)
{
    struct sp_text key = request->head.key, order = request->order_id;
    if (key.size <= order.size || memcmp(key.data, order.data, order.size) != 0 ||
        key.data[order.size] != '/')
        return false;
    for (size_t i = 0; i < request->lines_count; i++) {
        if (request->lines[i].pieces < 0 || request->lines[i].pieces > MOST_PIECES)
            return false;
    }
    return true;
}

/* True when there are any: the batch comes again without them. */
static bool reject_unsound_requests(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct fulfilment_requested *requests = batch->messages;
    bool any = false;
    for (size_t i = 0; i < batch->count; i++) {
        if (is_sound_request(&requests[i]))
            continue;
        any = true;
        sp_reject(ctx, batch, i,
                  "fulfilment \"%.*s\" of order \"%.*s\": not its key, or pieces not from 0 to %d",
                  SP_FMT(requests[i].head.key), SP_FMT(requests[i].order_id), MOST_PIECES);
    }
    return any;
}

enum sp_result on_fulfilment_requested(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    if (reject_unsound_requests(ctx, batch))
        return SP_OK;
    struct fulfilment_work work = {0};
    work.issues = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *work.issues);
    for (size_t i = 0; i < batch->count; i++)
        fill_case(batch, i, &work.issues[i]);
    enum sp_result result = load_stored(ctx, batch, &work);
    if (result != SP_OK)
        return result;
    fill_parts(ctx, batch, &work);
    result = load_orders(ctx, batch, &work);
    if (result != SP_OK)
        return result;
    decide(ctx, &work, batch->count);
    save_verdicts(ctx, batch, &work);
    store_save_changed_orders(ctx, work.orders, work.order_count);
    save_stock(ctx, &work);
    return answer(ctx, batch, &work);
}

/* ---- goods that came back ---------------------------------------------------------- */

static bool is_booked(struct sp_text what)
{
    return sp_text_is(what, "RESTOCK") || sp_text_is(what, "QUARANTINE");
}

/* What a return adds, or with `times` = -1 takes away again: a later revision replaces what an
 * earlier one booked. */
static void book(const struct goods_returned *goods, int64_t times, struct stock_movement *movement,
                 struct stock_effect *effect)
{
    int64_t pieces = is_booked(goods->what) ? goods->pieces * times : 0;
    *movement = (struct stock_movement){.variant = {goods->head.account_id, goods->variant_id},
                                        .warehouse_id = goods->warehouse_id,
                                        .delta = pieces,
                                        .cause = "RETURNED",
                                        .document = goods->head.key,
                                        .reason = goods->what};
    *effect =
        (struct stock_effect){.account_id = goods->head.account_id,
                              .variant_id = goods->variant_id,
                              .warehouse_id = goods->warehouse_id,
                              .on_hand = pieces,
                              .quarantined = sp_text_is(goods->what, "QUARANTINE") ? pieces : 0};
}

static struct goods_returned booked_before(const struct sp_batch *batch, size_t i)
{
    size_t row = batch->claimed_row[i];
    struct goods_returned before = ((const struct goods_returned *)batch->messages)[i];
    before.variant_id = sp_row_int(batch->claimed, row, CLAIM_BOOKED_VARIANT);
    before.warehouse_id = sp_row_int(batch->claimed, row, CLAIM_BOOKED_WAREHOUSE);
    before.pieces = sp_row_int(batch->claimed, row, CLAIM_BOOKED_PIECES);
    before.what = sp_row_text(batch->claimed, row, CLAIM_BOOKED_WHAT);
    return before;
}

static bool is_sound_return(const struct goods_returned *goods)
{
    return goods->variant_id > 0 && goods->warehouse_id > 0 && goods->pieces >= 0 &&
           goods->pieces <= MOST_PIECES &&
           (is_booked(goods->what) || sp_text_is(goods->what, "SCRAP"));
}

/* Tells which cannot be booked; true when there are any: the batch comes again without them. */
static bool reject_unsound_returns(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct goods_returned *returns = batch->messages;
    bool any = false;
    for (size_t i = 0; i < batch->count; i++) {
        if (is_sound_return(&returns[i]))
            continue;
        any = true;
        sp_reject(ctx, batch, i, "%lld pieces of variant %lld to warehouse %lld: not possible",
                  (long long)returns[i].pieces, (long long)returns[i].variant_id,
                  (long long)returns[i].warehouse_id);
    }
    return any;
}

enum sp_result on_goods_returned(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    if (reject_unsound_returns(ctx, batch))
        return SP_OK;
    const struct goods_returned *returns = batch->messages;
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct stock_movement *movements = sp_arena_array(arena, 2 * batch->count, sizeof *movements);
    struct stock_effect *effects = sp_arena_array(arena, 2 * batch->count, sizeof *effects);
    struct variant_ref *variants = sp_arena_array(arena, 2 * batch->count, sizeof *variants);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct goods_returned before = booked_before(batch, i);
        book(&before, -1, &movements[count], &effects[count]);
        count += movements[count].delta != 0;
        book(&returns[i], 1, &movements[count], &effects[count]);
        count += movements[count].delta != 0;
    }
    for (size_t i = 0; i < count; i++)
        variants[i] = movements[i].variant;
    store_save_booked(ctx, returns, batch->count);
    store_book_movements(ctx, movements, count);
    store_add_stock(ctx, effects, stock_effects_sum(effects, count));
    qsort(variants, count, sizeof *variants, variant_ref_compare);
    count = unique_refs(variants, count, sizeof *variants, variant_ref_compare);
    store_mark_levels(ctx, variants, count);
    store_mark_refills(ctx, variants, count);
    sp_wake(ctx, "push-levels");
    sp_wake(ctx, "serve-waiting");
    return SP_OK;
}
