/* Pipelines, transactions, outcomes. */
#include "common/db.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_internal.h"
#include "common/log.h"

enum { ANSWER_TIMEOUT_MS = 30 * 1000 };

static const struct sp_statement begin_statement = {"BEGIN"};
/* The server's clock decides, at the last moment: the statements queued before COMMIT take their
 * time too, and only an error keeps it from committing. */
static const struct sp_statement refuse_old = {
    "SELECT 1 / (clock_timestamp() < now() + $1::bigint * interval '1 millisecond')::integer"};
static const struct sp_statement drop_plans = {"DISCARD PLANS"};
static const struct sp_statement plan_freely = {
    "SELECT set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true), "
    "set_config('enable_mergejoin', 'on', true), set_config('plan_cache_mode', 'auto', true)"};
static const struct sp_statement commit_statement = {"COMMIT"};
static const struct sp_statement rollback_statement = {"ROLLBACK"};

/* ---- queueing ----------------------------------------------------------------------------------
 */

static struct sp_slot *add_slot(struct sp_db *db, enum sp_slot_kind kind,
                                struct sp_prepared *prepared)
{
    if (db->slot_count == db->slot_capacity) {
        db->slot_capacity = db->slot_capacity == 0 ? SP_DB_SLOTS : db->slot_capacity * 2;
        db->slots = sp_realloc(db->slots, (size_t)db->slot_capacity * sizeof *db->slots);
    }
    struct sp_slot *slot = &db->slots[db->slot_count++];
    *slot = (struct sp_slot){.kind = kind, .prepared = prepared};
    return slot;
}

/* A plan is kept with its statement, so each way of planning has its own. */
static struct sp_prepared *find_prepared(struct sp_db *db, const struct sp_statement *statement)
{
    size_t at = ((uintptr_t)statement >> 3) & (SP_DB_STATEMENTS - 1);
    while (db->prepared[at].statement != NULL &&
           (db->prepared[at].statement != statement || db->prepared[at].free != db->free))
        at = (at + 1) & (SP_DB_STATEMENTS - 1);
    return &db->prepared[at];
}

static void prepared_name(const struct sp_prepared *prepared, char name[16])
{
    (void)snprintf(name, 16, "s%u", prepared->number);
}

static struct sp_prepared *prepare(struct sp_db *db, const struct sp_statement *statement)
{
    struct sp_prepared *prepared = find_prepared(db, statement);
    if (prepared->statement != NULL)
        return prepared;
    SP_ASSERT(db->prepared_count < SP_DB_STATEMENTS / 2);
    *prepared = (struct sp_prepared){
        .statement = statement, .free = db->free, .number = db->prepared_count++};
    char name[16];
    prepared_name(prepared, name);
    if (db->conn == NULL || PQsendPrepare(db->conn, name, statement->sql, 0, NULL) != 1)
        db->broken = true;
    else
        (void)add_slot(db, SP_SLOT_PREPARE, prepared);
    return prepared;
}

static int queue(struct sp_db *db, const struct sp_statement *statement, enum sp_slot_kind kind,
                 int count, const struct sp_param params[])
{
    enum { PARAMS = 32 };
    SP_ASSERT(count <= PARAMS);
    struct sp_prepared *prepared = prepare(db, statement);
    const char *values[PARAMS];
    int sizes[PARAMS], formats[PARAMS];
    for (int i = 0; i < count; i++) {
        values[i] = params[i].is_number ? params[i].number : params[i].data;
        sizes[i] = (int)params[i].size;
        formats[i] = 1;
    }
    char name[16];
    prepared_name(prepared, name);
    if (db->broken || db->conn == NULL ||
        PQsendQueryPrepared(db->conn, name, count, values, sizes, formats, 1) != 1)
        db->broken = true;
    db->counts.statements++;
    (void)add_slot(db, kind, prepared);
    return db->slot_count - 1;
}

int sp_queue(struct sp_db *db, const struct sp_statement *statement, int count,
             const struct sp_param params[])
{
    return queue(db, statement, SP_SLOT_QUERY, count, params);
}

