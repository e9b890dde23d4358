#include "common/process.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/admin.h"
#include "common/crypto.h"
#include "common/incarnation.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/migrate.h"

enum { SP_EXIT_AWAY = 5 /* the database could not be reached */ };

const struct sp_setting sp_common_settings[] = {
    {"SAMPAN_DATABASE_URL", SP_SETTING_SECRET, NULL, 0, 0, NULL,
     "PostgreSQL, as the application role: postgresql://user:password@host:port/database"},
    {"SAMPAN_OWNER_DATABASE_URL", SP_SETTING_SECRET, "", 0, 0, NULL,
     "the same as the owner role; only `migrate` uses it"},
    {"SAMPAN_DATABASE_UNSAFE", SP_SETTING_BOOL, "false", 0, 0, NULL,
     "run although the server may lose commits (fsync off): tests only"},
    {"SAMPAN_BUS_BIND", SP_SETTING_TEXT, "tcp://127.0.0.1:7200", 0, 0, NULL,
     "where the bus listens"},
    {"SAMPAN_PEER_CONNECTOR", SP_SETTING_TEXT, "connector:7201", 0, 0, NULL,
     "host:port of each replica, by comma; a name may stand for several addresses"},
    {"SAMPAN_PEER_ORDER_INGEST", SP_SETTING_TEXT, "order-ingest:7202", 0, 0, NULL, "likewise"},
    {"SAMPAN_PEER_PRODUCT_MAPPER", SP_SETTING_TEXT, "product-mapper:7203", 0, 0, NULL, "likewise"},
    {"SAMPAN_PEER_INVENTORY", SP_SETTING_TEXT, "inventory:7204", 0, 0, NULL, "likewise"},
    {"SAMPAN_PEER_PLACEMENT", SP_SETTING_TEXT, "placement:7205", 0, 0, NULL, "likewise"},
    {"SAMPAN_PEER_GATEWAY", SP_SETTING_TEXT, "gateway:7200", 0, 0, NULL, "likewise"},
    {"SAMPAN_KEYS_DIR", SP_SETTING_TEXT, NULL, 0, 0, NULL,
     "folder with <service>.public of every service and the own <service>.secret"},
    {"SAMPAN_ADMIN_BIND", SP_SETTING_TEXT, "127.0.0.1:7100", 0, 0, NULL,
     "where /healthz, /readyz and /metrics are answered"},
    {"SAMPAN_WORKERS", SP_SETTING_INT, "2", 1, 16, NULL,
     "threads for messages and asks; of several, one is left for asks"},
    {"SAMPAN_JOB_WORKERS", SP_SETTING_INT, "0", 0, 16, NULL,
     "threads for jobs; 0: what suits the service (connector 3, gateway 4, others 1)"},
    {"SAMPAN_LOG_LEVEL", SP_SETTING_CHOICE, "info", 0, 0, "debug|info|warn|error",
     "the least that is logged"},
    {"SAMPAN_SHUTDOWN_TIMEOUT", SP_SETTING_DURATION, "25s", 100, 300000, NULL,
     "how long work in hand may take after SIGTERM"},
    {"SAMPAN_INSTANCE", SP_SETTING_TEXT, "", 0, 0, NULL, "this replica's name in logs"},
    {0},
};

