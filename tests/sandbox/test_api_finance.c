/* Finance over the Open API: every sum is that of its parts.  Covers: api_statements.c,
 * api_transactions.c, finance_json.c, settlement.c */
#include <criterion/criterion.h>

#include "services/sandbox/returns.h"
#include "services/sandbox/settlement.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/buyers.h"

enum { DAY = 86400 };

static void begin(void)
{
    struct sandbox_options options = rig_options();
    options.lives = (struct grant_lives){1800, 100 * DAY, 365 * DAY};
    rig_begin_with(&options);
    int64_t midnight = (sandbox_clock(rig.sandbox) / DAY + 1) * DAY;
    rig_pass(rig.sandbox, midnight + 3600 - sandbox_clock(rig.sandbox));
}

TestSuite(api_finance, .init = begin, .fini = rig_finish);

static int64_t sum_of(struct sp_json array, const char *name)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json each;
    int64_t sum = 0;
    while (sp_json_next(&walk, NULL, &each))
        sum += rig_minor(each, name);
    return sum;
}

static struct rig_answer statements(const char *more)
{
    return rig_get("/finance/202309/statements",
                   sp_arena_printf(rig.arena, "sort_field=statement_time%s", more).data);
}

static struct rig_answer transactions(const char *version, struct sp_text statement)
{
    struct sp_text path =
        sp_arena_printf(rig.arena, "/finance/%s/statements/%.*s/statement_transactions", version,
                        SP_FMT(statement));
    return rig_get(path.data, "sort_field=order_create_time&page_size=100");
}

static struct rig_answer of_order(const char *version, uint32_t at)
{
    struct sp_text path = sp_arena_printf(rig.arena, "/finance/%s/orders/%s/statement_transactions",
                                          version, rig_order(at));
    return rig_get(path.data, NULL);
}

/* A refund for one unit of the first line, whole way. */
static void refund_one(uint32_t at)
{
    struct unit_range one = {0, 0, 1};
    static const enum return_event way[] = {AGREE_REFUND, PAY_BACK};
    uint32_t which = buyers_return(at, TYPE_REFUND, (struct unit_set){&one, 1});
    for (size_t i = 0; i < SP_COUNT(way); i++) {
        struct return_step step = {.event = way[i], .who = SELLER};
        cr_assert_eq(returns_happen(rig.sandbox, rig.shop, which, &step), API_OK);
    }
}

Test(api_finance, settles_an_order_at_the_midnight_after_its_days)
{
    uint32_t at = rig_place_four(DELIVERED);
    int64_t delivered = rig.shop->book.orders[at].times.delivered;
    rig_pass(rig.sandbox, (delivered / DAY + 8) * DAY - 1 - sandbox_clock(rig.sandbox));
    cr_assert_eq(sp_json_count(rig_at(statements("").data, "statements")), 0);
    rig_pass(rig.sandbox, 1);
    struct sp_json one = rig_at(statements("").data, "statements.0");
    cr_assert_eq(rig_int(one, "statement_time"), sandbox_clock(rig.sandbox));
    cr_assert(sp_text_is(rig_text(one, "payment_status", rig.arena), "PROCESSING"));
    cr_assert_eq(rig_at(one, "payment_time").kind, SP_JSON_NONE);
    rig_pass(rig.sandbox, 3 * DAY);
    one = rig_at(statements("&payment_status=PAID").data, "statements.0");
    cr_assert_eq(rig_int(one, "payment_time"), sandbox_clock(rig.sandbox));
    cr_assert_eq(sp_json_count(rig_at(statements("&payment_status=FAILED").data, "statements")), 0);
}

