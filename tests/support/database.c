/* Fresh databases and workers for tests. */
#include "tests/support/database.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/ctx.h"
#include "common/db_internal.h"
#include "common/log.h"
#include "common/migrate.h"
#include "common/process.h"

enum { DATABASES = 8, URL_BYTES = 512, WORKERS = 512 };

static char names[DATABASES][64];
static char urls[DATABASES][URL_BYTES];
static size_t database_count;
static pid_t owner;
static struct sp_config *configs[WORKERS]; /* a worker reads its own until it is closed */
static size_t config_count;

static _Noreturn void give_up(const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", what, why);
    abort();
}

static const char *server_url(void)
{
    const char *url = getenv("SAMPAN_TEST_DATABASE_URL");
    if (url == NULL)
        give_up("no server for tests", "set SAMPAN_TEST_DATABASE_URL, as ./sampan test does");
    return url;
}

static PGconn *server(void)
{
    PGconn *conn = PQconnectdb(server_url());
    if (PQstatus(conn) != CONNECTION_OK)
        give_up("the server for tests", PQerrorMessage(conn));
    return conn;
}

/* Runs a statement and tells how many rows came back. */
static int run_on(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up(sql, PQerrorMessage(conn));
    int rows = PQntuples(result);
    PQclear(result);
    return rows;
}

static void on_server(const char *sql)
{
    PGconn *conn = server();
    (void)run_on(conn, sql);
    PQfinish(conn);
}

static void drop_databases(void)
{
    if (getpid() != owner)
        return;
    for (size_t i = 0; i < database_count; i++) {
        char sql[URL_BYTES + 128];
        (void)snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %.63s WITH (FORCE)", names[i]);
        on_server(sql);
    }
}

/* The server's address with another database: …/name?parameters. */
static void url_of(const char *name, char url[URL_BYTES])
{
    const char *server = server_url();
    const char *host = strstr(server, "://");
    const char *slash = host == NULL ? NULL : strchr(host + 3, '/');
    if (slash == NULL)
        give_up("SAMPAN_TEST_DATABASE_URL", "must be postgresql://user@host:port/database");
    const char *parameters = strchr(slash, '?');
    (void)snprintf(url, URL_BYTES, "%.*s/%s%s", (int)(slash - server), server, name,
                   parameters == NULL ? "" : parameters);
}

/* The same migrations give the same name: FNV-1a over all their text. */
static void name_template(const struct sp_migration migrations[], char name[64])
{
    const struct sp_migration *const lists[] = {sp_common_migrations, migrations};
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < SP_COUNT(lists); i++) {
        for (const struct sp_migration *m = lists[i]; m != NULL && m->name != NULL; m++) {
            for (const char *c = m->sql; *c != '\0'; c++)
                hash = (hash ^ (uint8_t)*c) * UINT64_C(1099511628211);
        }
    }
    (void)snprintf(name, 64, "template_%016llx", (unsigned long long)hash);
}

/* Migrates once for all tests with these migrations; the others copy the result. */
static void make_template(const struct sp_migration migrations[], const char *name)
{
    char sql[256], url[URL_BYTES];
    PGconn *conn = server();
    (void)run_on(conn, "SELECT pg_advisory_lock(7218)");
    (void)snprintf(sql, sizeof sql, "SELECT FROM pg_database WHERE datname = '%.63s'", name);
    if (run_on(conn, sql) == 0) {
        (void)run_on(conn, "DROP DATABASE IF EXISTS template_in_the_making WITH (FORCE)");
        (void)run_on(conn, "CREATE DATABASE template_in_the_making TEMPLATE template0 "
                           "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
        url_of("template_in_the_making", url);
        struct sp_error err;
        if (sp_migrate(url, migrations, NULL, &err) != SP_OK)
            give_up("migrations", err.text);
        (void)snprintf(sql, sizeof sql, "ALTER DATABASE template_in_the_making RENAME TO %.63s",
                       name);
        (void)run_on(conn, sql);
    }
    PQfinish(conn);
}

const char *test_database(const struct sp_migration migrations[])
{
    SP_ASSERT(database_count < DATABASES);
    sp_crypto_setup();
    char template[64], sql[256];
    name_template(migrations, template);
    make_template(migrations, template);
    size_t i = database_count++;
    (void)snprintf(names[i], sizeof names[i], "test_%d_%zu", (int)getpid(), i);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %.63s TEMPLATE %.63s", names[i], template);
    on_server(sql);
    if (i == 0) {
        owner = getpid();
        (void)atexit(drop_databases); /* after the first connection, so before libpq's parts go */
    }
    url_of(names[i], urls[i]);
    return urls[i];
}

const char *test_worker_url(void)
{
    SP_ASSERT(database_count > 0);
    return urls[database_count - 1];
}

static void free_configs(void)
{
    while (config_count > 0)
        sp_config_free(&configs[--config_count]);
}

static struct sp_config *keep_config(struct sp_config *config)
{
    SP_ASSERT(config_count < SP_COUNT(configs));
    if (config_count == 0)
        (void)atexit(free_configs);
    configs[config_count++] = config;
    return config;
}

struct sp_worker *test_worker_on(const struct sp_service *service, const char *url,
                                 char *const extra[])
{
    static char database[URL_BYTES + 32];
    static char keys[] = "SAMPAN_KEYS_DIR=/nonexistent";
    static char master[] = "SAMPAN_MASTER_KEY="
                           "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    (void)snprintf(database, sizeof database, "SAMPAN_DATABASE_URL=%s", url);
    char *environment[64] = {database, keys, master};
    size_t count = 3;
    for (size_t i = 0; extra != NULL && extra[i] != NULL && count < SP_COUNT(environment) - 1; i++)
        environment[count++] = extra[i];
    struct sp_config *config = NULL;
    struct sp_buffer problems = {0};
    if (sp_config_load(&config, sp_common_settings, service->settings, environment, &problems) !=
        SP_OK) {
        sp_buffer_put(&problems, "", 1);
        give_up("settings", problems.data);
    }
    sp_buffer_free(&problems);
    sp_log_setup(service->name, SP_ERROR);
    struct sp_worker *worker = sp_worker_open(service, keep_config(config), url, NULL);
    sp_db_plan_by_key(worker->db); /* as a service's workers do */
    return worker;
}

struct sp_worker *test_worker(const struct sp_service *service, char *const extra[])
{
    return test_worker_on(service, test_database(service->migrations), extra);
}

/* ---- looking
 * ---------------------------------------------------------------------------------------- */

/* Statements are kept by address, and texts until the end of the process: tests are short. */
static void *kept(size_t size)
{
    static struct sp_arena *arena;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&lock);
    if (arena == NULL)
        arena = sp_arena_open();
    void *memory = sp_arena_alloc(arena, size);
    (void)pthread_mutex_unlock(&lock);
    return memory;
}

