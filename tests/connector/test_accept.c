/* What was read becomes facts; the buyer's data in no other form than sealed. */
#include "services/connector/accept.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "tests/connector/shop.h"
#include "tests/support/ways.h"

static struct sp_worker *worker;
static const char *page;
static bool always;
static size_t refused_count;

static void set_up(void)
{
    worker = shop_begin();
    always = false;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(accept, .init = set_up, .fini = tear_down);

static enum sp_result accept(struct sp_ctx *ctx)
{
    struct accept_list list = {.orders = sp_arena_array(sp_ctx_arena(ctx), 8, sizeof *list.orders),
                               .refused =
                                   sp_arena_array(sp_ctx_arena(ctx), 8, sizeof *list.refused)};
    const struct accept_source from = {{1, 1}, sp_now_us(), 0, always, WAY_SWEEP};
    struct sp_json array;
    cr_assert_eq(sp_json_parse(sp_text_of(page), &array, NULL), SP_OK);
    accept_read_orders(ctx, array, &from, 8, &list);
    refused_count = list.refused_count;
    return accept_orders(ctx, &list);
}

static const struct channel_order *emitted(size_t *count)
{
    return test_emitted(worker, &channel_order_message, "order-ingest", count);
}

Test(accept, says_on_which_way_an_order_came_in_a_trace_of_its_own)
{
    size_t count;
    page = "[{\"id\":\"5764\",\"update_time\":9},{\"id\":\"5765\",\"update_time\":9}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    const struct channel_order *orders = emitted(&count);
    cr_assert_eq(count, 2);
    cr_assert_eq(orders[0].head.trace[0], WAY_SWEEP);
    cr_assert_eq(orders[1].head.trace[0], WAY_SWEEP);
    cr_assert_neq(memcmp(orders[0].head.trace, orders[1].head.trace, SP_TRACE_BYTES), 0);
}

Test(accept, emits_an_order_under_its_key_with_the_buyer_sealed)
{
    size_t count;
    page = "[{\"id\":\"5764\",\"update_time\":9,\"recipient_address\":{\"name\":\"Canary123\"}}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    const struct channel_order *orders = emitted(&count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(orders[0].head.key, "1-5764"));
    cr_assert_eq(orders[0].shop_id, 1);
    cr_assert_gt(orders[0].buyer_sealed.size, 0);
    cr_assert_null(
        memmem(orders[0].buyer_sealed.data, orders[0].buyer_sealed.size, "Canary123", 9));
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM outbox WHERE position('Canary123'::bytea in "
                             "body) > 0"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT orders FROM shop_count"), 1);
}

static void age_parcels(const char *age)
{
    char sql[80];
    (void)snprintf(sql, sizeof sql, "UPDATE outbox SET made = now() - interval '%s'", age);
    test_sql(worker, sql);
    market_run(worker, "forget-buyers");
}

Test(accept, forgets_the_buyer_and_not_the_order_when_nobody_takes_it)
{
    size_t count;
    page = "[{\"id\":\"5764\",\"update_time\":9,\"status\":\"UNPAID\","
           "\"recipient_address\":{\"name\":\"A\"}}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    age_parcels("59 days");
    const struct channel_order *orders = emitted(&count);
    int64_t rev = orders[0].head.rev;
    cr_assert_gt(orders[0].buyer_sealed.size, 0);
    age_parcels("61 days");
    orders = emitted(&count);
    cr_assert_eq(count, 1);
    cr_assert_eq(orders[0].buyer_sealed.size, 0);
    cr_assert_eq(orders[0].head.rev, rev);
    cr_assert(sp_text_is(orders[0].head.key, "1-5764"));
    cr_assert(sp_text_is(orders[0].status, "UNPAID"));
}

Test(accept, leaves_parcels_of_others_alone_and_drops_what_nobody_can_read)
{
    test_sql(worker, "INSERT INTO outbox (id, dest, type, body) SELECT gen_random_uuid(), "
                     "'order-ingest', t, 'x' FROM unnest(ARRAY['channel.order', "
                     "'channel.return']) t");
    age_parcels("61 days");
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(type, ' ') FROM outbox"),
                     "channel.return");
}

Test(accept, notes_how_late_the_latest_of_the_news_came)
{
    char news[200];
    long long now_s = (long long)(sp_now_us() / 1000000);
    (void)snprintf(news, sizeof news,
                   "[{\"id\":\"1\",\"update_time\":%lld},{\"id\":\"2\",\"update_time\":%lld},"
                   "{\"id\":\"3\",\"update_time\":%lld}]",
                   now_s, now_s - 100, now_s - 7);
    page = news;
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT delay_ms / 10000 FROM shop_count "
                                     "WHERE delay_at > now() - interval '1 minute'"),
                 10);
    always = true;
    page = "[{\"id\":\"4\",\"update_time\":9}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT delay_ms / 10000 FROM shop_count"), 10,
                 "history that is loaded is no news");
}

