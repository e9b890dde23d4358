/* Saving and telling what was decided about orders. */
#ifndef SAMPAN_PLACEMENT_PLACE_SAVE_H
#define SAMPAN_PLACEMENT_PLACE_SAVE_H

#include "services/placement/place_flow.h"

enum sp_result place_save(struct sp_ctx *ctx, const struct place_flow *flow,
                          const struct ground *ground) SP_MUST_USE;

#endif
