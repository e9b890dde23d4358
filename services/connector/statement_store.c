/* Statements in the database. */
#include "services/connector/statement_store.h"

/* A page may list one twice. */
static const struct sp_statement want_statements = {
    "INSERT INTO statement AS s (account_id, shop_id, statement_id, hash, fact) "
    "SELECT DISTINCT ON (account_id, shop_id, statement_id) * FROM unnest($1::statement_row[]) "
    "ORDER BY account_id, shop_id, statement_id "
    "ON CONFLICT (account_id, shop_id, statement_id) DO UPDATE SET hash = excluded.hash, "
    "fact = excluded.fact, wanted = s.wanted + 1, tries = 0, problem = NULL, due = now() "
    "WHERE s.hash <> excluded.hash"};

/* A position is of one reading: when the statement has changed, it begins anew. */
static const struct sp_statement take_statements = {
    "WITH due AS (SELECT t.account_id, t.shop_id, t.statement_id FROM statement t "
    " JOIN shop s USING (account_id, shop_id) JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE t.done < t.wanted AND t.due <= now() "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND s.pull_on "
    " AND g.access_sealed IS NOT NULL ORDER BY t.due LIMIT $1::bigint "
    " FOR UPDATE OF t SKIP LOCKED) "
    "UPDATE statement t SET epoch = t.epoch + 1, due = now() + interval '15 seconds', "
    "token = CASE WHEN t.reading = t.wanted THEN t.token ELSE '' END, "
    "told = CASE WHEN t.reading = t.wanted THEN t.told ELSE 0 END, "
    "again = CASE WHEN t.reading = t.wanted THEN t.again ELSE 0 END, reading = t.wanted "
    "FROM due d JOIN shop s USING (account_id, shop_id) "
    "JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE t.account_id = d.account_id AND t.shop_id = d.shop_id "
    "AND t.statement_id = d.statement_id "
    "RETURNING t.account_id, t.shop_id, s.grant_id, s.cipher, g.access_sealed, t.fact, t.reading, "
    "t.token, t.told, t.epoch, clock_timestamp(), t.tries, t.again"};

static const struct sp_statement step_statements = {
    "UPDATE statement t SET token = n.token, told = n.told, again = n.again, tries = n.tries, "
    "problem = nullif(n.problem, ''), done = CASE WHEN n.done THEN t.reading ELSE t.done END, "
    "due = now() + n.wait_ms * interval '1 millisecond' "
    "FROM unnest($1::statement_step[]) n WHERE t.account_id = n.account_id "
    "AND t.shop_id = n.shop_id AND t.statement_id = n.statement_id AND t.epoch = n.epoch "
    "RETURNING t.account_id, t.shop_id, t.statement_id"};

enum sp_result store_want_statements(struct sp_ctx *ctx, const struct statement_item items[],
                                     size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "statement_row");
    for (size_t i = 0; i < count; i++) {
        struct sp_buffer body = {0};
        enum sp_result result = sp_record_encode(channel_statement_message.record, &items[i].fact,
                                                 &body, sp_ctx_error(ctx));
        sp_set_row(set);
        sp_set_int(set, items[i].shop.account_id);
        sp_set_int(set, items[i].shop.shop_id);
        sp_set_string(set, items[i].fact.statement_id);
        sp_set_int(set, items[i].hash);
        sp_set_bytes(set, sp_buffer_text(&body));
        sp_buffer_free(&body);
        if (result != SP_OK)
            return result;
    }
    (void)sp_queue(db, &want_statements, SP_PARAMS(sp_set(set)));
    return sp_run(db, sp_ctx_error(ctx));
}

static enum sp_result read_task(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                struct statement_task *task)
{
    *task = (struct statement_task){
        .access = store_read_access(rows, row),
        .reading = sp_row_int(rows, row, 6),
        .token = sp_row_text(rows, row, 7),
        .told = sp_row_int(rows, row, 8),
        .epoch = sp_row_int(rows, row, 9),
        .began_us = sp_row_time(rows, row, 10),
        .tries = (int)sp_row_int(rows, row, 11),
        .again = (int)sp_row_int(rows, row, 12),
    };
    struct sp_text body = sp_row_text(rows, row, 5);
    return sp_record_decode(channel_statement_message.record, &body, &task->fact, sp_ctx_arena(ctx),
                            sp_ctx_error(ctx));
}

enum sp_result store_take_statements(struct sp_ctx *ctx, struct statement_task *tasks, size_t most,
                                     size_t *count)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_statements,
                                          SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    enum sp_result result = SP_OK;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count && result == SP_OK; row++)
        result = read_task(ctx, rows, row, &tasks[row]);
    return result;
}

static void put_step(struct sp_set *set, const struct statement_step *step)
{
    const struct statement_task *task = step->task;
    sp_set_row(set);
    sp_set_int(set, task->access.shop.account_id);
    sp_set_int(set, task->access.shop.shop_id);
    sp_set_string(set, task->fact.statement_id);
    sp_set_int(set, task->epoch);
    sp_set_string(set, task->token);
    sp_set_int(set, task->told);
    sp_set_int4(set, task->again);
    sp_set_int4(set, task->tries);
    sp_set_string(set, step->problem);
    sp_set_int(set, step->wait_ms);
    sp_set_bool(set, step->done);
}

static bool is_row_of(const struct sp_rows *rows, size_t row, const struct statement_task *task)
{
    return sp_row_int(rows, row, 0) == task->access.shop.account_id &&
           sp_row_int(rows, row, 1) == task->access.shop.shop_id &&
           sp_text_equal(sp_row_text(rows, row, 2), task->fact.statement_id);
}

enum sp_result store_step_statements(struct sp_ctx *ctx, struct statement_step steps[],
                                     size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "statement_step");
    for (size_t i = 0; i < count; i++)
        put_step(set, &steps[i]);
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &step_statements, SP_PARAMS(sp_set(set)));
    if (rows == NULL)
        return SP_RETRY;
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        for (size_t i = 0; i < count; i++)
            steps[i].stored = steps[i].stored || is_row_of(rows, row, steps[i].task);
    }
    return SP_OK;
}
