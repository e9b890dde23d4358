/* Links in bulk: granted some at a time, each with its result. */
#include "services/product-mapper/link_jobs.h"

#include "services/product-mapper/asks.h"
#include "services/product-mapper/links.h"

enum {
    STEP_ITEMS = 200, /* in one transaction */
    WISHES_MOST = 5000,
    ITEMS_SHOWN = 500,
};

/* ---- the job
 * -------------------------------------------------------------------------------------- */

static enum sp_result grant_items(struct sp_ctx *ctx, const struct link_job *job,
                                  struct sp_text user, const struct sp_rows *items)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(items);
    struct link_wish *wishes = sp_arena_array(arena, count, sizeof *wishes);
    struct link_job_end *ends = sp_arena_array(arena, count, sizeof *ends);
    struct link_origin origin = {.account_id = job->account_id, .user = user, .by_hand = true};
    for (size_t i = 0; i < count; i++) {
        struct sp_json json;
        ends[i].n = sp_row_int(items, i, 0);
        /* It was read once, before it was kept. */
        SP_ASSERT(sp_json_parse(sp_row_text(items, i, 1), &json, NULL) == SP_OK);
        mapper_read_wish(json, arena, &wishes[i]);
    }
    enum sp_result result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = mapper_grant(ctx, &origin, wishes, count);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count; i++)
        ends[i].reason = wishes[i].fault == NULL ? "" : wishes[i].fault->code;
    store_end_items(ctx, job, ends, count);
    return SP_OK;
}

static enum sp_result take_step(struct sp_ctx *ctx, bool *found)
{
    const struct sp_rows *rows = store_take_job(ctx);
    if (rows == NULL)
        return mapper_failed(ctx);
    *found = sp_rows_count(rows) > 0;
    if (!*found)
        return SP_OK;
    struct link_job job = {sp_row_int(rows, 0, 0), sp_row_int(rows, 0, 1)};
    const struct sp_rows *items = store_take_items(ctx, &job, STEP_ITEMS);
    if (items == NULL)
        return mapper_failed(ctx);
    return grant_items(ctx, &job, sp_row_text(rows, 0, 2), items);
}

/* The row's lock is the lease: who dies gives the job back at once, with what is not committed. */
enum sp_result run_link_jobs(struct sp_ctx *ctx)
{
    bool found = false;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = take_step(ctx, &found);
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result == SP_OK && found ? SP_AGAIN : result;
}

/* ---- asks
 * ----------------------------------------------------------------------------------------- */

enum sp_result ask_make_link_job(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct sp_json body, item;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_text *wishes = sp_arena_array(sp_ctx_arena(ctx), WISHES_MOST, sizeof *wishes);
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "items"));
    size_t count = 0;
    while (!walk.object && sp_json_next(&walk, NULL, &item)) {
        if (count == WISHES_MOST || item.kind != SP_JSON_OBJECT)
            return sp_answer_problem(answer, 422, "ITEMS_BAD",
                                     "items is a list of up to %d objects", WISHES_MOST);
        wishes[count++] = item.raw;
    }
    if (count == 0)
        return sp_answer_problem(answer, 422, "ITEMS_BAD", "items names nothing");
    const struct sp_rows *made =
        store_make_job(ctx, ask->account_id, ask->user, (struct key_list){wishes, count});
    enum sp_result result = mapper_answer_document(ctx, made, answer);
    answer->status = 202;
    sp_wake(ctx, "link-in-bulk");
    return result;
}

enum sp_result ask_link_job(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    int64_t job_id = 0;
    enum sp_result result = sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &job_id);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(ctx, store_read_job(ctx, ask->account_id, job_id, ITEMS_SHOWN),
                                  answer);
}
