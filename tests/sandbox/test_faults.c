/* Ordered faults.  Covers: faults.c, faulty_page.c, notice_faults.c */
#include <criterion/criterion.h>

#include "services/sandbox/faults.h"
#include "services/sandbox/faulty_page.h"
#include "services/sandbox/notice_faults.h"

static struct fault fault(const char *path, enum fault_kind kind, int64_t count)
{
    struct fault made = {.kind = kind, .count = count};
    for (size_t i = 0; path[i] != '\0'; i++)
        made.path[i] = path[i];
    return made;
}

static enum fault_kind take(struct faults *faults, const char *path)
{
    return faults_take(faults, sp_text_of(path), false).kind;
}

Test(faults, strike_as_often_as_ordered_and_in_that_order)
{
    static struct faults faults;
    struct fault two = fault("/order", FAULT_TOO_MANY, 2), one = fault("/order", FAULT_HTML, 1);
    cr_assert(faults_add(&faults, &two));
    cr_assert(faults_add(&faults, &one));
    cr_assert_eq(take(&faults, "/product/x"), FAULT_NONE);
    cr_assert_eq(take(&faults, "/order/202309/orders"), FAULT_TOO_MANY);
    cr_assert_eq(take(&faults, "/order"), FAULT_TOO_MANY);
    cr_assert_eq(take(&faults, "/order/x"), FAULT_HTML);
    cr_assert_eq(take(&faults, "/order/x"), FAULT_NONE);
    cr_assert_eq(faults.by_kind[FAULT_TOO_MANY], 2);
}

Test(faults, are_told_apart_by_path)
{
    static struct faults faults;
    struct fault order = fault("/order", FAULT_DROP, 1),
                 token = fault("/api/v2", FAULT_INTERNAL, 1);
    cr_assert(faults_add(&faults, &order));
    cr_assert(faults_add(&faults, &token));
    cr_assert_eq(take(&faults, "/api/v2/token/get"), FAULT_INTERNAL);
    cr_assert_eq(take(&faults, "/ord"), FAULT_NONE);
    cr_assert_eq(take(&faults, "/order"), FAULT_DROP);
}

Test(faults, have_a_limit_and_can_be_cleared)
{
    static struct faults faults;
    struct fault one = fault("/", FAULT_TIMEOUT, 1);
    for (int i = 0; i < FAULTS; i++)
        cr_assert(faults_add(&faults, &one));
    cr_assert_not(faults_add(&faults, &one));
    faults_clear(&faults);
    cr_assert_eq(take(&faults, "/x"), FAULT_NONE);
}

Test(faults, are_known_by_name)
{
    for (enum fault_kind kind = FAULT_TOO_MANY; kind < FAULT_KINDS; kind++)
        cr_assert_eq(faults_kind_of(sp_text_of(faults_kind_name(kind))), kind);
    cr_assert_eq(faults_kind_of(SP_TEXT("404")), FAULT_NONE);
}

Test(faults, strike_a_share_of_the_calls_without_end)
{
    static struct faults faults;
    struct fault some = fault("/order", FAULT_INTERNAL, FAULT_ENDLESS);
    some.percent = 30;
    cr_assert(faults_add(&faults, &some));
    int struck = 0;
    for (int i = 0; i < 10000; i++)
        struck += take(&faults, "/order") == FAULT_INTERNAL;
    cr_assert(struck > 2800 && struck < 3200, "%d", struck);
    cr_assert_eq(faults.places[0].count, FAULT_ENDLESS);
}

Test(faults, of_a_share_end_when_so_many_were_hit)
{
    static struct faults faults;
    struct fault some = fault("/order", FAULT_INTERNAL, 5);
    some.percent = 50;
    cr_assert(faults_add(&faults, &some));
    int struck = 0;
    for (int i = 0; i < 1000; i++)
        struck += take(&faults, "/order") == FAULT_INTERNAL;
    cr_assert_eq(struck, 5);
}