Test(api_finance, adds_up_to_the_cent)
{
    for (int i = 0; i < 30; i++)
        (void)rig_place(rig.sandbox, 1, i % 3 == 0 ? COMPLETED : DELIVERED);
    refund_one(5);
    rig_pass(rig.sandbox, 9 * DAY);
    struct sp_json one = rig_at(statements("").data, "statements.0");
    struct sp_text id = rig_text(one, "id", rig.arena);
    static const char *const names[] = {"settlement_amount",    "revenue_amount",
                                        "net_sales_amount",     "fee_amount",
                                        "shipping_cost_amount", "adjustment_amount"};
    struct sp_json detail = transactions("202309", id).data;
    struct sp_json all = rig_at(detail, "statement_transactions");
    cr_assert_eq(sp_json_count(all), 30);
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        cr_assert_eq(rig_minor(one, names[i]), sum_of(all, names[i]), "%s", names[i]);
        cr_assert_eq(rig_minor(detail, names[i]), rig_minor(one, names[i]), "%s", names[i]);
    }
    cr_assert(rig_minor(one, "settlement_amount") > 0);
    cr_assert(rig_minor(one, "fee_amount") < 0);
    cr_assert_eq(rig_minor(one, "settlement_amount"), rig_minor(one, "net_sales_amount") +
                                                          rig_minor(one, "shipping_cost_amount") +
                                                          rig_minor(one, "fee_amount"));
    struct sp_json newer = transactions("202501", id).data;
    cr_assert_eq(rig_minor(newer, "total_settlement_amount"), rig_minor(one, "settlement_amount"));
    cr_assert_eq(sum_of(rig_at(newer, "transactions"), "settlement_amount"),
                 rig_minor(one, "settlement_amount"));
    cr_assert_eq(sum_of(rig_at(newer, "transactions"), "fee_tax_amount"),
                 rig_minor(one, "fee_amount"));
    cr_assert_eq(rig_minor(newer, "total_settlement_breakdown.total_revenue_amount"),
                 rig_minor(one, "revenue_amount"));
    struct sp_json paid =
        rig_at(rig_get("/finance/202309/payments", "sort_field=create_time").data, "payments.0");
    cr_assert_eq(rig_minor(paid, "amount.value"), rig_minor(one, "settlement_amount"));
    cr_assert(
        sp_text_equal(rig_text(paid, "id", rig.arena), rig_text(one, "payment_id", rig.arena)));
    for (uint32_t at = 0; at < 30; at++) {
        struct sp_json mine = of_order("202309", at).data, parts = of_order("202501", at).data;
        struct sp_json whole = rig_at(mine, "statement_transactions.0");
        cr_assert_eq(sum_of(rig_at(whole, "sku_statement_transactions"), "settlement_amount"),
                     rig_minor(whole, "settlement_amount"));
        cr_assert_eq(sum_of(rig_at(parts, "sku_transactions"), "settlement_amount"),
                     rig_minor(whole, "settlement_amount"));
        struct sp_json sku = rig_at(whole, "sku_statement_transactions.0");
        cr_assert_eq(rig_minor(sku, "platform_commission_amount"),
                     -(rig_minor(sku, "net_sales_amount") * 9 / 100));
        cr_assert_eq(rig_minor(parts, "fee_and_tax_amount"), rig_minor(whole, "fee_amount"));
        cr_assert_eq(rig_at(parts, "sku_transactions.0.quantity").kind, SP_JSON_STRING);
    }
}

Test(api_finance, takes_early_refunds_off_and_books_late_ones_apart)
{
    uint32_t early = rig_place_four(DELIVERED), late = rig_place_four(DELIVERED);
    const struct order_line *line = book_lines(&rig.shop->book, &rig.shop->book.orders[early]);
    int64_t price = line->price_minor;
    refund_one(early);
    rig_pass(rig.sandbox, 9 * DAY);
    struct sp_json one = rig_at(of_order("202309", early).data, "statement_transactions.0");
    cr_assert_eq(rig_minor(one, "gross_sales_refund_amount"), -price);
    cr_assert_eq(rig_minor(one, "net_sales_amount"),
                 rig_minor(one, "gross_sales_amount") +
                     rig_minor(one, "gross_sales_refund_amount") +
                     rig_minor(one, "seller_discount_amount") +
                     rig_minor(one, "seller_discount_refund_amount"));
    int64_t before = rig_minor(rig_at(statements("").data, "statements.0"), "settlement_amount");
    refund_one(late);
    rig_pass(rig.sandbox, DAY);
    struct rig_answer list = statements("");
    cr_assert_eq(sp_json_count(rig_at(list.data, "statements")), 2);
    cr_assert_eq(rig_minor(list.data, "statements.0.settlement_amount"), before);
    cr_assert(rig_minor(list.data, "statements.1.settlement_amount") < 0);
    cr_assert(rig_minor(list.data, "statements.1.fee_amount") > 0); /* the commission comes back */
    cr_assert_eq(rig_at(list.data, "statements.1.payment_id").kind, SP_JSON_NONE);
    cr_assert_eq(sp_json_count(rig_at(of_order("202309", late).data, "statement_transactions")), 2);
    struct sp_json apart =
        rig_at(transactions("202309", rig_text(list.data, "statements.1.id", rig.arena)).data,
               "statement_transactions");
    cr_assert_eq(sp_json_count(apart), 1);
    cr_assert_eq(rig_minor(apart, "0.gross_sales_amount"), 0);
    cr_assert_eq(sp_json_count(rig_at(of_order("202501", late).data, "sku_transactions")), 3);
}

