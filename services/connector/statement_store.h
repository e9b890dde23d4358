/* Statements in the database: what was listed, and how far each is read (states.md). */
#ifndef SAMPAN_CONNECTOR_STATEMENT_STORE_H
#define SAMPAN_CONNECTOR_STATEMENT_STORE_H

#include "services/connector/pull_store.h"

struct statement_item {
    struct shop_key shop;
    struct channel_statement fact;
    int64_t hash;
};
/* These were listed: who is new, or says something else than before, is read (again). */
enum sp_result store_want_statements(struct sp_ctx *ctx, const struct statement_item items[],
                                     size_t count) SP_MUST_USE;

/* A statement that a job has taken, and the page it asks for next. */
struct statement_task {
    struct shop_access access;
    struct channel_statement fact;
    int64_t reading; /* how often it has been read, this time included */
    struct sp_text token;
    int64_t told, epoch, began_us;
    int tries, again; /* calls that failed; lists that ended too soon */
};
/* Takes statements that are due (lease 15 s) of shops that may be pulled. */
enum sp_result store_take_statements(struct sp_ctx *ctx, struct statement_task *tasks, size_t most,
                                     size_t *count) SP_MUST_USE;

/* What to store behind a page. */
struct statement_step {
    const struct statement_task *task; /* its position is where to go on from */
    int64_t wait_ms;
    struct sp_text problem; /* empty: all is well */
    bool done;              /* it was the last page */
    bool stored;            /* out: our lease still held */
};
/* Moves statements on, each only while its epoch is the one taken. */
enum sp_result store_step_statements(struct sp_ctx *ctx, struct statement_step steps[],
                                     size_t count) SP_MUST_USE;

#endif
