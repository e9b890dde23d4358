/* Which SKU a print file's name means.  Pure. */
#ifndef MAPPER_DESIGN_MATCH_H
#define MAPPER_DESIGN_MATCH_H

#include "common/base.h"

/* Whether the name holds the SKU as a word of its own, whatever the case: "front MUG-RED.png" and
 * "mug-red_2.png" hold MUG-RED, "MUG-REDDISH.png" does not. */
bool mapper_names_sku(struct sp_text file_name, struct sp_text sku);

/* Which of the SKUs the name means: the longest of those it holds ("TEE-RED-L" before "TEE").
 * `count` when it holds none, or two of that length that differ. */
size_t mapper_design_sku(struct sp_text file_name, const struct sp_text skus[], size_t count);

#endif
