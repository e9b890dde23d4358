/* Sellers' grants and tokens in the database. */
#include "services/connector/grant_store.h"

static const struct sp_statement take_refreshes = {
    "WITH due AS (SELECT account_id, grant_id FROM seller_grant "
    " WHERE refresh_at <= now() AND lease_until <= now() AND state IN ('LIVE', 'FAILED') "
    " ORDER BY refresh_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED) "
    "UPDATE seller_grant g SET lease_until = now() + interval '60 seconds' FROM due d "
    "WHERE g.account_id = d.account_id AND g.grant_id = d.grant_id "
    "RETURNING g.account_id, g.grant_id, g.token_rev, g.refresh_sealed, g.tries"};

static const struct sp_statement refreshed = {
    "UPDATE seller_grant SET access_sealed = $4::bytea, refresh_sealed = $5::bytea, "
    "access_ends_at = to_timestamp($6::bigint), ends_at = to_timestamp($7::bigint), "
    "refresh_at = to_timestamp($8::bigint), token_rev = token_rev + 1, state = 'LIVE', tries = 0, "
    "problem = NULL, taken_back_at = NULL WHERE account_id = $1::bigint AND grant_id = $2::bigint "
    "AND token_rev = $3::bigint AND state <> 'ENDED'"};

static const struct sp_statement refresh_refused = {
    "UPDATE seller_grant SET state = 'FAILED', problem = $4::text, tries = tries + 1, "
    "refresh_at = now() + interval '1 hour' WHERE account_id = $1::bigint "
    "AND grant_id = $2::bigint AND token_rev = $3::bigint AND state <> 'ENDED'"};

static const struct sp_statement refresh_later = {
    "UPDATE seller_grant SET tries = tries + 1, problem = $5::text, "
    "refresh_at = now() + $4::bigint * interval '1 millisecond' WHERE account_id = $1::bigint "
    "AND grant_id = $2::bigint AND token_rev = $3::bigint AND state <> 'ENDED'"};

/* A live grant was perhaps refreshed a moment ago: not again within its lease.  A failed one has
 * nothing but the access token, and that is over. */
static const struct sp_statement token_refused = {
    "UPDATE seller_grant SET refresh_at = least(refresh_at, now()), "
    "access_ends_at = CASE WHEN state = 'FAILED' THEN least(access_ends_at, now()) "
    " ELSE access_ends_at END "
    "WHERE account_id = $1::bigint AND grant_id = $2::bigint AND ((state = 'FAILED' "
    "AND access_ends_at > now()) OR (state = 'LIVE' AND refresh_at > now() "
    "AND lease_until <= now()))"};

/* The shops of a grant that was refused and of which the marketplace has said that the seller took
 * it back. */
static const struct sp_statement taken_back_shops = {
    "SELECT s.account_id, s.shop_id, s.alias FROM seller_grant g "
    "JOIN shop s USING (account_id, grant_id) WHERE g.account_id = $1::bigint "
    "AND g.grant_id = $2::bigint AND g.token_rev = $3::bigint AND g.taken_back_at IS NOT NULL "
    "AND s.state <> 'DISCONNECTED' ORDER BY s.shop_id"};

/* A refresh that nobody refused and that does not succeed either: half a day before the access
 * token ends somebody should know, and when it has ended the shop stands still. */
static const struct sp_statement review_shops = {
    "WITH said AS (SELECT s.account_id, s.shop_id, s.alias, "
    " CASE WHEN g.state <> 'LIVE' OR g.access_ends_at <= now() + interval '12 hours' "
    "  THEN coalesce(g.problem, '') ELSE '' END AS problem, s.state AS old, CASE WHEN g.ends_at <= "
    "now() OR g.state = 'ENDED' "
    "  OR ((g.state = 'FAILED' OR g.tries > 0) AND g.access_ends_at <= now()) THEN 'EXPIRED' "
    "  WHEN s.state = 'CONNECTING' THEN s.state "
    "  WHEN g.state = 'FAILED' OR g.ends_at <= now() + interval '30 days' "
    "  OR (g.tries > 0 AND g.access_ends_at <= now() + interval '12 hours') THEN 'NEAR_EXPIRY' "
    "  ELSE 'CONNECTED' END AS new "
    " FROM shop s JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE s.state <> 'DISCONNECTED') "
    "UPDATE shop s SET state = said.new FROM said "
    "WHERE s.account_id = said.account_id AND s.shop_id = said.shop_id AND said.old <> said.new "
    "AND s.state = said.old "
    "RETURNING s.account_id, s.shop_id, s.state, s.alias, said.problem"};

static const struct sp_statement take_warnings = {
    "WITH said AS (SELECT account_id, grant_id, (SELECT min(d) "
    "  FROM unnest(ARRAY[30, 14, 7, 3, 1]) d WHERE ends_at <= now() + d * interval '1 day') AS "
    "days "
    " FROM seller_grant WHERE state IN ('LIVE', 'FAILED') AND ends_at > now()) "
    "UPDATE seller_grant g SET warned_days = coalesce(said.days, 1000) FROM said "
    "WHERE g.account_id = said.account_id AND g.grant_id = said.grant_id "
    "AND g.warned_days <> coalesce(said.days, 1000) "
    "RETURNING g.account_id, g.grant_id, said.days, g.seller_name"};

