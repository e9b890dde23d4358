/* A cancellation, a return or a refund as the marketplace writes it, to the fact the order book
 * reads. */
#ifndef SAMPAN_CONNECTOR_RETURN_JSON_H
#define SAMPAN_CONNECTOR_RETURN_JSON_H

#include "common/json.h"
#include "proto/messages.h"

enum return_family { RETURN_CANCELLATION, RETURN_GOODS };

/* Reads one element of `cancellations` or `return_orders`: all but the head, the shop, refusals and
 * images, which other calls tell.  SP_REJECT: there is nothing to keep it under. */
enum sp_result tiktok_read_return(struct sp_json json, enum return_family family,
                                  struct sp_arena *arena, struct channel_return *fact,
                                  struct sp_error *err) SP_MUST_USE;

/* The reasons with which it may be declined: `reasons` of an answer. */
void tiktok_read_refusals(struct sp_json reasons, struct sp_arena *arena,
                          struct channel_return *fact);
/* What the buyer showed: the images in `records` of an answer. */
void tiktok_read_images(struct sp_json records, struct sp_arena *arena,
                        struct channel_return *fact);

#endif
