/* The database layer against a real server: values, sets, pipelines, outcomes. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/db_internal.h"
#include "tests/support/database.h"

static const struct sp_migration migrations[] = {
    {"0001_sample",
     "CREATE TYPE figures_row AS (account_id bigint, figures bigint[]);"
     "CREATE TYPE sample_row AS (account_id bigint, name text, at timestamptz, good boolean, "
     "n integer, id uuid, words text[], raw bytea);"
     "CREATE TABLE sample (account_id bigint, name text, at timestamptz, good boolean, n integer, "
     "id uuid, words text[], raw bytea, PRIMARY KEY (account_id, name));"},
    {0},
};

static const struct sp_statement insert = {
    "INSERT INTO sample SELECT * FROM unnest($1::sample_row[]) RETURNING name"};
static const struct sp_statement select_all = {
    "SELECT account_id, name, at, good, n, id, array_to_string(words, ','), raw, "
    "jsonb_build_object('a', 1) FROM sample ORDER BY name"};
static const struct sp_statement echo = {
    "SELECT $1::bigint, $2::text, $3::boolean, $4::timestamptz, $5::integer, $6::bytea"};
static const struct sp_statement divide = {"SELECT 1 / $1::bigint"};
static const struct sp_statement count_ids = {
    "SELECT count(*) FROM unnest($1::bigint[], $2::text[]) t (a, b)"};
static const struct sp_statement kill_self = {"SELECT pg_terminate_backend(pg_backend_pid())"};
static const struct sp_statement one = {"SELECT 1::bigint"};

static struct sp_db *open_sample(void)
{
    struct sp_db *db = sp_db_open(test_database(migrations), "test");
    struct sp_error err;
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    return db;
}

Test(db, values_come_back_as_they_went)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    const struct sp_rows *rows = sp_query(
        db, &err, &echo,
        SP_PARAMS(sp_int(INT64_MIN), sp_cstring("Größe ✓"), sp_boolean(true),
                  sp_time(1735689600123456), sp_int4(-7), sp_string((struct sp_text){"a\0b", 3})));
    cr_assert_not_null(rows, "%s", err.text);
    cr_expect_eq(sp_row_int(rows, 0, 0), INT64_MIN);
    cr_expect(sp_text_is(sp_row_text(rows, 0, 1), "Größe ✓"));
    cr_expect(sp_row_bool(rows, 0, 2));
    cr_expect_eq(sp_row_time(rows, 0, 3), 1735689600123456);
    cr_expect_eq(sp_row_int(rows, 0, 4), -7);
    cr_expect_eq(sp_row_text(rows, 0, 5).size, 3);
    rows = sp_query(db, &err, &echo,
                    SP_PARAMS(sp_null(), sp_null(), sp_null(), sp_time(0), sp_null(), sp_null()));
    for (int column = 0; column < 6; column++)
        cr_expect(sp_row_null(rows, 0, column));
    cr_expect_eq(sp_row_time(rows, 0, 3), 0);
    sp_db_close(&db);
}

static void put_row(struct sp_set *set, const char *name)
{
    static const uint8_t id[16] = {1, 2, 3};
    const struct sp_text words[] = {SP_TEXT("a"), SP_TEXT(""), SP_TEXT("c")};
    sp_set_row(set);
    sp_set_int(set, 1);
    sp_set_string(set, sp_text_of(name));
    sp_set_time(set, 0);
    sp_set_bool(set, true);
    sp_set_int4(set, 42);
    sp_set_uuid(set, id);
    sp_set_strings(set, words, 3);
    sp_set_bytes(set, (struct sp_text){"\0x", 2});
}

Test(db, a_set_of_rows_is_one_parameter)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    struct sp_set *set = sp_set_open(db, "sample_row");
    char name[16];
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "n%03d", i);
        put_row(set, name);
    }
    const struct sp_rows *rows = sp_query(db, &err, &insert, SP_PARAMS(sp_set(set)));
    cr_assert_eq(sp_rows_count(rows), 1000, "%s", err.text);
    rows = sp_query(db, &err, &select_all, SP_NO_PARAMS);
    cr_assert_eq(sp_rows_count(rows), 1000);
    cr_expect(sp_row_null(rows, 0, 2));
    cr_expect(sp_text_is(sp_row_text(rows, 999, 1), "n999"));
    cr_expect(sp_text_is(sp_row_text(rows, 0, 6), "a,,c"));
    cr_expect(sp_text_is(sp_row_text(rows, 0, 8), "{\"a\": 1}"));
    sp_db_close(&db);
}

Test(db, whole_numbers_in_a_row_come_back_as_they_went)
{
    static const struct sp_statement give_back = {
        "SELECT figures, cardinality(figures), nullif(figures, '{}') "
        "FROM unnest($1::figures_row[]) ORDER BY account_id"};
    const int64_t figures[] = {INT64_MIN, -1, 0, INT64_MAX};
    struct sp_db *db = open_sample();
    struct sp_error err;
    struct sp_set *set = sp_set_open(db, "figures_row");
    for (size_t count = 0; count <= SP_COUNT(figures); count++) {
        sp_set_row(set);
        sp_set_int(set, (int64_t)count);
        sp_set_ints(set, figures, count);
    }
    const struct sp_rows *rows = sp_query(db, &err, &give_back, SP_PARAMS(sp_set(set)));
    cr_assert_not_null(rows, "%s", err.text);
    for (size_t row = 0; row <= SP_COUNT(figures); row++) {
        cr_assert_eq(sp_row_ints(rows, row, 0), row);
        cr_expect_eq(sp_row_int(rows, row, 1), (int64_t)row);
        for (size_t i = 0; i < row; i++)
            cr_expect_eq(sp_row_int_at(rows, row, 0, i), figures[i]);
    }
    cr_expect_eq(sp_row_ints(rows, 0, 2), 0, "NULL has none");
    sp_db_close(&db);
}

Test(db, an_empty_set_is_no_rows)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    struct sp_set *set = sp_set_open(db, "sample_row");
    const struct sp_rows *rows = sp_query(db, &err, &insert, SP_PARAMS(sp_set(set)));
    cr_assert_not_null(rows, "%s", err.text);
    cr_expect_eq(sp_rows_count(rows), 0);
    const int64_t ids[] = {1, 2, 3};
    const struct sp_text texts[] = {SP_TEXT("x"), SP_TEXT("y")};
    rows = sp_query(db, &err, &count_ids, SP_PARAMS(sp_ints(db, ids, 3), sp_strings(db, texts, 2)));
    cr_expect_eq(sp_row_int(rows, 0, 0), 3);
    sp_db_close(&db);
}

Test(db, statements_share_one_round_trip)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    uint64_t before = sp_db_counts(db).round_trips;
    sp_db_begin(db);
    int first = sp_queue(db, &one, SP_NO_PARAMS);
    int second = sp_queue(db, &divide, SP_PARAMS(sp_int(1)));
    sp_db_commit(db);
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_row_int(sp_result(db, first), 0, 0), 1);
    cr_expect_eq(sp_row_int(sp_result(db, second), 0, 0), 1);
    cr_expect_eq(sp_db_counts(db).round_trips - before, 1);
    cr_expect_eq(sp_db_counts(db).commits, 1);
    sp_db_close(&db);
}

Test(db, a_failed_statement_says_so_and_keeps_nothing)
{
    struct sp_db *db = open_sample();
    struct sp_error err = {{0}};
    sp_db_begin(db);
    struct sp_set *set = sp_set_open(db, "sample_row");
    put_row(set, "lost");
    (void)sp_queue(db, &insert, SP_PARAMS(sp_set(set)));
    (void)sp_queue(db, &divide, SP_PARAMS(sp_int(0)));
    sp_db_commit(db);
    cr_expect_eq(sp_run(db, &err), SP_REJECT);
    cr_expect_eq(sp_db_outcome(db), SP_DB_BAD);
    cr_expect_str_eq(sp_db_sqlstate(db), "22012");
    cr_expect(strstr(err.text, "division by zero") != NULL, "%s", err.text);
    sp_db_rollback(db);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK);
    cr_expect_eq(sp_rows_count(sp_query(db, &err, &select_all, SP_NO_PARAMS)), 0);
    sp_db_close(&db);
}

Test(db, a_commit_after_an_error_is_not_taken_for_success)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    sp_db_begin(db);
    (void)sp_queue(db, &divide, SP_PARAMS(sp_int(0)));
    cr_expect_eq(sp_run(db, &err), SP_REJECT);
    if (!sp_db_connected(db))
        cr_assert_eq(sp_db_connect(db, &err), SP_OK);
    else
        sp_db_commit(db);
    enum sp_result result = sp_run(db, &err);
    cr_expect_eq(sp_db_counts(db).commits, 0);
    cr_expect(result != SP_OK || sp_db_counts(db).commits == 0);
    sp_db_close(&db);
}

Test(db, a_transaction_that_has_grown_old_is_not_committed)
{
    static const struct sp_statement doze = {"SELECT pg_sleep(0.35)"};
    struct sp_db *db = open_sample();
    struct sp_error err = {{0}};
    cr_expect_leq(db->oldest_ms, 9000, "the second look of the healing comes after 10 s");
    db->oldest_ms = 1000;
    for (int naps = 1; naps <= 3; naps += 2) {
        sp_db_begin(db);
        struct sp_set *set = sp_set_open(db, "sample_row");
        put_row(set, naps == 1 ? "young" : "old");
        (void)sp_queue(db, &insert, SP_PARAMS(sp_set(set)));
        for (int i = 0; i < naps; i++) /* each is well within its own limit */
            (void)sp_queue(db, &doze, SP_NO_PARAMS);
        sp_db_commit(db);
        cr_expect_eq(sp_run(db, &err), naps == 1 ? SP_OK : SP_RETRY);
        sp_db_rollback(db);
        sp_db_reset(db);
    }
    cr_expect(strstr(err.text, "too old to be committed") != NULL, "%s", err.text);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK);
    const struct sp_rows *rows = sp_query(db, &err, &select_all, SP_NO_PARAMS);
    cr_assert_eq(sp_rows_count(rows), 1);
    cr_expect(sp_text_is(sp_row_text(rows, 0, 1), "young"));
    sp_db_close(&db);
}