Test(api_finance, waits_while_a_return_is_open)
{
    uint32_t at = rig_place_four(DELIVERED);
    rig_pass(rig.sandbox, 6 * DAY);
    struct unit_range one = {0, 0, 1};
    struct return_step no = {.event = REFUSE, .who = SELLER};
    uint32_t which = buyers_return(at, TYPE_RETURN, (struct unit_set){&one, 1});
    rig_pass(rig.sandbox, 2 * DAY - 3600);
    cr_assert_eq(sp_json_count(rig_at(statements("").data, "statements")), 0);
    cr_assert_str_eq(settlement_waits(rig.shop, at, sandbox_clock(rig.sandbox)),
                     "waiting for the end of a return");
    cr_assert_eq(returns_happen(rig.sandbox, rig.shop, which, &no), API_OK);
    cr_assert_eq(sp_json_count(rig_at(statements("").data, "statements")), 0);
    rig_pass(rig.sandbox, DAY);
    cr_assert_eq(sp_json_count(rig_at(statements("").data, "statements")), 1);
    cr_assert_eq(rig_int(statements("").data, "statements.0.statement_time"),
                 sandbox_clock(rig.sandbox) / DAY * DAY);
}

/* Told with times that the caller has seen, however far the clock has come. */
Test(api_finance, comes_by_itself_on_a_clock_that_runs_fast)
{
    int64_t began = sp_now_us() / 1000000;
    rig.sandbox->clock.ahead = false;
    rig.sandbox->clock.latest = began;
    uint32_t at = rig_place_four(AWAITING_COLLECTION);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, COLLECT, NULL), SP_OK);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, DELIVER, NULL), SP_OK);
    rig_pass(rig.sandbox, 7 * DAY + 1);
    cr_assert_eq(sp_json_count(rig_at(statements("").data, "statements")), 0);
    uint32_t which =
        buyers_return(at, TYPE_REFUND, (struct unit_set){&(struct unit_range){0, 0, 1}, 1});
    rig_pass(rig.sandbox, DAY);
    const char *since = sp_arena_printf(rig.arena, "&statement_time_ge=%lld&statement_time_lt=%lld",
                                        (long long)began, (long long)began + 300)
                            .data;
    struct sp_json one = rig_at(statements(since).data, "statements.0");
    cr_assert(rig_is(one, "payment_status", "PROCESSING"));
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_RETURN, which)->status, RETURN_PENDING);
    rig_pass(rig.sandbox, 3 * DAY);
    struct rig_answer list = statements(since);
    cr_assert(rig_is(list.data, "statements.0.payment_status", "PAID"));
    int64_t paid = rig_int(list.data, "statements.0.payment_time");
    cr_assert(paid >= began && paid < began + 300, "%lld", (long long)paid);
    cr_assert(rig_minor(list.data, "statements.1.settlement_amount") < 0);
}

