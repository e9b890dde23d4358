/* Ids, seeds and regions.  Covers: ids.c, seed.c, region.c */
#include <criterion/criterion.h>

#include "services/sandbox/ids.h"
#include "services/sandbox/region.h"
#include "services/sandbox/seed.h"

static struct sp_text text_of(uint64_t id, char text[ID_TEXT])
{
    return ids_text(id, text);
}

Test(ids, have_the_digits_the_marketplace_uses)
{
    struct ids ids;
    char text[ID_TEXT];
    ids_setup(&ids, 1, 0);
    cr_assert_eq(text_of(ids_make(&ids, ID_ORDER, 1), text).size, 18);
    cr_assert_eq(text_of(ids_make(&ids, ID_ITEM, ID_COUNTERS - 1), text).size, 18);
    cr_assert_eq(text_of(ids_make(&ids, ID_PRODUCT, 7), text).size, 19);
    cr_assert_eq(text_of(ids_make(&ids, ID_SHOP, 1), text).size, 19);
    cr_assert(ids_make(&ids, ID_SHOP, ID_COUNTERS - 1) < (uint64_t)INT64_MAX);
}

Test(ids, lead_back_to_their_counter_and_to_nothing_else)
{
    struct ids ids, other;
    char text[ID_TEXT];
    ids_setup(&ids, 1, 0);
    ids_setup(&other, 1, 1);
    struct sp_text id = ids_text(ids_make(&ids, ID_ORDER, 4711), text);
    cr_assert_eq(ids_counter(&ids, ID_ORDER, id), 4711);
    cr_assert_eq(ids_counter(&ids, ID_ITEM, id), 0);
    cr_assert_eq(ids_counter(&other, ID_ORDER, id), 0);
    cr_assert_eq(ids_counter(&ids, ID_ORDER, SP_TEXT("")), 0);
    cr_assert_eq(ids_counter(&ids, ID_ORDER, SP_TEXT("12x")), 0);
    cr_assert_eq(ids_counter(&ids, ID_ORDER, SP_TEXT("99999999999999999999")), 0);
}

Test(ids, come_again_from_the_same_seed)
{
    struct ids first, again, other;
    ids_setup(&first, 5, 0);
    ids_setup(&again, 5, 0);
    ids_setup(&other, 6, 0);
    cr_assert_eq(first.base[ID_ORDER], again.base[ID_ORDER]);
    cr_assert_neq(first.base[ID_ORDER], other.base[ID_ORDER]);
}

Test(seed, gives_the_same_number_for_the_same_question_only)
{
    cr_assert_eq(seed_mix(1, 2, 3), seed_mix(1, 2, 3));
    cr_assert_neq(seed_mix(1, 2, 3), seed_mix(1, 2, 4));
    cr_assert_neq(seed_mix(1, 2, 3), seed_mix(1, 3, 3));
    cr_assert_neq(seed_mix(1, 2, 3), seed_mix(2, 2, 3));
    for (uint64_t i = 0; i < 1000; i++)
        cr_assert(seed_below(1, 2, i, 10) < 10);
}

Test(region, knows_the_countries_of_the_invoices)
{
    cr_assert_str_eq(region_of_country(SP_TEXT("EIRE"))->code, "IE");
    cr_assert_str_eq(region_of_country(SP_TEXT("United Kingdom"))->code, "GB");
    cr_assert_str_eq(region_of_country(SP_TEXT("Atlantis"))->code, "");
    const struct region *japan = region_of_code("JP");
    cr_assert_eq(japan->digits, 0);
    cr_assert_eq(region_at(region_index(japan)), japan);
}
