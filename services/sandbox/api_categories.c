/* One category with one attribute, and one brand: all that the sandbox's goods need. */
#include "services/sandbox/api_routes.h"
#include "services/sandbox/product_json.h"

static void put_category(struct api_call *call, uint64_t id, uint64_t parent, const char *name)
{
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", id);
    api_put_id(&call->data, "parent_id", parent);
    sp_json_put_cstring(&call->data, "local_name", name);
    sp_json_put_bool(&call->data, "is_leaf", parent != 0);
    sp_json_open_array(&call->data, "permission_statuses");
    sp_json_put_cstring(&call->data, NULL, "AVAILABLE");
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

enum api_error api_list_categories(struct api_call *call)
{
    sp_json_open_array(&call->data, "categories");
    put_category(call, PRODUCT_CATEGORY_ROOT, 0, "Home");
    put_category(call, PRODUCT_CATEGORY, PRODUCT_CATEGORY_ROOT, "Home supplies");
    sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_list_attributes(struct api_call *call)
{
    char text[ID_TEXT];
    if (!sp_text_equal(call->path_params[0], ids_text(PRODUCT_CATEGORY, text)))
        return api_fail(call, API_INVALID_PARAM, "category_id");
    sp_json_open_array(&call->data, "attributes");
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_ATTRIBUTE, 1));
    sp_json_put_cstring(&call->data, "name", "Style");
    sp_json_put_cstring(&call->data, "type", "SALES_PROPERTY");
    sp_json_put_bool(&call->data, "is_requried", false); /* spelled so on the wire */
    sp_json_put_bool(&call->data, "is_multiple_selection", false);
    sp_json_put_bool(&call->data, "is_customizable", true);
    sp_json_open_array(&call->data, "values");
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
    sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_list_brands(struct api_call *call)
{
    int64_t page_size;
    if (api_query_int(call, "page_size", 1, API_PAGE, &page_size) != API_OK)
        return API_INVALID_PARAM;
    sp_json_put_int(&call->data, "total_count", 1);
    sp_json_put_cstring(&call->data, "next_page_token", "");
    sp_json_open_array(&call->data, "brands");
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", PRODUCT_BRAND);
    sp_json_put_cstring(&call->data, "name", "Sandbox");
    sp_json_put_cstring(&call->data, "authorized_status", "UNAUTHORIEZD"); /* … likewise */
    sp_json_put_bool(&call->data, "is_t1_brand", false);
    sp_json_close_object(&call->data);
    sp_json_close_array(&call->data);
    return API_OK;
}
