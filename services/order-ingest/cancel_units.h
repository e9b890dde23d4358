/* Cancelling single units of an order by the seller: which may be, and which are chosen.  Pure. */
#ifndef INGEST_CANCEL_UNITS_H
#define INGEST_CANCEL_UNITS_H

#include "common/arena.h"
#include "common/json.h"
#include "proto/messages.h"
#include "services/order-ingest/cancel_rules.h"

enum { CANCEL_UNITS = 1000 }; /* in one cancellation */

/* Units of one line. */
struct cancel_line {
    int64_t line;
    struct unit_id *units;
    size_t count;
};
struct cancel_lines {
    struct cancel_line *all;
    size_t count;
};

/* An order as it stands. */
struct cancel_view {
    struct cancel_order order;
    struct sp_json lines; /* as document.c writes them */
    struct sp_json taken; /* ids of units whose cancellation was asked for and not refused */
};

/* The units that the marketplace may take a cancellation of; lines without any are left out. */
struct cancel_lines cancel_units_free(const struct cancel_view *view, struct sp_arena *arena);

/* What of `open` a person's [{"line", "units"}] names: of each line its last units, as many as are
 * wanted.  False when a line is none of them, has fewer, is named twice, or too many are wanted. */
bool cancel_units_pick(const struct cancel_lines *open, struct sp_json wish, struct sp_arena *arena,
                       struct cancel_lines *picked);

/* Whether a wish is for the same as one that is under way, as cancel_units_write wrote that. */
bool cancel_units_same(struct sp_json under_way, struct sp_json wish);

/* Appends [{"line": 1, "unit_ids": ["…"]}]. */
void cancel_units_write(const struct cancel_lines *lines, struct sp_buffer *out);

#endif
