/* What a channel SKU means to us: from chosen parts to what the pipeline needs, and from an order's
 * lines to mapped lines.  Pure. */
#ifndef MAPPER_DOMAIN_H
#define MAPPER_DOMAIN_H

#include "common/arena.h"
#include "proto/messages.h"
#include "services/product-mapper/parts.h"

enum { SUBJECT_BYTES = 160, RESOLVED_PIECES = 1000000 };

/* A variant as resolving needs it. */
struct variant_meaning {
    int64_t variant_id;
    struct sp_text supply;
    bool archived;
    struct part_list parts; /* of a bundle; none: a plain variant */
};

/* The variants that a set of links names, bundle parts included, ordered by number. */
struct variant_table {
    const struct variant_meaning *variants;
    size_t count;
};

const struct variant_meaning *mapper_find_variant(const struct variant_table *table,
                                                  int64_t variant_id);

/* What a listing SKU is made of: bundles taken apart, equal variants summed.  Returns the problem:
 * "" (then `resolved` is complete), "NOT_DOWNLOADED", "UNMAPPED", or "INCOMPLETE": a variant is
 * unknown or archived, a bundle holds a bundle, or there are too many parts or pieces. */
struct sp_text mapper_resolve(const struct part_list *parts, bool downloaded,
                              const struct variant_table *table, struct sp_arena *arena,
                              struct part_list *resolved);

/* What is known of the listing SKU of a line; `known` false: nothing. */
struct sku_meaning {
    bool known;
    struct sp_text problem;
    struct part_list resolved;
};

/* One line as it goes on: with parts, or with the problem and what it is about. */
struct mapped_line mapper_map_line(const struct recorded_line *line, const struct sku_meaning *sku,
                                   struct sp_arena *arena);

/* The order with its lines mapped; skus[i] belongs to line i. */
void mapper_map_order(const struct order_recorded *order, const struct sku_meaning *const skus[],
                      int64_t rev, struct sp_arena *arena, struct order_mapped *mapped);

/* False when nothing that is decided here can matter any more: completed or cancelled. */
bool mapper_is_open(struct sp_text channel_status);

/* SP_REJECT when the fact contradicts itself: a line number twice or below 1, negative units. */
enum sp_result mapper_check_order(const struct order_recorded *order,
                                  struct sp_error *err) SP_MUST_USE;

/* "<shop>-<id>": the key of a listing (product id) or a listing SKU (SKU id). */
struct sp_text mapper_key(struct sp_arena *arena, int64_t shop_id, struct sp_text id);

#endif
