/* Webhooks taken in, orders to be fetched. */
#include "services/connector/fetch_store.h"

#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/crypto.h"
#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct webhook_notice notice;
static struct fetch_task tasks[16];
static struct fetch_end end;
static size_t count;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(fetch_store, .init = set_up, .fini = tear_down);

static enum sp_result take_notice(struct sp_ctx *ctx)
{
    const struct webhook_notice *notices[] = {&notice};
    store_take_notices(ctx, notices, 1);
    return SP_OK;
}

static void tell(const char *id, enum webhook_effect effect, const char *order)
{
    notice = (struct webhook_notice){.type = 1,
                                     .effect = effect,
                                     .known = true,
                                     .notification_id = sp_text_of(id),
                                     .content_hash = strtoll(id, NULL, 10),
                                     .channel_shop_id = SP_TEXT("7490"),
                                     .updated_at = 500,
                                     .orders = {sp_text_of(order)},
                                     .order_count = 1};
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
}

/* The row must be used within the unit of work: what is needed later is copied. */
static enum sp_result take(struct sp_ctx *ctx)
{
    static char ids[16][40];
    enum sp_result result = store_take_fetches(ctx, tasks, 16, &count);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%.*s", SP_FMT(tasks[i].id));
        tasks[i].id = sp_text_of(ids[i]);
    }
    return result;
}

static enum sp_result finish(struct sp_ctx *ctx)
{
    store_end_fetches(ctx, &end, 1);
    return SP_OK;
}

static void end_first(enum fetch_outcome outcome, int64_t wait_ms)
{
    end = (struct fetch_end){&tasks[0], outcome, wait_ms};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
}

static int64_t due_count(void)
{
    return test_number(worker, "SELECT count(*) FROM order_fetch WHERE due <= now()");
}

Test(fetch_store, makes_one_row_of_a_storm_of_notices)
{
    tell("1", WEBHOOK_ORDER, "5764");
    tell("2", WEBHOOK_ORDER, "5764");
    tell("3", WEBHOOK_ORDER, "5764");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 1);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 3);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 3);
}

Test(fetch_store, does_nothing_for_a_repeated_notice)
{
    tell("1", WEBHOOK_ORDER, "5764");
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 1);
}

Test(fetch_store, ignores_shops_that_are_not_connected_or_not_pulled)
{
    test_sql(worker, "UPDATE shop SET pull_on = false");
    tell("1", WEBHOOK_ORDER, "5764");
    test_sql(worker, "UPDATE shop SET pull_on = true, state = 'DISCONNECTED'");
    tell("2", WEBHOOK_ORDER, "5764");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 1);
}

Test(fetch_store, leases_what_it_takes)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(tasks[0].notice_s, 500);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

Test(fetch_store, lets_another_take_over_within_seconds)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM order_fetch WHERE due BETWEEN "
                             "now() + interval '8 seconds' AND now() + interval '11 seconds'"),
                 1, "longer than a call, and not much");
}

Test(fetch_store, forgets_a_finished_row)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end_first(FETCH_DONE, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
}

Test(fetch_store, keeps_a_notice_that_came_during_the_call)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    tell("2", WEBHOOK_ORDER, "5764");
    cr_assert_eq(due_count(), 0);
    end_first(FETCH_DONE, 0);
    cr_assert_eq(due_count(), 1);
    cr_assert_eq(test_number(worker, "SELECT wanted - done FROM order_fetch"), 1);
}

static void *finish_in_background(void *context)
{
    struct sp_worker *other = context;
    return shop_run(other, finish) == SP_OK ? other : NULL;
}

static void wait_until(const char *sql)
{
    for (int i = 0; i < 400 && test_number(worker, sql) == 0; i++)
        (void)usleep(10000);
    cr_assert_neq(test_number(worker, sql), 0, "%s", sql);
}

