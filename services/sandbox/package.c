#include "services/sandbox/package.h"

#include <string.h>

enum {
    HOUR = 3600,
    DAY = 24 * HOUR,
    MORNING = 9,             /* o'clock: the first slot of a day begins */
    SLOT_HOURS = 4,          /* … and lasts */
    PICKUP_NOTICE = 2 * HOUR /* a pickup is asked for that long before */
};

static const struct sp_step steps[] = {
    {TO_FULFILL, PACKAGE_SHIP, PROCESSING},
    {TO_FULFILL, PACKAGE_CANCEL, PACKAGE_CANCELLED},
    {TO_FULFILL, PACKAGE_REPLACE, PACKAGE_REPLACED},
    {PROCESSING, PACKAGE_COLLECT, FULFILLING},
    {PROCESSING, PACKAGE_CANCEL, PACKAGE_CANCELLED},
    {FULFILLING, PACKAGE_DELIVER, PACKAGE_DELIVERED},
    {FULFILLING, PACKAGE_CANCEL, PACKAGE_CANCELLED},
};

static const char *const status_names[] = {
    [TO_FULFILL] = "TO_FULFILL",       [PROCESSING] = "PROCESSING",
    [FULFILLING] = "FULFILLING",       [PACKAGE_DELIVERED] = "COMPLETED",
    [PACKAGE_CANCELLED] = "CANCELLED", [PACKAGE_REPLACED] = "(replaced)",
};

static const char *const event_names[] = {
    [PACKAGE_SHIP] = "ship",     [PACKAGE_COLLECT] = "collect", [PACKAGE_DELIVER] = "deliver",
    [PACKAGE_CANCEL] = "cancel", [PACKAGE_REPLACE] = "replace",
};

const struct sp_machine package_life = {
    .name = "package",
    .steps = steps,
    .step_count = SP_COUNT(steps),
    .states = status_names,
    .state_count = SP_COUNT(status_names),
    .events = event_names,
    .event_count = SP_COUNT(event_names),
};

const char *package_status_name(enum package_status status)
{
    return status == PACKAGE_REPLACED ? "" : status_names[status];
}

int package_status_of(struct sp_text name)
{
    return sp_text_among(name, status_names, PACKAGE_REPLACED);
}

bool package_happen(struct package *package, enum package_event event, int64_t now)
{
    int next;
    if (!sp_state_next(&package_life, package->status, (int)event, &next))
        return false;
    package->status = (uint8_t)next;
    package->updated = now;
    if (event == PACKAGE_SHIP)
        package->shipped = now;
    return true;
}

void package_advance(struct package *package, enum package_status to, int64_t now)
{
    static const enum package_event next[] = {[TO_FULFILL] = PACKAGE_SHIP,
                                              [PROCESSING] = PACKAGE_COLLECT,
                                              [FULFILLING] = PACKAGE_DELIVER};
    while (package->status < PACKAGE_DELIVERED && package->status < to)
        SP_ASSERT(package_happen(package, next[package->status], now));
}

bool package_is_shipped(const struct package *package)
{
    return package->status >= PROCESSING && package->status <= PACKAGE_DELIVERED;
}

/* ---- markets
 * ------------------------------------------------------------------------------------ */

static bool is_one_of(const char *code, const char *const codes[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(code, codes[i]) == 0)
            return true;
    }
    return false;
}

/* Where a seller who ships alone says so of the order, without a package before. */
static bool marks_orders(const struct region *region)
{
    static const char *const codes[] = {"US", "GB", "ES", "IE", "IT", "DE", "FR", "JP"};
    return is_one_of(region->code, codes, SP_COUNT(codes));
}

enum package_flow package_flow_of(const struct region *region, bool by_seller)
{
    if (!marks_orders(region))
        return FLOW_PACKAGE;
    if (by_seller)
        return FLOW_MARK;
    return strcmp(region->code, "US") == 0 ? FLOW_LABEL : FLOW_PACKAGE;
}

bool package_splits_units(const struct region *region)
{
    return marks_orders(region);
}

bool package_own_fleet(const struct region *region)
{
    static const char *const codes[] = {"VN", "ID", "TH", "MY", "PH", "SG"};
    return is_one_of(region->code, codes, SP_COUNT(codes));
}

const char *package_option_name(bool by_seller)
{
    return by_seller ? "Send by seller" : "Standard shipping";
}

/* ---- carriers
 * ----------------------------------------------------------------------------------- */

static const struct {
    const char *region; /* "": every market without carriers of its own */
    bool by_seller;
    const char *name;
} carriers[] = {
    {"GB", false, "Evri"},         {"GB", true, "Royal Mail"},      {"GB", true, "DPD UK"},
    {"GB", true, "Yodel"},         {"VN", false, "J&T Express VN"}, {"VN", true, "GHN"},
    {"VN", true, "Viettel Post"},  {"US", false, "USPS"},           {"US", false, "UPS"},
    {"US", true, "FedEx"},         {"US", true, "OnTrac"},          {"DE", false, "DHL"},
    {"DE", true, "Deutsche Post"}, {"DE", true, "Hermes"},          {"", false, "Platform post"},
    {"", true, "Local post"},
};

static bool has_carriers(const struct region *region)
{
    for (size_t i = 0; i < SP_COUNT(carriers); i++) {
        if (strcmp(carriers[i].region, region->code) == 0)
            return true;
    }
    return false;
}

size_t carrier_count(void)
{
    return SP_COUNT(carriers);
}

const char *carrier_name(uint32_t carrier)
{
    SP_ASSERT(carrier < SP_COUNT(carriers));
    return carriers[carrier].name;
}

bool carrier_serves(uint32_t carrier, const struct region *region, bool by_seller)
{
    const char *market = has_carriers(region) ? region->code : "";
    return carrier < SP_COUNT(carriers) && carriers[carrier].by_seller == by_seller &&
           strcmp(carriers[carrier].region, market) == 0;
}

uint32_t carrier_default(const struct region *region, bool by_seller)
{
    uint32_t carrier = 0;
    while (!carrier_serves(carrier, region, by_seller))
        carrier++;
    return carrier;
}

void package_slots(int64_t now, struct pickup_slot slots[PACKAGE_SLOTS])
{
    int64_t midnight = now - now % DAY;
    for (int i = 0; i < PACKAGE_SLOTS; i++) {
        int64_t start = midnight + (i / 2) * DAY + (MORNING + i % 2 * SLOT_HOURS) * HOUR;
        slots[i] =
            (struct pickup_slot){start, start + SLOT_HOURS * HOUR, start >= now + PICKUP_NOTICE};
    }
}
