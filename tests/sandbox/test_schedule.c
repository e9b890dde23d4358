/* What is to happen when.  Covers: schedule.c, duration.c */
#include <criterion/criterion.h>

#include "services/sandbox/duration.h"
#include "services/sandbox/schedule.h"
#include "services/sandbox/seed.h"

enum { MANY = 5000 };

static bool is_odd(const struct due *due)
{
    return due->what % 2 == 1;
}

Test(schedule, gives_the_earliest_first_and_equals_as_they_came)
{
    struct schedule schedule = {0};
    struct due due, before = {0};
    for (uint64_t i = 0; i < MANY; i++)
        schedule_put(&schedule,
                     (struct due){.at_us = (int64_t)seed_below(3, 1, i, 50), .subject = i});
    for (int i = 0; i < MANY; i++) {
        cr_assert(schedule_take(&schedule, 50, &due));
        cr_assert(i == 0 || due.at_us > before.at_us ||
                  (due.at_us == before.at_us && due.subject > before.subject));
        before = due;
    }
    cr_assert_not(schedule_take(&schedule, INT64_MAX, &due));
    schedule_free(&schedule);
}

Test(schedule, gives_nothing_before_its_time)
{
    struct schedule schedule = {0};
    struct due due;
    schedule_put(&schedule, (struct due){.at_us = 10});
    cr_assert_not(schedule_take(&schedule, 9, &due));
    cr_assert(schedule_take(&schedule, 10, &due));
    schedule_free(&schedule);
}

Test(schedule, keeps_some_behind_all_others_of_their_time)
{
    struct schedule schedule = {0};
    struct due due;
    schedule_put_last(&schedule, (struct due){.at_us = 10, .subject = 1});
    schedule_put(&schedule, (struct due){.at_us = 10, .subject = 2});
    schedule_put(&schedule, (struct due){.at_us = 11, .subject = 3});
    static const uint64_t order[] = {2, 1, 3};
    for (size_t i = 0; i < SP_COUNT(order); i++) {
        cr_assert(schedule_take(&schedule, 11, &due));
        cr_assert_eq(due.subject, order[i]);
    }
    schedule_free(&schedule);
}

Test(schedule, drops_what_is_no_longer_wanted)
{
    struct schedule schedule = {0};
    struct due due;
    for (uint32_t i = 0; i < MANY; i++)
        schedule_put(&schedule, (struct due){.at_us = (int64_t)(MANY - i), .what = i});
    schedule_sift(&schedule, is_odd);
    int64_t before = 0;
    for (int i = 0; i < MANY / 2; i++) {
        cr_assert(schedule_take(&schedule, MANY, &due));
        cr_assert_eq(due.what % 2, 0);
        cr_assert(due.at_us > before);
        before = due.at_us;
    }
    cr_assert_eq(schedule.count, 0);
    schedule_free(&schedule);
}

Test(duration, reads_what_people_write)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {{"0", 0},        {"90", 90},        {"90s", 90},        {"15m", 900},
                 {"48h", 172800}, {"2d", 172800},    {"1h30m", 5400},    {"PT48H", 172800},
                 {"P2D", 172800}, {"P1DT2H", 93600}, {"PT1H30M5S", 5405}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        int64_t seconds;
        cr_assert(duration_read(sp_text_of(cases[i].text), &seconds), "%s", cases[i].text);
        cr_assert_eq(seconds, cases[i].seconds, "%s", cases[i].text);
    }
}

Test(duration, refuses_anything_else)
{
    static const char *const cases[] = {"",
                                        "-5",
                                        "h",
                                        "P",
                                        "PT",
                                        "5x",
                                        "1h5",
                                        "h1",
                                        "5 s",
                                        "T",
                                        "1hT",
                                        "99999999999999999999s",
                                        "9999999999999999d"};
    int64_t seconds;
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_not(duration_read(sp_text_of(cases[i]), &seconds), "%s", cases[i]);
}

Test(duration, reads_a_time_of_the_clock)
{
    int64_t seconds;
    cr_assert(duration_read_clock(SP_TEXT("00:05:09"), &seconds));
    cr_assert_eq(seconds, 309);
    cr_assert(duration_read_clock(SP_TEXT("100:00:00"), &seconds));
    cr_assert_eq(seconds, 360000);
    static const char *const wrong[] = {"",        "5",         "00:05",  "00:60:00",
                                        "00:5:00", "00:05:00x", ":05:00", "-1:00:00"};
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_not(duration_read_clock(sp_text_of(wrong[i]), &seconds), "%s", wrong[i]);
}
