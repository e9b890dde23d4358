/* Currencies, as far as amounts in minor units need it. */
#include "common/currency.h"

#include <string.h>

enum { CURRENCY_SIZE = 3, USUAL_DIGITS = 2 };

static bool among(struct sp_text currency, const char *list)
{
    if (currency.size != CURRENCY_SIZE)
        return false;
    for (; *list != '\0'; list += CURRENCY_SIZE) {
        if (memcmp(list, currency.data, CURRENCY_SIZE) == 0)
            return true;
    }
    return false;
}

int sp_currency_digits(struct sp_text currency)
{
    if (among(currency, "VNDIDRJPYKRWCLPPYGUGXXAFXOFXPFVUVGNFKMFBIFDJFRWFISK"))
        return 0;
    return among(currency, "BHDKWDOMRJODTNDLYDIQD") ? 3 : USUAL_DIGITS;
}
