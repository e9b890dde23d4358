/* Print files as the catalogue knows them: what is stored, and what has which. */
#ifndef MAPPER_DESIGN_STORE_H
#define MAPPER_DESIGN_STORE_H

#include "services/product-mapper/store.h"

struct design {
    struct sp_text design_id, name, kind;
    int64_t bytes, width, height;
};

/* Adds it, or leaves the one with the same content.  One row: a JSON document. */
const struct sp_rows *store_add_design(struct sp_ctx *ctx, int64_t account_id,
                                       const struct design *design, struct sp_text user);
/* A page behind query->after, the newest first, a JSON document. */
const struct sp_rows *store_list_designs(struct sp_ctx *ctx, int64_t account_id,
                                         const struct list_query *query);
/* Those of them that are there, kept from being forgotten.  Columns: design_id, name. */
const struct sp_rows *store_hold_designs(struct sp_ctx *ctx, int64_t account_id,
                                         struct key_list design_ids);
/* Of these files, those that nothing is known of, a JSON document. */
const struct sp_rows *store_strange_designs(struct sp_ctx *ctx, int64_t account_id,
                                            struct key_list design_ids);
/* Queues: designs that nothing has had for 30 days are forgotten. */
void store_forget_designs(struct sp_ctx *ctx);

/* Queues: the SKUs get the design, or none when it is empty; with their history. */
void store_attach_design(struct sp_ctx *ctx, const struct link_origin *origin,
                         struct sp_text design_id, struct key_list skus);
/* SKUs whose own or whose goods' SKU stands somewhere in the name.  Columns: sku_key, the SKU. */
const struct sp_rows *store_find_named(struct sp_ctx *ctx, int64_t account_id, struct sp_text name);
/* Marks the listing.  Columns: its SKUs' keys; none: there is no such listing. */
const struct sp_rows *store_personalise(struct sp_ctx *ctx, int64_t account_id,
                                        struct sp_text listing_id, bool on);

struct line_design {
    int64_t account_id, line;
    struct sp_text order_id, design_id, user;
};
/* Queues: the line gets the design, or none when it is empty; with its history. */
void store_attach_line_design(struct sp_ctx *ctx, const struct line_design *design);
/* The lines of an order that have one, a JSON document. */
const struct sp_rows *store_list_line_designs(struct sp_ctx *ctx, int64_t account_id,
                                              struct sp_text order_id);

#endif
