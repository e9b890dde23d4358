#include "services/sandbox/ids.h"

#include "services/sandbox/seed.h"

/* First digits as seen on the marketplace; what follows is six digits of the seed and nine of the
 * counter. */
static const uint64_t prefixes[ID_KINDS] = {
    [ID_ORDER] = 576,
    [ID_ITEM] = 577,
    [ID_PRODUCT] = 1729,
    [ID_SKU] = 1730,
    [ID_WAREHOUSE] = 7068,
    [ID_SHOP] = 7490,
    [ID_USER] = 7021,
    [ID_PACKAGE] = 1153,
    [ID_DELIVERY_OPTION] = 7091,
    [ID_ATTRIBUTE] = 1000,
    [ID_NOTICE] = 7400,
    [ID_CARRIER] = 6617,
    [ID_SHIPPING_SERVICE] = 7208,
    [ID_CANCEL] = 4035,
    [ID_RETURN] = 4036,
    [ID_CASE_ITEM] = 4037,
    [ID_STATEMENT] = 7238,
    [ID_PAYMENT] = 3459,
    [ID_TRANSACTION] = 3460,
    [ID_REFUND_TRANSACTION] = 3461,
};

void ids_setup(struct ids *ids, uint64_t seed, uint32_t shop)
{
    uint64_t middle = 100000 + seed_below(seed, SEED_IDS, shop, 900000);
    for (int kind = 0; kind < ID_KINDS; kind++)
        ids->base[kind] = (prefixes[kind] * 1000000 + middle) * ID_COUNTERS;
}

uint64_t ids_make(const struct ids *ids, enum id_kind kind, uint64_t counter)
{
    SP_ASSERT(counter > 0 && counter < ID_COUNTERS);
    return ids->base[kind] + counter;
}

uint64_t ids_counter(const struct ids *ids, enum id_kind kind, struct sp_text id)
{
    int64_t value;
    if (!sp_text_to_int(id, &value) || value < 0)
        return 0;
    uint64_t number = (uint64_t)value;
    if (number <= ids->base[kind] || number - ids->base[kind] >= ID_COUNTERS)
        return 0;
    return number - ids->base[kind];
}

struct sp_text ids_text(uint64_t id, char text[ID_TEXT])
{
    size_t at = ID_TEXT;
    do {
        text[--at] = (char)('0' + id % 10);
        id /= 10;
    } while (id > 0);
    return (struct sp_text){text + at, ID_TEXT - at};
}
