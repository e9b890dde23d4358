/* Which SKU a print file's name means. */
#include <criterion/criterion.h>

#include "services/product-mapper/design_match.h"

Test(design_match, finds_a_sku_as_a_word_of_its_own)
{
    cr_assert(mapper_names_sku(SP_TEXT("front MUG-RED.png"), SP_TEXT("MUG-RED")));
    cr_assert(mapper_names_sku(SP_TEXT("mug-red_2.png"), SP_TEXT("MUG-RED")));
    cr_assert(mapper_names_sku(SP_TEXT("MUG-RED"), SP_TEXT("mug-red")));
    cr_assert(!mapper_names_sku(SP_TEXT("MUG-REDDISH.png"), SP_TEXT("MUG-RED")));
    cr_assert(!mapper_names_sku(SP_TEXT("SMUG-RED.png"), SP_TEXT("MUG-RED")));
    cr_assert(!mapper_names_sku(SP_TEXT("MUG.png"), SP_TEXT("MUG-RED")));
    cr_assert(!mapper_names_sku(SP_TEXT("MUG.png"), SP_TEXT("")));
    cr_assert(!mapper_names_sku(SP_TEXT("MUGđ.png"), SP_TEXT("MUG")), "a letter beyond ASCII");
}

Test(design_match, means_the_longest_and_nothing_when_two_are_meant)
{
    const struct sp_text skus[] = {SP_TEXT("TEE"), SP_TEXT("TEE-RED-L"), SP_TEXT("TEE-RED")};
    cr_assert_eq(mapper_design_sku(SP_TEXT("TEE-RED-L back.pdf"), skus, 3), 1);
    cr_assert_eq(mapper_design_sku(SP_TEXT("TEE-RED-XL.pdf"), skus, 3), 2);
    cr_assert_eq(mapper_design_sku(SP_TEXT("logo.pdf"), skus, 3), 3);
    const struct sp_text two[] = {SP_TEXT("MUG-1"), SP_TEXT("CUP-1"), SP_TEXT("mug-1")};
    cr_assert_eq(mapper_design_sku(SP_TEXT("MUG-1 CUP-1.png"), two, 3), 3);
    cr_assert_eq(mapper_design_sku(SP_TEXT("MUG-1.png"), two, 3), 0, "the same one twice");
}
