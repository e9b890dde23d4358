/* Heal tasks: which listing SKUs changed, and the orders that were decided before that. */
#include "services/product-mapper/store.h"

static const struct sp_statement take_heals = {
    "SELECT account_id, subject FROM heal WHERE kind = 'sku' AND due <= now() AND account_id = ("
    "SELECT account_id FROM heal WHERE kind = 'sku' AND due <= now() ORDER BY due LIMIT 1) "
    "ORDER BY subject LIMIT $1::bigint FOR UPDATE SKIP LOCKED"};

/* Without a lock: only where to look.  What is decided since, or was, the claim sees. */
static const struct sp_statement find_heal = {
    "WITH changed AS MATERIALIZED (SELECT coalesce(max(link_rev), 0) AS link_rev FROM listing_sku "
    "WHERE account_id = $1::bigint AND sku_key = ANY($2::text[])) "
    "SELECT o.order_id, changed.link_rev FROM mapped_order o, changed WHERE o.account_id = "
    "$1::bigint "
    "AND o.open AND o.sku_keys && $2::text[] AND o.decided_with < changed.link_rev "
    "ORDER BY o.order_id LIMIT $3::bigint"};

static const struct sp_statement hold_heals = {
    "SELECT subject FROM heal WHERE account_id = $1::bigint AND kind = 'sku' "
    "AND subject = ANY($2::text[]) ORDER BY subject FOR UPDATE SKIP LOCKED"};

/* A statement behind the locks: what it reads cannot change until they are given up. */
static const struct sp_statement read_changed = {
    "SELECT coalesce(max(link_rev), 0) FROM listing_sku WHERE account_id = $1::bigint "
    "AND sku_key = ANY($2::text[])"};

/* One account at a time, locked in key order; a row that changed while we waited is judged again.
 */
static const struct sp_statement claim_heal = {
    "WITH hit AS (SELECT o.order_id FROM mapped_order o WHERE o.account_id = $1::bigint AND o.open "
    "AND o.order_id = ANY($2::text[]) AND o.decided_with < $3::bigint "
    "ORDER BY o.order_id FOR UPDATE OF o) "
    "UPDATE mapped_order o SET rev = greatest(o.rev + 1, $4::bigint), committed_at = now(), "
    "decided_with = (SELECT link_rev FROM account WHERE account_id = $1::bigint) "
    "FROM hit WHERE o.account_id = $1::bigint AND o.order_id = hit.order_id "
    "RETURNING o.order_id, o.rev, o.body, o.decided_with"};

static const struct sp_statement pass_over = {
    "UPDATE mapped_order SET decided_with = $3::bigint WHERE account_id = $1::bigint "
    "AND order_id = $2::text AND decided_with < $3::bigint"};

/* 11 s: a second more than the longest life of a transaction. */
static const struct sp_statement look_again = {
    "UPDATE heal SET pass = 1, due = clock_timestamp() + interval '11 seconds' "
    "WHERE account_id = $1::bigint AND kind = 'sku' AND subject = ANY($2::text[]) AND pass = 0"};

static const struct sp_statement end_heals = {
    "DELETE FROM heal WHERE account_id = $1::bigint AND kind = 'sku' AND subject = ANY($2::text[]) "
    "AND pass = 1"};

static const struct sp_statement put_heals = {
    "INSERT INTO heal (account_id, kind, subject) SELECT $1::bigint, 'sku', k "
    "FROM unnest($2::text[]) k ORDER BY k ON CONFLICT (account_id, kind, subject) "
    "DO UPDATE SET pass = 0, due = now()"};

/* A change while others are under way adds to them. */
static const struct sp_statement begin_healing = {
    "INSERT INTO healing AS h (account_id, total) SELECT $1::bigint, count(*) FROM mapped_order "
    "WHERE account_id = $1::bigint AND open AND sku_keys && $2::text[] HAVING count(*) > 0 "
    "ON CONFLICT (account_id) DO UPDATE SET ended_at = NULL, "
    "began_at = CASE WHEN h.ended_at IS NULL THEN h.began_at ELSE excluded.began_at END, "
    "done = CASE WHEN h.ended_at IS NULL THEN h.done ELSE 0 END, "
    "total = CASE WHEN h.ended_at IS NULL THEN h.total ELSE 0 END + excluded.total"};

static const struct sp_statement note_healed = {
    "UPDATE healing SET done = least(total, done + $2::bigint) WHERE account_id = $1::bigint "
    "AND ended_at IS NULL"};

static const struct sp_statement end_healing = {
    "UPDATE healing SET done = total, ended_at = clock_timestamp() WHERE account_id = $1::bigint "
    "AND ended_at IS NULL AND NOT EXISTS (SELECT FROM heal WHERE account_id = $1::bigint "
    "AND kind = 'sku' AND pass = 0)"};

static const struct sp_statement read_healing = {
    "SELECT json_build_object('running', coalesce(bool_or(ended_at IS NULL), false), "
    "'total', coalesce(max(total), 0), 'done', coalesce(max(done), 0), "
    "'began_at', rfc3339(max(began_at)), 'ended_at', rfc3339(max(ended_at)))::text "
    "FROM healing WHERE account_id = $1::bigint"};

const struct sp_rows *store_take_heals(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_heals, SP_PARAMS(sp_int(most)));
}

const struct sp_rows *store_find_heal(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                                      int64_t most)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(
        db, sp_ctx_error(ctx), &find_heal,
        SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count), sp_int(most)));
}

enum sp_result store_hold_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                                int64_t link_rev, bool *held)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param keys = sp_strings(db, skus.keys, skus.count);
    int locks = sp_queue(db, &hold_heals, SP_PARAMS(sp_int(account_id), keys));
    int changed = sp_queue(db, &read_changed, SP_PARAMS(sp_int(account_id), keys));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    *held = result == SP_OK && sp_rows_count(sp_result(db, locks)) == skus.count &&
            sp_row_int(sp_result(db, changed), 0, 0) == link_rev;
    return result;
}

const struct sp_rows *store_claim_heal(struct sp_ctx *ctx, int64_t account_id,
                                       struct key_list order_ids, int64_t link_rev)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &claim_heal,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, order_ids.keys, order_ids.count),
                              sp_int(link_rev), sp_int(sp_rev_floor(ctx))));
}

void store_pass_over(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                     int64_t link_rev)
{
    (void)sp_queue(sp_ctx_db(ctx), &pass_over,
                   SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_int(link_rev)));
}

/* Over before look_again: what becomes a second look now is not ended by the same call. */
void store_end_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param keys = sp_strings(db, skus.keys, skus.count);
    (void)sp_queue(db, &end_heals, SP_PARAMS(sp_int(account_id), keys));
    (void)sp_queue(db, &look_again, SP_PARAMS(sp_int(account_id), keys));
}

void store_put_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    if (skus.count == 0)
        return;
    struct sp_param keys = sp_strings(db, skus.keys, skus.count);
    (void)sp_queue(db, &put_heals, SP_PARAMS(sp_int(account_id), keys));
    (void)sp_queue(db, &begin_healing, SP_PARAMS(sp_int(account_id), keys));
}

void store_note_healed(struct sp_ctx *ctx, int64_t account_id, size_t orders)
{
    (void)sp_queue(sp_ctx_db(ctx), &note_healed,
                   SP_PARAMS(sp_int(account_id), sp_int((int64_t)orders)));
}

void store_end_healing(struct sp_ctx *ctx, int64_t account_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_healing, SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_read_healing(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_healing,
                    SP_PARAMS(sp_int(account_id)));
}
