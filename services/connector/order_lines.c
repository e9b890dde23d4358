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

static bool same_goods(const struct channel_line *a, const struct channel_line *b)
{
    return a->price_minor == b->price_minor && a->is_gift == b->is_gift &&
           sp_text_equal(a->sku_id, b->sku_id);
}

static bool stand_alike(const struct channel_line *a, const struct channel_line *b)
{
    return sp_text_equal(a->status, b->status) && sp_text_equal(a->package_id, b->package_id);
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

/* The group of unit `i`, found among those so far or begun. */
static size_t place_unit(const struct tiktok_unit *unit, size_t i, struct channel_line groups[],
                         size_t *count)
{
    struct channel_line own = line_of(unit, i);
    size_t at = 0;
    while (at < *count && !(same_goods(&groups[at], &own) && stand_alike(&groups[at], &own)))
        at++;
    if (at == *count)
        groups[(*count)++] = own;
    groups[at].units++;
    return at;
}

/* Groups of equal units, in the order of their first units.  Returns how many. */
static size_t group_equal(const struct tiktok_unit units[], size_t count,
                          struct channel_line groups[], struct sp_arena *arena)
{
    size_t *group_of_unit = sp_arena_array(arena, count, sizeof *group_of_unit);
    struct unit_id **fill = sp_arena_array(arena, count, sizeof *fill);
    size_t group_count = 0;
    for (size_t i = 0; i < count; i++)
        group_of_unit[i] = place_unit(&units[i], i, groups, &group_count);
    for (size_t at = 0; at < group_count; at++) {
        groups[at].unit_ids_count = (size_t)groups[at].units;
        fill[at] = sp_arena_array(arena, groups[at].unit_ids_count, sizeof **fill);
        groups[at].unit_ids = fill[at];
    }
    for (size_t i = 0; i < count; i++)
        (fill[group_of_unit[i]]++)->id = units[i].id;
    return group_count;
}

static struct units_apart apart_of(const struct channel_line *group)
{
    return (struct units_apart){.units = group->units,
                                .status = group->status,
                                .package_id = group->package_id,
                                .unit_ids = group->unit_ids,
                                .unit_ids_count = group->unit_ids_count};
}

/* The first group of what was bought becomes the line, the others stand apart in it.  Returns how
 * many lines there are. */
static size_t join_groups(struct channel_line groups[], size_t count, struct sp_arena *arena)
{
    struct units_apart *apart = sp_arena_array(arena, count, sizeof *apart);
    size_t line_count = 0;
    for (size_t at = 0; at < count; at++) {
        if (groups[at].units == 0) /* it stands apart in a line before */
            continue;
        struct channel_line line = groups[at];
        line.apart = apart;
        for (size_t other = at + 1; other < count; other++) {
            if (groups[other].units == 0 || !same_goods(&line, &groups[other]))
                continue;
            *apart++ = apart_of(&groups[other]);
            line.apart_count++;
            line.units += groups[other].units;
            groups[other].units = 0;
        }
        groups[line_count++] = line;
    }
    return line_count;
}

void tiktok_group_units(struct tiktok_unit units[], size_t count, struct channel_order *fact,
                        struct sp_arena *arena)
{
    if (count == 0)
        return;
    qsort(units, count, sizeof units[0], compare_units);
    struct channel_line *lines = sp_arena_array(arena, count, sizeof *lines);
    size_t group_count = group_equal(units, count, lines, arena);
    fact->lines = lines;
    fact->lines_count = join_groups(lines, group_count, arena);
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
