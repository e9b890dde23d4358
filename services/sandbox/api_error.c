#include "services/sandbox/api_error.h"

#include <stdio.h>

#include "common/base.h"

static const struct api_error_row rows[API_ERRORS] = {
    [API_OK] = {0, 200, "Success"},
    [API_INVALID_PATH] = {36009009, 404, "Invalid path"},
    [API_INVALID_METHOD] = {36009010, 405, "Invalid method"},
    [API_INVALID_VERSION] = {36009014, 400, "Invalid API version"},
    [API_INVALID_APP_KEY] = {36009004, 400, "Invalid app_key"},
    [API_NO_SIGN] = {36009004, 401, "Missing credentials: the query has no signature"},
    [API_TIMESTAMP_NEGATIVE] = {36009004, 400, "Invalid timestamp: missing, or lesser than 0"},
    [API_TIMESTAMP_OLD] = {36009004, 400, "Invalid timestamp: earlier than 5 minutes"},
    [API_TIMESTAMP_AHEAD] = {36009004, 400,
                             "Invalid timestamp: exceed the current time by more than 30 seconds"},
    [API_SIGN_INVALID] = {106001, 401, "sign is invalid"},
    [API_TOKEN_UNKNOWN] = {36009004, 401, "x-tts-access-token header is invalid"},
    [API_TOKEN_EXPIRED] = {105002, 401, "access token is expired"},
    [API_NO_SCOPE] = {105005, 403, "Access denied: you should apply auth pkg for this api"},
    [API_CIPHER_MISSING] = {106013, 400, "shop_cipher is missing"},
    [API_CIPHER_UNEXPECTED] = {36009004, 400, "Unexpected identifier: shop_cipher is not required"},
    [API_CIPHER_UNKNOWN] = {101000, 403, "The access token is not valid for this shop_cipher"},
    [API_ASSET_UNEXPECTED] = {36009004, 400,
                              "Unexpected identifier: category_asset_cipher is not required"},
    [API_BODY_FORMAT] = {36009022, 400,
                         "The body must be JSON, with content-type application/json"},
    [API_UPLOAD_FORMAT] = {36009023, 400, "The content-type must be multipart/form-data"},
    [API_FILE_TOO_BIG] = {36009021, 400, "The file is too big"},
    [API_INVALID_PARAM] = {36009004, 400, "invalid param"},
    [API_BODY_MISSING] = {36009004, 400, "param body"},
    [API_TOO_MANY_CALLS] = {36009002, 429, "Too many requests"},
    [API_INTERNAL] = {36009003, 500, "Internal error, please try again later"},
    [API_TIMEOUT] = {36009007, 408, "Request timeout"},
    [API_CODE_INVALID] = {36004004, 200, "Invalid auth code"},
    [API_REFRESH_EXPIRED] = {36004001, 200, "rt has expired"},
    [API_REFRESH_UNKNOWN] = {36004005, 200, "can not find related auth record"},
    [API_TOKEN_PARAM] = {98001004, 400, "Invalid parameter"},
    [API_ORDER_FOREIGN] = {21008111, 200, "The order does not belong to the current seller"},
    [API_PRODUCT_UNKNOWN] = {12052032, 200, "The product does not exist"},
    [API_PRODUCT_PAGE_SIZE] = {12019109, 200, "The page size is not valid"},
    [API_PRODUCT_PAGE] = {12019108, 200, "The page is not valid"},
    [API_PRODUCT_PAGES_OVER] = {12052180, 200, "No more than 10000 results can be searched"},
    [API_CASE_UNKNOWN] = {36009004, 200, "invalid param: no such cancellation or return"},
    [API_CASE_STATUS] = {25001001, 200, "invalid order status"},
    [API_CASE_UNITS] = {36009004, 200, "invalid param: not line items that are still open"},
    [API_CASE_REFUND] = {36009004, 200, "invalid param: more than can be refunded"},
    [API_CANCEL_REASON] = {25001021, 200, "reason not match order status"},
    [API_CANCEL_PART] = {25001021, 200,
                         "reason not match order status: parts of an order are "
                         "cancelled for want of stock only, in the US and UK"},
    [API_REJECT_REASON] = {25001021, 200, "reason not match order status: reject_reason"},
    [API_PRODUCT_STATUS] = {12052901, 200, "The status of the product does not allow it"},
    [API_PRICE_LOCKED] = {12019045, 200, "The price is locked by a promotion"},
    [API_PRICE_FORMAT] = {12052012, 200, "The price is not valid"},
    [API_TOO_MANY_IDS] = {12019120, 200, "Too many ids"},
    [API_PACKAGE_FOREIGN] = {21008111, 200, "The package does not belong to the current seller"},
    [API_FULFIL_REGION] = {21008106, 200,
                           "This API cannot be used in this region or business type"},
    [API_PACKAGE_FROZEN] = {10007014, 200, "The package is in freeze status"},
    [API_PACKAGE_SHIPPED] = {21008121, 200, "The package has been shipped already"},
    [API_PACKAGE_STATUS] = {21008122, 200, "The status of the order or package does not allow it"},
    [API_PACKAGE_NOT_SHIPPED] = {21008123, 200, "The package has not been shipped yet"},
    [API_DOCUMENT_NOT_READY] = {21008127, 200, "The document is not ready yet, try again later"},
    [API_SPLIT_REFUSED] = {21008124, 200, "The order cannot be split so"},
    [API_COMBINE_REFUSED] = {21008125, 200, "The orders cannot be combined so"},
    [API_TRACKING_FINAL] = {21008126, 200, "The shipping info cannot be changed any more"},
    [API_EXTERNAL_ORDER] = {36020001, 200, "Invalid order_id"},
    [API_EXTERNAL_PLATFORM] = {36009004, 200, "invalid param: platform"},
    [API_EXTERNAL_ID] = {36009004, 200, "invalid param: external_order.id"},
    [API_EXTERNAL_LINES] = {36009004, 200, "invalid param: external_order.line_items"},
    [API_STOCK_WAREHOUSES] = {12019028, 200, "All warehouses of the SKU must be listed"},
    [API_STOCK_WAREHOUSE] = {12019022, 200, "No valid warehouse"},
    [API_STOCK_COUNT] = {12019024, 200, "The quantity is not valid"},
    [API_STOCK_SKU] = {12052036, 200, "The SKU id does not exist in this product"},
};

const struct api_error_row *api_error_of(enum api_error error)
{
    SP_ASSERT(error < API_ERRORS);
    return &rows[error];
}

void api_error_text(enum api_error error, const char *detail, char text[API_ERROR_TEXT])
{
    const char *message = api_error_of(error)->message;
    if (detail == NULL)
        (void)snprintf(text, API_ERROR_TEXT, "%s", message);
    else if (error == API_BODY_MISSING) /* "param body.address is missing" */
        (void)snprintf(text, API_ERROR_TEXT, "%s.%s is missing", message, detail);
    else
        (void)snprintf(text, API_ERROR_TEXT, "%s: %s", message, detail);
}
