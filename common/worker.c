/* A worker's life, and parcels: from bytes to a batch. */
#include "common/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/ctx.h"
#include "common/log.h"
#include "common/poison.h"

struct sp_worker *sp_worker_open(const struct sp_service *service, const struct sp_config *config,
                                 const char *database_url, const struct sp_host *host)
{
    struct sp_worker *worker = sp_alloc(sizeof *worker);
    worker->db = sp_db_open(database_url, service->name);
    worker->ctx = (struct sp_ctx){.service = service,
                                  .config = config,
                                  .host = host,
                                  .db = worker->db,
                                  .arena = sp_arena_open()};
    return worker;
}

void sp_worker_close(struct sp_worker **pointer)
{
    struct sp_worker *worker = *pointer;
    if (worker == NULL)
        return;
    sp_ctx_forget(&worker->ctx);
    free(worker->ctx.outgoing);
    free(worker->ctx.left_out);
    sp_arena_close(&worker->ctx.arena);
    sp_db_close(&worker->db);
    free(worker);
    *pointer = NULL;
}

struct sp_db *sp_worker_db(struct sp_worker *worker)
{
    return worker->db;
}

const struct sp_error *sp_worker_error(const struct sp_worker *worker)
{
    return &worker->ctx.error;
}

static void end_unit(struct sp_worker *worker)
{
    struct sp_ctx *ctx = &worker->ctx;
    if (ctx->in_transaction)
        sp_rollback(ctx);
    ctx->received = NULL;
    sp_db_reset(ctx->db);
    sp_arena_reset(ctx->arena);
}

/* ---- reading parcels ----------------------------------------------------------------------------
 */

struct reading {
    struct sp_received *received;
    size_t count, capacity;
};

static struct sp_received *next_received(struct reading *reading, struct sp_arena *arena)
{
    if (reading->count == reading->capacity) {
        size_t capacity = reading->capacity == 0 ? SP_BATCH_MESSAGES : reading->capacity * 2;
        struct sp_received *grown = sp_arena_array(arena, capacity, sizeof *grown);
        if (reading->count > 0)
            memcpy(grown, reading->received, reading->count * sizeof *grown);
        reading->received = grown;
        reading->capacity = capacity;
    }
    return &reading->received[reading->count++];
}

/* What has no account is named after its bytes, so that each such letter is one of its own. */
static struct sp_head *nameless(struct sp_ctx *ctx, struct sp_text raw)
{
    enum { NAME_BYTES = 8 };
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(raw, digest);
    struct sp_head *head = sp_arena_alloc(ctx->arena, sizeof *head);
    head->key = sp_hex(ctx->arena, digest, NAME_BYTES);
    return head;
}

static void unreadable(struct sp_ctx *ctx, struct reading *reading, const struct sp_head *known,
                       struct sp_text raw, const char *why)
{
    struct sp_received *one = next_received(reading, ctx->arena);
    *one = (struct sp_received){.raw = raw, .whole = known == NULL};
    /* Of a message that breaks a limit the head may still be known. */
    bool named = known != NULL && known->account_id > 0 && known->key.size > 0;
    struct sp_head *head = named ? sp_arena_alloc(ctx->arena, sizeof *head) : nameless(ctx, raw);
    if (named)
        memcpy(head, known, sizeof *head);
    one->value = head;
    one->reason = sp_arena_printf(ctx->arena, "cannot be read: %s", why).data;
}

/* What cannot be read is kept as received, for its dead letter. */
static void read_parcel(struct sp_ctx *ctx, const struct sp_message *message, struct sp_text body,
                        struct reading *reading)
{
    struct sp_text in = body;
    struct sp_error err;
    size_t count = 0;
    if (sp_parcel_open(&in, &count, &err) != SP_OK) {
        unreadable(ctx, reading, NULL, body, err.text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct sp_text before = in;
        void *value = sp_arena_alloc(ctx->arena, message->record->size);
        enum sp_result result = sp_message_decode(message, &in, value, ctx->arena, &err);
        struct sp_text raw = {before.data, before.size - in.size};
        if (result != SP_OK)
            unreadable(ctx, reading, value, raw, err.text);
        else
            *next_received(reading, ctx->arena) = (struct sp_received){.value = value, .raw = raw};
        if (result != SP_OK && in.size == 0)
            return;
    }
    if (in.size > 0)
        unreadable(ctx, reading, NULL, in, "bytes behind the last message");
}

struct sp_received *sp_parcel_read(struct sp_ctx *ctx, const struct sp_message *message,
                                   struct sp_text body, size_t *count)
{
    struct reading reading = {0};
    read_parcel(ctx, message, body, &reading);
    *count = reading.count;
    return reading.received;
}

/* ---- suspicious parcels
 * --------------------------------------------------------------------------- */

static enum sp_result apply_carefully(struct sp_ctx *ctx, const struct sp_route *route,
                                      const struct sp_incoming *parcel)
{
    size_t count = 0;
    struct sp_received *received = sp_parcel_read(ctx, route->message, parcel->body, &count);
    struct sp_suspect suspect;
    memcpy(suspect.id, parcel->id, sizeof suspect.id);
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        suspect.position = (int32_t)i;
        result = sp_suspect_apply(ctx, route, &suspect, &received[i], false);
    }
    return result;
}

