/* Telling people of what they should answer before the marketplace decides without them. */
#include "services/order-ingest/jobs.h"

#include "services/order-ingest/return_store.h"

enum { WARNED_AT_ONCE = 500 };

static struct notice_raised warning(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row)
{
    struct sp_text key = sp_row_text(rows, row, 1);
    return (struct notice_raised){
        .head = {.account_id = sp_row_int(rows, row, 0),
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "return-due/%.*s/%lld", SP_FMT(key),
                                        (long long)sp_row_int(rows, row, 2)),
                 .rev = sp_rev_floor(ctx)},
        .event = SP_TEXT("RETURN_DUE"),
        .subject = key,
        .text = sp_row_text(rows, row, 3),
    };
}

static enum sp_result raise_warnings(struct sp_ctx *ctx)
{
    const struct sp_rows *rows = store_warn_returns(ctx, WARNED_AT_ONCE);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    size_t count = sp_rows_count(rows);
    struct notice_raised *notices = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *notices);
    for (size_t i = 0; i < count; i++)
        notices[i] = warning(ctx, rows, i);
    enum sp_result result = sp_emit(ctx, &notice_raised_message, notices, count);
    return result == SP_OK && count == WARNED_AT_ONCE ? SP_AGAIN : result;
}

enum sp_result warn_returns(struct sp_ctx *ctx)
{
    return ingest_committed(ctx, raise_warnings);
}
