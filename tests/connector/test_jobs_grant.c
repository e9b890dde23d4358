/* Tokens refreshed, refused and lost; what people are told. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = market_shop(5);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_grant, .init = set_up, .fini = tear_down);

static void refresh(void)
{
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now(), lease_until = '-infinity'");
    market_run(worker, "refresh-tokens");
}

static bool can_call(void)
{
    test_sql(worker, "UPDATE pull SET due = now(), tries = 0");
    market_run(worker, "pull-pages");
    return test_number(worker, "SELECT count(*) FROM pull WHERE tries > 0") == 0;
}

static const char *state(void)
{
    return test_text(worker, "SELECT state FROM seller_grant");
}

Test(jobs_grant, keeps_a_shop_working_by_refreshing)
{
    refresh();
    cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), 2);
    cr_assert(can_call());
    test_sql(worker, "UPDATE seller_grant SET lease_until = now()");
    (void)market_post("/sandbox/grants", "{\"expire\":\"access\"}");
    cr_assert_not(can_call());
    market_run(worker, "refresh-tokens");
    cr_assert(can_call());
}

Test(jobs_grant, comes_back_later_when_there_is_no_answer)
{
    static const char *const kinds[] = {"500", "html"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        char fault[128];
        (void)snprintf(
            fault, sizeof fault,
            "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":\"%s\",\"count\":1}]}",
            kinds[i]);
        int64_t pairs = test_number(worker, "SELECT token_rev FROM seller_grant");
        (void)market_post("/sandbox/faults", fault);
        refresh();
        cr_assert_str_eq(state(), "LIVE");
        cr_assert_eq(test_number(worker, "SELECT tries FROM seller_grant WHERE refresh_at > now()"),
                     1, "%s", kinds[i]);
        cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), pairs);
        refresh();
        cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), pairs + 1);
    }
}

/* The marketplace replaced the pair and its answer was lost: the old access token still lives. */
Test(jobs_grant, goes_on_with_the_old_token_after_a_lost_answer)
{
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"drop\",\"count\":1}]}");
    refresh();
    cr_assert(can_call());
    refresh();
    cr_assert(can_call());
}

Test(jobs_grant, tells_people_when_the_seller_took_the_grant_back)
{
    size_t count;
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    refresh();
    cr_assert_str_eq(state(), "FAILED");
    market_run(worker, "review-grants");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    cr_assert_not(can_call());
    market_run(worker, "review-grants");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_is(said[0].event, "SHOP_EXPIRING"));
    cr_assert(sp_text_is(said[1].event, "SHOP_EXPIRED"));
    const struct shop_saved *shops =
        test_emitted(worker, &shop_saved_message, "order-ingest", &count);
    cr_assert(sp_text_is(shops[count - 1].state, "EXPIRED"));
    cr_assert_geq(
        test_number(worker, "SELECT count(*) FROM shop_event WHERE event = 'grant-trouble'"), 2);
}

Test(jobs_grant, warns_before_a_grant_ends)
{
    size_t count;
    test_sql(worker, "UPDATE seller_grant SET ends_at = now() + interval '6 days'");
    market_run(worker, "review-grants");
    market_run(worker, "review-grants");
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    /* Once, though the shop shows NEAR_EXPIRY as well. */
    cr_assert_eq(count, 1);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    bool warned = false;
    for (size_t i = 0; i < count; i++)
        warned |= memmem(said[i].text.data, said[i].text.size, "7 days", 6) != NULL;
    cr_assert(warned);
}

/* ---- three replicas
 * ---------------------------------------------------------------------------------------- */

enum { REPLICAS = 3 };

/* What the marketplace has noted; nothing but refreshes goes on meanwhile. */
static int64_t noted(void)
{
    return strtoll(market_member(market_get("/sandbox"), "truth_lines"), NULL, 10);
}

static void *replica(void *context)
{
    struct sp_worker *own = context;
    for (int i = 0; i < 5; i++)
        if (sp_worker_job(own, "refresh-tokens") == SP_REJECT)
            return own;
    return NULL;
}

static void open_replicas(struct sp_worker *workers[REPLICAS])
{
    for (int i = 0; i < REPLICAS; i++) {
        workers[i] = test_worker_on(&market_connector, test_worker_url(), market_settings());
        cr_assert_eq(sp_worker_job(workers[i], "refresh-tokens"), SP_OK);
    }
}

/* All of them at once; how many calls came of it. */
static int64_t refresh_together(struct sp_worker *workers[REPLICAS])
{
    pthread_t threads[REPLICAS];
    int64_t before = noted();
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now(), lease_until = '-infinity'");
    for (int i = 0; i < REPLICAS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, replica, workers[i]), 0);
    for (int i = 0; i < REPLICAS; i++) {
        void *failed;
        cr_assert_eq(pthread_join(threads[i], &failed), 0);
        cr_assert_null(failed);
    }
    return noted() - before;
}

Test(jobs_grant, refreshes_once_however_many_replicas_want_to, .timeout = 60)
{
    struct sp_worker *workers[REPLICAS];
    open_replicas(workers);
    for (int64_t round = 1; round <= 10; round++) {
        cr_assert_eq(refresh_together(workers), 1);
        cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), 1 + round);
    }
    cr_assert(can_call());
    for (int i = 0; i < REPLICAS; i++)
        sp_worker_close(&workers[i]);
}

