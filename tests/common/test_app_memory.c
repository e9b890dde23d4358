/* What a burst leaves behind in a whole process. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/common/app_pair.h"
#include "tests/common/memory_burst.h"

TestSuite(app_memory, .init = pair_open, .fini = pair_close, .timeout = 60);

static enum sp_result burst(struct sp_ctx *ctx)
{
    static bool burst_before;
    if (!burst_before)
        memory_burst();
    burst_before = true;
    (void)fputs(ctx == NULL ? "" : "the burst is over\n", stderr);
    return SP_OK;
}

static const struct sp_job jobs[] = {{"burst", 3600 * 1000, burst}, {0}};
static const struct sp_service bursting = {.name = "inventory", .jobs = jobs};

Test(app_memory, what_a_burst_needed_goes_back_to_the_system)
{
    struct app_process *process = app_add(&bursting, sender->url);
    app_start(process, unsafe);
    cr_assert(says(process, "the burst is over"), "%s", app_log(process));
    int64_t after = memory_resident(process->pid), now = after;
    int64_t until_us = sp_monotonic_us() + (int64_t)APP_PATIENCE_MS * 1000;
    while (now > after - MEMORY_BURST * 3 / 4 && sp_monotonic_us() < until_us) {
        (void)usleep(100 * 1000);
        now = memory_resident(process->pid);
    }
    cr_expect_leq(now, after - MEMORY_BURST * 3 / 4, "%lld bytes, then %lld", (long long)after,
                  (long long)now);
}
