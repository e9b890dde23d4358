/* A product as the Open API shows it, in lists and alone. */
#ifndef SANDBOX_PRODUCT_JSON_H
#define SANDBOX_PRODUCT_JSON_H

#include "common/json.h"
#include "services/sandbox/shop.h"

/* Where all goods belong. */
enum { PRODUCT_CATEGORY_ROOT = 600000, PRODUCT_CATEGORY = 600001, PRODUCT_BRAND = 7000001 };

/* What a search shows grew with its versions. */
enum product_view { PRODUCT_OF_202309, PRODUCT_OF_202312, PRODUCT_OF_202502 };

/* One element of the list that is open. */
void product_json_put(struct sp_json_writer *json, const struct shop *shop, uint32_t product,
                      enum product_view view);
/* The members of the object that is open. */
void product_json_put_detail(struct sp_json_writer *json, const struct shop *shop,
                             uint32_t product);

#endif
