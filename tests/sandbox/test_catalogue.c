/* Products, SKUs, families of codes.  Covers: catalogue.c, catalogue_invent.c */
#include <criterion/criterion.h>

#include "services/sandbox/catalogue.h"

static uint32_t add(struct catalogue *catalogue, const char *code, const char *name, int64_t price)
{
    struct catalogue_entry entry = {.seller_sku = sp_text_of(code),
                                    .name = sp_text_of(name),
                                    .price_minor = price,
                                    .available = 5};
    return catalogue_add(catalogue, &entry);
}

Test(catalogue, makes_one_product_of_codes_that_differ_in_letters)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 1);
    uint32_t a = add(&catalogue, "85123A", "HEART", 255),
             b = add(&catalogue, "85123B", "STAR", 255);
    uint32_t other = add(&catalogue, "85124A", "MOON", 100),
             plain = add(&catalogue, "85123", "", 1);
    cr_assert_eq(catalogue.skus[a].product, catalogue.skus[b].product);
    cr_assert_eq(catalogue.skus[a].product, catalogue.skus[plain].product);
    cr_assert_neq(catalogue.skus[a].product, catalogue.skus[other].product);
    cr_assert_eq(catalogue.product_count, 2);
    cr_assert_eq(catalogue.products[0].sku_count, 3);
    cr_assert_eq(catalogue.products[0].first_sku, a);
    cr_assert_eq(catalogue.skus[a].next, b);
    catalogue_free(&catalogue);
}

Test(catalogue, tells_codes_apart_by_case)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 1);
    cr_assert_neq(add(&catalogue, "85123A", "x", 1), add(&catalogue, "85123a", "x", 1));
    cr_assert_neq(add(&catalogue, "M", "Manual", 1), add(&catalogue, "m", "Manual", 1));
    catalogue_free(&catalogue);
}

Test(catalogue, keeps_codes_that_are_no_goods)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 1);
    uint32_t bank = add(&catalogue, "BANK CHARGES", "", 1500);
    uint32_t gift = add(&catalogue, "gift_0001_20", "Voucher", 1702);
    cr_assert_neq(catalogue.skus[bank].product, catalogue.skus[gift].product);
    cr_assert_eq(catalogue_find(&catalogue, SP_TEXT("BANK CHARGES")), bank);
    cr_assert_eq(catalogue_find(&catalogue, SP_TEXT("POST")), NAMES_NONE);
    catalogue_free(&catalogue);
}

Test(catalogue, fills_in_what_an_earlier_row_lacked_and_keeps_what_it_had)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 1);
    uint32_t sku = add(&catalogue, "22139", "", 0);
    cr_assert_eq(catalogue.products[0].title.size, 0);
    (void)add(&catalogue, "22139", "TEA SET", 495);
    (void)add(&catalogue, "22139", "damaged", 100);
    cr_assert(sp_text_is(catalogue.skus[sku].name, "TEA SET"));
    cr_assert(sp_text_is(catalogue.products[0].title, "TEA SET"));
    cr_assert_eq(catalogue.skus[sku].price_minor, 495);
    catalogue_free(&catalogue);
}

Test(catalogue, names_a_lonely_sku_default_and_sisters_by_what_differs)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 1);
    uint32_t only = add(&catalogue, "71053", "LANTERN", 1);
    uint32_t a = add(&catalogue, "84029E", "WOOLLY", 1), b = add(&catalogue, "84029G", "FLAG", 1);
    cr_assert(sp_text_is(catalogue_sku_name(&catalogue, only), "Default"));
    cr_assert(sp_text_is(catalogue_sku_name(&catalogue, a), "E"));
    cr_assert(sp_text_is(catalogue_sku_name(&catalogue, b), "FLAG"));
    catalogue_free(&catalogue);
}

Test(catalogue, keeps_stock_for_each_warehouse)
{
    struct catalogue catalogue;
    catalogue_setup(&catalogue, 3);
    uint32_t sku = add(&catalogue, "71053", "LANTERN", 1);
    catalogue_stock(&catalogue, sku, 2)->available = 9;
    for (int i = 0; i < 300; i++) {
        char code[8] = {(char)('a' + i % 26), (char)('a' + i / 26), 0};
        (void)add(&catalogue, code, "x", 1);
    }
    cr_assert_eq(catalogue_stock(&catalogue, sku, 0)->available, 5);
    cr_assert_eq(catalogue_stock(&catalogue, sku, 2)->available, 9);
    cr_assert_eq(catalogue_stock(&catalogue, sku, 2)->told, -1);
    catalogue_free(&catalogue);
}

Test(catalogue, invents_the_same_goods_from_the_same_seed)
{
    struct catalogue first, again;
    catalogue_setup(&first, 1);
    catalogue_setup(&again, 1);
    catalogue_invent(&first, 3, 50, 2, 1000000);
    catalogue_invent(&again, 3, 50, 2, 1000000);
    cr_assert_eq(first.product_count, 50);
    cr_assert_eq(first.sku_count, again.sku_count);
    cr_assert(first.sku_count > 50);
    for (size_t i = 0; i < first.sku_count; i++)
        cr_assert(sp_text_equal(first.skus[i].seller_sku, again.skus[i].seller_sku));
    catalogue_free(&first);
    catalogue_free(&again);
}
