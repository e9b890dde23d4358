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
    bool unfinished;        /* an attribute of its type is not set */
    bool needs_design;      /* it is made by a print file */
    struct part_list parts; /* of a bundle; none: a plain variant */
};

/* The variants that a set of links names, bundle parts included, ordered by number. */
struct variant_table {
    const struct variant_meaning *variants;
    size_t count;
};

const struct variant_meaning *mapper_find_variant(const struct variant_table *table,
                                                  int64_t variant_id);

/* A listing SKU as it was chosen. */
struct sku_choice {
    struct part_list parts;
    bool downloaded;
    bool has_design;   /* a print file is attached to it */
    bool personalised; /* each order line has one of its own */
};

/* What a listing SKU is made of: bundles taken apart, equal variants summed.  Returns the problem:
 * "" (then `resolved` is complete), "NOT_DOWNLOADED", "UNMAPPED", "INCOMPLETE" (a variant is
 * unknown, archived or without one of its attributes, a bundle holds a bundle, or there are too
 * many parts or pieces), or "DESIGN_MISSING": a variant needs a print file, and there is none. */
struct sp_text mapper_resolve(const struct sku_choice *choice, const struct variant_table *table,
                              struct sp_arena *arena, struct part_list *resolved);

/* What is known of the listing SKU of a line; `known` false: nothing. */
struct sku_meaning {
    bool known;
    bool personalised;
    struct sp_text problem;
    struct part_list resolved;
};

/* What is known of an order's line: its SKU, and whether it has a design of its own. */
struct line_meaning {
    const struct sku_meaning *sku;
    bool has_design;
};

/* One line as it goes on: with parts, or with the problem and what it is about. */
struct mapped_line mapper_map_line(const struct recorded_line *line,
                                   const struct line_meaning *meaning, struct sp_arena *arena);

/* The order with its lines mapped; meanings[i] belongs to line i. */
void mapper_map_order(const struct order_recorded *order, const struct line_meaning meanings[],
                      int64_t rev, struct sp_arena *arena, struct order_mapped *mapped);

/* False when nothing that is decided here can matter any more: completed or cancelled. */
bool mapper_is_open(struct sp_text channel_status);
/* Whether it is still to be shipped, so that what is missing holds it up. */
bool mapper_waits(struct sp_text channel_status);

/* SP_REJECT when the fact contradicts itself: a line number twice or below 1, negative units. */
enum sp_result mapper_check_order(const struct order_recorded *order,
                                  struct sp_error *err) SP_MUST_USE;

/* "<shop>-<id>": the key of a listing (product id) or a listing SKU (SKU id). */
struct sp_text mapper_key(struct sp_arena *arena, int64_t shop_id, struct sp_text id);

#endif
