/* An order as it was, and how it came to be as it is. */
/* Covers: detail_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(past, .init = begin);

static const char *document_of(const char *id, const char *at)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", id, "at", at, NULL), 200,
                 "%s", text);
    return text;
}

/* All that the marketplace and placement said, as it stands now. */
#define SAID                                                                                       \
    "to_jsonb(o) - '{rev,upstream_rev,committed_at,change,was_status,was_cause}'::text[] || "      \
    "jsonb_build_object('s', to_jsonb(s) - '{upstream_rev,was_stage}'::text[])"

Test(past, rebuilds_every_past_moment_to_the_byte)
{
    enum { VERSIONS = 6 };
    static const char *const statuses[VERSIONS] = {"UNPAID",     "ON_HOLD",   "AWAITING_SHIPMENT",
                                                   "IN_TRANSIT", "DELIVERED", "COMPLETED"};
    static const char *const stages[VERSIONS] = {"UNSYNC",     "NOT_READY",  "AWAITING_SHIPMENT",
                                                 "IN_TRANSIT", "IN_TRANSIT", "DONE"};
    test_sql(worker, "CREATE TABLE was (at timestamptz, said jsonb)");
    for (int i = 0; i < VERSIONS; i++) {
        struct channel_order order = an_order("5000", i + 1, statuses[i]);
        order.packages_count = i < 3 ? 0 : 1;
        order.lines_count = i == 1 ? 1 : 2;
        order.buyer_note = i == 2 ? SP_TEXT("ring twice") : (struct sp_text){0};
        order.head.trace[0] = (uint8_t)i;
        struct order_staged staged = a_stage("5000", i + 1, stages[i]);
        feed_order(worker, &order);
        feed_stage(worker, &staged);
        test_sql(worker, "INSERT INTO was SELECT clock_timestamp(), " SAID
                         " FROM orders o JOIN order_stage s USING (account_id, order_id)");
    }
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM was"), VERSIONS);
    cr_expect_eq(
        test_number(worker,
                    "SELECT count(*) FROM was LEFT JOIN LATERAL (SELECT " SAID " AS said "
                    "FROM order_at(1, '7-5000', was.at) o, stage_at(1, '7-5000', was.at) s) "
                    "again ON true WHERE was.said IS DISTINCT FROM again.said"),
        0, "%s",
        test_text(worker, "SELECT string_agg(concat(was.said, ' <> ', again.said), ' ') FROM was "
                          "LEFT JOIN LATERAL (SELECT " SAID " AS said FROM order_at(1, '7-5000', "
                          "was.at) o, stage_at(1, '7-5000', was.at) s) again ON true "
                          "WHERE was.said IS DISTINCT FROM again.said"));
    test_sql(worker, "DROP TABLE was");
}

Test(past, tells_the_past_of_an_order)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    const char *then = test_text(worker, "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', "
                                         "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    feed_standing(worker, "5000", 2, "CANCELLED", "CANCELLED");
    cr_expect(strstr(document_of("7-5000", then), "\"hub_status\": \"NEW\"") != NULL);
    cr_expect(strstr(document_of("7-5000", then), "\"stage\": \"NOT_READY\"") != NULL);
    cr_expect(strstr(document_of("7-5000", then), "\"stage\": \"CANCELLED\"") == NULL,
              "what came later is not in its history");
    cr_expect(strstr(document_of("7-5000", ""), "\"stage\": \"CANCELLED\", \"source\": \"hub\"") ||
                  strstr(document_of("7-5000", ""), "\"source\": \"hub\""),
              "stages are history too");
    const char *text;
    cr_expect_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5000", "at",
                          "2001-01-01T00:00:00Z", NULL),
                 404);
    cr_expect_eq(
        test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5000", "at", "noon", NULL),
        400);
}

