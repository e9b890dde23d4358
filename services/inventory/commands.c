/* Commands of people: warehouses, push rules, issuing goods. */
#include <stdlib.h>
#include <string.h>

#include "services/inventory/ask_store.h"
#include "services/inventory/asks.h"

enum { MOST_NAME = 120, MOST_PRIORITY = 1000000, MOST_ISSUES = 200, MOST_RESERVE = 1000000 };

static const char *const warehouse_kinds[] = {"OWN", "CLOUD_STOCKING", "CLOUD_CONSOLIDATION"};

/* ---- warehouses -------------------------------------------------------------------- */

static bool is_kind(struct sp_text kind)
{
    return sp_text_among(kind, warehouse_kinds, SP_COUNT(warehouse_kinds)) >= 0;
}

static enum sp_result read_warehouse(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     struct warehouse_form *form, struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    *form =
        (struct warehouse_form){.account_id = ask->account_id,
                                .warehouse_id = sp_json_int(sp_json_get(body, "id"), 0),
                                .name = sp_json_text(sp_json_get(body, "name"), sp_ctx_arena(ctx)),
                                .kind = sp_json_text(sp_json_get(body, "kind"), sp_ctx_arena(ctx)),
                                .priority = sp_json_int(sp_json_get(body, "priority"), 0)};
    if (form->kind.size == 0)
        form->kind = SP_TEXT("OWN");
    if (form->name.size == 0 || form->name.size > MOST_NAME)
        return sp_answer_problem(answer, 422, "NAME_WANTED", "a name of 1 to %d bytes is wanted",
                                 MOST_NAME);
    if (!is_kind(form->kind))
        return sp_answer_problem(answer, 422, "UNKNOWN_KIND", "there is no kind \"%.*s\"",
                                 SP_FMT(form->kind));
    if (form->priority < 0 || form->priority > MOST_PRIORITY)
        return sp_answer_problem(answer, 422, "PRIORITY_RANGE", "priority goes from 0 to %d",
                                 MOST_PRIORITY);
    return SP_OK;
}

enum sp_result ask_save_warehouse(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct warehouse_form form;
    enum sp_result result = read_warehouse(ctx, ask, &form, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_save_warehouse(ctx, &form);
    if (rows == NULL && strcmp(sp_db_sqlstate(sp_ctx_db(ctx)), "23505") == 0)
        return sp_answer_problem(answer, 409, "NAME_TAKEN", "another warehouse is called so");
    if (rows == NULL)
        return ask_failure(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 422, "NOT_POSSIBLE",
                                 "there is no such warehouse of this kind, or there are %d already",
                                 MOST_WAREHOUSES);
    struct sp_text id =
        sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)sp_row_int(rows, 0, 0));
    struct warehouse_saved saved = {
        .head = {.account_id = ask->account_id, .key = id, .rev = sp_row_int(rows, 0, 1)},
        .warehouse_id = sp_row_int(rows, 0, 0),
        .name = form.name,
        .kind = form.kind,
        .approved = sp_row_bool(rows, 0, 2),
        .priority = form.priority};
    memcpy(saved.head.trace, ask->trace, sizeof saved.head.trace);
    store_mark_heal_account(ctx, ask->account_id);
    sp_wake(ctx, "heal-shops");
    answer->status = form.warehouse_id == 0 ? 201 : 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 3));
    return sp_emit(ctx, &warehouse_saved_message, &saved, 1);
}

/* ---- push rules -------------------------------------------------------------------- */

static bool within(int64_t value, int64_t most)
{
    return value >= 0 && value <= most;
}

