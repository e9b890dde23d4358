/* A catalogue out of nothing, for a shop without a seller's file. */
#include <stdio.h>

#include "services/sandbox/catalogue.h"
#include "services/sandbox/seed.h"

static const char *const kinds[] = {"Mug",    "Shirt", "Cap",    "Poster", "Cushion", "Lantern",
                                    "Basket", "Clock", "Candle", "Apron",  "Frame",   "Bowl"};
static const char *const looks[] = {"White", "Blue", "Red", "Green", "Grey", "Yellow", "Striped"};
static const char *const codes[] = {"A", "B", "C", "D"};

enum { MOST_SISTERS = SP_COUNT(codes), FIRST_CODE = 10000 };

/* 0.99 to 49.99 in a currency with a fraction, 20,000 to 519,000 in one without. */
static int64_t price_of(uint64_t seed, size_t product, int digits)
{
    uint64_t step = seed_below(seed, SEED_PRICE, product, 50);
    return digits > 0 ? (int64_t)step * 100 + 99 : ((int64_t)step * 10 + 20) * 1000;
}

static void invent_sku(struct catalogue *catalogue, struct catalogue_entry *entry, size_t product,
                       size_t sister)
{
    char code[SELLER_SKU_BYTES], name[TITLE_BYTES];
    const char *kind = kinds[product % SP_COUNT(kinds)];
    const char *look = looks[(product / SP_COUNT(kinds) + sister) % SP_COUNT(looks)];
    int code_size = snprintf(code, sizeof code, "%05zu%s", FIRST_CODE + product, codes[sister]);
    int name_size = snprintf(name, sizeof name, "%s %s No %zu", look, kind, product + 1);
    entry->seller_sku = (struct sp_text){code, (size_t)code_size};
    entry->name = (struct sp_text){name, (size_t)name_size};
    (void)catalogue_add(catalogue, entry);
}

void catalogue_invent(struct catalogue *catalogue, uint64_t seed, size_t count, int digits,
                      int64_t now)
{
    for (size_t i = 0; i < count; i++) {
        size_t sisters = 1 + seed_below(seed, SEED_PRODUCT, i, MOST_SISTERS);
        for (size_t k = 0; k < sisters; k++) {
            struct catalogue_entry entry = {
                .price_minor = price_of(seed, i, digits),
                .create_time = now - 60 * 86400,
                .available =
                    (int32_t)(20 + seed_below(seed, SEED_STOCK, i * MOST_SISTERS + k, 980)),
            };
            invent_sku(catalogue, &entry, i, k);
        }
    }
}
