/* Asks: permission, idempotency, transaction, answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/builtin.h"
#include "common/crypto.h"
#include "common/ctx.h"
#include "common/json.h"
#include "common/log.h"

enum { ASK_TRIES = 3 };

static const struct sp_statement begin_command = {
    "INSERT INTO idempotency (account_id, key, ask, request) "
    "VALUES ($1::bigint, $2::text, $3::text, $4::bytea) ON CONFLICT DO NOTHING RETURNING key"};

static const struct sp_statement find_command = {
    "SELECT request, status, body FROM idempotency "
    "WHERE account_id = $1::bigint AND key = $2::text AND ask = $3::text"};

static const struct sp_statement end_command = {
    "UPDATE idempotency SET status = $4::integer, body = $5::bytea "
    "WHERE account_id = $1::bigint AND key = $2::text AND ask = $3::text"};

struct sp_text sp_ask_param(const struct sp_ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->param_count; i++) {
        if (sp_text_is(ask->params[i].name, name))
            return ask->params[i].value;
    }
    return (struct sp_text){0};
}

enum sp_result sp_ask_int(struct sp_ctx *ctx, const struct sp_ask *ask, const char *name,
                          struct sp_range range, int64_t *value)
{
    struct sp_text text = sp_ask_param(ask, name);
    *value = range.otherwise;
    if (text.size == 0)
        return SP_OK;
    if (!sp_text_to_int(text, value) || *value < range.least || *value > range.most)
        return sp_fail(&ctx->error, SP_REJECT, "%s must be a whole number from %lld to %lld", name,
                       (long long)range.least, (long long)range.most);
    return SP_OK;
}

enum sp_result sp_answer_problem(struct sp_answer *answer, int status, const char *code,
                                 const char *detail, ...)
{
    char text[512];
    va_list args;
    va_start(args, detail);
    (void)vsnprintf(text, sizeof text, detail, args);
    va_end(args);
    answer->status = status;
    sp_buffer_reset(&answer->body);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "type", "about:blank");
    sp_json_put_int(&json, "status", status);
    sp_json_put_cstring(&json, "code", code);
    sp_json_put_cstring(&json, "detail", text);
    sp_json_close_object(&json);
    return SP_REJECT;
}

static bool permitted(const struct sp_ask_route *route, const struct sp_ask *ask)
{
    if (route->permission == NULL)
        return true;
    for (size_t i = 0; i < ask->permission_count; i++) {
        if (sp_text_is(ask->permissions[i], route->permission))
            return true;
    }
    return false;
}

/* ---- idempotency
 * -------------------------------------------------------------------------------------- */

static struct sp_text request_hash(struct sp_ctx *ctx, const struct sp_ask *ask)
{
    struct sp_buffer all = {0};
    sp_buffer_put_text(&all, ask->body);
    for (size_t i = 0; i < ask->param_count; i++) {
        sp_buffer_put(&all, "", 1);
        sp_buffer_put_text(&all, ask->params[i].name);
        sp_buffer_put(&all, "", 1);
        sp_buffer_put_text(&all, ask->params[i].value);
    }
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(sp_buffer_text(&all), digest);
    sp_buffer_free(&all);
    return sp_arena_copy(ctx->arena, (struct sp_text){(const char *)digest, sizeof digest});
}

/* SP_AGAIN: the command was done before, `answer` holds what was said then. */
static enum sp_result take_key(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct sp_text hash = request_hash(ctx, ask);
    const struct sp_rows *rows =
        sp_query(ctx->db, &ctx->error, &begin_command,
                 SP_PARAMS(sp_int(ask->account_id), sp_string(ask->idempotency_key),
                           sp_string(ask->name), sp_string(hash)));
    if (rows == NULL)
        return SP_RETRY;
    if (sp_rows_count(rows) == 1)
        return SP_OK;
    rows = sp_query(
        ctx->db, &ctx->error, &find_command,
        SP_PARAMS(sp_int(ask->account_id), sp_string(ask->idempotency_key), sp_string(ask->name)));
    if (sp_rows_count(rows) != 1)
        return SP_RETRY;
    if (!sp_text_equal(sp_row_text(rows, 0, 0), hash))
        return sp_answer_problem(answer, 422, "KEY_REUSED",
                                 "this Idempotency-Key was used for another request");
    answer->status = (int)sp_row_int(rows, 0, 1);
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 2));
    return SP_AGAIN;
}

/* ---- one transaction
 * ---------------------------------------------------------------------------------------- */

