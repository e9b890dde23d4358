/* SQL of cancellations, returns, refunds, and of what people did about them. */
#include "services/order-ingest/return_store.h"

#include "services/order-ingest/domain.h"

static const struct sp_statement claim_returns = {
    "INSERT INTO order_return AS t (account_id, return_key, upstream_rev, trace, changed_at, "
    "shop_id, order_id, is_cancellation, kind, channel_status, wants, asked_by, reason, "
    "created_at, updated_at, deadline_at, currency, refund_minor, goods_minor, units, position, "
    "document) "
    "SELECT account_id, return_key, upstream_rev, trace, now(), shop_id, order_id, "
    "is_cancellation, kind, channel_status, wants, asked_by, reason, created_at, updated_at, "
    "deadline_at, currency, refund_minor, goods_minor, units, position, document::jsonb "
    "FROM unnest($1::order_return_row[]) ORDER BY account_id, return_key "
    "ON CONFLICT (account_id, return_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "trace = excluded.trace, changed_at = excluded.changed_at, shop_id = excluded.shop_id, "
    "order_id = excluded.order_id, is_cancellation = excluded.is_cancellation, "
    "kind = excluded.kind, channel_status = excluded.channel_status, wants = excluded.wants, "
    "asked_by = excluded.asked_by, reason = excluded.reason, created_at = excluded.created_at, "
    "updated_at = excluded.updated_at, deadline_at = excluded.deadline_at, "
    "currency = excluded.currency, refund_minor = excluded.refund_minor, "
    "goods_minor = excluded.goods_minor, units = excluded.units, "
    "position = excluded.position, document = excluded.document "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.return_key, t.upstream_rev"};

/* A word that is not known is rejected by the handler, and with it this row. */
static const struct sp_statement claim_progress = {
    "UPDATE order_action t SET upstream_rev = u.upstream_rev, problem = u.problem, "
    "state = CASE WHEN u.state IN ('ACCEPTED', 'REFUSED', 'UNKNOWN') THEN u.state ELSE t.state "
    "END, progressed_at = now() FROM unnest($1::action_progress_row[]) u "
    "WHERE t.account_id = u.account_id AND t.action_key = u.action_key "
    "AND t.upstream_rev < u.upstream_rev "
    "RETURNING t.account_id, t.action_key, t.upstream_rev, t.order_id"};

static const struct sp_statement lock_return = {
    "SELECT FROM order_return WHERE account_id = $1::bigint AND return_key = $2::text FOR UPDATE"};

static const struct sp_statement return_to_answer = {
    "SELECT r.state, r.wants, r.is_cancellation, "
    "CASE WHEN r.action_state <> 'REFUSED' THEN r.action_kind ELSE '' END, "
    "(SELECT coalesce(max(a.attempt), 0) + 1 FROM order_action a WHERE a.account_id = r.account_id "
    " AND a.return_key = r.return_key AND a.return_key <> '' AND a.wants = r.wants), "
    "r.document->'refusals' @> jsonb_build_array(jsonb_build_object('name', $3::text)), "
    "r.shop_id, r.order_id FROM return_seen r "
    "WHERE r.account_id = $1::bigint AND r.return_key = $2::text"};

static const struct sp_statement lock_order = {
    "SELECT FROM orders WHERE account_id = $1::bigint AND order_id = $2::text FOR UPDATE"};

static const struct sp_statement order_cancelling = {
    "SELECT o.channel_status, coalesce(s.region, ''), o.shop_id, coalesce(a.last, 0) + 1, "
    "coalesce(a.counts, false), o.lines, "
    "coalesce(d.stage_group = 'drafts', true), coalesce((SELECT jsonb_agg(u) FROM order_action x, "
    "jsonb_array_elements(x.lines) l, jsonb_array_elements(l->'unit_ids') u "
    "WHERE x.account_id = o.account_id AND x.order_id = o.order_id AND x.state <> 'REFUSED'), "
    "'[]')::text, (SELECT x.lines FROM order_action x WHERE x.account_id = o.account_id "
    "AND x.order_id = o.order_id AND x.state IN ('REQUESTED', 'UNKNOWN') AND x.lines IS NOT NULL "
    "LIMIT 1)::text, coalesce(t.stage, ''), o.deleted FROM orders o LEFT JOIN shop s ON "
    "s.account_id = o.account_id "
    "AND s.shop_id = o.shop_id LEFT JOIN order_stage t ON t.account_id = o.account_id "
    "AND t.order_id = o.order_id LEFT JOIN stage d ON d.stage = t.stage "
    "LEFT JOIN LATERAL (SELECT max(attempt) AS last, "
    "bool_or(state <> 'REFUSED' AND lines IS NULL) AS counts FROM order_action x "
    "WHERE x.account_id = o.account_id AND x.order_id = o.order_id AND x.kind = 'CANCEL') a "
    "ON true WHERE o.account_id = $1::bigint AND o.order_id = $2::text"};

static const struct sp_statement put_action = {
    "INSERT INTO order_action (account_id, action_key, rev, order_id, return_key, wants, attempt, "
    "kind, reason, requested_by, trace, lines) VALUES ($1::bigint, $2::text, $3::bigint, "
    "$4::text, $5::text, $6::text, $7::bigint, $8::text, $9::text, $10::text, $11::uuid, "
    "nullif($12::text, '')::jsonb)"};

static const struct sp_statement list_returns = {
    "WITH found AS (SELECT position, return_key, item FROM return_item "
    "WHERE account_id = $1::bigint AND ($2::bigint = 0 OR shop_id = $2::bigint) "
    "AND ($3::text[] = '{}' OR state = ANY($3::text[])) "
    "AND ($4::text = '' OR order_id = $4::text) "
    "AND (position, return_key) > ($5::bigint, $6::text) "
    "ORDER BY position, return_key LIMIT $7::bigint + 1), "
    "page AS (SELECT row_number() OVER (ORDER BY position, return_key) AS n, * FROM found) "
    "SELECT json_build_object('items', coalesce(json_agg(item ORDER BY n) "
    "FILTER (WHERE n <= $7::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $7::bigint "
    "THEN max(position || '.' || return_key) FILTER (WHERE n = $7::bigint) END)::text FROM page"};

static const struct sp_statement count_returns = {
    "SELECT json_build_object('by_state', coalesce(json_object_agg(state, n), '{}'), "
    "'late', coalesce(sum(late), 0))::text FROM (SELECT state, count(*) AS n, "
    "count(*) FILTER (WHERE state = 'TO_ANSWER' AND deadline_at < now() + interval '24 hours') "
    "AS late FROM return_seen WHERE account_id = $1::bigint "
    "AND ($2::bigint = 0 OR shop_id = $2::bigint) GROUP BY state) s"};

static const struct sp_statement read_return = {
    "SELECT (i.item || return_details(r))::text FROM order_return r "
    "JOIN return_item i USING (account_id, return_key) "
    "WHERE r.account_id = $1::bigint AND r.return_key = $2::text"};

static const struct sp_statement order_actions = {
    "SELECT coalesce(jsonb_agg(item ORDER BY requested_at), '[]')::text FROM order_action_item "
    "WHERE account_id = $1::bigint AND order_id = $2::text"};

static const struct sp_statement warn_returns = {
    "UPDATE order_return t SET warned_for = t.deadline_at FROM (SELECT r.account_id, r.return_key "
    "FROM order_return r WHERE r.wants <> '' AND r.deadline_at > now() "
    "AND r.deadline_at <= now() + interval '24 hours' "
    "AND r.warned_for IS DISTINCT FROM r.deadline_at AND NOT EXISTS (SELECT FROM order_action a "
    "WHERE a.account_id = r.account_id AND a.return_key = r.return_key AND a.return_key <> '' "
    "AND a.wants = r.wants AND a.state <> 'REFUSED') "
    "ORDER BY r.account_id, r.return_key LIMIT $1::bigint FOR UPDATE SKIP LOCKED) k "
    "WHERE t.account_id = k.account_id AND t.return_key = k.return_key "
    "RETURNING t.account_id, t.return_key, extract(epoch FROM t.deadline_at)::bigint, "
    "rfc3339(t.deadline_at)"};

/* ---- claims
 * ----------------------------------------------------------------------------------------- */

static void set_return(struct sp_ctx *ctx, struct sp_set *set, const struct channel_return *fact,
                       struct sp_buffer *scratch)
{
    sp_set_row(set);
    sp_set_int(set, fact->head.account_id);
    sp_set_string(set, fact->head.key);
    sp_set_int(set, fact->head.rev);
    sp_set_uuid(set, fact->head.trace);
    sp_set_int(set, fact->shop_id);
    sp_set_string(set, sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s", (long long)fact->shop_id,
                                       SP_FMT(fact->channel_order_id)));
    sp_set_bool(set, fact->is_cancellation);
    sp_set_string(set, fact->kind);
    sp_set_string(set, fact->status);
    sp_set_string(set, fact->wants);
    sp_set_string(set, fact->asked_by);
    sp_set_string(set, fact->reason);
    sp_set_time(set, ingest_time_us(fact->created_at));
    sp_set_time(set, ingest_time_us(fact->updated_at));
    sp_set_time(set, ingest_time_us(fact->deadline_at));
    sp_set_string(set, fact->currency);
    sp_set_int(set, fact->refund_minor);
    sp_set_int(set, fact->refund_goods_minor);
    sp_set_int(set, return_units(fact));
    sp_set_int(set, return_position(fact));
    sp_buffer_reset(scratch);
    return_write_document(fact, scratch);
    sp_set_string(set, sp_buffer_text(scratch));
}

