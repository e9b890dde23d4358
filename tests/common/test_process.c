/* The command line and the common settings, as a person meets them: what is printed, and the exit
 * code. */
#include <signal.h>

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/migrate.h"
#include "common/process.h"

enum { OUTPUT_BYTES = 16 * 1024, USAGE_EXIT = 2 };

static const struct sp_setting own_settings[] = {
    {"SAMPAN_BOATS", SP_SETTING_INT, "3", 1, 9, NULL, "how many boats"},
    {0},
};

static const struct sp_service service = {.name = "order-ingest", .settings = own_settings};

struct outcome {
    int code;
    char out[OUTPUT_BYTES], err[OUTPUT_BYTES];
};

static void read_all(FILE *file, char text[OUTPUT_BYTES])
{
    rewind(file);
    size_t size = fread(text, 1, OUTPUT_BYTES - 1, file);
    text[size] = '\0';
    (void)fclose(file);
}

/* Runs the program in a process of its own with this environment alone. */
static struct outcome run(const char *const arguments[], const char *const environment[])
{
    static struct outcome outcome;
    FILE *out = tmpfile(), *err = tmpfile();
    cr_assert(out != NULL && err != NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(fileno(out), STDOUT_FILENO);
        (void)dup2(fileno(err), STDERR_FILENO);
        (void)clearenv();
        for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
            (void)putenv((char *)(uintptr_t)environment[i]);
        char *argv[8] = {NULL};
        int argc = 0;
        for (; arguments[argc] != NULL; argc++)
            argv[argc] = (char *)(uintptr_t)arguments[argc];
        int code = sp_service_main(&service, argc, argv);
        (void)fflush(NULL);
        _exit(code);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status), "it died by signal %d", WTERMSIG(status));
    outcome.code = WEXITSTATUS(status);
    read_all(out, outcome.out);
    read_all(err, outcome.err);
    return outcome;
}

static struct outcome run_command(const char *command, const char *const environment[])
{
    const char *const arguments[] = {"sampan-order-ingest", command, NULL};
    return run(arguments, environment);
}

/* ---- commands
 * ------------------------------------------------------------------------------------ */

Test(process, version_needs_no_settings)
{
    struct outcome outcome = run_command("version", NULL);
    cr_expect_eq(outcome.code, 0);
    cr_expect_str_eq(outcome.out, "order-ingest " SAMPAN_VERSION "\n");
    cr_expect_str_empty(outcome.err);
}

Test(process, an_unknown_command_shows_the_usage)
{
    struct outcome outcome = run_command("frobnicate", NULL);
    cr_expect_eq(outcome.code, USAGE_EXIT);
    cr_expect_str_eq(
        outcome.err,
        "usage: sampan-order-ingest run | migrate | config | health | restored | version\n");
    cr_expect_str_empty(outcome.out);
}

Test(process, more_than_one_argument_is_a_mistake_too)
{
    const char *const arguments[] = {"sampan-order-ingest", "version", "please", NULL};
    cr_expect_eq(run(arguments, NULL).code, USAGE_EXIT);
}

Test(process, health_of_a_process_that_is_not_there_is_1)
{
    const char *const environment[] = {"SAMPAN_DATABASE_URL=postgresql://nobody@127.0.0.1:1/none",
                                       "SAMPAN_KEYS_DIR=/nonexistent",
                                       "SAMPAN_ADMIN_BIND=127.0.0.1:1", NULL};
    struct outcome outcome = run_command("health", environment);
    cr_expect_eq(outcome.code, 1);
    cr_expect(strstr(outcome.out, "127.0.0.1:1 does not answer") != NULL, "%s", outcome.out);
}

Test(process, restored_needs_the_database)
{
    const char *const environment[] = {
        "SAMPAN_DATABASE_URL=postgresql://nobody@127.0.0.1:1/none",
        "SAMPAN_OWNER_DATABASE_URL=postgresql://owner@127.0.0.1:1/none",
        "SAMPAN_KEYS_DIR=/nonexistent", NULL};
    struct outcome outcome = run_command("restored", environment);
    cr_expect_eq(outcome.code, 5);
    cr_expect(strstr(outcome.err, "cannot reach the database") != NULL, "%s", outcome.err);
    cr_expect_str_empty(outcome.out);
}

Test(process, without_keys_run_ends_with_1_and_says_which_file)
{
    const char *const environment[] = {"SAMPAN_DATABASE_URL=postgresql://nobody@127.0.0.1:1/none",
                                       "SAMPAN_KEYS_DIR=/nonexistent", NULL};
    const char *const arguments[] = {"sampan-order-ingest", NULL}; /* `run` is what is meant */
    struct outcome outcome = run(arguments, environment);
    cr_expect_eq(outcome.code, 1);
    cr_expect(strstr(outcome.err, "cannot-start") != NULL, "%s", outcome.err);
    cr_expect(strstr(outcome.err, "/nonexistent/order-ingest.secret") != NULL, "%s", outcome.err);
}

/* ---- settings
 * ------------------------------------------------------------------------------------ */

