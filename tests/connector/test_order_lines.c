/* Units to lines: grouping, and numbers that stay. */
#include "services/connector/order_lines.h"

#include <criterion/criterion.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(order_lines, .init = set_up, .fini = tear_down);

static struct tiktok_unit unit(const char *id, const char *sku, const char *status)
{
    return (struct tiktok_unit){.id = sp_text_of(id),
                                .sku_id = sp_text_of(sku),
                                .status = sp_text_of(status),
                                .price_minor = 1290};
}

static const struct channel_line *line_numbered(const struct channel_order *fact, int64_t number)
{
    for (size_t i = 0; i < fact->lines_count; i++) {
        if (fact->lines[i].line == number)
            return &fact->lines[i];
    }
    return NULL;
}

Test(order_lines, makes_one_line_of_equal_units)
{
    struct tiktok_unit units[] = {unit("12", "A", "S"), unit("11", "A", "S"), unit("13", "B", "S")};
    struct channel_order fact = {0};
    tiktok_group_units(units, 3, &fact, arena);
    cr_assert_eq(fact.lines_count, 2);
    const struct channel_line *line = line_numbered(&fact, 1);
    cr_assert_eq(line->units, 2);
    cr_assert_eq(line->unit_ids_count, 2);
    cr_assert(sp_text_is(line->unit_ids[0].id, "11"));
    cr_assert(sp_text_is(line->unit_ids[1].id, "12"));
    cr_assert(sp_text_is(line_numbered(&fact, 3)->sku_id, "B"));
}

