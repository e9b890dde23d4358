/* SQL about orders: facts as received, decisions, inventory's answers, changes for live screens. */
#include <stdlib.h>
#include <string.h>

#include "services/placement/store.h"

enum { MOST_CHANGED = 200 }; /* orders named in one change; beyond: many */

static const struct sp_statement claim_orders = {
    "INSERT INTO allocated_order AS t (account_id, key, upstream_rev, trace, emitted_at, fact) "
    "SELECT account_id, key, upstream_rev, trace, emitted_at, fact "
    "FROM unnest($1::allocated_order_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now(), "
    "fact = excluded.fact WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, key, upstream_rev, xmax = 0"};

#define PLACINGS                                                                                   \
    "SELECT key, rev, stage, since, attempt, charged_minor, placed_at, answer, answered_rev, "     \
    "refused_rev, refused_reason, conditions::text FROM decision "                                 \
    "WHERE account_id = $1::bigint AND key = ANY ($2::text[]) ORDER BY key"

/* Lock and reading in one: of the row that was waited for, the columns are those it has when the
 * lock is granted. */
static const struct sp_statement lock_placings = {PLACINGS " FOR NO KEY UPDATE"};

static const struct sp_statement read_placings = {PLACINGS};

static const struct sp_statement read_facts = {
    "SELECT m.account_id, m.key, m.trace, m.fact, m.upstream_rev FROM unnest($1::order_key[]) o "
    "JOIN allocated_order m ON m.account_id = o.account_id AND m.key = o.key "
    "ORDER BY m.account_id, m.key"};

/* The claim of the fact has made sure that nobody else decides about a new order, so no conflict is
 * looked for. */
static const struct sp_statement add_placings = {
    "INSERT INTO decision (account_id, key, rev, stage, since, attempt, charged_minor, placed_at, "
    "answer, answered_rev, refused_rev, refused_reason, conditions) "
    "SELECT account_id, key, rev, stage, since, attempt, charged_minor, placed_at, answer, "
    "answered_rev, refused_rev, refused_reason, nullif(conditions, '')::json "
    "FROM unnest($1::decision_row[])"};

static const struct sp_statement save_placings = {
    "UPDATE decision t SET rev = r.rev, stage = r.stage, since = r.since, attempt = r.attempt, "
    "charged_minor = r.charged_minor, placed_at = r.placed_at, answer = r.answer, "
    "answered_rev = r.answered_rev, refused_rev = r.refused_rev, "
    "refused_reason = r.refused_reason, conditions = nullif(r.conditions, '')::json "
    "FROM unnest($1::decision_row[]) r WHERE t.account_id = r.account_id AND t.key = r.key"};

static const struct sp_statement note_changes = {
    "INSERT INTO change (account_id, keys) VALUES ($1::bigint, $2::text[])"};

static const struct sp_statement claim_answers = {
    "UPDATE decision t SET answer = r.answer, answered_rev = r.rev FROM unnest($1::answer_row[]) r "
    "WHERE t.account_id = r.account_id AND t.key = r.order_key AND t.attempt = r.attempt "
    "AND t.answered_rev < r.rev RETURNING t.account_id, r.key, t.rev"};

/* The body alone: what the head says stands in columns. */
static void set_fact(struct sp_set *set, const struct order_allocated *order,
                     struct sp_buffer *body)
{
    struct order_allocated bare = *order;
    bare.head = (struct sp_head){.key = {0}};
    sp_buffer_reset(body);
    enum sp_result result = sp_record_encode(order_allocated_message.record, &bare, body, NULL);
    SP_ASSERT(result == SP_OK); /* it was within all limits when it was read */
    sp_set_bytes(set, sp_buffer_text(body));
}

int store_claim_orders(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct order_allocated *orders = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "allocated_order_row");
    struct sp_buffer body = {0};
    for (size_t i = 0; i < count; i++) {
        const struct sp_head *head = &orders[i].head;
        sp_set_row(set);
        sp_set_int(set, head->account_id);
        sp_set_string(set, head->key);
        sp_set_int(set, head->rev);
        sp_set_uuid(set, head->trace);
        sp_set_time(set, head->emitted_us);
        set_fact(set, &orders[i], &body);
    }
    sp_buffer_free(&body);
    return sp_queue(sp_ctx_db(ctx), &claim_orders, SP_PARAMS(sp_set(set)));
}

