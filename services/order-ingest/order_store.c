/* The order row and its sealed buyer.  The row's history is written by its trigger. */
#include "services/order-ingest/store.h"

#include "services/order-ingest/content_hash.h"
#include "services/order-ingest/document.h"
#include "services/order-ingest/sku_bits.h"

/* One statement claims and writes: nothing that is decided here needs a read.  `change` is worked
 * out under the row's lock, against what was really stored (enum order_change). */
static const struct sp_statement claim_orders = {SP_CLAIM(
    "INSERT INTO orders AS t SELECT account_id, order_id, upstream_rev, greatest(1, "
    "$2::bigint), trace, emitted_at, now(), now(), now(), content_hash, 3, shop_id, created_at,"
    " updated_at, channel_status, cause, NULL, NULL, paid_at, ready_at, collected_at, "
    "delivered_at, cancelled_at, ship_by, nullif(cancel_initiator, ''), nullif(cancel_reason, "
    "''), is_cod, is_sample, is_replacement, fulfilled_by_channel, buyer_wants_cancel, "
    "nullif(shipping_type, ''), nullif(delivery_option_id, ''), nullif(channel_warehouse_id, "
    "''), currency, total_minor, subtotal_minor, shipping_minor, tax_minor, "
    "seller_discount_minor, platform_discount_minor, units, line_count, skus, lines, "
    "nullif(packages, '[]'), nullif(buyer_note, '') FROM unnest($1::orders_row[]) u",
    "SELECT FROM orders k WHERE k.account_id = u.account_id AND k.order_id = u.order_id",
    "u.account_id, u.order_id",
    "(account_id, order_id) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, rev = greatest(t.rev + 1, $2::bigint), "
    "trace = CASE WHEN t.content_hash = excluded.content_hash THEN t.trace ELSE excluded.trace "
    "END, emitted_at = CASE WHEN t.content_hash = excluded.content_hash THEN t.emitted_at "
    "ELSE excluded.emitted_at END, committed_at = excluded.committed_at, "
    "changed_at = CASE WHEN t.content_hash = excluded.content_hash THEN t.changed_at "
    "ELSE excluded.changed_at END, "
    "change = CASE WHEN t.content_hash = excluded.content_hash THEN 0 "
    "WHEN t.channel_status = excluded.channel_status AND t.cause = excluded.cause THEN 1 ELSE 2 "
    "END, "
    "content_hash = excluded.content_hash, shop_id = excluded.shop_id, "
    "created_at = excluded.created_at, updated_at = excluded.updated_at, "
    "channel_status = excluded.channel_status, cause = excluded.cause, "
    "was_status = t.channel_status, was_cause = t.cause, paid_at = excluded.paid_at, "
    "ready_at = excluded.ready_at, collected_at = excluded.collected_at, "
    "delivered_at = excluded.delivered_at, cancelled_at = excluded.cancelled_at, "
    "ship_by = excluded.ship_by, cancel_initiator = excluded.cancel_initiator, "
    "cancel_reason = excluded.cancel_reason, is_cod = excluded.is_cod, "
    "is_sample = excluded.is_sample, is_replacement = excluded.is_replacement, "
    "fulfilled_by_channel = excluded.fulfilled_by_channel, "
    "buyer_wants_cancel = excluded.buyer_wants_cancel, shipping_type = excluded.shipping_type, "
    "delivery_option_id = excluded.delivery_option_id, "
    "channel_warehouse_id = excluded.channel_warehouse_id, currency = excluded.currency, "
    "total_minor = excluded.total_minor, subtotal_minor = excluded.subtotal_minor, "
    "shipping_minor = excluded.shipping_minor, tax_minor = excluded.tax_minor, "
    "seller_discount_minor = excluded.seller_discount_minor, "
    "platform_discount_minor = excluded.platform_discount_minor, units = excluded.units, "
    "line_count = excluded.line_count, skus = excluded.skus, lines = excluded.lines, packages = "
    "excluded.packages, "
    "buyer_note = excluded.buyer_note "
    "WHERE t.upstream_rev < excluded.upstream_rev",
    "t.account_id, t.order_id, t.rev, t.change, t.was_status, t.was_cause, t.first_at, "
    "t.deleted")};

/* The time to keep one runs from the order's first coming: nothing said later makes it longer, or
 * brings back who has expired. */
