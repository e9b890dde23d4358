/* How many orders there are of each kind: differences written beside the orders, folded by a job.
 */
#include "services/order-ingest/store.h"

#include "services/order-ingest/tally.h"

static const struct sp_statement note_counts = {
    "INSERT INTO order_count_change SELECT * FROM unnest($1::order_count_row[])"};

/* What another replica is folding is passed over.  The sums' rows are locked in the order of their
 * keys. */
static const struct sp_statement fold_counts = {
    "WITH taken AS (DELETE FROM order_count_change WHERE ctid = ANY (ARRAY("
    "SELECT ctid FROM order_count_change LIMIT $1::bigint FOR UPDATE SKIP LOCKED)) RETURNING *) "
    "INSERT INTO order_count AS t "
    "SELECT account_id, shop_id, axis, word, cause, sum(orders) FROM taken "
    "GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5 "
    "ON CONFLICT (account_id, shop_id, axis, word, cause) "
    "DO UPDATE SET orders = t.orders + excluded.orders RETURNING (SELECT count(*) FROM taken)"};

/* Statuses are told with what the account's table makes of them. */
static const struct sp_statement count_orders = {
    "WITH numbers AS MATERIALIZED (SELECT axis, word, cause, sum(orders) AS orders "
    "FROM order_number WHERE account_id = $1::bigint "
    "AND ($2::bigint = 0 OR shop_id = $2::bigint) GROUP BY 1, 2, 3 HAVING sum(orders) <> 0), "
    "seen AS MATERIALIZED (SELECT n.word, n.orders, coalesce(t.hub_status, 'UNKNOWN') AS hub, "
    "coalesce(t.status_group, 'UNKNOWN') AS phase, coalesce(t.tab, '') AS tab FROM numbers n "
    "LEFT JOIN status_table($1::bigint) t ON t.channel_status = n.word AND t.cause = n.cause "
    "WHERE n.axis = 'status') "
    "SELECT json_build_object("
    "'by_stage', (SELECT coalesce(json_object_agg(word, orders), '{}') FROM numbers "
    "WHERE axis = 'stage'), "
    "'by_status', (SELECT coalesce(json_object_agg(word, orders), '{}') FROM "
    "(SELECT word, sum(orders) AS orders FROM seen GROUP BY 1) s), "
    "'by_hub_status', (SELECT coalesce(json_object_agg(hub, orders), '{}') FROM "
    "(SELECT hub, sum(orders) AS orders FROM seen GROUP BY 1) s), "
    "'by_status_group', (SELECT coalesce(json_object_agg(phase, orders), '{}') FROM "
    "(SELECT phase, sum(orders) AS orders FROM seen GROUP BY 1) s), "
    "'by_tab', (SELECT coalesce(json_object_agg(tab, orders), '{}') FROM "
    "(SELECT tab, sum(orders) AS orders FROM seen WHERE tab <> '' GROUP BY 1) s), "
    "'total', (SELECT coalesce(sum(orders), 0) FROM seen))::text"};

static const char status_axis[] = "status";
static const char stage_axis[] = "stage";

static void put_tally(struct sp_ctx *ctx, const struct tally *tally)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "order_count_row");
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_entry *entry = &tally->entries[i];
        if (entry->orders == 0)
            continue;
        sp_set_row(set);
        sp_set_int(set, entry->key.account_id);
        sp_set_int(set, entry->key.shop_id);
        sp_set_string(set, sp_text_of(entry->key.axis));
        sp_set_string(set, entry->key.word);
        sp_set_string(set, entry->key.cause);
        sp_set_int(set, entry->orders);
    }
    if (sp_set_count(set) > 0)
        (void)sp_queue(db, &note_counts, SP_PARAMS(sp_set(set)));
}

void store_note_statuses(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_order *orders = batch->messages;
    struct tally tally = tally_open(sp_ctx_arena(ctx), 2 * batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        size_t row = batch->claimed_row[i];
        enum order_change change = store_claimed_change(batch, i);
        struct tally_key key = {orders[i].head.account_id, orders[i].shop_id, status_axis,
                                orders[i].status, ingest_cause(&orders[i])};
        if (store_claimed_deleted(batch, i))
            continue; /* it left the numbers when it was deleted */
        if (change == ORDER_NEW || change == ORDER_STATUS)
            tally_add(&tally, &key, 1);
        if (change == ORDER_STATUS) {
            key.word = sp_row_text(batch->claimed, row, 4);
            key.cause = sp_row_text(batch->claimed, row, 5);
            tally_add(&tally, &key, -1);
        }
    }
    put_tally(ctx, &tally);
}

void store_note_deletions(struct sp_ctx *ctx, const struct channel_order orders[], size_t count,
                          int64_t each)
{
    struct tally tally = tally_open(sp_ctx_arena(ctx), count);
    for (size_t i = 0; i < count; i++) {
        struct tally_key key = {orders[i].head.account_id, orders[i].shop_id, status_axis,
                                orders[i].status, ingest_cause(&orders[i])};
        tally_add(&tally, &key, each);
    }
    put_tally(ctx, &tally);
}

void store_note_stages(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_staged *stages = batch->messages;
    struct tally tally = tally_open(sp_ctx_arena(ctx), 2 * batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        size_t row = batch->claimed_row[i];
        struct tally_key key = {.account_id = stages[i].head.account_id,
                                .shop_id = ingest_shop_of(stages[i].head.key),
                                .axis = stage_axis,
                                .word = stages[i].stage};
        tally_add(&tally, &key, 1);
        key.word = sp_row_text(batch->claimed, row, 3);
        if (!sp_row_null(batch->claimed, row, 3))
            tally_add(&tally, &key, -1);
    }
    put_tally(ctx, &tally);
}

enum sp_result store_fold_counts(struct sp_ctx *ctx, int64_t most)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &fold_counts, SP_PARAMS(sp_int(most)));
    if (rows == NULL)
        return SP_RETRY;
    bool full = sp_rows_count(rows) > 0 && sp_row_int(rows, 0, 0) == most;
    return full ? SP_AGAIN : SP_OK;
}

const struct sp_rows *store_count_orders(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &count_orders,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id)));
}