/* ---- decisions as stored ----------------------------------------------------------------------
 */

static void read_record(const struct sp_rows *rows, size_t row, struct placing_record *record)
{
    record->found = true;
    record->rev = sp_row_int(rows, row, 1);
    record->stage = sp_state_of(&stage_machine, sp_row_text(rows, row, 2));
    SP_ASSERT(record->stage >= 0); /* the table's CHECK has the same names */
    record->since_us = sp_row_time(rows, row, 3);
    record->attempt = sp_row_int(rows, row, 4);
    record->charged_minor = sp_row_int(rows, row, 5);
    record->placed_us = sp_row_time(rows, row, 6);
    record->answer = sp_row_text(rows, row, 7);
    record->answered_rev = sp_row_int(rows, row, 8);
    record->refused_rev = sp_row_int(rows, row, 9);
    record->refused_reason = sp_row_text(rows, row, 10);
    record->conditions = sp_row_text(rows, row, 11);
}

/* Both sides are ordered byte by byte. */
static void read_account(const struct sp_rows *rows, struct placing_record records[], size_t count)
{
    size_t row = 0;
    for (size_t i = 0; i < count && row < sp_rows_count(rows); i++) {
        if (sp_text_equal(sp_row_text(rows, row, 0), records[i].ref.key))
            read_record(rows, row++, &records[i]);
    }
    SP_ASSERT(row == sp_rows_count(rows));
}

/* Row locks are taken one account at a time: a distributed PostgreSQL allows no other way. */
static enum sp_result find_placings(struct sp_ctx *ctx, const struct sp_statement *statement,
                                    struct placing_record records[], size_t count)
{
    if (count == 0)
        return SP_OK;
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    int *slots = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *slots);
    size_t from, to;
    for (from = 0; from < count; from = to) {
        int64_t account_id = records[from].ref.account_id;
        for (to = from; to < count && records[to].ref.account_id == account_id; to++)
            keys[to - from] = records[to].ref.key;
        slots[from] =
            sp_queue(sp_ctx_db(ctx), statement,
                     SP_PARAMS(sp_int(account_id), sp_strings(sp_ctx_db(ctx), keys, to - from)));
    }
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    for (from = 0; from < count && result == SP_OK; from = to) {
        for (to = from; to < count && records[to].ref.account_id == records[from].ref.account_id;)
            to++;
        read_account(sp_result(sp_ctx_db(ctx), slots[from]), records + from, to - from);
    }
    return result;
}

enum sp_result store_lock_placings(struct sp_ctx *ctx, struct placing_record records[],
                                   size_t count)
{
    return find_placings(ctx, &lock_placings, records, count);
}

enum sp_result store_read_placings(struct sp_ctx *ctx, struct placing_record records[],
                                   size_t count)
{
    return find_placings(ctx, &read_placings, records, count);
}

static struct order_ref ref_of(const struct sp_rows *rows, size_t row)
{
    return (struct order_ref){sp_row_int(rows, row, 0), sp_row_text(rows, row, 1)};
}

static enum sp_result read_fact(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                struct order_allocated *fact)
{
    struct sp_text body = sp_row_text(rows, row, 3), trace = sp_row_text(rows, row, 2);
    enum sp_result result = sp_record_decode(order_allocated_message.record, &body, fact,
                                             sp_ctx_arena(ctx), sp_ctx_error(ctx));
    struct order_ref ref = ref_of(rows, row);
    fact->head = (struct sp_head){
        .account_id = ref.account_id, .key = ref.key, .rev = sp_row_int(rows, row, 4)};
    SP_ASSERT(trace.size == SP_TRACE_BYTES);
    memcpy(fact->head.trace, trace.data, SP_TRACE_BYTES);
    return result;
}

