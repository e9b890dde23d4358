/* The shape of a service: it fills in tables, the skeleton does the rest.
 *
 * Routes say which handler takes a message, asks which function answers a question of the gateway,
 * jobs what happens without being asked.  A process has one I/O thread and two kinds of workers,
 * each with its own database connection and plain synchronous code: SAMPAN_WORKERS for messages and
 * asks, SAMPAN_JOB_WORKERS for jobs, so that a job that calls the outside world never delays a
 * message. */
#ifndef SAMPAN_SERVICE_H
#define SAMPAN_SERVICE_H

#include "common/arena.h"
#include "common/base.h"
#include "common/db.h"
#include "common/json.h"
#include "common/message.h"
#include "common/settings.h"

/* One unit of work on one worker: a batch of messages, an ask, a job's run. */
struct sp_ctx;

struct sp_db *sp_ctx_db(struct sp_ctx *ctx);
struct sp_arena *sp_ctx_arena(struct sp_ctx *ctx); /* reset when the unit ends */
struct sp_error *sp_ctx_error(struct sp_ctx *ctx); /* where to say why */
const struct sp_config *sp_ctx_config(struct sp_ctx *ctx);

/* ---- messages
 * ------------------------------------------------------------------------------------ */

/* What a handler gets: only the messages its claim returned, ordered by (account_id, key), one for
 * each key, in an open transaction. */
struct sp_batch {
    const void *messages; /* array of the message's struct */
    size_t count;
    /* Row i of `claimed` belongs to message i.  Its first three columns are account_id bigint, key
     * text, rev bigint: the rev with which this service emits what follows (sp_claimed_rev).  More
     * columns are the claim's own. */
    const struct sp_rows *claimed;
    const size_t *claimed_row; /* row of message i */
};

int64_t sp_claimed_rev(const struct sp_batch *batch, size_t i);

/* Queues the claim, the first statement of the transaction, for `count` messages ordered by key:
 * an INSERT … ON CONFLICT … WHERE stored < new RETURNING account_id, key, rev, … (or an UPDATE …
 * RETURNING).  Returns its slot.  May write the whole row where the decision needs no read; then
 * SP_CLAIM is cheaper.
 *
 * Or it raises the revision of rows that are there and returns those that are not as fresh, and the
 * decision inserts them, once, with all they have.  Two transactions that both found none: the
 * second one's INSERT fails for its key, and its batch is run again (at most 3 times). */
typedef int sp_claim(struct sp_ctx *ctx, const void *messages, size_t count);

/* The text of a claim that writes rows from the array $1, most of which nobody knows yet: those are
 * inserted plainly, and only if any is left does ON CONFLICT see to the known ones.
 *   insert     "INSERT INTO t AS t (…) SELECT … FROM unnest($1::…) u", without WHERE
 *   known      "SELECT FROM t k WHERE k.account_id = u.account_id AND …"
 *   order      of keys, which is the order of locks: "u.account_id, u.…"
 *   conflict   "(account_id, …) DO UPDATE SET … WHERE t.upstream_rev < excluded.upstream_rev"
 *   returning  "t.account_id, t.key, t.rev, …"
 * Two transactions that insert the same key: as above.  New keys are locked first and known ones
 * after them, each kind in order, so that two claims never wait for each other. */
#define SP_CLAIM(insert, known, order, conflict, returning)                                        \
    "WITH made AS (" insert " WHERE NOT EXISTS (" known ") ORDER BY " order                        \
    " RETURNING " returning "), known AS (" insert                                                 \
    " WHERE (SELECT count(*) FROM made) < cardinality($1) AND EXISTS (" known ") ORDER BY " order  \
    " ON CONFLICT " conflict " RETURNING " returning ") TABLE made UNION ALL TABLE known"

/* Loads, decides, saves, emits.  Saves may be queued without sp_run: the skeleton runs what is
 * queued together with the outbox and COMMIT in one round trip. SP_OK: done (single messages may
 * have been rejected or put off).  SP_RETRY: the whole batch again later.  SP_REJECT: the batch is
 * taken apart and each message tried alone. */
typedef enum sp_result sp_handler(struct sp_ctx *ctx, const struct sp_batch *batch);

struct sp_route {
    const struct sp_message *message;
    sp_claim *claim;
    sp_handler *handle;
};

/* Message i of the batch cannot be processed: it becomes a dead letter with this reason, leaves no
 * other trace, and can be replayed.  The others go on. */
void sp_reject(struct sp_ctx *ctx, const struct sp_batch *batch, size_t i, const char *format, ...)
    SP_PRINTF(4, 5);
/* Message i is tried again in `delay_ms` (1 ms to 1 hour); a newer revision replaces it. */
void sp_put_off(struct sp_ctx *ctx, const struct sp_batch *batch, size_t i, int64_t delay_ms);

/* ---- emitting: inside a transaction
 * ------------------------------------------------------------------ */

/* Packs `count` structs of the message's type to parcels and stores them in the outbox, one row for
 * each parcel and receiver; they are sent when the transaction has committed.  head.emitted_us is
 * filled in; a zero trace gets a fresh one; head.rev must be > 0. */
enum sp_result sp_emit(struct sp_ctx *ctx, const struct sp_message *message, const void *values,
                       size_t count) SP_MUST_USE;

/* What is read from outside and cannot become a fact is not lost: a message of a type that this
 * service itself takes becomes a dead letter, listed and replayed like one that came and was
 * rejected.  With the same key, rev and content it is the same letter, seen once more.  SP_REJECT:
 * the message breaks a limit of its schema. */
