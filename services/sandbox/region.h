/* The countries the sandbox knows: where its shops are and where its buyers live. */
#ifndef SANDBOX_REGION_H
#define SANDBOX_REGION_H

#include "common/base.h"

struct region {
    const char *code;     /* ISO 3166 alpha-2 */
    const char *name;     /* as in addresses */
    const char *dial;     /* "+44" */
    const char *currency; /* ISO 4217, of a shop there */
    int digits;           /* of the currency's fraction */
};

/* By the name the invoices use ("EIRE" included); the unknown country when not in the table. */
const struct region *region_of_country(struct sp_text country);
const struct region *region_of_code(const char *code);
/* Position in the table, to keep an order small, and back. */
uint8_t region_index(const struct region *region);
const struct region *region_at(uint8_t index);

#endif