/* A type this version does not take: kept whole, with the reason, so that a later version can have
 * it. */
static enum sp_result bury_unknown(struct sp_ctx *ctx, const struct sp_incoming *parcel)
{
    struct sp_message message = {
        .type = sp_arena_printf(ctx->arena, "%.*s", SP_FMT(parcel->type)).data};
    struct sp_route route = {.message = &message};
    struct sp_received one = {.value = nameless(ctx, parcel->body),
                              .raw = parcel->body,
                              .whole = true,
                              .reason = "this service does not take messages of this type"};
    return sp_batch_apply(ctx, &route, &one, 1, false);
}

static enum sp_result apply_parcels(struct sp_ctx *ctx, const struct sp_incoming parcels[],
                                    size_t count)
{
    const struct sp_route *route = sp_route_find(ctx->service, parcels[0].type);
    struct reading reading = {0};
    for (size_t i = 0; i < count; i++) {
        enum sp_result result = SP_OK;
        if (route == NULL)
            result = bury_unknown(ctx, &parcels[i]);
        else if (parcels[i].tries >= SP_CAREFUL_TRIES)
            result = apply_carefully(ctx, route, &parcels[i]);
        else
            read_parcel(ctx, route->message, parcels[i].body, &reading);
        if (result != SP_OK)
            return result;
    }
    if (reading.count == 0)
        return SP_OK;
    return sp_batch_apply(ctx, route, reading.received, reading.count, false);
}

enum sp_result sp_worker_parcels(struct sp_worker *worker, const struct sp_incoming parcels[],
                                 size_t count)
{
    SP_ASSERT(count > 0);
    enum sp_result result = apply_parcels(&worker->ctx, parcels, count);
    if (result != SP_OK)
        sp_log(SP_WARN, "put-back", "error", worker->ctx.error.text, NULL);
    end_unit(worker);
    return result == SP_OK ? SP_OK : SP_RETRY;
}

enum sp_result sp_worker_feed(struct sp_worker *worker, const struct sp_message *message,
                              const void *values, size_t count)
{
    struct sp_buffer body = {0};
    sp_parcel_begin(&body, count);
    for (size_t i = 0; i < count; i++) {
        struct sp_error err;
        const void *value = (const char *)values + i * message->record->size;
        enum sp_result result = sp_message_encode(message, value, &body, &err);
        SP_ASSERT(result == SP_OK);
    }
    struct sp_incoming parcel = {.type = sp_text_of(message->type), .body = sp_buffer_text(&body)};
    enum sp_result result = sp_worker_parcels(worker, &parcel, 1);
    sp_buffer_free(&body);
    return result;
}

/* ---- jobs
 * -------------------------------------------------------------------------------------------- */

enum sp_result sp_worker_job(struct sp_worker *worker, const char *name)
{
    const struct sp_job *job = sp_job_find(worker->ctx.service, name);
    SP_ASSERT(job != NULL);
    worker->ctx.error.text[0] = '\0';
    enum sp_result result = sp_ctx_ready(&worker->ctx);
    if (result == SP_OK)
        result = job->run(&worker->ctx);
    if (result == SP_RETRY || result == SP_REJECT)
        sp_log(SP_WARN, "job-failed", "job", name, "error", worker->ctx.error.text, NULL);
    end_unit(worker);
    return result;
}

enum sp_result sp_worker_call(struct sp_worker *worker,
                              enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                              void *context)
{
    worker->ctx.error.text[0] = '\0';
    enum sp_result result = sp_ctx_ready(&worker->ctx);
    if (result == SP_OK)
        result = work(&worker->ctx, context);
    end_unit(worker);
    return result;
}

/* ---- tables
 * --------------------------------------------------------------------------------------------- */

const struct sp_route *sp_route_find(const struct sp_service *service, struct sp_text type)
{
    for (const struct sp_route *r = service->routes; r != NULL && r->message != NULL; r++) {
        if (sp_text_is(type, r->message->type))
            return r;
    }
    return NULL;
}

static const struct sp_job *job_in(const struct sp_job jobs[], const char *name)
{
    for (const struct sp_job *job = jobs; job != NULL && job->name != NULL; job++) {
        if (strcmp(job->name, name) == 0)
            return job;
    }
    return NULL;
}

const struct sp_job *sp_job_find(const struct sp_service *service, const char *name)
{
    const struct sp_job *job = job_in(service->jobs, name);
    return job == NULL ? job_in(sp_common_jobs, name) : job;
}
