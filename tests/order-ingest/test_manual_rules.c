/* Orders made by hand: what may be in one, what it becomes, and until when it may be changed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "services/order-ingest/content_hash.h"
#include "services/order-ingest/domain.h"
#include "services/order-ingest/manual_rules.h"

#define HEAD "{\"reference\":\"M-1.a_b\",\"currency\":\"USD\""
#define LINE "{\"sku\":\"MUG 1\",\"name\":\"Mug\",\"units\":2,\"price_minor\":\"1290\"}"
#define GOOD HEAD ",\"lines\":[" LINE "]}"

static struct sp_arena *arena;

static void begin(void)
{
    sp_crypto_setup();
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(manual_rules, .init = begin, .fini = end);

static struct manual_order an_order(const char *text)
{
    struct sp_json body;
    struct manual_order order;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &body, NULL), SP_OK, "%s", text);
    manual_read(body, arena, &order);
    return order;
}

static const char *fault(const char *text)
{
    static char said[64];
    struct manual_order order = an_order(text);
    struct manual_fault found = manual_check(&order);
    if (found.code == NULL)
        return "";
    cr_assert_not_null(found.detail);
    (void)snprintf(said, sizeof said, "%s %zu", found.code, found.line);
    return said;
}

/* GOOD with a line's member, or the order's, changed. */
static const char *fault_with(const char *place, const char *member, const char *value)
{
    char text[4096];
    bool of_line = strcmp(place, "line") == 0;
    (void)snprintf(text, sizeof text,
                   "{\"reference\":\"M-1\",\"currency\":\"USD\"%s%s%s%s,\"lines\":[" LINE
                   ",{\"sku\":\"X\",\"units\":1%s%s%s%s}]}",
                   of_line ? "" : ",\"", of_line ? "" : member,
                   of_line ? "" : "\":", of_line ? "" : value, of_line ? ",\"" : "",
                   of_line ? member : "", of_line ? "\":" : "", of_line ? value : "");
    return fault(text);
}

Test(manual_rules, takes_what_an_order_needs)
{
    cr_expect_str_eq(fault(GOOD), "");
    cr_expect_str_eq(fault_with("order", "note", "\"ring\\ntwice\""), "");
    cr_expect_str_eq(fault_with("order", "shipping_minor", "\"1000000000000\""), "");
    cr_expect_str_eq(fault_with("line", "price_minor", "0"), "");
    cr_expect_str_eq(fault_with("order", "customer", "{\"phone\":\"0912 345 678\"}"), "");
}

Test(manual_rules, says_what_is_wrong_and_where)
{
    char longer[700];
    memset(longer, 'x', sizeof longer);
    longer[0] = '"';
    longer[202] = '"';
    longer[203] = '\0';
    cr_expect_str_eq(fault("{\"currency\":\"USD\",\"lines\":[" LINE "]}"), "REFERENCE_BAD 0");
    cr_expect_str_eq(fault("{\"reference\":\"a/b\",\"currency\":\"USD\",\"lines\":[" LINE "]}"),
                     "REFERENCE_BAD 0");
    cr_expect_str_eq(fault("{\"reference\":\"123456789012345678901234567890123\","
                           "\"currency\":\"USD\",\"lines\":[" LINE "]}"),
                     "REFERENCE_BAD 0");
    cr_expect_str_eq(fault("{\"reference\":\"1\",\"currency\":\"usd\",\"lines\":[" LINE "]}"),
                     "CURRENCY_BAD 0");
    cr_expect_str_eq(fault(HEAD "}"), "LINES_BAD 0");
    cr_expect_str_eq(fault_with("order", "shipping_minor", "-1"), "PRICE_BAD 0");
    cr_expect_str_eq(fault_with("order", "customer", "{\"name\":\"a\\u0007\"}"), "TEXT_BAD 0");
    cr_expect_str_eq(fault(HEAD ",\"lines\":[{\"units\":1}]}"), "SKU_BAD 1");
    cr_expect_str_eq(fault(HEAD ",\"lines\":[{\"sku\":\"X\"}]}"), "LINE_UNITS_BAD 1");
    cr_expect_str_eq(fault(HEAD ",\"lines\":[" LINE ",{\"sku\":\"X\",\"units\":10001}]}"),
                     "LINE_UNITS_BAD 2");
    cr_expect_str_eq(fault_with("line", "price_minor", "\"12.90\""), "PRICE_BAD 2");
    cr_expect_str_eq(fault_with("line", "price_minor", "1000000000001"), "PRICE_BAD 2");
    cr_expect_str_eq(fault_with("line", "name", longer), "TOO_LONG 2");
}

