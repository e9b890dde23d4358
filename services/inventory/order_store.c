/* SQL about orders: facts as received, what is kept, who waits. */
#include <stdlib.h>
#include <string.h>

#include "services/inventory/store.h"

/* One look-up tells which orders are new; of the others the older are locked by raising their
 * revision.  Nobody else decides about those, nor about new ones: whoever inserts second fails. */
static const struct sp_statement claim_orders = {
    "WITH seen AS (SELECT k.account_id, k.key, k.rev, t.upstream_rev FROM "
    "unnest($1::message_key[]) k LEFT JOIN reservation t ON t.account_id = k.account_id "
    "AND t.key = k.key), "
    "raised AS (UPDATE reservation t SET upstream_rev = s.rev "
    "FROM (SELECT * FROM seen WHERE upstream_rev < rev) s WHERE t.account_id = s.account_id "
    "AND t.key = s.key AND t.upstream_rev < s.rev RETURNING s.account_id, s.key, s.rev, false) "
    "TABLE raised UNION ALL "
    "SELECT account_id, key, rev, true FROM seen WHERE upstream_rev IS NULL"};

/* Lock and reading in one: of the row that was waited for, the columns are those it has when the
 * lock is granted. */
static const struct sp_statement lock_orders = {
    "SELECT key, rev, since, may_issue, takes, kept FROM reservation "
    "WHERE account_id = $1::bigint AND key = ANY ($2::text[]) ORDER BY key FOR NO KEY UPDATE"};

/* Once the orders are locked: who makes, cancels or issues a goods issue holds its order's lock.  A
 * goods issue's key begins with its order's and '/', and '0' follows '/' in byte order. */
static const struct sp_statement read_live_issues = {
    "SELECT o.key, g.warehouse_id, g.state = 'AWAITING_ISSUE', g.lines FROM unnest($2::text[]) o "
    "(key) "
    "JOIN goods_issue g ON g.account_id = $1::bigint AND g.key > o.key || '/' AND g.key < o.key || "
    "'0' "
    "WHERE g.state IN ('AWAITING_ISSUE', 'ISSUED') ORDER BY o.key, g.key"};

static const struct sp_statement read_facts = {
    "SELECT m.account_id, m.key, m.trace, m.fact FROM unnest($1::order_key[]) o "
    "JOIN reservation m ON m.account_id = o.account_id AND m.key = o.key "
    "ORDER BY m.account_id, m.key"};

/* No conflict is looked for, which saves a look at the index and a record of WAL: whoever loses a
 * race for a new order runs its batch again. */
static const struct sp_statement add_orders = {
    "INSERT INTO reservation (account_id, key, rev, since, may_issue, takes, kept, upstream_rev, "
    "trace, emitted_at, fact) SELECT * FROM unnest($1::reservation_fact_row[])"};

static const struct sp_statement replace_orders = {
    "UPDATE reservation t SET rev = r.rev, since = r.since, may_issue = r.may_issue, "
    "takes = r.takes, kept = r.kept, trace = r.trace, emitted_at = r.emitted_at, "
    "committed_at = now(), fact = r.fact FROM unnest($1::reservation_fact_row[]) r "
    "WHERE t.account_id = r.account_id AND t.key = r.key"};

static const struct sp_statement save_orders = {
    "UPDATE reservation t SET rev = r.rev, since = r.since, may_issue = r.may_issue, "
    "takes = r.takes, kept = r.kept FROM unnest($1::reservation_row[]) r "
    "WHERE t.account_id = r.account_id AND t.key = r.key"};

static const struct sp_statement leave_line = {
    "DELETE FROM waiting w USING unnest($1::waiting_row[]) r WHERE w.account_id = r.account_id "
    "AND w.variant_id = r.variant_id AND w.since = r.since AND w.order_key = r.order_key"};

static const struct sp_statement join_line = {
    "INSERT INTO waiting (account_id, variant_id, since, order_key) "
    "SELECT account_id, variant_id, since, order_key FROM unnest($1::waiting_row[]) "
    "ON CONFLICT DO NOTHING"};

/* The body alone: what the head says stands in columns. */
static void set_fact(struct sp_set *set, const struct order_mapped *order, struct sp_buffer *body)
{
    struct order_mapped bare = *order;
    bare.head = (struct sp_head){.key = {0}};
    sp_buffer_reset(body);
    enum sp_result result = sp_record_encode(order_mapped_message.record, &bare, body, NULL);
    SP_ASSERT(result == SP_OK); /* it was within all limits when it was read */
    sp_set_bytes(set, sp_buffer_text(body));
}

int store_claim_orders(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct order_mapped *orders = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "message_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, orders[i].head.account_id);
        sp_set_string(set, orders[i].head.key);
        sp_set_int(set, orders[i].head.rev);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_orders, SP_PARAMS(sp_set(set)));
}

/* ---- decisions as stored ----------------------------------------------------------- */

