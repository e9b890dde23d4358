/* Ordered lists of references: what is needed of a batch, each once. */
#include <string.h>

#include "services/placement/store.h"

int order_ref_compare(const void *left, const void *right)
{
    const struct order_ref *a = left, *b = right;
    if (a->account_id != b->account_id)
        return a->account_id < b->account_id ? -1 : 1;
    return sp_text_compare(a->key, b->key);
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
