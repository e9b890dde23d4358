/* What every service does without being asked: sweeping the outbox, messages put off, pruning. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/builtin.h"
#include "common/ctx.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

enum { SWEEP_MOST = 48 };

static struct {
    size_t room, handed, overflowed;
    struct sp_outgoing parcels[128];
} seen;

static size_t room(void *context, const char *dest)
{
    (void)context;
    return strcmp(dest, "inventory") == 0 ? seen.room : 0;
}

static void hand_over(void *context, struct sp_outgoing parcels[], size_t count)
{
    (void)context;
    cr_assert_leq(seen.handed + count, SP_COUNT(seen.parcels));
    memcpy(seen.parcels + seen.handed, parcels, count * sizeof *parcels);
    seen.handed += count;
}

static void overflowed(void *context, const char *dest)
{
    (void)context;
    (void)dest;
    seen.overflowed++;
}

static const struct sp_host host = {.room = room, .hand_over = hand_over, .overflowed = overflowed};

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
    worker->ctx.host = &host;
    seen.room = 64;
}

static void tear_down(void)
{
    for (size_t i = 0; i < seen.handed; i++)
        free(seen.parcels[i].body);
    sp_worker_close(&worker);
}

TestSuite(builtin_jobs, .init = set_up, .fini = tear_down);

/* ---- the sweeper
 * ---------------------------------------------------------------------------------- */

static void store_parcels(const char *dest, int count, int tries, const char *due)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO outbox (id, dest, type, body, tries, due) SELECT "
                   "gen_random_uuid(), '%s', 'order.mapped', '\\x9180', %d, %s "
                   "FROM generate_series(1, %d)",
                   dest, tries, due, count);
    test_sql(worker, sql);
}

static void sweep(void)
{
    cr_assert_eq(sp_worker_job(worker, "outbox-sweep"), SP_OK, "%s", sp_worker_error(worker)->text);
}

Test(builtin_jobs, the_sweeper_hands_over_what_is_overdue_and_nothing_else)
{
    store_parcels("inventory", 2, 1, "now() - interval '1 second'");
    store_parcels("inventory", 3, 0, "now() + interval '4 seconds'");
    store_parcels("connector", 4, 0, "now() - interval '1 second'"); /* not ours to send to */
    sweep();
    cr_assert_eq(seen.handed, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_str_eq(seen.parcels[i].dest, "inventory");
        cr_expect_str_eq(seen.parcels[i].type, "order.mapped");
        cr_expect_eq(seen.parcels[i].tries, 1);
        cr_expect_eq(seen.parcels[i].size, 2);
        cr_expect_eq(memcmp(seen.parcels[i].body, "\x91\x80", 2), 0);
    }
    cr_expect_neq(memcmp(seen.parcels[0].id, seen.parcels[1].id, 16), 0);
    sweep();
    cr_expect_eq(seen.handed, 2, "what was claimed is not due again at once");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 9, "rows stay");
}

Test(builtin_jobs, what_gets_no_answer_is_due_again_in_five_seconds_whoever_died_before)
{
    static const int tries[] = {0, 1, 3, 30};
    for (size_t i = 0; i < SP_COUNT(tries); i++) {
        test_clear_outbox(worker);
        store_parcels("inventory", 1, tries[i], "now()");
        sweep();
        int64_t left =
            test_number(worker, "SELECT round(extract(epoch FROM due - now()))::int FROM outbox");
        cr_expect(left <= 5 && left >= 3, "after %d: %lld s", tries[i], (long long)left);
    }
}

Test(builtin_jobs, the_sweeper_takes_what_memory_has_room_for)
{
    store_parcels("inventory", 100, 0, "now()");
    seen.room = 10;
    sweep();
    cr_expect_eq(seen.handed, 10);
    cr_expect_eq(seen.overflowed, 1, "there may be more");
    seen.room = 0;
    sweep();
    cr_expect_eq(seen.handed, 10, "nobody is reachable: nothing is claimed");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox WHERE due <= now()"), 90);
    seen.room = 64;
    sweep();
    cr_expect_eq(seen.handed, 10 + SWEEP_MOST);
    sweep();
    cr_expect_eq(seen.handed, 100);
    cr_expect_eq(seen.overflowed, 2, "the last one found the end");
}

static enum sp_result sweep_beside(struct sp_ctx *ctx, void *context)
{
    static const struct sp_statement lock_some = {
        "SELECT id FROM outbox ORDER BY id LIMIT 3 FOR UPDATE"};
    enum sp_result result = sp_begin(ctx);
    cr_assert_eq(result, SP_OK);
    cr_assert_not_null(sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &lock_some, SP_NO_PARAMS));
    result = sp_worker_job(context, "outbox-sweep");
    sp_rollback(ctx);
    return result;
}

Test(builtin_jobs, two_sweepers_share_the_work_and_do_not_wait_for_each_other)
{
    struct sp_worker *other = test_worker_on(&sample_service, test_worker_url(), NULL);
    store_parcels("inventory", 5, 0, "now()");
    cr_expect_eq(sp_worker_call(other, sweep_beside, worker), SP_OK);
    cr_expect_eq(seen.handed, 2);
    sp_worker_close(&other);
}

Test(builtin_jobs, a_worker_without_a_process_sweeps_nothing)
{
    worker->ctx.host = NULL;
    store_parcels("inventory", 1, 0, "now() - interval '1 second'");
    sweep();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox WHERE due <= now()"), 1);
}

