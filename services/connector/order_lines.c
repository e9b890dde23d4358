/* Units of an order to lines and packages. */
#include "services/connector/order_lines.h"

#include <stdlib.h>

enum { PACKAGES_MAX = 200 };

static int compare_units(const void *left, const void *right)
{
    const struct tiktok_unit *a = left, *b = right;
    if (a->id.size != b->id.size)
        return a->id.size < b->id.size ? -1 : 1;
    return sp_text_compare(a->id, b->id);
}

static bool fits_line(const struct channel_line *line, const struct tiktok_unit *unit)
{
    return line->price_minor == unit->price_minor && line->is_gift == unit->is_gift &&
           sp_text_equal(line->sku_id, unit->sku_id) && sp_text_equal(line->status, unit->status) &&
           sp_text_equal(line->package_id, unit->package_id);
}

static struct channel_line line_of(const struct tiktok_unit *unit, size_t place)
{
    return (struct channel_line){
        .line = (int64_t)place + 1,
        .product_id = unit->product_id,
        .sku_id = unit->sku_id,
        .seller_sku = unit->seller_sku,
        .product_name = unit->product_name,
        .sku_name = unit->sku_name,
        .price_minor = unit->price_minor,
        .is_gift = unit->is_gift,
        .status = unit->status,
        .package_id = unit->package_id,
    };
}

/* The line of unit `i`, found among those so far or begun. */
static size_t place_unit(const struct tiktok_unit *unit, size_t i, struct channel_line lines[],
                         size_t *line_count)
{
    size_t at = 0;
    while (at < *line_count && !fits_line(&lines[at], unit))
        at++;
    if (at == *line_count)
        lines[(*line_count)++] = line_of(unit, i);
    lines[at].units++;
    return at;
}

void tiktok_group_units(struct tiktok_unit units[], size_t count, struct channel_order *fact,
                        struct sp_arena *arena)
{
    if (count == 0)
        return;
    qsort(units, count, sizeof units[0], compare_units);
    struct channel_line *lines = sp_arena_array(arena, count, sizeof *lines);
    size_t *line_of_unit = sp_arena_array(arena, count, sizeof *line_of_unit);
    struct unit_id **fill = sp_arena_array(arena, count, sizeof *fill);
    size_t line_count = 0;
    for (size_t i = 0; i < count; i++)
        line_of_unit[i] = place_unit(&units[i], i, lines, &line_count);
    for (size_t at = 0; at < line_count; at++) {
        lines[at].unit_ids_count = (size_t)lines[at].units;
        fill[at] = sp_arena_array(arena, lines[at].unit_ids_count, sizeof **fill);
        lines[at].unit_ids = fill[at];
    }
    for (size_t i = 0; i < count; i++)
        (fill[line_of_unit[i]]++)->id = units[i].id;
    fact->lines = lines;
    fact->lines_count = line_count;
}

static struct channel_package *package_of(struct sp_text id, struct channel_package packages[],
                                          size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (sp_text_equal(packages[i].package_id, id))
            return &packages[i];
    }
    if (*count == PACKAGES_MAX)
        return NULL;
    packages[*count] = (struct channel_package){.package_id = id};
    return &packages[(*count)++];
}

static void add_package(const struct channel_package *said, struct channel_package packages[],
                        size_t *count)
{
    if (said->package_id.size == 0)
        return;
    struct channel_package *package = package_of(said->package_id, packages, count);
    if (package == NULL)
        return;
    if (package->tracking.size == 0)
        package->tracking = said->tracking;
    if (package->carrier.size == 0)
        package->carrier = said->carrier;
}

void tiktok_collect_packages(const struct tiktok_unit units[], size_t count,
                             struct channel_order *fact, struct sp_arena *arena)
{
    const struct channel_package *listed = fact->packages;
    size_t listed_count = fact->packages_count;
    size_t most = count + listed_count < PACKAGES_MAX ? count + listed_count : PACKAGES_MAX;
    if (most == 0)
        return;
    struct channel_package *packages = sp_arena_array(arena, most, sizeof *packages);
    size_t package_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct channel_package said = {units[i].package_id, units[i].tracking, units[i].carrier};
        add_package(&said, packages, &package_count);
    }
    for (size_t i = 0; i < listed_count; i++)
        add_package(&listed[i], packages, &package_count);
    fact->packages = packages;
    fact->packages_count = package_count;
}
