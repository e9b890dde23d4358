/* Faults on purpose: absent from normal builds whatever the environment says; in the fault suite's
 * builds as often as it says. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/fault.h"

static int times_in_a_thousand(const char *kind)
{
    int count = 0;
    for (int i = 0; i < 1000; i++)
        count += sp_fault(kind);
    return count;
}

#ifdef SAMPAN_FAULTS

Test(fault, happens_as_often_as_the_environment_says)
{
    (void)setenv("SAMPAN_FAULT_PARCELS", "drop=100,twice=0,later=30", 1);
    (void)setenv("SAMPAN_FAULT_SEED", "7", 1);
    cr_expect_eq(times_in_a_thousand("drop"), 1000);
    cr_expect_eq(times_in_a_thousand("twice"), 0);
    int later = times_in_a_thousand("later");
    cr_expect(later > 200 && later < 400, "%d of 1000", later);
}

Test(fault, a_kind_that_is_not_named_never_happens)
{
    (void)setenv("SAMPAN_FAULT_PARCELS", "lose-ack=100", 1);
    cr_expect_eq(times_in_a_thousand("drop"), 0);
    cr_expect_eq(times_in_a_thousand("lose"), 0, "a kind is not found by its beginning");
}

Test(fault, without_the_setting_nothing_happens)
{
    (void)unsetenv("SAMPAN_FAULT_PARCELS");
    cr_expect_eq(times_in_a_thousand("drop"), 0);
}

Test(fault, happens_only_while_the_file_is_there)
{
    char path[] = "/tmp/sampan-fault-XXXXXX";
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    (void)close(file);
    (void)setenv("SAMPAN_FAULT_PARCELS", "drop=100", 1);
    (void)setenv("SAMPAN_FAULT_WHILE", path, 1);
    cr_expect_eq(times_in_a_thousand("drop"), 1000);
    (void)unlink(path);
    cr_expect_eq(times_in_a_thousand("drop"), 0);
}

#else

/* A function of its own would be one that could be switched on; here the answer is a constant that
 * the compiler sees, so that what hangs on it is not in the program. */
Test(fault, normal_builds_say_false_whatever_the_environment_says)
{
    (void)setenv("SAMPAN_FAULT_PARCELS", "drop=100,twice=100,lose-ack=100,later=100,slow=100", 1);
    cr_expect_eq(times_in_a_thousand("drop"), 0);
    cr_expect_eq(times_in_a_thousand("twice"), 0);
    cr_expect_eq(times_in_a_thousand("lose-ack"), 0);
    cr_expect_eq(times_in_a_thousand("later"), 0);
    cr_expect_eq(times_in_a_thousand("slow"), 0);
}

#if SAMPAN_MUTANT == 0
Test(fault, normal_builds_hold_no_wrong_protocol)
{
    cr_expect_eq(SAMPAN_MUTANT, SP_MUTANT_NONE);
}
#endif

#endif
