/* A number that tells whether two revisions of an order say the same.  Pure. */
#ifndef INGEST_CONTENT_HASH_H
#define INGEST_CONTENT_HASH_H

#include "proto/messages.h"

/* FNV-1a, 64 bits, over everything but the head and the sealed buyer (sealing is never the same
 * twice). */
int64_t ingest_content_hash(const struct channel_order *order);

#endif
