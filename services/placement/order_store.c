/* SQL about orders: facts as received with the decisions about them, inventory's answers, changes
 * for live screens. */
#include <stdlib.h>
#include <string.h>

#include "services/placement/store.h"

enum { MOST_CHANGED = 200 }; /* orders named in one change; beyond: many */

#define DECIDED                                                                                    \
    "rev, stage, since, attempt, charged_minor, placed_at, answer, answered_rev, refused_rev, "    \
    "refused_reason, conditions"

/* One look-up tells which orders are new; of the others the older are locked by raising their
 * revision.  Nobody else decides about those, nor about new ones: whoever inserts second fails. */
static const struct sp_statement claim_orders = {
    "WITH seen AS (SELECT m.account_id, m.key, newer, upstream_rev, " DECIDED " "
    "FROM unnest($1::message_key[]) m (account_id, key, newer) LEFT JOIN decision d "
    "ON d.account_id = m.account_id AND d.key = m.key), "
    "raised AS (UPDATE decision t SET upstream_rev = newer "
    "FROM (SELECT account_id, key, newer FROM seen WHERE upstream_rev < newer) s "
    "WHERE t.account_id = s.account_id AND t.key = s.key AND t.upstream_rev < newer "
    "RETURNING t.account_id, t.key, newer, false, " DECIDED ") "
    "TABLE raised UNION ALL "
    "SELECT account_id, key, newer, true, " DECIDED " FROM seen WHERE upstream_rev IS NULL"};

#define PLACINGS(more)                                                                             \
    "SELECT account_id, key, upstream_rev, trace, " DECIDED ", fact FROM decision "                \
    "WHERE account_id = $1::bigint AND key = ANY ($2::text[]) ORDER BY key" more

/* Lock and reading in one: of the row that was waited for, the columns are those it has when the
 * lock is granted. */
static const struct sp_statement lock_placings = {PLACINGS(" FOR NO KEY UPDATE")};

static const struct sp_statement read_placings = {PLACINGS("")};

/* No conflict is looked for: a key that is taken has been decided since the claim, and the batch is
 * run again. */
static const struct sp_statement add_placings = {
    "INSERT INTO decision (account_id, key, upstream_rev, trace, emitted_at, fact, " DECIDED ") "
    "SELECT account_id, key, upstream_rev, trace, emitted_at, fact, rev, stage, since, attempt, "
    "charged_minor, placed_at, answer, answered_rev, refused_rev, refused_reason, "
    "nullif(conditions, '')::json FROM unnest($1::decision_row[])"};

#define SAVE(more)                                                                                 \
    "UPDATE decision t SET rev = r.rev, stage = r.stage, since = r.since, attempt = r.attempt, "   \
    "charged_minor = r.charged_minor, placed_at = r.placed_at, answer = r.answer, "                \
    "answered_rev = r.answered_rev, refused_rev = r.refused_rev, "                                 \
    "refused_reason = r.refused_reason, conditions = nullif(r.conditions, '')::json" more          \
    " FROM unnest($1::decision_row[]) r WHERE t.account_id = r.account_id AND t.key = r.key"

static const struct sp_statement save_placings = {SAVE("")};

static const struct sp_statement renew_placings = {
    SAVE(", trace = r.trace, emitted_at = r.emitted_at, committed_at = now(), fact = r.fact")};

static const struct sp_statement note_changes = {
    "INSERT INTO change (account_id, keys) VALUES ($1::bigint, $2::text[])"};

static const struct sp_statement claim_answers = {
    "WITH heard AS (UPDATE decision t SET answer = r.answer, answered_rev = r.rev "
    "FROM unnest($1::answer_row[]) r "
    "WHERE t.account_id = r.account_id AND t.key = r.order_key AND t.attempt = r.attempt "
    "AND t.answered_rev < r.rev "
    "RETURNING t.account_id, r.key, t.rev, r.order_key, r.attempt, r.rev AS answered, r.trace, "
    "r.emitted_at), "
    "kept AS (INSERT INTO heard_answer (account_id, order_key, attempt, rev, trace, emitted_at) "
    "SELECT account_id, order_key, attempt, answered, trace, emitted_at FROM heard) "
    "SELECT account_id, key, rev FROM heard"};

int store_claim_orders(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct order_allocated *orders = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "message_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, orders[i].head.account_id);
        sp_set_string(set, orders[i].head.key);
        sp_set_int(set, orders[i].head.rev);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_orders, SP_PARAMS(sp_set(set)));
}

/* ---- decisions as stored ----------------------------------------------------------------------
 */

/* Columns of a claim's rows and of those that are read: what comes first, DECIDED, the fact. */
enum { ACCOUNT, KEY, UPSTREAM_REV, FRESH, TRACE = FRESH, REV, FACT = REV + 11 };

static struct placing_record read_record(const struct sp_rows *rows, size_t row)
{
    int stage = sp_state_of(&stage_machine, sp_row_text(rows, row, REV + 1));
    SP_ASSERT(stage >= 0); /* the table's CHECK has the same names */
    return (struct placing_record){
        .ref = {sp_row_int(rows, row, ACCOUNT), sp_row_text(rows, row, KEY)},
        .found = true,
        .rev = sp_row_int(rows, row, REV),
        .stage = stage,
        .since_us = sp_row_time(rows, row, REV + 2),
        .attempt = sp_row_int(rows, row, REV + 3),
        .charged_minor = sp_row_int(rows, row, REV + 4),
        .placed_us = sp_row_time(rows, row, REV + 5),
        .answer = sp_row_text(rows, row, REV + 6),
        .answered_rev = sp_row_int(rows, row, REV + 7),
        .refused_rev = sp_row_int(rows, row, REV + 8),
        .refused_reason = sp_row_text(rows, row, REV + 9),
        .conditions = sp_row_text(rows, row, REV + 10)};
}

