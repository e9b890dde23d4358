/* What changed lately, for live screens. */
#include "services/order-ingest/store.h"

#include <stdio.h>

static const struct sp_statement note_changes = {
    "INSERT INTO change_log (account_id, total, ids) "
    "SELECT account_id, total, nullif(ids, '{}') FROM unnest($1::change_log_row[])"};

/* Everything of transactions not older than $2; the answer's `since` is the oldest one still open,
 * so that a transaction that commits late is not passed over.  Something may be told twice. */
static const struct sp_statement changes = {
    "WITH news AS MATERIALIZED (SELECT account_id, total, ids FROM change_log "
    "WHERE $2::bigint > 0 AND xid >= $2::bigint::text::xid8 AND account_id = ANY($1::bigint[])), "
    "ids AS (SELECT account_id, array_agg(DISTINCT id) AS ids FROM news, unnest(ids) id "
    "GROUP BY account_id), "
    "sums AS (SELECT account_id, sum(total) AS total, bool_or(ids IS NULL) AS many FROM news "
    "GROUP BY account_id) "
    "SELECT json_build_object('since', pg_snapshot_xmin(pg_current_snapshot())::text::bigint, "
    "'accounts', coalesce((SELECT json_agg(json_build_object('account_id', s.account_id::text, "
    "'counts', json_build_object('orders', s.total), "
    "'ids', CASE WHEN s.many OR cardinality(i.ids) > $3::bigint THEN NULL ELSE i.ids END)) "
    "FROM sums s LEFT JOIN ids i USING (account_id)), '[]'))::text"};

static const struct sp_statement purge_changes = {
    "DELETE FROM change_log WHERE at < now() - interval '2 minutes'"};

static void put_change(struct sp_set *set, const struct sp_head *const heads[], size_t count)
{
    struct sp_text ids[CHANGE_IDS];
    size_t shown = count > CHANGE_IDS ? 0 : count; /* none: many */
    for (size_t i = 0; i < shown; i++)
        ids[i] = heads[i]->key;
    sp_set_row(set);
    sp_set_int(set, heads[0]->account_id);
    sp_set_int4(set, (int32_t)count);
    sp_set_strings(set, ids, shown);
}

void store_note_changes(struct sp_ctx *ctx, const struct sp_head *const heads[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "change_log_row");
    size_t first = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i < count && heads[i]->account_id == heads[first]->account_id)
            continue;
        put_change(set, heads + first, i - first);
        first = i;
    }
    if (count > 0)
        (void)sp_queue(db, &note_changes, SP_PARAMS(sp_set(set)));
}

const struct sp_rows *store_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                    int64_t since)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &changes,
                    SP_PARAMS(sp_ints(db, accounts, count), sp_int(since), sp_int(CHANGE_IDS)));
}

enum sp_result store_purge_changes(struct sp_ctx *ctx)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &purge_changes, SP_NO_PARAMS) == NULL
               ? SP_RETRY
               : SP_OK;
}