static struct order_ref ref_of(const struct sp_rows *rows, size_t row)
{
    return (struct order_ref){sp_row_int(rows, row, 0), sp_row_text(rows, row, 1)};
}

/* How a part stands in the array. */
enum { PART_NUMBERS = 5 };

static void read_kept(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row, int column,
                      struct order_record *record)
{
    record->kept_count = sp_row_ints(rows, row, column) / PART_NUMBERS;
    record->kept = sp_arena_array(sp_ctx_arena(ctx), record->kept_count, sizeof *record->kept);
    for (size_t i = 0; i < record->kept_count; i++) {
        int64_t numbers[PART_NUMBERS];
        for (size_t k = 0; k < PART_NUMBERS; k++)
            numbers[k] = sp_row_int_at(rows, row, column, i * PART_NUMBERS + k);
        record->kept[i] = (struct kept_part){.variant_id = numbers[0],
                                             .warehouse_id = numbers[1],
                                             .line = numbers[2],
                                             .reserved = numbers[3],
                                             .missing = numbers[4]};
    }
}

/* The order's part that an issue's line is of; one that is not there is made: of what was issued
 * nothing is held any more. */
static struct kept_part *part_for(struct sp_ctx *ctx, struct order_record *record,
                                  const struct kept_part *wanted)
{
    size_t at = 0;
    while (at < record->kept_count && kept_part_compare(&record->kept[at], wanted) < 0)
        at++;
    if (at < record->kept_count && kept_part_compare(&record->kept[at], wanted) == 0)
        return &record->kept[at];
    struct kept_part *grown =
        sp_arena_array(sp_ctx_arena(ctx), record->kept_count + 1, sizeof *grown);
    if (at > 0)
        memcpy(grown, record->kept, at * sizeof *grown);
    if (at < record->kept_count)
        memcpy(grown + at + 1, record->kept + at, (record->kept_count - at) * sizeof *grown);
    grown[at] = *wanted;
    record->kept = grown;
    record->kept_count++;
    return &record->kept[at];
}

/* What of the held parts is on a goods issue is not reserved any more. */
static void count_issue(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                        struct order_record *record)
{
    bool awaiting = sp_row_bool(rows, row, 2);
    size_t numbers = sp_row_ints(rows, row, 3);
    for (size_t i = 0; i < numbers; i += STORE_LINE_NUMBERS) {
        struct kept_part line = {.line = sp_row_int_at(rows, row, 3, i + 1),
                                 .variant_id = sp_row_int_at(rows, row, 3, i),
                                 .warehouse_id = sp_row_int(rows, row, 1)};
        int64_t pieces = sp_row_int_at(rows, row, 3, i + 2);
        struct kept_part *part = part_for(ctx, record, &line);
        part->issuing += pieces;
        part->awaiting += awaiting ? pieces : 0;
        part->reserved -= awaiting ? pieces : 0;
    }
}

static void read_record(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                        struct order_record *record)
{
    record->found = true;
    record->rev = sp_row_int(rows, row, 1);
    record->since = sp_row_int(rows, row, 2);
    record->standing =
        (struct order_standing){sp_row_bool(rows, row, 4), sp_row_bool(rows, row, 3)};
    read_kept(ctx, rows, row, 5, record);
}

/* Both sides are ordered byte by byte. */
static void read_account(struct sp_ctx *ctx, const struct sp_rows *rows,
                         const struct sp_rows *issues, struct order_record records[], size_t count)
{
    size_t row = 0, issue = 0;
    for (size_t i = 0; i < count; i++) {
        struct sp_text key = records[i].ref.key;
        if (row < sp_rows_count(rows) && sp_text_equal(sp_row_text(rows, row, 0), key))
            read_record(ctx, rows, row++, &records[i]);
        for (; issue < sp_rows_count(issues) && sp_text_equal(sp_row_text(issues, issue, 0), key);
             issue++)
            count_issue(ctx, issues, issue, &records[i]);
    }
    SP_ASSERT(row == sp_rows_count(rows));
}

/* Row locks are taken one account at a time: a distributed PostgreSQL allows no other way. */
enum sp_result store_lock_orders(struct sp_ctx *ctx, struct order_record records[], size_t count)
{
    if (count == 0)
        return SP_OK;
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    int *slots = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *slots);
    int *issues = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *issues);
    size_t from, to;
    for (from = 0; from < count; from = to) {
        int64_t account_id = records[from].ref.account_id;
        for (to = from; to < count && records[to].ref.account_id == account_id; to++)
            keys[to - from] = records[to].ref.key;
        struct sp_param account = sp_int(account_id),
                        names = sp_strings(sp_ctx_db(ctx), keys, to - from);
        slots[from] = sp_queue(sp_ctx_db(ctx), &lock_orders, SP_PARAMS(account, names));
        issues[from] = sp_queue(sp_ctx_db(ctx), &read_live_issues, SP_PARAMS(account, names));
    }
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    for (from = 0; from < count && result == SP_OK; from = to) {
        for (to = from; to < count && records[to].ref.account_id == records[from].ref.account_id;)
            to++;
        read_account(ctx, sp_result(sp_ctx_db(ctx), slots[from]),
                     sp_result(sp_ctx_db(ctx), issues[from]), records + from, to - from);
    }
    return result;
}

