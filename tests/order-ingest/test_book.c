/* Numbers, filters and searches of the order book, and what is special about an order. */
/* Covers: count_store.c, list_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/order-ingest/filters.h"
#include "tests/order-ingest/orders.h"
#include "tests/support/hold.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(book, .init = begin);

/* The ids of a list in their order, "5001 5000". */
static const char *listed(const char *name, const char *value, const char *sort)
{
    static char ids[512];
    const char *text;
    int status =
        test_ask(worker, "order-ingest.orders", NULL, &text, name, value, "sort", sort, NULL);
    cr_assert_eq(status, 200, "%s", text);
    ids[0] = '\0';
    struct sp_json list, item;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &list, NULL), SP_OK);
    struct sp_json_walk walk = sp_json_each(sp_json_get(list, "items"));
    while (sp_json_next(&walk, NULL, &item)) {
        size_t used = strlen(ids);
        struct sp_text id = sp_json_text(sp_json_get(item, "channel_order_id"), NULL);
        (void)snprintf(ids + used, sizeof ids - used, "%s%.*s", used > 0 ? " " : "", SP_FMT(id));
    }
    return ids;
}

static int64_t counted(const char *of, const char *word)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.counts", NULL, &text, NULL), 200);
    struct sp_json counts;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &counts, NULL), SP_OK);
    return sp_json_int(sp_json_get(sp_json_get(counts, of), word), 0);
}

/* ---- numbers
 * ------------------------------------------------------------------------------------------ */

static void expect_true_counts(void)
{
    cr_expect_eq(test_number(worker,
                             "SELECT count(*) FROM (SELECT shop_id, word, cause, sum(orders) "
                             "FROM order_number WHERE axis = 'status' GROUP BY 1, 2, 3 "
                             "HAVING sum(orders) <> 0 EXCEPT SELECT shop_id, "
                             "channel_status, cause, count(*) FROM orders GROUP BY 1, 2, 3) d"),
                 0);
    cr_expect_eq(test_number(worker,
                             "SELECT count(*) FROM (SELECT stage, count(*) FROM order_stage "
                             "GROUP BY 1 EXCEPT SELECT word, sum(orders) FROM order_number "
                             "WHERE axis = 'stage' AND shop_id = 7 GROUP BY 1) d"),
                 0);
}

Test(book, counts_follow_every_change)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    feed_standing(worker, "5001", 1, "AWAITING_SHIPMENT", "UNSYNC");
    expect_true_counts();
    feed_standing(worker, "5000", 2, "AWAITING_SHIPMENT", "AWAITING_SHIPMENT");
    feed_standing(worker, "5001", 2, "AWAITING_SHIPMENT", "UNSYNC");
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY"); /* a late copy */
    expect_true_counts();
    cr_expect_eq(counted("by_stage", "AWAITING_SHIPMENT"), 1);
    cr_expect_eq(counted("by_stage", "NOT_READY"), 0);
    cr_expect_eq(counted("by_status", "AWAITING_SHIPMENT"), 2);
    cr_expect_eq(counted("by_hub_status", "AWAITING_CONFIRMATION"), 2);
    cr_expect_eq(counted("by_status_group", "PROCESSING"), 2);
    cr_expect_eq(counted("by_tab", "TO_SHIP"), 2);
}

Test(book, folding_changes_no_number)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_count_change"), 0);
    feed_standing(worker, "5000", 2, "CANCELLED", "CANCELLED");
    expect_true_counts();
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    expect_true_counts();
    cr_expect_eq(counted("by_stage", "CANCELLED"), 1);
    cr_expect_eq(counted("by_status", "UNPAID"), 0);
}

