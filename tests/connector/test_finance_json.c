/* Statements and transactions to facts. */
#include "services/connector/finance_json.h"

#include <criterion/criterion.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(finance_json, .init = set_up, .fini = tear_down);

static struct sp_json parse(const char *json)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, &err), SP_OK, "%s", err.text);
    return value;
}

static struct channel_statement read_statement(const char *json)
{
    struct channel_statement fact;
    struct sp_error err;
    cr_assert_eq(tiktok_read_statement(parse(json), arena, &fact, &err), SP_OK, "%s", err.text);
    return fact;
}

static struct channel_settlement read(const char *json)
{
    struct channel_statement statement = {
        .statement_id = SP_TEXT("7238"), .cut_at = 1735689600, .currency = SP_TEXT("GBP")};
    struct channel_settlement fact;
    struct sp_error err;
    cr_assert_eq(tiktok_read_transaction(parse(json), &statement, arena, &fact, &err), SP_OK, "%s",
                 err.text);
    return fact;
}

Test(finance_json, reads_a_statement_and_its_payment)
{
    struct channel_statement fact = read_statement(
        "{\"id\":\"7238\",\"statement_time\":1735689600,\"currency\":\"GBP\",\"revenue_amount\":"
        "\"200.00\",\"net_sales_amount\":\"190.00\",\"fee_amount\":\"-18.00\","
        "\"shipping_cost_amount\":\"-12.00\",\"adjustment_amount\":\"0.00\",\"settlement_amount\":"
        "\"170.00\",\"payment_status\":\"PAID\",\"payment_id\":\"3459\",\"payment_time\":"
        "1735948800}");
    cr_assert(sp_text_is(fact.statement_id, "7238"));
    cr_assert_eq(fact.cut_at, 1735689600);
    cr_assert_eq(fact.settled_minor, 17000);
    cr_assert_eq(fact.revenue_minor, 20000);
    cr_assert_eq(fact.fees_minor, -1800);
    cr_assert_eq(fact.shipping_minor, -1200);
    cr_assert(sp_text_is(fact.payment_state, "PAID"));
    cr_assert(sp_text_is(fact.payment_id, "3459"));
    cr_assert_eq(fact.paid_at, 1735948800);
}

Test(finance_json, takes_net_sales_where_no_revenue_is_given)
{
    struct channel_statement fact =
        read_statement("{\"id\":\"1\",\"statement_time\":5,\"currency\":\"USD\","
                       "\"revenue_amount\":\"\",\"net_sales_amount\":\"190.00\"}");
    cr_assert_eq(fact.revenue_minor, 19000);
}

Test(finance_json, reads_an_order_with_each_part_of_it)
{
    struct channel_settlement fact = read(
        "{\"id\":\"61\",\"type\":\"ORDER\",\"order_id\":\"5764\",\"order_create_time\":1735600000,"
        "\"adjustment_id\":\"0\",\"settlement_amount\":\"22.50\",\"revenue_amount\":\"28.79\","
        "\"shipping_cost_amount\":\"-2.99\",\"fee_tax_amount\":\"-3.30\",\"revenue_breakdown\":"
        "{\"subtotal_before_discount_amount\":\"30.00\",\"seller_discount_amount\":\"-1.21\","
        "\"refund_subtotal_before_discount_amount\":\"0\"},\"shipping_cost_breakdown\":"
        "{\"actual_shipping_fee_amount\":\"-2.99\",\"supplementary_component\":"
        "{\"fbm_shipping_cost_amount\":\"-2.99\"}},\"fee_tax_breakdown\":{\"fee\":"
        "{\"platform_commission_amount\":\"-3.00\"},\"tax\":{\"vat_amount\":\"-0.30\"}}}");
    cr_assert(sp_text_is(fact.transaction_id, "61"));
    cr_assert(sp_text_is(fact.statement_id, "7238"));
    cr_assert(sp_text_is(fact.channel_order_id, "5764"));
    cr_assert_eq(fact.adjustment_id.size, 0);
    cr_assert_eq(fact.settled_at, 1735689600);
    cr_assert_eq(fact.order_created_at, 1735600000);
    cr_assert_eq(fact.settled_minor, 2250);
    cr_assert_eq(fact.revenue_minor, 2879);
    cr_assert_eq(fact.fees_minor, -330);
    cr_assert_eq(fact.fees_count, 5, "nothing of 0, nothing twice");
    cr_assert(sp_text_is(fact.fees[1].name, "seller_discount_amount"));
    cr_assert_eq(fact.fees[1].amount_minor, -121);
    cr_assert(sp_text_is(fact.fees[1].part, "REVENUE"));
    cr_assert(sp_text_is(fact.fees[2].part, "SHIPPING"));
    cr_assert(sp_text_is(fact.fees[3].part, "FEE"));
    cr_assert(sp_text_is(fact.fees[4].part, "TAX"));
}

Test(finance_json, reads_an_adjustment_without_an_order_and_one_with)
{
    struct channel_settlement fact =
        read("{\"id\":\"62\",\"type\":\"PLATFORM_PENALTY\",\"order_id\":\"0\",\"adjustment_id\":"
             "\"81\",\"adjustment_amount\":\"-4.00\",\"settlement_amount\":\"-4.00\"}");
    cr_assert_eq(fact.channel_order_id.size, 0);
    cr_assert(sp_text_is(fact.adjustment_id, "81"));
    cr_assert_eq(fact.adjustment_minor, -400);
    cr_assert_eq(fact.settled_minor, -400);
    fact = read("{\"id\":\"63\",\"type\":\"REBATE\",\"order_id\":\"\",\"adjustment_id\":\"82\","
                "\"adjustment_order_id\":\"5765\"}");
    cr_assert(sp_text_is(fact.channel_order_id, "5765"));
}

Test(finance_json, reads_what_is_held_back_and_given_back)
{
    struct channel_settlement fact =
        read("{\"id\":\"64\",\"type\":\"RESERVE\",\"associated_order_id\":\"5766\",\"reserve_id\":"
             "\"91\",\"reserve_status\":\"COLLECTED\",\"reserve_amount\":\"-10.00\","
             "\"estimated_release_time\":\"1736000000\",\"settlement_amount\":\"-10.00\"}");
    cr_assert(sp_text_is(fact.kind, "RESERVE"));
    cr_assert(sp_text_is(fact.channel_order_id, "5766"));
    cr_assert(sp_text_is(fact.reserve_id, "91"));
    cr_assert(sp_text_is(fact.reserve_state, "COLLECTED"));
    cr_assert_eq(fact.reserve_minor, -1000);
    cr_assert_eq(fact.release_at, 1736000000);
}

Test(finance_json, refuses_what_has_no_name)
{
    struct channel_statement statement = {.currency = SP_TEXT("GBP")};
    struct channel_settlement fact;
    cr_assert_eq(tiktok_read_statement(parse("{\"id\":\"1\"}"), arena, &statement, NULL),
                 SP_REJECT);
    cr_assert_eq(tiktok_read_statement(parse("{\"statement_time\":5}"), arena, &statement, NULL),
                 SP_REJECT);
    cr_assert_eq(tiktok_read_transaction(parse("{\"id\":\"0\"}"), &statement, arena, &fact, NULL),
                 SP_REJECT);
}
