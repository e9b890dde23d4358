/* Which of our variants a listing SKU may be. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/product-mapper/suggest.h"

static struct suggestion of(struct likeness likeness)
{
    return mapper_suggest(&likeness);
}

Test(suggest, puts_the_same_sku_first_then_the_barcode)
{
    struct suggestion same = of((struct likeness){.same_sku = true, .alike_sku = true});
    struct suggestion code = of((struct likeness){.same_barcode = true});
    struct suggestion alike = of((struct likeness){.alike_sku = true});
    cr_assert_str_eq(same.reason, "SAME_SKU");
    cr_assert_str_eq(code.reason, "SAME_BARCODE");
    cr_assert_str_eq(alike.reason, "SKU_ALIKE");
    cr_assert(same.score > code.score && code.score >= SCORE_SURE && alike.score < SCORE_SURE);
}

Test(suggest, weighs_titles_and_attributes_and_is_never_sure_of_them)
{
    struct suggestion best =
        of((struct likeness){.similarity = 100, .attributes = 2, .matched = 2});
    struct suggestion half =
        of((struct likeness){.similarity = 100, .attributes = 2, .matched = 1});
    struct suggestion title = of((struct likeness){.similarity = 100});
    cr_assert_str_eq(best.reason, "TITLE_AND_ATTRIBUTES");
    cr_assert_str_eq(half.reason, "TITLE");
    cr_assert(best.score > half.score && half.score > title.score && best.score < SCORE_SURE);
    cr_assert_lt(of((struct likeness){.similarity = 20}).score, SCORE_LEAST);
}

Test(suggest, is_sure_of_one_alone)
{
    struct suggestion two[] = {{100, "SAME_SKU"}, {95, "SAME_BARCODE"}};
    cr_assert(!mapper_is_sure(two, 0));
    cr_assert(mapper_is_sure(two, 1));
    cr_assert(!mapper_is_sure(two, 2), "two are meant: a person decides");
    two[1].score = SCORE_SURE - 1;
    cr_assert(mapper_is_sure(two, 2));
    cr_assert(!mapper_is_sure(two + 1, 1));
}
