#include "common/migrate.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/crypto.h"

static const char create_table[] =
    "CREATE TABLE IF NOT EXISTS migration ("
    "name text PRIMARY KEY, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now())";
/* Any number of services may migrate at once; each database has its own lock. */
static const char take_lock[] = "SELECT pg_advisory_lock(7217)";
static const char find_applied[] = "SELECT checksum FROM migration WHERE name = $1";
static const char note_applied[] = "INSERT INTO migration (name, checksum) VALUES ($1, $2)";

static const struct sp_statement count_applied = {
    "SELECT name FROM unnest($1::text[]) WITH ORDINALITY w (name, at) "
    "WHERE NOT EXISTS (SELECT FROM migration m WHERE m.name = w.name) ORDER BY at LIMIT 1"};

/* Gives the application role, when there is one, its rights on what exists by now. */
static const char grant_rights[] =
    "DO $$ DECLARE app text := regexp_replace(current_user, '_owner$', ''); BEGIN "
    "IF app <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN "
    "EXECUTE format('GRANT USAGE ON SCHEMA public TO %1$I; "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %1$I; "
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %1$I; "
    "REVOKE INSERT, UPDATE, DELETE ON migration FROM %1$I', app); END IF; END $$";
static const char revoke_rights[] =
    "DO $$ DECLARE app text := regexp_replace(current_user, '_owner$', ''); BEGIN "
    "IF app <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN "
    "EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %%I FROM %%I', '%.*s', app); "
    "END IF; END $$";

static enum sp_result run(PGconn *conn, const char *sql, struct sp_error *err)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return SP_OK;
    enum sp_result ending = PQstatus(conn) == CONNECTION_OK ? SP_REJECT : SP_RETRY;
    return sp_fail(err, ending, "%s", PQerrorMessage(conn));
}

static void checksum_of(const char *sql, char hex[2 * SP_SHA256_BYTES + 1])
{
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(sp_text_of(sql), digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* Rights are given again after each file, so append-only tables of all files so far are named
 * again. */
static enum sp_result revoke_append_only(PGconn *conn, const char *sql, struct sp_error *err)
{
    static const char mark[] = "-- append-only: ";
    for (const char *at = strstr(sql, mark); at != NULL; at = strstr(at, mark)) {
        at += sizeof mark - 1;
        size_t size = strcspn(at, " \n");
        char statement[1024];
        (void)snprintf(statement, sizeof statement, revoke_rights, (int)size, at);
        if (run(conn, statement, err) != SP_OK)
            return SP_REJECT;
    }
    return SP_OK;
}

/* Sets *done when the file has been applied before. */
static enum sp_result look_up(PGconn *conn, const struct sp_migration *migration,
                              const char *checksum, bool *done, struct sp_error *err)
{
    const char *values[] = {migration->name};
    PGresult *result = PQexecParams(conn, find_applied, 1, NULL, values, NULL, NULL, 0);
    enum sp_result ending = SP_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        ending = sp_fail(err, SP_REJECT, "%s", PQerrorMessage(conn));
    *done = ending == SP_OK && PQntuples(result) == 1;
    if (*done && strcmp(PQgetvalue(result, 0, 0), checksum) != 0)
        ending = sp_fail(err, SP_REJECT,
                         "migration %s was applied with another content: files already applied "
                         "must not change",
                         migration->name);
    PQclear(result);
    return ending;
}

static enum sp_result apply_one(PGconn *conn, const struct sp_migration *migration,
                                const char *checksum, struct sp_error *err)
{
    struct sp_error cause = {{0}};
    enum sp_result ending = run(conn, "BEGIN", &cause);
    if (ending == SP_OK)
        ending = run(conn, migration->sql, &cause);
    if (ending == SP_OK) {
        const char *values[] = {migration->name, checksum};
        PGresult *result = PQexecParams(conn, note_applied, 2, NULL, values, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            ending = sp_fail(&cause, SP_REJECT, "%s", PQerrorMessage(conn));
        PQclear(result);
    }
    if (ending == SP_OK)
        ending = run(conn, "COMMIT", &cause);
    if (ending == SP_OK)
        return SP_OK;
    PQclear(PQexec(conn, "ROLLBACK"));
    return sp_fail(err, ending, "migration %s: %s", migration->name, cause.text);
}

static enum sp_result apply_all(PGconn *conn, const struct sp_migration migrations[],
                                void (*report)(const char *name), struct sp_error *err)
{
    for (const struct sp_migration *m = migrations; m != NULL && m->name != NULL; m++) {
        char checksum[2 * SP_SHA256_BYTES + 1];
        checksum_of(m->sql, checksum);
        bool done = false;
        enum sp_result ending = look_up(conn, m, checksum, &done, err);
        if (ending == SP_OK && !done)
            ending = apply_one(conn, m, checksum, err);
        if (ending != SP_OK)
            return ending;
        if (!done && report != NULL)
            report(m->name);
    }
    return SP_OK;
}

static enum sp_result give_rights(PGconn *conn, const struct sp_migration migrations[],
                                  struct sp_error *err)
{
    if (run(conn, grant_rights, err) != SP_OK)
        return SP_REJECT;
    for (const struct sp_migration *m = migrations; m != NULL && m->name != NULL; m++) {
        if (revoke_append_only(conn, m->sql, err) != SP_OK)
            return SP_REJECT;
    }
    return SP_OK;
}

enum sp_result sp_migrate(const char *url, const struct sp_migration migrations[],
                          void (*report)(const char *name), struct sp_error *err)
{
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK) {
        enum sp_result away =
            sp_fail(err, SP_RETRY, "cannot reach the database: %s", PQerrorMessage(conn));
        PQfinish(conn);
        return away;
    }
    PQclear(PQexec(conn, "SET client_min_messages = warning"));
    enum sp_result result = run(conn, take_lock, err);
    if (result == SP_OK)
        result = run(conn, create_table, err);
    if (result == SP_OK)
        result = apply_all(conn, sp_common_migrations, report, err);
    if (result == SP_OK)
        result = apply_all(conn, migrations, report, err);
    if (result == SP_OK)
        result = give_rights(conn, migrations, err);
    PQfinish(conn);
    return result;
}

static enum sp_result find_missing(struct sp_db *db, const struct sp_migration migrations[],
                                   struct sp_error *err)
{
    struct sp_text names[256];
    size_t count = 0;
    for (const struct sp_migration *m = migrations; m != NULL && m->name != NULL; m++) {
        SP_ASSERT(count < SP_COUNT(names));
        names[count++] = sp_text_of(m->name);
    }
    const struct sp_rows *rows =
        sp_query(db, err, &count_applied, SP_PARAMS(sp_strings(db, names, count)));
    if (rows == NULL)
        return SP_RETRY;
    if (sp_rows_count(rows) == 0)
        return SP_OK;
    return sp_fail(err, SP_REJECT, "migration %.*s has not been applied: run `migrate`",
                   SP_FMT(sp_row_text(rows, 0, 0)));
}

enum sp_result sp_migrate_check(struct sp_db *db, const struct sp_migration migrations[],
                                struct sp_error *err)
{
    enum sp_result result = find_missing(db, sp_common_migrations, err);
    return result == SP_OK ? find_missing(db, migrations, err) : result;
}