enum sp_result sp_bury(struct sp_ctx *ctx, const struct sp_message *message, const void *value,
                       const char *reason) SP_MUST_USE;

/* Runs a job of this process as soon as the transaction has committed, instead of at its next
 * period. */
void sp_wake(struct sp_ctx *ctx, const char *job);

/* The incarnation of this service's database, shifted: emitters raise revisions by
 * greatest(old + 1, this).  Pass it as a bigint parameter. */
int64_t sp_rev_floor(struct sp_ctx *ctx);

/* ---- jobs
 * -------------------------------------------------------------------------------------------- */

/* Runs on a job worker, outside any transaction; opens its own with sp_begin / sp_commit, several
 * if it likes.  Calls to the outside world happen between transactions, never inside one. SP_AGAIN:
 * at once again.  SP_OK: at the next period or wake.  SP_RETRY: after 1 s, growing to 30 s. */
typedef enum sp_result sp_job_run(struct sp_ctx *ctx);

struct sp_job {
    const char *name;
    int64_t every_ms; /* period; with up to 10 % jitter */
    sp_job_run *run;
};

enum sp_result sp_begin(struct sp_ctx *ctx) SP_MUST_USE; /* queued: costs no round trip */
enum sp_result sp_commit(struct sp_ctx *ctx)
    SP_MUST_USE; /* SP_OK: durable; emitted parcels go out */
void sp_rollback(struct sp_ctx *ctx);
bool sp_stopping(struct sp_ctx *ctx); /* SIGTERM came: finish what is in hand */

/* ---- asks
 * -------------------------------------------------------------------------------------------- */

/* A question or a command of the gateway, on behalf of a person or a machine. */
struct sp_ask {
    struct sp_text name;
    int64_t account_id;
    struct sp_text user;     /* for history and audit: login or token name */
    struct sp_text language; /* "vi", "th", "zh", "en" */
    struct sp_text body;     /* JSON of the request, or raw bytes (webhooks); may be empty */
    struct sp_text idempotency_key;
    const struct sp_ask_param *params; /* path and query parameters, decoded */
    size_t param_count;
    const struct sp_text *permissions;
    size_t permission_count;
    int64_t deadline_ms; /* how long the asker waits; what has waited longer here is not run */
    uint8_t trace[SP_TRACE_BYTES];
};

struct sp_ask_param {
    struct sp_text name, value;
};

/* Empty when there is no such parameter. */
struct sp_text sp_ask_param(const struct sp_ask *ask, const char *name);
struct sp_range {
    int64_t otherwise, least, most;
};
/* A decimal parameter; range.otherwise when absent.  SP_REJECT (and a 400 answer) when it is no
 * number or not within [least, most]. */
enum sp_result sp_ask_int(struct sp_ctx *ctx, const struct sp_ask *ask, const char *name,
                          struct sp_range range, int64_t *value) SP_MUST_USE;

struct sp_answer {
    int status;            /* HTTP's: 200, 201, 202, 204, 400, 401, 403, 404, 409, 422, 503 */
    struct sp_buffer body; /* JSON */
};

/* Writes an RFC 9457 problem: code is UPPER_SNAKE and stable, detail is for people.  Returns
 * SP_REJECT, which rolls the command back and sends the answer. */
enum sp_result sp_answer_problem(struct sp_answer *answer, int status, const char *code,
                                 const char *detail, ...) SP_PRINTF(4, 5);

/* Runs inside a transaction that the skeleton opens (read only for questions) and commits before
 * the answer is sent.  Answers through `answer` (sp_ctx_answer for helpers). */
typedef enum sp_result sp_ask_run(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
/* The same for asks that come in storms: all that wait (1 to 256), one transaction. */
typedef enum sp_result sp_ask_run_many(struct sp_ctx *ctx, const struct sp_ask asks[],
                                       struct sp_answer answers[], size_t count);

struct sp_ask_route {
    const char *name;       /* "order-ingest.list": service name and verb */
    const char *permission; /* NULL: the gateway alone may ask, no person's right is needed */
    bool command;           /* changes something: takes part in idempotency, may emit */
    sp_ask_run *run;
    sp_ask_run_many *run_many; /* instead of run */
};

/* ---- the service
 * ---------------------------------------------------------------------------------------- */

struct sp_migration {
    const char *name; /* "0001_orders" */
    const char *sql;
};

struct sp_app; /* a running process: for http hooks and metrics of gateway and sandbox */

struct sp_service {
    const char *name;              /* "product-mapper" */
    const struct sp_route *routes; /* each table ends with a zero entry; NULL: none */
    const struct sp_ask_route *asks;
    const struct sp_job *jobs;
    const struct sp_setting *settings; /* its own, beside the common ones */
    const struct sp_setting_need *setting_needs;
    const struct sp_migration *migrations; /* generated: <service>_migrations */
    const char *const *asks_of;            /* services it may ask (gateway), NULL-terminated */
    /* Called on the I/O thread after the common parts are up, before anything is taken in; and at
     * the end. For what only one service has: the gateway's public port. */
    enum sp_result (*start)(struct sp_app *app, struct sp_error *err);
    void (*stop)(struct sp_app *app);
    /* True when what `stop` began has ended; NULL: at once. */
    bool (*stopped)(struct sp_app *app);
    int job_workers; /* SAMPAN_JOB_WORKERS' default; 0: one */
};

/* run | migrate | config | health | restored | version.  Returns the process's exit code. */
int sp_service_main(const struct sp_service *service, int argc, char **argv);

#endif