Test(past, tells_how_an_order_came_here)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    feed_standing(worker, "5000", 2, "CANCELLED", "CANCELLED");
    const char *text;
    struct sp_json answer, hop;
    cr_assert_eq(test_ask(worker, "order-ingest.hops", NULL, &text, "id", "7-5000", NULL), 200);
    cr_assert_eq(sp_json_parse(sp_text_of(text), &answer, NULL), SP_OK);
    struct sp_json hops = sp_json_get(answer, "hops");
    cr_expect_eq(sp_json_count(hops), 6, "%s", text);
    struct sp_json_walk walk = sp_json_each(hops);
    cr_assert(sp_json_next(&walk, NULL, &hop));
    cr_expect(sp_text_is(sp_json_text(sp_json_get(hop, "fact"), NULL), "order.staged"));
    cr_expect(sp_text_is(sp_json_text(sp_json_get(hop, "trace_id"), NULL),
                         "01020300000000000000000000000000"));
    cr_expect(sp_text_is(sp_json_text(sp_json_get(hop, "emitted_at"), NULL),
                         "2023-11-14T22:13:20.000000Z"));
    cr_assert_eq(test_ask(worker, "order-ingest.hops", NULL, &text, "id", "7-5001", NULL), 200);
    cr_expect_str_eq(text, "{\"hops\" : []}");
}

static const char *hops_of(const char *fact)
{
    char sql[400];
    (void)snprintf(sql, sizeof sql,
                   "SELECT string_agg(concat_ws(' ', service, extract(epoch FROM emitted_at)::"
                   "bigint, CASE WHEN fact = 'marketplace' THEN extract(epoch FROM committed_at)::"
                   "bigint END), ',' ORDER BY emitted_at) FROM order_hop WHERE account_id = 1 "
                   "AND order_id = '7-5000' AND fact = '%s' "
                   "AND trace = '01020300-0000-0000-0000-000000000000'",
                   fact);
    return test_text(worker, sql);
}

Test(past, begins_an_orders_way_at_the_marketplace)
{
    enum { CHANGED_S = 1700000001, TOLD_S = 1700000007 };
    struct channel_order order = an_order("5000", 1, "UNPAID");
    order.head.emitted_us = TOLD_S * INT64_C(1000000);
    feed_order(worker, &order);
    cr_expect_str_eq(hops_of("marketplace"), "connector 1700000001 1700000007");
    order = an_order("5000", 2, "CANCELLED");
    order.head.emitted_us = (TOLD_S + 1) * INT64_C(1000000);
    order.updated_at = TOLD_S + 60;
    feed_order(worker, &order);
    cr_expect_str_eq(hops_of("marketplace"),
                     "connector 1700000001 1700000007,connector 1700000008 1700000008",
                     "a marketplace whose clock is ahead has said it in that moment");
    cr_expect_str_eq(hops_of("channel.order"), "1700000007,1700000008");
}

Test(past, says_on_which_way_each_change_came)
{
    static const struct {
        uint8_t byte;
        const char *status, *source;
    } ways[] = {{0, "UNPAID", "channel"},
                {1, "ON_HOLD", "webhook"},
                {2, "AWAITING_SHIPMENT", "pull"},
                {3, "PARTIALLY_SHIPPING", "sweep"},
                {4, "AWAITING_COLLECTION", "backfill"},
                {5, "IN_TRANSIT", "manual"},
                {6, "DELIVERED", "fetch"},
                {7, "COMPLETED", "channel"}};
    for (size_t i = 0; i < SP_COUNT(ways); i++) {
        struct channel_order order = an_order("5000", (int64_t)i + 1, ways[i].status);
        order.head.trace[0] = ways[i].byte;
        feed_order(worker, &order);
        char sql[200];
        (void)snprintf(sql, sizeof sql,
                       "SELECT event->>'source' FROM order_event WHERE event->>'status' = '%s'",
                       ways[i].status);
        cr_expect_str_eq(test_text(worker, sql), ways[i].source);
    }
}
