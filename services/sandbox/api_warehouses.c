/* The seller's warehouses: those that sell, and one that takes returns. */
#include <stdio.h>

#include "services/sandbox/api_routes.h"

static void put_address(struct sp_json_writer *json, const struct shop *shop)
{
    const struct region *region = shop->region;
    sp_json_open_object(json, "address");
    sp_json_put_cstring(json, "region", region->name);
    sp_json_put_cstring(json, "region_code", region->code);
    sp_json_put_cstring(json, "state", "");
    sp_json_put_cstring(json, "city", "Leeds");
    sp_json_put_cstring(json, "distict", "West"); /* spelled so on the wire */
    sp_json_put_cstring(json, "town", "");
    sp_json_put_cstring(json, "address_line1", "1 Harbour Road");
    sp_json_put_cstring(json, "address_line2", "");
    sp_json_put_cstring(json, "full_address", "1 Harbour Road, Leeds");
    sp_json_put_cstring(json, "postal_code", "LS1 1AA");
    sp_json_put_cstring(json, "contact_person", "Warehouse desk");
    sp_json_put_cstring(json, "phone_number", "(+44)1130000000");
    sp_json_close_object(json);
}

/* `number` from 1; the one behind the selling warehouses takes returns. */
static void put_warehouse(struct sp_json_writer *json, const struct shop *shop, uint32_t number)
{
    bool sells = number <= shop->catalogue.warehouse_count;
    char name[40];
    (void)snprintf(name, sizeof name, sells ? "Sales warehouse %u" : "Return warehouse",
                   (unsigned)number);
    sp_json_open_object(json, NULL);
    api_put_id(json, "id", ids_make(&shop->ids, ID_WAREHOUSE, number));
    api_put_id(json, "entity_id", ids_make(&shop->ids, ID_WAREHOUSE, 1000u + (sells ? number : 1)));
    sp_json_put_cstring(json, "name", name);
    sp_json_put_cstring(json, "type", sells ? "SALES_WAREHOUSE" : "RETURN_WAREHOUSE");
    sp_json_put_cstring(json, "sub_type", "DOMESTIC_WAREHOUSE");
    sp_json_put_cstring(json, "effect_status", "ENABLED");
    sp_json_put_bool(json, "is_default", number == 1 || !sells);
    put_address(json, shop);
    sp_json_close_object(json);
}

enum api_error api_list_warehouses(struct api_call *call)
{
    sp_json_open_array(&call->data, "warehouses");
    for (uint32_t i = 1; i <= call->shop->catalogue.warehouse_count + 1; i++)
        put_warehouse(&call->data, call->shop, i);
    sp_json_close_array(&call->data);
    return API_OK;
}
