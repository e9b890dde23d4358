/* Batches: read, order, claim, hand to the handler, commit; and what happens when that fails. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/ctx.h"
#include "common/fault.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/text.h"

enum {
    TRANSIENT_TRIES = 3,
    REASON_BYTES = 512,
    SLOW_US = 400 * 1000, /* what the fault "slow" costs a batch */
};

static const struct sp_statement bury = {
    "INSERT INTO dead_letter (type, account_id, key, rev, body, reason, since) "
    "SELECT DISTINCT ON (type, account_id, key, rev, md5(body)) "
    "type, account_id, key, rev, body, reason, coalesce(since, now()) "
    "FROM unnest($1::dead_letter_row[]) "
    "ON CONFLICT (type, account_id, key, rev, md5(body)) "
    "DO UPDATE SET seen = dead_letter.seen + 1, reason = excluded.reason"};

static const struct sp_statement put_off = {
    "INSERT INTO later (type, account_id, key, rev, body, due, since) "
    "SELECT DISTINCT ON (type, account_id, key) "
    "type, account_id, key, rev, body, now() + delay_ms * interval '1 millisecond', "
    "coalesce(since, now()) "
    "FROM unnest($1::later_row[]) ORDER BY type, account_id, key, rev DESC "
    "ON CONFLICT (type, account_id, key) DO UPDATE "
    "SET rev = excluded.rev, body = excluded.body, due = excluded.due, since = excluded.since "
    "WHERE later.rev <= excluded.rev"};

static const struct sp_statement take_from_later = {
    "DELETE FROM later l USING unnest($2::message_key[]) k WHERE l.type = $1::text "
    "AND l.account_id = k.account_id AND l.key = k.key AND l.rev = k.rev"};

/* For the mutant that claims last. */
static const struct sp_statement mark = {"SAVEPOINT before_claim"};
static const struct sp_statement back_to_mark = {"ROLLBACK TO SAVEPOINT before_claim"};

static struct sp_metric messages_metric =
    SP_METRIC_COUNTER("sampan_messages_total", "Messages by ending", "ending");
static struct sp_metric batch_metric =
    SP_METRIC_HISTOGRAM("sampan_batch_duration_seconds", "From claim to commit", "type");

static const struct sp_head *head_of(const struct sp_received *received)
{
    return received->value;
}

static int by_key(const void *left, const void *right)
{
    const struct sp_head *a = head_of(left), *b = head_of(right);
    if (a->account_id != b->account_id)
        return a->account_id < b->account_id ? -1 : 1;
    int order = sp_text_compare(a->key, b->key);
    if (order != 0)
        return order;
    return (a->rev < b->rev) - (a->rev > b->rev); /* the newest first */
}

static bool same_key(const struct sp_head *a, const struct sp_head *b)
{
    return a->account_id == b->account_id && sp_text_equal(a->key, b->key);
}

/* Orders by key and keeps the newest of each; returns how many are left. */
static size_t order_and_thin(struct sp_received received[], size_t count)
{
    qsort(received, count, sizeof *received, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !same_key(head_of(&received[kept - 1]), head_of(&received[i])))
            received[kept++] = received[i];
    }
    return kept;
}

/* ---- verdicts
 * ------------------------------------------------------------------------------------------ */

