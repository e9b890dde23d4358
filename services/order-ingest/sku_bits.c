/* A signature of the SKUs in an order. */
#include "services/order-ingest/sku_bits.h"

enum { BITS_OF_A_SKU = 3, NUMBER_BITS = 64 };

static unsigned char folded(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int64_t ingest_sku_bits(struct sp_text sku)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (size_t i = 0; i < sku.size; i++)
        hash = (hash ^ folded(sku.data[i])) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    uint64_t bits = 0;
    for (int i = 0; i < BITS_OF_A_SKU; i++, hash /= NUMBER_BITS)
        bits |= UINT64_C(1) << hash % NUMBER_BITS;
    return (int64_t)bits;
}

int64_t ingest_order_sku_bits(const struct channel_order *order)
{
    int64_t bits = 0;
    for (size_t i = 0; i < order->lines_count; i++) {
        if (order->lines[i].seller_sku.size > 0)
            bits |= ingest_sku_bits(order->lines[i].seller_sku);
    }
    return bits;
}
