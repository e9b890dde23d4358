/* What placing costs: units, lines, surcharge, shipping, limits. */
#include <criterion/criterion.h>

#include "services/placement/price.h"

static const struct variant_price prices[] = {
    {1, 1, 100, {"USD", 3}}, {1, 2, 250, {"USD", 3}}, {2, 1, 999, {"USD", 3}}};
static const struct price_list list = {prices, SP_COUNT(prices)};
static const struct place_terms dollars = {.account_id = 1, .currency = "USD"};

/* Two mugs, and one set of one mug and two shirts. */
static const struct allocated_part mug[] = {{.variant_id = 1, .pieces = 1}};
static const struct allocated_part set[] = {{.variant_id = 1, .pieces = 1},
                                            {.variant_id = 2, .pieces = 2}};
static const struct allocated_line lines[] = {
    {.line = 1, .units = 2, .parts = mug, .parts_count = 1},
    {.line = 2, .units = 1, .parts = set, .parts_count = 2},
    {.line = 3, .units = 9, .parts = mug, .parts_count = 1, .cancelled = true}};
static const struct order_allocated order = {
    .head = {.account_id = 1}, .lines = lines, .lines_count = SP_COUNT(lines)};

static int64_t total(const struct order_allocated *of, const struct place_terms *terms)
{
    struct charge charge;
    cr_assert(price_order(of, terms, &list, &charge));
    cr_assert_eq(charge.total_minor,
                 charge.goods_minor + charge.surcharge_minor + charge.shipping_minor);
    return charge.total_minor;
}

Test(price, sums_units_and_the_default_surcharge_of_each)
{
    cr_assert_eq(total(&order, &dollars), 2 * 100 + 100 + 2 * 250 + 3 * DEFAULT_SURCHARGE_MINOR);
}

Test(price, a_surcharge_may_be_per_line)
{
    struct place_terms terms = dollars;
    terms.surcharge_given = true;
    terms.surcharge_minor = 10;
    terms.surcharge_per_line = true;
    cr_assert_eq(total(&order, &terms), 800 + 2 * 10);
}

Test(price, shipping_is_added_once)
{
    struct place_terms terms = dollars;
    terms.shipping_minor = 400;
    cr_assert_eq(total(&order, &terms), total(&order, &dollars) + 400);
}

Test(price, orders_entered_by_hand_have_no_surcharge)
{
    struct order_allocated manual = order;
    manual.is_manual = true;
    cr_assert_eq(total(&manual, &dollars), 800);
}

Test(price, the_default_is_for_dollars_alone)
{
    struct place_terms dong = {.account_id = 1, .currency = "VND"};
    int64_t minor;
    cr_assert(terms_surcharge(&dollars, &minor));
    cr_assert_eq(minor, 69);
    cr_assert(!terms_surcharge(&dong, &minor));
    dong.surcharge_given = true;
    dong.surcharge_minor = 0;
    cr_assert(terms_surcharge(&dong, &minor));
    cr_assert_eq(minor, 0);
}

Test(price, an_account_has_its_own_costs)
{
    cr_assert_eq(price_find(&list, 2, 1)->cost_minor, 999);
    cr_assert_null(price_find(&list, 2, 2));
    cr_assert_null(price_find(&(struct price_list){NULL, 0}, 1, 1));
}

Test(price, a_sum_beyond_the_limit_is_no_price)
{
    struct variant_price dear[] = {{1, 1, INT64_MAX / 2, {"USD", 3}}};
    struct price_list dear_list = {dear, 1};
    struct charge charge;
    cr_assert(!price_order(&order, &dollars, &dear_list, &charge));
    dear[0].cost_minor = -5;
    cr_assert(!price_order(&order, &dollars, &dear_list, &charge));
}

Test(price, the_limit_itself_is_a_price)
{
    struct variant_price dear[] = {{1, 1, MOST_CHARGE_MINOR, {"USD", 3}}};
    struct allocated_line one = {.line = 1, .units = 1, .parts = mug, .parts_count = 1};
    struct order_allocated single = {
        .head = {.account_id = 1}, .is_manual = true, .lines = &one, .lines_count = 1};
    struct charge charge;
    cr_assert(price_order(&single, &dollars, &(struct price_list){dear, 1}, &charge));
    cr_assert_eq(charge.total_minor, MOST_CHARGE_MINOR);
    dear[0].cost_minor++;
    cr_assert(!price_order(&single, &dollars, &(struct price_list){dear, 1}, &charge));
}
