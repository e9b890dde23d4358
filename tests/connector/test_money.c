/* The marketplace's money to minor units. */
#include "services/connector/money.h"

#include <criterion/criterion.h>

static int64_t minor(const char *json, int digits)
{
    struct sp_json value;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, NULL), SP_OK);
    return tiktok_minor(value, digits);
}

Test(money, reads_decimal_strings)
{
    cr_assert_eq(minor("\"12.90\"", 2), 1290);
    cr_assert_eq(minor("\"129000\"", 0), 129000);
    cr_assert_eq(minor("\"129000.00\"", 0), 129000);
    cr_assert_eq(minor("\"0.1\"", 2), 10);
    cr_assert_eq(minor("\"-3.50\"", 2), -350);
    cr_assert_eq(minor("\"\"", 2), 0);
}

Test(money, rounds_what_is_finer_than_the_currency)
{
    cr_assert_eq(minor("\"12.905\"", 2), 1291);
    cr_assert_eq(minor("\"12.904\"", 2), 1290);
    cr_assert_eq(minor("\"-12.905\"", 2), -1291);
    cr_assert_eq(minor("\"1999.5\"", 0), 2000);
}

Test(money, gives_nothing_for_what_is_no_amount)
{
    cr_assert_eq(minor("\"twelve\"", 2), 0);
    cr_assert_eq(minor("\"99999999999999999999\"", 2), 0);
    cr_assert_eq(minor("null", 2), 0);
}
