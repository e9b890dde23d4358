/* Batches through the worker: claims, repeats, permutations, rejections, dead letters, poison. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/common/sample_service.h"
#include "tests/support/database.h"

static enum sp_result feed(struct sp_worker *worker, const char *key, int64_t rev,
                           const char *status)
{
    struct order_recorded order = sample_order(key, rev, status);
    return sp_worker_feed(worker, &order_recorded_message, &order, 1);
}

static size_t emitted(struct sp_worker *worker)
{
    size_t count = 0;
    (void)test_emitted(worker, &order_mapped_message, NULL, &count);
    return count;
}

Test(worker, applies_a_batch_and_emits_one_parcel)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct order_recorded orders[256];
    static char keys[256][16];
    for (int i = 0; i < 256; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "1-%03d", 255 - i);
        orders[i] = sample_order(keys[i], 1, "NEW");
    }
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 256), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 256);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 1);
    cr_expect_eq(emitted(worker), 256);
    sp_worker_close(&worker);
}

Test(worker, a_repeat_changes_nothing_and_is_acknowledged)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(feed(worker, "1-1", 5, "NEW"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT times FROM seen"), 1);
    cr_expect_eq(emitted(worker), 1);
    sp_worker_close(&worker);
}

Test(worker, of_several_revisions_in_a_batch_the_newest_counts)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct order_recorded orders[] = {sample_order("1-1", 2, "B"), sample_order("1-1", 3, "C"),
                                      sample_order("1-1", 1, "A")};
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 3), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT status || upstream_rev FROM seen"), "C3");
    cr_expect_eq(emitted(worker), 1);
    sp_worker_close(&worker);
}

Test(worker, every_permutation_of_a_history_ends_in_the_same_row)
{
    static const char *const statuses[] = {"A", "B", "C", "D"};
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1},
                                    {3, 0, 1, 2}, {0, 3, 2, 1}, {1, 0, 3, 2}, {2, 3, 1, 0}};
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    for (size_t p = 0; p < SP_COUNT(orders); p++) {
        test_sql(worker, "DELETE FROM seen");
        for (int i = 0; i < 4; i++)
            cr_assert_eq(feed(worker, "1-1", orders[p][i] + 1, statuses[orders[p][i]]), SP_OK);
        cr_expect_str_eq(test_text(worker, "SELECT status || upstream_rev FROM seen"), "D4");
    }
    sp_worker_close(&worker);
}

Test(worker, a_rejected_message_is_buried_alone_and_can_be_replayed)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct order_recorded orders[] = {sample_order("1-1", 1, "NEW"),
                                      sample_order("1-2", 1, "POISON"),
                                      sample_order("1-3", 1, "NEW")};
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 3), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 2);
    cr_expect_str_eq(test_text(worker, "SELECT key || ': ' || reason FROM dead_letter"),
                     "1-2: the sample does not like order 1-2");
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.dead-letters", NULL, &answer, NULL), 200);
    cr_expect(strstr(answer, "does not like") != NULL, "%s", answer);
    char body[64];
    (void)snprintf(body, sizeof body, "{\"ids\":[\"%lld\"]}",
                   (long long)test_number(worker, "SELECT id FROM dead_letter"));
    cr_expect_eq(test_ask(worker, "product-mapper.replay", body, &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":1}");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    /* Its cause has not been mended: it comes back, once. */
    cr_expect_eq(sp_worker_job(worker, "later"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 0);
    sp_worker_close(&worker);
}

Test(worker, a_message_put_off_is_tried_again_and_a_newer_one_replaces_it)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    cr_assert_eq(feed(worker, "1-1", 1, "LATER"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 0);
    cr_expect_eq(test_number(worker, "SELECT rev FROM later"), 1);
    cr_assert_eq(feed(worker, "1-1", 2, "LATER"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT rev FROM later"), 2);
    (void)usleep(5000);
    cr_expect_eq(sp_worker_job(worker, "later"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 1, "it is put off again");
    cr_assert_eq(feed(worker, "1-1", 3, "NEW"), SP_OK);
    (void)usleep(5000);
    test_sql(worker, "UPDATE later SET due = now()");
    sp_worker_close(&worker);
}

Test(worker, a_statement_that_fails_costs_one_message_not_the_batch)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct order_recorded orders[] = {sample_order("1-1", 1, "NEW"), sample_order("1-2", 1, "BAD"),
                                      sample_order("1-3", 1, "NEW")};
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 3), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 2);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE reason LIKE "
                                     "'division by zero%'"),
                 1);
    cr_expect_eq(emitted(worker), 2);
    sp_worker_close(&worker);
}

Test(worker, what_was_judged_is_kept_when_the_message_beside_it_fails)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct order_recorded orders[] = {sample_order("1-1", 1, "POISON"),
                                      sample_order("1-2", 1, "BAD")};
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 2), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT string_agg(key, ' ' ORDER BY key) FROM dead_letter"),
                     "1-1 1-2");
    sp_worker_close(&worker);
}

