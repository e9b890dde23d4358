/* Whole processes: two services over the real bus, killed, stopped, started wrongly. */
#include <signal.h>

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/migrate.h"
#include "common/process.h"
#include "tests/common/app_pair.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

enum { EXIT_WITHIN_MS = 1000, BUSY_MACHINE_MS = 1500 };

TestSuite(app, .init = pair_open, .fini = pair_close, .timeout = 60);

static void wait_for_the_middle(int count)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "SELECT (count(*) >= %d)::int FROM seen", count / 10);
    cr_assert(app_until(at_receiver, sql, 1), "%s", app_log(receiver));
}

/* ---- facts
 * ---------------------------------------------------------------------------------------- */

Test(app, facts_arrive_and_what_is_acknowledged_leaves_the_outbox)
{
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    wish(200);
    expect_all_once(200);
    const char *body = NULL;
    cr_expect_eq(app_readiness(receiver, &body), 200, "%s", body);
}

Test(app, what_is_emitted_while_the_receiver_is_away_waits_for_it)
{
    wish(50);
    app_start(sender, unsafe);
    cr_assert(app_until(at_sender, "SELECT count(*) FROM wish", 0), "%s", app_log(sender));
    cr_expect_eq(test_number(at_sender, count_outbox), 3);
    app_start(receiver, unsafe);
    expect_all_once(50);
}

Test(app, a_receiver_killed_at_work_loses_nothing_and_doubles_nothing)
{
    enum { COUNT = 1200 };
    slow_receiver("0.03");
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    wish(COUNT);
    wait_for_the_middle(COUNT);
    app_kill(receiver, SIGKILL);
    cr_assert_eq(app_wait(receiver, APP_PATIENCE_MS), -SIGKILL);
    cr_assert_lt(test_number(at_receiver, count_seen), COUNT, "it was to die in the middle");
    app_start(receiver, unsafe);
    expect_all_once(COUNT);
}

Test(app, a_sender_killed_at_work_loses_nothing_and_doubles_nothing)
{
    enum { COUNT = 1200 };
    slow_receiver("0.03");
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    wish(COUNT);
    wait_for_the_middle(COUNT);
    app_kill(sender, SIGKILL);
    cr_assert_eq(app_wait(sender, APP_PATIENCE_MS), -SIGKILL);
    cr_assert_gt(test_number(at_sender, count_outbox), 0, "it was to die in the middle");
    /* What was in its memory is overdue after 5 s; the test need not wait for that. */
    test_sql(at_sender, "UPDATE outbox SET due = now()");
    app_start(sender, unsafe);
    expect_all_once(COUNT);
}

/* ---- stopping
 * ------------------------------------------------------------------------------------- */

static void expect_exit(struct app_process *process, int wanted)
{
    int64_t began_us = sp_monotonic_us();
    app_kill(process, SIGTERM);
    int code = app_wait(process, APP_PATIENCE_MS);
    int64_t took_ms = (sp_monotonic_us() - began_us) / 1000;
    cr_expect_eq(code, wanted, "%d: %s", code, app_log(process));
    cr_expect_lt(took_ms, EXIT_WITHIN_MS + BUSY_MACHINE_MS, "it took %lld ms", (long long)took_ms);
}

static void expect_quick_exit(struct app_process *process)
{
    expect_exit(process, 0);
    cr_expect(strstr(app_log(process), "\"stopped\"") != NULL, "%s", app_log(process));
}

static void expect_cut_off(struct app_process *process, const char *what)
{
    expect_exit(process, SP_EXIT_CUT_OFF);
    cr_expect(strstr(app_log(process), "\"cut-off\"") != NULL, "%s", app_log(process));
    cr_expect(strstr(app_log(process), what) != NULL, "%s", app_log(process));
}

Test(app, sigterm_finishes_the_work_in_hand_and_ends_with_0)
{
    slow_receiver("0.4");
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    cr_assert(app_until_status(receiver, 200), "%s", app_log(receiver));
    wish(PARCEL);
    cr_assert(app_until(at_receiver,
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
                        "AND datname = current_database()",
                        1));
    expect_quick_exit(receiver);
    cr_expect_eq(test_number(at_receiver, count_seen), PARCEL, "the batch in hand was committed");
    expect_quick_exit(sender);
    test_sql(at_sender, "UPDATE outbox SET due = now()");
    app_start(sender, unsafe);
    app_start(receiver, unsafe);
    expect_all_once(PARCEL);
}

