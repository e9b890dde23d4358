/* The connection's life: opening, connecting, letting go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_internal.h"

/* For one statement, one lock, one pause; what they may add up to is checked before each COMMIT. */
static const char session_options[] =
    "-c statement_timeout=" SP_STATEMENT_TIMEOUT
    " -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s "
    "-c jit=off -c timezone=UTC -c client_min_messages=warning";

/* The same index for the first order as for the millionth, whatever is known of the tables. */
static const char by_key_options[] =
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
    "-c plan_cache_mode=force_generic_plan";

static const char find_types[] =
    "SELECT t.typname, t.oid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid "
    "JOIN pg_namespace n ON n.oid = t.typnamespace WHERE c.relkind = 'c' AND n.nspname = 'public'";

struct sp_db *sp_db_open(const char *url, const char *name)
{
    struct sp_db *db = sp_alloc(sizeof *db);
    db->url = sp_strdup(url);
    db->name = sp_strdup(name);
    db->arena = sp_arena_open();
    db->oldest_ms = SP_DB_OLDEST_MS;
    return db;
}

void sp_db_plan_by_key(struct sp_db *db)
{
    SP_ASSERT(!sp_db_connected(db));
    db->by_key = true;
}

void sp_db_disconnect(struct sp_db *db)
{
    if (db->conn != NULL)
        PQfinish(db->conn);
    db->conn = NULL;
    memset(db->prepared, 0, sizeof db->prepared);
    db->prepared_count = 0;
    db->begun = 0;
    db->in_transaction = false;
}

void sp_db_close(struct sp_db **pointer)
{
    struct sp_db *db = *pointer;
    if (db == NULL)
        return;
    sp_db_reset(db);
    sp_db_disconnect(db);
    for (size_t i = 0; i < db->set_count; i++) {
        sp_buffer_free(&db->sets[i]->bytes);
        free(db->sets[i]);
    }
    free(db->sets);
    free(db->slots);
    sp_arena_close(&db->arena);
    free(db->url);
    free(db->name);
    free(db);
    *pointer = NULL;
}

bool sp_db_connected(const struct sp_db *db)
{
    return db->conn != NULL && PQstatus(db->conn) == CONNECTION_OK;
}

static enum sp_result load_types(struct sp_db *db, struct sp_error *err)
{
    PGresult *result = PQexec(db->conn, find_types);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        PQclear(result);
        return sp_fail(err, SP_RETRY, "cannot read the catalogue: %s", PQerrorMessage(db->conn));
    }
    db->type_count = 0;
    for (int i = 0; i < PQntuples(result); i++) {
        SP_ASSERT(db->type_count < SP_DB_TYPES);
        struct sp_type *type = &db->types[db->type_count++];
        (void)snprintf(type->name, sizeof type->name, "%s", PQgetvalue(result, i, 0));
        type->oid = (uint32_t)strtoul(PQgetvalue(result, i, 1), NULL, 10);
    }
    PQclear(result);
    return SP_OK;
}

enum sp_result sp_db_connect(struct sp_db *db, struct sp_error *err)
{
    if (sp_db_connected(db))
        return SP_OK;
    sp_db_disconnect(db);
    char options[sizeof session_options + sizeof by_key_options];
    (void)snprintf(options, sizeof options, "%s%s", session_options,
                   db->by_key ? by_key_options : "");
    const char *const names[] = {"dbname",
                                 "application_name",
                                 "options",
                                 "connect_timeout",
                                 "target_session_attrs",
                                 "keepalives_idle",
                                 NULL};
    const char *const values[] = {db->url, db->name, options, "5", "read-write", "10", NULL};
    db->conn = PQconnectdbParams(names, values, 1);
    if (PQstatus(db->conn) != CONNECTION_OK) {
        enum sp_result result =
            sp_fail(err, SP_RETRY, "cannot reach the database: %s", PQerrorMessage(db->conn));
        sp_db_disconnect(db);
        return result;
    }
    if (load_types(db, err) != SP_OK || PQsetnonblocking(db->conn, 1) != 0 ||
        PQenterPipelineMode(db->conn) != 1) {
        sp_db_disconnect(db);
        return SP_RETRY;
    }
    db->broken = false;
    return SP_OK;
}

void sp_db_reset(struct sp_db *db)
{
    for (int i = 0; i < db->slot_count; i++)
        PQclear(db->slots[i].rows.result);
    db->slot_count = 0;
    db->first_open = 0;
    for (size_t i = 0; i < db->set_used; i++) {
        if (db->sets[i]->bytes.capacity > SP_DB_SET_KEEP)
            sp_buffer_free(&db->sets[i]->bytes);
    }
    db->set_used = 0;
    sp_arena_reset(db->arena);
}