/* Ends with an error when all is taken; then passes over what another is folding. */
Test(book, folding_loses_nothing_when_it_fails_or_meets_another)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    test_sql(worker, "ALTER TABLE order_count ADD CONSTRAINT fails CHECK (orders = 0) NOT VALID");
    cr_assert_neq(sp_worker_job(worker, "fold-counts"), SP_OK);
    test_sql(worker, "ALTER TABLE order_count DROP CONSTRAINT fails");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_count_change"), 2);
    expect_true_counts();
    struct test_hold *hold =
        test_hold(worker, "SELECT FROM order_count_change WHERE axis = 'status' FOR UPDATE");
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT axis FROM order_count_change"), "status");
    expect_true_counts();
    test_let_go(&hold);
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_count_change"), 0);
    expect_true_counts();
}

Test(book, counts_an_unknown_status_as_unknown)
{
    feed_standing(worker, "5000", 1, "ON_THE_MOON", "UNSYNC");
    cr_expect_eq(counted("by_hub_status", "UNKNOWN"), 1);
    cr_expect_eq(counted("by_status_group", "UNKNOWN"), 1);
    cr_expect_str_eq(listed("hub", "UNKNOWN", ""), "5000");
    cr_expect_str_eq(listed("hub", "NEW", ""), "");
}

/* ---- filters
 * ------------------------------------------------------------------------------------------ */

static void a_mixed_book(void)
{
    struct channel_order cod = an_order("5000", 1, "AWAITING_SHIPMENT");
    cod.is_cod = true;
    cod.ship_by = 1700000000; /* long ago */
    cod.created_at = 1600000000;
    struct channel_order sample = an_order("5001", 2, "IN_TRANSIT");
    sample.is_sample = true;
    sample.fulfilled_by_channel = true;
    struct channel_order held = an_order("5002", 3, "ON_HOLD");
    held.ship_by = 4000000000;
    struct channel_order gone = an_order("5003", 4, "CANCELLED");
    gone.cancel_initiator = SP_TEXT("BUYER");
    struct channel_order back = an_order("5004", 5, "CANCELLED");
    back.collected_at = 1700000005;
    struct order_staged stages[] = {a_stage("5000", 1, "UNSYNC"), a_stage("5001", 2, "IN_TRANSIT"),
                                    a_stage("5002", 3, "NOT_READY"), a_stage("5003", 4, "PACKED"),
                                    a_stage("5004", 5, "RETURNING")};
    static const struct condition unmapped = {.code = LITERAL("LINE_UNMAPPED"), .line = 1};
    stages[0].conditions = &unmapped;
    stages[0].conditions_count = 1;
    feed_order(worker, &cod);
    feed_order(worker, &sample);
    feed_order(worker, &held);
    feed_order(worker, &gone);
    feed_order(worker, &back);
    for (size_t i = 0; i < SP_COUNT(stages); i++)
        feed_stage(worker, &stages[i]);
}

Test(book, filters_by_every_axis)
{
    static const struct {
        const char *name, *value, *ids;
    } cases[] = {
        {"flag", "COD", "5000"},
        {"flag", "PREPAID", "5004 5003 5002 5001"},
        {"flag", "SAMPLE,BY_CHANNEL", "5001"},
        {"flag", "SAMPLE,OURS", ""},
        {"flag", "REPLACEMENT", ""},
        {"flag", "ON_HOLD", "5002"},
        {"flag", "LATE", "5000"},
        {"flag", "CONFLICT", "5003"},
        {"flag", "CANCEL_WANTED", ""},
        {"hub", "CUSTOMER_CANCELLED,RETURNING", "5004 5003"},
        {"status_group", "PROCESSING", "5000"},
        {"tab", "TO_SHIP", "5002 5000"},
        {"tab", "CANCELLED", "5004 5003"},
        {"status", "CANCELLED", "5004 5003"},
        {"condition", "LINE_UNMAPPED", "5000"},
        {"condition", "STOCK_SHORT", ""},
        {"source", "tiktok", "5004 5003 5002 5001 5000"},
        {"source", "manual", ""},
        {"group", "drafts", "5002 5000"},
        {"created_until", "2021-01-01T00:00:00Z", "5000"},
        {"created_from", "2021-01-01T00:00:00Z", "5004 5003 5002 5001"},
        {"updated_from", "2023-11-14T22:13:23Z", "5004 5003 5002"},
        {"updated_until", "2023-11-14T22:13:23Z", "5001 5000"},
    };
    a_mixed_book();
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_expect_str_eq(listed(cases[i].name, cases[i].value, ""), cases[i].ids, "%s=%s",
                         cases[i].name, cases[i].value);
}