static const struct sp_statement put_buyers = {
    "INSERT INTO order_buyer AS t (account_id, order_id, sealed, expires_at) "
    "SELECT account_id, order_id, sealed, expires_at FROM (SELECT *, first_at + $2::bigint * "
    "interval '1 millisecond' AS expires_at FROM unnest($1::order_buyer_row[])) b "
    "WHERE expires_at > now() ORDER BY account_id, order_id "
    "ON CONFLICT (account_id, order_id) DO UPDATE SET sealed = excluded.sealed "
    "WHERE t.erased_at IS NULL"};

static const struct sp_statement drop_buyers = {
    "DELETE FROM order_buyer t USING unnest($1::order_key[]) k "
    "WHERE t.account_id = k.account_id AND t.order_id = k.order_id AND t.erased_at IS NULL"};

static const struct sp_statement put_tracking = {
    "INSERT INTO order_tracking SELECT * FROM unnest($1::order_tracking_row[]) "
    "ORDER BY account_id, tracking, order_id ON CONFLICT DO NOTHING"};

/* Who is being erased at this moment is passed over: what stays of him is not to be deleted. */
static const struct sp_statement purge_buyers = {
    "DELETE FROM order_buyer WHERE ctid = ANY (ARRAY(SELECT ctid FROM order_buyer "
    "WHERE expires_at <= now() AND erased_at IS NULL LIMIT $1::bigint FOR UPDATE SKIP LOCKED))"};

/* A fact that could not be processed holds its buyer too. */
static const struct sp_statement purge_letters = {
    "DELETE FROM dead_letter WHERE type = 'channel.order' "
    "AND since <= now() - $1::bigint * interval '1 millisecond'"};

static const struct sp_statement purge_later = {
    "DELETE FROM later WHERE type = 'channel.order' "
    "AND since <= now() - $1::bigint * interval '1 millisecond'"};

/* ---- the claim
 * ------------------------------------------------------------------------------------ */

/* A timestamp the database holds in any case: a fact that breaks this is rejected after the claim.
 */
static int64_t certain_time_us(int64_t seconds, int64_t otherwise_us)
{
    int64_t us = ingest_time_us(seconds);
    return us > 0 ? us : otherwise_us > 0 ? otherwise_us : 1;
}

static void set_identity(struct sp_set *set, const struct channel_order *order)
{
    sp_set_int(set, order->head.account_id);
    sp_set_string(set, order->head.key);
    sp_set_int(set, order->head.rev);
    sp_set_uuid(set, order->head.trace);
    sp_set_time(set, order->head.emitted_us > 0 ? order->head.emitted_us : 1);
    sp_set_int(set, ingest_content_hash(order));
    sp_set_int(set, order->shop_id);
}

static void set_course(struct sp_set *set, const struct channel_order *order)
{
    sp_set_time(set, certain_time_us(order->created_at, order->head.emitted_us));
    sp_set_time(set, certain_time_us(order->updated_at, order->head.emitted_us));
    sp_set_string(set, order->status);
    sp_set_string(set, ingest_cause(order));
    sp_set_time(set, ingest_time_us(order->paid_at));
    sp_set_time(set, ingest_time_us(order->ready_at));
    sp_set_time(set, ingest_time_us(order->collected_at));
    sp_set_time(set, ingest_time_us(order->delivered_at));
    sp_set_time(set, ingest_time_us(order->cancelled_at));
    sp_set_time(set, ingest_time_us(order->ship_by));
    sp_set_string(set, order->cancel_initiator);
    sp_set_string(set, order->cancel_reason);
    sp_set_bool(set, order->is_cod);
    sp_set_bool(set, order->is_sample);
    sp_set_bool(set, order->is_replacement);
    sp_set_bool(set, order->fulfilled_by_channel);
    sp_set_bool(set, order->buyer_wants_cancel);
    sp_set_string(set, order->shipping_type);
    sp_set_string(set, order->delivery_option_id);
    sp_set_string(set, order->channel_warehouse_id);
}

static void set_money(struct sp_set *set, const struct channel_order *order)
{
    sp_set_string(set, order->currency);
    sp_set_int(set, order->total_minor);
    sp_set_int(set, order->subtotal_minor);
    sp_set_int(set, order->shipping_minor);
    sp_set_int(set, order->tax_minor);
    sp_set_int(set, order->seller_discount_minor);
    sp_set_int(set, order->platform_discount_minor);
}

