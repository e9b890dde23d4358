#include "common/incarnation.h"

#include "common/db.h"

/* By the clock, not by one: a backup restored twice must not give the same number twice, and on a
 * new server, whose timeline is 1 again, it must be above the old server's.  Steps of five minutes
 * since 2025 keep the 23 bits there are for it going until 2104. */
static const struct sp_statement raise = {
    "UPDATE incarnation SET raised = greatest(raised + 1, "
    "(extract(epoch FROM now() - timestamptz '2025-01-01 00:00Z') / 300)::bigint) "
    "RETURNING raised"};

enum sp_result sp_incarnation_raise(const char *url, int64_t *raised, struct sp_error *err)
{
    struct sp_db *db = sp_db_open(url, "restored");
    enum sp_result result = sp_db_connect(db, err);
    if (result == SP_OK) {
        const struct sp_rows *rows = sp_query(db, err, &raise, SP_NO_PARAMS);
        result = rows != NULL ? SP_OK : sp_db_failure(db);
        if (sp_rows_count(rows) == 1)
            *raised = sp_row_int(rows, 0, 0);
        else if (result == SP_OK)
            result = sp_fail(err, SP_REJECT, "the table incarnation is empty");
    }
    sp_db_close(&db);
    return result;
}
