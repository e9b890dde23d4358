/* Which SKU a print file's name means. */
#include "services/product-mapper/design_match.h"

#include <strings.h>

static bool is_of_a_word(char letter)
{
    unsigned char byte = (unsigned char)letter;
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte >= 0x80;
}

bool mapper_names_sku(struct sp_text file_name, struct sp_text sku)
{
    for (size_t at = 0; sku.size > 0 && at + sku.size <= file_name.size; at++) {
        size_t end = at + sku.size;
        bool alone = (at == 0 || !is_of_a_word(file_name.data[at - 1])) &&
                     (end == file_name.size || !is_of_a_word(file_name.data[end]));
        if (alone && strncasecmp(file_name.data + at, sku.data, sku.size) == 0)
            return true;
    }
    return false;
}

static bool alike(struct sp_text a, struct sp_text b)
{
    return a.size == b.size && strncasecmp(a.data, b.data, a.size) == 0;
}

size_t mapper_design_sku(struct sp_text file_name, const struct sp_text skus[], size_t count)
{
    size_t best = count;
    bool several = false;
    for (size_t i = 0; i < count; i++) {
        if (!mapper_names_sku(file_name, skus[i]))
            continue;
        bool equal = best < count && skus[i].size == skus[best].size;
        if (best == count || skus[i].size > skus[best].size) {
            best = i;
            several = false;
        } else if (equal && !alike(skus[i], skus[best])) {
            several = true;
        }
    }
    return several ? count : best;
}
