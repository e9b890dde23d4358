/* Every condition, met and open, with its value and who can mend it. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/placement/condition.h"

static struct allocated_part part;
static struct allocated_line line;
static struct order_allocated fact;
static struct place_terms terms;
static struct variant_price price;
static struct price_list prices;
static struct warehouse_terms warehouse;
static struct place_ground ground;
static struct findings findings;

/* An order that meets everything. */
static void begin(void)
{
    part = (struct allocated_part){.variant_id = 1,
                                   .pieces = 1,
                                   .supply = SP_TEXT("STOCKED"),
                                   .warehouse_id = 10,
                                   .reserved = 2};
    line = (struct allocated_line){
        .line = 1, .units = 2, .parts = &part, .parts_count = 1, .subject = SP_TEXT("a mug")};
    fact = (struct order_allocated){.head = {.account_id = 1, .key = SP_TEXT("3-1"), .rev = 1},
                                    .shop_id = 3,
                                    .channel_status = SP_TEXT("AWAITING_SHIPMENT"),
                                    .paid_at = 5,
                                    .lines = &line,
                                    .lines_count = 1};
    terms = (struct place_terms){.account_id = 1, .currency = "USD"};
    price = (struct variant_price){1, 1, 100, SP_TEXT("USD")};
    prices = (struct price_list){&price, 1};
    warehouse = (struct warehouse_terms){1, 10, true, SP_TEXT("OWN")};
    ground = (struct place_ground){.arena = sp_arena_open(),
                                   .fact = &fact,
                                   .terms = &terms,
                                   .prices = &prices,
                                   .shop_known = true,
                                   .warehouses = &warehouse,
                                   .warehouse_count = 1};
    findings = (struct findings){.all = false};
}

static void end(void)
{
    sp_arena_close(&ground.arena);
}

TestSuite(condition, .init = begin, .fini = end);

static const struct finding *find(const char *code)
{
    for (size_t i = 0; i < findings.count; i++) {
        if (sp_text_is(findings.list[i].condition.code, code))
            return &findings.list[i];
    }
    return NULL;
}

/* The one open condition, which keeps the order from being placed. */
static const struct condition *only(const char *code)
{
    conditions_evaluate(&ground, &findings);
    const struct finding *finding = find(code);
    cr_assert_eq(findings.count, 1, "%zu open", findings.count);
    cr_assert_not_null(finding, "%s is not open", code);
    cr_assert(!finding->ok);
    cr_assert_gt(strlen(finding->who), 0);
    cr_assert_gt(strlen(finding->fix), 0);
    return &finding->condition;
}

Test(condition, nothing_is_open_when_all_is_met)
{
    conditions_evaluate(&ground, &findings);
    cr_assert_eq(findings.count, 0);
    cr_assert(findings.placeable);
    cr_assert(findings.complete);
    cr_assert(findings.charge_known);
    cr_assert_eq(findings.charge.total_minor, 2 * 169);
    cr_assert(condition_balance(&ground, 2 * 169, &findings));
    cr_assert_eq(findings.count, 0);
}

Test(condition, all_are_shown_on_request)
{
    findings.all = true;
    conditions_evaluate(&ground, &findings);
    (void)condition_balance(&ground, 338, &findings);
    cr_assert_geq(findings.count, 10);
    for (size_t i = 0; i < findings.count; i++)
        cr_assert(findings.list[i].ok);
}

Test(condition, channel_status)
{
    static const char *const closed[] = {"UNPAID",     "ON_HOLD",   "AWAITING_COLLECTION",
                                         "IN_TRANSIT", "DELIVERED", "CANCELLED",
                                         "COMPLETED",  "SOMETHING", ""};
    for (size_t i = 0; i < SP_COUNT(closed); i++) {
        fact.channel_status = sp_text_of(closed[i]);
        (void)only("NOT_TO_SHIP");
        cr_assert(!findings.placeable);
    }
    fact.channel_status = SP_TEXT("PARTIALLY_SHIPPING");
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
}

Test(condition, payment)
{
    fact.paid_at = 0;
    (void)only("NOT_PAID");
    fact.is_cod = true;
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
}

Test(condition, who_ships)
{
    fact.fulfilled_by_channel = true;
    (void)only("SHIPPED_BY_MARKETPLACE");
}