Test(book, sorts_and_pages_by_every_time)
{
    a_mixed_book();
    cr_expect_str_eq(listed("shop", "7", "created"), "5004 5003 5002 5001 5000");
    cr_expect_str_eq(listed("shop", "7", "ship_by"), "5000 5002 5001 5003 5004");
    cr_expect_str_eq(listed("group", "drafts", "ship_by"), "5000 5002");
    cr_expect_str_eq(listed("group", "drafts", "created"), "5002 5000");
    cr_expect_str_eq(listed("group", "drafts", "updated"), "5002 5000");
    static const char *const sorts[] = {"updated", "created", "ship_by"};
    for (size_t i = 0; i < SP_COUNT(sorts); i++) {
        char cursor[64] = "";
        size_t pages = 0;
        do {
            const char *text;
            struct sp_json list;
            cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "sort", sorts[i],
                                  "limit", "1", "cursor", cursor, NULL),
                         200);
            cr_assert_eq(sp_json_parse(sp_text_of(text), &list, NULL), SP_OK);
            struct sp_text next = sp_json_text(sp_json_get(list, "next_cursor"), NULL);
            (void)snprintf(cursor, sizeof cursor, "%.*s", SP_FMT(next));
        } while (++pages < 9 && cursor[0] != '\0');
        cr_expect_eq(pages, 5, "%s", sorts[i]);
    }
}

Test(book, refuses_what_it_does_not_know)
{
    const char *text;
    cr_expect_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "flag", "BLUE", NULL), 400);
    cr_expect_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "sort", "price", NULL), 400);
    cr_expect_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "sort", "since", NULL), 400);
    cr_expect_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "created_from", "noon", NULL),
                 400);
}

/* ---- searches
 * ----------------------------------------------------------------------------------------- */

Test(book, finds_by_id_tracking_and_sku_at_once)
{
    struct channel_order other = an_order("6000", 2, "IN_TRANSIT");
    static const struct channel_line line = {
        .line = 1, .sku_id = LITERAL("s9"), .seller_sku = LITERAL("TEE-M"), .units = 1};
    static const struct channel_package parcel = {.package_id = LITERAL("k9"),
                                                  .tracking = LITERAL("SPX900")};
    other.lines = &line;
    other.lines_count = 1;
    other.packages = &parcel;
    feed_standing(worker, "5000", 1, "AWAITING_SHIPMENT", "UNSYNC");
    feed_order(worker, &other);
    cr_expect_str_eq(listed("q", "SPX900", ""), "6000");
    cr_expect_str_eq(listed("q", "SPX", ""), "6000");
    cr_expect_str_eq(listed("q", "tee-m", ""), "6000");
    cr_expect_str_eq(listed("q", "TEE-M MUG-1", ""), "6000 5000");
    cr_expect_str_eq(listed("q", "5000,TEE-M", ""), "6000 5000");
    cr_expect_str_eq(listed("q", "TEE", ""), "", "a SKU is given whole");
    const char *text;
    cr_assert_eq(
        test_ask(worker, "order-ingest.orders", NULL, &text, "q", "5000 TEE-M TEE 77", NULL), 200);
    cr_expect(strstr(text, "\"not_found\" : [\"TEE\", \"77\"]") != NULL, "%s", text);
}

