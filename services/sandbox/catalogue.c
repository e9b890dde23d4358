#include "services/sandbox/catalogue.h"

#include <stdlib.h>
#include <string.h>

enum { FAMILY_DIGITS = 5 };

void catalogue_setup(struct catalogue *catalogue, uint32_t warehouse_count)
{
    SP_ASSERT(warehouse_count >= 1 && warehouse_count <= CATALOGUE_WAREHOUSES);
    *catalogue = (struct catalogue){.texts = sp_arena_open(), .warehouse_count = warehouse_count};
}

void catalogue_free(struct catalogue *catalogue)
{
    names_free(&catalogue->families);
    names_free(&catalogue->seller_skus);
    sp_arena_close(&catalogue->texts);
    free(catalogue->products);
    free(catalogue->skus);
    free(catalogue->stock);
    *catalogue = (struct catalogue){0};
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "85123A" gives "A"; empty when the code is not five digits and letters. */
static struct sp_text suffix_of(struct sp_text code)
{
    struct sp_text none = {0};
    if (code.size <= FAMILY_DIGITS)
        return none;
    for (size_t i = 0; i < code.size; i++) {
        bool digit = code.data[i] >= '0' && code.data[i] <= '9';
        if (i < FAMILY_DIGITS ? !digit : !is_letter(code.data[i]))
            return none;
    }
    return (struct sp_text){code.data + FAMILY_DIGITS, code.size - FAMILY_DIGITS};
}

static uint32_t add_product(struct catalogue *catalogue, struct sp_text family,
                            const struct catalogue_entry *entry)
{
    if (catalogue->product_count == catalogue->product_capacity) {
        size_t capacity = catalogue->product_capacity == 0 ? 64 : catalogue->product_capacity * 2;
        catalogue->products = sp_realloc(catalogue->products, capacity * sizeof(struct product));
        catalogue->product_capacity = capacity;
    }
    uint32_t at = (uint32_t)catalogue->product_count++;
    catalogue->products[at] = (struct product){
        .title = sp_arena_copy(catalogue->texts, entry->name),
        .first_sku = NAMES_NONE,
        .last_sku = NAMES_NONE,
        .create_time = entry->create_time,
        .update_time = entry->create_time,
        .status = PRODUCT_ACTIVE,
    };
    names_put(&catalogue->families, family, at);
    return at;
}

static uint32_t grow_skus(struct catalogue *catalogue)
{
    if (catalogue->sku_count == catalogue->sku_capacity) {
        size_t capacity = catalogue->sku_capacity == 0 ? 64 : catalogue->sku_capacity * 2;
        size_t places = capacity * catalogue->warehouse_count;
        catalogue->skus = sp_realloc(catalogue->skus, capacity * sizeof(struct sku));
        catalogue->stock = sp_realloc(catalogue->stock, places * sizeof(struct stock));
        catalogue->sku_capacity = capacity;
    }
    SP_ASSERT(catalogue->sku_count < CATALOGUE_SKUS);
    return (uint32_t)catalogue->sku_count++;
}

/* Behind the product's other SKUs. */
static void link_to_product(struct catalogue *catalogue, uint32_t sku, uint32_t product)
{
    struct product *owner = &catalogue->products[product];
    if (owner->last_sku == NAMES_NONE)
        owner->first_sku = sku;
    else
        catalogue->skus[owner->last_sku].next = sku;
    owner->last_sku = sku;
    owner->sku_count++;
}

/* A code that is its own family still shares the product of its lettered sisters: 85123 and 85123A.
 */
static uint32_t product_for(struct catalogue *catalogue, struct sp_text code,
                            const struct catalogue_entry *entry)
{
    struct sp_text family = code;
    if (suffix_of(code).size > 0)
        family.size = FAMILY_DIGITS;
    uint32_t product = names_find(&catalogue->families, family);
    return product == NAMES_NONE ? add_product(catalogue, family, entry) : product;
}

static uint32_t add_sku(struct catalogue *catalogue, const struct catalogue_entry *entry)
{
    struct sp_text code = sp_arena_copy(catalogue->texts, entry->seller_sku);
    uint32_t product = product_for(catalogue, code, entry);
    uint32_t sku = grow_skus(catalogue);
    catalogue->skus[sku] = (struct sku){
        .seller_sku = code,
        .name = sp_arena_copy(catalogue->texts, entry->name),
        .suffix = suffix_of(code),
        .price_minor = entry->price_minor,
        .product = product,
        .next = NAMES_NONE,
    };
    for (uint32_t i = 0; i < catalogue->warehouse_count; i++)
        *catalogue_stock(catalogue, sku, i) = (struct stock){entry->available, 0, -1, 0};
    link_to_product(catalogue, sku, product);
    names_put(&catalogue->seller_skus, code, sku);
    return sku;
}

/* Some rows of real files have no description or price; another row of the same code may. */
static void fill_in(struct catalogue *catalogue, uint32_t at, const struct catalogue_entry *entry)
{
    struct sku *sku = &catalogue->skus[at];
    if (sku->name.size == 0)
        sku->name = sp_arena_copy(catalogue->texts, entry->name);
    if (sku->price_minor == 0)
        sku->price_minor = entry->price_minor;
    struct product *product = &catalogue->products[sku->product];
    if (product->title.size == 0)
        product->title = sku->name;
}

uint32_t catalogue_add(struct catalogue *catalogue, const struct catalogue_entry *entry)
{
    uint32_t sku = names_find(&catalogue->seller_skus, entry->seller_sku);
    if (sku == NAMES_NONE)
        sku = add_sku(catalogue, entry);
    fill_in(catalogue, sku, entry);
    return sku;
}

uint32_t catalogue_find(const struct catalogue *catalogue, struct sp_text seller_sku)
{
    return names_find(&catalogue->seller_skus, seller_sku);
}

bool catalogue_sells(const struct catalogue *catalogue, uint32_t sku)
{
    return catalogue->products[catalogue->skus[sku].product].status == PRODUCT_ACTIVE;
}

struct stock *catalogue_stock(const struct catalogue *catalogue, uint32_t sku, uint32_t warehouse)
{
    SP_ASSERT(sku < catalogue->sku_count && warehouse < catalogue->warehouse_count);
    return &catalogue->stock[(size_t)sku * catalogue->warehouse_count + warehouse];
}

struct sp_text catalogue_sku_name(const struct catalogue *catalogue, uint32_t at)
{
    const struct sku *sku = &catalogue->skus[at];
    const struct product *product = &catalogue->products[sku->product];
    if (product->sku_count == 1)
        return SP_TEXT("Default");
    if (sku->name.size > 0 && !sp_text_equal(sku->name, product->title))
        return sku->name;
    return sku->suffix.size > 0 ? sku->suffix : SP_TEXT("Plain");
}
