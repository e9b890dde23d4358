/* Links in bulk: kept as they were sent, granted some at a time, each with its result. */
#ifndef MAPPER_LINK_JOBS_H
#define MAPPER_LINK_JOBS_H

#include "services/product-mapper/store.h"

struct link_job {
    int64_t account_id, job_id;
};

/* Keeps the wishes (JSON); forgets jobs of long ago.  One row: a JSON document. */
const struct sp_rows *store_make_job(struct sp_ctx *ctx, int64_t account_id, struct sp_text user,
                                     struct key_list wishes);
/* The oldest open job, locked until the transaction ends.  Columns: account_id, job_id, by_whom. */
const struct sp_rows *store_take_job(struct sp_ctx *ctx);
/* Its next wishes.  Columns: n, wish (JSON). */
const struct sp_rows *store_take_items(struct sp_ctx *ctx, const struct link_job *job,
                                       int64_t most);
struct link_job_end {
    int64_t n;
    const char *reason; /* why it failed; empty: it is linked */
};
/* Queues what became of them; the job ends with its last. */
void store_end_items(struct sp_ctx *ctx, const struct link_job *job,
                     const struct link_job_end ends[], size_t count);
/* A JSON document with up to `most` items. */
const struct sp_rows *store_read_job(struct sp_ctx *ctx, int64_t account_id, int64_t job_id,
                                     int64_t most);

enum sp_result run_link_jobs(struct sp_ctx *ctx);

#endif
