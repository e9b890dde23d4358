/* Days as the marketplace lists them, beside the book. */
/* Covers: handlers_days.c, day_store.c, asks_days.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/metrics.h"
#include "tests/order-ingest/orders.h"

/* an_order() is created at this second. */
enum { CREATED = 1700000000, DAY = CREATED / 86400 * 86400 };

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(days, .init = begin);

static void hold(const char *id)
{
    struct channel_order order = an_order(id, 1, "UNPAID");
    feed_order(worker, &order);
}

static const struct listed_order both[] = {{LITERAL("5001"), CREATED + 1},
                                           {LITERAL("5002"), CREATED + 1}};
static const struct listed_order late[] = {{LITERAL("5003"), CREATED + 1}};

/* Slice 1 has 5001 and 5002, slice 2, the last, 5003 when `with_late`. */
static struct day_listed a_slice(int64_t check, int64_t number, size_t with_late)
{
    static char keys[16][40];
    static size_t used;
    char *key = keys[used++ % SP_COUNT(keys)];
    (void)snprintf(key, sizeof keys[0], "7/%d/%lld", DAY, (long long)number);
    bool first = number == 1;
    return (struct day_listed){
        .head = {.account_id = 1, .emitted_us = 1, .key = sp_text_of(key), .rev = check},
        .shop_id = 7,
        .day = DAY,
        .until_at = DAY + 86400,
        .check_number = check,
        .slice = number,
        .slices = first ? 0 : 2,
        .from_at = first ? CREATED - 100 : DAY,
        .before_at = first ? DAY + 86400 : CREATED - 100,
        .total = first ? 0 : 2 + (int64_t)with_late,
        .orders = first ? both : late,
        .orders_count = first ? 2 : with_late,
    };
}

