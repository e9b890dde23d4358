/* Tests for the runner: half of them fail, and it must say which. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>

static int shared;

Test(sample, holds)
{
    cr_assert_eq(1, 1);
}

Test(sample, does_not_hold)
{
    cr_assert_eq(1, 2, "%d is not %d", 1, 2);
}

Test(sample, expects_in_vain)
{
    cr_expect(false);
    cr_expect(true);
}

Test(sample, ends_by_a_signal, .signal = SIGABRT)
{
    abort();
}

Test(sample, ends_by_no_signal, .signal = SIGABRT)
{
}

Test(sample, ends_with_3, .exit_code = 3)
{
    exit(3);
}

static void *count(void *context)
{
    (void)context;
    for (int i = 0; i < 1000; i++)
        shared++;
    return NULL;
}

Test(sample, races)
{
    pthread_t other;
    cr_assert_eq(pthread_create(&other, NULL, count, NULL), 0);
    (void)count(NULL);
    cr_assert_eq(pthread_join(other, NULL), 0);
}

static void prepare(void)
{
    shared = 7;
}

static void look_after(void)
{
    cr_assert_eq(shared, 8);
}

TestSuite(prepared, .init = prepare, .fini = look_after);

Test(prepared, goes_well)
{
    cr_assert_eq(shared++, 7);
}

Test(prepared, leaves_it_wrong)
{
}
