/* The unit of work that handlers, jobs and asks see: transactions, emitting, waking. */
#include "common/ctx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/log.h"

/* Emitters raise revisions by greatest(old + 1, floor): facts emitted after a restore (a new
 * timeline, or raised by hand) are newer than those before it.  The name of the log's file begins
 * with the timeline; pg_control_checkpoint() knows a new one only after the first checkpoint. */
static const struct sp_statement read_floor = {
    "SELECT (('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint "
    "+ raised) << 40 FROM incarnation"};

static const struct sp_statement store_outbox = {
    "INSERT INTO outbox (id, dest, type, body, due) "
    "SELECT r.id, r.dest, r.type, r.body, "
    "now() + CASE WHEN r.at_once THEN interval '0' ELSE interval '5 seconds' END "
    "FROM unnest($1::outbox_row[]) r"};

struct sp_db *sp_ctx_db(struct sp_ctx *ctx)
{
    return ctx->db;
}

struct sp_arena *sp_ctx_arena(struct sp_ctx *ctx)
{
    return ctx->arena;
}

struct sp_error *sp_ctx_error(struct sp_ctx *ctx)
{
    return &ctx->error;
}

const struct sp_config *sp_ctx_config(struct sp_ctx *ctx)
{
    return ctx->config;
}

enum sp_result sp_ctx_ready(struct sp_ctx *ctx)
{
    if (sp_db_connected(ctx->db) && ctx->rev_floor > 0)
        return SP_OK;
    ctx->rev_floor = 0;
    enum sp_result result = sp_db_connect(ctx->db, &ctx->error);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &read_floor, SP_NO_PARAMS);
    if (rows == NULL && strcmp(sp_db_sqlstate(ctx->db), "42P01") == 0)
        return sp_fail(&ctx->error, SP_RETRY, "no migration has been applied: run `migrate`");
    if (sp_rows_count(rows) != 1)
        return SP_RETRY;
    ctx->rev_floor = sp_row_int(rows, 0, 0);
    sp_db_reset(ctx->db);
    return SP_OK;
}

int64_t sp_rev_floor(struct sp_ctx *ctx)
{
    return ctx->rev_floor;
}

enum sp_result sp_begin(struct sp_ctx *ctx)
{
    SP_ASSERT(!ctx->in_transaction);
    enum sp_result result = sp_ctx_ready(ctx);
    if (result != SP_OK)
        return result;
    sp_db_begin(ctx->db);
    ctx->in_transaction = true;
    return SP_OK;
}

enum sp_result sp_commit(struct sp_ctx *ctx)
{
    SP_ASSERT(ctx->in_transaction);
    sp_ctx_store_outgoing(ctx);
    sp_db_commit(ctx->db);
    enum sp_result result = sp_run(ctx->db, &ctx->error);
    if (result != SP_OK) {
        sp_rollback(ctx);
        return result;
    }
    ctx->in_transaction = false;
    sp_ctx_release(ctx);
    return SP_OK;
}

void sp_rollback(struct sp_ctx *ctx)
{
    sp_db_rollback(ctx->db);
    ctx->in_transaction = false;
    sp_ctx_forget(ctx);
}

bool sp_stopping(struct sp_ctx *ctx)
{
    return ctx->host != NULL && ctx->host->stopping != NULL &&
           ctx->host->stopping(ctx->host->context);
}

void sp_wake(struct sp_ctx *ctx, const char *job)
{
    for (size_t i = 0; i < ctx->wake_count; i++) {
        if (strcmp(ctx->wakes[i], job) == 0)
            return;
    }
    SP_ASSERT(ctx->wake_count < SP_CTX_WAKES);
    ctx->wakes[ctx->wake_count++] = job;
}

/* ---- emitting
 * ------------------------------------------------------------------------------------- */

static bool dest_is_full(const struct sp_ctx *ctx, const char *dest)
{
    return ctx->host != NULL && ctx->host->full != NULL &&
           ctx->host->full(ctx->host->context, dest);
}

static void add_parcel(struct sp_ctx *ctx, const struct sp_message *message, struct sp_text body)
{
    for (const char *const *dest = message->to; *dest != NULL; dest++) {
        if (ctx->outgoing_count == ctx->outgoing_capacity) {
            ctx->outgoing_capacity = ctx->outgoing_capacity == 0 ? 16 : ctx->outgoing_capacity * 2;
            ctx->outgoing =
                sp_realloc(ctx->outgoing, ctx->outgoing_capacity * sizeof *ctx->outgoing);
            ctx->left_out =
                sp_realloc(ctx->left_out, ctx->outgoing_capacity * sizeof *ctx->left_out);
        }
        ctx->left_out[ctx->outgoing_count] = dest_is_full(ctx, *dest);
        struct sp_outgoing *parcel = &ctx->outgoing[ctx->outgoing_count++];
        *parcel = (struct sp_outgoing){.dest = *dest, .type = message->type, .size = body.size};
        parcel->body = (char *)(uintptr_t)sp_text_copy(body).data;
        sp_uuid(parcel->id);
    }
}