static enum sp_result read_fact(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                struct order_mapped *fact)
{
    struct sp_text body = sp_row_text(rows, row, 3), trace = sp_row_text(rows, row, 2);
    enum sp_result result = sp_record_decode(order_mapped_message.record, &body, fact,
                                             sp_ctx_arena(ctx), sp_ctx_error(ctx));
    struct order_ref ref = ref_of(rows, row);
    fact->head = (struct sp_head){.account_id = ref.account_id, .key = ref.key, .rev = 1};
    SP_ASSERT(trace.size == SP_TRACE_BYTES);
    memcpy(fact->head.trace, trace.data, SP_TRACE_BYTES);
    return result;
}

enum sp_result store_load_facts(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                struct order_mapped facts[])
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
        return sp_db_failure(sp_ctx_db(ctx));
    size_t row = 0;
    for (size_t i = 0; i < count; i++) {
        facts[i] = (struct order_mapped){.shop_id = 0};
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

static void set_kept(struct sp_ctx *ctx, struct sp_set *set, const struct order_record *record)
{
    int64_t *numbers =
        sp_arena_array(sp_ctx_arena(ctx), record->kept_count * PART_NUMBERS, sizeof *numbers);
    size_t count = 0;
    for (size_t i = 0; i < record->kept_count; i++) {
        const struct kept_part *kept = &record->kept[i];
        if (kept->reserved + kept->awaiting == 0 && kept->missing == 0)
            continue; /* issued: nothing is held for it any more */
        numbers[count++] = kept->variant_id;
        numbers[count++] = kept->warehouse_id;
        numbers[count++] = kept->line;
        numbers[count++] = kept->reserved + kept->awaiting;
        numbers[count++] = kept->missing;
    }
    sp_set_ints(set, numbers, count);
}

static void set_decision(struct sp_ctx *ctx, struct sp_set *set, const struct order_record *record)
{
    sp_set_row(set);
    sp_set_int(set, record->ref.account_id);
    sp_set_string(set, record->ref.key);
    sp_set_int(set, record->rev);
    sp_set_int(set, record->since);
    sp_set_bool(set, record->standing.may_issue);
    sp_set_bool(set, record->standing.takes);
    set_kept(ctx, set, record);
}

void store_save_facts(struct sp_ctx *ctx, const struct order_record records[],
                      const struct order_mapped *facts[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *added = sp_set_open(db, "reservation_fact_row");
    struct sp_set *replaced = sp_set_open(db, "reservation_fact_row");
    struct sp_buffer body = {0};
    for (size_t i = 0; i < count; i++) {
        struct sp_set *set = records[i].found ? replaced : added;
        const struct sp_head *head = &facts[i]->head;
        set_decision(ctx, set, &records[i]);
        sp_set_int(set, head->rev);
        sp_set_uuid(set, head->trace);
        sp_set_time(set, head->emitted_us);
        set_fact(set, facts[i], &body);
    }
    sp_buffer_free(&body);
    if (sp_set_count(added) > 0)
        (void)sp_queue(db, &add_orders, SP_PARAMS(sp_set(added)));
    if (sp_set_count(replaced) > 0)
        (void)sp_queue(db, &replace_orders, SP_PARAMS(sp_set(replaced)));
}

void store_save_orders(struct sp_ctx *ctx, const struct order_record records[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "reservation_row");
    for (size_t i = 0; i < count; i++)
        set_decision(ctx, set, &records[i]);
    (void)sp_queue(sp_ctx_db(ctx), &save_orders, SP_PARAMS(sp_set(set)));
}

void store_save_changed_orders(struct sp_ctx *ctx, const struct order_record records[],
                               size_t count)
{
    struct order_record *changed = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *changed);
    size_t changed_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (records[i].found && records[i].changed)
            changed[changed_count++] = records[i];
    }
    store_save_orders(ctx, changed, changed_count);
}

/* ---- the line ---------------------------------------------------------------------- */

static void queue_places(struct sp_ctx *ctx, const struct sp_statement *statement,
                         const struct waiting_place places[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "waiting_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, places[i].account_id);
        sp_set_int(set, places[i].variant_id);
        sp_set_int(set, places[i].since);
        sp_set_string(set, places[i].order_key);
    }
    (void)sp_queue(sp_ctx_db(ctx), statement, SP_PARAMS(sp_set(set)));
}

void store_leave_line(struct sp_ctx *ctx, const struct waiting_place places[], size_t count)
{
    queue_places(ctx, &leave_line, places, count);
}

void store_join_line(struct sp_ctx *ctx, const struct waiting_place places[], size_t count)
{
    queue_places(ctx, &join_line, places, count);
}