int store_claim_returns(struct sp_ctx *ctx, const struct channel_return facts[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "order_return_row");
    struct sp_buffer scratch = {0};
    for (size_t i = 0; i < count; i++)
        set_return(ctx, set, &facts[i], &scratch);
    sp_buffer_free(&scratch);
    return sp_queue(sp_ctx_db(ctx), &claim_returns, SP_PARAMS(sp_set(set)));
}

int store_claim_progress(struct sp_ctx *ctx, const struct action_progressed facts[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "action_progress_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, facts[i].head.account_id);
        sp_set_string(set, facts[i].head.key);
        sp_set_int(set, facts[i].head.rev);
        sp_set_string(set, facts[i].state);
        sp_set_string(set, facts[i].reason);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_progress, SP_PARAMS(sp_set(set)));
}

/* ---- answering and cancelling
 * ------------------------------------------------------------------------ */

const struct sp_rows *store_return_to_answer(struct sp_ctx *ctx, int64_t account_id,
                                             struct sp_text return_key, struct sp_text reason)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(db, &lock_return, SP_PARAMS(sp_int(account_id), sp_string(return_key)));
    return sp_query(db, sp_ctx_error(ctx), &return_to_answer,
                    SP_PARAMS(sp_int(account_id), sp_string(return_key), sp_string(reason)));
}

