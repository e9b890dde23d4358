/* The status table of an account: reading, previewing and saving it. */
#include "services/order-ingest/status_store.h"

/* Every pair that has a rule or an order; what has no rule is unknown, and shown as such. */
static const struct sp_statement read_statuses = {
    "SELECT json_build_object('rev', coalesce((SELECT rev FROM status_revision "
    "WHERE account_id = $1::bigint), 0)::text, 'items', coalesce(json_agg(json_build_object("
    "'channel_status', k.channel_status, 'cause', k.cause, "
    "'hub_status', coalesce(t.hub_status, 'UNKNOWN'), "
    "'status_group', coalesce(t.status_group, 'UNKNOWN'), 'tab', nullif(t.tab, ''), "
    "'legacy_code', t.legacy_code, 'own', coalesce(t.account_id > 0, false), "
    "'default', CASE WHEN d.hub_status IS NOT NULL THEN json_build_object("
    "'hub_status', d.hub_status, 'status_group', d.status_group) END, "
    "'orders', coalesce(n.orders, 0)) "
    "ORDER BY t.legacy_code NULLS LAST, k.channel_status, k.cause), '[]'))::text "
    "FROM (SELECT channel_status, cause FROM statuses_shown_as($1::bigint, '{}', '{}', '{}')) k "
    "LEFT JOIN status_table($1::bigint) t USING (channel_status, cause) "
    "LEFT JOIN status_rule d ON d.account_id = 0 AND d.channel_status = k.channel_status "
    "AND d.cause = k.cause "
    "LEFT JOIN (SELECT word, cause, sum(orders) AS orders FROM order_number "
    "WHERE account_id = $1::bigint AND axis = 'status' GROUP BY 1, 2) n "
    "ON n.word = k.channel_status AND n.cause = k.cause"};

static const struct sp_statement read_history = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('at', rfc3339(at), "
    "'user', user_name, 'rules', rules) ORDER BY rev DESC), '[]'))::text "
    "FROM (SELECT * FROM status_history WHERE account_id = $1::bigint "
    "ORDER BY rev DESC LIMIT 50) h"};

static const struct sp_statement forget_previews = {
    "DELETE FROM status_preview WHERE account_id = $1::bigint "
    "AND made_at < now() - interval '15 minutes'"};

static const struct sp_statement preview_statuses = {
    "WITH effect AS MATERIALIZED (SELECT * FROM status_effect($1::bigint, "
    "$2::status_change_row[])), "
    "kept AS (INSERT INTO status_preview (account_id, rev, rules) SELECT $1::bigint, "
    "coalesce((SELECT rev FROM status_revision WHERE account_id = $1::bigint), 0), "
    "(SELECT jsonb_agg(rule) FROM effect) RETURNING token) "
    "SELECT json_build_object('token', (SELECT token FROM kept), "
    "'orders', (SELECT sum(orders) FROM effect), "
    "'rules', (SELECT json_agg(rule) FROM effect))::text"};

static const struct sp_statement save_statuses = {
    "WITH taken AS (DELETE FROM status_preview WHERE account_id = $1::bigint "
    "AND token::text = $2::text AND made_at >= now() - interval '15 minutes' RETURNING *), "
    "raised AS (INSERT INTO status_revision AS r (account_id, rev) "
    "SELECT account_id, rev + 1 FROM taken ON CONFLICT (account_id) "
    "DO UPDATE SET rev = excluded.rev WHERE r.rev = excluded.rev - 1 RETURNING rev), "
    "rule AS (SELECT x.channel_status, x.cause, x.\"default\" AS back, x.\"to\"->>'hub_status' AS "
    "hub, "
    "x.\"to\"->>'status_group' AS phase FROM raised, taken, jsonb_to_recordset(taken.rules) "
    "x(channel_status text, cause text, \"default\" boolean, \"to\" jsonb)), "
    "dropped AS (DELETE FROM status_rule s USING rule WHERE s.account_id = $1::bigint "
    "AND s.channel_status = rule.channel_status AND s.cause = rule.cause AND rule.back), "
    "put AS (INSERT INTO status_rule SELECT $1::bigint, rule.channel_status, rule.cause, hub, "
    "phase, "
    "coalesce(d.tab, ''), d.legacy_code FROM rule LEFT JOIN status_rule d ON d.account_id = 0 "
    "AND d.channel_status = rule.channel_status AND d.cause = rule.cause WHERE NOT back "
    "ON CONFLICT (account_id, channel_status, cause) DO UPDATE "
    "SET hub_status = excluded.hub_status, status_group = excluded.status_group), "
    "noted AS (INSERT INTO status_history (account_id, rev, user_name, rules) "
    "SELECT $1::bigint, raised.rev, $3::text, taken.rules FROM taken, raised), "
    "told AS (INSERT INTO change_log (account_id, total) SELECT $1::bigint, 1 FROM raised) "
    "SELECT EXISTS (SELECT FROM taken), EXISTS (SELECT FROM raised)"};

const struct sp_rows *store_read_statuses(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_statuses,
                    SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_read_status_history(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_history,
                    SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_preview_statuses(struct sp_ctx *ctx, int64_t account_id,
                                             const struct status_change changes[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "status_change_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_string(set, changes[i].channel_status);
        sp_set_string(set, changes[i].cause);
        sp_set_string(set, changes[i].hub_status);
        sp_set_string(set, changes[i].status_group);
    }
    (void)sp_queue(db, &forget_previews, SP_PARAMS(sp_int(account_id)));
    return sp_query(db, sp_ctx_error(ctx), &preview_statuses,
                    SP_PARAMS(sp_int(account_id), sp_set(set)));
}

const struct sp_rows *store_save_statuses(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text token, struct sp_text user)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &save_statuses,
                    SP_PARAMS(sp_int(account_id), sp_string(token), sp_string(user)));
}