Test(faults, of_paging_leave_the_first_page_alone)
{
    static struct faults faults;
    struct fault repeat = fault("/order", FAULT_REPEAT, 1), change = fault("/", FAULT_CHANGE, 1);
    cr_assert(faults_add(&faults, &repeat));
    cr_assert(faults_add(&faults, &change));
    cr_assert_eq(take(&faults, "/order"), FAULT_NONE);
    cr_assert_eq(faults_take(&faults, SP_TEXT("/order"), true).kind, FAULT_REPEAT);
    cr_assert_eq(faults_take(&faults, SP_TEXT("/order"), true).kind, FAULT_CHANGE);
}

/* ---- pages
 * --------------------------------------------------------------------------------------------- */

static void check_omitted(const char *before, const char *after)
{
    struct sp_buffer page = {0};
    sp_buffer_put_string(&page, before);
    faulty_page_omit(&page);
    cr_assert(sp_text_is(sp_buffer_text(&page), after), "%.*s", SP_FMT(sp_buffer_text(&page)));
    sp_buffer_free(&page);
}

Test(faulty_page, lacks_one_item_and_stays_json)
{
    check_omitted("{\"code\":0,\"data\":{\"n\":3,\"x\":[{\"a\":1},{\"a\":2},{\"a\":3}],\"y\":[7]}}",
                  "{\"code\":0,\"data\":{\"n\":3,\"x\":[{\"a\":1},{\"a\":3}],\"y\":[7]}}");
    check_omitted("{\"data\":{\"x\":[1,2]}}", "{\"data\":{\"x\":[1]}}");
    check_omitted("{\"data\":{\"x\":[ {\"a\":[1]} ]}}", "{\"data\":{\"x\":[  ]}}");
}

Test(faulty_page, is_left_as_it_is_without_items)
{
    check_omitted("{\"data\":{\"x\":[]}}", "{\"data\":{\"x\":[]}}");
    check_omitted("{\"code\":105002}", "{\"code\":105002}");
    check_omitted("<html>", "<html>");
}

/* ---- webhooks
 * ----------------------------------------------------------------------------------------- */

Test(notice_faults, happen_to_so_many_or_to_a_share)
{
    struct notice_faults faults = {.seed = 5};
    cr_assert_not(notice_faults_take(&faults, NOTICE_LOST));
    faults.kinds[NOTICE_LOST] = (struct notice_fault){.count = 2};
    cr_assert(notice_faults_take(&faults, NOTICE_LOST));
    cr_assert(notice_faults_take(&faults, NOTICE_LOST));
    cr_assert_not(notice_faults_take(&faults, NOTICE_LOST));
    faults.kinds[NOTICE_DOUBLED] = (struct notice_fault){.count = FAULT_ENDLESS, .percent = 25};
    int struck = 0;
    for (int i = 0; i < 10000; i++)
        struck += notice_faults_take(&faults, NOTICE_DOUBLED);
    cr_assert(struck > 2300 && struck < 2700, "%d", struck);
}

Test(notice_faults, hold_back_for_a_fixed_or_a_drawn_time)
{
    struct notice_faults faults = {.seed = 5};
    cr_assert_eq(notice_faults_delay(&faults), 0);
    faults.kinds[NOTICE_REORDERED] = (struct notice_fault){.count = FAULT_ENDLESS, .delay_ms = 500};
    int64_t least = 1000, most = 0;
    for (int i = 0; i < 200; i++) {
        int64_t delay_ms = notice_faults_delay(&faults);
        least = delay_ms < least ? delay_ms : least;
        most = delay_ms > most ? delay_ms : most;
    }
    cr_assert(least >= 0 && least < 50 && most > 450 && most < 500);
    faults.kinds[NOTICE_DELAYED] = (struct notice_fault){.count = 1, .delay_ms = 700};
    cr_assert_eq(notice_faults_delay(&faults), 700);
}

Test(notice_faults, are_known_by_name)
{
    for (int i = 0; i < NOTICE_FAULT_KINDS; i++)
        cr_assert_eq(notice_fault_of(sp_text_of(notice_fault_name((enum notice_fault_kind)i))), i);
    cr_assert_eq(notice_fault_of(SP_TEXT("eat")), -1);
}