void sp_reject(struct sp_ctx *ctx, const struct sp_batch *batch, size_t i, const char *format, ...)
{
    SP_ASSERT(i < batch->count && ctx->received != NULL);
    char text[REASON_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ctx->received[i].reason = sp_arena_printf(ctx->arena, "%s", text).data;
    ctx->any_verdict = true;
}

void sp_put_off(struct sp_ctx *ctx, const struct sp_batch *batch, size_t i, int64_t delay_ms)
{
    enum { HOUR_MS = 3600 * 1000 };
    SP_ASSERT(i < batch->count && ctx->received != NULL);
    ctx->received[i].delay_ms = delay_ms < 1 ? 1 : delay_ms > HOUR_MS ? HOUR_MS : delay_ms;
    ctx->any_verdict = true;
}

static struct sp_text parcel_of_one(struct sp_ctx *ctx, struct sp_text raw)
{
    struct sp_buffer body = {0};
    sp_parcel_begin(&body, 1);
    sp_buffer_put_text(&body, raw);
    struct sp_text copy = sp_arena_copy(ctx->arena, sp_buffer_text(&body));
    sp_buffer_free(&body);
    return copy;
}

void sp_ctx_store_verdicts(struct sp_ctx *ctx, const char *type, const struct sp_received judged[],
                           size_t count)
{
    struct sp_set *dead = sp_set_open(ctx->db, "dead_letter_row");
    struct sp_set *later = sp_set_open(ctx->db, "later_row");
    for (size_t i = 0; i < count; i++) {
        bool rejected = judged[i].reason != NULL;
        struct sp_set *set = rejected ? dead : later;
        const struct sp_head *head = head_of(&judged[i]);
        sp_set_row(set);
        sp_set_string(set, sp_text_of(type));
        sp_set_int(set, head->account_id);
        sp_set_string(set, head->key);
        sp_set_int(set, head->rev);
        sp_set_bytes(set, judged[i].whole ? judged[i].raw : parcel_of_one(ctx, judged[i].raw));
        if (rejected)
            sp_set_string(set, sp_text_fit(sp_text_of(judged[i].reason), REASON_BYTES, ctx->arena));
        else
            sp_set_int(set, judged[i].delay_ms);
        sp_set_time(set, judged[i].since_us);
        sp_metric_add(&messages_metric, rejected ? "rejected" : "put-off", 1);
        if (rejected)
            sp_log(SP_ERROR, "dead-letter", "type", type, "reason", judged[i].reason, NULL);
    }
    if (sp_set_count(dead) > 0)
        (void)sp_queue(ctx->db, &bury, SP_PARAMS(sp_set(dead)));
    if (sp_set_count(later) > 0)
        (void)sp_queue(ctx->db, &put_off, SP_PARAMS(sp_set(later)));
}

/* ---- one transaction
 * --------------------------------------------------------------------------------------- */

struct attempt {
    const struct sp_route *route;
    struct sp_received *received; /* ordered, one for each key */
    size_t count;
    const struct sp_received *judged; /* verdicts of an earlier try, stored in this one */
    size_t judged_count;
    bool from_later; /* their rows of `later` go in the same transaction */
};

/* The claimed messages as the handler wants them: an array of structs.  Both lists are ordered by
 * key, so one walk matches them. */
static void match_claimed(struct sp_ctx *ctx, const struct attempt *attempt,
                          const struct sp_rows *rows, struct sp_batch *batch)
{
    size_t size = attempt->route->message->record->size, claimed = sp_rows_count(rows);
    char *messages = sp_arena_array(ctx->arena, claimed, size);
    size_t *row_of = sp_arena_array(ctx->arena, claimed, sizeof *row_of);
    ctx->received = sp_arena_array(ctx->arena, claimed, sizeof *ctx->received);
    size_t *row_at = sp_arena_array(ctx->arena, attempt->count, sizeof *row_at);
    for (size_t row = 0; row < claimed; row++) {
        struct sp_head wanted = {.account_id = sp_row_int(rows, row, 0),
                                 .key = sp_row_text(rows, row, 1),
                                 .rev = INT64_MAX};
        struct sp_received probe = {.value = &wanted};
        /* RETURNING promises no order: find each row's message by its key. */
        size_t low = 0, high = attempt->count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (by_key(&attempt->received[middle], &probe) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        SP_ASSERT(low < attempt->count && same_key(head_of(&attempt->received[low]), &wanted));
        row_at[low] = row + 1;
    }
    for (size_t i = 0; i < attempt->count; i++) {
        if (row_at[i] == 0)
            continue;
        memcpy(messages + batch->count * size, attempt->received[i].value, size);
        ctx->received[batch->count] = attempt->received[i];
        row_of[batch->count++] = row_at[i] - 1;
    }
    batch->messages = messages;
    batch->claimed = rows;
    batch->claimed_row = row_of;
}

int64_t sp_claimed_rev(const struct sp_batch *batch, size_t i)
{
    return sp_row_int(batch->claimed, batch->claimed_row[i], 2);
}

static void put_keys(struct sp_set *set, const struct sp_received received[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sp_head *head = head_of(&received[i]);
        sp_set_row(set);
        sp_set_int(set, head->account_id);
        sp_set_string(set, head->key);
        sp_set_int(set, head->rev);
    }
}

/* Before the verdicts: a message that is put off once more gets its row back. */
static void queue_take_from_later(struct sp_ctx *ctx, const struct attempt *attempt)
{
    struct sp_set *set = sp_set_open(ctx->db, "message_key");
    put_keys(set, attempt->received, attempt->count);
    put_keys(set, attempt->judged, attempt->judged_count);
    (void)sp_queue(ctx->db, &take_from_later,
                   SP_PARAMS(sp_cstring(attempt->route->message->type), sp_set(set)));
}

/* Claim, handler; leaves the transaction open with saves queued. */
static enum sp_result claim_and_handle(struct sp_ctx *ctx, const struct attempt *attempt,
                                       struct sp_batch *batch)
{
    if (attempt->from_later)
        queue_take_from_later(ctx, attempt);
    if (attempt->judged_count > 0)
        sp_ctx_store_verdicts(ctx, attempt->route->message->type, attempt->judged,
                              attempt->judged_count);
    if (attempt->count == 0)
        return SP_OK;
    size_t size = attempt->route->message->record->size;
    char *messages = sp_arena_array(ctx->arena, attempt->count, size);
    for (size_t i = 0; i < attempt->count; i++) {
        memcpy(messages + i * size, attempt->received[i].value, size);
        if (SAMPAN_MUTANT == SP_MUTANT_IGNORE_REVISIONS)
            ((struct sp_head *)(void *)(messages + i * size))->rev = INT64_MAX / 2 + sp_now_us();
    }
    if (SAMPAN_MUTANT == SP_MUTANT_CLAIM_LAST)
        (void)sp_queue(ctx->db, &mark, SP_NO_PARAMS);
    int slot = attempt->route->claim(ctx, messages, attempt->count);
    if (SAMPAN_MUTANT == SP_MUTANT_CLAIM_LAST)
        (void)sp_queue(ctx->db, &back_to_mark, SP_NO_PARAMS);
    enum sp_result result = sp_run(ctx->db, &ctx->error);
    if (result != SP_OK)
        return result;
    match_claimed(ctx, attempt, sp_result(ctx->db, slot), batch);
    if (batch->count == 0)
        return SP_OK;
    if (sp_fault("slow"))
        (void)usleep(SLOW_US);
    result = attempt->route->handle(ctx, batch);
    if (SAMPAN_MUTANT == SP_MUTANT_CLAIM_LAST && result == SP_OK)
        (void)attempt->route->claim(ctx, messages, attempt->count);
    return result;
}

static enum sp_result try_once(struct sp_ctx *ctx, const struct attempt *attempt,
                               struct sp_batch *batch)
{
    *batch = (struct sp_batch){0};
    ctx->any_verdict = false;
    ctx->error.text[0] = '\0';
    int64_t began = sp_monotonic_us();
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = claim_and_handle(ctx, attempt, batch);
    if (result != SP_OK || ctx->any_verdict) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    sp_metric_observe_us(&batch_metric, attempt->route->message->type, sp_monotonic_us() - began);
    return result;
}

/* A key that is taken: somebody else wrote the row since the claim found none.  The next try finds
 * it. */
static bool lost_a_race(const struct sp_ctx *ctx, enum sp_result result)
{
    return result == SP_REJECT && sp_db_outcome(ctx->db) == SP_DB_BAD &&
           strcmp(sp_db_sqlstate(ctx->db), "23505") == 0;
}

static bool worth_another_try(const struct sp_ctx *ctx, enum sp_result result)
{
    return (result == SP_RETRY && sp_db_outcome(ctx->db) == SP_DB_AGAIN) ||
           lost_a_race(ctx, result);
}

/* ---- the whole batch
 * ------------------------------------------------------------------------------------------ */

/* Moves what the handler judged out of `received` to the end of `judged`. */
static void part_judged(struct sp_ctx *ctx, const struct sp_batch *batch, struct attempt *attempt,
                        struct sp_received judged[])
{
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < attempt->count; i++) {
        struct sp_received *one = &attempt->received[i];
        while (at < batch->count && by_key(&ctx->received[at], one) < 0)
            at++;
        bool mine = at < batch->count && ctx->received[at].value == one->value;
        if (mine && (ctx->received[at].reason != NULL || ctx->received[at].delay_ms > 0))
            judged[attempt->judged_count++] = ctx->received[at];
        else
            attempt->received[kept++] = *one;
    }
    attempt->count = kept;
    attempt->judged = judged;
}

static enum sp_result bury_one(struct sp_ctx *ctx, struct attempt *attempt, const char *reason)
{
    struct sp_received judged = attempt->received[0];
    judged.reason = sp_arena_printf(ctx->arena, "%s", reason).data;
    struct attempt burial = {.route = attempt->route,
                             .judged = &judged,
                             .judged_count = 1,
                             .from_later = attempt->from_later};
    struct sp_batch batch;
    return try_once(ctx, &burial, &batch);
}

static enum sp_result run_attempt(struct sp_ctx *ctx, struct attempt *attempt);

/* The verdicts, then each message, in transactions of their own, so that the one at fault is found
 * and takes no other with it. */
static enum sp_result one_by_one(struct sp_ctx *ctx, const struct attempt *attempt)
{
    struct attempt single = *attempt;
    single.count = 0;
    enum sp_result result = attempt->judged_count > 0 ? run_attempt(ctx, &single) : SP_OK;
    for (size_t i = 0; i < attempt->count && result == SP_OK; i++) {
        struct sp_received one = attempt->received[i];
        single = *attempt;
        single.received = &one;
        single.count = 1;
        single.judged_count = 0;
        result = run_attempt(ctx, &single);
    }
    return result;
}

static enum sp_result run_attempt(struct sp_ctx *ctx, struct attempt *attempt)
{
    struct sp_received *judged =
        sp_arena_array(ctx->arena, attempt->count + attempt->judged_count, sizeof *judged);
    for (int tries = 0;; tries++) {
        struct sp_batch batch;
        enum sp_result result = try_once(ctx, attempt, &batch);
        if (result == SP_OK && !ctx->any_verdict)
            return SP_OK;
        if (result == SP_OK) {
            if (attempt->judged_count > 0)
                memcpy(judged, attempt->judged, attempt->judged_count * sizeof *judged);
            part_judged(ctx, &batch, attempt, judged);
            continue;
        }
        if (worth_another_try(ctx, result) && tries < TRANSIENT_TRIES)
            continue;
        if (result == SP_RETRY)
            return SP_RETRY;
        if (attempt->count == 0)
            return SP_RETRY; /* the verdicts themselves cannot be stored: keep them at the sender */
        if (attempt->count + attempt->judged_count > 1)
            return one_by_one(ctx, attempt);
        char reason[sizeof ctx->error.text];
        (void)snprintf(reason, sizeof reason, "%s", ctx->error.text);
        return bury_one(ctx, attempt, reason);
    }
}

enum sp_result sp_batch_apply(struct sp_ctx *ctx, const struct sp_route *route,
                              struct sp_received received[], size_t count, bool from_later)
{
    struct sp_received *judged = sp_arena_array(ctx->arena, count, sizeof *judged);
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < count; i++) {
        if (received[i].reason != NULL)
            judged[bad++] = received[i];
        else
            received[good++] = received[i];
    }
    struct attempt attempt = {.route = route,
                              .received = received,
                              .count = order_and_thin(received, good),
                              .judged = judged,
                              .judged_count = bad,
                              .from_later = from_later};
    enum sp_result result = run_attempt(ctx, &attempt);
    if (result == SP_OK)
        sp_metric_add(&messages_metric, "done", (int64_t)good);
    return result;
}
