/* A burst's memory: malloc keeps it, until it is told. */
#include "common/memory.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "tests/common/memory_burst.h"

Test(memory, what_is_free_goes_back_to_the_system)
{
    sp_memory_bound();
    int64_t before = memory_resident(getpid());
    memory_burst();
    int64_t after = memory_resident(getpid());
    cr_assert_gt(after, before + MEMORY_BURST * 3 / 4,
                 "malloc gives it back by itself: then sp_memory_give_back is not needed");
    sp_memory_give_back();
    cr_assert_lt(memory_resident(getpid()), after - MEMORY_BURST * 3 / 4);
}
