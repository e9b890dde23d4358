/* Buyers' data in parcels that nobody took.  The order goes on without it: a fact is never nowhere.
 */
#include "common/log.h"
#include "services/connector/jobs.h"
#include "services/connector/order_store.h"

enum { PARCELS_AT_ONCE = 64 };

static enum sp_result read_orders(struct sp_ctx *ctx, struct sp_text body,
                                  struct channel_order **orders, size_t *count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    enum sp_result result = sp_parcel_open(&body, count, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    *orders = sp_arena_array(arena, *count, sizeof **orders);
    for (size_t i = 0; i < *count && result == SP_OK; i++) {
        result = sp_message_decode(&channel_order_message, &body, &(*orders)[i], arena,
                                   sp_ctx_error(ctx));
        (*orders)[i].buyer_sealed = (struct sp_text){0};
    }
    return result;
}

/* What we cannot read nobody could: it goes with its buyers. */
static enum sp_result emit_again(struct sp_ctx *ctx, struct sp_text body)
{
    struct channel_order *orders;
    size_t count = 0;
    if (read_orders(ctx, body, &orders, &count) == SP_OK)
        return sp_emit(ctx, &channel_order_message, orders, count);
    sp_log(SP_ERROR, "parcel-unreadable", "reason", sp_ctx_error(ctx)->text, NULL);
    return SP_OK;
}

enum sp_result forget_buyers(struct sp_ctx *ctx)
{
    int64_t keep_ms = sp_config_int(sp_ctx_config(ctx), "SAMPAN_BUYER_DATA_KEEP");
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_take_old_parcels(ctx, keep_ms, PARCELS_AT_ONCE);
    size_t count = rows == NULL ? 0 : sp_rows_count(rows);
    result = rows == NULL ? SP_RETRY : SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++)
        result = emit_again(ctx, sp_row_text(rows, i, 0));
    if (result == SP_OK)
        result = sp_commit(ctx);
    else
        sp_rollback(ctx);
    return result == SP_OK && count == PARCELS_AT_ONCE ? SP_AGAIN : result;
}
