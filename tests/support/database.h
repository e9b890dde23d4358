/* A fresh database for a test: made from the server SAMPAN_TEST_DATABASE_URL names (a superuser's
 * address), with the service's migrations applied, dropped when the test's process ends. */
#ifndef SAMPAN_TEST_DATABASE_H
#define SAMPAN_TEST_DATABASE_H

#include "common/service.h"
#include "common/worker.h"

/* The address of the new database; aborts the test with a clear text when there is no server.
 * Several calls make several databases (at most 8 in one process). */
const char *test_database(const struct sp_migration migrations[]);

/* A worker of the service on a fresh database, without a bus: what it emits stays in the outbox.
 * Settings come from the tables' defaults and `extra` (NAME=value, NULL-terminated, may be NULL).
 */
struct sp_worker *test_worker(const struct sp_service *service, char *const extra[]);
/* Another worker on the same database as `url`. */
struct sp_worker *test_worker_on(const struct sp_service *service, const char *url,
                                 char *const extra[]);
const char *test_worker_url(void); /* of the last test_worker */

/* One number from one SQL statement; asserts that it works. */
int64_t test_number(struct sp_worker *worker, const char *sql);
/* One text, kept until the process ends. */
const char *test_text(struct sp_worker *worker, const char *sql);
/* Runs a statement that returns nothing of interest. */
void test_sql(struct sp_worker *worker, const char *sql);

/* Every message of a type that lies in the outbox for `dest` (NULL: any), decoded, in no order; the
 * array lives until the process ends.  Does not remove them. */
const void *test_emitted(struct sp_worker *worker, const struct sp_message *message,
                         const char *dest, size_t *count);
void test_clear_outbox(struct sp_worker *worker);

/* An ask with the given body (JSON, may be NULL) and parameters as name, value … NULL; every
 * permission that the route wants is granted.  The answer's body is a C string that lives until the
 * process ends. */
int test_ask(struct sp_worker *worker, const char *name, const char *body, const char **answer,
             ... /* const char *param, const char *value, …, NULL */);

#endif
