/* SQL about goods issues and returns. */
#include <stdlib.h>
#include <string.h>

#include "services/inventory/store.h"

/* What was asked for first stays: a later revision only says whether it is still wanted.  A new one
 * is written as it will be in all likelihood, accepted or cancelled unseen: the verdict of a
 * refused one overwrites it, the others save the second write. */
static const struct sp_statement claim_issues = {
    SP_CLAIM("INSERT INTO goods_issue AS t (account_id, key, upstream_rev, rev, order_key, "
             "warehouse_id, state, trace, emitted_at, lines) "
             "SELECT u.account_id, u.key, u.upstream_rev, u.rev, u.order_key, u.warehouse_id, "
             "u.state, u.trace, u.emitted_at, u.lines FROM unnest($1::goods_issue_row[]) u",
             "SELECT FROM goods_issue k WHERE k.account_id = u.account_id AND k.key = u.key",
             "u.account_id, u.key",
             "(account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
             "rev = greatest(t.rev + 1, excluded.rev), trace = excluded.trace, "
             "emitted_at = excluded.emitted_at, committed_at = now() "
             "WHERE t.upstream_rev < excluded.upstream_rev",
             "t.account_id, t.key, t.rev, t.state, t.xmax = 0")};

static const struct sp_statement lock_issues = {
    "SELECT key FROM goods_issue WHERE account_id = $1::bigint AND key = ANY ($2::text[]) "
    "ORDER BY key FOR NO KEY UPDATE"};

static const struct sp_statement read_issues = {
    "SELECT g.account_id, g.key, g.order_key, g.warehouse_id, g.rev, g.state, g.ended_at, "
    "g.reason, "
    "g.trace, g.upstream_rev, g.lines FROM unnest($1::order_key[]) k "
    "JOIN goods_issue g ON g.account_id = k.account_id AND g.key = k.key "
    "ORDER BY g.account_id, g.key"};

static const struct sp_statement save_verdicts = {
    "UPDATE goods_issue g SET state = v.state, reason = v.reason, "
    "ended_at = CASE WHEN v.state = 'AWAITING_ISSUE' THEN NULL ELSE coalesce(g.ended_at, now()) "
    "END "
    "FROM unnest($1::issue_verdict[]) v WHERE g.account_id = v.account_id AND g.key = v.key"};

static const struct sp_statement end_issues = {
    "UPDATE goods_issue SET state = 'ISSUED', ended_at = now(), user_name = $3::text, "
    "rev = greatest(rev + 1, $4::bigint) "
    "WHERE account_id = $1::bigint AND key = ANY ($2::text[])"};

static const struct sp_statement claim_returns = {
    "INSERT INTO returned AS t (account_id, key, upstream_rev, order_key, trace, emitted_at) "
    "SELECT account_id, key, upstream_rev, order_key, trace, emitted_at "
    "FROM unnest($1::returned_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, key, upstream_rev, variant_id, warehouse_id, pieces, what"};

static const struct sp_statement save_booked = {
    "UPDATE returned t SET variant_id = b.variant_id, warehouse_id = b.warehouse_id, "
    "pieces = b.pieces::integer, what = b.what FROM unnest($1::booked_row[]) b "
    "WHERE t.account_id = b.account_id AND t.key = b.key"};

static void set_lines(struct sp_ctx *ctx, struct sp_set *set,
                      const struct fulfilment_requested *request)
{
    int64_t *numbers = sp_arena_array(sp_ctx_arena(ctx), request->lines_count * STORE_LINE_NUMBERS,
                                      sizeof *numbers);
    size_t count = 0;
    for (size_t i = 0; i < request->lines_count; i++) {
        numbers[count++] = request->lines[i].variant_id;
        numbers[count++] = request->lines[i].line;
        numbers[count++] = request->lines[i].pieces;
    }
    sp_set_ints(set, numbers, count);
}

int store_likely_state(const struct fulfilment_requested *request)
{
    return request->wanted ? ISSUE_AWAITING : ISSUE_CANCELLED;
}

int store_claim_issues(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct fulfilment_requested *requests = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "goods_issue_row");
    for (size_t i = 0; i < count; i++) {
        const struct fulfilment_requested *request = &requests[i];
        sp_set_row(set);
        sp_set_int(set, request->head.account_id);
        sp_set_string(set, request->head.key);
        sp_set_int(set, request->head.rev);
        sp_set_int(set, sp_rev_floor(ctx));
        sp_set_string(set, request->order_id);
        sp_set_int(set, request->warehouse_id);
        sp_set_string(set, sp_text_of(goods_issue_machine.states[store_likely_state(request)]));
        sp_set_uuid(set, request->head.trace);
        sp_set_time(set, request->head.emitted_us);
        set_lines(ctx, set, request);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_issues, SP_PARAMS(sp_set(set)));
}

