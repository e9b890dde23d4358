/* Where a pull goes after a page: nothing skipped while orders change under it. */
#include "services/connector/paging.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A marketplace in miniature: orders with update times, pages by position or by offset token. */
enum { ORDERS = 400 };

struct shelf {
    char ids[ORDERS][24];
    int64_t updated[ORDERS];
    bool served[ORDERS];
    size_t count;
};

struct served {
    struct sp_text ids[PAGE_IDS];
    int64_t updated[PAGE_IDS];
    char token[24];
    struct paging_page page;
};

static int by_update(const struct shelf *shelf, size_t a, size_t b)
{
    if (shelf->updated[a] != shelf->updated[b])
        return shelf->updated[a] < shelf->updated[b] ? -1 : 1;
    return strcmp(shelf->ids[a], shelf->ids[b]);
}

static size_t in_window(const struct shelf *shelf, const struct paging *paging, size_t found[])
{
    size_t count = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->updated[i] < paging->at || shelf->updated[i] >= paging->until)
            continue;
        size_t at = count++;
        for (; at > 0 && by_update(shelf, found[at - 1], i) > 0; at--)
            found[at] = found[at - 1];
        found[at] = i;
    }
    return count;
}

static void serve(struct shelf *shelf, const struct paging *paging, size_t size,
                  struct served *served)
{
    size_t found[ORDERS], offset = 0;
    size_t total = in_window(shelf, paging, found);
    if (paging->token.size > 0)
        offset = (size_t)strtoul(paging->token.data, NULL, 10);
    *served = (struct served){0};
    size_t count = 0;
    for (size_t i = offset; i < total && count < size; i++, count++) {
        served->ids[count] = sp_text_of(shelf->ids[found[i]]);
        served->updated[count] = shelf->updated[found[i]];
        shelf->served[found[i]] = true;
    }
    if (offset + count < total)
        (void)snprintf(served->token, sizeof served->token, "%zu", offset + count);
    served->page = (struct paging_page){.ids = served->ids,
                                        .times = served->updated,
                                        .count = count,
                                        .next_token = sp_text_of(served->token),
                                        .total = (int64_t)total};
}

static struct shelf shelf_of(size_t count, int64_t (*updated)(size_t i))
{
    struct shelf shelf = {.count = count};
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(shelf.ids[i], sizeof shelf.ids[i], "%05zu", i);
        shelf.updated[i] = updated(i);
    }
    return shelf;
}

/* Walks the window; `disturb` may change the shelf before each page.  Returns the pages it took. */
static int walk(struct shelf *shelf, struct paging *paging,
                void (*disturb)(struct shelf *shelf, int page))
{
    static struct sp_text kept[2 * PAGE_IDS];
    static struct served served[2];
    for (int page = 0; page < 200; page++) {
        struct served *now = &served[page % 2];
        if (disturb != NULL)
            disturb(shelf, page);
        serve(shelf, paging, 10, now);
        enum paging_next next = paging_advance(paging, &now->page, kept);
        cr_assert_neq(next, PAGING_STUCK);
        if (next == PAGING_DONE)
            return page + 1;
    }
    cr_assert_fail("the walk does not end");
    return 0;
}

static void expect_all_served(const struct shelf *shelf, int64_t until)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->updated[i] < until)
            cr_assert(shelf->served[i], "order %s was skipped", shelf->ids[i]);
    }
}

static int64_t one_each_second(size_t i)
{
    return 1000 + (int64_t)i;
}

static int64_t all_at_once(size_t i)
{
    (void)i;
    return 1000;
}

static int64_t in_clumps(size_t i)
{
    return 1000 + (int64_t)(i / 25);
}

static struct paging window(bool sorted)
{
    return (struct paging){.sorted = sorted, .from = 900, .at = 900, .until = 5000};
}