static void feed(const struct day_listed *slice)
{
    cr_assert_eq(sp_worker_feed(worker, &day_listed_message, slice, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

static void check(int64_t number)
{
    struct day_listed slices[] = {a_slice(number, 1, 0), a_slice(number, 2, 0)};
    feed(&slices[0]);
    feed(&slices[1]);
}

static const char *certificates(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.certificates", NULL, &text, "id", "7", NULL), 200,
                 "%s", text);
    return text;
}

static void shows(const char *part)
{
    const char *text = certificates();
    cr_assert(strstr(text, part) != NULL, "%s is not in %s", part, text);
}

static size_t wanted_count(void)
{
    size_t count;
    (void)test_emitted(worker, &order_wanted_message, "connector", &count);
    return count;
}

static size_t wanted_days(void)
{
    size_t count;
    (void)test_emitted(worker, &day_wanted_message, "connector", &count);
    return count;
}

Test(days, certifies_that_the_book_holds_what_is_listed)
{
    hold("5001");
    hold("5002");
    check(10);
    shows("\"listed\": 2");
    shows("\"held\": 2");
    shows("\"difference\": 0");
    shows("\"day\": \"2023-11-14\"");
    shows("\"over\": true");
    cr_assert_eq(wanted_count(), 0);
    cr_assert_eq(wanted_days(), 0);
}

Test(days, says_nothing_before_all_slices_have_come)
{
    struct day_listed last = a_slice(10, 2, 0), other = a_slice(11, 1, 0);
    feed(&last);
    shows("\"items\" : []");
    feed(&other); /* of another check */
    shows("\"items\" : []");
}

Test(days, finds_an_artificial_gap_has_it_fetched_and_says_so_when_it_is_healed)
{
    size_t count;
    hold("5001");
    hold("5002");
    test_sql(worker, "DELETE FROM orders WHERE order_id = '7-5002'");
    test_clear_outbox(worker);
    check(10);
    shows("\"difference\": 1");
    shows("\"missing\": [\"7-5002\"]");
    const struct order_wanted *wanted =
        test_emitted(worker, &order_wanted_message, "connector", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(wanted->channel_order_id, "5002"));
    cr_assert_eq(wanted->shop_id, 7);
    cr_assert(sp_text_is(wanted->reason, "gap"));
    const struct day_wanted *day = test_emitted(worker, &day_wanted_message, "connector", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(day->day, DAY);
    cr_assert_eq(day->after_s, 15);
    struct channel_order fetched = an_order("5002", 2, "UNPAID");
    feed_order(worker, &fetched);
    test_clear_outbox(worker);
    check(11);
    shows("\"difference\": 0");
    shows("\"found\": 1");
    cr_assert_eq(wanted_days(), 0);
}

Test(days, asks_for_an_order_that_changed_and_was_not_told_of)
{
    hold("5001");
    hold("5002");
    test_sql(worker, "UPDATE orders SET updated_at = updated_at - interval '1 hour' "
                     "WHERE order_id = '7-5001'");
    check(10);
    shows("\"difference\": 0");
    shows("\"stale\": [\"7-5001\"]");
    cr_assert_eq(wanted_count(), 1);
    cr_assert_eq(wanted_days(), 1);
}

Test(days, names_what_the_book_holds_and_nobody_lists)
{
    hold("5001");
    hold("5002");
    hold("5009");
    check(10);
    shows("\"difference\": 1");
    shows("\"extra\": [\"7-5009\"]");
    shows("\"held\": 3");
    cr_assert_eq(wanted_count(), 0);
    cr_assert_eq(wanted_days(), 1);
}

Test(days, counts_what_is_said_to_be_there_and_is_not_listed)
{
    hold("5001");
    hold("5002");
    struct day_listed slices[] = {a_slice(10, 1, 0), a_slice(10, 2, 0)};
    slices[1].total = 5;
    feed(&slices[0]);
    feed(&slices[1]);
    shows("\"listed\": 5");
    shows("\"difference\": 3");
}

Test(days, keeps_the_newest_check_whatever_comes_late)
{
    static const int orders[][4] = {{0, 1, 2, 3}, {2, 3, 0, 1}, {3, 0, 2, 1}, {2, 0, 1, 3}};
    for (size_t way = 0; way < SP_COUNT(orders); way++) {
        begin();
        hold("5001");
        hold("5002");
        hold("5003");
        const struct day_listed slices[] = {a_slice(10, 1, 0), a_slice(10, 2, 0), a_slice(11, 1, 1),
                                            a_slice(11, 2, 1)};
        for (size_t i = 0; i < 4; i++)
            feed(&slices[orders[way][i]]);
        feed(&slices[0]);
        feed(&slices[3]);
        cr_assert_eq(test_number(worker, "SELECT check_number FROM certificate"), 11, "way %zu",
                     way);
        cr_assert_eq(test_number(worker, "SELECT listed FROM certificate"), 3);
    }
}

Test(days, lists_certificates_page_by_page_and_of_one_shop)
{
    const char *text;
    test_sql(worker, "INSERT INTO certificate (account_id, shop_id, day, check_number, until_at) "
                     "SELECT 1, s, timestamptz '2026-11-20Z' + n * interval '1 day', 5, now() "
                     "FROM generate_series(0, 2) n, unnest(ARRAY[7, 8]) s");
    cr_assert_eq(
        test_ask(worker, "order-ingest.certificates", NULL, &text, "id", "7", "limit", "2", NULL),
        200);
    cr_assert(strstr(text, "2026-11-22") != NULL && strstr(text, "2026-11-21") != NULL, "%s", text);
    cr_assert(strstr(text, "2026-11-20") == NULL, "%s", text);
    const char *cursor = strstr(text, "\"next_cursor\" : \"");
    cr_assert_not_null(cursor);
    char next[64] = "";
    cursor += strlen("\"next_cursor\" : \"");
    strncat(next, cursor, strcspn(cursor, "\""));
    cr_assert_eq(
        test_ask(worker, "order-ingest.certificates", NULL, &text, "id", "7", "cursor", next, NULL),
        200);
    cr_assert(strstr(text, "2026-11-20") != NULL && strstr(text, "2026-11-21") == NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.certificates", NULL, &text, "id", "x", NULL), 400);
}

Test(days, measures_the_difference_of_each_shop)
{
    hold("5001");
    check(10);
    cr_assert_eq(sp_worker_job(worker, "measure-days"), SP_OK);
    struct sp_buffer out = {0};
    sp_metrics_write(&out);
    sp_buffer_put(&out, "", 1);
    cr_assert_not_null(strstr(out.data, "\nsampan_order_ingest_day_difference{shop=\"7\"} 1\n"));
    cr_assert_not_null(
        strstr(out.data, "\nsampan_order_ingest_day_check_age_seconds{shop=\"7\"} "));
    sp_buffer_free(&out);
}