Test(manual_rules, takes_a_hundred_lines_and_no_more)
{
    static char text[16384];
    for (int lines = 100; lines <= 101; lines++) {
        size_t used = (size_t)snprintf(text, sizeof text, HEAD ",\"lines\":[");
        for (int i = 0; i < lines; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s" LINE, i > 0 ? "," : "");
        (void)snprintf(text + used, sizeof text - used, "]}");
        cr_expect_str_eq(fault(text), lines == 100 ? "" : "LINES_BAD 0");
    }
}

/* ---- what it becomes
 * ------------------------------------------------------------------------------------------ */

static struct channel_order made(const char *text, const struct manual_past *past, int64_t now)
{
    struct manual_order order = an_order(text);
    struct channel_order result;
    manual_make(&order, past, now, arena, &result);
    return result;
}

Test(manual_rules, becomes_an_order_that_the_book_takes_in)
{
    struct manual_past none = {.known = false};
    struct channel_order order =
        made(HEAD ",\"shipping_minor\":\"300\",\"lines\":[" LINE "," LINE "]}", &none, 77);
    struct order_recorded recorded;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK);
    cr_assert(manual_is(order.head.key) && sp_text_is(order.head.key, "0-M-1.a_b"));
    cr_assert(sp_text_is(manual_reference(order.head.key), "M-1.a_b"));
    cr_assert_eq(order.subtotal_minor, 4 * 1290);
    cr_assert_eq(order.total_minor, 4 * 1290 + 300);
    cr_assert_eq(order.created_at, 77);
    cr_assert_eq(order.ship_by, 0, "no due date");
    cr_assert(sp_text_equal(order.lines[0].sku_id, order.lines[1].sku_id), "the same SKU");
    cr_assert_eq(order.lines[0].sku_id.size, 32);
    ingest_record(&order, 1, arena, &recorded);
    cr_assert(recorded.is_manual && sp_text_is(recorded.lines[0].seller_sku, "MUG 1"));
    cr_assert(!manual_is(SP_TEXT("7-0-1")) && !manual_is(SP_TEXT("0-")) &&
              !manual_is(SP_TEXT("0")));
}

Test(manual_rules, says_the_same_when_nothing_was_changed)
{
    struct manual_past none = {.known = false};
    struct channel_order first = made(GOOD, &none, 77);
    struct manual_past past = {.known = true, .created_at = 77, .updated_at = 77};
    struct channel_order again = made(GOOD, &past, 99);
    struct channel_order other = made(HEAD ",\"is_cod\":true,\"lines\":[" LINE "]}", &past, 99);
    cr_assert_eq(ingest_content_hash(&first), ingest_content_hash(&again));
    cr_assert_neq(ingest_content_hash(&first), ingest_content_hash(&other));
}

Test(manual_rules, cancels_all_of_it)
{
    struct manual_past none = {.known = false};
    struct channel_order order = made(GOOD, &none, 77);
    struct order_recorded recorded;
    manual_cancel(&order, SP_TEXT("OUT_OF_STOCK"), 99, arena);
    cr_assert(sp_text_is(ingest_cause(&order), "SELLER"));
    cr_assert_eq(order.cancelled_at, 99);
    ingest_record(&order, 1, arena, &recorded);
    cr_assert(recorded.lines[0].cancelled && recorded.lines[0].units == 0);
}

Test(manual_rules, names_the_customer_as_a_buyer_is_named)
{
    struct manual_order order = an_order(
        HEAD ",\"customer\":{\"name\":\"Ana\",\"phone\":\"09\",\"address\":\"x\"},\"lines\":[]}");
    cr_assert(sp_text_is(manual_customer(&order, arena),
                         "{\"name\":\"Ana\",\"phone_number\":\"09\",\"full_address\":\"x\"}"));
    order = an_order(GOOD);
    cr_assert_eq(manual_customer(&order, arena).size, 0);
}

/* ---- until when
 * ------------------------------------------------------------------------------------------ */

static const char *said(const char *code)
{
    return code == NULL ? "may" : code;
}

Test(manual_rules, is_changed_until_it_is_placed)
{
    static const struct {
        const char *status, *stage, *change, *cancel;
    } rows[] = {
        {"AWAITING_SHIPMENT", "", "may", "may"},
        {"AWAITING_SHIPMENT", "UNSYNC", "may", "may"},
        {"AWAITING_SHIPMENT", "NOT_READY", "may", "may"},
        {"AWAITING_SHIPMENT", "TO_PURCHASE", "PLACED", "may"},
        {"AWAITING_SHIPMENT", "AWAITING_PICKUP", "PLACED", "may"},
        {"AWAITING_SHIPMENT", "IN_TRANSIT", "PLACED", "SHIPPED"},
        {"AWAITING_SHIPMENT", "DONE", "PLACED", "SHIPPED"},
        {"CANCELLED", "CANCELLED", "CANCELLED", ""},
        {"CANCELLED", "CANCELLING", "CANCELLED", ""},
    };
    struct manual_past none = {.known = false};
    cr_expect_str_eq(said(manual_refusal(MANUAL_ADD, &none)), "may");
    cr_expect_str_eq(said(manual_refusal(MANUAL_PUT, &none)), "may");
    cr_expect_str_eq(said(manual_refusal(MANUAL_CHANGE, &none)), "NOT_FOUND");
    for (size_t i = 0; i < SP_COUNT(rows); i++) {
        struct manual_past past = {.known = true,
                                   .status = sp_text_of(rows[i].status),
                                   .stage = sp_text_of(rows[i].stage)};
        cr_expect_str_eq(said(manual_refusal(MANUAL_ADD, &past)), "REFERENCE_TAKEN");
        cr_expect_str_eq(said(manual_refusal(MANUAL_CHANGE, &past)), rows[i].change);
        cr_expect_str_eq(said(manual_refusal(MANUAL_PUT, &past)), rows[i].change);
        cr_expect_str_eq(said(manual_cancel_refusal(&past)), rows[i].cancel);
        past.deleted = true;
        cr_expect_str_eq(said(manual_refusal(MANUAL_CHANGE, &past)), "DELETED");
        cr_expect_str_eq(said(manual_cancel_refusal(&past)), "DELETED");
    }
}
