/* The marketplace's money. */
#include "services/connector/money.h"

enum { SPARE_DIGITS = 4 };

static int64_t rounded(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;
    value /= unit;
    if (rest >= unit / 2)
        return value + 1;
    return rest <= -unit / 2 ? value - 1 : value;
}

int64_t tiktok_minor(struct sp_json amount, int digits)
{
    int64_t minor = 0;
    if (sp_json_minor(amount, digits, &minor) == SP_OK)
        return minor;
    /* Unit prices are seldom split finer than the currency: keep them to the nearest. */
    int64_t unit = 1;
    for (int spare = 1; spare <= SPARE_DIGITS; spare++) {
        unit *= 10;
        if (sp_json_minor(amount, digits + spare, &minor) == SP_OK)
            return rounded(minor, unit);
    }
    return 0;
}
