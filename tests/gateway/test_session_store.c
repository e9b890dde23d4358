/* Sessions, logins and counted tries in the database. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/session_store.h"
#include "tests/support/database.h"

extern const struct sp_migration gateway_migrations[];

static struct sp_worker *worker;
static struct sp_db *db;
static struct sp_error err;
static const char *const subjects[THROTTLE_KINDS] = {
    [THROTTLE_ADDRESS] = "192.0.2.7", [THROTTLE_LOGIN] = "anna"};

static void begin(void)
{
    static const struct sp_service service = {.name = "gateway", .migrations = gateway_migrations};
    sp_crypto_setup();
    worker = test_worker(&service, NULL);
    db = sp_worker_db(worker);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    test_sql(worker,
             "INSERT INTO account VALUES (3, 'A', 'Asia/Bangkok', 'THB', 'th', 'ACTIVE', 1)");
    test_sql(worker, "INSERT INTO person VALUES (3, 8, 'FINANCE', repeat('h', 60))");
    test_sql(worker, "INSERT INTO login VALUES ('anna', 3, 8)");
}

TestSuite(session_store, .init = begin);

static void run(void)
{
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    sp_db_reset(db);
}

static struct token_hash open_session(uint8_t number)
{
    struct token_hash hash = {{number}};
    store_put_session(db, &hash, 3, 8);
    run();
    return hash;
}

static bool find(const struct token_hash *hash, struct person *person, struct session_times *times)
{
    bool found = false;
    *person = (struct person){.token = *hash};
    cr_assert_eq(store_find_session(db, &err, person, times, &found), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return found;
}

Test(session_store, finds_the_person_behind_a_session)
{
    struct person person;
    struct session_times times;
    struct token_hash hash = open_session(1), other = {{2}};
    cr_assert(find(&hash, &person, &times));
    cr_expect_eq(person.account_id, 3);
    cr_expect_eq(person.person_id, 8);
    cr_expect_eq(person.role, ROLE_FINANCE);
    cr_expect_str_eq(person.login, "anna");
    cr_expect_str_eq(person.time_zone, "Asia/Bangkok");
    cr_expect_str_eq(person.currency, "THB");
    cr_expect_str_eq(person.language, "th");
    cr_expect_eq(person.ends_us, times.started_us + SESSION_ABSOLUTE_US);
    cr_expect(session_is_live(times.now_us, times.started_us, times.seen_us));
    cr_expect_not(find(&other, &person, &times));
}

Test(session_store, touching_moves_only_what_was_seen)
{
    struct person person;
    struct session_times before, after;
    struct token_hash hash = open_session(1);
    test_sql(worker, "UPDATE session SET seen = now() - interval '10 minutes', "
                     "started = now() - interval '1 hour'");
    cr_assert(find(&hash, &person, &before));
    cr_assert_eq(store_touch_session(db, &err, &hash), SP_OK);
    cr_assert(find(&hash, &person, &after));
    cr_expect_eq(after.started_us, before.started_us);
    cr_expect_gt(after.seen_us, before.seen_us);
}

Test(session_store, a_dropped_session_is_gone)
{
    struct person person;
    struct session_times times;
    struct token_hash hash = open_session(1), other = open_session(2);
    cr_assert_eq(store_drop_session(db, &err, &hash), SP_OK);
    cr_expect_not(find(&hash, &person, &times));
    cr_expect(find(&other, &person, &times));
}

Test(session_store, sessions_of_a_closed_account_are_not_found)
{
    struct person person;
    struct session_times times;
    struct token_hash hash = open_session(1);
    test_sql(worker, "UPDATE account SET state = 'CLOSED'");
    cr_expect_not(find(&hash, &person, &times));
}

Test(session_store, finds_logins_in_any_case)
{
    struct login_row row;
    bool found = false;
    cr_assert_eq(store_find_login(db, &err, SP_TEXT("ANNA"), &row, &found), SP_OK);
    cr_expect(found);
    cr_expect_eq(row.person_id, 8);
    cr_expect_eq(strlen(row.password_hash), 60);
    cr_assert_eq(store_find_login(db, &err, SP_TEXT("anna' --"), &row, &found), SP_OK);
    cr_expect_not(found);
}

static struct throttle count_try(int64_t *now_us)
{
    struct throttle throttles[THROTTLE_KINDS] = {0};
    sp_db_begin(db);
    cr_assert_eq(store_lock_tries(db, &err, subjects, throttles, now_us), SP_OK, "%s", err.text);
    for (int kind = 0; kind < THROTTLE_KINDS; kind++)
        throttles[kind] = throttle_count((enum throttle_kind)kind, throttles[kind], *now_us);
    store_save_tries(db, subjects, throttles);
    sp_db_commit(db);
    run();
    return throttles[THROTTLE_LOGIN];
}

Test(session_store, remembers_tries_and_when_the_next_is_allowed)
{
    int64_t now_us = 0;
    struct throttle last = {0};
    for (int i = 0; i < 6; i++)
        last = count_try(&now_us);
    cr_expect_eq(last.tries, 6);
    cr_expect_eq(test_number(worker, "SELECT sum(tries)::bigint FROM sign_in_try"), 12);
    cr_expect_eq(test_number(worker, "SELECT extract(epoch FROM blocked_until - last_try)::bigint "
                                     "FROM sign_in_try WHERE kind = 'login'"),
                 2);
    cr_expect_eq(test_number(worker, "SELECT extract(epoch FROM blocked_until)::bigint "
                                     "FROM sign_in_try WHERE kind = 'address'"),
                 0);
}

Test(session_store, the_right_password_forgives_the_login_and_one_try_of_the_network)
{
    int64_t now_us = 0;
    (void)count_try(&now_us);
    (void)count_try(&now_us);
    store_forgive_tries(db, subjects);
    run();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM sign_in_try WHERE kind = 'login'"), 0);
    cr_expect_eq(test_number(worker, "SELECT tries FROM sign_in_try WHERE kind = 'address'"), 1);
}

Test(session_store, forgets_what_has_ended_and_nothing_else)
{
    int64_t now_us = 0;
    (void)open_session(1), (void)open_session(2), (void)open_session(3);
    (void)count_try(&now_us);
    test_sql(worker, "UPDATE session SET seen = now() - interval '31 minutes' "
                     "WHERE get_byte(token_hash, 0) = 1");
    test_sql(worker, "UPDATE session SET started = now() - interval '13 hours' "
                     "WHERE get_byte(token_hash, 0) = 2");
    test_sql(worker, "UPDATE sign_in_try SET last_try = now() - interval '2 hours' "
                     "WHERE kind = 'login'");
    test_sql(worker, "INSERT INTO setup_link VALUES (repeat('x', 32)::bytea, "
                     "now() - interval '2 days')");
    cr_assert_eq(store_forget_ended(db, &err), SP_OK, "%s", err.text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM session"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM sign_in_try"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM setup_link"), 0);
}