/* Whoever lost the answer, the others do not ask at once too: one try, then one more, and then all
 * know that only the seller can mend it. */
Test(jobs_grant, loses_an_answer_once_however_many_replicas_want_it, .timeout = 60)
{
    struct sp_worker *workers[REPLICAS];
    open_replicas(workers);
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"drop\",\"count\":1}]}");
    (void)refresh_together(workers);
    cr_assert_str_eq(state(), "LIVE");
    cr_assert_eq(test_number(worker, "SELECT token_rev * 10 + tries FROM seller_grant"), 11);
    cr_assert(can_call());
    (void)refresh_together(workers);
    cr_assert_str_eq(state(), "FAILED");
    cr_assert(can_call());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    cr_assert_eq(refresh_together(workers), 1);
    cr_assert(can_call());
    for (int i = 0; i < REPLICAS; i++)
        sp_worker_close(&workers[i]);
}

/* ---- what is lost
 * ------------------------------------------------------------------------------------------ */

/* The new pair is gone for good, and the marketplace takes the old refresh token no more: the shop
 * works on while the access token lives, people are told, and a new consent mends it. */
Test(jobs_grant, lives_through_a_lost_answer_until_the_seller_agrees_again)
{
    const char *answer;
    size_t count;
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"drop\",\"count\":1}]}");
    refresh();
    cr_assert_str_eq(state(), "LIVE");
    refresh();
    cr_assert_str_eq(state(), "FAILED");
    market_run(worker, "review-grants");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    cr_assert(can_call());
    (void)test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 1);
    const char *shop = market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    market_run(worker, "review-grants");
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", shop, NULL), 200);
    cr_assert_str_eq(market_member(answer, "state"), "CONNECTED");
    cr_assert_str_eq(market_member(answer, "grant_problem"), "");
    cr_assert_gt(strlen(market_member(answer, "grant_ends_at")), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop"), 1);
    refresh();
    cr_assert(can_call());
}

/* ---- taken back
 * -------------------------------------------------------------------------------------------- */

static void tell_taken_back(void)
{
    char body[200];
    (void)snprintf(body, sizeof body,
                   "{\"type\":6,\"tts_notification_id\":\"66\",\"shop_id\":\"%s\",\"data\":"
                   "{\"message\":\"gone\"}}",
                   test_text(worker, "SELECT channel_shop_id FROM shop"));
    test_sql(worker, "UPDATE seller_grant SET lease_until = '-infinity'");
    cr_assert_eq(market_webhook(worker, body), 200);
    market_run(worker, "refresh-tokens");
}

Test(jobs_grant, disconnects_a_shop_whose_seller_took_the_grant_back)
{
    size_t count;
    int64_t seen = test_number(worker, "SELECT count(*) FROM seen_listing");
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    tell_taken_back();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "DISCONNECTED");
    cr_assert_str_eq(state(), "ENDED");
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) + count(refresh_sealed) "
                                     "FROM seller_grant"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_listing"), seen);
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(said[0].event, "SHOP_DISCONNECTED"));
    const struct shop_saved *shops =
        test_emitted(worker, &shop_saved_message, "order-ingest", &count);
    cr_assert(sp_text_is(shops[count - 1].state, "DISCONNECTED"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event = 'taken-back'"),
                 1);
}

/* A late one, from before the seller agreed again. */
Test(jobs_grant, believes_no_notice_that_a_grant_is_gone_while_it_works)
{
    tell_taken_back();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
    cr_assert_str_eq(state(), "LIVE");
    cr_assert(can_call());
    /* Nor does a refusal much later count for that notice. */
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    refresh();
    cr_assert_str_eq(state(), "FAILED");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

Test(jobs_grant, warns_when_the_marketplace_says_that_the_grant_ends)
{
    char body[300];
    size_t count;
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"500\",\"count\":1}]}");
    (void)snprintf(
        body, sizeof body,
        "{\"type\":7,\"tts_notification_id\":\"67\",\"shop_id\":\"%s\",\"data\":"
        "{\"message\":\"soon\",\"expiration_time\":\"%s\"}}",
        test_text(worker, "SELECT channel_shop_id FROM shop"),
        test_text(worker, "SELECT extract(epoch FROM now() + interval '5 days')::bigint"));
    test_sql(worker, "UPDATE seller_grant SET lease_until = '-infinity'");
    cr_assert_eq(market_webhook(worker, body), 200);
    market_run(worker, "refresh-tokens");
    market_run(worker, "review-grants");
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(said[0].event, "SHOP_EXPIRING"));
    cr_assert_not_null(memmem(said[0].text.data, said[0].text.size, "7 days", 6));
}

Test(jobs_grant, tells_in_the_history_what_became_of_tokens)
{
    refresh();
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"500\",\"count\":1}]}");
    refresh();
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    refresh();
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(event, ' ' ORDER BY event_id) "
                                       "FROM shop_event WHERE event LIKE 'token%'"),
                     "token-refreshed token-late token-refused");
}
