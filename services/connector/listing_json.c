/* A product as the marketplace lists it. */
#include "services/connector/listing_json.h"

#include "common/currency.h"
#include "common/text.h"
#include "services/connector/money.h"
#include "services/connector/value.h"

/* Limits of channel.listing (proto/connector.schema). */
enum {
    TITLE_MAX = 512,
    STATE_MAX = 32,
    URL_MAX = 1024,
    SELLER_SKU_MAX = 64,
    SKU_TITLE_MAX = 256,
    SKUS_MAX = 300,
    STOCK_MAX = 50,
    NAME_MAX = 120,
    ID_MAX = 32,
};

static size_t count_elements(struct sp_json array, size_t most)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && count < most && sp_json_next(&walk, NULL, &element))
        count++;
    return count;
}

/* "Blue, M" from the sales attributes, which only a product's detail carries. */
static struct sp_text attributes_of(struct sp_json attributes, struct sp_arena *arena)
{
    struct sp_buffer joined = {0};
    struct sp_json_walk walk = sp_json_each(attributes);
    struct sp_json element;
    while (!walk.object && joined.size < SKU_TITLE_MAX && sp_json_next(&walk, NULL, &element)) {
        struct sp_text value =
            tiktok_text(sp_json_get(element, "value_name"), SKU_TITLE_MAX, arena);
        if (value.size == 0)
            continue;
        if (joined.size > 0)
            sp_buffer_put_string(&joined, ", ");
        sp_buffer_put_text(&joined, value);
    }
    struct sp_text title =
        sp_text_fit(sp_arena_copy(arena, sp_buffer_text(&joined)), SKU_TITLE_MAX, arena);
    sp_buffer_free(&joined);
    return title;
}

static void read_stock(struct sp_json inventory, struct listing_sku *sku, struct sp_arena *arena)
{
    size_t count = count_elements(inventory, STOCK_MAX);
    if (count == 0)
        return;
    struct channel_stock *stock = sp_arena_array(arena, count, sizeof *stock);
    struct sp_json_walk walk = sp_json_each(inventory);
    struct sp_json element;
    for (size_t i = 0; i < count && sp_json_next(&walk, NULL, &element); i++) {
        struct sp_text id = sp_json_text(sp_json_get(element, "warehouse_id"), arena);
        if (!tiktok_is_id(id))
            continue;
        int64_t quantity = sp_json_int(sp_json_get(element, "quantity"), 0);
        stock[sku->stock_count++] = (struct channel_stock){id, quantity > 0 ? quantity : 0};
    }
    sku->stock = stock;
}

static void read_price(struct sp_json price, struct listing_sku *sku, struct sp_arena *arena)
{
    enum { CURRENCY, SALE, TAX_EXCLUSIVE, MEMBERS };
    static const char *const names[MEMBERS] = {"currency", "sale_price", "tax_exclusive_price"};
    struct sp_json value[MEMBERS];
    sp_json_members(price, names, MEMBERS, value);
    sku->currency = tiktok_text(value[CURRENCY], 3, arena);
    /* Which of the two is filled depends on the kind of seller. */
    bool has_sale = sp_json_text(value[SALE], arena).size > 0;
    sku->price_minor = tiktok_minor(has_sale ? value[SALE] : value[TAX_EXCLUSIVE],
                                    sp_currency_digits(sku->currency));
}

static bool read_sku(struct sp_json json, struct listing_sku *sku, struct sp_arena *arena)
{
    enum { ID, SELLER_SKU, PRICE, INVENTORY, ATTRIBUTES, MEMBERS };
    static const char *const names[MEMBERS] = {"id", "seller_sku", "price", "inventory",
                                               "sales_attributes"};
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    sku->sku_id = sp_json_text(value[ID], arena);
    if (!tiktok_is_id(sku->sku_id))
        return false;
    sku->seller_sku = tiktok_text(value[SELLER_SKU], SELLER_SKU_MAX, arena);
    sku->title = attributes_of(value[ATTRIBUTES], arena);
    read_price(value[PRICE], sku, arena);
    read_stock(value[INVENTORY], sku, arena);
    return true;
}

static void read_skus(struct sp_json array, struct channel_listing *fact, struct sp_arena *arena)
{
    size_t count = count_elements(array, SKUS_MAX);
    if (count == 0)
        return;
    struct listing_sku *skus = sp_arena_array(arena, count, sizeof *skus);
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    for (size_t i = 0; i < count && sp_json_next(&walk, NULL, &element); i++) {
        struct listing_sku sku = {0};
        if (read_sku(element, &sku, arena))
            skus[fact->skus_count++] = sku;
    }
    fact->skus = skus;
}

static struct sp_text first_image(struct sp_json images, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(images);
    struct sp_json image, url;
    if (walk.object || !sp_json_next(&walk, NULL, &image))
        return (struct sp_text){0};
    walk = sp_json_each(sp_json_get(image, "urls"));
    if (walk.object || !sp_json_next(&walk, NULL, &url))
        return (struct sp_text){0};
    struct sp_text text = sp_json_text(url, arena);
    return text.size <= URL_MAX ? sp_text_fit(text, URL_MAX, arena) : (struct sp_text){0};
}

enum sp_result tiktok_read_listing(struct sp_json json, struct sp_arena *arena,
                                   struct channel_listing *fact, struct sp_error *err)
{
    enum { ID, TITLE, STATUS, UPDATED, SKUS, IMAGES, MEMBERS };
    static const char *const names[MEMBERS] = {"id",          "title", "status",
                                               "update_time", "skus",  "main_images"};
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    *fact = (struct channel_listing){.product_id = sp_json_text(value[ID], arena)};
    if (json.kind != SP_JSON_OBJECT || !tiktok_is_id(fact->product_id))
        return sp_fail(err, SP_REJECT, "a product has no usable id");
    fact->title = tiktok_text(value[TITLE], TITLE_MAX, arena);
    fact->state = tiktok_text(value[STATUS], STATE_MAX, arena);
    fact->updated_at = tiktok_time(value[UPDATED]);
    fact->image_url = first_image(value[IMAGES], arena);
    read_skus(value[SKUS], fact, arena);
    return SP_OK;
}

bool tiktok_read_warehouse(struct sp_json json, struct sp_arena *arena,
                           struct channel_warehouse *warehouse)
{
    enum { ID, NAME, TYPE, EFFECT, DEFAULT, MEMBERS };
    static const char *const names[MEMBERS] = {"id", "name", "type", "effect_status", "is_default"};
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    *warehouse = (struct channel_warehouse){
        .channel_warehouse_id = sp_json_text(value[ID], arena),
        .name = tiktok_text(value[NAME], NAME_MAX, arena),
        .is_default = sp_json_bool(value[DEFAULT]),
    };
    struct sp_text type = sp_json_text(value[TYPE], arena);
    struct sp_text effect = sp_json_text(value[EFFECT], arena);
    bool sells = (type.size == 0 || sp_text_is(type, "SALES_WAREHOUSE")) &&
                 (effect.size == 0 || sp_text_is(effect, "ENABLED"));
    return sells && tiktok_is_id(warehouse->channel_warehouse_id);
}