/* A plan made while a table was empty may take the wrong index, and is kept until somebody analyses
 * the table.  So plans are made anew after 1, 2, 4, 8 … transactions: none outlives the doubling of
 * what it was made for. */
static bool plans_are_old(struct sp_db *db)
{
    enum { MOST = 1024 };
    unsigned begun = ++db->begun;
    return (begun & (begun - 1)) == 0 || begun % MOST == 0;
}

void sp_db_begin(struct sp_db *db)
{
    SP_ASSERT(!db->in_transaction);
    db->in_transaction = true;
    db->free = false;
    (void)queue(db, &begin_statement, SP_SLOT_QUERY, 0, NULL);
    if (plans_are_old(db))
        (void)queue(db, &drop_plans, SP_SLOT_QUERY, 0, NULL);
}

void sp_db_plan_freely(struct sp_db *db)
{
    SP_ASSERT(db->in_transaction);
    if (!db->by_key)
        return;
    db->free = true;
    (void)queue(db, &plan_freely, SP_SLOT_QUERY, 0, NULL);
}

void sp_db_commit(struct sp_db *db)
{
    SP_ASSERT(db->in_transaction);
    (void)queue(db, &refuse_old, SP_SLOT_AGE, SP_PARAMS(sp_int(db->oldest_ms)));
    (void)queue(db, &commit_statement, SP_SLOT_COMMIT, 0, NULL);
}

/* ---- running
 * ------------------------------------------------------------------------------------- */

static enum sp_outcome classify(const char *state)
{
    static const char *const away[] = {"08", "53", "57", "58"};
    if (strncmp(state, "40", 2) == 0 || strcmp(state, "55P03") == 0)
        return SP_DB_AGAIN;
    for (size_t i = 0; i < SP_COUNT(away); i++) {
        if (strncmp(state, away[i], 2) == 0)
            return SP_DB_AWAY;
    }
    if (strcmp(state, "25006") == 0 || strcmp(state, "25P03") == 0)
        return SP_DB_AWAY;
    return SP_DB_BAD;
}

static void fail(struct sp_db *db, enum sp_outcome outcome, const char *state, const char *words,
                 struct sp_error *err)
{
    if (db->outcome != SP_DB_OK)
        return; /* the first failure is the cause; the rest follows from it */
    db->outcome = outcome;
    (void)snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state);
    (void)sp_fail(err, SP_REJECT, "%s (%s)", words, state);
}

static void fail_result(struct sp_db *db, const PGresult *result, struct sp_error *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL)
        state = "08006";
    enum sp_outcome outcome = classify(state);
    /* A statement planned against tables or types that a migration has since changed. */
    bool stale = strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0;
    fail(db, stale ? SP_DB_AWAY : outcome, state,
         words == NULL ? PQresultErrorMessage(result) : words, err);
    if (stale)
        db->broken = true;
}

