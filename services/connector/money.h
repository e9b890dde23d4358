/* The marketplace's money: decimal text in major units, to minor units. */
#ifndef SAMPAN_CONNECTOR_MONEY_H
#define SAMPAN_CONNECTOR_MONEY_H

#include "common/json.h"

/* A decimal string or number in minor units.  What has more digits than the currency is rounded
 * half away from zero; what is no number or too large gives 0. */
int64_t tiktok_minor(struct sp_json amount, int digits);

#endif
