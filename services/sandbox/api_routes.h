/* The handlers of the Open API, for the table of routes: one file for each group. */
#ifndef SANDBOX_API_ROUTES_H
#define SANDBOX_API_ROUTES_H

#include "services/sandbox/api.h"

/* api_shops.c */
api_handler api_list_shops, api_list_active_shops;
/* api_orders.c */
api_handler api_search_orders, api_get_orders;
/* api_cancels.c */
api_handler api_cancel_order, api_search_cancels, api_approve_cancel, api_reject_cancel;
/* api_returns.c */
api_handler api_search_returns, api_approve_return, api_reject_return, api_create_return,
    api_list_return_records;
/* api_aftersale.c, api_cases.c */
api_handler api_check_aftersale, api_calculate_refund, api_list_reject_reasons;
/* api_statements.c */
api_handler api_list_statements, api_list_payments, api_list_withdrawals;
/* api_transactions.c */
api_handler api_statement_parts, api_statement_breakdowns, api_order_parts, api_order_breakdowns,
    api_list_unsettled;
/* api_price_detail.c */
api_handler api_get_price_detail;
/* api_external_orders.c */
api_handler api_put_external_orders, api_get_external_orders, api_search_external_orders;
/* api_product_life.c */
api_handler api_activate_products, api_deactivate_products, api_recover_products,
    api_delete_products, api_update_prices;
/* api_categories.c */
api_handler api_list_categories, api_list_attributes, api_list_brands;
/* api_products.c */
api_handler api_search_products, api_get_product;
/* api_inventory.c */
api_handler api_search_inventory, api_update_inventory;
/* api_warehouses.c */
api_handler api_list_warehouses;
/* api_uploads.c */
api_handler api_upload_image, api_upload_file, api_upload_parcel_image, api_upload_parcel_file;
/* api_logistics.c */
api_handler api_list_delivery_options, api_list_shipping_providers, api_list_global_warehouses;
/* api_packages.c */
api_handler api_search_packages, api_get_package, api_package_slots, api_order_slots;
/* api_package_ship.c */
api_handler api_ship_package, api_ship_packages, api_mark_shipped;
/* api_package_label.c */
api_handler api_query_services, api_create_package;
/* api_package_group.c */
api_handler api_split_attributes, api_split_order, api_search_combinable, api_combine_packages;
api_handler api_uncombine_package;
/* api_package_tracking.c */
api_handler api_update_package_tracking, api_update_order_tracking, api_get_tracking;
api_handler api_deliver_packages;
/* api_package_document.c */
api_handler api_shipping_documents;
/* api_events.c */
api_handler api_list_webhooks, api_put_webhook, api_delete_webhook;

#endif
