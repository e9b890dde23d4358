/* What a variant may be, and how one is read from a file.  Pure. */
#ifndef MAPPER_VARIANT_RULES_H
#define MAPPER_VARIANT_RULES_H

#include "common/arena.h"
#include "services/product-mapper/csv.h"

enum {
    VARIANT_SKU_BYTES = 64,
    VARIANT_NAME_BYTES = 512,
    VARIANT_WEIGHT_G = 1000000,
};
#define VARIANT_COST_MINOR INT64_C(1000000000000)

struct variant_input {
    int64_t variant_id; /* 0: made, or found by its SKU */
    struct sp_text sku, name, barcode, supply, currency;
    int64_t cost_minor;
    int64_t weight_g;
    bool keep_barcode, keep_weight; /* the file has no such column */
};

/* NULL, or what is wrong with it, in words for people.  Trims the SKU, fills in STOCKED. */
const char *mapper_check_variant(struct variant_input *input);

/* Which field of a record is what; -1: the file does not have it. */
struct variant_columns {
    int sku, name, cost_minor, currency, supply, barcode, weight_g;
};

/* From the first record of a file.  NULL, or which column is missing. */
const char *mapper_read_columns(const struct csv_record *header, struct variant_columns *columns);
/* One line of the file, checked.  NULL, or what is wrong with it. */
const char *mapper_read_variant(const struct csv_record *record,
                                const struct variant_columns *columns, struct variant_input *input);

#endif
