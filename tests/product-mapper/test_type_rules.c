/* What a product type may be, and which values a variant may have. */
#include <criterion/criterion.h>

#include "services/product-mapper/type_rules.h"

static const char *read(const char *json, struct type_input *input)
{
    static struct sp_arena *arena;
    struct sp_json body;
    if (arena == NULL)
        arena = sp_arena_open();
    cr_assert_eq(sp_json_parse(sp_text_of(json), &body, NULL), SP_OK);
    return mapper_read_type(body, arena, input);
}

#define SHIRT                                                                                      \
    "{\"id\":\"5\",\"name\":\"Áo thun\",\"needs_design\":true,\"attributes\":[{\"id\":\"6\","     \
    "\"name\":\"Màu\",\"values\":[{\"id\":\"7\",\"name\":\"Đỏ\"},{\"name\":\"Xanh\"}]},"       \
    "{\"name\":\"Cỡ\",\"values\":[{\"name\":\"M\"}]}]}"

Test(type_rules, reads_a_type_with_attributes_and_values)
{
    struct type_input input;
    cr_assert_null(read(SHIRT, &input));
    cr_assert_eq(input.type_id, 5);
    cr_assert(input.needs_design);
    cr_assert_eq(input.count, 2);
    cr_assert_eq(input.attributes[0].attribute_id, 6);
    cr_assert_eq(input.attributes[0].count, 2);
    cr_assert_eq(input.attributes[0].values[1].value_id, 0);
    cr_assert(sp_text_is(input.attributes[1].values[0].name, "M"));
}

Test(type_rules, refuses_names_that_are_missing_equal_or_break_a_cell)
{
    static const char *const wrong[] = {
        "{}",
        "{\"name\":\"\"}",
        "{\"name\":\" A\"}",
        "{\"name\":\"A\\nB\"}",
        "{\"name\":\"A\",\"attributes\":[{\"name\":\"a=b\"}]}",
        "{\"name\":\"A\",\"attributes\":[{\"name\":\"a\"},{\"name\":\"a\"}]}",
        "{\"name\":\"A\",\"attributes\":[{\"name\":\"a\",\"values\":[{\"name\":\"x;y\"}]}]}",
        "{\"name\":\"A\",\"attributes\":[{\"name\":\"a\",\"values\":[{\"name\":\"x\"},{\"name\":"
        "\"x\"}]}]}",
        "{\"name\":\"A\",\"attributes\":[{\"name\":\"1\"},{\"name\":\"2\"},{\"name\":\"3\"},{"
        "\"name\":\"4\"},{\"name\":\"5\"},{\"name\":\"6\"},{\"name\":\"7\"},{\"name\":\"8\"},{"
        "\"name\":\"9\"},{\"name\":\"10\"},{\"name\":\"11\"}]}",
    };
    struct type_input input;
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_not_null(read(wrong[i], &input), "case %zu", i);
}

Test(type_rules, knows_what_is_the_types_own_and_what_goes)
{
    const struct known_value values[] = {{6, 7}, {6, 8}, {9, 0}};
    const struct known_values known = {values, SP_COUNT(values)};
    struct type_input input;
    cr_assert_null(read(SHIRT, &input));
    cr_assert(mapper_names_known(&input, &known));
    cr_assert(mapper_keeps_attribute(&input, 6) && !mapper_keeps_attribute(&input, 9));
    cr_assert(mapper_keeps_value(&input, 7) && !mapper_keeps_value(&input, 8));
    input.attributes[0].values[0].value_id = 99;
    cr_assert(!mapper_names_known(&input, &known));
    input.attributes[0].values[0].value_id = 7;
    input.attributes[1].attribute_id = 99;
    cr_assert(!mapper_names_known(&input, &known));
}

Test(type_rules, takes_one_value_of_each_attribute_of_the_type)
{
    struct chosen_value good[] = {{12, 2, 5}, {11, 1, 5}};
    cr_assert_null(mapper_check_values(good, 2, 5));
    cr_assert_eq(good[0].value_id, 11, "sorted");
    struct chosen_value two[] = {{11, 1, 5}, {12, 1, 5}};
    cr_assert_not_null(mapper_check_values(two, 2, 5));
    struct chosen_value foreign[] = {{11, 1, 6}};
    cr_assert_not_null(mapper_check_values(foreign, 1, 5));
    cr_assert_null(mapper_check_values(NULL, 0, 5), "not all need be set");
}
