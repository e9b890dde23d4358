#include "tests/support/reads.h"

#include <stdio.h>

#include "common/ctx.h"
#include "tests/support/database.h"

/* A backend tells its figures once a second, or when it is told to. */
static enum sp_result tell_figures(struct sp_ctx *ctx, void *context)
{
    static const struct sp_statement tell = {"SELECT pg_stat_force_next_flush()"};
    (void)context;
    return sp_query(ctx->db, &ctx->error, &tell, SP_NO_PARAMS) == NULL ? SP_RETRY : SP_OK;
}

void test_never_analyse(struct sp_worker *worker)
{
    test_sql(worker, "DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM "
                     "pg_stat_user_tables LOOP EXECUTE format('ALTER TABLE %I SET "
                     "(autovacuum_enabled = false)', name); END LOOP; END $$");
}

void test_count_reads(struct sp_worker *worker)
{
    SP_ASSERT(sp_worker_call(worker, tell_figures, NULL) == SP_OK);
    test_sql(worker, "SELECT pg_stat_reset()");
}

const char *test_reads_above(struct sp_worker *worker, int64_t most)
{
    char sql[512];
    SP_ASSERT(sp_worker_call(worker, tell_figures, NULL) == SP_OK);
    (void)snprintf(sql, sizeof sql,
                   "SELECT coalesce(string_agg(relname || ' ' || rows, ', ' ORDER BY relname), '') "
                   "FROM (SELECT relname, seq_tup_read + coalesce((SELECT sum(i.idx_tup_read) FROM "
                   "pg_stat_user_indexes i WHERE i.relid = t.relid), 0) AS rows "
                   "FROM pg_stat_user_tables t) r WHERE rows > %lld",
                   (long long)most);
    return test_text(worker, sql);
}