enum sp_result ask_save_push_rule(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct shop_ref shop = {ask->account_id, sp_json_int(sp_json_get(body, "shop_id"), 0)};
    struct level_rule rule = {.percent = sp_json_int(sp_json_get(body, "percent"), 100),
                              .reserve = sp_json_int(sp_json_get(body, "reserve"), 0),
                              .most = sp_json_int(sp_json_get(body, "most"), 0),
                              .threshold = sp_json_int(sp_json_get(body, "threshold"), 0)};
    if (!within(rule.percent, 100) || !within(rule.reserve, MOST_RESERVE) ||
        !within(rule.most, MOST_PIECES) || !within(rule.threshold, MOST_RESERVE))
        return sp_answer_problem(answer, 422, "OUT_OF_RANGE",
                                 "percent goes from 0 to 100, reserve and threshold to %d",
                                 MOST_RESERVE);
    store_save_push_rule(ctx, &shop, &rule);
    store_mark_shop_levels(ctx, &shop);
    sp_wake(ctx, "push-levels");
    return answer_document(ctx, store_ask_push_rule(ctx, shop.account_id, shop.shop_id), answer);
}

/* ---- goods leave ------------------------------------------------------------------- */

static enum sp_result read_keys(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_text keys[MOST_ISSUES], size_t *count)
{
    struct sp_json body, id;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    *count = 0;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "ids"));
    while (sp_json_next(&walk, NULL, &id)) {
        if (*count == MOST_ISSUES)
            return sp_fail(sp_ctx_error(ctx), SP_REJECT, "at most %d goods issues at a time",
                           MOST_ISSUES);
        keys[(*count)++] = sp_json_text(id, sp_ctx_arena(ctx));
    }
    return SP_OK;
}

struct leaving {
    struct issue_record *found; /* ordered by key, locked */
    size_t found_count;
    const char **reasons; /* why each of them stays; empty: it leaves */
    struct order_record *orders;
    size_t order_count;
    const struct issue_record **issues; /* those that leave */
    size_t count;
    struct stock_effect *effects;
    struct stock_movement *movements;
    size_t effect_count;
};

/* The order may have been cancelled or held since the goods issue was made: its row is locked, so
 * that whatever is decided here is decided before or after that, never beside it. */
static enum sp_result lock_their_orders(struct sp_ctx *ctx, struct leaving *leaving)
{
    size_t count = leaving->found_count;
    struct order_ref *refs = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *refs);
    for (size_t i = 0; i < count; i++)
        refs[i] = (struct order_ref){leaving->found[i].ref.account_id, leaving->found[i].order_key};
    qsort(refs, count, sizeof *refs, order_ref_compare);
    leaving->order_count = unique_refs(refs, count, sizeof *refs, order_ref_compare);
    leaving->orders =
        sp_arena_array(sp_ctx_arena(ctx), leaving->order_count, sizeof *leaving->orders);
    for (size_t i = 0; i < leaving->order_count; i++)
        leaving->orders[i].ref = refs[i];
    return store_lock_orders(ctx, leaving->orders, leaving->order_count);
}

static void leave(const struct sp_ask *ask, size_t at, struct leaving *leaving)
{
    const struct issue_record *record = &leaving->found[at];
    struct order_ref ref = {record->ref.account_id, record->order_key};
    struct order_record *order =
        bsearch(&ref, leaving->orders, leaving->order_count, sizeof *order, order_ref_compare);
    SP_ASSERT(order != NULL); /* all were asked for */
    struct issue_case issue = {.account_id = record->ref.account_id,
                               .key = record->ref.key,
                               .warehouse_id = record->warehouse_id,
                               .parts = record->parts,
                               .part_count = record->part_count,
                               .state = record->state,
                               .order_known = order->found,
                               .standing = order->standing,
                               .kept = order->kept,
                               .kept_count = order->kept_count};
    bool leaves = issue_issue(&issue, leaving->effects + leaving->effect_count);
    leaving->reasons[at] = issue.reason;
    if (!leaves)
        return;
    leaving->issues[leaving->count++] = record;
    order->changed = true;
    for (size_t i = 0; i < record->part_count; i++, leaving->effect_count++)
        leaving->movements[leaving->effect_count] = (struct stock_movement){
            .variant = {record->ref.account_id, record->parts[i].variant_id},
            .warehouse_id = record->warehouse_id,
            .delta = -record->parts[i].pieces,
            .cause = "ISSUED",
            .document = record->ref.key,
            .user = ask->user};
}

