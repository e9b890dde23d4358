/* Tags: which an account has, and on which orders they are. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/store.h"
#include "services/order-ingest/tag_rules.h"
#include "services/order-ingest/tag_store.h"

/* ---- the account's tags
 * ---------------------------------------------------------------------------------------- */

enum sp_result ask_tags(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return ingest_answer_document(ctx, store_list_tags(ctx, ask->account_id), answer);
}

/* A good form whose name no other tag has; `tag_id` 0: it is a new one. */
static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask, int64_t tag_id,
                                struct tag_form *form, struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    if (tag_read_form(body, sp_ctx_arena(ctx), form, &why) != SP_OK)
        return sp_answer_problem(answer, 422, "TAG_BAD", "%s", why.text);
    const struct sp_rows *rows = store_hold_tags(ctx, ask->account_id, form->name, tag_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_row_bool(rows, 0, 1))
        return sp_answer_problem(answer, 409, "NAME_TAKEN", "another tag has this name");
    if (tag_id == 0 && sp_row_int(rows, 0, 0) >= ACCOUNT_TAGS)
        return sp_answer_problem(answer, 409, "TAGS_FULL", "an account has at most %d tags",
                                 ACCOUNT_TAGS);
    return SP_OK;
}

static enum sp_result answer_tag(struct sp_ctx *ctx, const struct sp_rows *rows, int status,
                                 struct sp_answer *answer)
{
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such tag");
    answer->status = status;
    sp_buffer_printf(&answer->body, "{\"id\":\"%lld\"}", (long long)sp_row_int(rows, 0, 0));
    return SP_OK;
}

enum sp_result ask_make_tag(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct tag_form form;
    enum sp_result result = read_form(ctx, ask, 0, &form, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_make_tag(ctx, ask->account_id, &form);
    if (rows != NULL && sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 409, "NAME_TAKEN", "another tag has this name");
    return answer_tag(ctx, rows, 201, answer);
}

static enum sp_result read_tag(const struct sp_ask *ask, int64_t *tag_id, struct sp_answer *answer)
{
    if (ingest_read_id(ask, "id", tag_id, NULL) == SP_OK && *tag_id > 0)
        return SP_OK;
    return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such tag");
}

enum sp_result ask_change_tag(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    int64_t tag_id = 0;
    struct tag_form form;
    enum sp_result result = read_tag(ask, &tag_id, answer);
    if (result == SP_OK)
        result = read_form(ctx, ask, tag_id, &form, answer);
    if (result != SP_OK)
        return result;
    return answer_tag(ctx, store_change_tag(ctx, ask->account_id, tag_id, &form), 200, answer);
}

enum sp_result ask_delete_tag(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    int64_t tag_id = 0;
    enum sp_result result = read_tag(ask, &tag_id, answer);
    if (result != SP_OK)
        return result;
    sp_wake(ctx, "forget-tags");
    return answer_tag(ctx, store_delete_tag(ctx, ask->account_id, tag_id), 200, answer);
}

/* ---- tags of orders
 * ---------------------------------------------------------------------------------------- */

static enum tag_result decide(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                              const struct tag_wish *wish, struct tag_wish *change)
{
    size_t count = sp_row_ints(rows, row, 2);
    int64_t *now = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *now);
    for (size_t i = 0; i < count; i++)
        now[i] = sp_row_int_at(rows, row, 2, i);
    return sp_row_bool(rows, row, 1) ? tag_decide(now, count, wish, change) : TAGS_NO_ORDER;
}

static void put_result(struct sp_json_writer *json, struct sp_text id, enum tag_result result)
{
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", id);
    sp_json_put_cstring(json, "result", tag_result_name(result));
    sp_json_close_object(json);
}

/* Decides for each order, answers for each, saves and tells what changed. */
static void tag_orders(struct sp_ctx *ctx, const struct sp_ask *ask, const struct tag_wish *wish,
                       const struct sp_rows *rows, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(rows), changed = 0;
    struct sp_head *heads = sp_arena_array(arena, count, sizeof *heads);
    const struct sp_head **told = sp_arena_array(arena, count, sizeof(struct sp_head *));
    struct sp_set *set = store_open_tagging(ctx);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t row = 0; row < count; row++) {
        struct tag_wish change = {.put = {.count = 0}};
        struct sp_text id = sp_row_text(rows, row, 0);
        enum tag_result result = decide(ctx, rows, row, wish, &change);
        put_result(&json, id, result);
        if (result != TAGS_CHANGED)
            continue;
        store_add_tagging(set, id, &change);
        heads[changed] = (struct sp_head){.account_id = ask->account_id, .key = id};
        told[changed] = &heads[changed];
        changed++;
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    if (changed > 0)
        store_put_tagging(ctx, ask, set);
    store_note_changes(ctx, told, changed);
}

enum sp_result ask_tag_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct tagging tagging;
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    if (tag_read_tagging(body, sp_ctx_arena(ctx), &tagging, &why) != SP_OK)
        return sp_answer_problem(answer, 422, "TAGS_BAD", "%s", why.text);
    const struct tag_list *put = &tagging.wish.put;
    const struct sp_rows *known = store_count_tags(ctx, ask->account_id, put);
    if (known == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_row_int(known, 0, 0) < (int64_t)put->count)
        return sp_answer_problem(answer, 422, "TAG_UNKNOWN", "a tag is not there any more");
    const struct sp_rows *rows =
        store_find_tagged(ctx, ask->account_id, tagging.ids, tagging.count);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    answer->status = 200;
    tag_orders(ctx, ask, &tagging.wish, rows, answer);
    return SP_OK;
}