Test(paging, reads_every_order_once_around)
{
    struct shelf shelf = shelf_of(95, one_each_second);
    struct paging paging = window(true);
    (void)walk(&shelf, &paging, NULL);
    expect_all_served(&shelf, 5000);
    cr_assert_eq(paging.total, 95);
}

Test(paging, walks_a_second_that_holds_more_than_a_page)
{
    struct shelf shelf = shelf_of(95, all_at_once);
    struct paging paging = window(true);
    (void)walk(&shelf, &paging, NULL);
    expect_all_served(&shelf, 5000);
}

Test(paging, walks_clumps_of_orders)
{
    struct shelf shelf = shelf_of(200, in_clumps);
    struct paging paging = window(true);
    (void)walk(&shelf, &paging, NULL);
    expect_all_served(&shelf, 5000);
}

/* The first orders move out of the window, one before each page: by page number each would hide
 * another. */
static void move_the_first(struct shelf *shelf, int page)
{
    if (page > 0 && page < 8)
        shelf->updated[page] = 9000 + page;
}

Test(paging, skips_nobody_while_orders_change)
{
    struct shelf shelf = shelf_of(95, one_each_second);
    struct paging paging = window(true);
    (void)walk(&shelf, &paging, move_the_first);
    expect_all_served(&shelf, 5000);
}

Test(paging, begins_a_crowded_second_anew_when_an_order_left_it)
{
    struct shelf shelf = shelf_of(95, all_at_once);
    struct paging paging = window(true);
    (void)walk(&shelf, &paging, move_the_first);
    expect_all_served(&shelf, 5000);
    cr_assert_gt(paging.again, 0);
}

Test(paging, gives_up_beginning_anew_after_a_few_times)
{
    struct paging paging = window(false);
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1")};
    const int64_t updated[] = {1000};
    for (int i = 0; i < PAGING_AGAIN_MAX; i++) {
        struct paging_page first = {
            .ids = ids, .times = updated, .count = 1, .next_token = SP_TEXT("1"), .total = 10};
        struct paging_page last = {.ids = ids, .times = updated, .count = 1, .total = 9};
        cr_assert_eq(paging_advance(&paging, &first, kept), PAGING_MORE);
        cr_assert_eq(paging_advance(&paging, &last, kept), PAGING_MORE);
        cr_assert_eq(paging.again, i + 1);
    }
    struct paging_page first = {
        .ids = ids, .times = updated, .count = 1, .next_token = SP_TEXT("1"), .total = 10};
    struct paging_page last = {.ids = ids, .times = updated, .count = 1, .total = 9};
    cr_assert_eq(paging_advance(&paging, &first, kept), PAGING_MORE);
    cr_assert_eq(paging_advance(&paging, &last, kept), PAGING_DONE);
}

Test(paging, knows_the_orders_of_the_edge)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1"), SP_TEXT("2"), SP_TEXT("3")};
    const int64_t updated[] = {1000, 1001, 1001};
    struct paging paging = window(true);
    struct paging_page page = {
        .ids = ids, .times = updated, .count = 3, .next_token = SP_TEXT("3"), .total = 9};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_MORE);
    cr_assert_eq(paging.at, 1001);
    cr_assert_eq(paging.token.size, 0);
    cr_assert(paging_was_seen(&paging, SP_TEXT("2"), 1001));
    cr_assert(paging_was_seen(&paging, SP_TEXT("3"), 1001));
    cr_assert_not(paging_was_seen(&paging, SP_TEXT("1"), 1001));
    cr_assert_not(paging_was_seen(&paging, SP_TEXT("2"), 1002));
}

Test(paging, follows_the_token_when_the_answer_is_not_sorted)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1"), SP_TEXT("2")};
    const int64_t updated[] = {1005, 1001};
    struct paging paging = window(true);
    struct paging_page page = {
        .ids = ids, .times = updated, .count = 2, .next_token = SP_TEXT("2"), .total = 9};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_MORE);
    cr_assert(sp_text_is(paging.token, "2"));
    cr_assert_eq(paging.at, 900);
}