/* Of a grant that cannot be refreshed only the access token is left. */
static const struct sp_statement ending_grants = {
    "SELECT s.shop_id::text, extract(epoch FROM least(g.ends_at, CASE WHEN g.state = 'ENDED' "
    " THEN now() WHEN g.state = 'FAILED' OR g.tries > 0 THEN g.access_ends_at END) "
    " - now())::bigint AS left_s "
    "FROM shop s JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE s.state <> 'DISCONNECTED' AND g.ends_at IS NOT NULL "
    "ORDER BY left_s, s.shop_id LIMIT $1::bigint"};

enum sp_result store_take_refreshes(struct sp_ctx *ctx, struct grant_task *tasks, size_t most,
                                    size_t *count)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_refreshes,
                                          SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++) {
        tasks[row] = (struct grant_task){
            .account_id = sp_row_int(rows, row, 0),
            .grant_id = sp_row_int(rows, row, 1),
            .token_rev = sp_row_int(rows, row, 2),
            .refresh_sealed = sp_row_text(rows, row, 3),
            .tries = (int)sp_row_int(rows, row, 4),
        };
    }
    return SP_OK;
}

void store_refreshed(struct sp_ctx *ctx, const struct grant_task *task,
                     const struct grant_tokens *tokens)
{
    (void)sp_queue(sp_ctx_db(ctx), &refreshed,
                   SP_PARAMS(sp_int(task->account_id), sp_int(task->grant_id),
                             sp_int(task->token_rev), sp_string(tokens->access_sealed),
                             sp_string(tokens->refresh_sealed), sp_int(tokens->access_ends_s),
                             sp_int(tokens->ends_s), sp_int(tokens->refresh_s)));
}

void store_refresh_refused(struct sp_ctx *ctx, const struct grant_task *task,
                           struct sp_text problem)
{
    (void)sp_queue(sp_ctx_db(ctx), &refresh_refused,
                   SP_PARAMS(sp_int(task->account_id), sp_int(task->grant_id),
                             sp_int(task->token_rev), sp_string(problem)));
}

void store_refresh_later(struct sp_ctx *ctx, const struct grant_task *task, int64_t wait_ms,
                         struct sp_text problem)
{
    (void)sp_queue(sp_ctx_db(ctx), &refresh_later,
                   SP_PARAMS(sp_int(task->account_id), sp_int(task->grant_id),
                             sp_int(task->token_rev), sp_int(wait_ms), sp_string(problem)));
}

enum sp_result store_taken_back(struct sp_ctx *ctx, const struct grant_task *task,
                                struct grant_change **shops, size_t *count)
{
    const struct sp_rows *rows = sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &taken_back_shops,
        SP_PARAMS(sp_int(task->account_id), sp_int(task->grant_id), sp_int(task->token_rev)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    *shops = sp_arena_array(sp_ctx_arena(ctx), *count + 1, sizeof **shops);
    for (size_t row = 0; row < *count; row++) {
        (*shops)[row] = (struct grant_change){
            .shop = {sp_row_int(rows, row, 0), sp_row_int(rows, row, 1)},
            .state = SP_TEXT("DISCONNECTED"),
            .alias = sp_row_text(rows, row, 2),
        };
    }
    return SP_OK;
}

void store_token_refused(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &token_refused, SP_PARAMS(sp_int(account_id), sp_int(grant_id)));
}

enum sp_result store_review_shops(struct sp_ctx *ctx, struct grant_change **changes, size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &review_shops, SP_NO_PARAMS);
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    *changes = sp_arena_array(sp_ctx_arena(ctx), *count + 1, sizeof **changes);
    for (size_t row = 0; row < *count; row++) {
        (*changes)[row] = (struct grant_change){
            .shop = {sp_row_int(rows, row, 0), sp_row_int(rows, row, 1)},
            .state = sp_row_text(rows, row, 2),
            .alias = sp_row_text(rows, row, 3),
            .problem = sp_row_text(rows, row, 4),
        };
    }
    return SP_OK;
}

enum sp_result store_take_warnings(struct sp_ctx *ctx, struct grant_warning **warnings,
                                   size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_warnings, SP_NO_PARAMS);
    if (rows == NULL)
        return SP_RETRY;
    *warnings = sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(rows) + 1, sizeof **warnings);
    *count = 0;
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        if (sp_row_null(rows, row, 2)) /* prolonged: nothing to warn of */
            continue;
        (*warnings)[(*count)++] =
            (struct grant_warning){sp_row_int(rows, row, 0), sp_row_int(rows, row, 1),
                                   sp_row_int(rows, row, 2), sp_row_text(rows, row, 3)};
    }
    return SP_OK;
}

const struct sp_rows *store_ending_grants(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ending_grants, SP_PARAMS(sp_int(most)));
}
