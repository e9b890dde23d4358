/* The parts of an order that are stored as JSON: lines, packages, open conditions.  Pure.
 *
 * Empty values are left out, and so is a line's status when it is the order's.  Money is in the
 * order's currency, minor units. */
#ifndef INGEST_DOCUMENT_H
#define INGEST_DOCUMENT_H

#include "common/buffer.h"
#include "proto/messages.h"

/* Each appends one JSON array. */
void ingest_write_lines(const struct channel_order *order, struct sp_buffer *out);
void ingest_write_packages(const struct channel_order *order, struct sp_buffer *out);
void ingest_write_conditions(const struct order_staged *staged, struct sp_buffer *out);

#endif