Test(paging, sees_a_page_that_repeats_itself)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1")};
    const int64_t updated[] = {1000};
    struct paging paging = window(false);
    struct paging_page page = {
        .ids = ids, .times = updated, .count = 1, .next_token = SP_TEXT("same"), .total = 9};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_MORE);
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_STUCK);
}

Test(paging, halves_a_window_with_too_many_listings)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1")};
    const int64_t updated[] = {1000};
    struct paging paging = window(false);
    struct paging_page page = {.ids = ids,
                               .times = updated,
                               .count = 1,
                               .next_token = SP_TEXT("1"),
                               .total = PAGING_RESULT_CAP + 1};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_NARROW);
    cr_assert_eq(paging.until, 900 + (5000 - 900) / 2);
    cr_assert_eq(paging.token.size, 0);
}

Test(paging, ends_an_empty_window_at_once)
{
    struct sp_text kept[2 * PAGE_IDS];
    struct paging paging = window(true);
    struct paging_page page = {0};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_DONE);
}

Test(paging, is_not_ended_by_a_page_that_cannot_be_read)
{
    struct paging paging = {.sorted = true, .from = 100, .at = 100, .until = 200};
    struct sp_text kept[2 * PAGE_IDS];
    struct paging_page page = {.left_out = 1, .next_token = SP_TEXT("t"), .total = 5};
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_MORE);
    cr_assert_eq(paging.at, 100);
    cr_assert(sp_text_is(paging.token, "t"));
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_STUCK);
    page.left_out = 0;
    cr_assert_eq(paging_advance(&paging, &page, kept), PAGING_DONE);
}

Test(paging, asks_again_when_a_page_lacks_what_is_said_to_be_there)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1"), SP_TEXT("2")};
    const int64_t times[] = {1000, 1001};
    struct paging paging = window(true);
    struct paging_page missing = {.total = 2};
    struct paging_page half = {.ids = ids, .times = times, .count = 1, .total = 2};
    struct paging_page whole = {.ids = ids, .times = times, .count = 2, .total = 2};
    cr_assert_eq(paging_advance(&paging, &missing, kept), PAGING_MORE);
    cr_assert_eq(paging_advance(&paging, &half, kept), PAGING_MORE);
    cr_assert_eq(paging.at, 900);
    cr_assert_eq(paging_advance(&paging, &whole, kept), PAGING_DONE);
}

Test(paging, asks_again_when_an_earlier_page_is_told_once_more)
{
    struct sp_text kept[2 * PAGE_IDS], ids[] = {SP_TEXT("1"), SP_TEXT("2"), SP_TEXT("3")};
    const int64_t times[] = {1000, 1001, 1002};
    struct paging paging = window(true);
    struct paging_page first = {
        .ids = ids, .times = times, .count = 2, .next_token = SP_TEXT("2"), .total = 3};
    struct paging_page rest = {.ids = ids + 1, .times = times + 1, .count = 2, .total = 2};
    cr_assert_eq(paging_advance(&paging, &first, kept), PAGING_MORE);
    cr_assert_eq(paging_advance(&paging, &first, kept), PAGING_MORE);
    cr_assert_eq(paging.at, 1001);
    cr_assert_eq(paging.token.size, 0);
    cr_assert_eq(paging_advance(&paging, &rest, kept), PAGING_DONE);
}

/* A marketplace that never counts right must not keep a window open for ever. */
Test(paging, believes_a_page_that_stays_as_it_is)
{
    struct sp_text kept[2 * PAGE_IDS];
    struct paging paging = window(true);
    struct paging_page missing = {.total = 7};
    for (int i = 0; i < PAGING_AGAIN_MAX; i++)
        cr_assert_eq(paging_advance(&paging, &missing, kept), PAGING_MORE);
    cr_assert_eq(paging_advance(&paging, &missing, kept), PAGING_DONE);
}
