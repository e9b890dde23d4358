/* The table of jobs. */
#include "services/connector/jobs.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

Test(jobs, has_every_job_that_is_woken)
{
    static const char *const woken[] = {"fetch-orders",     "pull-pages",     "push-stock",
                                        "advance-connects", "refresh-tokens", "review-grants",
                                        "renew-ciphers"};
    for (size_t i = 0; i < SP_COUNT(woken); i++)
        cr_assert_not_null(sp_job_find(&market_connector, woken[i]), "%s", woken[i]);
}

Test(jobs, have_nothing_to_do_in_an_empty_database)
{
    struct sp_worker *worker = shop_worker();
    for (const struct sp_job *job = connector_jobs; job->name != NULL; job++)
        cr_assert_eq(sp_worker_job(worker, job->name), SP_OK, "%s", job->name);
    sp_worker_close(&worker);
}
