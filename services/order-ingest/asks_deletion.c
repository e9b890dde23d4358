/* Putting orders away, and taking them out again: many at once, each with its result. */
#include "services/order-ingest/asks.h"

#include <stdlib.h>

#include "services/order-ingest/deletion_rules.h"
#include "services/order-ingest/deletion_store.h"
#include "services/order-ingest/store.h"

/* What a person asked for, and what became of it. */
struct deletion_case {
    struct sp_text asked[DELETION_ORDERS]; /* in the order of the request */
    size_t asked_count;
    struct sp_text granted[DELETION_ORDERS];
    bool overridden;
    struct deletion deletion;
};

static enum sp_result read_form(struct sp_ctx *ctx, struct deletion_case *of,
                                struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body, id;
    struct sp_error why;
    if (sp_json_parse(of->deletion.ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "ids"));
    while (sp_json_next(&walk, NULL, &id)) {
        if (of->asked_count == DELETION_ORDERS)
            return sp_answer_problem(answer, 422, "TOO_MANY", "at most %d orders at a time",
                                     DELETION_ORDERS);
        of->asked[of->asked_count++] = sp_json_text(id, arena);
    }
    of->overridden = sp_json_bool(sp_json_get(body, "override"));
    of->deletion.reason = sp_json_text(sp_json_get(body, "reason"), arena);
    if (of->asked_count == 0)
        return sp_answer_problem(answer, 422, "IDS_WANTED", "at least one order is wanted");
    if (of->deletion.reason.size > DELETION_REASON_BYTES)
        return sp_answer_problem(answer, 422, "TOO_LONG", "a reason has at most %d bytes",
                                 DELETION_REASON_BYTES);
    if (of->overridden && of->deletion.reason.size == 0)
        return sp_answer_problem(answer, 422, "REASON_WANTED",
                                 "deleting what is not cancelled takes a reason");
    return SP_OK;
}

/* NULL: what is asked for may be done. */
static const char *refusal(const struct deletion_case *of, const struct sp_rows *rows, size_t row)
{
    if (!of->deletion.deleted)
        return NULL;
    return deletion_refusal(sp_row_text(rows, row, LOCKED_STAGE),
                            sp_row_text(rows, row, LOCKED_STATUS), of->overridden);
}

static bool is_so(const struct deletion_case *of, const struct sp_rows *rows, size_t row)
{
    return sp_row_bool(rows, row, LOCKED_DELETED) == of->deletion.deleted;
}

/* ---- saying it --------------------------------------------------------------------------------
 */

static void put_reason(struct sp_json_writer *json, const char *code, struct sp_text value)
{
    sp_json_open_array(json, "reasons");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "code", code);
    sp_json_put_string(json, "value", value);
    sp_json_close_object(json);
    sp_json_close_array(json);
}

static void put_result(struct sp_json_writer *json, const struct deletion_case *of,
                       struct sp_text id, const struct sp_rows *rows)
{
    size_t row = 0;
    while (row < sp_rows_count(rows) && !sp_text_equal(sp_row_text(rows, row, LOCKED_ID), id))
        row++;
    bool known = row < sp_rows_count(rows), so = known && is_so(of, rows, row);
    const char *code = !known ? "NOT_FOUND" : so ? NULL : refusal(of, rows, row);
    const char *done = of->deletion.deleted ? "DELETED" : "RESTORED";
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", id);
    sp_json_put_cstring(json, "result", code != NULL ? "REFUSED" : so ? "UNCHANGED" : done);
    if (code != NULL)
        put_reason(json, code, known ? sp_row_text(rows, row, LOCKED_STAGE) : SP_TEXT(""));
    sp_json_close_object(json);
}

/* ---- doing it ---------------------------------------------------------------------------------
 */

static enum sp_result tell(struct sp_ctx *ctx, const struct deletion *deletion,
                           const struct sp_rows *rows)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(rows);
    struct channel_order *orders = sp_arena_array(arena, count, sizeof *orders);
    struct order_recorded *recorded = sp_arena_array(arena, count, sizeof *recorded);
    const struct sp_head **heads = sp_arena_array(arena, count, sizeof *heads);
    for (size_t i = 0; i < count; i++) {
        if (store_read_recorded(ctx, deletion->ask, rows, i, &orders[i]) != SP_OK)
            return SP_REJECT;
        ingest_record(&orders[i], orders[i].head.rev, arena, &recorded[i]);
        recorded[i].deleted = deletion->deleted;
        heads[i] = &orders[i].head;
    }
    store_note_changes(ctx, heads, count);
    store_note_deletions(ctx, orders, count, deletion->deleted ? -1 : 1);
    return sp_emit(ctx, &order_recorded_message, recorded, count);
}

static enum sp_result carry_out(struct sp_ctx *ctx, struct deletion_case *of,
                                const struct sp_rows *locked)
{
    for (size_t row = 0; row < sp_rows_count(locked); row++) {
        if (!is_so(of, locked, row) && refusal(of, locked, row) == NULL)
            of->granted[of->deletion.count++] = sp_row_text(locked, row, LOCKED_ID);
    }
    of->deletion.ids = of->granted;
    if (of->deletion.count == 0)
        return SP_OK;
    const struct sp_rows *rows = store_set_deleted(ctx, &of->deletion);
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : tell(ctx, &of->deletion, rows);
}

static enum sp_result change(struct sp_ctx *ctx, const struct sp_ask *ask, bool deleted,
                             struct sp_answer *answer)
{
    struct deletion_case *of = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *of);
    of->deletion = (struct deletion){.ask = ask, .deleted = deleted};
    enum sp_result result = read_form(ctx, of, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows =
        store_lock_orders(ctx, ask->account_id, of->asked, of->asked_count);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    result = carry_out(ctx, of, rows);
    if (result != SP_OK)
        return result;
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t i = 0; i < of->asked_count; i++)
        put_result(&json, of, of->asked[i], rows);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

enum sp_result ask_delete_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    return change(ctx, ask, true, answer);
}

enum sp_result ask_restore_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    return change(ctx, ask, false, answer);
}
