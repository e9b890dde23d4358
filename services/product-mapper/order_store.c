/* The orders we have decided, and the look-up of their SKUs. */
#include "services/product-mapper/store.h"

#include <stdlib.h>

/* `decided_with` is read before the links are: never newer than what the decision will see
 * (README). */
static const struct sp_statement claim_orders = {SP_CLAIM(
    "INSERT INTO mapped_order AS t (account_id, order_id, upstream_rev, rev, trace, emitted_at, "
    "committed_at, decided_with, open, waits, sku_keys, body) "
    "SELECT u.account_id, u.order_id, u.upstream_rev, greatest(1, $2::bigint), u.trace, "
    "u.emitted_at, "
    "now(), coalesce(a.link_rev, 0), u.open, u.waits, u.sku_keys, u.body "
    "FROM unnest($1::mapped_order_row[]) u LEFT JOIN account a USING (account_id)",
    "SELECT FROM mapped_order k WHERE k.account_id = u.account_id AND k.order_id = u.order_id",
    "u.account_id, u.order_id",
    "(account_id, order_id) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, rev = greatest(t.rev + 1, $2::bigint), "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = "
    "excluded.committed_at, "
    "decided_with = excluded.decided_with, open = excluded.open, waits = excluded.waits, "
    "sku_keys = excluded.sku_keys, body = excluded.body WHERE t.upstream_rev < "
    "excluded.upstream_rev",
    "t.account_id, t.order_id, t.rev, t.decided_with")};

static const struct sp_statement find_skus = {
    "SELECT k.at, s.problem, s.resolved::text, s.ordered, coalesce(l.personalised, false) "
    "FROM unnest($1::sku_ref[]) k "
    "JOIN listing_sku s ON s.account_id = k.account_id AND s.sku_key = k.sku_key "
    "LEFT JOIN listing l ON l.account_id = s.account_id AND l.listing_id = s.listing_id"};

static const struct sp_statement find_line_designs = {
    "SELECT k.at, d.line FROM unnest($1::sku_ref[]) k JOIN line_design d "
    "ON d.account_id = k.account_id AND d.order_id = k.sku_key"};

static const struct sp_statement put_placeholder_listings = {
    "INSERT INTO listing (account_id, listing_id, shop_id, product_id, title) "
    "SELECT DISTINCT ON (account_id, listing_id) account_id, listing_id, shop_id, product_id, "
    "title "
    "FROM unnest($1::placeholder_row[]) WHERE product_id <> '' ORDER BY account_id, listing_id "
    "ON CONFLICT DO NOTHING"};

static const struct sp_statement put_placeholder_skus = {
    "INSERT INTO listing_sku (account_id, sku_key, listing_id, shop_id, product_id, sku_id, "
    "seller_sku, "
    "title, downloaded, ordered, problem) SELECT account_id, sku_key, listing_id, shop_id, "
    "product_id, sku_id, seller_sku, '', false, true, 'NOT_DOWNLOADED' FROM "
    "unnest($1::placeholder_row[]) "
    "ORDER BY account_id, sku_key ON CONFLICT DO NOTHING"};

static const struct sp_statement put_manual_skus = {
    "INSERT INTO listing_sku (account_id, sku_key, listing_id, shop_id, product_id, sku_id, "
    "seller_sku, title, downloaded, problem) SELECT account_id, sku_key, listing_id, shop_id, "
    "product_id, sku_id, seller_sku, title, true, 'UNMAPPED' FROM unnest($1::placeholder_row[]) "
    "ORDER BY account_id, sku_key ON CONFLICT DO NOTHING RETURNING sku_key"};

/* Once in a SKU's life. */
static const struct sp_statement mark_ordered = {
    "UPDATE listing_sku s SET ordered = true FROM (SELECT s.account_id, s.sku_key FROM listing_sku "
    "s JOIN unnest($1::sku_ref[]) k USING (account_id, sku_key) WHERE NOT s.ordered "
    "ORDER BY s.account_id, s.sku_key FOR UPDATE OF s) hit "
    "WHERE s.account_id = hit.account_id AND s.sku_key = hit.sku_key"};

static const struct sp_statement count_waiting = {
    "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM unnest(o.sku_keys) k "
    "JOIN listing_sku s ON s.account_id = $1::bigint AND s.sku_key = k "
    "LEFT JOIN listing l ON l.account_id = s.account_id AND l.listing_id = s.listing_id "
    "WHERE (s.problem <> '' AND k <> ALL($2::text[])) OR l.personalised)) "
    "FROM mapped_order o WHERE o.account_id = $1::bigint AND o.open AND o.waits "
    "AND o.sku_keys && $2::text[]"};

/* ---- the claim
 * ------------------------------------------------------------------------------------ */

static int by_text(const void *left, const void *right)
{
    return sp_text_compare(*(const struct sp_text *)left, *(const struct sp_text *)right);
}

