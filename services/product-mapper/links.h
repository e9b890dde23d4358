/* Linking listing SKUs as people wish it: one by hand, or many in a job. */
#ifndef MAPPER_LINKS_H
#define MAPPER_LINKS_H

#include "services/product-mapper/relink.h"

/* What a person asked for: parts by number or by SKU; no part unlinks. */
struct link_wish {
    int64_t shop_id;
    struct sp_text sku_id, sku_key;
    struct part_list parts;
    struct sp_text skus[PARTS_MOST]; /* of a part without a number */
    const struct link_fault *fault;  /* NULL: nothing is wrong with it so far */
};

/* Why a wish cannot be granted. */
struct link_fault {
    int status;
    const char *code, *detail;
};
extern const struct link_fault link_not_found, link_repeated;

/* Reads {"shop_id", "sku_id", "parts": [{"variant_id" or "sku", "pieces"}]}.  Pure. */
void mapper_read_wish(struct sp_json json, struct sp_arena *arena, struct link_wish *wish);

/* Grants the wishes that nothing is wrong with, each SKU's first, within mapper_relink_begin: finds
 * the variants, changes the links with their history, and has the orders follow.  Those that cannot
 * be granted get their fault. */
enum sp_result mapper_grant(struct sp_ctx *ctx, const struct link_origin *origin,
                            struct link_wish wishes[], size_t count) SP_MUST_USE;

#endif
