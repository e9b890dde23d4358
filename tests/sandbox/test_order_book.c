/* The book of orders: counters, rows, changes. */
#include <criterion/criterion.h>

#include "services/sandbox/order_book.h"

static uint32_t add(struct order_book *book, int64_t created, enum order_status status,
                    uint32_t units)
{
    struct order_line lines[] = {{.sku = 1, .units = units}, {.sku = 2, .units = 1}};
    struct order_draft draft = {.number = book_reserve(book, 1), .lines = lines, .line_count = 2};
    draft.order.times = (struct order_times){.created = created, .updated = created};
    draft.order.status = (uint8_t)status;
    return book_add(book, &draft);
}

Test(order_book, gives_each_unit_an_item_of_its_own)
{
    struct order_book book = {0};
    uint32_t first = add(&book, 10, UNPAID, 3), second = add(&book, 11, UNPAID, 6667);
    cr_assert_eq(book.orders[first].first_item, 1);
    cr_assert_eq(book.orders[second].first_item, 5);
    cr_assert_eq(book.orders[second].units, 6668);
    cr_assert_eq(book.units, 6672);
    book_free(&book);
}

Test(order_book, finds_orders_by_number_and_not_those_that_are_still_to_come)
{
    struct order_book book = {0};
    uint64_t reserved = book_reserve(&book, 3);
    uint32_t at = add(&book, 10, UNPAID, 1);
    cr_assert_eq(book_find(&book, reserved), BOOK_NONE);
    cr_assert_eq(book_find(&book, book.orders[at].number), at);
    cr_assert_eq(book.orders[at].number, 4);
    cr_assert_eq(book_find(&book, 0), BOOK_NONE);
    cr_assert_eq(book_find(&book, 5), BOOK_NONE);
    book_free(&book);
}

Test(order_book, counts_orders_by_status)
{
    struct order_book book = {0};
    uint32_t at = add(&book, 10, UNPAID, 1);
    (void)add(&book, 11, UNPAID, 1);
    cr_assert_eq(book_happen(&book, at, PAY, 20, NULL), SP_OK);
    cr_assert_eq(book.by_status[UNPAID], 1);
    cr_assert_eq(book.by_status[ON_HOLD], 1);
    cr_assert(book.orders[at].had_hold);
    book_free(&book);
}

Test(order_book, puts_a_changed_order_behind_all_others)
{
    struct order_book book = {0};
    uint32_t first = add(&book, 10, UNPAID, 1), second = add(&book, 11, UNPAID, 1);
    cr_assert_eq(book_happen(&book, first, PAY, 20, NULL), SP_OK);
    cr_assert_eq(book.changes.count, 3);
    cr_assert_not(book.changes.entries[0].live);
    cr_assert_eq(book.changes.entries[1].order, second);
    cr_assert_eq(book.changes.entries[2].order, first);
    cr_assert_eq(book.changes.entries[2].time, 20);
    book_free(&book);
}

Test(order_book, moves_an_order_behind_the_others_when_it_is_touched)
{
    struct order_book book = {0};
    uint32_t first = add(&book, 10, AWAITING_SHIPMENT, 4), second = add(&book, 11, UNPAID, 1);
    book_touch(&book, first, 20);
    cr_assert_eq(book.orders[first].times.updated, 20);
    cr_assert_eq(book.orders[first].status, AWAITING_SHIPMENT);
    cr_assert_eq(book.changes.entries[1].order, second);
    cr_assert_eq(book.changes.entries[2].order, first);
    cr_assert_eq(book.changes.entries[2].time, 20);
    cr_assert_not(book.changes.entries[0].live);
    book_free(&book);
}

Test(order_book, sweeps_dead_entries_and_keeps_the_places_of_live_ones)
{
    struct order_book book = {0};
    enum { ORDERS = 3000 };
    for (int i = 0; i < ORDERS; i++)
        (void)add(&book, 10 + i, UNPAID, 1);
    static const enum order_event way[] = {PAY, RELEASE, SHIP, COLLECT};
    int64_t now = 10 + ORDERS;
    for (size_t k = 0; k < SP_COUNT(way); k++) {
        for (uint32_t i = 0; i < ORDERS; i++)
            cr_assert_eq(book_happen(&book, i, way[k], now++, NULL), SP_OK);
    }
    cr_assert(book.changes.count < 4 * ORDERS);
    uint64_t before = 0;
    size_t live = 0;
    for (size_t i = 0; i < book.changes.count; i++) {
        const struct glance *glance = &book.changes.entries[i];
        cr_assert(glance->place > before);
        before = glance->place;
        live += glance->live ? 1 : 0;
        if (glance->live)
            cr_assert_eq(book.orders[glance->order].change_at, (uint32_t)i);
    }
    cr_assert_eq(live, ORDERS);
    book_free(&book);
}

Test(order_book, sorts_the_changes_of_the_past)
{
    struct order_book book = {0};
    struct order_line line = {.sku = 0, .units = 1};
    static const int64_t updated[] = {50, 20, 90, 20};
    for (size_t i = 0; i < SP_COUNT(updated); i++) {
        struct order_draft draft = {
            .number = book_reserve(&book, 1), .lines = &line, .line_count = 1};
        draft.order.times = (struct order_times){.created = 10, .updated = updated[i]};
        (void)book_add(&book, &draft);
    }
    book_sort_changes(&book);
    static const uint32_t wanted[] = {1, 3, 0, 2};
    for (size_t i = 0; i < SP_COUNT(wanted); i++) {
        cr_assert_eq(book.changes.entries[i].order, wanted[i]);
        cr_assert_eq(book.orders[wanted[i]].change_at, (uint32_t)i);
    }
    book_free(&book);
}
