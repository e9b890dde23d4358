/* The status table: its defaults, a change looked at, a change saved. */
/* Covers: asks_status.c, status_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/order-ingest/statuses.h"
#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(status_table, .init = begin);

#define TO_SUCCESS                                                                                 \
    "{\"rules\":[{\"channel_status\":\"IN_TRANSIT\",\"cause\":\"\",\"hub_status\":\"SUCCESS\","    \
    "\"status_group\":\"COMPLETED\"}]}"

static struct sp_json asked(const char *ask, const char *body, int status)
{
    const char *text;
    struct sp_json value;
    cr_assert_eq(test_ask(worker, ask, body, &text, NULL), status, "%s", text);
    cr_assert_eq(sp_json_parse(sp_text_of(text), &value, NULL), SP_OK);
    return value;
}

static void an_order_is(const char *id, const char *status)
{
    struct channel_order order = an_order(id, 1, status);
    feed_order(worker, &order);
}

/* The body that saves what a preview showed. */
static const char *token_of(struct sp_json preview)
{
    static char body[128];
    struct sp_text token = sp_json_text(sp_json_get(preview, "token"), NULL);
    (void)snprintf(body, sizeof body, "{\"token\":\"%.*s\"}", SP_FMT(token));
    return body;
}

static const char *hub_of(const char *id)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SELECT item->>'hub_status' FROM order_item WHERE order_id = '7-%s'", id);
    return test_text(worker, sql);
}

/* Every row of the marketplace's table, as the sellers' guide has it. */
Test(status_table, shows_each_channel_status_by_default)
{
    static const struct {
        const char *status, *initiator;
        int64_t collected_at;
        const char *hub, *phase, *tab;
    } cases[] = {
        {"UNPAID", "", 0, "NEW", "NEW", "UNPAID"},
        {"ON_HOLD", "", 0, "ON_HOLD", "NEW", "TO_SHIP"},
        {"AWAITING_SHIPMENT", "", 0, "AWAITING_CONFIRMATION", "PROCESSING", "TO_SHIP"},
        {"PARTIALLY_SHIPPING", "", 0, "PARTLY_CONFIRMED", "PROCESSING", "TO_SHIP"},
        {"AWAITING_COLLECTION", "", 0, "CONFIRMED", "PACKING", "TO_SHIP"},
        {"IN_TRANSIT", "", 1700000100, "IN_TRANSIT", "DELIVERING", "SHIPPED"},
        {"DELIVERED", "", 1700000100, "SUCCESS", "DELIVERING", "SHIPPED"},
        {"COMPLETED", "", 1700000100, "SUCCESS", "COMPLETED", "COMPLETED"},
        {"CANCELLED", "BUYER", 1700000100, "RETURNING", "RETURNING", "CANCELLED"},
        {"CANCELLED", "SELLER", 0, "CANCELLED", "CANCELLED", "CANCELLED"},
        {"CANCELLED", "BUYER", 0, "CUSTOMER_CANCELLED", "CANCELLED", "CANCELLED"},
        {"CANCELLED", "SYSTEM", 0, "SYSTEM_CANCELLED", "CANCELLED", "CANCELLED"},
        {"CANCELLED", "", 0, "CANCELLED", "CANCELLED", "CANCELLED"},
        {"ON_THE_MOON", "", 0, "UNKNOWN", "UNKNOWN", ""},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char id[8], sql[256];
        (void)snprintf(id, sizeof id, "%zu", 6000 + i);
        struct channel_order order = an_order(id, 1, cases[i].status);
        order.cancel_initiator = sp_text_of(cases[i].initiator);
        order.collected_at = cases[i].collected_at;
        feed_order(worker, &order);
        (void)snprintf(
            sql, sizeof sql,
            "SELECT concat_ws(' ', item->>'hub_status', item->>'status_group', item->>'tab') "
            "FROM order_item WHERE order_id = '7-%s'",
            id);
        char expected[96];
        (void)snprintf(expected, sizeof expected, "%s %s%s%s", cases[i].hub, cases[i].phase,
                       cases[i].tab[0] ? " " : "", cases[i].tab);
        cr_expect_str_eq(test_text(worker, sql), expected, "%s %s", cases[i].status,
                         cases[i].initiator);
    }
}

Test(status_table, knows_every_word_of_its_defaults)
{
    struct sp_buffer words = {0};
    for (const char *const *word = ingest_hub_statuses; *word != NULL; word++)
        sp_buffer_printf(&words, "'%s',", *word);
    struct sp_buffer sql = {0};
    sp_buffer_printf(&sql, "SELECT count(*) FROM status_rule WHERE hub_status NOT IN (%.*s'')",
                     SP_FMT(sp_buffer_text(&words)));
    sp_buffer_put(&sql, "", 1);
    cr_expect_eq(test_number(worker, sql.data), 0);
    sp_buffer_free(&words);
    sp_buffer_free(&sql);
}

