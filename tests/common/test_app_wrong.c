/* Whole processes in a world that is wrong: tables that come late, a database that is away, peers
 * that are nobody or say what they may not. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/common/app_pair.h"
#include "tests/support/database.h"

TestSuite(app_wrong, .init = pair_open, .fini = pair_close, .timeout = 60);

/* ---- tables that come late
 * ------------------------------------------------------------------------ */

/* Between its connecting and its look at the tables the last migration comes: that connection does
 * not know the new types. */
Test(app_wrong, a_connection_from_before_the_migrations_is_not_kept)
{
    static const struct sp_statement lock = {"LOCK TABLE migration IN ACCESS EXCLUSIVE MODE"};
    static const struct sp_statement make = {
        "CREATE TYPE seen_row AS (account_id bigint, key text, upstream_rev bigint, status text)"};
    struct sp_db *db = sp_worker_db(at_receiver);
    struct sp_error err;
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    test_sql(at_receiver, "DROP TYPE seen_row");
    sp_db_begin(db);
    cr_assert_not_null(sp_query(db, &err, &lock, SP_NO_PARAMS), "%s", err.text);
    app_start(receiver, unsafe);
    cr_assert(app_until(at_receiver,
                        "SELECT (count(*) > 0)::int FROM pg_locks l JOIN pg_database d "
                        "ON d.oid = l.database WHERE d.datname = current_database() "
                        "AND NOT l.granted",
                        1),
              "%s", app_log(receiver));
    cr_assert_not_null(sp_query(db, &err, &make, SP_NO_PARAMS), "%s", err.text);
    sp_db_commit(db);
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    app_start(sender, unsafe);
    wish(PARCEL);
    expect_all_once(PARCEL);
}

/* ---- wrong peers and wrong words: what is good goes on
 * --------------------------------------------- */

#define PARCEL_OF(type, body)                                                                      \
    {                                                                                              \
        {"P", 1}, {"0123456789abcdef", 16}, {type, sizeof type - 1}, {"", 1},                      \
        {                                                                                          \
            body, sizeof body - 1                                                                  \
        }                                                                                          \
    }

static void start_both(void)
{
    app_start(receiver, unsafe);
    app_start(sender, unsafe);
    cr_assert(app_until_status(receiver, 200), "%s", app_log(receiver));
}

static void expect_that_good_facts_go_on(void)
{
    wish(PARCEL);
    expect_all_once(PARCEL);
    cr_expect_eq(app_readiness(receiver, NULL), 200);
}

Test(app_wrong, a_peer_whose_key_is_not_on_the_list_is_kept_out)
{
    static const struct app_frame parcel[] = PARCEL_OF("order.recorded", "\x91\x80");
    start_both();
    struct app_raw stranger = app_raw_open(receiver, NULL);
    cr_expect_not(app_raw_send(&stranger, parcel, SP_COUNT(parcel)), "it was let in");
    cr_expect(says(receiver, "bus-stranger-refused"), "%s", app_log(receiver));
    app_raw_close(&stranger);
    expect_that_good_facts_go_on();
}

Test(app_wrong, a_service_that_sends_what_is_not_its_own_is_not_heard)
{
    static const struct app_frame parcel[] = PARCEL_OF("order.recorded", "\x91\x80");
    start_both();
    struct app_raw placement = app_raw_open(receiver, "placement");
    cr_assert(app_raw_send(&placement, parcel, SP_COUNT(parcel)));
    cr_expect(says(receiver, "bus-sender-refused"), "%s", app_log(receiver));
    cr_expect(says(receiver, "\"from\":\"placement\""), "%s", app_log(receiver));
    app_raw_close(&placement);
    expect_that_good_facts_go_on();
}

Test(app_wrong, frames_that_are_none_are_dropped)
{
    static const struct app_frame strays[][3] = {
        {{"Z", 1}, {"0123456789abcdef", 16}, {"x", 1}},
        {{"P", 1}, {"short", 5}, {"x", 1}},
        {{"", 0}, {"", 0}, {"", 0}},
    };
    start_both();
    struct app_raw ingest = app_raw_open(receiver, "order-ingest");
    for (size_t i = 0; i < SP_COUNT(strays); i++)
        cr_assert(app_raw_send(&ingest, strays[i], SP_COUNT(strays[i])));
    cr_expect(says(receiver, "bus-frames-refused"), "%s", app_log(receiver));
    app_raw_close(&ingest);
    expect_that_good_facts_go_on();
}

