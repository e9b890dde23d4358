/* What is kept for an order, where, and what it waits for: the rules, pure. */
#ifndef SAMPAN_INVENTORY_ALLOCATION_H
#define SAMPAN_INVENTORY_ALLOCATION_H

#include "common/arena.h"
#include "common/base.h"
#include "proto/messages.h"
#include "services/inventory/stock_book.h"

enum {
    MOST_PIECES = 1000000000, /* of one line's part: units × pieces */
    MOST_WAREHOUSES = 200,    /* of an account */
};

/* What one line needs of one variant and what became of it, in pieces. */
struct kept_part {
    int64_t line, variant_id;
    int64_t warehouse_id; /* where it is kept or waited for; 0: nowhere */
    int64_t reserved, missing;
    int64_t issuing;  /* on a live goods issue */
    int64_t awaiting; /* of these, still in the warehouse */
};

struct warehouse_place {
    int64_t account_id, warehouse_id;
    bool gives; /* orders may be served from it */
};

/* A shop that is not known yet reserves for unpaid orders and is bound nowhere. */
struct shop_terms {
    int64_t warehouse_id; /* 0: none bound */
    bool reserve_unpaid;
};

/* What may be done for an order as the marketplace has it. */
struct order_standing {
    bool takes;     /* stock is kept for it */
    bool may_issue; /* goods may leave for it */
};

/* One order in hand: in, then out. */
struct order_case {
    const struct order_mapped *fact;
    struct shop_terms shop;
    const struct kept_part *before; /* ordered by line and variant */
    size_t before_count;
    bool fresh;                     /* first heard of: nothing was kept */
    int64_t rev;                    /* out: of order.allocated; in: the last one, 0 when fresh */
    int64_t since;                  /* its place in the line, as stored; meaningless when fresh */
    struct order_standing standing; /* out */
    struct kept_part
        *after; /* out: those of each line of the fact, then what is left on goods issues */
    size_t after_count;
    size_t *line_ends; /* out: behind the last of `after` that belongs to line i of the fact */
};

/* The account's warehouses by priority. */
struct allocation_ground {
    struct sp_arena *arena;
    struct stock_book *book;
    const struct warehouse_place *places;
    size_t place_count;
};

struct order_standing allocation_standing(const struct order_mapped *fact,
                                          const struct shop_terms *shop);

/* Units × pieces; 0 when that is not from 0 to MOST_PIECES, which the decision refuses. */
int64_t allocation_pieces(const struct mapped_line *line, const struct line_part *part);

/* Gives back what the order held, then takes what it needs now: from the first warehouse that has
 * all of it (the shop's own, then by priority), else what the first of them has; the rest is
 * missing and waits. A variant others wait for gives an order no more than the order held.  Lines
 * on a live goods issue stay as they are. SP_REJECT: a line wants more than MOST_PIECES; nothing
 * has changed then. */
enum sp_result allocation_decide(const struct allocation_ground *ground, struct order_case *order,
                                 struct sp_error *err) SP_MUST_USE;

/* The fact for placement. */
void allocation_fact(const struct order_case *order, struct sp_arena *arena,
                     struct order_allocated *allocated);

/* For qsort and bsearch: by line and variant. */
int kept_part_compare(const void *left, const void *right);

#endif
