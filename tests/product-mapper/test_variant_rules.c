/* What a variant may be. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/product-mapper/variant_rules.h"

static struct variant_input good(void)
{
    return (struct variant_input){
        .said = SAYS_SKU | SAYS_NAME | SAYS_SUPPLY | SAYS_COST | SAYS_CURRENCY,
        .sku = SP_TEXT(" CUP "),
        .name = SP_TEXT("Cốc"),
        .supply = SP_TEXT("STOCKED"),
        .currency = SP_TEXT("VND"),
        .image = SP_TEXT("https://pictures.example/cup.png"),
    };
}

Test(variant_rules, accepts_a_good_one_and_trims_it)
{
    struct variant_input input = good();
    cr_assert_null(mapper_check_variant(&input));
    cr_assert(sp_text_is(input.sku, "CUP"));
}

Test(variant_rules, looks_at_what_is_said_only)
{
    struct variant_input input = {.said = SAYS_WEIGHT, .weight_g = 300};
    cr_assert_null(mapper_check_variant(&input));
    input.said |= SAYS_NAME;
    cr_assert_not_null(mapper_check_variant(&input));
}

Test(variant_rules, refuses_each_kind_of_mistake)
{
    char longest[VARIANT_NAME_BYTES + 1];
    memset(longest, 'x', sizeof longest);
    struct variant_input cases[15];
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cases[i] = good();
    cases[0].sku = SP_TEXT("  ");
    cases[1].sku = (struct sp_text){longest, VARIANT_SKU_BYTES + 1};
    cases[2].name = SP_TEXT("");
    cases[3].name = (struct sp_text){longest, VARIANT_NAME_BYTES + 1};
    cases[4].supply = SP_TEXT("stocked");
    cases[5].cost_minor = -1;
    cases[6].cost_minor = VARIANT_COST_MINOR + 1;
    cases[7].currency = SP_TEXT("vnd");
    cases[8].weight_g = VARIANT_WEIGHT_G + 1;
    cases[9].name = SP_TEXT("a\tb");
    cases[10].name = SP_TEXT("\xC3(");
    cases[11].unit = (struct sp_text){longest, VARIANT_UNIT_BYTES + 1};
    cases[12].image = SP_TEXT("javascript:alert(1)");
    cases[13].source_link = SP_TEXT("ftp://goods.example/cup");
    cases[14].name = SP_TEXT("a\nb");
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_not_null(mapper_check_variant(&cases[i]), "case %zu", i);
}

Test(variant_rules, knows_utf_8)
{
    static const char *const bad[] = {"\x80",         "\xC0\x80",         "\xE0\x80\x80",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\x98"};
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        struct variant_input input = good();
        input.name = sp_text_of(bad[i]);
        cr_assert_not_null(mapper_check_variant(&input), "case %zu", i);
    }
    struct variant_input input = good();
    input.name = SP_TEXT("ÿ€😀");
    cr_assert_null(mapper_check_variant(&input));
}
