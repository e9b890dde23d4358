#include "services/inventory/level.h"

const struct level_rule level_rule_default = {.percent = 100};

int64_t level_of(const struct level_part parts[], size_t count, const struct level_rule *rule)
{
    int64_t units = count == 0 ? 0 : INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t made = parts[i].pieces <= 0 || parts[i].available <= 0
                           ? 0
                           : parts[i].available / parts[i].pieces;
        units = made < units ? made : units;
    }
    /* Figures are below 2^31, so the product fits. */
    units = units * rule->percent / 100 - rule->reserve;
    if (rule->most > 0 && units > rule->most)
        units = rule->most;
    return units < rule->threshold || units < 0 ? 0 : units;
}
