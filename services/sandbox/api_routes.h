/* The handlers of the Open API, for the table of routes: one file for each group. */
#ifndef SANDBOX_API_ROUTES_H
#define SANDBOX_API_ROUTES_H

#include "services/sandbox/api.h"

/* api_shops.c */
api_handler api_list_shops, api_list_active_shops;
/* api_orders.c */
api_handler api_search_orders, api_get_orders;
/* api_products.c */
api_handler api_search_products, api_get_product;
/* api_inventory.c */
api_handler api_search_inventory, api_update_inventory;
/* api_warehouses.c */
api_handler api_list_warehouses;
/* api_uploads.c */
api_handler api_upload_image, api_upload_file, api_upload_parcel_image, api_upload_parcel_file;
/* api_events.c */
api_handler api_list_webhooks, api_put_webhook, api_delete_webhook;

#endif
