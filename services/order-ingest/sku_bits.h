/* A signature of the SKUs in an order: looking for one reads a number, not the order.  Pure.
 *
 * Three bits of 64 for each seller SKU, whatever the case of its letters.  An order whose number
 * lacks one of a SKU's bits does not have it; of 1,000 orders with two or three SKUs one has them
 * all by chance, and is looked at. */
#ifndef INGEST_SKU_BITS_H
#define INGEST_SKU_BITS_H

#include "common/base.h"
#include "proto/messages.h"

int64_t ingest_sku_bits(struct sp_text sku);
/* Those of all its lines; lines without a seller SKU have none. */
int64_t ingest_order_sku_bits(const struct channel_order *order);

#endif
