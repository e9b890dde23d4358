/* Ways of delivery, those who carry, and warehouses of all shops. */
#include "services/sandbox/api_routes.h"
#include "services/sandbox/package.h"

/* The seller ships alone, or the marketplace does. */
enum { OPTION_BY_SELLER = 1, OPTION_STANDARD };

static void put_limits(struct sp_json_writer *json)
{
    sp_json_open_object(json, "dimension_limit");
    sp_json_put_int(json, "max_length", 120);
    sp_json_put_int(json, "max_width", 80);
    sp_json_put_int(json, "max_height", 80);
    sp_json_put_cstring(json, "unit", "CM");
    sp_json_close_object(json);
    sp_json_open_object(json, "weight_limit");
    sp_json_put_int(json, "min_weight", 1);
    sp_json_put_int(json, "max_weight", 30000);
    sp_json_put_cstring(json, "unit", "GRAM");
    sp_json_close_object(json);
}

static void put_option(struct sp_json_writer *json, const struct shop *shop, uint32_t number)
{
    bool by_seller = number == OPTION_BY_SELLER;
    sp_json_open_object(json, NULL);
    api_put_id(json, "id", ids_make(&shop->ids, ID_DELIVERY_OPTION, number));
    sp_json_put_cstring(json, "name", package_option_name(by_seller));
    sp_json_put_cstring(json, "description",
                        by_seller ? "The seller chooses the carrier" : "Collected and carried");
    sp_json_put_cstring(json, "type", by_seller ? "SEND_BY_SELLER" : "STANDARD");
    sp_json_open_array(json, "platform");
    sp_json_put_cstring(json, NULL, "TIKTOK_SHOP");
    sp_json_close_array(json);
    put_limits(json);
    sp_json_close_object(json);
}

/* Nothing is sent from the warehouse behind the selling ones: it takes returns. */
enum api_error api_list_delivery_options(struct api_call *call)
{
    const struct shop *shop = call->shop;
    struct sp_text scope = api_query(call, "scope");
    uint64_t warehouse = ids_counter(&shop->ids, ID_WAREHOUSE, call->path_params[0]);
    if (warehouse == 0 || warehouse > shop->catalogue.warehouse_count + 1)
        return api_fail(call, API_INVALID_PARAM, "warehouse_id");
    if (scope.size > 0 && !sp_text_is(scope, "WAREHOUSE") && !sp_text_is(scope, "PRODUCT"))
        return api_fail(call, API_INVALID_PARAM, "scope");
    sp_json_open_array(&call->data, "delivery_options");
    for (uint32_t i = OPTION_BY_SELLER; i <= OPTION_STANDARD; i++) {
        if (warehouse <= shop->catalogue.warehouse_count)
            put_option(&call->data, shop, i);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_list_shipping_providers(struct api_call *call)
{
    const struct shop *shop = call->shop;
    uint64_t option = ids_counter(&shop->ids, ID_DELIVERY_OPTION, call->path_params[0]);
    if (option < OPTION_BY_SELLER || option > OPTION_STANDARD)
        return api_fail(call, API_INVALID_PARAM, "delivery_option_id");
    sp_json_open_array(&call->data, "shipping_providers");
    for (uint32_t i = 0; i < carrier_count(); i++) {
        if (!carrier_serves(i, shop->region, option == OPTION_BY_SELLER))
            continue;
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&shop->ids, ID_CARRIER, i + 1u));
        sp_json_put_cstring(&call->data, "name", carrier_name(i));
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* The places behind the first shop's warehouses that sell. */
enum api_error api_list_global_warehouses(struct api_call *call)
{
    const struct shop *shop = &call->sandbox->shops[0];
    sp_json_open_array(&call->data, "global_warehouses");
    for (uint32_t i = 1; i <= shop->catalogue.warehouse_count; i++) {
        struct sp_text name = sp_arena_printf(call->arena, "Warehouse %u", (unsigned)i);
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&shop->ids, ID_WAREHOUSE, 1000u + i));
        sp_json_put_string(&call->data, "name", name);
        sp_json_put_cstring(&call->data, "ownership", "SELLER");
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