Test(app_wrong, what_is_too_large_is_dropped_or_ends_its_connection)
{
    enum { TOO_LARGE = 2 * SP_MESSAGE_BYTES + 1, FAR_TOO_LARGE = 19 * 1024 * 1024 };
    static char body[FAR_TOO_LARGE];
    struct app_frame parcel[] = PARCEL_OF("order.recorded", "");
    start_both();
    struct app_raw ingest = app_raw_open(receiver, "order-ingest");
    parcel[4] = (struct app_frame){body, TOO_LARGE};
    cr_assert(app_raw_send(&ingest, parcel, SP_COUNT(parcel)));
    cr_expect(says(receiver, "size of the body"), "%s", app_log(receiver));
    parcel[4] = (struct app_frame){body, FAR_TOO_LARGE};
    (void)app_raw_send(&ingest, parcel, SP_COUNT(parcel)); /* libzmq cuts it off */
    app_raw_close(&ingest);
    expect_that_good_facts_go_on();
}

static void expect_dead_letters(int count, const char *reason)
{
    cr_assert(app_until(at_receiver, "SELECT count(*) FROM dead_letter", count), "%s",
              app_log(receiver));
    const char *why = test_text(at_receiver, "SELECT reason FROM dead_letter");
    cr_expect(strstr(why, reason) != NULL, "%s", why);
    wish(PARCEL);
    cr_assert(app_until(at_receiver, count_seen, PARCEL), "%s", app_log(receiver));
    cr_assert(app_until(at_sender, count_outbox, 0), "%s", app_log(sender));
}

Test(app_wrong, a_type_nobody_knows_is_kept_whole_with_its_reason)
{
    static const struct app_frame parcel[] = PARCEL_OF("order.dreamt", "\x91\x80");
    start_both();
    struct app_raw ingest = app_raw_open(receiver, "order-ingest");
    cr_assert(app_raw_send(&ingest, parcel, SP_COUNT(parcel)));
    expect_dead_letters(1, "does not take messages of this type");
    cr_expect_str_eq(test_text(at_receiver, "SELECT type FROM dead_letter"), "order.dreamt");
    app_raw_close(&ingest);
}

Test(app_wrong, bytes_that_are_no_message_are_kept_with_their_reason)
{
    static const struct app_frame parcel[] = PARCEL_OF("order.recorded", "<html>");
    start_both();
    struct app_raw ingest = app_raw_open(receiver, "order-ingest");
    cr_assert(app_raw_send(&ingest, parcel, SP_COUNT(parcel)));
    expect_dead_letters(1, "cannot be read");
    app_raw_close(&ingest);
}

/* ---- a database that is away
 * ----------------------------------------------------------------------- */

static void let_in(const char *database, bool let)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql, "ALTER DATABASE %.63s ALLOW_CONNECTIONS %s", database,
                   let ? "true" : "false");
    test_sql(at_sender, sql);
}

/* Ends every connection until the process says why, also one that was just being made. */
static void end_connections(const char *database)
{
    int64_t until_us = sp_monotonic_us() + (int64_t)APP_PATIENCE_MS * 1000;
    const char *body = "";
    char sql[192];
    (void)snprintf(sql, sizeof sql,
                   "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%.63s'",
                   database);
    while (strstr(body, "not currently accepting") == NULL) {
        cr_assert_lt(sp_monotonic_us(), until_us, "%s", body);
        test_sql(at_sender, sql);
        (void)usleep(50 * 1000);
        (void)app_readiness(receiver, &body);
    }
}

Test(app_wrong, while_the_database_is_away_nothing_is_acknowledged_and_nothing_is_lost)
{
    enum { COUNT = 400 };
    char database[64];
    (void)snprintf(database, sizeof database, "%s",
                   test_text(at_receiver, "SELECT current_database()"));
    slow_receiver("0.03");
    start_both();
    wish(COUNT);
    cr_assert(app_until(at_receiver, "SELECT (count(*) > 0)::int FROM seen", 1));
    let_in(database, false);
    end_connections(database);
    cr_expect_eq(app_readiness(receiver, NULL), 503);
    (void)usleep(1000 * 1000); /* it goes on trying, and the sender sending */
    cr_expect_gt(test_number(at_sender, count_outbox), 0);
    cr_expect(says(receiver, "database-not-ready"), "%s", app_log(receiver));
    let_in(database, true);
    cr_expect(app_until_status(receiver, 200), "%s", app_log(receiver));
    expect_all_once(COUNT);
}

Test(app_wrong, a_database_that_is_away_at_the_start_is_waited_for)
{
    enum { COUNT = 40 };
    char database[64];
    const char *body = "";
    (void)snprintf(database, sizeof database, "%s",
                   test_text(at_receiver, "SELECT current_database()"));
    let_in(database, false);
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    wish(COUNT);
    cr_assert(app_until(at_sender, "SELECT (count(*) > 0)::int FROM outbox", 1));
    cr_expect(says(receiver, "database-not-ready"), "%s", app_log(receiver));
    cr_expect_eq(app_readiness(receiver, &body), 503);
    cr_expect(strstr(body, "not currently accepting") != NULL, "%s", body);
    let_in(database, true);
    cr_expect(app_until_status(receiver, 200), "%s", app_log(receiver));
    expect_all_once(COUNT);
}