Test(status_table, tells_which_orders_a_change_would_touch)
{
    an_order_is("5000", "IN_TRANSIT");
    an_order_is("5001", "IN_TRANSIT");
    an_order_is("5002", "UNPAID");
    struct sp_json preview = asked("order-ingest.preview-statuses", TO_SUCCESS, 200), rule;
    cr_expect_eq(sp_json_int(sp_json_get(preview, "orders"), -1), 2);
    struct sp_json_walk walk = sp_json_each(sp_json_get(preview, "rules"));
    cr_assert(sp_json_next(&walk, NULL, &rule));
    cr_expect(sp_text_is(sp_json_get(rule, "first_ids").raw, "[\"7-5001\", \"7-5000\"]"));
    cr_expect_str_eq(hub_of("5000"), "IN_TRANSIT", "looking changes nothing");
}

Test(status_table, saves_what_was_looked_at_and_nothing_else)
{
    an_order_is("5000", "IN_TRANSIT");
    (void)asked("order-ingest.save-statuses", TO_SUCCESS, 409);
    (void)asked("order-ingest.save-statuses", "{\"token\":\"x\"}", 409);
    cr_expect_str_eq(hub_of("5000"), "IN_TRANSIT");
    const char *body = token_of(asked("order-ingest.preview-statuses", TO_SUCCESS, 200));
    (void)asked("order-ingest.save-statuses", body, 200);
    cr_expect_str_eq(hub_of("5000"), "SUCCESS", "old orders follow at once");
    (void)asked("order-ingest.save-statuses", body, 409);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "hub", "SUCCESS", NULL), 200);
    cr_expect(strstr(text, "7-5000") != NULL);
    cr_assert_eq(test_ask(worker, "order-ingest.counts", NULL, &text, NULL), 200);
    cr_expect(strstr(text, "\"by_status_group\" : { \"COMPLETED\" : 1 }") != NULL, "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM change_log WHERE ids IS NULL"), 1);
}

Test(status_table, refuses_a_preview_of_another_table)
{
    char first[128];
    (void)snprintf(first, sizeof first, "%s",
                   token_of(asked("order-ingest.preview-statuses", TO_SUCCESS, 200)));
    const char *second = token_of(asked("order-ingest.preview-statuses", TO_SUCCESS, 200));
    (void)asked("order-ingest.save-statuses", second, 200);
    (void)asked("order-ingest.save-statuses", first, 409);
    test_sql(worker, "UPDATE status_preview SET made_at = now() - interval '16 minutes'");
    (void)asked("order-ingest.save-statuses", first, 409);
}

Test(status_table, takes_the_default_back_and_keeps_the_history)
{
    an_order_is("5000", "IN_TRANSIT");
    (void)asked("order-ingest.save-statuses",
                token_of(asked("order-ingest.preview-statuses", TO_SUCCESS, 200)), 200);
    struct sp_json preview = asked("order-ingest.preview-statuses",
                                   "{\"rules\":[{\"channel_status\":\"IN_TRANSIT\"}]}", 200);
    cr_expect_eq(sp_json_int(sp_json_get(preview, "orders"), -1), 1);
    (void)asked("order-ingest.save-statuses", token_of(preview), 200);
    cr_expect_str_eq(hub_of("5000"), "IN_TRANSIT");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM status_rule WHERE account_id = 1"), 0);
    struct sp_json history = asked("order-ingest.status-history", NULL, 200);
    cr_expect_eq(sp_json_count(sp_json_get(history, "items")), 2);
}

Test(status_table, gives_an_unknown_status_a_meaning)
{
    an_order_is("5000", "ON_THE_MOON");
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.statuses", NULL, &text, NULL), 200);
    cr_expect(strstr(text, "\"channel_status\" : \"ON_THE_MOON\", \"cause\" : \"\", "
                           "\"hub_status\" : \"UNKNOWN\"") != NULL,
              "%s", text);
    (void)asked("order-ingest.save-statuses",
                token_of(asked("order-ingest.preview-statuses",
                               "{\"rules\":[{\"channel_status\":\"ON_THE_MOON\",\"hub_status\":"
                               "\"IN_TRANSIT\",\"status_group\":\"DELIVERING\"}]}",
                               200)),
                200);
    cr_expect_str_eq(hub_of("5000"), "IN_TRANSIT");
}