static void set_content(struct sp_set *set, const struct channel_order *order,
                        struct sp_buffer *scratch)
{
    sp_set_int(set, ingest_units(order));
    sp_set_int4(set, (int32_t)order->lines_count);
    sp_set_int(set, ingest_order_sku_bits(order));
    sp_buffer_reset(scratch);
    ingest_write_lines(order, scratch);
    sp_set_string(set, sp_buffer_text(scratch));
    sp_buffer_reset(scratch);
    ingest_write_packages(order, scratch);
    sp_set_string(set, sp_buffer_text(scratch));
    sp_set_string(set, order->buyer_note);
}

int store_claim_orders(struct sp_ctx *ctx, const struct channel_order orders[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "orders_row");
    struct sp_buffer scratch = {0};
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        set_identity(set, &orders[i]);
        set_course(set, &orders[i]);
        set_money(set, &orders[i]);
        set_content(set, &orders[i], &scratch);
    }
    sp_buffer_free(&scratch);
    return sp_queue(db, &claim_orders, SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
}

enum order_change store_claimed_change(const struct sp_batch *batch, size_t i)
{
    return (enum order_change)sp_row_int(batch->claimed, batch->claimed_row[i], 3);
}

bool store_claimed_deleted(const struct sp_batch *batch, size_t i)
{
    return sp_row_bool(batch->claimed, batch->claimed_row[i], 7);
}

/* ---- what follows
 * ------------------------------------------------------------------------------------ */

void store_put_buyers(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *kept = sp_set_open(db, "order_buyer_row");
    struct sp_set *gone = sp_set_open(db, "order_key");
    const struct channel_order *orders = batch->messages;
    for (size_t i = 0; i < batch->count; i++) {
        bool sealed = orders[i].buyer_sealed.size > 0;
        if (!sealed && store_claimed_change(batch, i) == ORDER_NEW)
            continue; /* nothing to keep, nothing to remove */
        struct sp_set *set = sealed ? kept : gone;
        sp_set_row(set);
        sp_set_int(set, orders[i].head.account_id);
        sp_set_string(set, orders[i].head.key);
        if (!sealed)
            continue;
        sp_set_bytes(set, orders[i].buyer_sealed);
        sp_set_time(set, sp_row_time(batch->claimed, batch->claimed_row[i], 6));
    }
    int64_t keep_ms = sp_config_int(sp_ctx_config(ctx), "SAMPAN_BUYER_DATA_KEEP");
    if (sp_set_count(kept) > 0)
        (void)sp_queue(db, &put_buyers, SP_PARAMS(sp_set(kept), sp_int(keep_ms)));
    if (sp_set_count(gone) > 0)
        (void)sp_queue(db, &drop_buyers, SP_PARAMS(sp_set(gone)));
}

void store_put_tracking(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "order_tracking_row");
    const struct channel_order *orders = batch->messages;
    for (size_t i = 0; i < batch->count; i++) {
        bool changed = store_claimed_change(batch, i) != ORDER_UNCHANGED;
        for (size_t k = 0; changed && k < orders[i].packages_count; k++) {
            if (orders[i].packages[k].tracking.size == 0)
                continue;
            sp_set_row(set);
            sp_set_int(set, orders[i].head.account_id);
            sp_set_string(set, orders[i].packages[k].tracking);
            sp_set_string(set, orders[i].head.key);
        }
    }
    if (sp_set_count(set) > 0)
        (void)sp_queue(db, &put_tracking, SP_PARAMS(sp_set(set)));
}

enum sp_result store_purge_buyers(struct sp_ctx *ctx, int64_t most)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int64_t keep_ms = sp_config_int(sp_ctx_config(ctx), "SAMPAN_BUYER_DATA_KEEP");
    (void)sp_queue(db, &purge_letters, SP_PARAMS(sp_int(keep_ms)));
    (void)sp_queue(db, &purge_later, SP_PARAMS(sp_int(keep_ms)));
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &purge_buyers, SP_PARAMS(sp_int(most)));
    if (rows == NULL)
        return SP_RETRY;
    return sp_rows_affected(rows) == (size_t)most ? SP_AGAIN : SP_OK;
}
