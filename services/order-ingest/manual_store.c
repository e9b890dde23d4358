/* SQL about orders made by hand. */
#include "services/order-ingest/manual_store.h"

#include "services/order-ingest/document.h"
#include "services/order-ingest/domain.h"

static const struct sp_statement read_now = {"SELECT now()"};

static const struct sp_statement lock_manual = {
    "SELECT o.order_id, o.upstream_rev, o.content_hash, o.created_at, o.updated_at, o.deleted, "
    "o.channel_status, coalesce(s.stage, ''), b.sealed, o.is_cod, o.currency, o.total_minor, "
    "o.subtotal_minor, o.shipping_minor, o.buyer_note, o.lines FROM orders o "
    "LEFT JOIN order_stage s ON s.account_id = $1::bigint AND s.order_id = o.order_id "
    "LEFT JOIN order_buyer b ON b.account_id = $1::bigint AND b.order_id = o.order_id "
    "WHERE o.account_id = $1::bigint AND o.order_id = ANY ($2::text[]) ORDER BY o.order_id "
    "FOR NO KEY UPDATE OF o"};

enum {
    KEY,
    UPSTREAM_REV,
    CONTENT_HASH,
    CREATED_AT,
    UPDATED_AT,
    DELETED,
    STATUS,
    STAGE,
    SEALED,
    IS_COD,
    CURRENCY,
    TOTAL,
    SUBTOTAL,
    SHIPPING,
    NOTE,
    LINES,
};

static const struct sp_statement note_edits = {
    "INSERT INTO manual_edit SELECT account_id, order_id, upstream_rev, $2::text "
    "FROM unnest($1::manual_edit_key[])"};

/* Where lists look up what channel an order is of. */
static const struct sp_statement put_shop = {
    "INSERT INTO shop (account_id, shop_key, upstream_rev, shop_id, channel, channel_shop_id, "
    "alias, region, state) VALUES ($1::bigint, $2::bigint::text, 0, $2::bigint, 'manual', '', '', "
    "'', '') ON CONFLICT DO NOTHING"};

static const struct sp_statement read_customer = {
    "SELECT sealed FROM order_buyer WHERE account_id = $1::bigint AND order_id = $2::text "
    "AND (erased_at IS NOT NULL OR expires_at > now())"};

const struct sp_rows *store_lock_manual(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text keys[], size_t count, int64_t *now)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int slot = sp_queue(db, &read_now, SP_NO_PARAMS);
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &lock_manual,
                 SP_PARAMS(sp_int(account_id), sp_strings(db, keys, count)));
    if (rows != NULL)
        *now = sp_row_time(sp_result(db, slot), 0, 0) / 1000000;
    return rows;
}

struct sp_text store_manual_key(const struct sp_rows *rows, size_t row)
{
    return sp_row_text(rows, row, KEY);
}

struct sp_text store_manual_buyer(const struct sp_rows *rows, size_t row)
{
    return sp_row_text(rows, row, SEALED);
}

struct manual_past store_manual_past(const struct sp_rows *rows, size_t row)
{
    return (struct manual_past){
        .known = true,
        .upstream_rev = sp_row_int(rows, row, UPSTREAM_REV),
        .content_hash = sp_row_int(rows, row, CONTENT_HASH),
        .created_at = sp_row_time(rows, row, CREATED_AT) / 1000000,
        .updated_at = sp_row_time(rows, row, UPDATED_AT) / 1000000,
        .deleted = sp_row_bool(rows, row, DELETED),
        .status = sp_row_text(rows, row, STATUS),
        .stage = sp_row_text(rows, row, STAGE),
    };
}

enum sp_result store_manual_order(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                  struct channel_order *order)
{
    struct sp_text key = store_manual_key(rows, row);
    *order = (struct channel_order){
        .head = {.key = key},
        .shop_id = MANUAL_SHOP,
        .channel_order_id = manual_reference(key),
        .status = sp_row_text(rows, row, STATUS),
        .created_at = sp_row_time(rows, row, CREATED_AT) / 1000000,
        .updated_at = sp_row_time(rows, row, UPDATED_AT) / 1000000,
        .is_cod = sp_row_bool(rows, row, IS_COD),
        .currency = sp_row_text(rows, row, CURRENCY),
        .total_minor = sp_row_int(rows, row, TOTAL),
        .subtotal_minor = sp_row_int(rows, row, SUBTOTAL),
        .shipping_minor = sp_row_int(rows, row, SHIPPING),
        .buyer_note = sp_row_text(rows, row, NOTE),
        .buyer_sealed = store_manual_buyer(rows, row),
    };
    if (ingest_read_lines(sp_row_text(rows, row, LINES), sp_ctx_arena(ctx), order) != SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "the lines of order %.*s cannot be read",
                       SP_FMT(key));
    return SP_OK;
}

void store_note_manual(struct sp_ctx *ctx, int64_t account_id, struct sp_text user,
                       const struct channel_order orders[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "manual_edit_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, account_id);
        sp_set_string(set, orders[i].head.key);
        sp_set_int(set, orders[i].head.rev);
    }
    (void)sp_queue(db, &note_edits, SP_PARAMS(sp_set(set), sp_string(user)));
    (void)sp_queue(db, &put_shop, SP_PARAMS(sp_int(account_id), sp_int(MANUAL_SHOP)));
}

const struct sp_rows *store_read_customer(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_customer,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}
