/* Jobs that every service has: the sweeper of the outbox, messages put off, pruning. */
#include <stdlib.h>
#include <string.h>

#include "common/builtin.h"
#include "common/ctx.h"
#include "common/log.h"
#include "common/poison.h"

enum { SWEEP_PARCELS = 48, LATER_MESSAGES = 256 };

/* Overdue: its process died, or its receiver was away.  Claimed by pushing `due` forward, so that
 * two sweepers share the work.  Always as long as the bus waits for an answer: parcels whose
 * receivers died pause when that is counted (app_thread.c, docs/decisions/0006). */
static const struct sp_statement claim_overdue = {
    "WITH overdue AS (SELECT id FROM outbox WHERE dest = $1::text AND due <= now() "
    "ORDER BY due LIMIT $2::bigint FOR UPDATE SKIP LOCKED) "
    "UPDATE outbox o SET due = now() + interval '5 seconds' "
    "FROM overdue WHERE o.id = overdue.id RETURNING o.id, o.type, o.body, o.tries"};

/* Only types that are taken here: those of another version wait, and hold up nobody. */
static const struct sp_statement find_later = {
    "SELECT type, body, account_id, key, rev, since FROM later WHERE due <= now() AND type = "
    "(SELECT type FROM later WHERE due <= now() AND type = ANY ($2::text[]) ORDER BY due LIMIT 1) "
    "ORDER BY due LIMIT $1::bigint"};

static const struct sp_statement take_whole = {
    "DELETE FROM later WHERE type = $1::text AND account_id = 0 AND key = $2::text"};

static const struct sp_statement prune_commands = {
    "DELETE FROM idempotency WHERE made < now() - interval '48 hours'"};
static const struct sp_statement prune_poison = {
    "DELETE FROM poison WHERE made < now() - interval '1 day'"};

/* ---- the sweeper
 * --------------------------------------------------------------------------------------- */

static void hand_over(struct sp_ctx *ctx, const struct sp_rows *rows, const char *dest)
{
    struct sp_outgoing parcels[SWEEP_PARCELS];
    size_t count = 0;
    for (size_t i = 0; i < sp_rows_count(rows); i++) {
        const struct sp_message *message = sp_message_find(sp_row_text(rows, i, 1));
        if (message == NULL) {
            sp_log(SP_ERROR, "outbox-type-unknown", "dest", dest, NULL);
            continue;
        }
        struct sp_outgoing *parcel = &parcels[count++];
        struct sp_text body = sp_row_text(rows, i, 2);
        *parcel = (struct sp_outgoing){.dest = dest,
                                       .type = message->type,
                                       .size = body.size,
                                       .tries = (int)sp_row_int(rows, i, 3)};
        parcel->body = (char *)(uintptr_t)sp_text_copy(body).data;
        memcpy(parcel->id, sp_row_text(rows, i, 0).data, sizeof parcel->id);
    }
    if (count > 0)
        ctx->host->hand_over(ctx->host->context, parcels, count);
}

static enum sp_result sweep_dest(struct sp_ctx *ctx, const char *dest)
{
    size_t room = ctx->host->room(ctx->host->context, dest);
    if (room == 0)
        return SP_OK;
    if (room > SWEEP_PARCELS)
        room = SWEEP_PARCELS;
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &claim_overdue,
                                          SP_PARAMS(sp_cstring(dest), sp_int((int64_t)room)));
    if (rows == NULL)
        return SP_RETRY;
    hand_over(ctx, rows, dest);
    if (sp_rows_count(rows) == room)
        ctx->host->overflowed(ctx->host->context, dest);
    sp_db_reset(ctx->db);
    return SP_OK;
}

