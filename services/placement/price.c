#include "services/placement/price.h"

#include <stdlib.h>
#include <string.h>

int variant_price_compare(const void *left, const void *right)
{
    const struct variant_price *a = left, *b = right;
    if (a->account_id != b->account_id)
        return a->account_id < b->account_id ? -1 : 1;
    return (a->variant_id > b->variant_id) - (a->variant_id < b->variant_id);
}

const struct variant_price *price_find(const struct price_list *list, int64_t account_id,
                                       int64_t variant_id)
{
    struct variant_price wanted = {.account_id = account_id, .variant_id = variant_id};
    if (list->count == 0)
        return NULL;
    return bsearch(&wanted, list->prices, list->count, sizeof wanted, variant_price_compare);
}

bool terms_surcharge(const struct place_terms *terms, int64_t *minor)
{
    bool is_default = !terms->surcharge_given && strcmp(terms->currency, "USD") == 0;
    *minor = is_default ? DEFAULT_SURCHARGE_MINOR : terms->surcharge_minor;
    return terms->surcharge_given || is_default;
}

/* *sum += a × b, within the limit. */
static bool add_product(int64_t *sum, int64_t a, int64_t b)
{
    int64_t product;
    return a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, &product) &&
           !__builtin_add_overflow(*sum, product, sum) && *sum <= MOST_CHARGE_MINOR;
}

static bool price_line(const struct order_allocated *order, const struct allocated_line *line,
                       const struct price_list *list, struct charge *charge)
{
    int64_t unit = 0;
    for (size_t i = 0; i < line->parts_count; i++) {
        const struct variant_price *price =
            price_find(list, order->head.account_id, line->parts[i].variant_id);
        if (price != NULL && !add_product(&unit, line->parts[i].pieces, price->cost_minor))
            return false;
    }
    return add_product(&charge->goods_minor, line->units, unit);
}

bool price_order(const struct order_allocated *order, const struct place_terms *terms,
                 const struct price_list *list, struct charge *charge)
{
    int64_t surcharge = 0;
    /* Only orders of a marketplace carry it. */
    if (order->is_manual || !terms_surcharge(terms, &surcharge))
        surcharge = 0;
    *charge = (struct charge){.shipping_minor = terms->shipping_minor};
    for (size_t i = 0; i < order->lines_count; i++) {
        const struct allocated_line *line = &order->lines[i];
        if (line->cancelled)
            continue;
        int64_t times = terms->surcharge_per_line ? 1 : line->units;
        if (!price_line(order, line, list, charge) ||
            !add_product(&charge->surcharge_minor, times, surcharge))
            return false;
    }
    charge->total_minor = charge->goods_minor + charge->surcharge_minor + charge->shipping_minor;
    return charge->total_minor >= 0 && charge->total_minor <= MOST_CHARGE_MINOR;
}
