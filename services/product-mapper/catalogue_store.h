/* The SQL of types, products and their history; as store.h says. */
#ifndef MAPPER_CATALOGUE_STORE_H
#define MAPPER_CATALOGUE_STORE_H

#include "services/product-mapper/archive_rules.h"
#include "services/product-mapper/store.h"
#include "services/product-mapper/type_rules.h"

/* ---- product types (type_store.c)
 * ----------------------------------------------------------------------- */

const struct sp_rows *store_list_types(struct sp_ctx *ctx, int64_t account_id);
const struct sp_rows *store_read_type(struct sp_ctx *ctx, int64_t account_id, int64_t type_id);
/* Columns: attribute_id, value_id (0: an attribute without values), name, how many variants have
 * it. */
const struct sp_rows *store_read_known(struct sp_ctx *ctx, int64_t account_id, int64_t type_id);
/* Makes or changes the type itself.  Columns: type_id. */
const struct sp_rows *store_put_type(struct sp_ctx *ctx, int64_t account_id,
                                     const struct type_input *input);
struct type_drops {
    int64_t *attributes, *values;
    size_t attribute_count, value_count;
};
void store_drop_values(struct sp_ctx *ctx, int64_t account_id, const struct type_drops *drops);
/* Attributes and values, and the type's history. */
void store_put_values(struct sp_ctx *ctx, const struct link_origin *origin,
                      const struct type_input *input);
/* SKUs whose links name a variant of the type. */
const struct sp_rows *store_find_type_users(struct sp_ctx *ctx, int64_t account_id,
                                            int64_t type_id);
/* Columns: value_id, attribute_id, type_id. */
const struct sp_rows *store_find_values(struct sp_ctx *ctx, int64_t account_id, const int64_t ids[],
                                        size_t count);

/* ---- products (product_store.c)
 * ------------------------------------------------------------------------- */

struct product_input {
    int64_t product_id; /* 0: a new one */
    int64_t type_id;    /* of a new one: the type is fixed */
    struct sp_text name, image;
};
/* Makes or changes one, with its history.  Columns: product_id; no row: there is none. */
const struct sp_rows *store_put_product(struct sp_ctx *ctx, const struct link_origin *origin,
                                        const struct product_input *input);
/* Columns: type_id, archived. */
const struct sp_rows *store_find_product(struct sp_ctx *ctx, int64_t account_id,
                                         int64_t product_id);
const struct sp_rows *store_list_products(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_query *query);
const struct sp_rows *store_read_product(struct sp_ctx *ctx, int64_t account_id,
                                         int64_t product_id);

/* ---- archive and history (archive_store.c)
 * ------------------------------------------------------------------ */

/* What keeps these from being archived or restored.  Columns: id, archived, parent_archived,
 * links, bundles, members; no row for what does not exist. */
const struct sp_rows *store_find_archive_facts(struct sp_ctx *ctx, int64_t account_id,
                                               enum catalogue_kind kind, const int64_t ids[],
                                               size_t count);
struct archive_change {
    enum catalogue_kind kind;
    const int64_t *ids;
    size_t count;
    bool archived;
};
/* Changes what is not so yet, with its history.  Of variants the columns are those of
 * store_save_variants. */
const struct sp_rows *store_archive(struct sp_ctx *ctx, const struct link_origin *origin,
                                    const struct archive_change *change);
/* A JSON document: its states, the newest first. */
const struct sp_rows *store_read_history(struct sp_ctx *ctx, int64_t account_id,
                                         enum catalogue_kind kind, int64_t id);

#endif
