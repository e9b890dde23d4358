/* A shop's stock and names. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/shop.h"

static uint32_t sell(struct shop *shop, uint32_t units)
{
    struct catalogue_entry entry = {.seller_sku = SP_TEXT("A"), .available = 10};
    struct order_line line = {.sku = catalogue_add(&shop->catalogue, &entry), .units = units};
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1), .lines = &line, .line_count = 1};
    draft.order.status = AWAITING_SHIPMENT;
    return book_add(&shop->book, &draft);
}

Test(shop, takes_units_down_to_zero_and_gives_them_back)
{
    struct shop shop;
    shop_setup(&shop, 1, 0, 1);
    uint32_t at = sell(&shop, 25);
    const struct order *order = &shop.book.orders[at];
    struct stock *stock = catalogue_stock(&shop.catalogue, 0, 0);
    shop_commit_stock(&shop, order);
    shop_take_stock(&shop, order);
    cr_assert_eq(stock->available, 0);
    cr_assert_eq(stock->committed, 25);
    shop_release_stock(&shop, order);
    shop_give_back_stock(&shop, order);
    cr_assert_eq(stock->available, 25);
    cr_assert_eq(stock->committed, 0);
    stock->available = CATALOGUE_MOST_STOCK - 5;
    shop_give_back_stock(&shop, order);
    cr_assert_eq(stock->available, CATALOGUE_MOST_STOCK);
    shop_free(&shop);
}

Test(shop, has_a_cipher_that_must_be_encoded_and_one_of_its_own)
{
    struct shop first, second;
    shop_setup(&first, 1, 0, 1);
    shop_setup(&second, 1, 1, 1);
    cr_assert(strpbrk(first.cipher, "+") != NULL && strpbrk(first.cipher, "/") != NULL);
    cr_assert_str_neq(first.cipher, second.cipher);
    cr_assert_str_eq(first.region->currency, "GBP");
    cr_assert_eq(second.region->digits, 0); /* dong have no fraction */
    shop_free(&first);
    shop_free(&second);
}

Test(shop, takes_its_former_cipher_no_more)
{
    struct shop shop;
    char former[sizeof shop.cipher];
    shop_setup(&shop, 1, 0, 1);
    for (int i = 0; i < 3; i++) {
        memcpy(former, shop.cipher, sizeof former);
        shop_renew_cipher(&shop);
        cr_assert_str_neq(shop.cipher, former);
    }
    shop_free(&shop);
}