const struct sp_rows *store_order_to_cancel(struct sp_ctx *ctx, int64_t account_id,
                                            struct sp_text order_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &lock_order, SP_PARAMS(sp_int(account_id), sp_string(order_id)));
    return store_order_cancelling(ctx, account_id, order_id);
}

const struct sp_rows *store_order_cancelling(struct sp_ctx *ctx, int64_t account_id,
                                             struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &order_cancelling,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}

int64_t store_put_action(struct sp_ctx *ctx, const struct return_action *action)
{
    int64_t rev = sp_rev_floor(ctx) > 1 ? sp_rev_floor(ctx) : 1;
    (void)sp_queue(
        sp_ctx_db(ctx), &put_action,
        SP_PARAMS(sp_int(action->account_id), sp_string(action->key), sp_int(rev),
                  sp_string(action->order_id), sp_string(action->return_key),
                  sp_string(action->wants), sp_int(action->attempt), sp_string(action->kind),
                  sp_string(action->reason), sp_string(action->user),
                  sp_string((struct sp_text){(const char *)action->trace, SP_TRACE_BYTES}),
                  sp_string(action->lines)));
    return rev;
}

/* ---- lists
 * ---------------------------------------------------------------------------------------------- */

const struct sp_rows *store_list_returns(struct sp_ctx *ctx, int64_t account_id,
                                         const struct return_filter *filter)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct list_page *page = &filter->page;
    return sp_query(db, sp_ctx_error(ctx), &list_returns,
                    SP_PARAMS(sp_int(account_id), sp_int(filter->shop_id),
                              sp_strings(db, filter->states.words, filter->states.count),
                              sp_string(filter->order), sp_int(page->first ? 0 : page->at_us),
                              sp_string(page->after), sp_int(page->limit)));
}

const struct sp_rows *store_count_returns(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &count_returns,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id)));
}

const struct sp_rows *store_return(struct sp_ctx *ctx, int64_t account_id,
                                   struct sp_text return_key)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_return,
                    SP_PARAMS(sp_int(account_id), sp_string(return_key)));
}

const struct sp_rows *store_order_actions(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &order_actions,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}

const struct sp_rows *store_warn_returns(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &warn_returns, SP_PARAMS(sp_int(most)));
}
