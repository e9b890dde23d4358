/* Returns to feed the order book with, in tests. */
#include "tests/order-ingest/returns.h"

#include <criterion/criterion.h>
#include <time.h>

struct channel_return a_return(const char *id, int64_t rev, const char *status, const char *wants)
{
    static const struct unit_id units[] = {{LITERAL("u1")}};
    static const struct return_line lines[] = {{.sku_id = LITERAL("s1"),
                                                .units = 1,
                                                .unit_ids = units,
                                                .unit_ids_count = 1,
                                                .refund_minor = 129000}};
    static const struct refusal refusals[] = {
        {LITERAL("not_returnable"), LITERAL("Not returnable")}};
    return (struct channel_return){
        .head = {.trace = {1, 2, 3},
                 .emitted_us = 1700000000000000,
                 .account_id = 1,
                 .key = key_of(id),
                 .rev = rev},
        .shop_id = 7,
        .return_id = sp_text_of(id),
        .channel_order_id = SP_TEXT("5001"),
        .kind = SP_TEXT("RETURN_AND_REFUND"),
        .status = sp_text_of(status),
        .wants = sp_text_of(wants),
        .reason = SP_TEXT("Damaged product"),
        .asked_by = SP_TEXT("BUYER"),
        .created_at = 1700000000,
        .updated_at = 1700000000 + rev,
        .deadline_at = *wants == '\0' ? 0 : (int64_t)time(NULL) + 3600,
        .currency = SP_TEXT("VND"),
        .refund_minor = 129000,
        .lines = lines,
        .lines_count = 1,
        .refusals = refusals,
        .refusals_count = 1,
    };
}

struct channel_return a_cancellation(const char *id, int64_t rev)
{
    struct channel_return fact =
        a_return(id, rev, "CANCELLATION_REQUEST_PENDING", "SELLER_RESPOND_CANCEL");
    fact.is_cancellation = true;
    fact.kind = SP_TEXT("BUYER_CANCEL");
    return fact;
}

void feed_return(struct sp_worker *worker, const struct channel_return *fact)
{
    cr_assert_eq(sp_worker_feed(worker, &channel_return_message, fact, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

void feed_progress(struct sp_worker *worker, const char *key, int64_t rev, const char *state,
                   const char *reason)
{
    struct action_progressed fact = {
        .head = {.trace = {1}, .account_id = 1, .key = sp_text_of(key), .rev = rev},
        .state = sp_text_of(state),
        .reason = sp_text_of(reason)};
    cr_assert_eq(sp_worker_feed(worker, &action_progressed_message, &fact, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}