static enum sp_result run_command(struct sp_ctx *ctx, const struct sp_ask_route *route,
                                  const struct sp_ask *ask, struct sp_answer *answer)
{
    bool keyed = route->command && ask->idempotency_key.size > 0;
    enum sp_result result = keyed ? take_key(ctx, ask, answer) : SP_OK;
    if (result != SP_OK)
        return result;
    result = route->run(ctx, ask, answer);
    if (result == SP_OK && keyed)
        (void)sp_queue(ctx->db, &end_command,
                       SP_PARAMS(sp_int(ask->account_id), sp_string(ask->idempotency_key),
                                 sp_string(ask->name), sp_int4(answer->status),
                                 sp_string(sp_buffer_text(&answer->body))));
    return result;
}

static void clear_answers(struct sp_answer answers[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        answers[i].status = 0;
        sp_buffer_reset(&answers[i].body);
    }
}

static enum sp_result try_asks(struct sp_ctx *ctx, const struct sp_ask_route *route,
                               const struct sp_ask asks[], struct sp_answer answers[], size_t count)
{
    clear_answers(answers, count);
    ctx->error.text[0] = '\0';
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    sp_db_plan_freely(ctx->db);
    if (route->run_many != NULL)
        result = route->run_many(ctx, asks, answers, count);
    else
        result = run_command(ctx, route, asks, answers);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result == SP_AGAIN ? SP_OK : result;
}

/* Says in one answer what went wrong, when the function has not said it itself. */
static void explain(struct sp_ctx *ctx, enum sp_result result, struct sp_answer *answer)
{
    if (result == SP_OK || (result == SP_REJECT && answer->status >= 400))
        return;
    bool ours = result == SP_REJECT && sp_db_outcome(ctx->db) == SP_DB_BAD;
    if (result == SP_RETRY && strcmp(sp_db_sqlstate(ctx->db), "57014") == 0) {
        sp_log(SP_WARN, "ask-too-slow", "error", ctx->error.text, NULL);
        (void)sp_answer_problem(answer, 503, "TOO_SLOW",
                                "this took longer than " SP_STATEMENT_TIMEOUT
                                " and was ended, nothing is changed: ask for less, such as a "
                                "shorter time");
    } else if (result == SP_RETRY) {
        sp_log(SP_WARN, "ask-failed", "error", ctx->error.text, NULL);
        (void)sp_answer_problem(answer, 503, "TRY_AGAIN", "the service is not ready: try again");
    } else if (ours) {
        sp_log(SP_ERROR, "ask-broken", "error", ctx->error.text, NULL);
        (void)sp_answer_problem(answer, 500, "INTERNAL", "this is our mistake; it has been logged");
    } else {
        (void)sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", ctx->error.text);
    }
}

static void refuse_all(struct sp_answer answers[], size_t count, int status, const char *code,
                       const char *detail)
{
    for (size_t i = 0; i < count; i++)
        (void)sp_answer_problem(&answers[i], status, code, "%s", detail);
}

void sp_worker_asks(struct sp_worker *worker, const struct sp_ask asks[],
                    struct sp_answer answers[], size_t count)
{
    struct sp_ctx *ctx = &worker->ctx;
    const struct sp_ask_route *route = sp_ask_route_find(ctx->service, asks[0].name);
    if (route == NULL) {
        refuse_all(answers, count, 404, "NO_SUCH_ASK", "this service does not answer that");
        return;
    }
    SP_ASSERT(count == 1 || route->run_many != NULL);
    if (!permitted(route, &asks[0])) {
        refuse_all(answers, count, 403, "FORBIDDEN", "your role does not allow this");
        return;
    }
    enum sp_result result = SP_RETRY;
    for (int tries = 0; tries < ASK_TRIES; tries++) {
        result = try_asks(ctx, route, asks, answers, count);
        bool again = result == SP_RETRY && sp_db_outcome(ctx->db) == SP_DB_AGAIN;
        if (!again)
            break;
    }
    for (size_t i = 0; i < count; i++)
        explain(ctx, result, &answers[i]);
    sp_db_reset(ctx->db);
    sp_arena_reset(ctx->arena);
}

const struct sp_ask_route *sp_ask_route_find(const struct sp_service *service, struct sp_text name)
{
    for (const struct sp_ask_route *r = service->asks; r != NULL && r->name != NULL; r++) {
        if (sp_text_is(name, r->name))
            return r;
    }
    return sp_builtin_ask(service, name);
}
