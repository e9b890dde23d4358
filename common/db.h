/* PostgreSQL: prepared statements in pipeline mode, sets as one parameter, and an honest outcome.
 *
 * A statement is a static struct; it is prepared on each connection when first used.  Statements
 * are queued, then run together in one round trip.  All parameters and results travel in binary
 * form.
 *
 *     static const struct sp_statement find = {"SELECT sku, variant FROM link "
 *                                              "JOIN unnest($1::link_key[]) k USING (account_id,
 * sku)"}; int slot = sp_queue(db, &find, SP_PARAMS(sp_set(&keys))); if (sp_run(db, err) != SP_OK)
 * return …; const struct sp_rows *rows = sp_result(db, slot);
 */
#ifndef SAMPAN_DB_H
#define SAMPAN_DB_H

#include "common/arena.h"
#include "common/base.h"

struct sp_db;
struct sp_rows;

/* What PostgreSQL said of the work since sp_db_begin. */
enum sp_outcome {
    SP_DB_OK,
    SP_DB_AGAIN,   /* 40xxx: serialization or deadlock; the same transaction may work now */
    SP_DB_AWAY,    /* 08, 53, 57, 58, 25006, or the connection died: nothing was kept */
    SP_DB_BAD,     /* everything else: this statement with these values will fail again */
    SP_DB_UNKNOWN, /* COMMIT was sent and no answer came: done or not done */
};

struct sp_statement {
    const char *sql; /* $1 … with casts, so that the types are the statement's, not guessed */
};

/* ---- opening -------------------------------------------------------------------------------- */

/* Remembers the address; connects at the first use.  `name` is the application_name.
 * Time-outs set on each connection: lock 5 s, statement 8 s, idle in transaction 10 s.  And a
 * transaction older than 9 s does not commit (the outcome is AWAY): none lives longer than 10 s,
 * which the healing of references relies on (architecture.md). */
struct sp_db *sp_db_open(const char *url, const char *name);
void sp_db_close(struct sp_db **db);
/* For connections whose statements find rows by their keys: their plans are nested loops over
 * indexes, made once, and depend on no statistics (docs/decisions/0009-plans-by-key.md).  Before
 * the first use. */
void sp_db_plan_by_key(struct sp_db *db);
/* Connects if need be.  SP_RETRY with the server's words when it is away. */
enum sp_result sp_db_connect(struct sp_db *db, struct sp_error *err) SP_MUST_USE;
bool sp_db_connected(const struct sp_db *db);
/* Ends the connection; what is prepared and the open transaction go with it, and the next use opens
 * another, which sees the schema's types as they are then. */
void sp_db_disconnect(struct sp_db *db);
/* Lets go of every result and of the transaction's memory.  The skeleton calls it after each batch.
 */
void sp_db_reset(struct sp_db *db);

/* ---- parameters ------------------------------------------------------------------------------ */

struct sp_set;

struct sp_param {
    const char *data; /* NULL: SQL NULL, or the number in `number` */
    size_t size;
    bool is_number;
    char number[8]; /* big-endian */
};

#define SP_PARAMS(...)                                                                             \
    (int)(sizeof((struct sp_param[]){__VA_ARGS__}) / sizeof(struct sp_param)), (struct sp_param[]) \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define SP_NO_PARAMS 0, NULL

struct sp_param sp_int(int64_t value);          /* bigint */
struct sp_param sp_int4(int32_t value);         /* integer */
struct sp_param sp_boolean(bool value);         /* boolean */
struct sp_param sp_string(struct sp_text text); /* text, bytea, json, and what casts from text */
struct sp_param sp_cstring(const char *string);
struct sp_param sp_time(int64_t us); /* timestamptz from microseconds since 1970; 0 = NULL */
struct sp_param sp_null(void);
struct sp_param sp_set(
    const struct sp_set *set); /* an array of a composite type, or of a plain one */

/* Rows as one parameter: an array of a composite type declared by a migration
 * (CREATE TYPE link_key AS (account_id bigint, sku text)).  Put the columns of each row in the
 * type's order.  Columns may be text, bigint, integer, boolean, timestamptz, bytea, uuid, text[],
 * bigint[].
 */
