/* Settlements to feed the order book with, in tests. */
#include "tests/order-ingest/settlements.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct sp_text transaction_key(const char *statement, const char *transaction)
{
    static char keys[64][64];
    static size_t used;
    char *key = keys[used++ % SP_COUNT(keys)];
    (void)snprintf(key, sizeof keys[0], "7-%s/%s", statement, transaction);
    return sp_text_of(key);
}

static struct channel_settlement bare(const char *statement, const char *transaction, int64_t rev)
{
    return (struct channel_settlement){
        .head = {.trace = {1, 2, 3},
                 .emitted_us = 1700000000000000,
                 .account_id = 1,
                 .key = transaction_key(statement, transaction),
                 .rev = rev},
        .shop_id = 7,
        .transaction_id = sp_text_of(transaction),
        .statement_id = sp_text_of(statement),
        .settled_at = 1700006400,
        .currency = SP_TEXT("VND"),
    };
}

struct channel_settlement a_settlement(const char *transaction, int64_t rev)
{
    static const struct settlement_fee fees[] = {
        {LITERAL("subtotal_before_discount_amount"), 3000, LITERAL("REVENUE")},
        {LITERAL("seller_discount_amount"), -500, LITERAL("REVENUE")},
        {LITERAL("actual_shipping_fee_amount"), -349, LITERAL("SHIPPING")},
        {LITERAL("platform_commission_amount"), -225, LITERAL("FEE")},
    };
    struct channel_settlement fact = bare("1", transaction, rev);
    fact.kind = SP_TEXT("ORDER");
    fact.channel_order_id = SP_TEXT("5001");
    fact.settled_minor = 1926;
    fact.revenue_minor = 2500;
    fact.fees = fees;
    fact.fees_count = SP_COUNT(fees);
    return fact;
}

struct channel_settlement a_late_refund(const char *transaction, int64_t rev)
{
    static const struct settlement_fee fees[] = {
        {LITERAL("refund_subtotal_before_discount_amount"), -3000, LITERAL("REVENUE")},
        {LITERAL("seller_discount_refund_amount"), 500, LITERAL("REVENUE")},
    };
    struct channel_settlement fact = bare("2", transaction, rev);
    fact.kind = SP_TEXT("ORDER");
    fact.channel_order_id = SP_TEXT("5001");
    fact.settled_at += 5 * 86400;
    fact.settled_minor = -2500;
    fact.revenue_minor = -2500;
    fact.fees = fees;
    fact.fees_count = SP_COUNT(fees);
    return fact;
}

struct channel_settlement an_adjustment(const char *transaction, int64_t rev)
{
    struct channel_settlement fact = bare("1", transaction, rev);
    fact.kind = SP_TEXT("PLATFORM_PENALTY");
    fact.settled_minor = -700;
    fact.adjustment_minor = -700;
    return fact;
}

struct channel_settlement a_reserve(const char *transaction, const char *state, int64_t minor)
{
    struct channel_settlement fact = bare("1", transaction, 1);
    fact.kind = SP_TEXT("RESERVE");
    fact.channel_order_id = SP_TEXT("5001");
    fact.settled_minor = minor;
    fact.reserve_minor = minor;
    fact.reserve_state = sp_text_of(state);
    return fact;
}

void feed_settlement(struct sp_worker *worker, const struct channel_settlement *fact)
{
    cr_assert_eq(sp_worker_feed(worker, &channel_settlement_message, fact, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}
