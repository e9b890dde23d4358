/* Every address of the Open API that the sandbox serves. */
#include "services/sandbox/api_routes.h"

const struct api_route api_routes[] = {
    {"GET", "/authorization/202309/shops", SCOPE_AUTHORIZATION_INFO, CIPHER_FORBIDDEN,
     api_list_shops},
    {"GET", "/seller/202309/shops", SCOPE_AUTHORIZATION_INFO, CIPHER_FORBIDDEN,
     api_list_active_shops},

    {"POST", "/order/202309/orders/search", SCOPE_ORDER_INFO, CIPHER_REQUIRED, api_search_orders},
    {"GET", "/order/202309/orders", SCOPE_ORDER_INFO, CIPHER_REQUIRED, api_get_orders},
    {"GET", "/order/202507/orders", SCOPE_ORDER_INFO, CIPHER_REQUIRED, api_get_orders},

    {"POST", "/product/202309/products/search", SCOPE_PRODUCT_BASIC, CIPHER_REQUIRED,
     api_search_products},
    {"POST", "/product/202312/products/search", SCOPE_PRODUCT_BASIC, CIPHER_REQUIRED,
     api_search_products},
    {"POST", "/product/202502/products/search", SCOPE_PRODUCT_BASIC, CIPHER_REQUIRED,
     api_search_products},
    {"GET", "/product/202309/products/{}", SCOPE_PRODUCT_BASIC, CIPHER_REQUIRED, api_get_product},
    {"POST", "/product/202309/inventory/search", SCOPE_PRODUCT_BASIC, CIPHER_REQUIRED,
     api_search_inventory},
    {"POST", "/product/202309/products/{}/inventory/update", SCOPE_PRODUCT_WRITE, CIPHER_REQUIRED,
     api_update_inventory},

    {"POST", "/product/202309/images/upload", SCOPE_PRODUCT_WRITE, CIPHER_FORBIDDEN | UPLOAD,
     api_upload_image},
    {"POST", "/product/202309/files/upload", SCOPE_PRODUCT_WRITE, CIPHER_FORBIDDEN | UPLOAD,
     api_upload_file},
    {"POST", "/fulfillment/202309/images/upload", SCOPE_FULFILLMENT, CIPHER_REQUIRED | UPLOAD,
     api_upload_parcel_image},
    {"POST", "/fulfillment/202309/files/upload", SCOPE_FULFILLMENT, CIPHER_REQUIRED | UPLOAD,
     api_upload_parcel_file},

    {"GET", "/logistics/202309/warehouses", SCOPE_LOGISTICS, CIPHER_REQUIRED, api_list_warehouses},

    {"GET", "/event/202309/webhooks", SCOPE_AUTHORIZATION_INFO, CIPHER_REQUIRED, api_list_webhooks},
    {"PUT", "/event/202309/webhooks", SCOPE_AUTHORIZATION_INFO, CIPHER_REQUIRED, api_put_webhook},
    {"DELETE", "/event/202309/webhooks", SCOPE_AUTHORIZATION_INFO, CIPHER_REQUIRED,
     api_delete_webhook},
    {0},
};
