/* A cancellation or return as the marketplace shows it. */
#ifndef SANDBOX_CASE_JSON_H
#define SANDBOX_CASE_JSON_H

#include "common/json.h"
#include "services/sandbox/shop.h"

void case_json_put_cancel(struct sp_json_writer *json, const struct shop *shop, uint32_t which);
void case_json_put_return(struct sp_json_writer *json, const struct shop *shop, uint32_t which);
/* An object of the parts of a refund. */
void case_json_put_refund(struct sp_json_writer *json, const char *name, const struct shop *shop,
                          const struct refund *refund);

#endif
