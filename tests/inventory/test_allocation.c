/* Allocation: what is kept for an order, where, and what it waits for.  Covers: allocation.c,
 * allocated_fact.c */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "services/inventory/allocation.h"

enum { ACCOUNT = 1, MOST_LINES = 4 };

struct world {
    struct sp_arena *arena;
    struct stock_book *book;
    struct warehouse_place places[4];
    size_t place_count;
    struct order_mapped fact;
    struct mapped_line lines[MOST_LINES];
    struct line_part parts[MOST_LINES];
    struct order_case order;
};

static struct world w;

static void open_world(void)
{
    memset(&w, 0, sizeof w);
    w.arena = sp_arena_open();
    w.book = stock_book_open(w.arena);
    w.fact = (struct order_mapped){.head = {.account_id = ACCOUNT, .key = SP_TEXT("3-1")},
                                   .channel_status = SP_TEXT("AWAITING_SHIPMENT"),
                                   .lines = w.lines};
    w.order.fact = &w.fact;
    w.order.shop.reserve_unpaid = true;
}

static void close_world(void)
{
    sp_arena_close(&w.arena);
}

TestSuite(allocation, .init = open_world, .fini = close_world);

static void add_warehouse(int64_t id, bool gives)
{
    w.places[w.place_count++] = (struct warehouse_place){ACCOUNT, id, gives};
}

static struct stock_figure *add_stock(int64_t warehouse, int64_t variant, int64_t available)
{
    struct stock_figure *figure = stock_book_at(w.book, ACCOUNT, variant, warehouse);
    figure->available = available;
    figure->stored = true;
    return figure;
}

static void add_line(int64_t variant, int64_t units, int64_t pieces)
{
    size_t i = w.fact.lines_count++;
    w.parts[i] = (struct line_part){variant, pieces, SP_TEXT("STOCKED")};
    w.lines[i] = (struct mapped_line){
        .line = (int64_t)i + 1, .units = units, .parts = &w.parts[i], .parts_count = 1};
}

static enum sp_result decide(void)
{
    struct allocation_ground ground = {w.arena, w.book, w.places, w.place_count};
    struct sp_error err;
    return allocation_decide(&ground, &w.order, &err);
}

static void assert_kept(size_t i, int64_t warehouse, int64_t reserved, int64_t missing)
{
    cr_assert_lt(i, w.order.after_count);
    cr_assert_eq(w.order.after[i].warehouse_id, warehouse, "warehouse of %zu", i);
    cr_assert_eq(w.order.after[i].reserved, reserved, "reserved of %zu", i);
    cr_assert_eq(w.order.after[i].missing, missing, "missing of %zu", i);
}

Test(allocation, keeps_what_is_wanted)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 5);
    add_line(10, 2, 2);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 4, 0);
    cr_assert_eq(figure->available, 1);
    cr_assert_eq(figure->held_change, 4);
}

Test(allocation, keeps_what_is_there_and_waits_for_the_rest)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 3);
    add_line(10, 5, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 3, 2);
    cr_assert_eq(figure->waiting, 2);
    cr_assert_eq(figure->waiting_change, 2);
}

Test(allocation, prefers_the_warehouse_of_the_shop_then_priority)
{
    add_warehouse(1, true);
    add_warehouse(2, true);
    (void)add_stock(1, 10, 5);
    (void)add_stock(2, 10, 5);
    add_line(10, 1, 1);
    w.order.shop.warehouse_id = 2;
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 2, 1, 0);
}

Test(allocation, goes_where_the_whole_order_can_be_served)
{
    add_warehouse(1, true);
    add_warehouse(2, true);
    struct stock_figure *first = add_stock(1, 10, 5);
    (void)add_stock(2, 10, 5);
    (void)add_stock(2, 11, 1);
    add_line(10, 1, 1);
    add_line(11, 1, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 2, 1, 0);
    assert_kept(1, 2, 1, 0);
    cr_assert_eq(first->available, 5, "what was tried elsewhere is given back");
}