/* The messages of one parcel, behind each other in `packed`. */
static void close_parcel(struct sp_ctx *ctx, const struct sp_message *message,
                         struct sp_buffer *packed, size_t count)
{
    if (count == 0)
        return;
    struct sp_buffer body = {0};
    sp_parcel_begin(&body, count);
    sp_buffer_put_text(&body, sp_buffer_text(packed));
    add_parcel(ctx, message, sp_buffer_text(&body));
    sp_buffer_free(&body);
    sp_buffer_reset(packed);
}

/* Parcels from this one on were never meant to be. */
static void drop_from(struct sp_ctx *ctx, size_t first)
{
    for (size_t i = first; i < ctx->outgoing_count; i++)
        free(ctx->outgoing[i].body);
    ctx->outgoing_count = first;
}

static void complete_head(struct sp_head *head, int64_t now_us)
{
    static const uint8_t none[SP_TRACE_BYTES] = {0};
    SP_ASSERT(head->rev > 0 && head->account_id > 0);
    head->emitted_us = now_us;
    if (memcmp(head->trace, none, sizeof none) == 0)
        sp_random(head->trace, sizeof head->trace);
}

enum sp_result sp_emit(struct sp_ctx *ctx, const struct sp_message *message, const void *values,
                       size_t count)
{
    SP_ASSERT(ctx->in_transaction);
    SP_ASSERT(sp_message_may_send(message, sp_text_of(ctx->service->name)));
    struct sp_buffer packed = {0};
    size_t in_parcel = 0, first = ctx->outgoing_count;
    int64_t now_us = sp_now_us();
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        /* The caller's structs are his own; only the head is completed. */
        void *value = (char *)(uintptr_t)values + i * message->record->size;
        complete_head(value, now_us);
        size_t before = packed.size;
        result = sp_message_encode(message, value, &packed, &ctx->error);
        if (result != SP_OK || in_parcel == 0)
            in_parcel += result == SP_OK;
        else if (in_parcel == SP_PARCEL_MESSAGES || packed.size > SP_PARCEL_BYTES) {
            struct sp_text last = {packed.data + before, packed.size - before};
            struct sp_text alone = sp_arena_copy(ctx->arena, last);
            packed.size = before;
            close_parcel(ctx, message, &packed, in_parcel);
            sp_buffer_put_text(&packed, alone);
            in_parcel = 1;
        } else {
            in_parcel++;
        }
    }
    if (result == SP_OK)
        close_parcel(ctx, message, &packed, in_parcel);
    else
        drop_from(ctx, first);
    sp_buffer_free(&packed);
    return result;
}

enum sp_result sp_bury(struct sp_ctx *ctx, const struct sp_message *message, const void *value,
                       const char *reason)
{
    SP_ASSERT(ctx->in_transaction);
    SP_ASSERT(sp_route_find(ctx->service, sp_text_of(message->type)) != NULL);
    struct sp_buffer packed = {0};
    enum sp_result result = sp_message_encode(message, value, &packed, &ctx->error);
    if (result == SP_OK) {
        /* The letter's head is read from the value, and nothing of it is written. */
        struct sp_received letter = {
            .value = (void *)(uintptr_t)value, .raw = sp_buffer_text(&packed), .reason = reason};
        sp_ctx_store_verdicts(ctx, message->type, &letter, 1);
    }
    sp_buffer_free(&packed);
    return result;
}

void sp_ctx_store_outgoing(struct sp_ctx *ctx)
{
    if (ctx->outgoing_count == 0)
        return;
    struct sp_set *set = sp_set_open(ctx->db, "outbox_row");
    for (size_t i = 0; i < ctx->outgoing_count; i++) {
        const struct sp_outgoing *parcel = &ctx->outgoing[i];
        sp_set_row(set);
        sp_set_uuid(set, parcel->id);
        sp_set_string(set, sp_text_of(parcel->dest));
        sp_set_string(set, sp_text_of(parcel->type));
        sp_set_bytes(set, (struct sp_text){parcel->body, parcel->size});
        sp_set_bool(set, ctx->left_out[i]);
    }
    (void)sp_queue(ctx->db, &store_outbox, SP_PARAMS(sp_set(set)));
}

void sp_ctx_forget(struct sp_ctx *ctx)
{
    drop_from(ctx, 0);
    ctx->wake_count = 0;
}

void sp_ctx_release(struct sp_ctx *ctx)
{
    const struct sp_host *host = ctx->host;
    size_t kept = 0;
    for (size_t i = 0; i < ctx->outgoing_count; i++) {
        if (host != NULL && host->hand_over != NULL && !ctx->left_out[i]) {
            ctx->outgoing[kept++] = ctx->outgoing[i];
            continue;
        }
        free(ctx->outgoing[i].body);
        if (host != NULL && host->overflowed != NULL)
            host->overflowed(host->context, ctx->outgoing[i].dest);
    }
    if (kept > 0)
        host->hand_over(host->context, ctx->outgoing, kept);
    ctx->outgoing_count = 0;
    for (size_t i = 0; i < ctx->wake_count; i++) {
        if (host != NULL && host->wake != NULL)
            host->wake(host->context, ctx->wakes[i]);
    }
    ctx->wake_count = 0;
}
