/* From chosen parts to what the pipeline needs, and from lines to mapped lines. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/product-mapper/domain.h"

static struct sp_arena *arena;

static void begin(void)
{
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(domain, .init = begin, .fini = end);

static struct line_part set_parts[] = {{.variant_id = 1, .pieces = 2},
                                       {.variant_id = 2, .pieces = 1}};
static struct line_part nested_parts[] = {{.variant_id = 4, .pieces = 1}};

/* 1 and 2 plain, 3 archived, 4 a bundle of 1 and 2, 5 a bundle that holds a bundle. */
static struct variant_table table(void)
{
    static struct variant_meaning variants[5];
    for (size_t i = 0; i < 5; i++)
        variants[i] =
            (struct variant_meaning){.variant_id = (int64_t)i + 1, .supply = SP_TEXT("STOCKED")};
    variants[1].supply = SP_TEXT("PURCHASED");
    variants[2].archived = true;
    variants[3].parts = (struct part_list){set_parts, 2};
    variants[4].parts = (struct part_list){nested_parts, 1};
    return (struct variant_table){variants, 5};
}

static struct sp_text resolve(struct line_part parts[], size_t count, struct part_list *resolved)
{
    struct variant_table all = table();
    struct sku_choice choice = {.parts = {parts, count}, .downloaded = true};
    return mapper_resolve(&choice, &all, arena, resolved);
}

Test(domain, tells_unmapped_from_not_downloaded)
{
    struct variant_table all = table();
    struct part_list resolved;
    struct sku_choice none = {.downloaded = true};
    cr_assert(sp_text_is(mapper_resolve(&none, &all, arena, &resolved), "UNMAPPED"));
    none.downloaded = false;
    cr_assert(sp_text_is(mapper_resolve(&none, &all, arena, &resolved), "NOT_DOWNLOADED"));
}

Test(domain, resolves_plain_variants_with_their_supply)
{
    struct line_part parts[] = {{.variant_id = 2, .pieces = 3}};
    struct part_list resolved;
    cr_assert_eq(resolve(parts, 1, &resolved).size, 0);
    cr_assert_eq(resolved.count, 1);
    cr_assert_eq(resolved.parts[0].pieces, 3);
    cr_assert(sp_text_is(resolved.parts[0].supply, "PURCHASED"));
}

Test(domain, takes_bundles_apart_and_sums_equal_variants)
{
    struct line_part parts[] = {{.variant_id = 4, .pieces = 2}, {.variant_id = 1, .pieces = 1}};
    struct part_list resolved;
    cr_assert_eq(resolve(parts, 2, &resolved).size, 0);
    cr_assert_eq(resolved.count, 2);
    cr_assert_eq(resolved.parts[0].variant_id, 1);
    cr_assert_eq(resolved.parts[0].pieces, 5);
    cr_assert_eq(resolved.parts[1].pieces, 2);
}

Test(domain, calls_incomplete_what_cannot_be_made)
{
    struct line_part cases[] = {{.variant_id = 3, .pieces = 1},
                                {.variant_id = 5, .pieces = 1},
                                {.variant_id = 9, .pieces = 1},
                                {.variant_id = 1, .pieces = 0},
                                {.variant_id = 1, .pieces = PIECES_MOST + 1}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct part_list resolved;
        cr_assert(sp_text_is(resolve(&cases[i], 1, &resolved), "INCOMPLETE"), "case %zu", i);
        cr_assert_eq(resolved.count, 0);
    }
}

Test(domain, maps_a_line_or_says_what_is_wrong_with_it)
{
    struct line_part part = {.variant_id = 1, .pieces = 1};
    struct recorded_line line = {.line = 4, .sku_id = SP_TEXT("s"), .units = 2, .cancelled = true};
    struct sku_meaning unknown = {0}, unmapped = {.known = true, .problem = SP_TEXT("UNMAPPED")};
    struct sku_meaning good = {.known = true, .resolved = {&part, 1}};
    struct mapped_line mapped = mapper_map_line(&line, &(struct line_meaning){&unknown, 0}, arena);
    cr_assert(sp_text_is(mapped.problem, "NOT_DOWNLOADED"));
    cr_assert(sp_text_is(mapped.subject, "s"), "nothing else is known of it");
    line.seller_sku = SP_TEXT("MUG");
    mapped = mapper_map_line(&line, &(struct line_meaning){&unmapped, 0}, arena);
    cr_assert(sp_text_is(mapped.problem, "UNMAPPED"));
    cr_assert(sp_text_is(mapped.subject, "MUG"));
    mapped = mapper_map_line(&line, &(struct line_meaning){&good, 0}, arena);
    cr_assert_eq(mapped.problem.size + mapped.subject.size, 0);
    cr_assert_eq(mapped.parts_count, 1);
    cr_assert(mapped.cancelled && mapped.units == 2 && mapped.line == 4);
}