static PGresult *run(struct sp_worker *worker, const char *sql)
{
    PGconn *conn = PQconnectdb(worker->db->url);
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        give_up(sql, PQerrorMessage(conn));
    PQfinish(conn);
    return result;
}

int64_t test_number(struct sp_worker *worker, const char *sql)
{
    PGresult *result = run(worker, sql);
    int64_t value = 0;
    if (PQntuples(result) != 1 || !sp_text_to_int(sp_text_of(PQgetvalue(result, 0, 0)), &value))
        give_up(sql, "does not give one whole number");
    PQclear(result);
    return value;
}

const char *test_text(struct sp_worker *worker, const char *sql)
{
    PGresult *result = run(worker, sql);
    if (PQntuples(result) != 1)
        give_up(sql, "does not give one row");
    size_t size = strlen(PQgetvalue(result, 0, 0)) + 1;
    char *text = kept(size);
    memcpy(text, PQgetvalue(result, 0, 0), size);
    PQclear(result);
    return text;
}

void test_sql(struct sp_worker *worker, const char *sql)
{
    PQclear(run(worker, sql));
}

void test_clear_outbox(struct sp_worker *worker)
{
    test_sql(worker, "DELETE FROM outbox");
}

static void decode_parcel(const struct sp_message *message, struct sp_text body, char *values,
                          size_t *count, size_t most)
{
    static struct sp_arena *arena;
    if (arena == NULL)
        arena = sp_arena_open();
    size_t in_parcel = 0;
    struct sp_error err;
    if (sp_parcel_open(&body, &in_parcel, &err) != SP_OK)
        give_up("a parcel of the outbox", err.text);
    for (size_t i = 0; i < in_parcel && *count < most; i++) {
        void *value = values + (*count)++ * message->record->size;
        if (sp_message_decode(message, &body, value, arena, &err) != SP_OK)
            give_up("a message of the outbox", err.text);
    }
}

const void *test_emitted(struct sp_worker *worker, const struct sp_message *message,
                         const char *dest, size_t *count)
{
    enum { MOST = 100000 };
    const char *values[] = {message->type, dest == NULL ? "" : dest};
    PGconn *conn = PQconnectdb(worker->db->url);
    PGresult *result = PQexecParams(
        conn, "SELECT body FROM outbox WHERE type = $1 AND $2 IN ('', dest) ORDER BY made", 2, NULL,
        values, NULL, NULL, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        give_up("reading the outbox", PQerrorMessage(conn));
    size_t rows = (size_t)PQntuples(result), most = rows * SP_PARCEL_MESSAGES;
    SP_ASSERT(most <= MOST * SP_PARCEL_MESSAGES);
    char *messages = kept(most * message->record->size + 1);
    *count = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t size = (size_t)PQgetlength(result, (int)i, 0);
        char *body = kept(size + 1);
        memcpy(body, PQgetvalue(result, (int)i, 0), size);
        decode_parcel(message, (struct sp_text){body, size}, messages, count, most);
    }
    PQclear(result);
    PQfinish(conn);
    return messages;
}

/* ---- asking
 * ------------------------------------------------------------------------------------------- */

int test_ask(struct sp_worker *worker, const char *name, const char *body, const char **answer, ...)
{
    struct sp_ask_param params[16];
    size_t count = 0;
    va_list args;
    va_start(args, answer);
    for (const char *param = va_arg(args, const char *); param != NULL && count < SP_COUNT(params);
         param = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        params[count++] = (struct sp_ask_param){sp_text_of(param), sp_text_of(value)};
    }
    va_end(args);
    const struct sp_ask_route *route = sp_ask_route_find(worker->ctx.service, sp_text_of(name));
    struct sp_text permission = sp_text_of(route == NULL ? NULL : route->permission);
    struct sp_ask ask = {.name = sp_text_of(name),
                         .account_id = 1,
                         .user = SP_TEXT("tester"),
                         .language = SP_TEXT("en"),
                         .body = sp_text_of(body),
                         .params = params,
                         .param_count = count,
                         .permissions = &permission,
                         .permission_count = permission.size > 0};
    struct sp_answer given = {0};
    sp_worker_asks(worker, &ask, &given, 1);
    char *text = kept(given.body.size + 1);
    if (given.body.size > 0)
        memcpy(text, given.body.data, given.body.size);
    sp_buffer_free(&given.body);
    if (answer != NULL)
        *answer = text;
    return given.status;
}
