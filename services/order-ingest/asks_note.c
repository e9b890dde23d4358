/* Notes on orders.  What is written goes into no log, no answer that is kept, and no fact. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/note_rules.h"
#include "services/order-ingest/note_store.h"
#include "services/order-ingest/store.h"

enum sp_result ask_notes(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return ingest_answer_document(
        ctx, store_list_notes(ctx, ask->account_id, sp_ask_param(ask, "id")), answer);
}

/* Live screens look at the order again. */
static enum sp_result put_version(struct sp_ctx *ctx, const struct note_version *note,
                                  struct sp_answer *answer)
{
    const struct sp_head head = {.account_id = note->key.account_id, .key = note->key.order_id};
    const struct sp_head *const heads[] = {&head};
    store_put_note(ctx, note);
    store_note_changes(ctx, heads, 1);
    answer->status = note->version == 1 ? 201 : 200;
    sp_buffer_printf(&answer->body, "{\"note\":%lld,\"version\":%lld}", (long long)note->key.note,
                     (long long)note->version);
    return SP_OK;
}

enum sp_result ask_add_note(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct note_key key = {.account_id = ask->account_id, .order_id = sp_ask_param(ask, "id")};
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, NULL) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "the body is not JSON");
    struct sp_text text = sp_json_text(sp_json_get(body, "text"), sp_ctx_arena(ctx));
    if (!note_text_ok(text, NOTE_CHARACTERS))
        return sp_answer_problem(answer, 422, "NOTE_BAD", "a note has 1 to %d characters",
                                 NOTE_CHARACTERS);
    const struct sp_rows *rows = store_find_note(ctx, &key);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    if (sp_row_int(rows, 0, 0) >= ORDER_NOTES)
        return sp_answer_problem(answer, 409, "NOTES_FULL", "an order has at most %d notes",
                                 ORDER_NOTES);
    key.note = sp_row_int(rows, 0, 0) + 1;
    const struct note_version first = {key, 1, ask->user, &text};
    return put_version(ctx, &first, answer);
}

static enum sp_result refuse(enum note_fault fault, struct sp_answer *answer)
{
    if (fault == NOTE_GONE)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such note");
    if (fault == NOTE_CHANGED)
        return sp_answer_problem(answer, 409, "NOTE_CHANGED", "somebody changed it meanwhile");
    return sp_answer_problem(answer, 409, "NOTES_FULL", "a note is changed at most %d times",
                             NOTE_VERSIONS - 2);
}

enum sp_result ask_change_note(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct note_key key = {.account_id = ask->account_id, .order_id = sp_ask_param(ask, "id")};
    struct note_change change;
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, NULL) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "the body is not JSON");
    if (note_read_change(body, sp_ctx_arena(ctx), &change) != SP_OK)
        return sp_answer_problem(answer, 422, "NOTE_BAD", "a note has 1 to %d characters",
                                 NOTE_CHARACTERS);
    if (ingest_read_id(ask, "note", &key.note, NULL) != SP_OK)
        return refuse(NOTE_GONE, answer);
    const struct sp_rows *rows = store_find_note(ctx, &key);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return refuse(NOTE_GONE, answer);
    int64_t version = sp_row_int(rows, 0, 1);
    enum note_fault fault = note_check_change(version, sp_row_bool(rows, 0, 2), &change);
    if (fault != NOTE_FINE)
        return refuse(fault, answer);
    const struct note_version next = {key, version + 1, ask->user,
                                      change.deletes ? NULL : &change.text};
    return put_version(ctx, &next, answer);
}