Test(domain, is_complete_only_with_every_attribute_and_a_design_where_one_is_needed)
{
    static struct line_part shirt[] = {{.variant_id = 1, .pieces = 1}};
    struct variant_meaning variants[] = {{.variant_id = 1, .supply = SP_TEXT("MADE_TO_ORDER")},
                                         {.variant_id = 2, .parts = {shirt, 1}}};
    struct variant_table all = {variants, 2};
    struct line_part parts[] = {{.variant_id = 2, .pieces = 1}};
    struct sku_choice choice = {.parts = {parts, 1}, .downloaded = true};
    struct part_list resolved;
    variants[0].unfinished = true;
    cr_assert(sp_text_is(mapper_resolve(&choice, &all, arena, &resolved), "INCOMPLETE"));
    variants[0].unfinished = false;
    variants[0].needs_design = true;
    cr_assert(sp_text_is(mapper_resolve(&choice, &all, arena, &resolved), "DESIGN_MISSING"));
    cr_assert_eq(resolved.count, 0);
    choice.has_design = true;
    cr_assert_eq(mapper_resolve(&choice, &all, arena, &resolved).size, 0);
    choice = (struct sku_choice){.parts = {parts, 1}, .personalised = true};
    cr_assert_eq(mapper_resolve(&choice, &all, arena, &resolved).size, 0);
    cr_assert_eq(resolved.count, 1);
}

Test(domain, asks_a_design_of_each_line_of_a_personalised_listing)
{
    struct line_part part = {.variant_id = 1, .pieces = 1};
    struct recorded_line line = {.line = 4, .sku_id = SP_TEXT("s"), .units = 1};
    struct sku_meaning sku = {.known = true, .personalised = true, .resolved = {&part, 1}};
    struct line_meaning meaning = {&sku, false};
    struct mapped_line mapped = mapper_map_line(&line, &meaning, arena);
    cr_assert(sp_text_is(mapped.problem, "DESIGN_MISSING") && mapped.parts_count == 0);
    meaning.has_design = true;
    mapped = mapper_map_line(&line, &meaning, arena);
    cr_assert(mapped.problem.size == 0 && mapped.parts_count == 1);
    sku.problem = SP_TEXT("UNMAPPED");
    meaning.has_design = false;
    mapped = mapper_map_line(&line, &meaning, arena);
    cr_assert(sp_text_is(mapped.problem, "UNMAPPED"), "what comes first is mended first");
}

Test(domain, knows_which_orders_are_still_to_be_shipped)
{
    cr_assert(mapper_waits(SP_TEXT("UNPAID")) && mapper_waits(SP_TEXT("NEVER_HEARD")));
    cr_assert(!mapper_waits(SP_TEXT("AWAITING_COLLECTION")) && !mapper_waits(SP_TEXT("DELIVERED")));
    cr_assert(!mapper_waits(SP_TEXT("CANCELLED")) && !mapper_waits(SP_TEXT("IN_TRANSIT")));
}

Test(domain, keeps_the_subject_within_the_schema)
{
    char name[400];
    memset(name, 'x', sizeof name);
    memcpy(name + SUBJECT_BYTES - 1, "\xC3\xA0", 2); /* a character across the border */
    struct recorded_line line = {.line = 1, .product_name = {name, sizeof name}};
    struct sku_meaning unknown = {0};
    struct line_meaning meaning = {&unknown, false};
    cr_assert_eq(mapper_map_line(&line, &meaning, arena).subject.size, SUBJECT_BYTES - 1);
}

Test(domain, knows_which_orders_can_still_change)
{
    cr_assert(!mapper_is_open(SP_TEXT("COMPLETED")));
    cr_assert(!mapper_is_open(SP_TEXT("CANCELLED")));
    cr_assert(mapper_is_open(SP_TEXT("UNPAID")));
    cr_assert(mapper_is_open(SP_TEXT("NEVER_HEARD")));
}

Test(domain, rejects_orders_that_contradict_themselves)
{
    struct recorded_line lines[] = {
        {.line = 2, .units = 1}, {.line = 1, .units = 1}, {.line = 2, .units = 1}};
    struct order_recorded order = {.lines = lines, .lines_count = 2};
    cr_assert_eq(mapper_check_order(&order, NULL), SP_OK);
    order.lines_count = 3;
    cr_assert_eq(mapper_check_order(&order, NULL), SP_REJECT);
    lines[0].units = -1;
    order.lines_count = 1;
    cr_assert_eq(mapper_check_order(&order, NULL), SP_REJECT);
}

Test(domain, writes_keys)
{
    cr_assert(sp_text_is(mapper_key(arena, 7, SP_TEXT("1729")), "7-1729"));
    cr_assert(sp_text_is(mapper_key(arena, INT64_MIN, SP_TEXT("")), "-9223372036854775808-"));
    cr_assert(sp_text_is(mapper_key(arena, 0, SP_TEXT("x")), "0-x"));
}