static void decide_leaving(struct sp_ctx *ctx, const struct sp_ask *ask, struct leaving *leaving)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t parts = 0;
    for (size_t i = 0; i < leaving->found_count; i++)
        parts += leaving->found[i].part_count;
    leaving->reasons = sp_arena_array(arena, leaving->found_count, sizeof *leaving->reasons);
    leaving->issues = sp_arena_array(arena, leaving->found_count, sizeof *leaving->issues);
    leaving->effects = sp_arena_array(arena, parts, sizeof *leaving->effects);
    leaving->movements = sp_arena_array(arena, parts, sizeof *leaving->movements);
    for (size_t i = 0; i < leaving->found_count; i++)
        leave(ask, i, leaving);
}

static enum sp_result save_leaving(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct leaving *leaving)
{
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), leaving->count, sizeof *keys);
    struct fulfilment_progressed *facts =
        sp_arena_array(sp_ctx_arena(ctx), leaving->count, sizeof *facts);
    for (size_t i = 0; i < leaving->count; i++) {
        const struct issue_record *record = leaving->issues[i];
        int64_t rev = record->rev + 1;
        keys[i] = record->ref.key;
        facts[i] = (struct fulfilment_progressed){
            .head = {.account_id = record->ref.account_id,
                     .key = record->ref.key,
                     .rev = rev > sp_rev_floor(ctx) ? rev : sp_rev_floor(ctx)},
            .order_id = record->order_key,
            .answer = SP_TEXT("ACCEPTED"),
            .asked_rev = record->asked_rev,
            .issued_at = sp_now_us() / 1000000};
        memcpy(facts[i].head.trace, record->trace, SP_TRACE_BYTES);
    }
    store_end_issues(ctx, ask->account_id, keys, leaving->count, ask->user);
    store_save_changed_orders(ctx, leaving->orders, leaving->order_count);
    store_book_movements(ctx, leaving->movements, leaving->effect_count);
    size_t changes = stock_effects_sum(leaving->effects, leaving->effect_count);
    store_lock_stock(ctx, leaving->effects, changes);
    store_change_stock(ctx, leaving->effects, changes);
    return sp_emit(ctx, &fulfilment_progressed_message, facts, leaving->count);
}

static const char *reason_to_stay(const struct sp_ask *ask, const struct leaving *leaving,
                                  struct sp_text key)
{
    struct order_ref ref = {ask->account_id, key};
    for (size_t i = 0; i < leaving->found_count; i++) {
        if (order_ref_compare(&leaving->found[i].ref, &ref) == 0)
            return leaving->reasons[i];
    }
    return "ISSUE_UNKNOWN";
}

static void put_items(const struct sp_ask *ask, const struct sp_text keys[], size_t count,
                      const struct leaving *leaving, struct sp_answer *answer)
{
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t i = 0; i < count; i++) {
        const char *reason = reason_to_stay(ask, leaving, keys[i]);
        sp_json_open_object(&json, NULL);
        sp_json_put_string(&json, "id", keys[i]);
        sp_json_put_cstring(&json, "result", reason[0] == '\0' ? "ISSUED" : "REFUSED");
        if (reason[0] != '\0')
            sp_json_put_cstring(&json, "reason", reason);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
}

enum sp_result ask_issue(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_text keys[MOST_ISSUES];
    struct order_ref refs[MOST_ISSUES];
    struct leaving leaving = {.count = 0};
    size_t count = 0;
    if (read_keys(ctx, ask, keys, &count) != SP_OK)
        return SP_REJECT;
    for (size_t i = 0; i < count; i++)
        refs[i] = (struct order_ref){ask->account_id, keys[i]};
    qsort(refs, count, sizeof *refs, order_ref_compare);
    store_lock_issues(ctx, ask->account_id, keys, count);
    enum sp_result result =
        store_find_issues(ctx, refs, unique_refs(refs, count, sizeof *refs, order_ref_compare),
                          &leaving.found, &leaving.found_count);
    if (result == SP_OK)
        result = lock_their_orders(ctx, &leaving);
    if (result != SP_OK)
        return result;
    decide_leaving(ctx, ask, &leaving);
    put_items(ask, keys, count, &leaving, answer);
    return save_leaving(ctx, ask, &leaving);
}
