/* Stock: what the shop shows, and what the seller's software sets. */
#include "services/sandbox/api_routes.h"

enum { MOST_PRODUCTS = 100, MOST_SKUS = 600, MOST_UPDATED = 300 };

/* ---- search
 * ------------------------------------------------------------------------------------------ */

static void put_warehouses(struct sp_json_writer *json, const struct shop *shop, uint32_t sku)
{
    sp_json_open_array(json, "warehouse_inventory");
    for (uint32_t i = 0; i < shop->catalogue.warehouse_count; i++) {
        const struct stock *stock = catalogue_stock(&shop->catalogue, sku, i);
        sp_json_open_object(json, NULL);
        api_put_id(json, "warehouse_id", ids_make(&shop->ids, ID_WAREHOUSE, i + 1u));
        sp_json_put_int(json, "available_quantity", stock->available);
        sp_json_put_int(json, "committed_quantity", stock->committed);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_sku(struct sp_json_writer *json, const struct shop *shop, uint32_t sku)
{
    int64_t available = 0, committed = 0;
    for (uint32_t i = 0; i < shop->catalogue.warehouse_count; i++) {
        available += catalogue_stock(&shop->catalogue, sku, i)->available;
        committed += catalogue_stock(&shop->catalogue, sku, i)->committed;
    }
    sp_json_open_object(json, NULL);
    api_put_id(json, "id", ids_make(&shop->ids, ID_SKU, sku + 1u));
    sp_json_put_string(json, "seller_sku", shop->catalogue.skus[sku].seller_sku);
    sp_json_put_int(json, "total_available_quantity", available);
    sp_json_put_int(json, "total_committed_quantity", committed);
    sp_json_open_object(json, "total_available_inventory_distribution");
    sp_json_open_object(json, "in_shop_inventory");
    sp_json_put_int(json, "quantity", available);
    sp_json_close_object(json);
    sp_json_open_array(json, "campaign_inventory");
    sp_json_close_array(json);
    sp_json_open_array(json, "creator_inventory");
    sp_json_close_array(json);
    sp_json_close_object(json);
    put_warehouses(json, shop, sku);
    sp_json_close_object(json);
}

/* `only`: a single SKU, or NAMES_NONE for all of the product. */
static void put_product(struct api_call *call, uint32_t product, uint32_t only)
{
    const struct catalogue *catalogue = &call->shop->catalogue;
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "product_id", ids_make(&call->shop->ids, ID_PRODUCT, product + 1u));
    sp_json_open_array(&call->data, "skus");
    for (uint32_t sku = catalogue->products[product].first_sku; sku != NAMES_NONE;
         sku = catalogue->skus[sku].next) {
        if (only == NAMES_NONE || only == sku)
            put_sku(&call->data, call->shop, sku);
    }
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

static enum api_error put_asked(struct api_call *call, struct sp_json ids, enum id_kind kind)
{
    struct sp_json_walk walk = sp_json_each(ids);
    struct sp_json id;
    size_t most = kind == ID_SKU ? MOST_SKUS : MOST_PRODUCTS;
    size_t known =
        kind == ID_SKU ? call->shop->catalogue.sku_count : call->shop->catalogue.product_count;
    for (size_t i = 0; sp_json_next(&walk, NULL, &id); i++) {
        if (i == most)
            return API_TOO_MANY_IDS;
        uint64_t number = ids_counter(&call->shop->ids, kind, sp_json_text(id, call->arena));
        if (number == 0 || number > known)
            continue;
        uint32_t at = (uint32_t)(number - 1);
        if (kind == ID_SKU)
            put_product(call, call->shop->catalogue.skus[at].product, at);
        else
            put_product(call, at, NAMES_NONE);
    }
    return API_OK;
}

enum api_error api_search_inventory(struct api_call *call)
{
    struct sp_json skus = sp_json_get(call->body, "sku_ids"), skus_first;
    struct sp_json products = sp_json_get(call->body, "product_ids");
    if (skus.kind != SP_JSON_ARRAY && products.kind != SP_JSON_ARRAY)
        return api_fail(call, API_BODY_MISSING, "product_ids");
    struct sp_json_walk walk = sp_json_each(skus);
    bool by_sku = sp_json_next(&walk, NULL, &skus_first); /* an empty array is none */
    sp_json_open_array(&call->data, "inventory");
    enum api_error error =
        by_sku ? put_asked(call, skus, ID_SKU) : put_asked(call, products, ID_PRODUCT);
    sp_json_close_array(&call->data);
    return error;
}

/* ---- update
 * ------------------------------------------------------------------------------------------ */

/* One SKU of an update, and what is wrong with it. */
struct update {
    struct sp_text id;
    uint32_t sku;
    int32_t quantity[CATALOGUE_WAREHOUSES];
    uint32_t listed; /* a bit for each warehouse */
    enum api_error error;
    struct sp_text warehouse_id; /* where, for errors of one warehouse */
};

static void spoil(struct update *update, enum api_error error, struct sp_text warehouse_id)
{
    if (update->error != API_OK)
        return;
    update->error = error;
    update->warehouse_id = warehouse_id;
}

static void read_level(struct api_call *call, struct sp_json level, struct update *update)
{
    const struct catalogue *catalogue = &call->shop->catalogue;
    struct sp_text id = sp_json_text(sp_json_get(level, "warehouse_id"), call->arena);
    uint64_t number = ids_counter(&call->shop->ids, ID_WAREHOUSE, id);
    if (id.size == 0 && catalogue->warehouse_count == 1)
        number = 1;
    if (number == 0 || number > catalogue->warehouse_count) {
        spoil(update, API_STOCK_WAREHOUSE, id);
        return;
    }
    int64_t quantity = sp_json_int(sp_json_get(level, "quantity"), -1);
    int64_t least = call->sandbox->options.accepts_zero ? 0 : 1;
    if (quantity < least || quantity > CATALOGUE_MOST_STOCK) {
        spoil(update, API_STOCK_COUNT, id);
        return;
    }
    update->quantity[number - 1] = (int32_t)quantity;
    update->listed |= 1u << (number - 1);
}

static struct update read_update(struct api_call *call, uint32_t product, struct sp_json sku)
{
    const struct catalogue *catalogue = &call->shop->catalogue;
    struct update update = {.id = sp_json_text(sp_json_get(sku, "id"), call->arena)};
    uint64_t number = ids_counter(&call->shop->ids, ID_SKU, update.id);
    update.sku = (uint32_t)(number - 1);
    if (number == 0 || number > catalogue->sku_count ||
        catalogue->skus[update.sku].product != product) {
        spoil(&update, API_STOCK_SKU, (struct sp_text){0});
        return update;
    }
    struct sp_json_walk walk = sp_json_each(sp_json_get(sku, "inventory"));
    struct sp_json level;
    while (sp_json_next(&walk, NULL, &level))
        read_level(call, level, &update);
    if (update.listed != (1u << catalogue->warehouse_count) - 1)
        spoil(&update, API_STOCK_WAREHOUSES, (struct sp_text){0});
    return update;
}

struct told_stock {
    const struct shop *shop;
    const struct update *update;
};

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct told_stock *told = about;
    sp_json_put_string(json, "sku_id", told->update->id);
    sp_json_put_int(json, "error", api_error_of(told->update->error)->code);
    sp_json_open_array(json, "quantities");
    for (uint32_t i = 0; i < told->shop->catalogue.warehouse_count; i++)
        sp_json_put_int(json, NULL, told->update->quantity[i]);
    sp_json_close_array(json);
}

static void apply(struct api_call *call, const struct update *update)
{
    struct shop *shop = call->shop;
    for (uint32_t i = 0; i < shop->catalogue.warehouse_count; i++) {
        struct stock *stock = catalogue_stock(&shop->catalogue, update->sku, i);
        stock->available = stock->told = update->quantity[i];
        stock->told_at = sandbox_now(call->sandbox);
        shop->stock_told++;
    }
}

static void put_failure(struct sp_json_writer *json, const struct update *update)
{
    const struct api_error_row *row = api_error_of(update->error);
    sp_json_open_object(json, NULL);
    sp_json_put_int(json, "code", row->code);
    sp_json_put_cstring(json, "message", row->message);
    sp_json_open_object(json, "detail");
    sp_json_put_string(json, "sku_id", update->id);
    if (update->warehouse_id.size > 0) {
        sp_json_open_array(json, "extra_errors");
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "code", row->code);
        sp_json_put_cstring(json, "message", row->message);
        sp_json_put_string(json, "warehouse_id", update->warehouse_id);
        sp_json_close_object(json);
        sp_json_close_array(json);
    }
    sp_json_close_object(json);
    sp_json_close_object(json);
}

