/* The parts of an order that are stored as JSON: lines, packages, open conditions.  Pure.
 *
 * Empty values are left out, and so is a line's status when it is the order's.  Money is in the
 * order's currency, minor units. */
#ifndef INGEST_DOCUMENT_H
#define INGEST_DOCUMENT_H

#include "common/arena.h"
#include "common/buffer.h"
#include "proto/messages.h"

/* Each appends one JSON array. */
void ingest_write_lines(const struct channel_order *order, struct sp_buffer *out);
void ingest_write_packages(const struct channel_order *order, struct sp_buffer *out);
/* What ingest_write_lines wrote, but for packages and ids of units.  Lines are in the arena.
 * SP_REJECT: it was not written by that. */
enum sp_result ingest_read_lines(struct sp_text json, struct sp_arena *arena,
                                 struct channel_order *order) SP_MUST_USE;
void ingest_write_conditions(const struct order_staged *staged, struct sp_buffer *out);

#endif