static enum sp_result sweep(struct sp_ctx *ctx)
{
    const struct sp_host *host = ctx->host;
    if (host == NULL || host->room == NULL || host->hand_over == NULL)
        return SP_OK;
    const char *dests[16];
    size_t count = sp_destinations(ctx->service, dests, SP_COUNT(dests));
    for (size_t i = 0; i < count; i++) {
        enum sp_result result = sweep_dest(ctx, dests[i]);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

/* ---- messages put off, dead letters replayed
 * ------------------------------------------------------------- */

static enum sp_result decode_later(struct sp_ctx *ctx, const struct sp_message *message,
                                   struct sp_received *received)
{
    struct sp_text in = received->raw;
    size_t count = 0;
    enum sp_result result = sp_parcel_open(&in, &count, &ctx->error);
    if (result != SP_OK)
        return result;
    if (count != 1)
        return sp_fail(&ctx->error, SP_REJECT, "it holds %zu messages", count);
    received->raw = in;
    return sp_message_decode(message, &in, received->value, ctx->arena, &ctx->error);
}

/* What this version cannot read any more goes back among the dead letters, under its row's key. */
static void read_later(struct sp_ctx *ctx, const struct sp_message *message,
                       const struct sp_rows *rows, size_t i, struct sp_received *received)
{
    *received = (struct sp_received){.value = sp_arena_alloc(ctx->arena, message->record->size),
                                     .raw = sp_row_text(rows, i, 1),
                                     .since_us = sp_row_time(rows, i, 5)};
    if (decode_later(ctx, message, received) == SP_OK)
        return;
    received->raw = sp_row_text(rows, i, 1);
    received->whole = true;
    struct sp_head *head = sp_arena_alloc(ctx->arena, sizeof *head);
    *head = (struct sp_head){.account_id = sp_row_int(rows, i, 2),
                             .key = sp_row_text(rows, i, 3),
                             .rev = sp_row_int(rows, i, 4)};
    received->value = head;
    received->reason = sp_arena_printf(ctx->arena, "cannot be read: %s", ctx->error.text).data;
}

static struct sp_param types_taken(struct sp_ctx *ctx)
{
    size_t count = 0, at = 0;
    for (const struct sp_route *r = ctx->service->routes; r != NULL && r->message != NULL; r++)
        count++;
    struct sp_text *types = sp_arena_array(ctx->arena, count, sizeof *types);
    for (; at < count; at++)
        types[at] = sp_text_of(ctx->service->routes[at].message->type);
    return sp_strings(ctx->db, types, count);
}

/* A letter without an account was buried whole, of a type or form that was not known then.  Its
 * messages wait on under their own names. */
static enum sp_result part(struct sp_ctx *ctx, const struct sp_message *message,
                           const struct sp_rows *rows, size_t i)
{
    size_t count = 0;
    struct sp_received *received = sp_parcel_read(ctx, message, sp_row_text(rows, i, 1), &count);
    for (size_t k = 0; k < count; k++) {
        received[k].delay_ms = 1;
        received[k].since_us = sp_row_time(rows, i, 5);
    }
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    (void)sp_queue(ctx->db, &take_whole,
                   SP_PARAMS(sp_cstring(message->type), sp_string(sp_row_text(rows, i, 3))));
    sp_ctx_store_verdicts(ctx, message->type, received, count);
    return sp_commit(ctx);
}

static enum sp_result apply_one_by_one(struct sp_ctx *ctx, const struct sp_route *route,
                                       struct sp_received received[], size_t count)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        struct sp_suspect suspect = sp_suspect_of(received[i].raw);
        result = sp_suspect_apply(ctx, route, &suspect, &received[i], true);
    }
    return result;
}

/* All of a type under one note; one by one when that was taken before and not survived. */
static enum sp_result apply_suspects(struct sp_ctx *ctx, const struct sp_route *route,
                                     struct sp_received received[], size_t count)
{
    struct sp_suspect all = sp_suspect_of(sp_text_of(route->message->type));
    int64_t times = 0;
    enum sp_result result = sp_suspect_take(ctx, &all, &times);
    if (result == SP_OK && times > 1)
        result = apply_one_by_one(ctx, route, received, count);
    else if (result == SP_OK)
        result = sp_batch_apply(ctx, route, received, count, true);
    return result == SP_OK ? sp_suspect_survived(ctx, &all) : result;
}

static enum sp_result apply_later(struct sp_ctx *ctx)
{
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &find_later,
                                          SP_PARAMS(sp_int(LATER_MESSAGES), types_taken(ctx)));
    if (rows == NULL)
        return SP_RETRY;
    size_t found = sp_rows_count(rows), count = 0;
    if (found == 0)
        return SP_OK;
    const struct sp_route *route = sp_route_find(ctx->service, sp_row_text(rows, 0, 0));
    SP_ASSERT(route != NULL);
    struct sp_received *received = sp_arena_array(ctx->arena, found, sizeof *received);
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < found && result == SP_OK; i++) {
        if (sp_row_int(rows, i, 2) == 0)
            result = part(ctx, route->message, rows, i);
        else
            read_later(ctx, route->message, rows, i, &received[count++]);
    }
    if (result == SP_OK && count > 0)
        result = apply_suspects(ctx, route, received, count);
    bool more = found == LATER_MESSAGES || count < found;
    return result == SP_OK && more ? SP_AGAIN : result;
}

static enum sp_result prune(struct sp_ctx *ctx)
{
    (void)sp_queue(ctx->db, &prune_commands, SP_NO_PARAMS);
    (void)sp_queue(ctx->db, &prune_poison, SP_NO_PARAMS);
    return sp_run(ctx->db, &ctx->error);
}

const struct sp_job sp_common_jobs[] = {
    {"outbox-sweep", 1000, sweep},
    {"later", 500, apply_later},
    {"prune", 600 * 1000, prune},
    {"gauges", 10 * 1000, sp_job_gauges},
    {0},
};
