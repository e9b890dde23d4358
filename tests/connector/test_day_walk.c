/* A day's list, cut into slices: every order in exactly one of them. */
#include "services/connector/day_walk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A marketplace in miniature: orders by creation, newest first, tokens by position. */
enum { ORDERS = 600, SIZE = 10 };

struct shelf {
    int64_t created[ORDERS]; /* falling */
    size_t count;
};

static struct day_order walked[DAY_SLICE_ORDERS];
static char token[24];

static struct day_page serve(const struct shelf *shelf, const struct day_walk *walk,
                             struct day_order orders[SIZE])
{
    size_t offset = walk->token.size == 0 ? 0 : (size_t)strtoul(walk->token.data, NULL, 10);
    struct day_page page = {.orders = orders};
    size_t at = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->created[i] < walk->from || shelf->created[i] >= walk->before || at++ < offset)
            continue;
        if (page.count == SIZE) {
            (void)snprintf(token, sizeof token, "%zu", offset + SIZE);
            page.next_token = sp_text_of(token);
            break;
        }
        orders[page.count++] = (struct day_order){.created = shelf->created[i]};
    }
    return page;
}

/* Lists [100, 1000); how many orders the slices hold together. */
static size_t list(const struct shelf *shelf, int *slices)
{
    int64_t before = 1000;
    size_t listed = 0;
    for (*slices = 0; *slices < ORDERS;) {
        struct day_walk walk = {.from = 100, .before = before, .orders = walked};
        struct day_slice slice;
        enum day_next next = DAY_MORE;
        while (next == DAY_MORE) {
            struct day_order orders[SIZE];
            struct day_page page = serve(shelf, &walk, orders);
            next = day_walk_advance(&walk, &page, &slice);
        }
        cr_assert_neq(next, DAY_WRONG);
        cr_assert_eq(slice.before, before);
        for (size_t i = 0; i < slice.count; i++)
            cr_assert(walked[i].created >= slice.from && walked[i].created < slice.before);
        listed += slice.count;
        before = slice.from;
        ++*slices;
        if (next == DAY_LAST) {
            cr_assert_eq(slice.from, 100);
            return listed;
        }
    }
    cr_assert_fail("the list does not end");
    return 0;
}

static struct shelf shelf_of(size_t count, int64_t (*created)(size_t i))
{
    struct shelf shelf = {.count = count};
    for (size_t i = 0; i < count; i++)
        shelf.created[i] = created(i);
    return shelf;
}

static int64_t one_each_second(size_t i)
{
    return 999 - (int64_t)i;
}

static int64_t all_at_once(size_t i)
{
    (void)i;
    return 500;
}

static int64_t in_clumps(size_t i)
{
    return 999 - (int64_t)(i / 25);
}

Test(day_walk, lists_every_order_once)
{
    static int64_t (*const shapes[])(size_t i) = {one_each_second, all_at_once, in_clumps};
    static const size_t counts[] = {0, 1, 9, 10, 11, 95, 600};
    for (size_t i = 0; i < SP_COUNT(shapes); i++) {
        for (size_t k = 0; k < SP_COUNT(counts); k++) {
            struct shelf shelf = shelf_of(counts[k], shapes[i]);
            int slices;
            cr_assert_eq(list(&shelf, &slices), counts[k], "shape %zu, %zu orders", i, counts[k]);
        }
    }
}

Test(day_walk, keeps_a_second_in_one_slice)
{
    struct shelf shelf = shelf_of(600, all_at_once);
    int slices;
    cr_assert_eq(list(&shelf, &slices), 600);
    cr_assert_eq(slices, 1);
}

Test(day_walk, refuses_a_page_that_is_not_what_was_asked_for)
{
    static const struct day_order pages[][2] = {
        {{.created = 500}, {.created = 501}},   /* rising */
        {{.created = 500}, {.created = 99}},    /* too old */
        {{.created = 1000}, {.created = 500}}}; /* too new */
    for (size_t i = 0; i < SP_COUNT(pages); i++) {
        struct day_walk walk = {.from = 100, .before = 1000, .orders = walked};
        struct day_page page = {.orders = pages[i], .count = 2};
        struct day_slice slice;
        cr_assert_eq(day_walk_advance(&walk, &page, &slice), DAY_WRONG, "page %zu", i);
    }
}

Test(day_walk, goes_on_behind_a_page_of_which_nothing_can_be_read)
{
    struct day_walk walk = {.from = 100, .before = 1000, .orders = walked};
    struct day_page page = {.left_out = 2, .next_token = SP_TEXT("t")};
    struct day_slice slice;
    cr_assert_eq(day_walk_advance(&walk, &page, &slice), DAY_MORE);
    cr_assert(sp_text_is(walk.token, "t"));
}

Test(day_walk, looks_at_older_days_more_seldom)
{
    static const struct {
        int64_t age_days, wait;
    } expected[] = {{0, 10}, {1, 60}, {2, 60}, {3, 240}, {7, 240}, {8, 1680}, {60, 1680}, {61, -1}};
    for (size_t i = 0; i < SP_COUNT(expected); i++)
        cr_assert_eq(day_wait_ms(expected[i].age_days, 10), expected[i].wait);
}