Test(allocation, waits_at_the_first_warehouse_when_none_has_all)
{
    add_warehouse(1, true);
    add_warehouse(2, true);
    (void)add_stock(1, 10, 1);
    (void)add_stock(2, 10, 2);
    add_line(10, 3, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 1, 2);
}

Test(allocation, takes_nothing_from_a_warehouse_that_does_not_give)
{
    add_warehouse(1, false);
    (void)add_stock(1, 10, 5);
    add_line(10, 1, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 0, 0, 1);
}

Test(allocation, gives_nothing_to_newcomers_while_others_wait)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 5);
    figure->waiting = 1;
    add_line(10, 1, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 0, 1);
    cr_assert_eq(figure->waiting, 2);
}

Test(allocation, leaves_an_order_what_it_had_while_others_wait)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 3);
    figure->waiting = 4; /* one of them our own */
    add_line(10, 3, 1);
    struct kept_part before = {1, 10, 1, .reserved = 2, .missing = 1};
    w.order.before = &before;
    w.order.before_count = 1;
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 2, 1);
    cr_assert_eq(figure->held_change, 0);
    cr_assert_eq(figure->own, 0);
}

Test(allocation, serves_one_that_waits_alone)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 1);
    figure->waiting = 1;
    add_line(10, 3, 1);
    struct kept_part before = {1, 10, 1, .reserved = 2, .missing = 1};
    w.order.before = &before;
    w.order.before_count = 1;
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 3, 0);
    cr_assert_eq(figure->waiting, 0);
}

Test(allocation, serves_the_line_when_told_to)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 1);
    figure->waiting = 8;
    figure->serving = true;
    add_line(10, 1, 1);
    cr_assert_eq(decide(), SP_OK);
    assert_kept(0, 1, 1, 0);
}

Test(allocation, gives_back_what_is_no_longer_needed)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 0);
    add_line(10, 3, 1);
    struct kept_part before = {1, 10, 1, .reserved = 3};
    w.order.before = &before;
    w.order.before_count = 1;
    w.fact.channel_status = SP_TEXT("CANCELLED");
    cr_assert_eq(decide(), SP_OK);
    cr_assert_eq(w.order.after_count, 0);
    cr_assert_eq(figure->available, 3);
    cr_assert_eq(figure->held_change, -3);
}

Test(allocation, leaves_lines_on_a_goods_issue_alone)
{
    add_warehouse(1, true);
    struct stock_figure *figure = add_stock(1, 10, 5);
    add_line(11, 3, 1); /* mapped to something else since */
    struct kept_part before = {1, 10, 1, .issuing = 3};
    w.order.before = &before;
    w.order.before_count = 1;
    cr_assert_eq(decide(), SP_OK);
    cr_assert_eq(w.order.after_count, 1);
    cr_assert_eq(w.order.after[0].variant_id, 10);
    cr_assert_eq(w.order.after[0].issuing, 3);
    cr_assert_eq(figure->available, 5);
}

Test(allocation, forgets_no_goods_issue_when_its_line_disappears)
{
    add_warehouse(1, true);
    struct kept_part before = {9, 10, 1, .reserved = 1, .issuing = 2};
    w.order.before = &before;
    w.order.before_count = 1;
    cr_assert_eq(decide(), SP_OK);
    cr_assert_eq(w.order.after_count, 1);
    cr_assert_eq(w.order.after[0].issuing, 2);
    cr_assert_eq(w.order.after[0].reserved, 0);
}

Test(allocation, refuses_quantities_beyond_all_reason)
{
    add_warehouse(1, true);
    add_line(10, INT64_MAX, 2);
    cr_assert_eq(decide(), SP_REJECT);
    w.lines[0].units = -1;
    cr_assert_eq(decide(), SP_REJECT);
    w.lines[0].units = MOST_PIECES / 2 + 1;
    cr_assert_eq(decide(), SP_REJECT);
    w.lines[0].units = MOST_PIECES / 2;
    cr_assert_eq(decide(), SP_OK);
}

