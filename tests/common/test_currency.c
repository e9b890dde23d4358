/* Digits of currencies. */
#include "common/currency.h"

#include <criterion/criterion.h>

Test(currency, knows_how_many_digits_stand_behind_the_point)
{
    cr_assert_eq(sp_currency_digits(SP_TEXT("VND")), 0);
    cr_assert_eq(sp_currency_digits(SP_TEXT("IDR")), 0);
    cr_assert_eq(sp_currency_digits(SP_TEXT("JPY")), 0);
    cr_assert_eq(sp_currency_digits(SP_TEXT("USD")), 2);
    cr_assert_eq(sp_currency_digits(SP_TEXT("KWD")), 3);
    cr_assert_eq(sp_currency_digits((struct sp_text){0}), 2);
    cr_assert_eq(sp_currency_digits(SP_TEXT("VNDX")), 2);
}