enum sp_result store_load_facts(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                struct order_allocated facts[])
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "order_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, refs[i].account_id);
        sp_set_string(set, refs[i].key);
    }
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_facts, SP_PARAMS(sp_set(set)));
    if (rows == NULL)
        return sp_db_outcome(sp_ctx_db(ctx)) == SP_DB_BAD ? SP_REJECT : SP_RETRY;
    size_t row = 0;
    for (size_t i = 0; i < count; i++) {
        facts[i] = (struct order_allocated){.shop_id = 0};
        if (row == sp_rows_count(rows))
            continue;
        struct order_ref ref = ref_of(rows, row);
        if (order_ref_compare(&ref, &refs[i]) != 0)
            continue;
        enum sp_result result = read_fact(ctx, rows, row++, &facts[i]);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

static void queue_placings(struct sp_ctx *ctx, const struct sp_statement *statement,
                           const struct placing_record records[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "decision_row");
    for (size_t i = 0; i < count; i++) {
        const struct placing_record *record = &records[i];
        sp_set_row(set);
        sp_set_int(set, record->ref.account_id);
        sp_set_string(set, record->ref.key);
        sp_set_int(set, record->rev);
        sp_set_string(set, sp_text_of(stage_machine.states[record->stage]));
        sp_set_time(set, record->since_us);
        sp_set_int4(set, (int32_t)record->attempt);
        sp_set_int(set, record->charged_minor);
        sp_set_time(set, record->placed_us);
        sp_set_string(set, record->answer);
        sp_set_int(set, record->answered_rev);
        sp_set_int(set, record->refused_rev);
        sp_set_string(set, record->refused_reason);
        sp_set_string(set, record->conditions);
    }
    (void)sp_queue(sp_ctx_db(ctx), statement, SP_PARAMS(sp_set(set)));
}

void store_add_placings(struct sp_ctx *ctx, const struct placing_record records[], size_t count)
{
    queue_placings(ctx, &add_placings, records, count);
}

void store_save_placings(struct sp_ctx *ctx, const struct placing_record records[], size_t count)
{
    queue_placings(ctx, &save_placings, records, count);
}

void store_note_changes(struct sp_ctx *ctx, const struct order_ref refs[], size_t count)
{
    struct sp_text keys[MOST_CHANGED];
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && refs[to].account_id == refs[from].account_id; to++) {
            if (to - from < MOST_CHANGED)
                keys[to - from] = refs[to].key;
        }
        bool many = to - from > MOST_CHANGED;
        (void)sp_queue(sp_ctx_db(ctx), &note_changes,
                       SP_PARAMS(sp_int(refs[from].account_id),
                                 many ? sp_null() : sp_strings(sp_ctx_db(ctx), keys, to - from)));
    }
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* The furthest step it has reached. */
struct sp_text answer_of(const struct fulfilment_progressed *progress)
{
    if (sp_text_is(progress->answer, "REFUSED"))
        return SP_TEXT("REFUSED");
    if (progress->issued_at > 0)
        return SP_TEXT("ISSUED");
    if (progress->cancelled_at > 0)
        return SP_TEXT("CANCELLED");
    if (progress->inspected_at > 0)
        return SP_TEXT("INSPECTED");
    return progress->purchased_at > 0 ? SP_TEXT("PURCHASED") : SP_TEXT("ACCEPTED");
}

/* Of "<order>/<attempt>/<part>"; 0, which no order has placed, when it is something else. */
static int64_t attempt_of(const struct fulfilment_progressed *progress)
{
    size_t from = progress->order_id.size + 1, to = from;
    struct sp_text key = progress->head.key;
    while (to < key.size && key.data[to] != '/')
        to++;
    int64_t attempt = 0;
    if (to >= key.size || !sp_text_to_int((struct sp_text){key.data + from, to - from}, &attempt) ||
        attempt < 0 || attempt > INT32_MAX)
        return 0;
    return attempt;
}

int store_claim_answers(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct fulfilment_progressed *answers = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "answer_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, answers[i].head.account_id);
        sp_set_string(set, answers[i].head.key);
        sp_set_string(set, answers[i].order_id);
        sp_set_int4(set, (int32_t)attempt_of(&answers[i]));
        sp_set_int(set, answers[i].head.rev);
        sp_set_string(set, answer_of(&answers[i]));
    }
    return sp_queue(sp_ctx_db(ctx), &claim_answers, SP_PARAMS(sp_set(set)));
}
