/* Archive and restore types, products and variants, with a result for each; and their history. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/catalogue_store.h"
#include "services/product-mapper/variants.h"

enum { ARCHIVE_MOST = 200 };

struct archive_request {
    enum catalogue_kind kind;
    bool archived;
    int64_t ids[ARCHIVE_MOST];
    size_t count;
};

static enum sp_result read_form(const struct sp_ask *ask, struct archive_request *request,
                                struct sp_arena *arena, struct sp_answer *answer)
{
    struct sp_json body, item;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_json ids = sp_json_get(body, "ids");
    request->kind = mapper_kind(sp_json_text(sp_json_get(body, "kind"), arena));
    request->archived = sp_json_bool(sp_json_get(body, "archived"));
    request->count = 0;
    if (request->kind == KINDS)
        return sp_answer_problem(answer, 422, "KIND_BAD", "kind is type, product or variant");
    if (sp_json_count(ids) < 1 || sp_json_count(ids) > ARCHIVE_MOST)
        return sp_answer_problem(answer, 422, "IDS_BAD", "ids is a list of 1 to %d", ARCHIVE_MOST);
    struct sp_json_walk walk = sp_json_each(ids);
    while (sp_json_next(&walk, NULL, &item))
        request->ids[request->count++] = sp_json_int(item, 0);
    return SP_OK;
}

static void put_result(struct sp_json_writer *json, struct sp_text id, const char *reason,
                       int64_t count)
{
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", id);
    sp_json_put_bool(json, "done", reason == NULL);
    if (reason != NULL)
        sp_json_put_cstring(json, "reason", reason);
    if (count > 0)
        sp_json_put_int(json, "count", count);
    sp_json_close_object(json);
}

static size_t row_of(const struct sp_rows *rows, int64_t id)
{
    size_t row = 0;
    while (row < sp_rows_count(rows) && sp_row_int(rows, row, 0) != id)
        row++;
    return row;
}

/* Writes the results; ids of what may be done come to the front of `ids`. */
static size_t judge(struct sp_ctx *ctx, struct archive_request *request, const struct sp_rows *rows,
                    struct sp_buffer *out)
{
    size_t may = 0;
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "results");
    for (size_t i = 0; i < request->count; i++) {
        int64_t id = request->ids[i], count = 0;
        size_t row = row_of(rows, id);
        const char *reason = "NOT_FOUND";
        if (row < sp_rows_count(rows)) {
            struct archive_facts facts = {
                sp_row_bool(rows, row, 1), sp_row_bool(rows, row, 2), sp_row_int(rows, row, 3),
                sp_row_int(rows, row, 4),  sp_row_int(rows, row, 5),
            };
            reason = mapper_archive_refusal(request->kind, &facts, request->archived, &count);
        }
        put_result(&json, sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)id), reason, count);
        if (reason == NULL)
            request->ids[may++] = id;
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    return may;
}

enum sp_result ask_archive(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct archive_request request;
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user};
    bool map_by_sku = false;
    enum sp_result result = read_form(ask, &request, sp_ctx_arena(ctx), answer);
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, &map_by_sku);
    if (result != SP_OK)
        return result;
    const struct sp_rows *facts =
        store_find_archive_facts(ctx, ask->account_id, request.kind, request.ids, request.count);
    if (facts == NULL)
        return mapper_failed(ctx);
    struct archive_change change = {
        .kind = request.kind,
        .ids = request.ids,
        .count = judge(ctx, &request, facts, &answer->body),
        .archived = request.archived,
    };
    const struct sp_rows *saved = store_archive(ctx, &origin, &change);
    if (saved == NULL)
        return mapper_failed(ctx);
    answer->status = 200;
    struct saved_counts counts;
    return request.kind == KIND_VARIANT
               ? mapper_follow_variants(ctx, &origin, map_by_sku, saved, &counts)
               : SP_OK;
}

enum sp_result ask_history(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    enum catalogue_kind kind = mapper_kind(sp_ask_param(ask, "kind"));
    int64_t id = 0;
    enum sp_result result = sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &id);
    if (result != SP_OK)
        return result;
    if (kind == KINDS)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "kind is type, product or variant");
    return mapper_answer_document(ctx, store_read_history(ctx, ask->account_id, kind, id), answer);
}
