/* What our tests use of Criterion, without its sandbox: that one cannot start under the thread
 * sanitiser.  The same sources compile with either; only the tsan build takes this one. */
#ifndef RUNNER_CRITERION_H
#define RUNNER_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct runner_options {
    void (*init)(void);
    void (*fini)(void);
    int signal;     /* that ends the test, when it goes well */
    int exit_code;  /* likewise */
    double timeout; /* not looked at: the sanitiser is slow, and ctest has a limit of its own */
    int none;
};

struct runner_suite {
    struct runner_suite *next;
    const char *name;
    struct runner_options options;
};

struct runner_test {
    struct runner_test *next;
    const char *suite, *name;
    void (*run)(void);
    struct runner_options options;
};

/* Called before main by what the macros make. */
void runner_add_suite(struct runner_suite *suite);
void runner_add_test(struct runner_test *test);

/* Says what does not hold; `end`: the test ends here. */
void runner_failed(bool end, const char *file, int line, const char *what, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#define TestSuite(suite_, ...)                                                                     \
    static struct runner_suite suite_##_suite;                                                     \
    __attribute__((constructor)) static void suite_##_suite_add(void)                              \
    {                                                                                              \
        runner_add_suite(&suite_##_suite);                                                         \
    }                                                                                              \
    static struct runner_suite suite_##_suite = {.name = #suite_,                                  \
                                                 .options = {.none = 0, __VA_ARGS__}}

#define Test(suite_, name_, ...)                                                                   \
    static void suite_##_##name_##_run(void);                                                      \
    static struct runner_test suite_##_##name_##_test = {.suite = #suite_,                         \
                                                         .name = #name_,                           \
                                                         .run = suite_##_##name_##_run,            \
                                                         .options = {.none = 0, __VA_ARGS__}};     \
    __attribute__((constructor)) static void suite_##_##name_##_add(void)                          \
    {                                                                                              \
        runner_add_test(&suite_##_##name_##_test);                                                 \
    }                                                                                              \
    static void suite_##_##name_##_run(void)

/* The words behind a check are a format, or there are none. */
#define RUNNER_CHECK(end_, good_, what_, ...)                                                      \
    do {                                                                                           \
        if (!(good_))                                                                              \
            runner_failed(end_, __FILE__, __LINE__, what_, " " __VA_ARGS__);                       \
    } while (0)
#define RUNNER_COMPARE(end_, a_, sign_, b_, ...)                                                   \
    RUNNER_CHECK(end_, (a_)sign_(b_), #a_ " " #sign_ " " #b_, __VA_ARGS__)
#define RUNNER_TEXTS(end_, a_, sign_, b_, ...)                                                     \
    RUNNER_CHECK(end_, strcmp((a_), (b_)) sign_ 0, #a_ " " #sign_ " " #b_ " as texts", __VA_ARGS__)

#define RUNNER_BYTES(end_, a_, sign_, b_, size_, ...)                                              \
    RUNNER_CHECK(end_, memcmp((a_), (b_), (size_)) sign_ 0, #a_ " " #sign_ " " #b_ " as bytes",    \
                 __VA_ARGS__)
#define RUNNER_NEAR(end_, a_, b_, most_, ...)                                                      \
    RUNNER_CHECK(end_, (a_) - (b_) <= (most_) && (b_) - (a_) <= (most_), #a_ " near " #b_,         \
                 __VA_ARGS__)

#define cr_assert(good_, ...) RUNNER_CHECK(true, good_, #good_, __VA_ARGS__)
#define cr_assert_not(bad_, ...) RUNNER_CHECK(true, !(bad_), "not " #bad_, __VA_ARGS__)
#define cr_assert_null(a_, ...) RUNNER_COMPARE(true, a_, ==, NULL, __VA_ARGS__)
#define cr_assert_not_null(a_, ...) RUNNER_COMPARE(true, a_, !=, NULL, __VA_ARGS__)
#define cr_assert_eq(a_, b_, ...) RUNNER_COMPARE(true, a_, ==, b_, __VA_ARGS__)
#define cr_assert_neq(a_, b_, ...) RUNNER_COMPARE(true, a_, !=, b_, __VA_ARGS__)
#define cr_assert_lt(a_, b_, ...) RUNNER_COMPARE(true, a_, <, b_, __VA_ARGS__)
#define cr_assert_leq(a_, b_, ...) RUNNER_COMPARE(true, a_, <=, b_, __VA_ARGS__)
#define cr_assert_gt(a_, b_, ...) RUNNER_COMPARE(true, a_, >, b_, __VA_ARGS__)
#define cr_assert_geq(a_, b_, ...) RUNNER_COMPARE(true, a_, >=, b_, __VA_ARGS__)
#define cr_assert_str_eq(a_, b_, ...) RUNNER_TEXTS(true, a_, ==, b_, __VA_ARGS__)
#define cr_assert_arr_eq(a_, b_, size_, ...) RUNNER_BYTES(true, a_, ==, b_, size_, __VA_ARGS__)
#define cr_assert_str_neq(a_, b_, ...) RUNNER_TEXTS(true, a_, !=, b_, __VA_ARGS__)
#define cr_assert_arr_neq(a_, b_, size_, ...) RUNNER_BYTES(true, a_, !=, b_, size_, __VA_ARGS__)
#define cr_assert_str_empty(a_, ...) RUNNER_TEXTS(true, a_, ==, "", __VA_ARGS__)
#define cr_assert_str_not_empty(a_, ...) RUNNER_TEXTS(true, a_, !=, "", __VA_ARGS__)
#define cr_assert_float_eq(a_, b_, most_, ...) RUNNER_NEAR(true, a_, b_, most_, __VA_ARGS__)
#define cr_assert_fail(...) RUNNER_CHECK(true, false, "not to come here", __VA_ARGS__)

#define cr_expect(good_, ...) RUNNER_CHECK(false, good_, #good_, __VA_ARGS__)
#define cr_expect_not(bad_, ...) RUNNER_CHECK(false, !(bad_), "not " #bad_, __VA_ARGS__)
#define cr_expect_null(a_, ...) RUNNER_COMPARE(false, a_, ==, NULL, __VA_ARGS__)
#define cr_expect_not_null(a_, ...) RUNNER_COMPARE(false, a_, !=, NULL, __VA_ARGS__)
#define cr_expect_eq(a_, b_, ...) RUNNER_COMPARE(false, a_, ==, b_, __VA_ARGS__)
#define cr_expect_neq(a_, b_, ...) RUNNER_COMPARE(false, a_, !=, b_, __VA_ARGS__)
#define cr_expect_lt(a_, b_, ...) RUNNER_COMPARE(false, a_, <, b_, __VA_ARGS__)
#define cr_expect_leq(a_, b_, ...) RUNNER_COMPARE(false, a_, <=, b_, __VA_ARGS__)
#define cr_expect_gt(a_, b_, ...) RUNNER_COMPARE(false, a_, >, b_, __VA_ARGS__)
#define cr_expect_geq(a_, b_, ...) RUNNER_COMPARE(false, a_, >=, b_, __VA_ARGS__)
#define cr_expect_str_eq(a_, b_, ...) RUNNER_TEXTS(false, a_, ==, b_, __VA_ARGS__)
#define cr_expect_arr_eq(a_, b_, size_, ...) RUNNER_BYTES(false, a_, ==, b_, size_, __VA_ARGS__)
#define cr_expect_str_neq(a_, b_, ...) RUNNER_TEXTS(false, a_, !=, b_, __VA_ARGS__)
#define cr_expect_arr_neq(a_, b_, size_, ...) RUNNER_BYTES(false, a_, !=, b_, size_, __VA_ARGS__)
#define cr_expect_str_empty(a_, ...) RUNNER_TEXTS(false, a_, ==, "", __VA_ARGS__)
#define cr_expect_str_not_empty(a_, ...) RUNNER_TEXTS(false, a_, !=, "", __VA_ARGS__)
#define cr_expect_float_eq(a_, b_, most_, ...) RUNNER_NEAR(false, a_, b_, most_, __VA_ARGS__)
#define cr_expect_fail(...) RUNNER_CHECK(false, false, "not to come here", __VA_ARGS__)

#endif