/* The notice's transaction has the row's lock when the fetch's end arrives there. */
Test(fetch_store, keeps_a_notice_that_is_committed_while_the_fetch_ends, .timeout = 60)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end = (struct fetch_end){&tasks[0], FETCH_DONE, 0};
    struct sp_worker *other = shop_second_worker();
    PGconn *notice_end = PQconnectdb(test_worker_url());
    PQclear(PQexec(notice_end, "BEGIN"));
    PQclear(PQexec(notice_end, "UPDATE order_fetch SET wanted = wanted + 1"));
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, finish_in_background, other), 0);
    wait_until("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
               "AND datname = current_database()");
    PQclear(PQexec(notice_end, "COMMIT"));
    PQfinish(notice_end);
    void *finished = NULL;
    cr_assert_eq(pthread_join(thread, &finished), 0);
    cr_assert_not_null(finished);
    sp_worker_close(&other);
    cr_assert_eq(due_count(), 1, "it is fetched again at once");
    cr_assert_eq(test_number(worker, "SELECT wanted - done FROM order_fetch"), 1);
}

Test(fetch_store, leaves_a_row_that_was_made_anew_alone)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    test_sql(worker, "DELETE FROM order_fetch");
    tell("2", WEBHOOK_ORDER, "5764");
    end_first(FETCH_DONE, 0);
    cr_assert_eq(due_count(), 1);
}

Test(fetch_store, waits_with_a_try_and_without)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end_first(FETCH_AGAIN, 60000);
    cr_assert_eq(test_number(worker, "SELECT tries FROM order_fetch WHERE due > now()"), 1);
    end_first(FETCH_LATER, 0);
    cr_assert_eq(test_number(worker, "SELECT tries FROM order_fetch WHERE due <= now()"), 1);
    end_first(FETCH_ALONE, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch WHERE alone"), 1);
}

Test(fetch_store, makes_a_notice_cut_a_backoff_short)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end_first(FETCH_AGAIN, 60000);
    tell("2", WEBHOOK_ORDER, "5764");
    cr_assert_eq(due_count(), 1);
    cr_assert_eq(test_number(worker, "SELECT tries FROM order_fetch"), 0);
}

static int64_t rows_read;

static enum sp_result take_and_count(struct sp_ctx *ctx)
{
    static const struct sp_statement read_rows = {
        "SELECT pg_stat_get_xact_tuples_returned('order_fetch'::regclass) + "
        "pg_stat_get_xact_tuples_fetched('order_fetch'::regclass)"};
    enum sp_result result = store_take_fetches(ctx, tasks, 16, &count);
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_rows, SP_NO_PARAMS);
    cr_assert_not_null(rows);
    rows_read = sp_row_int(rows, 0, 0);
    return result;
}

/* The server thinks that nothing waits: so it was when it looked last. */
Test(fetch_store, reads_what_it_takes_however_many_wait)
{
    test_sql(worker, "VACUUM ANALYZE order_fetch");
    for (int i = 0; i < 8; i++)
        cr_assert_eq(shop_run(worker, take_and_count), SP_OK);
    test_sql(worker, "INSERT INTO order_fetch (account_id, shop_id, channel_order_id) "
                     "SELECT 1, 1, n::text FROM generate_series(1, 5000) n");
    cr_assert_eq(shop_run(worker, take_and_count), SP_OK);
    cr_assert_eq(count, 16);
    cr_assert_lt(rows_read, 200, "%lld rows were read for 16", (long long)rows_read);
}

Test(fetch_store, leaves_the_orders_of_shops_that_cannot_be_asked)
{
    tell("1", WEBHOOK_ORDER, "5764");
    test_sql(worker, "UPDATE shop SET state = 'EXPIRED'");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
    test_sql(worker, "UPDATE shop SET state = 'NEAR_EXPIRY'");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
}

Test(fetch_store, looks_at_listings_and_grants_when_told_to)
{
    test_sql(worker, "UPDATE pull SET due = now() + interval '1 hour'");
    tell("1", WEBHOOK_LISTING, "5764");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE due <= now()"), 1);
    tell("2", WEBHOOK_GRANT, "5764");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE refresh_at <= now()"),
                 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
}