/* Waits until results can be had without blocking. */
static bool await(struct sp_db *db)
{
    for (;;) {
        int left = PQflush(db->conn);
        if (left < 0)
            return false;
        if (left == 0 && PQisBusy(db->conn) == 0)
            return true;
        struct pollfd fd = {.fd = PQsocket(db->conn),
                            .events = (short)(POLLIN | (left > 0 ? POLLOUT : 0))};
        int ready = poll(&fd, 1, ANSWER_TIMEOUT_MS);
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return false;
        if ((fd.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && PQconsumeInput(db->conn) != 1)
            return false;
    }
}

static void take_result(struct sp_db *db, struct sp_slot *slot, PGresult *result,
                        struct sp_error *err)
{
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (slot->kind == SP_SLOT_PREPARE) {
        if (good)
            slot->prepared->ready = true;
        else
            db->broken = true; /* the table of statements no longer matches: start afresh */
    }
    if (slot->kind == SP_SLOT_AGE && status == PGRES_FATAL_ERROR)
        fail(db, SP_DB_AWAY, "25P04", "the transaction is too old to be committed", err);
    else if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
        fail_result(db, result, err);
    /* After an error the server answers COMMIT with success and the tag ROLLBACK. */
    if (good && slot->kind == SP_SLOT_COMMIT) {
        if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
            fail(db, SP_DB_AGAIN, "25P02", "the transaction was rolled back", err);
        else
            db->counts.commits++;
        db->in_transaction = false;
    }
    slot->rows.result = result;
}

/* Reads the answer of each open slot and the Sync's. */
static bool read_answers(struct sp_db *db, struct sp_error *err)
{
    while (db->first_open < db->slot_count) {
        struct sp_slot *slot = &db->slots[db->first_open];
        if (!await(db))
            return false;
        PGresult *result = PQgetResult(db->conn);
        if (result == NULL)
            return false;
        take_result(db, slot, result, err);
        db->first_open++;
        if (PQstatus(db->conn) != CONNECTION_OK || !await(db))
            return false;
        SP_ASSERT(PQgetResult(db->conn) == NULL);
    }
    if (!await(db))
        return false;
    PGresult *sync = PQgetResult(db->conn);
    bool synced = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    return synced;
}

static bool commit_is_open(const struct sp_db *db)
{
    for (int i = db->first_open; i < db->slot_count; i++) {
        if (db->slots[i].kind == SP_SLOT_COMMIT)
            return true;
    }
    return false;
}

enum sp_result sp_run(struct sp_db *db, struct sp_error *err)
{
    db->outcome = SP_DB_OK;
    db->sqlstate[0] = '\0';
    db->counts.round_trips++;
    bool sent = !db->broken && db->conn != NULL && PQpipelineSync(db->conn) == 1;
    if (!sent || !read_answers(db, err)) {
        bool unknown = sent && commit_is_open(db);
        const char *words = db->conn == NULL ? "not connected" : PQerrorMessage(db->conn);
        if (unknown)
            db->outcome = SP_DB_OK; /* whatever was said before, the COMMIT's fate is not known */
        fail(db, unknown ? SP_DB_UNKNOWN : SP_DB_AWAY, "08006",
             words[0] == '\0' ? "the connection was lost" : words, err);
        db->first_open = db->slot_count;
        sp_db_disconnect(db);
    } else if (db->broken) {
        sp_db_disconnect(db);
    }
    db->broken = false;
    switch (db->outcome) {
    case SP_DB_OK:
        return SP_OK;
    case SP_DB_BAD:
        return SP_REJECT;
    default:
        return SP_RETRY;
    }
}

void sp_db_rollback(struct sp_db *db)
{
    if (!db->in_transaction || !sp_db_connected(db)) {
        db->in_transaction = false;
        return;
    }
    enum sp_outcome outcome = db->outcome;
    char state[sizeof db->sqlstate];
    memcpy(state, db->sqlstate, sizeof state);
    struct sp_error err;
    (void)queue(db, &rollback_statement, SP_SLOT_QUERY, 0, NULL);
    if (sp_run(db, &err) != SP_OK) {
        sp_log(SP_WARN, "rollback-failed", "error", err.text, NULL);
        sp_db_disconnect(db);
    }
    db->in_transaction = false;
    db->outcome = outcome;
    memcpy(db->sqlstate, state, sizeof state);
}

const struct sp_rows *sp_query(struct sp_db *db, struct sp_error *err,
                               const struct sp_statement *statement, int count,
                               const struct sp_param params[])
{
    int slot = sp_queue(db, statement, count, params);
    return sp_run(db, err) == SP_OK ? sp_result(db, slot) : NULL;
}

enum sp_outcome sp_db_outcome(const struct sp_db *db)
{
    return db->outcome;
}

enum sp_result sp_db_failure(const struct sp_db *db)
{
    return db->outcome == SP_DB_BAD ? SP_REJECT : SP_RETRY;
}

const char *sp_db_sqlstate(const struct sp_db *db)
{
    return db->sqlstate;
}

struct sp_db_counts sp_db_counts(const struct sp_db *db)
{
    return db->counts;
}
