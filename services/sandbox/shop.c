#include "services/sandbox/shop.h"

#include <stdio.h>

#include "services/sandbox/seed.h"

/* The first shop sells in pounds like the invoices; the others take turns. */
static const char *const shop_regions[] = {"GB", "VN", "US", "DE"};

/* "+", "/" and "=" on purpose: a client has to encode them. */
static void name_cipher(struct shop *shop)
{
    unsigned long long mark = seed_mix(shop->seed, SEED_IDS, shop->ciphers) & 0xffffffffffu;
    (void)snprintf(shop->cipher, sizeof shop->cipher, "ROW_%010llx+cipher/%04u==", mark,
                   shop->index + 1);
}

void shop_renew_cipher(struct shop *shop)
{
    shop->ciphers++;
    name_cipher(shop);
}

void shop_setup(struct shop *shop, uint64_t seed, uint32_t index, uint32_t warehouse_count)
{
    *shop = (struct shop){.index = index, .seed = seed_mix(seed, SEED_IDS, 1000 + index)};
    ids_setup(&shop->ids, seed, index);
    shop->region = region_of_code(shop_regions[index % SP_COUNT(shop_regions)]);
    (void)snprintf(shop->name, sizeof shop->name, "Sandbox Shop %u", index + 1);
    name_cipher(shop);
    (void)snprintf(shop->code, sizeof shop->code, "%sLC%06u", shop->region->code, index + 1);
    catalogue_setup(&shop->catalogue, warehouse_count);
}

void shop_free(struct shop *shop)
{
    catalogue_free(&shop->catalogue);
    book_free(&shop->book);
    packages_free(&shop->packages);
    cases_free(&shop->cases);
    external_orders_free(&shop->external);
}

static struct stock *stock_of(const struct shop *shop, const struct order *order,
                              const struct order_line *line)
{
    return catalogue_stock(&shop->catalogue, line->sku, order->warehouse);
}

void shop_commit_stock(struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    for (uint32_t i = 0; i < order->line_count; i++)
        stock_of(shop, order, &lines[i])->committed += (int32_t)lines[i].units;
}

void shop_release_stock(struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    for (uint32_t i = 0; i < order->line_count; i++)
        stock_of(shop, order, &lines[i])->committed -=
            (int32_t)(lines[i].units - lines[i].cancelled);
}

void shop_take_stock(struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    for (uint32_t i = 0; i < order->line_count; i++) {
        struct stock *stock = stock_of(shop, order, &lines[i]);
        int32_t units = (int32_t)lines[i].units;
        stock->available = stock->available > units ? stock->available - units : 0;
    }
}

void shop_give_back_stock(struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    for (uint32_t i = 0; i < order->line_count; i++) {
        struct stock *stock = stock_of(shop, order, &lines[i]);
        int32_t room = CATALOGUE_MOST_STOCK - stock->available;
        int32_t units = (int32_t)(lines[i].units - lines[i].cancelled);
        stock->available += units < room ? units : room;
    }
}

void shop_cancel_units(struct shop *shop, const struct order *order, uint32_t line, uint32_t count)
{
    struct stock *stock = stock_of(shop, order, &book_lines(&shop->book, order)[line]);
    int32_t room = CATALOGUE_MOST_STOCK - stock->available, units = (int32_t)count;
    stock->committed -= units;
    stock->available += units < room ? units : room;
}

void shop_sell_out(struct shop *shop, const struct order *order, uint32_t line)
{
    stock_of(shop, order, &book_lines(&shop->book, order)[line])->available = 0;
}
