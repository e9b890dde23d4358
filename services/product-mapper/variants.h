/* Saving variants: the rows, the fact, and the listing SKUs that follow. */
#ifndef MAPPER_VARIANTS_H
#define MAPPER_VARIANTS_H

#include "services/product-mapper/relink.h"

struct saved_counts {
    int64_t created, updated;
};

/* After rows were saved (store_save_variants or store_change_variant): emits variant.saved, links
 * listing SKUs with the same SKU when the account wants that, and settles SKUs whose meaning
 * changed. */
enum sp_result mapper_follow_variants(struct sp_ctx *ctx, const struct link_origin *origin,
                                      bool map_by_sku, const struct sp_rows *saved,
                                      struct saved_counts *counts) SP_MUST_USE;

#endif
