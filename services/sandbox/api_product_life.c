/* Products put on sale, taken off it, deleted and brought back; and their prices. */
#include "services/sandbox/api_routes.h"
#include "services/sandbox/products.h"

enum { MOST_PRODUCTS = 20, MOST_SKUS = 300 };

/* ---- life
 * ---------------------------------------------------------------------------------------------- */

static void put_failure(struct api_call *call, struct sp_text id, enum api_error error)
{
    const struct api_error_row *row = api_error_of(error);
    sp_json_open_object(&call->data, NULL);
    sp_json_put_int(&call->data, "code", row->code);
    sp_json_put_cstring(&call->data, "message", row->message);
    sp_json_open_object(&call->data, "detail");
    sp_json_put_string(&call->data, "product_id", id);
    sp_json_close_object(&call->data);
    sp_json_close_object(&call->data);
}

static enum api_error happen(struct api_call *call, struct sp_text id, enum product_event event)
{
    uint64_t number = ids_counter(&call->shop->ids, ID_PRODUCT, id);
    if (number == 0 || number > call->shop->catalogue.product_count)
        return API_PRODUCT_UNKNOWN;
    return products_happen(call->sandbox, call->shop, (uint32_t)(number - 1), event)
               ? API_OK
               : API_PRODUCT_STATUS;
}

/* One product fails by itself; the array `errors` is there only when one did. */
static enum api_error happen_to_all(struct api_call *call, enum product_event event)
{
    struct sp_json ids = sp_json_get(call->body, "product_ids"), value;
    struct sp_json_walk walk = sp_json_each(ids);
    size_t count = sp_json_count(ids);
    bool failed = false;
    if (count == 0)
        return api_fail(call, API_BODY_MISSING, "product_ids");
    if (count > MOST_PRODUCTS)
        return api_fail(call, API_TOO_MANY_IDS, "product_ids");
    while (sp_json_next(&walk, NULL, &value)) {
        struct sp_text id = sp_json_text(value, call->arena);
        enum api_error error = happen(call, id, event);
        if (error == API_OK)
            continue;
        if (!failed)
            sp_json_open_array(&call->data, "errors");
        failed = true;
        put_failure(call, id, error);
    }
    if (failed)
        sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_activate_products(struct api_call *call)
{
    return happen_to_all(call, PRODUCT_ACTIVATE);
}

enum api_error api_deactivate_products(struct api_call *call)
{
    return happen_to_all(call, PRODUCT_DEACTIVATE);
}

enum api_error api_recover_products(struct api_call *call)
{
    return happen_to_all(call, PRODUCT_RECOVER);
}

enum api_error api_delete_products(struct api_call *call)
{
    return happen_to_all(call, PRODUCT_DELETE);
}

/* ---- prices
 * -------------------------------------------------------------------------------------------- */

struct new_price {
    uint32_t sku;
    int64_t minor;
};

/* Written as `amount`, by sellers across borders as `sale_price`. */
static enum api_error read_price(struct api_call *call, uint32_t product, struct sp_json from,
                                 struct new_price *price)
{
    const struct catalogue *catalogue = &call->shop->catalogue;
    struct sp_text id = sp_json_text(sp_json_get(from, "id"), call->arena);
    struct sp_json given = sp_json_get(from, "price");
    struct sp_json amount = sp_json_get(given, "amount");
    struct sp_text currency = sp_json_text(sp_json_get(given, "currency"), call->arena);
    uint64_t number = ids_counter(&call->shop->ids, ID_SKU, id);
    price->sku = (uint32_t)(number - 1);
    if (number == 0 || number > catalogue->sku_count ||
        catalogue->skus[price->sku].product != product)
        return API_STOCK_SKU;
    if (amount.kind == SP_JSON_NONE)
        amount = sp_json_get(given, "sale_price");
    if (amount.kind != SP_JSON_STRING ||
        sp_json_minor(amount, call->shop->region->digits, &price->minor) != SP_OK ||
        price->minor <= 0)
        return API_PRICE_FORMAT;
    bool ours = currency.size == 0 || sp_text_is(currency, call->shop->region->currency);
    return ours ? API_OK : API_PRICE_FORMAT;
}

static enum api_error read_prices(struct api_call *call, uint32_t product, struct sp_json skus,
                                  struct new_price prices[])
{
    struct sp_json_walk walk = sp_json_each(skus);
    struct sp_json sku;
    enum api_error error = API_OK;
    for (size_t i = 0; error == API_OK && sp_json_next(&walk, NULL, &sku); i++)
        error = read_price(call, product, sku, &prices[i]);
    return error;
}

/* All of them or none: the answer has no room for single failures. */
enum api_error api_update_prices(struct api_call *call)
{
    struct catalogue *catalogue = &call->shop->catalogue;
    uint64_t number = ids_counter(&call->shop->ids, ID_PRODUCT, call->path_params[0]);
    struct sp_json skus = sp_json_get(call->body, "skus");
    struct new_price prices[MOST_SKUS];
    size_t count = sp_json_count(skus);
    if (number == 0 || number > catalogue->product_count)
        return API_PRODUCT_UNKNOWN;
    if (count == 0)
        return api_fail(call, API_BODY_MISSING, "skus");
    if (count > MOST_SKUS)
        return API_TOO_MANY_IDS;
    struct product *product = &catalogue->products[number - 1];
    if (product->status != PRODUCT_ACTIVE)
        return API_PRODUCT_STATUS;
    if (product->price_locked)
        return API_PRICE_LOCKED;
    enum api_error error = read_prices(call, (uint32_t)(number - 1), skus, prices);
    if (error != API_OK)
        return error;
    for (size_t i = 0; i < count; i++)
        catalogue->skus[prices[i].sku].price_minor = prices[i].minor;
    product->update_time = sandbox_now(call->sandbox);
    return API_OK;
}
