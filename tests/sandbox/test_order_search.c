/* Finding orders page by page while they change. */
#include <criterion/criterion.h>

#include "services/sandbox/order_search.h"

enum { ORDERS = 250 };

/* One order a second from 1000 on; every fifth is shipped by the seller, every tenth still unpaid.
 */
static struct order_book make_book(void)
{
    struct order_book book = {0};
    struct order_line line = {.sku = 0, .units = 1};
    for (int i = 0; i < ORDERS; i++) {
        struct order_draft draft = {
            .number = book_reserve(&book, 1), .lines = &line, .line_count = 1};
        draft.order = (struct order){
            .times = {.created = 1000 + i, .updated = 1000 + i},
            .status = i % 10 == 0 ? UNPAID : AWAITING_SHIPMENT,
            .by_seller = i % 5 == 0,
            .user = (uint64_t)(i % 3 + 1),
            .warehouse = (uint8_t)(i % 2),
        };
        (void)book_add(&book, &draft);
    }
    return book;
}

static struct order_filter any(void)
{
    return (struct order_filter){
        .status = SEARCH_ANY, .by_seller = SEARCH_ANY, .wants_cancel = SEARCH_ANY};
}

static size_t total(const struct order_book *book, const struct order_filter *filter)
{
    struct order_page page;
    order_search(book, filter, 0, SEARCH_PAGE, &page);
    return page.total;
}

Test(order_search, walks_all_orders_once_in_both_directions)
{
    struct order_book book = make_book();
    for (int way = 0; way < 4; way++) {
        struct order_filter filter = any();
        filter.by_update = way % 2 == 1;
        filter.descending = way / 2 == 1;
        struct order_page page = {.more = true};
        size_t seen = 0;
        for (uint64_t place = 0; page.more; place = page.last) {
            order_search(&book, &filter, place, 7, &page);
            for (size_t i = 0; i < page.count; i++, seen++)
                cr_assert_eq(page.orders[i],
                             (uint32_t)(filter.descending ? ORDERS - 1 - seen : seen));
            cr_assert_eq(page.total, ORDERS);
        }
        cr_assert_eq(seen, ORDERS);
    }
    book_free(&book);
}

Test(order_search, takes_windows_as_half_open)
{
    struct order_book book = make_book();
    struct order_filter filter = any();
    filter.create_ge = 1010;
    filter.create_lt = 1020;
    cr_assert_eq(total(&book, &filter), 10);
    filter.by_update = true; /* the window of the other time still holds */
    cr_assert_eq(total(&book, &filter), 10);
    filter.update_ge = 1015;
    cr_assert_eq(total(&book, &filter), 5);
    filter.update_ge = 1030;
    cr_assert_eq(total(&book, &filter), 0);
    filter = any();
    filter.update_ge = 2000;
    filter.update_lt = 1000;
    filter.by_update = true;
    cr_assert_eq(total(&book, &filter), 0);
    book_free(&book);
}

Test(order_search, filters_by_everything_at_once)
{
    struct order_book book = make_book();
    struct order_filter filter = any();
    filter.status = UNPAID;
    cr_assert_eq(total(&book, &filter), 25);
    filter.by_seller = 0;
    cr_assert_eq(total(&book, &filter), 0);
    filter = any();
    filter.by_seller = 1;
    cr_assert_eq(total(&book, &filter), 50);
    filter.warehouses = 2; /* the second one: odd orders */
    cr_assert_eq(total(&book, &filter), 25);
    filter.user = 1;
    cr_assert_eq(total(&book, &filter), 8);
    filter.wants_cancel = 1;
    cr_assert_eq(total(&book, &filter), 0);
    book_free(&book);
}

/* While a walk by last change goes on, orders already shown and orders still to come change. */
Test(order_search, skips_no_order_when_orders_change_between_pages)
{
    struct order_book book = make_book();
    struct order_filter filter = any();
    filter.by_update = true;
    static unsigned seen[ORDERS];
    struct order_page page = {.more = true};
    int64_t now = 2000;
    uint32_t victim = 0;
    for (uint64_t place = 0; page.more; place = page.last) {
        order_search(&book, &filter, place, 20, &page);
        for (size_t i = 0; i < page.count; i++)
            seen[page.orders[i]]++;
        for (int k = 0; k < 5 && victim < ORDERS; k++, victim += 3)
            cr_assert_eq(book_happen(&book, victim, CANCEL, now++, NULL), SP_OK);
    }
    for (int i = 0; i < ORDERS; i++)
        cr_assert(seen[i] >= 1);
    book_free(&book);
}

Test(order_search, goes_on_after_dead_entries_were_swept)
{
    struct order_book book = make_book();
    struct order_filter filter = any();
    filter.by_update = true;
    struct order_page page;
    order_search(&book, &filter, 0, 100, &page);
    book.dead = 5000; /* as if many had died: the next change sweeps */
    for (uint32_t i = 0; i < 150; i++)
        cr_assert_eq(book_happen(&book, i, CANCEL, 5000 + i, NULL), SP_OK);
    size_t seen = page.count;
    while (page.more) {
        order_search(&book, &filter, page.last, 100, &page);
        seen += page.count;
    }
    cr_assert_eq(seen, 100 + ORDERS); /* the first hundred again, since they changed */
    book_free(&book);
}