Test(accept, notices_a_buyer_who_changed_though_he_is_sealed_anew_each_time)
{
    size_t count;
    page = "[{\"id\":\"5764\",\"update_time\":9,\"recipient_address\":{\"name\":\"A\"}}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    (void)emitted(&count);
    cr_assert_eq(count, 1);
    page = "[{\"id\":\"5764\",\"update_time\":9,\"recipient_address\":{\"name\":\"B\"}}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    (void)emitted(&count);
    cr_assert_eq(count, 2);
    always = true;
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    (void)emitted(&count);
    cr_assert_eq(count, 3);
}

/* Pages are read side by side and answers come late: an older state may be read after a newer one.
 */
Test(accept, ends_with_the_newest_state_whatever_was_read_before, .timeout = 60)
{
    static const char *const states[] = {
        "[{\"id\":\"5764\",\"update_time\":6,\"status\":\"UNPAID\"}]",
        "[{\"id\":\"5764\",\"update_time\":7,\"status\":\"AWAITING_SHIPMENT\"}]",
        "[{\"id\":\"5764\",\"update_time\":8,\"status\":\"ON_HOLD\"}]",
        "[{\"id\":\"5764\",\"update_time\":9,\"status\":\"AWAITING_SHIPMENT\"}]"};
    size_t way_count, count;
    const struct test_way *ways = test_ways(SP_COUNT(states), &way_count);
    const char *expected = NULL;
    for (size_t i = 0; i < way_count; i++) {
        test_sql(worker, "TRUNCATE seen_order, outbox");
        for (size_t at = 0; at < ways[i].count; at++) {
            page = states[ways[i].steps[at]];
            cr_assert_eq(shop_run(worker, accept), SP_OK);
        }
        const char *found =
            test_text(worker, "SELECT (to_jsonb(o) - '{began_at,rev}'::text[])::text "
                              "FROM seen_order o");
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "way %zu", i);
        const struct channel_order *said = emitted(&count), *newest = said;
        for (size_t at = 1; at < count; at++)
            newest = said[at].head.rev > newest->head.rev ? &said[at] : newest;
        cr_assert_eq(newest->updated_at, 9, "way %zu", i);
        cr_assert(sp_text_is(newest->status, "AWAITING_SHIPMENT"), "way %zu", i);
    }
}

/* ---- what cannot become a fact --------------------------------------------------------------- */

static const char *letters(void)
{
    return test_text(worker, "SELECT coalesce(string_agg(concat_ws(' ', type, key, reason, seen), "
                             "E'\\n' ORDER BY key, reason), '') FROM dead_letter");
}

