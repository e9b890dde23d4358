#include "tests/support/hold.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/ctx.h"
#include "common/db_internal.h"

struct test_hold {
    PGconn *conn;
    pthread_t thread;
    struct sp_worker *other; /* NULL: nothing was fed */
    const struct sp_message *message;
    const void *value;
};

static void run_on(struct test_hold *hold, const char *sql)
{
    PGresult *result = PQexec(hold->conn, sql);
    SP_ASSERT(PQresultStatus(result) == PGRES_COMMAND_OK ||
              PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);
}

struct test_hold *test_hold(struct sp_worker *worker, const char *sql)
{
    struct test_hold *hold = calloc(1, sizeof *hold);
    SP_ASSERT(hold != NULL);
    hold->conn = PQconnectdb(worker->db->url);
    run_on(hold, "BEGIN");
    run_on(hold, sql);
    return hold;
}

struct test_hold *test_hold_commits(struct sp_worker *worker)
{
    return test_hold(worker, "LOCK TABLE outbox IN SHARE MODE");
}

static void *feed(void *context)
{
    struct test_hold *hold = context;
    SP_ASSERT(sp_worker_feed(hold->other, hold->message, hold->value, 1) == SP_OK);
    return NULL;
}

void test_feed_held(struct test_hold *hold, struct sp_worker *other,
                    const struct sp_message *message, const void *value)
{
    SP_ASSERT(hold->other == NULL);
    hold->other = other;
    hold->message = message;
    hold->value = value;
    SP_ASSERT(pthread_create(&hold->thread, NULL, feed, hold) == 0);
    test_await_waiting(hold, 1);
}

static bool are_waiting(struct test_hold *hold, int count)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "SELECT pg_stat_clear_snapshot(); SELECT FROM pg_stat_activity WHERE datname = "
                   "current_database() AND wait_event_type = 'Lock' HAVING count(*) >= %d",
                   count);
    PGresult *result = PQexec(hold->conn, sql);
    SP_ASSERT(PQresultStatus(result) == PGRES_TUPLES_OK);
    bool enough = PQntuples(result) == 1;
    PQclear(result);
    return enough;
}

void test_await_waiting(struct test_hold *hold, int count)
{
    enum { TURNS = 600, TURN_US = 10000 };
    for (int turns = 0; !are_waiting(hold, count); turns++) {
        SP_ASSERT(turns < TURNS);
        (void)usleep(TURN_US);
    }
}

void test_let_go(struct test_hold **hold)
{
    run_on(*hold, "COMMIT");
    if ((*hold)->other != NULL)
        SP_ASSERT(pthread_join((*hold)->thread, NULL) == 0);
    PQfinish((*hold)->conn);
    free(*hold);
    *hold = NULL;
}
