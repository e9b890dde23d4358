/* Ordered lists of references: what is needed of a batch, each once. */
#include <string.h>

#include "services/inventory/store.h"

static int compare_ids(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int variant_ref_compare(const void *left, const void *right)
{
    const struct variant_ref *a = left, *b = right;
    int order = compare_ids(a->account_id, b->account_id);
    return order != 0 ? order : compare_ids(a->variant_id, b->variant_id);
}

int order_ref_compare(const void *left, const void *right)
{
    const struct order_ref *a = left, *b = right;
    int order = compare_ids(a->account_id, b->account_id);
    return order != 0 ? order : sp_text_compare(a->key, b->key);
}

int shop_ref_compare(const void *left, const void *right)
{
    const struct shop_ref *a = left, *b = right;
    int order = compare_ids(a->account_id, b->account_id);
    return order != 0 ? order : compare_ids(a->shop_id, b->shop_id);
}

size_t unique_refs(void *refs, size_t count, size_t size,
                   int (*compare)(const void *, const void *))
{
    char *bytes = refs;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare(bytes + (kept - 1) * size, bytes + i * size) == 0)
            continue;
        memmove(bytes + kept++ * size, bytes + i * size, size);
    }
    return kept;
}
