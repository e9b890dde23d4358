#include "services/sandbox/region.h"

#include <string.h>

static const struct region regions[] = {
    {"", "", "+44", "GBP", 2}, /* first: the unknown country */
    {"GB", "United Kingdom", "+44", "GBP", 2},
    {"VN", "Viet Nam", "+84", "VND", 0},
    {"US", "United States", "+1", "USD", 2},
    {"DE", "Germany", "+49", "EUR", 2},
    {"FR", "France", "+33", "EUR", 2},
    {"IE", "Ireland", "+353", "EUR", 2},
    {"ES", "Spain", "+34", "EUR", 2},
    {"NO", "Norway", "+47", "NOK", 2},
    {"PT", "Portugal", "+351", "EUR", 2},
    {"BE", "Belgium", "+32", "EUR", 2},
    {"AU", "Australia", "+61", "AUD", 2},
    {"CY", "Cyprus", "+357", "EUR", 2},
    {"NL", "Netherlands", "+31", "EUR", 2},
    {"JP", "Japan", "+81", "JPY", 0},
    {"CH", "Switzerland", "+41", "CHF", 2},
    {"IT", "Italy", "+39", "EUR", 2},
    {"SE", "Sweden", "+46", "SEK", 2},
    {"LT", "Lithuania", "+370", "EUR", 2},
    {"IS", "Iceland", "+354", "ISK", 0},
    {"DK", "Denmark", "+45", "DKK", 2},
    {"JE", "Channel Islands", "+44", "GBP", 2},
    {"FI", "Finland", "+358", "EUR", 2},
    {"AT", "Austria", "+43", "EUR", 2},
    {"PL", "Poland", "+48", "PLN", 2},
    {"IL", "Israel", "+972", "ILS", 2},
    {"BH", "Bahrain", "+973", "BHD", 3},
};

const struct region *region_of_country(struct sp_text country)
{
    if (sp_text_is(country, "EIRE"))
        return region_of_code("IE");
    for (size_t i = 1; i < SP_COUNT(regions); i++) {
        if (sp_text_is(country, regions[i].name))
            return &regions[i];
    }
    return &regions[0];
}

const struct region *region_of_code(const char *code)
{
    for (size_t i = 1; i < SP_COUNT(regions); i++) {
        if (strcmp(code, regions[i].code) == 0)
            return &regions[i];
    }
    return &regions[0];
}

uint8_t region_index(const struct region *region)
{
    return (uint8_t)(region - regions);
}

const struct region *region_at(uint8_t index)
{
    SP_ASSERT(index < SP_COUNT(regions));
    return &regions[index];
}
