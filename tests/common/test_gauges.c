/* What waits in a service's tables, as /metrics shows it. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/ctx.h"
#include "common/metrics.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"
#include "tests/support/promtool.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(gauges, .init = set_up, .fini = tear_down);

static void look(void)
{
    cr_assert_eq(sp_worker_job(worker, "gauges"), SP_OK, "%s", sp_worker_error(worker)->text);
}

/* The number behind the series on its line; -1 when there is none. */
static int64_t shown(const char *series)
{
    struct sp_buffer out = {0};
    char line[128];
    (void)snprintf(line, sizeof line, "\n%s ", series);
    sp_metrics_write(&out);
    sp_buffer_put(&out, "", 1);
    const char *at = strstr(out.data, line);
    int64_t value = at == NULL ? -1 : strtoll(at + strlen(line), NULL, 10);
    sp_buffer_free(&out);
    return value;
}

static void store_parcels(const char *dest, int count, const char *made)
{
    char sql[320];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO outbox (id, dest, type, body, made, due) SELECT gen_random_uuid(), "
                   "'%s', 'order.mapped', '\\x9180', %s, %s + interval '5 seconds' "
                   "FROM generate_series(1, %d)",
                   dest, made, made, count);
    test_sql(worker, sql);
}

Test(gauges, the_outbox_is_shown_for_each_receiver)
{
    store_parcels("inventory", 3, "now()");
    store_parcels("inventory", 1, "now() - interval '90 seconds'");
    store_parcels("gateway", 2, "now()");
    look();
    cr_expect_eq(shown("sampan_outbox_parcels{dest=\"inventory\"}"), 4);
    cr_expect_eq(shown("sampan_outbox_parcels{dest=\"gateway\"}"), 2);
    cr_expect_eq(shown("sampan_outbox_parcels{dest=\"placement\"}"), 0, "also when it is empty");
    cr_expect_geq(shown("sampan_outbox_oldest_seconds{dest=\"inventory\"}"), 90);
    cr_expect_lt(shown("sampan_outbox_oldest_seconds{dest=\"inventory\"}"), 150);
    cr_expect_lt(shown("sampan_outbox_oldest_seconds{dest=\"gateway\"}"), 60);
    cr_expect_eq(shown("sampan_outbox_oldest_seconds{dest=\"placement\"}"), 0);
    test_clear_outbox(worker);
    look();
    cr_expect_eq(shown("sampan_outbox_parcels{dest=\"inventory\"}"), 0);
    cr_expect_eq(shown("sampan_outbox_oldest_seconds{dest=\"inventory\"}"), 0);
}

Test(gauges, dead_letters_messages_put_off_and_heal_tasks_are_counted)
{
    test_sql(worker, "INSERT INTO dead_letter (type, account_id, key, rev, body, reason) "
                     "SELECT 'order.recorded', 1, n::text, 1, '', '' FROM generate_series(1, 3) n");
    test_sql(worker, "INSERT INTO later (type, account_id, key, rev, body, due) "
                     "SELECT 'order.recorded', 1, n::text, 1, '', now() + interval '1 hour' "
                     "FROM generate_series(1, 2) n");
    test_sql(worker, "INSERT INTO heal (account_id, kind, subject) VALUES (1, 'variant', '7')");
    look();
    cr_expect_eq(shown("sampan_dead_letters"), 3);
    cr_expect_eq(shown("sampan_later_messages"), 2);
    cr_expect_eq(shown("sampan_heal_tasks"), 1);
}

Test(gauges, counting_has_an_end)
{
    store_parcels("inventory", 10050, "now() - interval '1 hour'");
    look();
    cr_expect_eq(shown("sampan_outbox_parcels{dest=\"inventory\"}"), 10000);
    cr_expect_geq(shown("sampan_outbox_oldest_seconds{dest=\"inventory\"}"), 3600);
}

Test(gauges, prometheus_has_nothing_to_say_of_them)
{
    look();
    cr_expect_eq(test_promtool_all(), 0);
}
