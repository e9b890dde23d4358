/* The rules of the order book. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/order-ingest/domain.h"

static struct channel_order an_order(void)
{
    return (struct channel_order){
        .head = {.account_id = 1, .key = SP_TEXT("7-5001"), .rev = 3},
        .shop_id = 7,
        .channel_order_id = SP_TEXT("5001"),
        .status = SP_TEXT("CANCELLED"),
        .created_at = 1700000000,
        .updated_at = 1700000000,
    };
}

Test(domain, accepts_an_order_of_which_little_is_known)
{
    struct channel_order order = an_order();
    order.status = SP_TEXT("NEVER_HEARD");
    order.created_at = 0;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK);
}

Test(domain, rejects_a_key_of_another_order)
{
    struct channel_order order = an_order();
    struct sp_error err;
    order.head.key = SP_TEXT("8-5001");
    cr_assert_eq(ingest_check_order(&order, &err), SP_REJECT);
    cr_assert(strstr(err.text, "8-5001") != NULL);
}

Test(domain, rejects_times_that_cannot_be)
{
    struct channel_order order = an_order();
    order.ship_by = -1;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    order.ship_by = INT64_C(253402300799);
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK);
    order.ship_by++;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
}

Test(domain, rejects_a_line_twice_or_with_nonsensical_units)
{
    struct channel_line lines[] = {
        {.line = 2, .units = 1}, {.line = 1, .units = 1}, {.line = 2, .units = 1}};
    struct channel_order order = an_order();
    order.lines = lines;
    order.lines_count = 2;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK, "any order of lines will do");
    order.lines_count = 3;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    order.lines_count = 1;
    lines[0].units = -1;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    lines[0].units = INGEST_LINE_UNITS;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK);
    lines[0].units++;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    lines[0] = (struct channel_line){.line = 0, .units = 1};
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
}

Test(domain, rejects_units_apart_that_are_not_of_the_line)
{
    struct units_apart apart[] = {{.units = 2}, {.units = 2}};
    struct channel_line line = {.line = 1, .units = 5, .apart = apart, .apart_count = 2};
    struct channel_order order = an_order();
    order.lines = &line;
    order.lines_count = 1;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_OK);
    line.units = 4; /* none is left for the line's own word */
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    line.units = 5;
    apart[1].units = 0;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
    apart[1].units = INT64_MIN;
    cr_assert_eq(ingest_check_order(&order, NULL), SP_REJECT);
}

/* What the stations after this one keep, issue and charge for. */
Test(domain, passes_on_the_units_that_are_not_cancelled)
{
    struct units_apart apart[] = {{.units = 2, .status = SP_TEXT("CANCELLED")},
                                  {.units = 1, .status = SP_TEXT("IN_TRANSIT")}};
    struct channel_line line = {.line = 1,
                                .units = 7,
                                .status = SP_TEXT("AWAITING_SHIPMENT"),
                                .apart = apart,
                                .apart_count = 2};
    struct channel_order order = an_order();
    struct sp_arena *arena = sp_arena_open();
    struct order_recorded recorded;
    order.lines = &line;
    order.lines_count = 1;
    ingest_record(&order, 1, arena, &recorded);
    cr_assert_eq(recorded.lines_count, 1);
    cr_assert_eq(recorded.lines[0].units, 5);
    cr_assert_not(recorded.lines[0].cancelled);
    cr_assert_eq(ingest_units(&order), 7, "the book counts what was bought");
    line.status = SP_TEXT("CANCELLED");
    ingest_record(&order, 2, arena, &recorded);
    cr_assert_eq(recorded.lines[0].units, 1);
    cr_assert_not(recorded.lines[0].cancelled);
    apart[1].status = SP_TEXT("CANCELLED");
    ingest_record(&order, 3, arena, &recorded);
    cr_assert_eq(recorded.lines[0].units, 0);
    cr_assert(recorded.lines[0].cancelled);
    sp_arena_close(&arena);
}

Test(domain, names_the_cause_of_a_cancellation)
{
    static const struct {
        const char *status, *initiator;
        int64_t collected_at;
        const char *cause;
    } cases[] = {
        {"CANCELLED", "SELLER", 0, "SELLER"}, {"CANCELLED", "BUYER", 0, "BUYER"},
        {"CANCELLED", "SYSTEM", 0, "SYSTEM"}, {"CANCELLED", "BUYER", 5, "COLLECTED"},
        {"CANCELLED", "MARTIAN", 0, ""},      {"CANCELLED", "", 0, ""},
        {"DELIVERED", "SELLER", 5, ""},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct channel_order order = an_order();
        order.status = sp_text_of(cases[i].status);
        order.cancel_initiator = sp_text_of(cases[i].initiator);
        order.collected_at = cases[i].collected_at;
        cr_assert(sp_text_is(ingest_cause(&order), cases[i].cause), "case %zu", i);
    }
}

Test(domain, sums_units_and_passes_over_nonsense)
{
    struct channel_line lines[] = {
        {.line = 1, .units = 2}, {.line = 2, .units = -9}, {.line = 3, .units = 5}};
    struct channel_order order = an_order();
    order.lines = lines;
    order.lines_count = 3;
    cr_assert_eq(ingest_units(&order), 7);
}

Test(domain, cuts_between_characters)
{
    cr_assert(sp_text_is(ingest_cut(SP_TEXT("Sài Gòn"), 2), "S"));
    cr_assert(sp_text_is(ingest_cut(SP_TEXT("Sài Gòn"), 3), "Sà"));
    cr_assert(sp_text_is(ingest_cut(SP_TEXT("short"), 100), "short"));
}

Test(domain, passes_on_what_the_next_station_needs_and_no_more)
{
    char name[300];
    memset(name, 'n', sizeof name);
    struct channel_line lines[] = {{.line = 4,
                                    .sku_id = SP_TEXT("s1"),
                                    .units = 2,
                                    .price_minor = 5,
                                    .status = SP_TEXT("CANCELLED"),
                                    .product_name = {name, sizeof name}}};
    struct channel_order order = an_order();
    order.lines = lines;
    order.lines_count = 1;
    order.collected_at = 17;
    struct sp_arena *arena = sp_arena_open();
    struct order_recorded recorded;
    ingest_record(&order, 99, arena, &recorded);
    cr_assert_eq(recorded.head.rev, 99);
    cr_assert_eq(recorded.collected_at, 17);
    cr_assert(recorded.lines[0].cancelled);
    cr_assert_eq(recorded.lines[0].line, 4);
    cr_assert_eq(recorded.lines[0].product_name.size, INGEST_NAME_BYTES);
    sp_arena_close(&arena);
}

Test(domain, looks_at_a_day_again_soon_and_then_more_seldom)
{
    cr_assert_eq(ingest_recheck_s(1), 15);
    cr_assert_eq(ingest_recheck_s(3), 60);
    cr_assert_eq(ingest_recheck_s(100), 6 * 3600);
}