Test(fetch_store, looks_at_returns_and_cancellations_as_a_notice_says)
{
    static const struct {
        enum webhook_effect effect;
        const char *kinds;
    } cases[] = {{WEBHOOK_RETURN, "returns"},
                 {WEBHOOK_CANCEL, "cancellations"},
                 {WEBHOOK_REVERSE, "cancellations,returns"}};
    static const char *const ids[] = {"11", "12", "13"};
    test_sql(worker, "INSERT INTO pull (account_id, shop_id, kind, from_at, at) SELECT 1, 1, k, "
                     "now(), now() FROM unnest(ARRAY['returns', 'cancellations']) k");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        test_sql(worker, "UPDATE pull SET due = now() + interval '1 hour'");
        tell(ids[i], cases[i].effect, "5764");
        cr_assert_str_eq(test_text(worker, "SELECT string_agg(kind, ',' ORDER BY kind) FROM pull "
                                           "WHERE due <= now()"),
                         cases[i].kinds);
    }
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 3);
}

Test(fetch_store, takes_the_same_number_with_something_else_to_say_for_another_notice)
{
    tell("1", WEBHOOK_ORDER, "5764");
    notice.content_hash = 7;
    notice.orders[0] = SP_TEXT("5765");
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT sum(wanted) FROM order_fetch"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 2);
}

Test(fetch_store, believes_what_a_notice_says_of_the_grant_until_it_is_refreshed)
{
    notice = (struct webhook_notice){.type = 7,
                                     .effect = WEBHOOK_GRANT,
                                     .known = true,
                                     .notification_id = SP_TEXT("1"),
                                     .channel_shop_id = SP_TEXT("7490"),
                                     .ends_s = sp_now_us() / 1000000 + 86400 * 10};
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE refresh_at <= now() "
                                     "AND ends_at < now() + interval '11 days' "
                                     "AND taken_back_at IS NULL"),
                 1);
    tell("2", WEBHOOK_TAKEN_BACK, "");
    cr_assert_eq(test_number(worker, "SELECT count(taken_back_at) FROM seller_grant"), 1);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

Test(fetch_store, keeps_what_later_work_will_want_and_what_nobody_knows)
{
    tell("1", WEBHOOK_ORDER, "5764");
    notice.content = SP_TEXT("{\"return_id\":\"9\"}");
    notice.notification_id = SP_TEXT("2");
    notice.content_hash = 2;
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    notice = (struct webhook_notice){.type = 99,
                                     .effect = WEBHOOK_UNKNOWN,
                                     .notification_id = SP_TEXT("3"),
                                     .channel_shop_id = SP_TEXT("7490")};
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(notification_id || coalesce(content ->> "
                                       "'return_id', '-'), ' ' ORDER BY kept_id) FROM notice "
                                       "WHERE kept_id IS NOT NULL"),
                     "29 3-");
}

Test(fetch_store, notes_when_the_last_webhook_came)
{
    tell("1", WEBHOOK_ORDER, "5764");
    cr_assert_eq(test_number(worker, "SELECT count(webhook_at) FROM shop_count"), 1);
}

static int64_t webhook_delay_s(void)
{
    return test_number(worker, "SELECT coalesce(webhook_delay_ms, -1000) / 1000 FROM shop_count");
}

Test(fetch_store, notes_how_late_the_last_webhook_came)
{
    tell("1", WEBHOOK_NOTHING, "5764");
    test_sql(worker, "UPDATE shop_count SET webhook_at = NULL, webhook_delay_ms = NULL");
    notice.content_hash = 2;
    notice.updated_at = 0;
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert_eq(webhook_delay_s(), -1, "it spoke of no change");
    test_sql(worker, "UPDATE shop_count SET webhook_at = NULL");
    notice.content_hash = 3;
    notice.updated_at = test_number(worker, "SELECT extract(epoch FROM now())::bigint - 40");
    cr_assert_eq(shop_run(worker, take_notice), SP_OK);
    cr_assert(webhook_delay_s() >= 39 && webhook_delay_s() < 100, "%lld",
              (long long)webhook_delay_s());
}

static enum sp_result prune(struct sp_ctx *ctx)
{
    return store_prune_notices(ctx);
}

Test(fetch_store, forgets_notices_after_a_fortnight)
{
    tell("1", WEBHOOK_ORDER, "5764");
    tell("2", WEBHOOK_ORDER, "5764");
    test_sql(worker,
             "UPDATE notice SET at = now() - interval '15 days' WHERE notification_id = '1'");
    cr_assert_eq(shop_run(worker, prune), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 1);
}