struct sp_set *sp_set_open(struct sp_db *db, const char *type); /* lives until sp_db_reset */
void sp_set_row(struct sp_set *set);                            /* begins the next row */
void sp_set_string(struct sp_set *set, struct sp_text text);    /* NULL is sp_set_null */
void sp_set_int(struct sp_set *set, int64_t value);
void sp_set_int4(struct sp_set *set, int32_t value);
void sp_set_bool(struct sp_set *set, bool value);
void sp_set_time(struct sp_set *set, int64_t us); /* 0 = NULL */
void sp_set_bytes(struct sp_set *set, struct sp_text bytes);
void sp_set_uuid(struct sp_set *set, const uint8_t uuid[16]);
void sp_set_strings(struct sp_set *set, const struct sp_text texts[], size_t count); /* text[] */
void sp_set_ints(struct sp_set *set, const int64_t values[], size_t count);          /* bigint[] */
void sp_set_null(struct sp_set *set); /* a text column; numbers have 0, times sp_set_time(0) */
size_t sp_set_count(const struct sp_set *set);
/* Plain arrays, for `= ANY($1::bigint[])`: allocated until sp_db_reset. */
struct sp_param sp_ints(struct sp_db *db, const int64_t values[], size_t count);
struct sp_param sp_strings(struct sp_db *db, const struct sp_text texts[], size_t count);
struct sp_param sp_uuids(struct sp_db *db, const uint8_t (*uuids)[16], size_t count);

/* ---- running ----------------------------------------------------------------------------------
 */

/* Queues a statement and returns its slot.  Parameters are copied.  Nothing is awaited. */
int sp_queue(struct sp_db *db, const struct sp_statement *statement, int count,
             const struct sp_param params[]);
/* Sends what is queued with one Sync and reads every answer.  SP_OK: all succeeded.  SP_RETRY: the
 * outcome is AGAIN, AWAY or UNKNOWN.  SP_REJECT: BAD.  The first error's text is in `err`; within a
 * transaction everything after an error fails until sp_db_rollback. */
enum sp_result sp_run(struct sp_db *db, struct sp_error *err) SP_MUST_USE;
enum sp_outcome sp_db_outcome(const struct sp_db *db); /* of the last sp_run */
/* What a failed sp_run or sp_query means for the work in hand: SP_REJECT when it is BAD, else
 * SP_RETRY. */
enum sp_result sp_db_failure(const struct sp_db *db) SP_MUST_USE;
const char *sp_db_sqlstate(const struct sp_db *db); /* of the last failure, five characters */
/* What takes longer fails with 57014. */
#define SP_STATEMENT_TIMEOUT "8s"
/* Queue, run, result in one call; NULL on failure. */
const struct sp_rows *sp_query(struct sp_db *db, struct sp_error *err,
                               const struct sp_statement *statement, int count,
                               const struct sp_param params[]);

/* BEGIN and COMMIT are queued like statements, so they share round trips with them.
 * After a failed sp_run inside a transaction call sp_db_rollback. */
void sp_db_begin(struct sp_db *db);
/* Up to the transaction's end, PostgreSQL plans as it likes: for lists and counts.  Queued: costs
 * no round trip. */
void sp_db_plan_freely(struct sp_db *db);
void sp_db_commit(struct sp_db *db); /* queued; the COMMIT's own answer is checked by sp_run */
void sp_db_rollback(struct sp_db *db);

/* ---- results: valid until sp_db_reset
 * ------------------------------------------------------------ */

const struct sp_rows *sp_result(struct sp_db *db, int slot);
size_t sp_rows_count(const struct sp_rows *rows);    /* 0 when rows is NULL */
size_t sp_rows_affected(const struct sp_rows *rows); /* INSERT, UPDATE, DELETE */
bool sp_row_null(const struct sp_rows *rows, size_t row, int column);
struct sp_text sp_row_text(const struct sp_rows *rows, size_t row, int column); /* NULL: empty */
int64_t sp_row_int(const struct sp_rows *rows, size_t row,
                   int column); /* smallint, integer, bigint; NULL: 0 */
bool sp_row_bool(const struct sp_rows *rows, size_t row, int column);
int64_t sp_row_time(const struct sp_rows *rows, size_t row,
                    int column); /* µs since 1970; NULL: 0 */
/* Of a bigint[] of one dimension: how many there are (NULL: 0), and number i of them. */
size_t sp_row_ints(const struct sp_rows *rows, size_t row, int column);
int64_t sp_row_int_at(const struct sp_rows *rows, size_t row, int column, size_t i);

/* ---- for the skeleton's figures
 * ------------------------------------------------------------------ */

struct sp_db_counts {
    uint64_t commits, round_trips, statements;
};
struct sp_db_counts sp_db_counts(const struct sp_db *db);

#endif
