/* Parts as they are stored. */
#include <criterion/criterion.h>

#include "services/product-mapper/parts.h"

Test(parts, reads_what_it_wrote)
{
    struct sp_arena *arena = sp_arena_open();
    struct line_part parts[] = {
        {.variant_id = INT64_MAX, .pieces = 3, .supply = SP_TEXT("STOCKED")},
        {.variant_id = 2, .pieces = 1}};
    struct part_list list = {parts, 2}, read;
    struct sp_text text = mapper_parts_text(&list, arena);
    cr_assert(sp_text_is(
        text, "[{\"variant_id\":9223372036854775807,\"pieces\":3,\"supply\":\"STOCKED\"},"
              "{\"variant_id\":2,\"pieces\":1}]"));
    cr_assert_eq(mapper_read_parts(text, arena, &read), SP_OK);
    cr_assert_eq(read.count, 2);
    cr_assert_eq(read.parts[0].variant_id, INT64_MAX);
    cr_assert(sp_text_is(read.parts[0].supply, "STOCKED"));
    cr_assert_eq(read.parts[1].supply.size, 0);
    sp_arena_close(&arena);
}

Test(parts, takes_nothing_for_no_parts_and_refuses_the_rest)
{
    struct sp_arena *arena = sp_arena_open();
    struct part_list read;
    cr_assert_eq(mapper_read_parts(SP_TEXT(""), arena, &read), SP_OK);
    cr_assert_eq(read.count, 0);
    cr_assert_eq(mapper_read_parts(SP_TEXT("[]"), arena, &read), SP_OK);
    cr_assert_eq(mapper_read_parts(SP_TEXT("{}"), arena, &read), SP_REJECT);
    cr_assert_eq(mapper_read_parts(SP_TEXT("[{}"), arena, &read), SP_REJECT);
    struct line_part many[PARTS_MOST + 1] = {{0}};
    struct part_list list = {many, PARTS_MOST + 1};
    cr_assert_eq(mapper_read_parts(mapper_parts_text(&list, arena), arena, &read), SP_REJECT);
    sp_arena_close(&arena);
}