/* ---- messages put off
 * ----------------------------------------------------------------------------- */

static void run_later(void)
{
    cr_assert_eq(sp_worker_job(worker, "later"), SP_OK, "%s", sp_worker_error(worker)->text);
}

/* A message that is due among those put off, as replaying leaves it. */
static void put_later(const char *key, int64_t rev, const char *status)
{
    struct order_recorded order = sample_order(key, rev, status);
    struct sp_buffer body = {0};
    struct sp_error err;
    sp_parcel_begin(&body, 1);
    cr_assert_eq(sp_message_encode(&order_recorded_message, &order, &body, &err), SP_OK);
    char hex[512], sql[1024];
    cr_assert_lt(2 * body.size, sizeof hex);
    for (size_t i = 0; i < body.size; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)body.data[i]);
    sp_buffer_free(&body);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO later (type, account_id, key, rev, body, due) "
                   "VALUES ('order.recorded', 1, '%s', %lld, '\\x%s', now())",
                   key, (long long)rev, hex);
    test_sql(worker, sql);
}

Test(builtin_jobs, what_was_put_off_is_applied_once_when_due)
{
    put_later("1-1", 3, "NEW");
    put_later("1-2", 3, "NEW");
    test_sql(worker, "UPDATE later SET due = now() + interval '1 minute' WHERE key = '1-2'");
    run_later();
    run_later();
    cr_expect_str_eq(test_text(worker, "SELECT key || times FROM seen"), "1-11");
    cr_expect_str_eq(test_text(worker, "SELECT key FROM later"), "1-2");
}

Test(builtin_jobs, a_type_that_is_not_taken_here_holds_up_nobody)
{
    test_sql(worker, "INSERT INTO later (type, account_id, key, rev, body, due) "
                     "VALUES ('order.dreamt', 1, 'x', 1, '\\x9180', now() - interval '1 day')");
    put_later("1-1", 1, "NEW");
    run_later();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 1);
    cr_expect_str_eq(test_text(worker, "SELECT type FROM later"), "order.dreamt",
                     "it waits for a version that takes it");
}

Test(builtin_jobs, what_cannot_be_read_any_more_becomes_a_dead_letter_and_holds_up_nobody)
{
    put_later("1-1", 1, "NEW");
    put_later("1-2", 4, "NEW");
    put_later("1-3", 5, "NEW");
    test_sql(worker, "UPDATE later SET body = '\\x3c68746d6c3e' WHERE key = '1-2'");
    test_sql(worker, "UPDATE later SET body = '\\x928080' WHERE key = '1-3'");
    run_later();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 0);
    cr_expect_str_eq(test_text(worker, "SELECT reason FROM dead_letter WHERE key = '1-3'"),
                     "cannot be read: it holds 2 messages");
    cr_expect_str_eq(
        test_text(worker, "SELECT string_agg(account_id || ' ' || key || ' ' || rev, ', ' "
                          "ORDER BY key) FROM dead_letter WHERE reason LIKE 'cannot be read:%'"),
        "1 1-2 4, 1 1-3 5");
}

/* The job in a process that dies of what it does with exit code 9. */
static bool dies_of_later(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct sp_worker *doomed = test_worker_on(&sample_service, test_worker_url(), NULL);
        (void)!sp_worker_job(doomed, "later");
        _exit(0);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status) == 9;
}

Test(builtin_jobs, of_messages_put_off_the_one_that_kills_is_buried_and_only_it)
{
    put_later("1-1", 1, "NEW");
    put_later("1-2", 1, "CRASH");
    put_later("1-3", 1, "NEW");
    int deaths = 0;
    while (deaths < 9 && dies_of_later())
        deaths++;
    cr_expect_eq(deaths, 3, "it killed %d times", deaths);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 2);
    cr_expect_str_eq(test_text(worker, "SELECT key || ': ' || reason FROM dead_letter"),
                     "1-2: the service died each time this message was in hand");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 0);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM poison"), 0);
}

Test(builtin_jobs, messages_put_off_are_one_batch_again_when_that_was_survived)
{
    put_later("1-1", 1, "CRASH");
    cr_expect(dies_of_later());
    test_sql(worker, "DELETE FROM later");
    put_later("1-2", 1, "NEW");
    put_later("1-3", 1, "NEW");
    run_later();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 2, "one by one");
    put_later("1-4", 1, "NEW");
    put_later("1-5", 1, "NEW");
    run_later();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 3, "together");
}

Test(builtin_jobs, old_answers_and_crash_counters_are_pruned_and_young_ones_kept)
{
    test_sql(worker, "INSERT INTO idempotency (account_id, key, ask, request, made) VALUES "
                     "(1, 'old', 'a', '', now() - interval '49 hours'), "
                     "(1, 'young', 'a', '', now() - interval '47 hours')");
    test_sql(worker, "INSERT INTO poison (parcel, position, made) VALUES "
                     "(gen_random_uuid(), 1, now() - interval '25 hours'), "
                     "(gen_random_uuid(), 2, now() - interval '23 hours')");
    cr_assert_eq(sp_worker_job(worker, "prune"), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT key FROM idempotency"), "young");
    cr_expect_eq(test_number(worker, "SELECT position FROM poison"), 2);
}
