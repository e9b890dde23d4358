/* The Open API's errors: code, HTTP status and wording, one row each. */
#ifndef SANDBOX_API_ERROR_H
#define SANDBOX_API_ERROR_H

enum api_error {
    API_OK,
    /* the gateway's */
    API_INVALID_PATH,
    API_INVALID_METHOD,
    API_INVALID_VERSION,
    API_INVALID_APP_KEY,
    API_NO_SIGN,
    API_TIMESTAMP_NEGATIVE,
    API_TIMESTAMP_OLD,
    API_TIMESTAMP_AHEAD,
    API_SIGN_INVALID,
    API_TOKEN_UNKNOWN,
    API_TOKEN_EXPIRED,
    API_NO_SCOPE,
    API_CIPHER_MISSING,
    API_CIPHER_UNEXPECTED,
    API_CIPHER_UNKNOWN,
    API_ASSET_UNEXPECTED,
    API_BODY_FORMAT,
    API_UPLOAD_FORMAT,
    API_FILE_TOO_BIG,
    API_INVALID_PARAM, /* detail: which */
    API_BODY_MISSING,  /* detail: which */
    API_TOO_MANY_CALLS,
    API_INTERNAL,
    API_TIMEOUT,
    /* of the token addresses */
    API_CODE_INVALID,
    API_REFRESH_EXPIRED,
    API_REFRESH_UNKNOWN,
    API_TOKEN_PARAM, /* detail: which */
    /* of the business */
    API_ORDER_FOREIGN,
    API_PRODUCT_UNKNOWN,
    API_PRODUCT_PAGE_SIZE,
    API_PRODUCT_PAGE,
    API_PRODUCT_PAGES_OVER,
    API_PRODUCT_STATUS,
    API_PRICE_LOCKED,
    API_PRICE_FORMAT,
    API_TOO_MANY_IDS,
    API_PACKAGE_FOREIGN,
    API_FULFIL_REGION, /* not in this market, or not for this way of shipping */
    API_PACKAGE_FROZEN,
    API_PACKAGE_SHIPPED, /* codes from here on are ours: the reference leaves them open */
    API_PACKAGE_STATUS,
    API_PACKAGE_NOT_SHIPPED,
    API_DOCUMENT_NOT_READY,
    API_SPLIT_REFUSED,
    API_COMBINE_REFUSED,
    API_TRACKING_FINAL,
    API_CASE_UNKNOWN,
    API_CASE_STATUS,
    API_CASE_UNITS,
    API_CASE_REFUND,
    API_CANCEL_REASON,
    API_CANCEL_PART,
    API_REJECT_REASON,
    /* of single items inside code 0 */
    API_EXTERNAL_ORDER,
    API_EXTERNAL_PLATFORM,
    API_EXTERNAL_ID,
    API_EXTERNAL_LINES,
    API_STOCK_WAREHOUSES,
    API_STOCK_WAREHOUSE,
    API_STOCK_COUNT,
    API_STOCK_SKU,
    API_ERRORS,
};

enum { API_ERROR_TEXT = 200 };

struct api_error_row {
    int code;
    int status; /* HTTP */
    const char *message;
};

const struct api_error_row *api_error_of(enum api_error error);
/* Its wording with the detail, which may be NULL, in its place. */
void api_error_text(enum api_error error, const char *detail, char text[API_ERROR_TEXT]);

#endif