Test(app, sigterm_ends_a_process_that_never_saw_its_database)
{
    struct app_process *lost = app_add(&sender_service, "postgresql://nobody@127.0.0.1:1/none");
    const char *body = NULL;
    app_start(lost, unsafe);
    cr_assert(app_until_status(lost, 503), "%s", app_log(lost));
    (void)usleep(200 * 1000); /* it has looked by now */
    cr_expect_eq(app_readiness(lost, &body), 503);
    cr_expect(strstr(body, "cannot reach the database") != NULL, "%s", body);
    expect_quick_exit(lost);
}

static const char *const impatient[] = {"SAMPAN_DATABASE_UNSAFE=true",
                                        "SAMPAN_SHUTDOWN_TIMEOUT=300ms", NULL};

static enum sp_result never_end(struct sp_ctx *ctx)
{
    (void)fputs("for ever\n", stderr);
    while (ctx != NULL)
        (void)sleep(1);
    return SP_OK;
}

static const struct sp_job stuck_jobs[] = {{"never-end", 50, never_end}, {0}};
static const struct sp_service stuck_service = {
    .name = "inventory", .jobs = stuck_jobs, .migrations = sender_migrations};

Test(app, a_job_that_never_ends_is_cut_off_and_named)
{
    struct app_process *stuck = app_add(&stuck_service, sender->url);
    app_start(stuck, impatient);
    cr_assert(says(stuck, "for ever"), "%s", app_log(stuck));
    expect_cut_off(stuck, "never-end");
}

Test(app, messages_that_were_cut_off_come_again)
{
    slow_receiver("3");
    app_start(sender, unsafe);
    app_start(receiver, impatient);
    cr_assert(app_until_status(receiver, 200), "%s", app_log(receiver));
    wish(PARCEL);
    cr_assert(app_until(at_receiver,
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
                        "AND datname = current_database()",
                        1));
    expect_cut_off(receiver, "order.recorded");
    cr_assert_gt(test_number(at_sender, count_outbox), 0);
    test_sql(at_receiver, "DROP TRIGGER dawdle ON seen");
    test_sql(at_sender, "UPDATE outbox SET due = now()");
    app_start(receiver, unsafe);
    expect_all_once(PARCEL);
}

/* A name server that says nothing, in libc's place. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    enum { SILENCE_S = 60 };
    typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    look_up *libc = (look_up *)(uintptr_t)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name != NULL && strcmp(name, "silent.example") == 0) {
        (void)fputs("nobody says where\n", stderr);
        (void)sleep(SILENCE_S);
    }
    return libc(name, service, hints, found);
}

Test(app, a_silent_name_server_keeps_no_stop_waiting)
{
    static const char *const silent[] = {"SAMPAN_DATABASE_UNSAFE=true",
                                         "SAMPAN_PEER_PRODUCT_MAPPER=silent.example:7203", NULL};
    app_start(sender, silent);
    cr_assert(app_until_status(sender, 200), "%s", app_log(sender));
    cr_assert(says(sender, "nobody says where"), "%s", app_log(sender));
    expect_quick_exit(sender);
}

/* ---- starting wrongly
 * ----------------------------------------------------------------------------- */

static void expect_port_taken(int port, const char *words)
{
    char address[64];
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", port);
    app_occupy(port);
    app_start(receiver, unsafe);
    cr_expect_eq(app_wait(receiver, APP_PATIENCE_MS), 1);
    const char *log = app_log(receiver);
    cr_expect(strstr(log, "\"cannot-start\"") != NULL, "%s", log);
    cr_expect(strstr(log, address) != NULL, "%s", log);
    cr_expect(strstr(log, words) != NULL, "%s", log);
}

Test(app, a_taken_bus_port_is_said_and_ends_with_1)
{
    expect_port_taken(receiver->bus_port, "in use");
}

Test(app, a_taken_admin_port_is_said_and_ends_with_1)
{
    expect_port_taken(receiver->admin_port, "is taken by another program");
}

