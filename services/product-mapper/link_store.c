/* Links: from listing SKUs to parts, what they mean, and how they changed. */
#include "services/product-mapper/store.h"

static const struct sp_statement raise_link_rev = {
    "INSERT INTO account AS t (account_id, link_rev) VALUES ($1::bigint, 1) "
    "ON CONFLICT (account_id) DO UPDATE SET link_rev = t.link_rev + 1 "
    "RETURNING t.link_rev, t.map_by_sku"};

/* History first: it reads what the update is about to replace. */
static const struct sp_statement put_history = {
    "INSERT INTO link_history (account_id, sku_key, link_rev, by_whom, reason, old_parts, "
    "new_parts) "
    "SELECT u.account_id, u.sku_key, $2::bigint, $3::text, u.reason, s.parts, u.parts::jsonb "
    "FROM unnest($1::link_row[]) u JOIN listing_sku s USING (account_id, sku_key) "
    "WHERE s.parts <> u.parts::jsonb"};

static const struct sp_statement put_links = {
    "UPDATE listing_sku s SET parts = u.parts::jsonb, by_hand = $2::boolean "
    "FROM unnest($1::link_row[]) u WHERE s.account_id = u.account_id AND s.sku_key = u.sku_key"};

static const struct sp_statement find_known = {
    "SELECT sku_key FROM listing_sku WHERE account_id = $1::bigint AND sku_key = ANY($2::text[]) "
    "ORDER BY sku_key"};

#define NAMED_PARTS(parts)                                                                         \
    "(SELECT coalesce(json_agg(json_build_object('variant_id', p->>'variant_id', 'sku', v.sku, "   \
    "'name', v.name, 'pieces', p->'pieces') ORDER BY n), '[]') FROM jsonb_array_elements(" parts   \
    ") WITH ORDINALITY e(p, n) LEFT JOIN variant v ON v.account_id = h.account_id "                \
    "AND v.variant_id = (p->>'variant_id')::bigint)"

static const struct sp_statement link_history = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('sku', h.sku_key, "
    "'at', rfc3339(h.at), 'user', h.by_whom, 'reason', h.reason, "
    "'before', " NAMED_PARTS("h.old_parts") ", 'after', " NAMED_PARTS(
        "h.new_parts") ") "
                       "ORDER BY h.at DESC, h.link_rev DESC), '[]'))::text FROM (SELECT * FROM "
                       "link_history "
                       "WHERE account_id = $1::bigint AND sku_key = ANY($2::text[]) "
                       "ORDER BY at DESC, link_rev DESC LIMIT 200) h"};

static const struct sp_statement read_skus = {
    "SELECT s.sku_key, s.downloaded, s.parts::text, s.design_id <> '', "
    "coalesce(l.personalised, false) FROM listing_sku s LEFT JOIN listing l "
    "USING (account_id, listing_id) "
    "WHERE s.account_id = $1::bigint AND s.sku_key = ANY($2::text[])"};

/* The variants of the links, and those of bundles among them. */
static const struct sp_statement read_variants = {
    "WITH direct AS (SELECT DISTINCT (p->>'variant_id')::bigint AS id FROM listing_sku s, "
    "jsonb_array_elements(s.parts) p WHERE s.account_id = $1::bigint AND s.sku_key = "
    "ANY($2::text[])), "
    "inside AS (SELECT DISTINCT (p->>'variant_id')::bigint AS id FROM variant v JOIN direct d "
    "ON v.variant_id = d.id, jsonb_array_elements(v.parts) p WHERE v.account_id = $1::bigint) "
    "SELECT variant_id, supply, archived, nullif(parts, '[]')::text, complete, needs_design "
    "FROM variant_meaning "
    "WHERE account_id = $1::bigint AND variant_id IN (SELECT id FROM direct UNION SELECT id FROM "
    "inside) "
    "ORDER BY variant_id"};

static const struct sp_statement settle = {
    "UPDATE listing_sku s SET resolved = nullif(u.resolved, '')::json, problem = u.problem, "
    "link_rev = $2::bigint, rev = greatest(s.rev + 1, $3::bigint) FROM unnest($1::resolved_row[]) "
    "u "
    "WHERE s.account_id = u.account_id AND s.sku_key = u.sku_key RETURNING s.sku_key, s.rev, "
    "s.shop_id, "
    "s.product_id, s.sku_id, s.resolved::text, array_to_json(s.warehouses)::text, s.sold"};