Test(accept, buries_what_cannot_be_read_and_takes_the_rest)
{
    size_t count;
    page = "[{\"id\":\"5764\",\"buyer_email\":\"Canary123\"},{\"update_time\":9},7,"
           "{\"id\":\"no id\"},{\"id\":\"1\",\"update_time\":9},"
           "{\"id\":\"2\",\"update_time\":9}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    (void)emitted(&count);
    cr_assert_eq(count, 2);
    cr_assert_str_eq(letters(), "order.wanted 1-/unread an order has no usable id 3\n"
                                "order.wanted 1-5764/unread order 5764 has no update time 1");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter "
                                     "WHERE position('Canary123'::bytea in body) > 0"),
                 0, "nothing of the buyer is kept");
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    cr_assert_str_eq(letters(), "order.wanted 1-/unread an order has no usable id 6\n"
                                "order.wanted 1-5764/unread order 5764 has no update time 2");
}

Test(accept, buries_an_order_that_is_too_large_for_a_fact)
{
    enum { UNITS = 2100, ROOM = UNITS * 48 + 64 };
    char *large = malloc(ROOM);
    size_t at =
        (size_t)snprintf(large, ROOM, "[{\"id\":\"5764\",\"update_time\":9,\"line_items\":[");
    for (int i = 0; i < UNITS; i++)
        at += (size_t)snprintf(large + at, ROOM - at, "%s{\"id\":\"%d\",\"sku_id\":\"%d\"}",
                               i == 0 ? "" : ",", i, i);
    (void)snprintf(large + at, ROOM - at, "]}]");
    page = large;
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    cr_assert_eq(refused_count, 1, "an import run can say so");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = "
                                     "'1-5764/unread' AND reason LIKE '%lines%'"),
                 1, "%s", letters());
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), 0);
    free(large);
}

static void replay(void)
{
    char body[64];
    (void)snprintf(body, sizeof body, "{\"ids\":[\"%lld\"]}",
                   (long long)test_number(worker, "SELECT id FROM dead_letter"));
    cr_assert_eq(test_ask(worker, "connector.replay", body, NULL, NULL), 200);
    cr_assert_eq(sp_worker_job(worker, "later"), SP_OK);
    cr_assert_str_empty(letters());
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch WHERE always AND "
                                     "channel_order_id = '5764' AND done < wanted"),
                 1);
    test_sql(worker, "DELETE FROM order_fetch");
}

Test(accept, fetches_a_buried_order_again_each_time_it_is_replayed)
{
    size_t count;
    page = "[{\"id\":\"5764\"}]";
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(shop_run(worker, accept), SP_OK);
        replay();
    }
    page = "[{\"id\":\"5764\",\"update_time\":9}]";
    cr_assert_eq(shop_run(worker, accept), SP_OK);
    (void)emitted(&count);
    cr_assert_eq(count, 1);
    cr_assert_str_empty(letters());
}

static enum sp_result accept_products(struct sp_ctx *ctx)
{
    struct accept_listing *listings = sp_arena_array(sp_ctx_arena(ctx), 8, sizeof *listings);
    const struct accept_source from = {{1, 1}, sp_now_us(), 0, false, WAY_PULL};
    struct sp_json array;
    cr_assert_eq(sp_json_parse(sp_text_of(page), &array, NULL), SP_OK);
    size_t count = accept_read_listings(ctx, array, &from, listings, 8);
    return accept_listings(ctx, listings, count);
}

Test(accept, emits_a_listing_and_notes_what_it_shows)
{
    size_t count;
    page = "[{\"id\":\"1729\",\"title\":\"Mug\",\"update_time\":9,\"skus\":[{\"id\":\"101\","
           "\"inventory\":[{\"warehouse_id\":\"A\",\"quantity\":12}]}]}]";
    cr_assert_eq(shop_run(worker, accept_products), SP_OK);
    const struct channel_listing *listings =
        test_emitted(worker, &channel_listing_message, "product-mapper", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(listings[0].head.key, "1-1729"));
    cr_assert_eq(test_number(worker, "SELECT seen FROM channel_stock WHERE sku_id = '101'"), 12);
    cr_assert_eq(test_number(worker, "SELECT listings FROM shop_count"), 1);
}