Test(condition, a_buyer_who_wants_to_cancel)
{
    fact.buyer_wants_cancel = true;
    (void)only("CANCEL_WANTED");
}

Test(condition, lines_that_are_not_complete)
{
    static const char *const codes[][2] = {{"UNMAPPED", "LINE_UNMAPPED"},
                                           {"NOT_DOWNLOADED", "LINE_NOT_DOWNLOADED"},
                                           {"DESIGN_MISSING", "LINE_DESIGN_MISSING"},
                                           {"INCOMPLETE", "LINE_INCOMPLETE"}};
    line.parts_count = 0;
    for (size_t i = 0; i < SP_COUNT(codes); i++) {
        line.problem = sp_text_of(codes[i][0]);
        const struct condition *open = only(codes[i][1]);
        cr_assert_eq(open->line, 1);
        cr_assert(sp_text_is(open->value, "a mug"));
        cr_assert(!findings.complete);
    }
}

Test(condition, cancelled_lines_do_not_count)
{
    struct allocated_line two[] = {line, line};
    two[1].problem = SP_TEXT("UNMAPPED");
    two[1].cancelled = true;
    fact.lines = two;
    fact.lines_count = 2;
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
    two[0].cancelled = true;
    (void)only("NO_LINES");
}

Test(condition, stock)
{
    part.reserved = 1;
    part.missing = 1;
    const struct condition *open = only("STOCK_SHORT");
    cr_assert(sp_text_is(open->value, "1"));
    cr_assert(sp_text_is(open->wanted, "2"));
}

Test(condition, goods_that_need_no_stock)
{
    part =
        (struct allocated_part){.variant_id = 1, .pieces = 1, .supply = SP_TEXT("MADE_TO_ORDER")};
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
    cr_assert(!findings.purchase);
    part.supply = SP_TEXT("PURCHASED");
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
    cr_assert(findings.purchase);
}

Test(condition, the_warehouse)
{
    warehouse.approved = false;
    (void)only("WAREHOUSE_NOT_APPROVED");
    ground.warehouse_count = 0;
    (void)only("WAREHOUSE_UNKNOWN");
}

Test(condition, costs)
{
    price.currency = SP_TEXT("VND");
    const struct condition *open = only("COST_CURRENCY");
    cr_assert(sp_text_is(open->value, "VND"));
    cr_assert(sp_text_is(open->wanted, "USD"));
    prices.count = 0;
    (void)only("VARIANT_UNKNOWN");
}

Test(condition, the_surcharge_of_other_currencies)
{
    memcpy(terms.currency, "VND", 3);
    price.currency = SP_TEXT("VND");
    (void)only("SURCHARGE_UNSET");
    terms.surcharge_given = true;
    conditions_evaluate(&ground, &findings);
    cr_assert(findings.placeable);
}

Test(condition, a_charge_beyond_the_limit)
{
    price.cost_minor = MOST_CHARGE_MINOR;
    (void)only("CHARGE_TOO_HIGH");
    cr_assert(!condition_balance(&ground, INT64_MAX, &findings));
}

Test(condition, an_account_that_is_not_known)
{
    ground.terms = NULL;
    (void)only("ACCOUNT_UNKNOWN");
}

Test(condition, a_refusal_may_be_overruled_by_a_person)
{
    ground.refused_reason = SP_TEXT("not there");
    const struct condition *open = only("REFUSED");
    cr_assert(sp_text_is(open->value, "not there"));
    cr_assert(findings.placeable);
}

Test(condition, balance_to_the_minor_unit)
{
    conditions_evaluate(&ground, &findings);
    cr_assert(!condition_balance(&ground, 337, &findings));
    cr_assert_not_null(find("BALANCE_LOW"));
    cr_assert(findings.placeable, "a person may not overrule it, but it is its own question");
}

Test(condition, more_than_fit_are_left_out)
{
    struct allocated_line many[MOST_CONDITIONS + 5];
    for (size_t i = 0; i < SP_COUNT(many); i++) {
        many[i] = line;
        many[i].line = (int64_t)i + 1;
        many[i].problem = SP_TEXT("UNMAPPED");
    }
    fact.lines = many;
    fact.lines_count = SP_COUNT(many);
    conditions_evaluate(&ground, &findings);
    cr_assert_eq(findings.count, MOST_CONDITIONS);
    cr_assert(!findings.placeable);
}
