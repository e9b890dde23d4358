/* The shops that the seller's grant covers. */
#include "services/sandbox/api_routes.h"

enum api_error api_list_shops(struct api_call *call)
{
    struct sandbox *sandbox = call->sandbox;
    sp_json_open_array(&call->data, "shops");
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        const struct shop *shop = &sandbox->shops[i];
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&shop->ids, ID_SHOP, 1));
        sp_json_put_cstring(&call->data, "cipher", shop->cipher);
        sp_json_put_cstring(&call->data, "code", shop->code);
        sp_json_put_cstring(&call->data, "name", shop->name);
        sp_json_put_cstring(&call->data, "region", shop->region->code);
        sp_json_put_cstring(&call->data, "seller_type",
                            sandbox->shop_count > 1 ? "CROSS_BORDER" : "LOCAL");
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_list_active_shops(struct api_call *call)
{
    struct sandbox *sandbox = call->sandbox;
    sp_json_open_array(&call->data, "shops");
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        const struct shop *shop = &sandbox->shops[i];
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&shop->ids, ID_SHOP, 1));
        sp_json_put_cstring(&call->data, "region", shop->region->code);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
