/* Which units a seller may cancel by themselves, and which are chosen. */
#include "services/order-ingest/cancel_units.h"

#include <criterion/criterion.h>
#include <string.h>

/* Line 1: two to ship, one cancelled, one on its way.  Line 5: one.  Line 6: cancelled. */
static const char lines_stored[] =
    "[{\"n\":1,\"u\":4,\"i\":[\"11\",\"12\"],\"a\":["
    "{\"u\":1,\"st\":\"CANCELLED\",\"i\":[\"13\"]},{\"u\":1,\"st\":\"IN_TRANSIT\",\"i\":[\"14\"]}]}"
    ","
    "{\"n\":5,\"u\":1,\"i\":[\"51\"]},{\"n\":6,\"u\":1,\"st\":\"CANCELLED\",\"i\":[\"61\"]}]";

static struct sp_arena *arena;

static void begin(void)
{
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(cancel_units, .init = begin, .fini = end);

static struct sp_json json_of(const char *text)
{
    struct sp_json json;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &json, NULL), SP_OK, "%s", text);
    return json;
}

static const char *written(const struct cancel_lines *lines)
{
    static struct sp_buffer text;
    sp_buffer_reset(&text);
    cancel_units_write(lines, &text);
    sp_buffer_put(&text, "", 1);
    return text.data;
}

static struct cancel_lines free_units(const char *status, const char *taken)
{
    struct cancel_view view = {
        {SP_TEXT("GB"), sp_text_of(status)}, json_of(lines_stored), json_of(taken)};
    return cancel_units_free(&view, arena);
}

#define ALL "[{\"line\":1,\"unit_ids\":[\"11\",\"12\"]},{\"line\":5,\"unit_ids\":[\"51\"]}]"

Test(cancel_units, are_those_that_neither_went_nor_are_going)
{
    struct cancel_lines open = free_units("AWAITING_SHIPMENT", "[]");
    cr_expect_str_eq(written(&open), ALL);
    open = free_units("AWAITING_SHIPMENT", "[\"12\",\"51\"]");
    cr_expect_str_eq(written(&open), "[{\"line\":1,\"unit_ids\":[\"11\"]}]");
    open = free_units("IN_TRANSIT", "[]");
    cr_expect_str_eq(written(&open), "[]");
    open = free_units("AWAITING_SHIPMENT", "null");
    cr_expect_str_eq(written(&open), ALL, "nothing was asked for");
}

Test(cancel_units, are_picked_from_the_end_of_their_line)
{
    struct cancel_lines open = free_units("AWAITING_SHIPMENT", "[]"), picked;
    cr_assert(cancel_units_pick(
        &open, json_of("[{\"line\":1,\"units\":1},{\"line\":5,\"units\":1}]"), arena, &picked));
    cr_expect_str_eq(written(&picked),
                     "[{\"line\":1,\"unit_ids\":[\"12\"]},{\"line\":5,\"unit_ids\":[\"51\"]}]");
    cr_assert(cancel_units_pick(&open, json_of("[{\"line\":1,\"units\":2}]"), arena, &picked));
    cr_expect_str_eq(written(&picked), "[{\"line\":1,\"unit_ids\":[\"11\",\"12\"]}]");
}

Test(cancel_units, are_not_picked_by_a_wish_that_makes_no_sense)
{
    static const char *const wishes[] = {
        "[]",
        "{}",
        "[{}]",
        "[{\"line\":1}]",
        "[{\"line\":1,\"units\":0}]",
        "[{\"line\":1,\"units\":-1}]",
        "[{\"line\":1,\"units\":3}]",
        "[{\"line\":6,\"units\":1}]",
        "[{\"line\":1,\"units\":1},{\"line\":1,\"units\":1}]",
    };
    struct cancel_lines open = free_units("AWAITING_SHIPMENT", "[]"), picked;
    for (size_t i = 0; i < SP_COUNT(wishes); i++)
        cr_expect_not(cancel_units_pick(&open, json_of(wishes[i]), arena, &picked), "%s",
                      wishes[i]);
}

Test(cancel_units, of_one_cancellation_are_a_thousand_at_most)
{
    enum { LINE_UNITS = CANCEL_UNITS + 1 };
    static struct unit_id units[LINE_UNITS];
    struct cancel_line line = {1, units, LINE_UNITS};
    struct cancel_lines open = {&line, 1}, picked;
    cr_expect(cancel_units_pick(&open, json_of("[{\"line\":1,\"units\":1000}]"), arena, &picked));
    cr_expect_not(
        cancel_units_pick(&open, json_of("[{\"line\":1,\"units\":1001}]"), arena, &picked));
}

Test(cancel_units, are_the_same_when_each_line_has_as_many)
{
    struct sp_json under_way = json_of(ALL);
    cr_expect(cancel_units_same(under_way,
                                json_of("[{\"line\":5,\"units\":1},{\"line\":1,\"units\":2}]")));
    cr_expect_not(cancel_units_same(under_way, json_of("[{\"line\":1,\"units\":2}]")));
    cr_expect_not(cancel_units_same(
        under_way, json_of("[{\"line\":5,\"units\":1},{\"line\":1,\"units\":1}]")));
    cr_expect_not(cancel_units_same(
        under_way, json_of("[{\"line\":5,\"units\":1},{\"line\":7,\"units\":0}]")));
}