/* Applies what is right, one SKU whole or not at all; the array `errors` is there only when
 * something was wrong. */
static enum api_error update_all(struct api_call *call, uint32_t product, struct sp_json skus)
{
    struct sp_json_walk walk = sp_json_each(skus);
    struct sp_json sku;
    bool failed = false;
    while (sp_json_next(&walk, NULL, &sku)) {
        struct update update = read_update(call, product, sku);
        truth_note(call->sandbox->truth, "told-stock", write_told,
                   &(struct told_stock){call->shop, &update});
        if (update.error == API_OK) {
            apply(call, &update);
            continue;
        }
        if (!failed)
            sp_json_open_array(&call->data, "errors");
        failed = true;
        put_failure(&call->data, &update);
    }
    if (failed)
        sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_update_inventory(struct api_call *call)
{
    uint64_t number = ids_counter(&call->shop->ids, ID_PRODUCT, call->path_params[0]);
    if (number == 0 || number > call->shop->catalogue.product_count)
        return API_PRODUCT_UNKNOWN;
    struct sp_json skus = sp_json_get(call->body, "skus");
    if (!product_is_shown((enum product_status)call->shop->catalogue.products[number - 1].status))
        return API_PRODUCT_STATUS;
    size_t count = skus.kind == SP_JSON_ARRAY ? sp_json_count(skus) : 0;
    if (count == 0)
        return api_fail(call, API_BODY_MISSING, "skus");
    if (count > MOST_UPDATED)
        return API_TOO_MANY_IDS;
    call->shop->stock_calls++;
    return update_all(call, (uint32_t)(number - 1), skus);
}