Test(app, a_schema_that_is_not_migrated_takes_nothing_until_it_is)
{
    struct sp_worker *at_bare = NULL;
    struct app_process *bare = pair_add(&sample_service, NULL, &at_bare);
    const char *body = NULL;
    receiver = bare; /* the last one of a name is where its peers look */
    app_start(sender, unsafe);
    app_start(bare, unsafe);
    wish(PARCEL);
    cr_assert(app_until(at_sender, count_outbox, 1));
    cr_assert(app_until_status(bare, 503), "%s", app_log(bare));
    (void)usleep(500 * 1000);
    cr_expect_eq(app_readiness(bare, &body), 503);
    cr_expect(strstr(body, "0001_seen has not been applied") != NULL, "%s", body);
    cr_expect_eq(test_number(at_sender, count_outbox), 1);
    cr_expect_eq(test_number(at_bare, "SELECT count(*) FROM dead_letter"), 0);
    struct sp_error err;
    cr_assert_eq(sp_migrate(bare->url, sample_service.migrations, NULL, &err), SP_OK, "%s",
                 err.text);
    cr_assert(app_until_status(bare, 200), "%s", app_log(bare));
    sp_worker_close(&at_receiver);
    at_receiver = at_bare;
    expect_all_once(PARCEL);
}

/* Holds the list of migrations while somebody looks, then does what `migrate` does. */
static void *migrate_under_a_look(void *at)
{
    const struct sp_migration *last = &sample_service.migrations[0];
    char sql[1024];
    (void)snprintf(sql, sizeof sql,
                   "BEGIN; LOCK TABLE migration; SELECT pg_sleep(2); %s; INSERT INTO migration "
                   "(name, checksum) VALUES ('%s', 'as it is'); COMMIT",
                   last->sql, last->name);
    test_sql(at, sql);
    return NULL;
}

/* The connection that saw it had learnt the types before they were there. */
Test(app, a_schema_that_is_migrated_while_it_is_looked_at_is_known_whole)
{
    struct sp_worker *at_bare = NULL;
    pthread_t migrating;
    receiver = pair_add(&sample_service, NULL, &at_bare);
    cr_assert_eq(pthread_create(&migrating, NULL, migrate_under_a_look, at_bare), 0);
    cr_assert(app_until(at_bare,
                        "SELECT count(*) FROM pg_locks WHERE relation = 'migration'::regclass "
                        "AND mode = 'AccessExclusiveLock' AND granted",
                        1));
    const char *const one_worker[] = {"SAMPAN_DATABASE_UNSAFE=true", "SAMPAN_WORKERS=1", NULL};
    app_start(receiver, one_worker);
    cr_assert_eq(pthread_join(migrating, NULL), 0);
    app_start(sender, unsafe);
    wish(PARCEL);
    sp_worker_close(&at_receiver);
    at_receiver = at_bare;
    expect_all_once(PARCEL);
}

Test(app, a_server_that_may_lose_commits_is_refused)
{
    const char *body = NULL;
    char sql[160];
    (void)snprintf(sql, sizeof sql, "ALTER DATABASE %s SET synchronous_commit = off",
                   test_text(at_receiver, "SELECT current_database()"));
    test_sql(at_receiver, sql); /* whatever the server for tests is set to */
    app_start(receiver, NULL);
    app_start(sender, unsafe);
    wish(PARCEL);
    cr_assert(app_until(at_sender, count_outbox, 1));
    cr_assert(app_until_status(receiver, 503), "%s", app_log(receiver));
    (void)usleep(500 * 1000);
    cr_expect_eq(app_readiness(receiver, &body), 503);
    cr_expect(strstr(body, "fsync, synchronous_commit and full_page_writes must be on") != NULL,
              "%s", body);
    cr_expect_eq(test_number(at_receiver, count_seen), 0);
    expect_quick_exit(receiver);
    app_start(receiver, unsafe);
    cr_expect(app_until_status(receiver, 200), "%s", app_log(receiver));
    expect_all_once(PARCEL);
}

Test(app, a_database_that_sorts_text_otherwise_is_refused)
{
    const char *body = NULL;
    test_sql(at_receiver, "UPDATE pg_database SET datlocprovider = 'i', daticulocale = 'en' "
                          "WHERE datname = current_database()");
    app_start(receiver, unsafe);
    cr_assert(app_until_status(receiver, 503), "%s", app_log(receiver));
    (void)usleep(500 * 1000);
    cr_expect_eq(app_readiness(receiver, &body), 503);
    cr_expect(strstr(body, "LC_COLLATE 'C'") != NULL, "%s", body);
    expect_quick_exit(receiver);
}
