/* A number that tells whether two revisions of an order say the same. */
#include "services/order-ingest/content_hash.h"

#include <string.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static void add_int(uint64_t *hash, int64_t value)
{
    /* A whole number in one step: the multiplication spreads it as well as eight would. */
    *hash = (*hash ^ (uint64_t)value) * FNV_PRIME;
    *hash ^= *hash >> 32;
}

/* The length goes first, so that "ab" + "c" differs from "a" + "bc".  Eight bytes a step; the last
 * ones are filled up with zeros. */
static void add_text(uint64_t *hash, struct sp_text text)
{
    add_int(hash, (int64_t)text.size);
    for (size_t i = 0; i < text.size; i += sizeof(int64_t)) {
        int64_t word = 0;
        size_t left = text.size - i;
        memcpy(&word, text.data + i, left < sizeof word ? left : sizeof word);
        add_int(hash, word);
    }
}

static void add_times(uint64_t *hash, const struct channel_order *order)
{
    const int64_t values[] = {
        order->shop_id,
        order->created_at,
        order->updated_at,
        order->paid_at,
        order->ready_at,
        order->collected_at,
        order->delivered_at,
        order->cancelled_at,
        order->ship_by,
        order->is_cod,
        order->is_sample,
        order->is_replacement,
        order->fulfilled_by_channel,
        order->buyer_wants_cancel,
    };
    for (size_t i = 0; i < SP_COUNT(values); i++)
        add_int(hash, values[i]);
}

static void add_money(uint64_t *hash, const struct channel_order *order)
{
    const int64_t values[] = {
        order->total_minor, order->subtotal_minor,        order->shipping_minor,
        order->tax_minor,   order->seller_discount_minor, order->platform_discount_minor,
    };
    for (size_t i = 0; i < SP_COUNT(values); i++)
        add_int(hash, values[i]);
    add_text(hash, order->currency);
}

static void add_texts(uint64_t *hash, const struct channel_order *order)
{
    const struct sp_text texts[] = {
        order->status,        order->cancel_initiator,   order->cancel_reason,
        order->shipping_type, order->delivery_option_id, order->channel_warehouse_id,
        order->buyer_note,
    };
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        add_text(hash, texts[i]);
}

static void add_unit_ids(uint64_t *hash, const struct unit_id ids[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_text(hash, ids[i].id);
}

static void add_apart(uint64_t *hash, const struct units_apart *apart)
{
    add_int(hash, apart->units);
    add_text(hash, apart->status);
    add_text(hash, apart->package_id);
    add_unit_ids(hash, apart->unit_ids, apart->unit_ids_count);
}

static void add_line(uint64_t *hash, const struct channel_line *line)
{
    add_int(hash, line->line);
    add_int(hash, line->units);
    add_int(hash, line->price_minor);
    add_int(hash, line->is_gift);
    add_text(hash, line->product_id);
    add_text(hash, line->sku_id);
    add_text(hash, line->seller_sku);
    add_text(hash, line->product_name);
    add_text(hash, line->sku_name);
    add_text(hash, line->status);
    add_text(hash, line->package_id);
    add_unit_ids(hash, line->unit_ids, line->unit_ids_count);
    for (size_t i = 0; i < line->apart_count; i++)
        add_apart(hash, &line->apart[i]);
}

int64_t ingest_content_hash(const struct channel_order *order)
{
    uint64_t hash = FNV_START;
    add_times(&hash, order);
    add_money(&hash, order);
    add_texts(&hash, order);
    for (size_t i = 0; i < order->lines_count; i++)
        add_line(&hash, &order->lines[i]);
    for (size_t i = 0; i < order->packages_count; i++) {
        add_text(&hash, order->packages[i].package_id);
        add_text(&hash, order->packages[i].tracking);
        add_text(&hash, order->packages[i].carrier);
    }
    return (int64_t)hash;
}