Test(book, takes_five_hundred_pasted_ids)
{
    char ids[FILTER_TOKENS * 5 + 1];
    for (size_t i = 0; i < FILTER_TOKENS; i++)
        (void)snprintf(ids + 5 * i, sizeof ids - 5 * i, "%zu,", 5000 + i);
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY");
    feed_standing(worker, "5499", 2, "UNPAID", "NOT_READY");
    cr_expect_str_eq(listed("q", ids, ""), "5499 5000");
}

/* ---- what is special about an order
 * ------------------------------------------------------------------- */

static const char *document_of(const char *id, const char *at)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", id, "at", at, NULL), 200,
                 "%s", text);
    return text;
}

Test(book, shows_clocks_of_unpaid_and_held_orders)
{
    feed_standing(worker, "5000", 1, "UNPAID", "NOT_READY"); /* made at 22:13:20 */
    cr_expect(strstr(document_of("7-5000", ""),
                     "\"clock\": {\"cancel_at\": \"2023-11-16T22:13:20Z\", \"remind_at\": "
                     "[\"2023-11-14T22:28:20Z\", \"2023-11-15T14:13:20Z\"]}") != NULL,
              "%s", document_of("7-5000", ""));
    feed_standing(worker, "5000", 2, "ON_HOLD", "NOT_READY"); /* paid ten seconds later */
    cr_expect(strstr(document_of("7-5000", ""),
                     "\"clock\": {\"hold_until\": \"2023-11-14T23:13:30Z\"}") != NULL);
    feed_standing(worker, "5000", 3, "AWAITING_SHIPMENT", "NOT_READY");
    cr_expect(strstr(document_of("7-5000", ""), "\"clock\": null") != NULL);
}

Test(book, shows_what_can_still_be_stopped)
{
    a_mixed_book();
    cr_expect(strstr(document_of("7-5003", ""), "\"can_stop\": \"PARCEL\"") != NULL);
    cr_expect(strstr(document_of("7-5003", ""), "\"CONFLICT\"") != NULL);
    cr_expect(strstr(document_of("7-5004", ""), "\"CONFLICT\"") == NULL, "it was under way");
    cr_expect(strstr(document_of("7-5001", ""), "\"can_stop\": null") != NULL);
}

Test(book, shows_parcels_apart_and_parcels_shared)
{
    static const struct units_apart later = {
        .units = 1, .status = LITERAL("AWAITING_SHIPMENT"), .package_id = LITERAL("k2")};
    static const struct channel_package parcels[] = {
        {.package_id = LITERAL("k1"), .tracking = LITERAL("VN123")}, {.package_id = LITERAL("k2")}};
    struct channel_order split = an_order("5000", 1, "PARTIALLY_SHIPPING");
    struct channel_line lines[] = {split.lines[0], split.lines[1]};
    lines[0].package_id = SP_TEXT("k1");
    lines[0].apart = &later;
    lines[0].apart_count = 1;
    lines[1].package_id = SP_TEXT("k1");
    split.lines = lines;
    split.packages = parcels;
    split.packages_count = 2;
    feed_order(worker, &split);
    struct channel_order together = an_order("5001", 1, "AWAITING_COLLECTION");
    feed_order(worker, &together);
    cr_expect_str_eq(test_text(worker, "SELECT (order_packages(o)->0->'lines')::text FROM orders o "
                                       "WHERE order_id = '7-5000'"),
                     "[{\"line\": 1, \"units\": 1}, {\"line\": 3, \"units\": 1}]");
    cr_expect_str_eq(test_text(worker, "SELECT (order_packages(o)->1->'lines')::text FROM orders o "
                                       "WHERE order_id = '7-5000'"),
                     "[{\"line\": 1, \"units\": 1}]");
    cr_expect(strstr(document_of("7-5000", ""), "\"SPLIT\"") != NULL);
    cr_expect(strstr(document_of("7-5000", ""), "\"with_orders\": [\"7-5001\"]") != NULL);
}
