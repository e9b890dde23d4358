/* The days that are listed beside the import, in the database (states.md, "Days"). */
#ifndef SAMPAN_CONNECTOR_DAY_STORE_H
#define SAMPAN_CONNECTOR_DAY_STORE_H

#include "services/connector/day_walk.h"
#include "services/connector/pull_store.h"

/* A day whose check a job goes on with. */
struct day_task {
    struct shop_access access;
    int64_t day_s, until_s;
    int64_t from_s, before_s; /* creation times still to be listed */
    int64_t check_number, slice, listed, total, epoch;
    int64_t age_days; /* 0: today */
    int64_t began_us; /* the database's clock before the request */
    int page_size, tries;
};

/* What to store behind a page; the task says where to go on from. */
struct day_step {
    const struct day_task *task;
    int64_t wait_ms; /* < 0: never */
    struct sp_text problem;
    bool over;   /* the check is closed: the next one begins anew */
    bool done;   /* it came to its end */
    bool stored; /* out: our lease still held */
};

/* Queues: every day from the shops' first one on has a row. */
void store_open_days(struct sp_ctx *ctx);
/* Queues the claim of day.wanted. */
int store_claim_days(struct sp_ctx *ctx, const struct day_wanted wanted[], size_t count);
/* Takes days that are due (lease 60 s) of shops that may be pulled and whose history is loaded;
 * opens their checks. */
enum sp_result store_take_days(struct sp_ctx *ctx, struct day_task *tasks, size_t most,
                               size_t *count) SP_MUST_USE;
/* Moves a day on, while its epoch is the one taken; the row stays locked until the commit. */
enum sp_result store_step_day(struct sp_ctx *ctx, struct day_step *step) SP_MUST_USE;

#endif
