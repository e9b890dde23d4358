/* The admin port and its probe.
 * Covers: admin_probe.c. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/admin.h"
#include "tests/common/http_rig.h"

static struct rig rig; /* for its client */
static struct sp_admin *admin;
static pthread_t thread;
static char address[32];
static bool database_ok = true;

static void on_stop(void *context)
{
    (void)context;
}

static void fill_in(void *context, struct sp_checks *checks)
{
    cr_assert_eq(context, &rig);
    sp_checks_add(checks, "database", database_ok, 12, "%s", database_ok ? "up" : "away \"now\"");
    sp_checks_add(checks, "peer inventory", true, 300, "seen");
}

static void *run(void *context)
{
    (void)context;
    sp_loop_run(rig.loop);
    return NULL;
}

static void set_up(void)
{
    struct sp_error err = {""};
    const struct sp_admin_options options = {"127.0.0.1:0", fill_in, &rig};
    rig.loop = sp_loop_open(on_stop, NULL);
    cr_assert_eq(sp_admin_open(&admin, rig.loop, &options, &err), SP_OK, "%s", err.text);
    rig.port = sp_admin_port(admin);
    (void)snprintf(address, sizeof address, "127.0.0.1:%u", rig.port);
    cr_assert_eq(pthread_create(&thread, NULL, run, NULL), 0);
}

static void stop(void *context)
{
    (void)context;
    sp_loop_stop(rig.loop);
}

static void tear_down(void)
{
    sp_loop_post(rig.loop, stop, NULL);
    pthread_join(thread, NULL);
    sp_admin_close(&admin);
    sp_loop_close(&rig.loop);
}

TestSuite(admin, .init = set_up, .fini = tear_down);

static void expect(const char *path, const char *status, const char *wanted)
{
    char *heard = rig_get(&rig, path);
    cr_assert_eq(strncmp(heard, status, strlen(status)), 0, "%s", heard);
    cr_assert_not_null(strstr(heard, wanted), "no %s in %s", wanted, heard);
    free(heard);
}

Test(admin, healthy_means_that_the_loop_turns)
{
    expect("/healthz", "HTTP/1.1 200", "{\"ok\":true,\"loop_age_ms\":");
}

Test(admin, ready_lists_every_check)
{
    expect("/readyz", "HTTP/1.1 200",
           "{\"ready\":true,\"checks\":["
           "{\"check\":\"database\",\"ok\":true,\"detail\":\"up\",\"age_ms\":12},"
           "{\"check\":\"peer inventory\",\"ok\":true,\"detail\":\"seen\",\"age_ms\":300}]}\n");
}

Test(admin, one_failed_check_makes_it_503)
{
    database_ok = false;
    expect("/readyz", "HTTP/1.1 503", "{\"ready\":false,");
    expect("/readyz", "HTTP/1.1 503", "\"detail\":\"away \\\"now\\\"\"");
    expect("/healthz", "HTTP/1.1 200", "true");
}

Test(admin, metrics_are_text_for_prometheus)
{
    expect("/readyz", "HTTP/1.1 200", "");
    expect("/metrics", "HTTP/1.1 200", "Content-Type: text/plain; version=0.0.4");
    expect("/metrics", "HTTP/1.1 200", "\nsampan_http_requests_total{code=\"200\"} ");
    expect("/metrics", "HTTP/1.1 200", "\nprocess_resident_memory_bytes ");
}

Test(admin, there_is_nothing_else_and_nothing_to_change)
{
    expect("/", "HTTP/1.1 404", "NO_SUCH_PATH");
    char *heard = rig_talk(&rig, "POST /metrics HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");
    cr_assert_not_null(strstr(heard, " 405 "), "%s", heard);
    free(heard);
}

Test(admin, the_probe_prints_and_tells_readiness)
{
    cr_redirect_stdout();
    cr_assert_eq(sp_admin_probe(address), 0);
    database_ok = false;
    cr_assert_eq(sp_admin_probe(address), 1);
    (void)fflush(stdout);
    char printed[1024] = "";
    cr_assert_gt(fread(printed, 1, sizeof printed - 1, cr_get_redirected_stdout()), 0);
    cr_assert_eq(strncmp(printed, "{\"ready\":true,", 14), 0, "%s", printed);
    cr_assert_not_null(strstr(printed, "\n{\"ready\":false,"));
}

Test(admin, the_probe_fails_where_nobody_answers)
{
    cr_assert_eq(sp_admin_probe("127.0.0.1:1"), 1);
    cr_assert_eq(sp_admin_probe("nowhere"), 1);
}

Test(admin, a_port_that_is_taken_is_told)
{
    const struct sp_admin_options options = {address, fill_in, NULL};
    struct sp_admin *second = NULL;
    struct sp_error err = {""};
    cr_assert_eq(sp_admin_open(&second, rig.loop, &options, &err), SP_RETRY);
    cr_assert_not_null(strstr(err.text, address), "%s", err.text);
}

Test(checks, a_failure_is_never_lost_among_too_many)
{
    struct sp_checks checks = {.count = 0};
    for (int i = 0; i < SP_ADMIN_CHECKS + 5; i++)
        sp_checks_add(&checks, "fine", true, 0, "fine");
    cr_assert(sp_checks_ok(&checks));
    sp_checks_add(&checks, "late", false, 0, "broken");
    cr_assert_eq(checks.count, SP_ADMIN_CHECKS);
    cr_assert_not(sp_checks_ok(&checks));
}