/* The order's listing SKUs, each once; lines without a SKU have none. */
static struct key_list distinct_skus(struct sp_arena *arena, const struct order_recorded *order)
{
    struct sp_text *keys = sp_arena_array(arena, order->lines_count, sizeof *keys);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < order->lines_count; i++) {
        if (order->lines[i].sku_id.size > 0)
            keys[count++] = mapper_key(arena, order->shop_id, order->lines[i].sku_id);
    }
    if (count > 1)
        qsort(keys, count, sizeof *keys, by_text);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !sp_text_equal(keys[kept - 1], keys[i]))
            keys[kept++] = keys[i];
    }
    return (struct key_list){keys, kept};
}

static void set_order(struct sp_ctx *ctx, struct sp_set *set, const struct order_recorded *order,
                      struct sp_buffer *body)
{
    struct key_list skus = distinct_skus(sp_ctx_arena(ctx), order);
    struct order_recorded bare = *order; /* what the head says stands in columns */
    bare.head = (struct sp_head){.key = {0}};
    sp_buffer_reset(body);
    /* What was read within the schema's limits can be written within them. */
    SP_ASSERT(sp_record_encode(order_recorded_message.record, &bare, body, NULL) == SP_OK);
    sp_set_row(set);
    sp_set_int(set, order->head.account_id);
    sp_set_string(set, order->head.key);
    sp_set_int(set, order->head.rev);
    sp_set_uuid(set, order->head.trace);
    sp_set_time(set, order->head.emitted_us > 0 ? order->head.emitted_us : 1);
    sp_set_bool(set, mapper_is_open(order->channel_status));
    sp_set_bool(set, mapper_waits(order->channel_status) && !order->deleted);
    sp_set_strings(set, skus.keys, skus.count);
    sp_set_bytes(set, sp_buffer_text(body));
}

int store_claim_orders(struct sp_ctx *ctx, const struct order_recorded orders[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "mapped_order_row");
    struct sp_buffer body = {0};
    for (size_t i = 0; i < count; i++)
        set_order(ctx, set, &orders[i], &body);
    sp_buffer_free(&body);
    return sp_queue(db, &claim_orders, SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
}

/* ---- SKUs
 * ----------------------------------------------------------------------------------------- */

static struct sp_set *set_of(struct sp_db *db, const struct sku_ref refs[], size_t count)
{
    struct sp_set *set = sp_set_open(db, "sku_ref");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, refs[i].account_id);
        sp_set_string(set, refs[i].sku_key);
        sp_set_int4(set, (int32_t)i);
    }
    return set;
}

const struct sp_rows *store_find_skus(struct sp_ctx *ctx, const struct sku_ref refs[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &find_skus, SP_PARAMS(sp_set(set_of(db, refs, count))));
}

const struct sp_rows *store_find_line_designs(struct sp_ctx *ctx, const struct order_ref refs[],
                                              size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "sku_ref");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, refs[i].account_id);
        sp_set_string(set, refs[i].order_id);
        sp_set_int4(set, (int32_t)i);
    }
    return sp_query(db, sp_ctx_error(ctx), &find_line_designs, SP_PARAMS(sp_set(set)));
}

void store_mark_ordered(struct sp_ctx *ctx, const struct sku_ref refs[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    if (count > 0)
        (void)sp_queue(db, &mark_ordered, SP_PARAMS(sp_set(set_of(db, refs, count))));
}

static struct sp_set *set_of_placeholders(struct sp_ctx *ctx,
                                          const struct placeholder placeholders[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "placeholder_row");
    for (size_t i = 0; i < count; i++) {
        const struct placeholder *one = &placeholders[i];
        sp_set_row(set);
        sp_set_int(set, one->account_id);
        sp_set_string(set, one->sku_key);
        sp_set_string(set, mapper_key(sp_ctx_arena(ctx), one->shop_id, one->product_id));
        sp_set_int(set, one->shop_id);
        sp_set_string(set, one->product_id);
        sp_set_string(set, one->sku_id);
        sp_set_string(set, one->seller_sku);
        sp_set_string(set, one->title);
    }
    return set;
}

void store_put_placeholders(struct sp_ctx *ctx, const struct placeholder placeholders[],
                            size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    if (count == 0)
        return;
    struct sp_set *set = set_of_placeholders(ctx, placeholders, count);
    (void)sp_queue(db, &put_placeholder_listings, SP_PARAMS(sp_set(set)));
    (void)sp_queue(db, &put_placeholder_skus, SP_PARAMS(sp_set(set)));
}

const struct sp_rows *store_put_manual_skus(struct sp_ctx *ctx, const struct placeholder skus[],
                                            size_t count)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &put_manual_skus,
                    SP_PARAMS(sp_set(set_of_placeholders(ctx, skus, count))));
}

const struct sp_rows *store_count_waiting(struct sp_ctx *ctx, int64_t account_id,
                                          struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &count_waiting,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count)));
}