Test(process, every_mistake_is_reported_at_once_and_ends_with_78)
{
    const char *const environment[] = {"SAMPAN_WORKERS=many",
                                       "SAMPAN_JOB_WORKERS=17",
                                       "SAMPAN_LOG_LEVEL=loud",
                                       "SAMPAN_SHUTDOWN_TIMEOUT=soon",
                                       "SAMPAN_DATABASE_UNSAFE=perhaps",
                                       "SAMPAN_BOATS=10",
                                       "SAMPAN_OWNER_DATABASE_URL_FILE=/nonexistent/url",
                                       NULL};
    static const char *const wanted[] = {
        "SAMPAN_DATABASE_URL:",    "SAMPAN_KEYS_DIR:",  "SAMPAN_WORKERS:",
        "SAMPAN_JOB_WORKERS:",     "SAMPAN_LOG_LEVEL:", "SAMPAN_SHUTDOWN_TIMEOUT:",
        "SAMPAN_DATABASE_UNSAFE:", "SAMPAN_BOATS:",     "SAMPAN_OWNER_DATABASE_URL_FILE:"};
    static const char *const commands[] = {"run", "migrate", "config", "health"};
    for (size_t c = 0; c < SP_COUNT(commands); c++) {
        struct outcome outcome = run_command(commands[c], environment);
        cr_expect_eq(outcome.code, SP_EXIT_CONFIG, "%s", commands[c]);
        for (size_t i = 0; i < SP_COUNT(wanted); i++)
            cr_expect(strstr(outcome.err, wanted[i]) != NULL, "%s: no word of %s in\n%s",
                      commands[c], wanted[i], outcome.err);
    }
}

Test(process, a_misspelled_setting_is_a_warning_with_a_guess)
{
    const char *const environment[] = {"SAMPAN_DATABASE_URL=postgresql://u:pw@db/x",
                                       "SAMPAN_KEYS_DIR=/keys", "SAMPAN_WORKRES=4", NULL};
    struct outcome outcome = run_command("config", environment);
    cr_expect_eq(outcome.code, 0);
    cr_expect(strstr(outcome.err, "SAMPAN_WORKRES") != NULL, "%s", outcome.err);
    cr_expect(strstr(outcome.err, "SAMPAN_WORKERS") != NULL, "%s", outcome.err);
}

Test(process, config_shows_values_with_their_origin_and_no_secret)
{
    const char *const environment[] = {
        "SAMPAN_DATABASE_URL=postgresql://u:hunter2@db/x", "SAMPAN_KEYS_DIR=/keys",
        "SAMPAN_OWNER_DATABASE_URL=postgresql://o:hunter3@db/x", "SAMPAN_BOATS=5", NULL};
    struct outcome outcome = run_command("config", environment);
    cr_expect_eq(outcome.code, 0);
    cr_expect(strstr(outcome.out, "SAMPAN_BOATS") != NULL, "%s", outcome.out);
    cr_expect(strstr(outcome.out, "environment") != NULL, "%s", outcome.out);
    cr_expect(strstr(outcome.out, "default") != NULL, "%s", outcome.out);
    cr_expect(strstr(outcome.out, "hunter2") == NULL, "%s", outcome.out);
    cr_expect(strstr(outcome.out, "hunter3") == NULL, "%s", outcome.out);
}

static struct sp_config *load(const char *const environment[])
{
    struct sp_config *config = NULL;
    struct sp_buffer problems = {0};
    cr_assert_eq(sp_config_load(&config, sp_common_settings, NULL,
                                (char *const *)(uintptr_t)environment, &problems),
                 SP_OK);
    sp_buffer_free(&problems);
    return config;
}

#define ENOUGH "SAMPAN_DATABASE_URL=postgresql://u@db/x", "SAMPAN_KEYS_DIR=/keys"

Test(process, every_service_has_a_setting_for_its_address)
{
    static const struct {
        const char *service, *setting, *otherwise;
    } peers[] = {{"connector", "SAMPAN_PEER_CONNECTOR=a:1,b:2", "connector:7201"},
                 {"order-ingest", "SAMPAN_PEER_ORDER_INGEST=a:1,b:2", "order-ingest:7202"},
                 {"product-mapper", "SAMPAN_PEER_PRODUCT_MAPPER=a:1,b:2", "product-mapper:7203"},
                 {"inventory", "SAMPAN_PEER_INVENTORY=a:1,b:2", "inventory:7204"},
                 {"placement", "SAMPAN_PEER_PLACEMENT=a:1,b:2", "placement:7205"},
                 {"gateway", "SAMPAN_PEER_GATEWAY=a:1,b:2", "gateway:7200"}};
    const char *const bare[] = {ENOUGH, NULL};
    for (size_t i = 0; i < SP_COUNT(peers); i++) {
        const char *const given[] = {ENOUGH, peers[i].setting, NULL};
        struct sp_config *config = load(bare);
        cr_expect_str_eq(sp_process_peer(config, peers[i].service), peers[i].otherwise);
        sp_config_free(&config);
        config = load(given);
        cr_expect_str_eq(sp_process_peer(config, peers[i].service), "a:1,b:2");
        sp_config_free(&config);
    }
}

Test(process, job_workers_suit_the_service_unless_they_are_set)
{
    static const struct sp_service busy = {.name = "connector", .job_workers = 3};
    const char *const bare[] = {ENOUGH, NULL};
    const char *const given[] = {ENOUGH, "SAMPAN_JOB_WORKERS=5", NULL};
    struct sp_config *config = load(bare);
    cr_expect_eq(sp_process_job_workers(&service, config), 1);
    cr_expect_eq(sp_process_job_workers(&busy, config), 3);
    sp_config_free(&config);
    config = load(given);
    cr_expect_eq(sp_process_job_workers(&service, config), 5);
    cr_expect_eq(sp_process_job_workers(&busy, config), 5);
    sp_config_free(&config);
}