struct placing_record store_claimed(const struct sp_rows *rows, size_t row)
{
    if (!sp_row_bool(rows, row, FRESH))
        return read_record(rows, row);
    return (struct placing_record){
        .ref = {sp_row_int(rows, row, ACCOUNT), sp_row_text(rows, row, KEY)}};
}

static enum sp_result read_fact(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                struct order_allocated *fact)
{
    struct sp_text body = sp_row_text(rows, row, FACT), trace = sp_row_text(rows, row, TRACE);
    enum sp_result result = sp_record_decode(order_allocated_message.record, &body, fact,
                                             sp_ctx_arena(ctx), sp_ctx_error(ctx));
    fact->head = (struct sp_head){.account_id = sp_row_int(rows, row, ACCOUNT),
                                  .key = sp_row_text(rows, row, KEY),
                                  .rev = sp_row_int(rows, row, UPSTREAM_REV)};
    SP_ASSERT(trace.size == SP_TRACE_BYTES);
    memcpy(fact->head.trace, trace.data, SP_TRACE_BYTES);
    return result;
}

static enum sp_result read_cases(struct sp_ctx *ctx, const struct sp_rows *rows,
                                 struct placing_case cases[])
{
    size_t count = sp_rows_count(rows);
    struct order_allocated *facts = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *facts);
    enum sp_result result = SP_OK;
    for (size_t row = 0; row < count && result == SP_OK; row++) {
        result = read_fact(ctx, rows, row, &facts[row]);
        cases[row] = (struct placing_case){.fact = &facts[row],
                                           .upstream_rev = facts[row].head.rev,
                                           .before = read_record(rows, row)};
    }
    return result;
}

/* Row locks are taken one account at a time: a distributed PostgreSQL allows no other way. */
static enum sp_result find_placings(struct sp_ctx *ctx, const struct sp_statement *statement,
                                    const struct order_ref refs[], size_t count,
                                    struct found_cases *found)
{
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    int *slots = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *slots);
    size_t accounts = 0;
    for (size_t from = 0, to; from < count; from = to) {
        int64_t account_id = refs[from].account_id;
        for (to = from; to < count && refs[to].account_id == account_id; to++)
            keys[to - from] = refs[to].key;
        slots[accounts++] =
            sp_queue(sp_ctx_db(ctx), statement,
                     SP_PARAMS(sp_int(account_id), sp_strings(sp_ctx_db(ctx), keys, to - from)));
    }
    *found =
        (struct found_cases){.list = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *found->list)};
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    for (size_t i = 0; i < accounts && result == SP_OK; i++) {
        const struct sp_rows *rows = sp_result(sp_ctx_db(ctx), slots[i]);
        result = read_cases(ctx, rows, found->list + found->count);
        found->count += sp_rows_count(rows);
    }
    return result;
}

enum sp_result store_lock_placings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct found_cases *found)
{
    return find_placings(ctx, &lock_placings, refs, count, found);
}

enum sp_result store_read_placings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct found_cases *found)
{
    return find_placings(ctx, &read_placings, refs, count, found);
}

/* The body alone: what the head says stands in columns. */
static void encode_fact(const struct order_allocated *fact, struct sp_buffer *body)
{
    struct order_allocated bare = *fact;
    bare.head = (struct sp_head){.key = {0}};
    enum sp_result result = sp_record_encode(order_allocated_message.record, &bare, body, NULL);
    SP_ASSERT(result == SP_OK); /* it was within all limits when it was read */
}

static void set_record(struct sp_set *set, const struct placing_record *record)
{
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

static void queue_placings(struct sp_ctx *ctx, const struct sp_statement *statement,
                           const struct placing_case *const cases[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "decision_row");
    struct sp_buffer body = {0};
    for (size_t i = 0; i < count; i++) {
        const struct sp_head *head = &cases[i]->fact->head;
        sp_set_row(set);
        sp_set_int(set, head->account_id);
        sp_set_string(set, head->key);
        sp_set_int(set, head->rev);
        sp_set_uuid(set, head->trace);
        sp_set_time(set, head->emitted_us);
        set_record(set, &cases[i]->after);
        sp_buffer_reset(&body);
        if (cases[i]->fact_is_new)
            encode_fact(cases[i]->fact, &body);
        sp_set_bytes(set, sp_buffer_text(&body)); /* empty: nobody asks for it */
    }
    sp_buffer_free(&body);
    (void)sp_queue(sp_ctx_db(ctx), statement, SP_PARAMS(sp_set(set)));
}

void store_add_placings(struct sp_ctx *ctx, const struct placing_case *const cases[], size_t count)
{
    queue_placings(ctx, &add_placings, cases, count);
}

void store_renew_placings(struct sp_ctx *ctx, const struct placing_case *const cases[],
                          size_t count)
{
    queue_placings(ctx, &renew_placings, cases, count);
}

void store_save_placings(struct sp_ctx *ctx, const struct placing_case *const cases[], size_t count)
{
    queue_placings(ctx, &save_placings, cases, count);
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
        sp_set_uuid(set, answers[i].head.trace);
        sp_set_time(set, answers[i].head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_answers, SP_PARAMS(sp_set(set)));
}