Test(allocation, of_made_to_order_and_cancelled_lines_needs_no_stock)
{
    add_warehouse(1, true);
    add_line(10, 1, 1);
    add_line(11, 1, 1);
    w.parts[0].supply = SP_TEXT("MADE_TO_ORDER");
    w.lines[1].cancelled = true;
    cr_assert_eq(decide(), SP_OK);
    cr_assert_eq(w.order.after_count, 0);
}

/* Which statuses keep stock and which let goods leave: the whole table. */
Test(allocation, follows_the_channel_status)
{
    static const struct {
        const char *status;
        bool takes, takes_by_switch, may_issue;
    } rows[] = {{"UNPAID", false, true, false},
                {"ON_HOLD", true, true, false},
                {"AWAITING_SHIPMENT", true, true, true},
                {"PARTIALLY_SHIPPING", true, true, true},
                {"AWAITING_COLLECTION", false, false, true},
                {"IN_TRANSIT", false, false, true},
                {"DELIVERED", false, false, true},
                {"COMPLETED", false, false, true},
                {"CANCELLED", false, false, false},
                {"SOMETHING_NEW", false, false, false}};
    for (size_t i = 0; i < SP_COUNT(rows); i++) {
        struct shop_terms off = {.reserve_unpaid = false}, on = {.reserve_unpaid = true};
        w.fact.channel_status = sp_text_of(rows[i].status);
        cr_assert_eq(allocation_standing(&w.fact, &off).takes, rows[i].takes, "%s", rows[i].status);
        cr_assert_eq(allocation_standing(&w.fact, &on).takes, rows[i].takes_by_switch);
        cr_assert_eq(allocation_standing(&w.fact, &on).may_issue, rows[i].may_issue);
    }
    struct shop_terms terms = {.reserve_unpaid = true};
    w.fact.channel_status = SP_TEXT("AWAITING_SHIPMENT");
    w.fact.fulfilled_by_channel = true;
    cr_assert_not(allocation_standing(&w.fact, &terms).takes);
    w.fact.fulfilled_by_channel = false;
    w.fact.is_manual = true;
    w.fact.channel_status = SP_TEXT("");
    cr_assert(allocation_standing(&w.fact, &terms).takes);
    w.fact.cancelled_at = 5;
    cr_assert_not(allocation_standing(&w.fact, &terms).takes);
    w.fact.cancelled_at = 0;
    w.fact.deleted = true;
    cr_assert_not(allocation_standing(&w.fact, &terms).takes);
    cr_assert_not(allocation_standing(&w.fact, &terms).may_issue, "nothing leaves for it");
}

Test(allocation, is_told_line_by_line)
{
    add_warehouse(1, true);
    (void)add_stock(1, 10, 3);
    add_line(10, 5, 1);
    add_line(12, 1, 1);
    w.parts[1].supply = SP_TEXT("PURCHASED");
    cr_assert_eq(decide(), SP_OK);
    w.order.rev = 77;
    w.fact.deleted = true;
    struct order_allocated fact;
    allocation_fact(&w.order, w.arena, &fact);
    cr_assert(fact.deleted);
    cr_assert_eq(fact.head.rev, 77);
    cr_assert_eq(fact.lines_count, 2);
    cr_assert_eq(fact.lines[0].parts[0].reserved, 3);
    cr_assert_eq(fact.lines[0].parts[0].missing, 2);
    cr_assert_eq(fact.lines[0].parts[0].warehouse_id, 1);
    cr_assert_eq(fact.lines[1].parts[0].missing, 0);
    cr_assert_eq(fact.lines[1].parts[0].warehouse_id, 0);
}