Test(db, a_lost_connection_is_away_and_comes_back)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    cr_expect_null(sp_query(db, &err, &kill_self, SP_NO_PARAMS));
    cr_expect_eq(sp_db_outcome(db), SP_DB_AWAY);
    sp_db_reset(db);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    const struct sp_rows *rows = sp_query(db, &err, &one, SP_NO_PARAMS);
    cr_assert_not_null(rows, "%s", err.text);
    cr_expect_eq(sp_row_int(rows, 0, 0), 1);
    sp_db_close(&db);
}

Test(db, a_commit_without_an_answer_is_unknown)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    sp_db_begin(db);
    (void)sp_queue(db, &kill_self, SP_NO_PARAMS);
    sp_db_commit(db);
    cr_expect_eq(sp_run(db, &err), SP_RETRY);
    enum sp_outcome outcome = sp_db_outcome(db);
    cr_expect(outcome == SP_DB_UNKNOWN || outcome == SP_DB_AWAY);
    sp_db_close(&db);
}

Test(db, a_server_that_is_not_there_is_said_clearly)
{
    struct sp_db *db = sp_db_open("postgresql://nobody@127.0.0.1:1/none", "test");
    struct sp_error err;
    cr_expect_eq(sp_db_connect(db, &err), SP_RETRY);
    cr_expect(strstr(err.text, "cannot reach the database") != NULL);
    (void)sp_queue(db, &one, SP_NO_PARAMS);
    cr_expect_eq(sp_run(db, &err), SP_RETRY);
    sp_db_close(&db);
}

Test(db, many_large_statements_do_not_block_each_other)
{
    struct sp_db *db = open_sample();
    struct sp_error err;
    static char big[1024 * 1024];
    memset(big, 'x', sizeof big);
    struct sp_text text = {big, sizeof big};
    int slots[16];
    for (int i = 0; i < 16; i++)
        slots[i] = sp_queue(db, &echo,
                            SP_PARAMS(sp_int(i), sp_string(text), sp_boolean(false), sp_null(),
                                      sp_null(), sp_string(text)));
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    for (int i = 0; i < 16; i++)
        cr_expect_eq(sp_row_text(sp_result(db, slots[i]), 0, 1).size, sizeof big);
    sp_db_close(&db);
}