#define MATCHES(filter)                                                                            \
    "SELECT s.sku_key, count(v.variant_id), count(*) FILTER (WHERE v.sku = btrim(s.seller_sku)), " \
    "min(v.variant_id) FROM listing_sku s LEFT JOIN variant v ON v.account_id = s.account_id "     \
    "AND upper(btrim(v.sku)) = upper(btrim(s.seller_sku)) AND NOT v.archived "                     \
    "WHERE s.account_id = $1::bigint AND s.parts = '[]' AND s.downloaded AND s.sold "              \
    "AND s.seller_sku <> '' AND (NOT s.by_hand OR $2::boolean) " filter                            \
    "GROUP BY s.sku_key ORDER BY s.sku_key LIMIT $3::bigint"

static const struct sp_statement match_all = {MATCHES("")};
static const struct sp_statement match_keys = {MATCHES("AND s.sku_key = ANY($4::text[]) ")};
static const struct sp_statement match_seller_skus = {MATCHES(
    "AND upper(btrim(s.seller_sku)) = ANY(SELECT upper(btrim(k)) FROM unnest($4::text[]) k) ")};

static const struct sp_statement find_users = {
    "WITH named AS (SELECT unnest($2::bigint[]) AS id), bundles AS (SELECT v.variant_id AS id "
    "FROM named JOIN variant v ON v.account_id = $1::bigint AND v.parts <> '[]' "
    "AND v.parts @> jsonb_build_array(jsonb_build_object('variant_id', named.id))) "
    "SELECT DISTINCT s.sku_key FROM (SELECT id FROM named UNION SELECT id FROM bundles) n "
    "JOIN listing_sku s ON s.account_id = $1::bigint AND s.parts <> '[]' "
    "AND s.parts @> jsonb_build_array(jsonb_build_object('variant_id', n.id))"};

const struct sp_rows *store_raise_link_rev(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &raise_link_rev,
                    SP_PARAMS(sp_int(account_id)));
}

void store_put_links(struct sp_ctx *ctx, const struct link_origin *origin,
                     const struct link_change changes[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "link_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, origin->account_id);
        sp_set_string(set, changes[i].sku_key);
        sp_set_string(set, mapper_parts_text(&changes[i].parts, sp_ctx_arena(ctx)));
        sp_set_string(set, changes[i].reason);
    }
    (void)sp_queue(db, &put_history,
                   SP_PARAMS(sp_set(set), sp_int(origin->link_rev), sp_string(origin->user)));
    (void)sp_queue(db, &put_links, SP_PARAMS(sp_set(set), sp_boolean(origin->by_hand)));
}

static const struct sp_rows *query_skus(struct sp_ctx *ctx, const struct sp_statement *statement,
                                        int64_t account_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count)));
}

const struct sp_rows *store_find_known(struct sp_ctx *ctx, int64_t account_id, struct key_list skus)
{
    return query_skus(ctx, &find_known, account_id, skus);
}

const struct sp_rows *store_link_history(struct sp_ctx *ctx, int64_t account_id,
                                         struct key_list skus)
{
    return query_skus(ctx, &link_history, account_id, skus);
}

void store_queue_meaning(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                         int *sku_slot, int *variant_slot)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param keys = sp_strings(db, skus.keys, skus.count);
    *sku_slot = sp_queue(db, &read_skus, SP_PARAMS(sp_int(account_id), keys));
    *variant_slot = sp_queue(db, &read_variants, SP_PARAMS(sp_int(account_id), keys));
}

const struct sp_rows *store_settle(struct sp_ctx *ctx, const struct link_origin *origin,
                                   const struct settled_sku skus[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "resolved_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, origin->account_id);
        sp_set_string(set, skus[i].sku_key);
        sp_set_string(set, skus[i].resolved);
        sp_set_string(set, skus[i].problem);
    }
    return sp_query(db, sp_ctx_error(ctx), &settle,
                    SP_PARAMS(sp_set(set), sp_int(origin->link_rev), sp_int(sp_rev_floor(ctx))));
}

const struct sp_rows *store_find_matches(struct sp_ctx *ctx, const struct link_origin *origin,
                                         enum match_scope scope, struct key_list of, int64_t most)
{
    static const struct sp_statement *const statements[] = {
        [MATCH_ALL] = &match_all,
        [MATCH_KEYS] = &match_keys,
        [MATCH_SELLER_SKUS] = &match_seller_skus,
    };
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_param params[] = {
        sp_int(origin->account_id),
        sp_boolean(origin->by_hand),
        sp_int(most),
        scope == MATCH_ALL ? sp_null() : sp_strings(db, of.keys, of.count),
    };
    return sp_query(db, sp_ctx_error(ctx), statements[scope], scope == MATCH_ALL ? 3 : 4, params);
}

const struct sp_rows *store_find_users(struct sp_ctx *ctx, int64_t account_id,
                                       const int64_t variant_ids[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &find_users,
                    SP_PARAMS(sp_int(account_id), sp_ints(db, variant_ids, count)));
}
