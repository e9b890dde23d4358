/* Revisions after a restore, as emitters get them. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/incarnation.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(incarnation, .init = set_up, .fini = tear_down);

static enum sp_result read_floor(struct sp_ctx *ctx, void *context)
{
    *(int64_t *)context = sp_rev_floor(ctx);
    return SP_OK;
}

/* Of a service that starts now. */
static int64_t floor_on(const char *url)
{
    struct sp_worker *fresh = test_worker_on(&sample_service, url, NULL);
    int64_t floor = 0;
    cr_assert_eq(sp_worker_call(fresh, read_floor, &floor), SP_OK);
    sp_worker_close(&fresh);
    return floor;
}

static int64_t floor_now(void)
{
    return floor_on(test_worker_url());
}

static int64_t raise_it(void)
{
    struct sp_error err;
    int64_t raised = 0;
    cr_assert_eq(sp_incarnation_raise(test_worker_url(), &raised, &err), SP_OK, "%s", err.text);
    cr_expect_eq(test_number(worker, "SELECT raised FROM incarnation"), raised);
    return raised;
}

Test(incarnation, revisions_begin_above_all_that_was_emitted_since_the_backup)
{
    int64_t before = floor_now();
    (void)raise_it();
    int64_t after = floor_now();
    cr_expect_gt(after, before + (INT64_C(1) << 40), "no emitter raises a revision so often");
    (void)raise_it();
    cr_expect_geq(floor_now(), after + (INT64_C(1) << 40));
}

Test(incarnation, a_backup_restored_again_later_gets_another_one)
{
    int64_t first = raise_it();
    test_sql(worker, "UPDATE incarnation SET raised = 0"); /* as in the backup */
    int64_t again = raise_it();
    cr_expect_gt(first, 100000, "it is the clock's");
    cr_expect_leq(again - first, 1);
    cr_expect_geq(again, first);
}

Test(incarnation, a_clock_that_is_behind_raises_it_all_the_same)
{
    test_sql(worker, "UPDATE incarnation SET raised = 8000000");
    cr_expect_eq(raise_it(), 8000001);
}

Test(incarnation, a_database_without_tables_is_said)
{
    struct sp_error err;
    int64_t raised = 0;
    test_sql(worker, "DROP TABLE incarnation");
    cr_expect_eq(sp_incarnation_raise(test_worker_url(), &raised, &err), SP_REJECT);
    cr_expect(strstr(err.text, "incarnation") != NULL, "%s", err.text);
    cr_expect_eq(sp_incarnation_raise("postgresql://nobody@127.0.0.1:1/none", &raised, &err),
                 SP_RETRY);
}

static void promoted(const char *command, const char *folder)
{
    pid_t child = fork();
    if (child == 0) {
        (void)execl(PROMOTED_SCRIPT, "promoted.sh", command, folder, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0, "%s: %d", command, status);
}

Test(incarnation, a_promoted_standby_counts_as_another_from_its_first_moment, .timeout = 120)
{
    char folder[] = "/tmp/sampan-promoted-XXXXXX", url[128];
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(url, sizeof url, "postgresql://postgres@/postgres?host=%s", folder);
    promoted("start", folder);
    int64_t floor = floor_on(url);
    promoted("stop", folder);
    cr_expect_eq(floor, INT64_C(2) << 40);
}
