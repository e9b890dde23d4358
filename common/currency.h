/* Currencies, as far as amounts in minor units need it. */
#ifndef SAMPAN_CURRENCY_H
#define SAMPAN_CURRENCY_H

#include "common/base.h"

/* Digits behind the point of an amount in major units: 0 for VND, IDR, JPY and the like, 3 for BHD
 * and the like, else 2.  As the marketplace writes them: other than ISO 4217 for IDR. */
int sp_currency_digits(struct sp_text currency);

#endif
