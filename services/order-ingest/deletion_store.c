/* SQL about orders that are put away and taken out again. */
#include "services/order-ingest/deletion_store.h"

#include <string.h>

#include "services/order-ingest/document.h"

static const struct sp_statement lock_orders = {
    "SELECT o.order_id, o.deleted, coalesce(s.stage, ''), o.channel_status FROM orders o "
    "LEFT JOIN order_stage s ON s.account_id = $1::bigint AND s.order_id = o.order_id "
    "WHERE o.account_id = $1::bigint AND o.order_id = ANY ($2::text[]) ORDER BY o.order_id "
    "FOR NO KEY UPDATE OF o"};

static const struct sp_statement set_deleted = {
    "WITH hit AS (UPDATE orders SET deleted = $3::boolean, rev = greatest(rev + 1, $4::bigint) "
    "WHERE account_id = $1::bigint AND order_id = ANY ($2::text[]) RETURNING *), "
    "noted AS (INSERT INTO order_deletion (account_id, order_id, rev, deleted, user_name, reason, "
    "trace) SELECT account_id, order_id, rev, deleted, $5::text, $6::text, $7::uuid FROM hit) "
    "SELECT order_id, rev, shop_id, channel_status, cancel_initiator, is_cod, is_sample, "
    "fulfilled_by_channel, buyer_wants_cancel, created_at, paid_at, collected_at, delivered_at, "
    "cancelled_at, ship_by, lines FROM hit ORDER BY order_id"};

const struct sp_rows *store_lock_orders(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text ids[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &lock_orders,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, ids, count)));
}

const struct sp_rows *store_set_deleted(struct sp_ctx *ctx, const struct deletion *deletion)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_ask *ask = deletion->ask;
    return sp_query(
        db, sp_ctx_error(ctx), &set_deleted,
        SP_PARAMS(sp_int(ask->account_id), sp_strings(db, deletion->ids, deletion->count),
                  sp_boolean(deletion->deleted), sp_int(sp_rev_floor(ctx)), sp_string(ask->user),
                  sp_string(deletion->reason),
                  sp_string((struct sp_text){(const char *)ask->trace, SP_TRACE_BYTES})));
}

static int64_t seconds(const struct sp_rows *rows, size_t row, int column)
{
    return sp_row_time(rows, row, column) / 1000000;
}

enum sp_result store_read_recorded(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   const struct sp_rows *rows, size_t row,
                                   struct channel_order *order)
{
    *order = (struct channel_order){
        .head = {.account_id = ask->account_id,
                 .key = sp_row_text(rows, row, 0),
                 .rev = sp_row_int(rows, row, 1)},
        .shop_id = sp_row_int(rows, row, 2),
        .status = sp_row_text(rows, row, 3),
        .cancel_initiator = sp_row_text(rows, row, 4),
        .is_cod = sp_row_bool(rows, row, 5),
        .is_sample = sp_row_bool(rows, row, 6),
        .fulfilled_by_channel = sp_row_bool(rows, row, 7),
        .buyer_wants_cancel = sp_row_bool(rows, row, 8),
        .created_at = seconds(rows, row, 9),
        .paid_at = seconds(rows, row, 10),
        .collected_at = seconds(rows, row, 11),
        .delivered_at = seconds(rows, row, 12),
        .cancelled_at = seconds(rows, row, 13),
        .ship_by = seconds(rows, row, 14),
    };
    memcpy(order->head.trace, ask->trace, sizeof order->head.trace);
    if (ingest_read_lines(sp_row_text(rows, row, 15), sp_ctx_arena(ctx), order) != SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "the lines of order %.*s cannot be read",
                       SP_FMT(order->head.key));
    return SP_OK;
}