Test(api_finance, tells_what_is_still_to_come)
{
    static const char path[] = "/finance/202507/orders/unsettled";
    uint32_t delivered = rig_place_four(DELIVERED);
    (void)rig_place_four(AWAITING_SHIPMENT);
    (void)rig_place_four(UNPAID);
    (void)rig_place_four(CANCELLED);
    struct rig_answer answer = rig_get(path, "sort_field=order_create_time");
    cr_assert_eq(rig_int(answer.data, "total_count"), 2);
    struct sp_json all = rig_at(answer.data, "transactions");
    cr_assert_eq(rig_minor(answer.data, "sum_est_settlement_amount"),
                 sum_of(all, "est_settlement_amount"));
    cr_assert_eq(rig_minor(answer.data, "sum_est_fee_amount"), sum_of(all, "est_fee_tax_amount"));
    cr_assert(sp_text_is(rig_text(all, "0.status", rig.arena), "UNSETTLED"));
    cr_assert(sp_text_is(rig_text(all, "1.unsettled_reason", rig.arena), "waiting for delivery"));
    cr_assert_eq(rig_int(all, "0.estimated_settlement"),
                 rig.shop->book.orders[delivered].times.delivered + 7 * DAY);
    cr_assert_eq(rig_at(all, "1.order_delivery_time").kind, SP_JSON_NONE);
    int64_t expected = rig_minor(all, "0.est_settlement_amount");
    cr_assert_eq(rig_get(path, "").code, 36009004);
    rig_pass(rig.sandbox, 9 * DAY);
    answer = rig_get(path, "sort_field=order_create_time");
    cr_assert_eq(rig_int(answer.data, "total_count"), 1);
    cr_assert_eq(rig_minor(statements("").data, "statements.0.settlement_amount"), expected);
}

Test(api_finance, is_walked_page_by_page)
{
    for (int day = 0; day < 5; day++) {
        (void)rig_place_four(DELIVERED);
        rig_pass(rig.sandbox, DAY);
    }
    rig_pass(rig.sandbox, 9 * DAY);
    struct rig_answer first = statements("&page_size=3");
    cr_assert_eq(sp_json_count(rig_at(first.data, "statements")), 3);
    cr_assert(rig_int(first.data, "statements.0.statement_time") <
              rig_int(first.data, "statements.1.statement_time"));
    cr_assert(rig_text(first.data, "next_page_token", rig.arena).size > 0);
    struct rig_answer last = statements("&page_size=3&sort_order=DESC");
    cr_assert(rig_int(last.data, "statements.0.statement_time") >
              rig_int(last.data, "statements.2.statement_time"));
    int64_t third = rig_int(first.data, "statements.2.statement_time");
    struct sp_text since = sp_arena_printf(rig.arena, "&statement_time_ge=%lld", (long long)third);
    cr_assert_eq(sp_json_count(rig_at(statements(since.data).data, "statements")), 3);
    since = sp_arena_printf(rig.arena, "&statement_time_lt=%lld", (long long)third);
    cr_assert_eq(sp_json_count(rig_at(statements(since.data).data, "statements")), 2);
}

Test(api_finance, refuses_what_is_wrong)
{
    static const struct {
        const char *path, *query;
        int64_t code;
    } cases[] = {
        {"/finance/202309/statements", "", 36009004},
        {"/finance/202309/statements", "sort_field=create_time", 36009004},
        {"/finance/202309/statements", "sort_field=statement_time&page_size=101", 36009004},
        {"/finance/202309/statements", "sort_field=statement_time&payment_status=LOST", 36009004},
        {"/finance/202309/statements", "sort_field=statement_time&statement_time_ge=x", 36009004},
        {"/finance/202309/payments", "", 36009004},
        {"/finance/202309/withdrawals", "", 36009004},
        {"/finance/202309/withdrawals", "types=WITHDRAW,GIFT", 36009004},
        {"/finance/202309/withdrawals", "types=WITHDRAW,SETTLE,TRANSFER,REVERSE", 0},
        {"/finance/202309/statements/5/statement_transactions", "sort_field=order_create_time",
         36009004},
        {"/finance/202501/statements/5/statement_transactions", "sort_field=order_create_time",
         36009004},
        {"/finance/202309/orders/5/statement_transactions", "", 21008111},
        {"/finance/202501/orders/5/statement_transactions", "", 21008111},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_get(cases[i].path, cases[i].query).code, cases[i].code, "%zu", i);
}

Test(api_finance, lists_settlements_among_the_withdrawals)
{
    (void)rig_place_four(DELIVERED);
    rig_pass(rig.sandbox, 9 * DAY);
    struct rig_answer answer = rig_get("/finance/202309/withdrawals", "types=SETTLE");
    cr_assert_eq(rig_int(answer.data, "total_count"), 1);
    cr_assert_eq(rig_minor(answer.data, "withdrawals.0.amount"),
                 rig_minor(statements("").data, "statements.0.settlement_amount"));
    answer = rig_get("/finance/202309/withdrawals", "types=REVERSE");
    cr_assert_eq(rig_int(answer.data, "total_count"), 0);
}