static int by_line(const void *left, const void *right)
{
    const struct issue_part *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->variant_id > b->variant_id) - (a->variant_id < b->variant_id);
}

static void read_parts(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row, int column,
                       struct issue_record *record)
{
    record->part_count = sp_row_ints(rows, row, column) / STORE_LINE_NUMBERS;
    record->parts = sp_arena_array(sp_ctx_arena(ctx), record->part_count, sizeof *record->parts);
    for (size_t i = 0; i < record->part_count; i++)
        record->parts[i] = (struct issue_part){
            .variant_id = sp_row_int_at(rows, row, column, i * STORE_LINE_NUMBERS),
            .line = sp_row_int_at(rows, row, column, i * STORE_LINE_NUMBERS + 1),
            .pieces = sp_row_int_at(rows, row, column, i * STORE_LINE_NUMBERS + 2)};
    if (record->part_count > 1)
        qsort(record->parts, record->part_count, sizeof *record->parts, by_line);
}

static void read_issue(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                       struct issue_record *record)
{
    *record =
        (struct issue_record){.ref = {sp_row_int(rows, row, 0), sp_row_text(rows, row, 1)},
                              .order_key = sp_row_text(rows, row, 2),
                              .warehouse_id = sp_row_int(rows, row, 3),
                              .rev = sp_row_int(rows, row, 4),
                              .state = sp_state_of(&goods_issue_machine, sp_row_text(rows, row, 5)),
                              .ended_us = sp_row_time(rows, row, 6),
                              .reason = sp_row_text(rows, row, 7),
                              .asked_rev = sp_row_int(rows, row, 9)};
    struct sp_text trace = sp_row_text(rows, row, 8);
    SP_ASSERT(trace.size == SP_TRACE_BYTES && record->state >= 0);
    memcpy(record->trace, trace.data, SP_TRACE_BYTES);
    read_parts(ctx, rows, row, 10, record);
}

enum sp_result store_find_issues(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                 struct issue_record **records, size_t *found)
{
    *found = 0;
    if (count == 0)
        return SP_OK;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "order_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, refs[i].account_id);
        sp_set_string(set, refs[i].key);
    }
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_issues, SP_PARAMS(sp_set(set)));
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    *found = sp_rows_count(rows);
    *records = sp_arena_array(sp_ctx_arena(ctx), *found, sizeof **records);
    for (size_t row = 0; row < *found; row++)
        read_issue(ctx, rows, row, &(*records)[row]);
    return SP_OK;
}

void store_lock_issues(struct sp_ctx *ctx, int64_t account_id, const struct sp_text keys[],
                       size_t count)
{
    (void)sp_queue(sp_ctx_db(ctx), &lock_issues,
                   SP_PARAMS(sp_int(account_id), sp_strings(sp_ctx_db(ctx), keys, count)));
}

void store_save_verdicts(struct sp_ctx *ctx, const struct issue_verdict verdicts[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "issue_verdict");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, verdicts[i].ref.account_id);
        sp_set_string(set, verdicts[i].ref.key);
        sp_set_string(set, sp_text_of(goods_issue_machine.states[verdicts[i].state]));
        sp_set_string(set, verdicts[i].reason);
    }
    (void)sp_queue(sp_ctx_db(ctx), &save_verdicts, SP_PARAMS(sp_set(set)));
}

void store_end_issues(struct sp_ctx *ctx, int64_t account_id, const struct sp_text keys[],
                      size_t count, struct sp_text user)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_issues,
                   SP_PARAMS(sp_int(account_id), sp_strings(sp_ctx_db(ctx), keys, count),
                             sp_string(user), sp_int(sp_rev_floor(ctx))));
}

/* ---- returns ----------------------------------------------------------------------- */

int store_claim_returns(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct goods_returned *returns = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "returned_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, returns[i].head.account_id);
        sp_set_string(set, returns[i].head.key);
        sp_set_int(set, returns[i].head.rev);
        sp_set_string(set, returns[i].order_id);
        sp_set_uuid(set, returns[i].head.trace);
        sp_set_time(set, returns[i].head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_returns, SP_PARAMS(sp_set(set)));
}

void store_save_booked(struct sp_ctx *ctx, const struct goods_returned returns[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "booked_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, returns[i].head.account_id);
        sp_set_string(set, returns[i].head.key);
        sp_set_int(set, returns[i].variant_id);
        sp_set_int(set, returns[i].warehouse_id);
        sp_set_int(set, returns[i].pieces);
        sp_set_string(set, returns[i].what);
    }
    (void)sp_queue(sp_ctx_db(ctx), &save_booked, SP_PARAMS(sp_set(set)));
}