Test(order_lines, makes_another_line_of_what_was_bought_otherwise)
{
    struct tiktok_unit units[4];
    for (size_t i = 0; i < 4; i++)
        units[i] = unit(((const char *[]){"1", "2", "3", "4"})[i], "A", "S");
    units[1].price_minor = 1;
    units[2].is_gift = true;
    units[3].sku_id = SP_TEXT("B");
    struct channel_order fact = {0};
    tiktok_group_units(units, 4, &fact, arena);
    cr_assert_eq(fact.lines_count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(fact.lines[i].apart_count, 0);
}

Test(order_lines, orders_ids_as_numbers_and_not_as_words)
{
    struct tiktok_unit units[] = {unit("100", "A", "S"), unit("99", "B", "S")};
    struct channel_order fact = {0};
    tiktok_group_units(units, 2, &fact, arena);
    cr_assert(sp_text_is(line_numbered(&fact, 1)->sku_id, "B"));
    cr_assert(sp_text_is(line_numbered(&fact, 2)->sku_id, "A"));
}

static bool is_apart(const struct channel_line *line, size_t at, const char *status,
                     const char *package_id, const char *first_id)
{
    const struct units_apart *apart = &line->apart[at];
    return at < line->apart_count && sp_text_is(apart->status, status) &&
           sp_text_is(apart->package_id, package_id) && apart->unit_ids_count > 0 &&
           (int64_t)apart->unit_ids_count == apart->units &&
           sp_text_is(apart->unit_ids[0].id, first_id);
}

/* Who keeps something for line 1 must find it again when one of its units is cancelled or packed
 * by itself. */
Test(order_lines, keeps_a_line_whole_however_its_units_stand)
{
    struct tiktok_unit before[] = {unit("1", "A", "S"), unit("2", "A", "S"), unit("3", "B", "S"),
                                   unit("4", "A", "S"), unit("5", "A", "S")};
    struct tiktok_unit after[] = {unit("5", "A", "S"), unit("4", "A", "CANCELLED"),
                                  unit("3", "B", "S"), unit("2", "A", "CANCELLED"),
                                  unit("1", "A", "S")};
    after[0].package_id = SP_TEXT("P2");
    struct channel_order first = {0}, second = {0};
    tiktok_group_units(before, 5, &first, arena);
    tiktok_group_units(after, 5, &second, arena);
    cr_assert_eq(first.lines_count, 2);
    cr_assert_eq(line_numbered(&first, 1)->units, 4);
    cr_assert_eq(line_numbered(&first, 1)->apart_count, 0);
    cr_assert_eq(second.lines_count, 2);
    const struct channel_line *line = line_numbered(&second, 1);
    cr_assert_eq(line->units, 4);
    cr_assert(sp_text_is(line->status, "S"));
    cr_assert_eq(line->unit_ids_count, 1);
    cr_assert(sp_text_is(line->unit_ids[0].id, "1"));
    cr_assert_eq(line->apart_count, 2);
    cr_assert(is_apart(line, 0, "CANCELLED", "", "2"));
    cr_assert_eq(line->apart[0].units, 2);
    cr_assert(is_apart(line, 1, "S", "P2", "5"));
    cr_assert_eq(line_numbered(&second, 3)->units, 1);
    cr_assert_eq(line_numbered(&second, 3)->apart_count, 0);
}

Test(order_lines, tells_apart_what_stands_apart_in_each_of_several_lines)
{
    struct tiktok_unit units[] = {unit("1", "A", "S"), unit("2", "B", "S"), unit("3", "A", "T"),
                                  unit("4", "B", "T"), unit("5", "C", "S"), unit("6", "A", "U")};
    struct channel_order fact = {0};
    tiktok_group_units(units, 6, &fact, arena);
    cr_assert_eq(fact.lines_count, 3);
    cr_assert_eq(line_numbered(&fact, 1)->apart_count, 2);
    cr_assert(is_apart(line_numbered(&fact, 1), 0, "T", "", "3"));
    cr_assert(is_apart(line_numbered(&fact, 1), 1, "U", "", "6"));
    cr_assert_eq(line_numbered(&fact, 2)->apart_count, 1);
    cr_assert(is_apart(line_numbered(&fact, 2), 0, "T", "", "4"));
    cr_assert_eq(line_numbered(&fact, 5)->units, 1);
}

Test(order_lines, gives_the_same_lines_whatever_order_units_come_in)
{
    const char *const orders[][3] = {{"1", "2", "3"}, {"3", "2", "1"}, {"2", "3", "1"}};
    for (size_t i = 0; i < SP_COUNT(orders); i++) {
        struct tiktok_unit units[3];
        for (size_t at = 0; at < 3; at++)
            units[at] = unit(orders[i][at], orders[i][at][0] == '2' ? "B" : "A", "S");
        struct channel_order fact = {0};
        tiktok_group_units(units, 3, &fact, arena);
        cr_assert_eq(fact.lines_count, 2);
        cr_assert_eq(line_numbered(&fact, 1)->units, 2);
        cr_assert_eq(line_numbered(&fact, 2)->units, 1);
    }
}

Test(order_lines, makes_nothing_of_no_units)
{
    struct channel_order fact = {0};
    tiktok_group_units(NULL, 0, &fact, arena);
    cr_assert_eq(fact.lines_count, 0);
}

Test(order_lines, joins_the_packages_of_order_and_units)
{
    struct tiktok_unit units[] = {unit("1", "A", "S"), unit("2", "A", "S")};
    units[0].package_id = SP_TEXT("P1");
    units[0].tracking = SP_TEXT("T1");
    units[1].package_id = SP_TEXT("P1");
    units[1].carrier = SP_TEXT("C1");
    const struct channel_package listed[] = {
        {.package_id = SP_TEXT("P1")}, {.package_id = SP_TEXT("P2"), .tracking = SP_TEXT("T2")}};
    struct channel_order fact = {.packages = listed, .packages_count = 2};
    tiktok_collect_packages(units, 2, &fact, arena);
    cr_assert_eq(fact.packages_count, 2);
    cr_assert(sp_text_is(fact.packages[0].tracking, "T1"));
    cr_assert(sp_text_is(fact.packages[0].carrier, "C1"));
    cr_assert(sp_text_is(fact.packages[1].tracking, "T2"));
}