const char *sp_process_peer(const struct sp_config *config, const char *service)
{
    char name[64];
    size_t at = (size_t)snprintf(name, sizeof name, "SAMPAN_PEER_");
    for (const char *c = service; *c != '\0' && at + 1 < sizeof name; c++)
        name[at++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    name[at] = '\0';
    return sp_config_text(config, name);
}

int64_t sp_process_job_workers(const struct sp_service *service, const struct sp_config *config)
{
    int64_t count = sp_config_int(config, "SAMPAN_JOB_WORKERS");
    if (count > 0)
        return count;
    return service->job_workers > 0 ? service->job_workers : 1;
}

/* ---- commands
 * --------------------------------------------------------------------------------------- */

static int run_service(const struct sp_service *service, const struct sp_config *config)
{
    return sp_app_run(service, config);
}

static void report_migration(const char *name)
{
    (void)printf("applied %s\n", name);
}

/* The owner's where there is one. */
static const char *owner_url(const struct sp_config *config)
{
    const char *url = sp_config_text(config, "SAMPAN_OWNER_DATABASE_URL");
    return url[0] != '\0' ? url : sp_config_text(config, "SAMPAN_DATABASE_URL");
}

static int end_command(const struct sp_service *service, enum sp_result result,
                       const struct sp_error *err)
{
    if (result == SP_OK)
        return 0;
    (void)fprintf(stderr, "%s: %s\n", service->name, err->text);
    return result == SP_RETRY ? SP_EXIT_AWAY : 1;
}

static int run_migrate(const struct sp_service *service, const struct sp_config *config)
{
    enum { TRIES = 60 };
    struct sp_error err;
    enum sp_result result = SP_RETRY;
    for (int i = 0; i < TRIES && result == SP_RETRY; i++) {
        if (i > 0)
            (void)sleep(1);
        result = sp_migrate(owner_url(config), service->migrations, report_migration, &err);
    }
    return end_command(service, result, &err);
}

static int run_restored(const struct sp_service *service, const struct sp_config *config)
{
    struct sp_error err;
    int64_t raised = 0;
    enum sp_result result = sp_incarnation_raise(owner_url(config), &raised, &err);
    if (result == SP_OK)
        (void)printf("%s: revisions begin anew, with incarnation %lld\n", service->name,
                     (long long)raised);
    return end_command(service, result, &err);
}

static int run_config(const struct sp_service *service, const struct sp_config *config)
{
    (void)service;
    struct sp_buffer out = {0};
    sp_config_print(config, &out);
    (void)printf("%.*s", SP_FMT(sp_buffer_text(&out)));
    sp_buffer_free(&out);
    return 0;
}

static int run_health(const struct sp_service *service, const struct sp_config *config)
{
    (void)service;
    return sp_admin_probe(sp_config_text(config, "SAMPAN_ADMIN_BIND"));
}

static int run_version(const struct sp_service *service, const struct sp_config *config)
{
    (void)config;
    (void)printf("%s %s\n", service->name, SAMPAN_VERSION);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(const struct sp_service *service, const struct sp_config *config);
    bool needs_config;
} commands[] = {
    {"run", run_service, true},   {"migrate", run_migrate, true},   {"config", run_config, true},
    {"health", run_health, true}, {"restored", run_restored, true}, {"version", run_version, false},
};

static int usage(const struct sp_service *service)
{
    (void)fprintf(stderr, "usage: sampan-%s run | migrate | config | health | restored | version\n",
                  service->name);
    return 2;
}

int sp_service_main(const struct sp_service *service, int argc, char **argv)
{
    sp_memory_bound();
    extern char **environ;
    const char *wanted = argc == 1 ? "run" : argv[1];
    size_t at = 0;
    while (at < SP_COUNT(commands) && strcmp(commands[at].name, wanted) != 0)
        at++;
    if (argc > 2 || at == SP_COUNT(commands))
        return usage(service);
    if (!commands[at].needs_config)
        return commands[at].run(service, NULL);
    struct sp_config *config = NULL;
    struct sp_buffer problems = {0};
    enum sp_result result =
        sp_config_load(&config, sp_common_settings, service->settings, environ, &problems);
    if (sp_config_needs(service->setting_needs, environ, &problems) != SP_OK)
        result = SP_REJECT;
    (void)fprintf(stderr, "%.*s", SP_FMT(sp_buffer_text(&problems)));
    sp_buffer_free(&problems);
    if (result != SP_OK) {
        sp_config_free(&config);
        return SP_EXIT_CONFIG;
    }
    sp_log_setup(service->name, sp_log_level_of(sp_config_text(config, "SAMPAN_LOG_LEVEL")));
    sp_crypto_setup();
    int code = commands[at].run(service, config);
    sp_config_free(&config);
    return code;
}
