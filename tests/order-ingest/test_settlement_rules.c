/* Settlements: what is believed, what is the sale, what explains. */
#include "services/order-ingest/settlement_rules.h"

#include <criterion/criterion.h>

#include "tests/order-ingest/settlements.h"

static void is_made_of(const struct channel_settlement *fact, int64_t sale, int64_t explained)
{
    struct settlement_sums sums = settlement_sum(fact);
    cr_expect_eq(sums.sale_minor, sale, "sale %lld", (long long)sums.sale_minor);
    cr_expect_eq(sums.explained_minor, explained, "explained %lld",
                 (long long)sums.explained_minor);
}

Test(settlement_rules, tell_the_sale_from_what_explains)
{
    struct channel_settlement order = a_settlement("t1", 1), refund = a_late_refund("t2", 1),
                              penalty = an_adjustment("t3", 1),
                              reserve = a_reserve("t4", "COLLECTED", -900);
    is_made_of(&order, 2500, -574);
    is_made_of(&refund, 0, -2500);
    is_made_of(&penalty, 0, -700);
    is_made_of(&reserve, 0, 0);
    order.adjustment_minor = 40;
    is_made_of(&order, 2500, -534);
}

Test(settlement_rules, take_the_sum_where_no_parts_are_told)
{
    struct channel_settlement order = a_settlement("t1", 1), penalty = an_adjustment("t3", 1);
    order.fees_count = 0;
    is_made_of(&order, 2500, 0);
    penalty.adjustment_minor = 0;
    is_made_of(&penalty, 0, -700);
    penalty.kind = SP_TEXT("ORDER");
    is_made_of(&penalty, 0, 0);
}

Test(settlement_rules, sum_up_nothing_that_is_refused)
{
    struct settlement_fee fees[] = {{SP_TEXT("x"), INT64_MAX, SP_TEXT("FEE")},
                                    {SP_TEXT("y"), INT64_MAX, SP_TEXT("FEE")}};
    struct channel_settlement order = a_settlement("t1", 1);
    order.fees = fees;
    order.fees_count = 2;
    is_made_of(&order, 0, 0);
}

Test(settlement_rules, never_name_the_sale_among_what_explains)
{
    struct channel_settlement order = a_settlement("t1", 1), penalty = an_adjustment("t3", 1);
    struct sp_buffer out = {0};
    settlement_write_lines(&order, &out);
    cr_assert(sp_text_is(sp_buffer_text(&out),
                         "[{\"part\":\"SHIPPING\",\"name\":\"actual_shipping_fee_amount\","
                         "\"minor\":-349},{\"part\":\"FEE\",\"name\":\"platform_commission_"
                         "amount\",\"minor\":-225}]"));
    sp_buffer_reset(&out);
    settlement_write_lines(&penalty, &out);
    cr_assert(sp_text_is(sp_buffer_text(&out), "[{\"part\":\"ADJUSTMENT\",\"name\":\"PLATFORM_"
                                               "PENALTY\",\"minor\":-700}]"));
    sp_buffer_free(&out);
}

Test(settlement_rules, refuse_what_contradicts_itself)
{
    struct sp_error why;
    struct channel_settlement fact = a_settlement("t1", 1);
    cr_assert_eq(settlement_check(&fact, &why), SP_OK);
    fact.transaction_id = SP_TEXT("t2");
    cr_assert_eq(settlement_check(&fact, &why), SP_REJECT);
    fact = a_settlement("t1", 1);
    fact.settled_at = 0;
    cr_assert_eq(settlement_check(&fact, &why), SP_REJECT);
    fact = a_settlement("t1", 1);
    fact.settled_minor = INT64_MIN;
    cr_assert_eq(settlement_check(&fact, &why), SP_REJECT);
    struct settlement_fee fee = {SP_TEXT("x"), SETTLEMENT_MOST_MINOR + 1, SP_TEXT("FEE")};
    fact = a_settlement("t1", 1);
    fact.fees = &fee;
    fact.fees_count = 1;
    cr_assert_eq(settlement_check(&fact, &why), SP_REJECT);
    fee.amount_minor = SETTLEMENT_MOST_MINOR;
    cr_assert_eq(settlement_check(&fact, &why), SP_OK);
}

Test(settlement_rules, refuse_a_statement_that_contradicts_itself)
{
    struct sp_error why;
    struct channel_statement fact = {
        .head = {.key = SP_TEXT("7-1")}, .shop_id = 7, .statement_id = SP_TEXT("1"), .cut_at = 1};
    cr_assert_eq(settlement_check_statement(&fact, &why), SP_OK);
    fact.settled_minor = INT64_MAX;
    cr_assert_eq(settlement_check_statement(&fact, &why), SP_REJECT);
    fact.settled_minor = 0;
    fact.paid_at = -1;
    cr_assert_eq(settlement_check_statement(&fact, &why), SP_REJECT);
    fact.paid_at = 0;
    fact.shop_id = 8;
    cr_assert_eq(settlement_check_statement(&fact, &why), SP_REJECT);
}
