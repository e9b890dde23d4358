#include "services/sandbox/product_json.h"

#include <stdio.h>

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

static void put_audit(struct sp_json_writer *json, const struct product *product)
{
    sp_json_open_object(json, "audit");
    sp_json_put_cstring(json, "status", product_audit_name((enum product_status)product->status));
    sp_json_close_object(json);
}

static void put_stock(struct sp_json_writer *json, const struct shop *shop, uint32_t sku)
{
    sp_json_open_array(json, "inventory");
    for (uint32_t i = 0; i < shop->catalogue.warehouse_count; i++) {
        sp_json_open_object(json, NULL);
        put_id(json, "warehouse_id", ids_make(&shop->ids, ID_WAREHOUSE, i + 1u));
        sp_json_put_int(json, "quantity", catalogue_stock(&shop->catalogue, sku, i)->available);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

/* `sale_price` is only in the detail: which field is filled depends on the kind of seller. */
static void put_price(struct sp_json_writer *json, const struct shop *shop, const struct sku *sku,
                      const char *also)
{
    sp_json_open_object(json, "price");
    sp_json_put_cstring(json, "currency", shop->region->currency);
    if (also != NULL)
        sp_json_put_minor(json, also, sku->price_minor, shop->region->digits);
    sp_json_put_minor(json, "tax_exclusive_price", sku->price_minor, shop->region->digits);
    sp_json_close_object(json);
}

static void put_status(struct sp_json_writer *json)
{
    sp_json_open_object(json, "status_info");
    sp_json_put_cstring(json, "status", "NORMAL");
    sp_json_close_object(json);
}

static void put_list_sku(struct sp_json_writer *json, const struct shop *shop, uint32_t at,
                         enum product_view view)
{
    const struct sku *sku = &shop->catalogue.skus[at];
    sp_json_open_object(json, NULL);
    put_id(json, "id", ids_make(&shop->ids, ID_SKU, at + 1u));
    sp_json_put_string(json, "seller_sku", sku->seller_sku);
    put_price(json, shop, sku, NULL);
    put_stock(json, shop, at);
    if (view == PRODUCT_OF_202502)
        put_status(json);
    sp_json_close_object(json);
}

static void put_head(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    const struct product *product = &shop->catalogue.products[at];
    put_id(json, "id", ids_make(&shop->ids, ID_PRODUCT, at + 1u));
    sp_json_put_string(json, "title", product->title);
    sp_json_put_cstring(json, "status", product_status_name((enum product_status)product->status));
    sp_json_put_int(json, "create_time", product->create_time);
    sp_json_put_int(json, "update_time", product->update_time);
}

static void put_state(struct sp_json_writer *json, const struct product *product,
                      enum product_view view)
{
    if (view == PRODUCT_OF_202309)
        return;
    put_audit(json, product);
    sp_json_put_bool(json, "is_not_for_sale", false);
    if (view == PRODUCT_OF_202502)
        sp_json_put_bool(json, "has_draft", false);
}

void product_json_put(struct sp_json_writer *json, const struct shop *shop, uint32_t at,
                      enum product_view view)
{
    const struct product *product = &shop->catalogue.products[at];
    sp_json_open_object(json, NULL);
    put_head(json, shop, at);
    put_state(json, product, view);
    sp_json_open_array(json, "sales_regions");
    sp_json_put_cstring(json, NULL, shop->region->code);
    sp_json_close_array(json);
    sp_json_open_array(json, "skus");
    for (uint32_t sku = product->first_sku; sku != NAMES_NONE; sku = shop->catalogue.skus[sku].next)
        put_list_sku(json, shop, sku, view);
    sp_json_close_array(json);
    sp_json_close_object(json);
}

/* ---- alone
 * ------------------------------------------------------------------------------------------- */

static void put_measures(struct sp_json_writer *json)
{
    sp_json_open_object(json, "package_weight");
    sp_json_put_cstring(json, "value", "0.35");
    sp_json_put_cstring(json, "unit", "KILOGRAM");
    sp_json_close_object(json);
    sp_json_open_object(json, "package_dimensions");
    sp_json_put_cstring(json, "length", "20");
    sp_json_put_cstring(json, "width", "15");
    sp_json_put_cstring(json, "height", "10");
    sp_json_put_cstring(json, "unit", "CENTIMETER");
    sp_json_close_object(json);
}

static void put_category(struct sp_json_writer *json)
{
    sp_json_open_array(json, "category_chains");
    sp_json_open_object(json, NULL);
    put_id(json, "id", PRODUCT_CATEGORY);
    sp_json_put_cstring(json, "parent_id", "0");
    sp_json_put_cstring(json, "local_name", "Home supplies");
    sp_json_put_bool(json, "is_leaf", true);
    sp_json_close_object(json);
    sp_json_close_array(json);
    sp_json_open_object(json, "brand");
    put_id(json, "id", PRODUCT_BRAND);
    sp_json_put_cstring(json, "name", "Sandbox");
    sp_json_close_object(json);
}

static void put_images(struct sp_json_writer *json, uint32_t at)
{
    char uri[64], url[128];
    (void)snprintf(uri, sizeof uri, "tos-sandbox/%08x", (unsigned)at + 1);
    (void)snprintf(url, sizeof url, "https://images.example.com/%s.jpeg", uri);
    sp_json_open_array(json, "main_images");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "uri", uri);
    sp_json_open_array(json, "urls");
    sp_json_put_cstring(json, NULL, url);
    sp_json_close_array(json);
    sp_json_open_array(json, "thumb_urls");
    sp_json_put_cstring(json, NULL, url);
    sp_json_close_array(json);
    sp_json_put_int(json, "width", 800);
    sp_json_put_int(json, "height", 800);
    sp_json_close_object(json);
    sp_json_close_array(json);
}

static void put_detail_sku(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    const struct sku *sku = &shop->catalogue.skus[at];
    sp_json_open_object(json, NULL);
    put_id(json, "id", ids_make(&shop->ids, ID_SKU, at + 1u));
    sp_json_put_string(json, "seller_sku", sku->seller_sku);
    sp_json_open_array(json, "sales_attributes");
    if (shop->catalogue.products[sku->product].sku_count > 1) {
        sp_json_open_object(json, NULL);
        put_id(json, "id", ids_make(&shop->ids, ID_ATTRIBUTE, 1));
        sp_json_put_cstring(json, "name", "Style");
        put_id(json, "value_id", ids_make(&shop->ids, ID_ATTRIBUTE, at + 2u));
        sp_json_put_string(json, "value_name", catalogue_sku_name(&shop->catalogue, at));
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
    put_price(json, shop, sku, "sale_price");
    put_stock(json, shop, at);
    put_status(json);
    sp_json_close_object(json);
}

void product_json_put_detail(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    const struct product *product = &shop->catalogue.products[at];
    put_head(json, shop, at);
    put_state(json, product, PRODUCT_OF_202502);
    sp_json_put_cstring(json, "product_status",
                        product_shown_status((enum product_status)product->status));
    sp_json_put_cstring(json, "description", "<p>Made up by the sandbox.</p>");
    put_category(json);
    put_images(json, at);
    put_measures(json);
    sp_json_put_bool(json, "is_cod_allowed", false);
    sp_json_open_array(json, "skus");
    for (uint32_t sku = product->first_sku; sku != NAMES_NONE; sku = shop->catalogue.skus[sku].next)
        put_detail_sku(json, shop, sku);
    sp_json_close_array(json);
}
