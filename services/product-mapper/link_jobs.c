/* Links in bulk: granted some at a time, each with its result. */
#include "services/product-mapper/link_jobs.h"

#include <string.h>

#include "common/log.h"
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

/* What a transaction has in hand. */
struct step {
    struct link_job job;
    int64_t first; /* its first item; 0: nothing waits */
};

static enum sp_result take_step(struct sp_ctx *ctx, int64_t most, struct step *step)
{
    const struct sp_rows *rows = store_take_job(ctx);
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return SP_OK;
    step->job = (struct link_job){sp_row_int(rows, 0, 0), sp_row_int(rows, 0, 1)};
    const struct sp_rows *items = store_take_items(ctx, &step->job, most);
    if (items == NULL)
        return mapper_failed(ctx);
    step->first = sp_row_int(items, 0, 0);
    return grant_items(ctx, &step->job, sp_row_text(rows, 0, 2), items);
}

/* The row's lock is the lease: who dies gives the job back at once, with what is not committed.
 * SP_AGAIN: something was done. */
static enum sp_result run_step(struct sp_ctx *ctx, int64_t most, struct step *step)
{
    *step = (struct step){0};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = take_step(ctx, most, step);
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result == SP_OK && step->first > 0 ? SP_AGAIN : result;
}

/* What the database will never take fails alone, and is told of. */
static enum sp_result give_up(struct sp_ctx *ctx, const struct step *step)
{
    sp_logf(SP_ERROR, "link-failed", "reason", "item %lld of job %lld: %s", (long long)step->first,
            (long long)step->job.job_id, sp_ctx_error(ctx)->text);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_end_items(ctx, &step->job, &(struct link_job_end){step->first, "NOT_SAVED"}, 1);
    result = sp_commit(ctx);
    return result == SP_OK ? SP_AGAIN : result;
}

static enum sp_result run_one_by_one(struct sp_ctx *ctx)
{
    struct step step;
    enum sp_result result = SP_AGAIN;
    for (int i = 0; i < STEP_ITEMS && result == SP_AGAIN && !sp_stopping(ctx); i++) {
        result = run_step(ctx, 1, &step);
        if (result == SP_REJECT && step.first > 0)
            result = give_up(ctx, &step);
    }
    return result;
}

enum sp_result run_link_jobs(struct sp_ctx *ctx)
{
    struct step step;
    enum sp_result result = run_step(ctx, STEP_ITEMS, &step);
    return result == SP_REJECT && step.first > 0 ? run_one_by_one(ctx) : result;
}

/* ---- asks
 * ----------------------------------------------------------------------------------------- */

enum sp_result ask_make_link_job(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    static const char zero[] = "\\u0000"; /* JSON has it, PostgreSQL's texts do not */
    struct sp_json body, item;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    if (memmem(ask->body.data, ask->body.size, zero, strlen(zero)) != NULL)
        return sp_answer_problem(answer, 422, "ITEMS_BAD", "no name has a character zero");
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
    answer->status = result == SP_OK ? 202 : answer->status;
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
