/* Orders that were decided before, claimed to be decided again. */
#include "services/product-mapper/decide_again.h"

static enum sp_result read_order(struct sp_ctx *ctx, int64_t account_id, const struct sp_rows *rows,
                                 size_t row, struct order_recorded *order)
{
    struct sp_text body = sp_row_text(rows, row, 2);
    struct sp_error why;
    if (sp_record_decode(order_recorded_message.record, &body, order, sp_ctx_arena(ctx), &why) !=
        SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "order %.*s as stored: %s",
                       SP_FMT(sp_row_text(rows, row, 0)), why.text);
    /* A cause of its own, so a trace of its own. */
    order->head = (struct sp_head){.account_id = account_id, .key = sp_row_text(rows, row, 0)};
    return SP_OK;
}

enum sp_result mapper_claim_again(struct sp_ctx *ctx, int64_t account_id, struct key_list order_ids,
                                  int64_t link_rev, struct again *again)
{
    const struct sp_rows *rows = store_claim_heal(ctx, account_id, order_ids, link_rev);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    enum sp_result result = SP_OK;
    size_t count = sp_rows_count(rows);
    *again = (struct again){
        .orders = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *again->orders),
        .claims = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *again->claims),
        .count = count,
    };
    for (size_t row = 0; row < count && result == SP_OK; row++) {
        again->claims[row] =
            (struct mapper_claim){sp_row_int(rows, row, 1), sp_row_int(rows, row, 3)};
        result = read_order(ctx, account_id, rows, row, &again->orders[row]);
    }
    return result;
}