Test(worker, a_verdict_that_cannot_be_stored_keeps_the_batch_at_its_sender)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    test_sql(worker, "ALTER TABLE dead_letter ADD CHECK (reason NOT LIKE '%does not like%')");
    struct order_recorded orders[] = {sample_order("1-1", 1, "POISON"),
                                      sample_order("1-2", 1, "NEW")};
    cr_expect_eq(sp_worker_feed(worker, &order_recorded_message, orders, 2), SP_RETRY);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0,
                 "nobody is buried for another's verdict");
    sp_worker_close(&worker);
}

Test(worker, a_reason_cut_inside_a_character_is_stored_all_the_same)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    cr_expect_eq(feed(worker, "1-1", 1, "WORDY"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT length(reason) FROM dead_letter"), 511);
    sp_worker_close(&worker);
}

static enum sp_result apply_bytes(struct sp_worker *worker, const char *type, struct sp_text body,
                                  int tries)
{
    struct sp_incoming parcel = {.id = {7}, .type = sp_text_of(type), .body = body, .tries = tries};
    return sp_worker_parcels(worker, &parcel, 1);
}

Test(worker, bytes_that_are_no_parcel_become_a_dead_letter)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    cr_expect_eq(apply_bytes(worker, "order.recorded", SP_TEXT("<html>"), 0), SP_OK);
    cr_expect_eq(apply_bytes(worker, "order.recorded", SP_TEXT("\x91\x81\x04"), 0), SP_OK);
    cr_expect_eq(apply_bytes(worker, "order.recorded", SP_TEXT("\xdf\xff\xff\xff\xff\x01"), 0),
                 SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE reason LIKE "
                                     "'cannot be read:%'"),
                 3);
    cr_expect_eq(test_number(worker, "SELECT count(DISTINCT key) FROM dead_letter "
                                     "WHERE account_id = 0"),
                 3, "each can be replayed beside the others");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE body = '<html>'"), 1,
                 "as it came");
    sp_worker_close(&worker);
}

Test(worker, an_unreadable_message_that_came_twice_is_one_letter)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_incoming twice[2] = {
        {.id = {1}, .type = SP_TEXT("order.recorded"), .body = SP_TEXT("\x91\x81\x04\x07")},
        {.id = {2}, .type = SP_TEXT("order.recorded"), .body = SP_TEXT("\x91\x81\x04\x07")}};
    cr_expect_eq(sp_worker_parcels(worker, twice, 2), SP_OK, "%s", sp_worker_error(worker)->text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
    sp_worker_close(&worker);
}

Test(worker, an_unknown_type_is_kept_whole_with_its_reason)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    cr_expect_eq(apply_bytes(worker, "order.dreamt", SP_TEXT("\x92\x80\x81\x01\x02"), 0), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT type || ': ' || reason FROM dead_letter"),
                     "order.dreamt: this service does not take messages of this type");
    cr_expect_str_eq(test_text(worker, "SELECT encode(body, 'hex') FROM dead_letter"), "9280810102",
                     "as it came");
    sp_worker_close(&worker);
}

static void encode(const struct order_recorded *orders, size_t count, struct sp_buffer *body)
{
    struct sp_error err;
    sp_parcel_begin(body, count);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(sp_message_encode(&order_recorded_message, &orders[i], body, &err), SP_OK);
}

Test(worker, the_third_crash_on_a_message_buries_it_and_only_it)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    const char *url = test_worker_url();
    struct order_recorded orders[] = {sample_order("1-1", 1, "NEW"),
                                      sample_order("1-2", 1, "CRASH"),
                                      sample_order("1-3", 1, "NEW")};
    struct sp_buffer body = {0};
    encode(orders, 3, &body);
    for (int tries = 3; tries < 5; tries++) {
        pid_t child = fork();
        if (child == 0) {
            struct sp_worker *doomed = test_worker_on(&sample_service, url, NULL);
            (void)!apply_bytes(doomed, "order.recorded", sp_buffer_text(&body), tries);
            _exit(0);
        }
        int status = 0;
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(WEXITSTATUS(status), 9);
    }
    cr_expect_eq(apply_bytes(worker, "order.recorded", sp_buffer_text(&body), 5), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 2);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = '1-2'"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM poison"), 0);
    sp_buffer_free(&body);
    sp_worker_close(&worker);
}

Test(worker, a_database_that_is_away_puts_the_batch_back)
{
    struct sp_worker *worker =
        test_worker_on(&sample_service, "postgresql://nobody@127.0.0.1:1/none", NULL);
    cr_expect_eq(feed(worker, "1-1", 1, "NEW"), SP_RETRY);
    cr_expect(strstr(sp_worker_error(worker)->text, "cannot reach the database") != NULL);
    sp_worker_close(&worker);
}
