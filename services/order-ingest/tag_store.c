/* SQL about tags of orders. */
#include "services/order-ingest/tag_store.h"

#include "services/order-ingest/note_store.h"

static const struct sp_statement list_tags = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('id', tag_id::text, "
    "'name', name, 'colour', colour) ORDER BY lower(name)), '[]'))::text "
    "FROM order_tag WHERE account_id = $1::bigint AND deleted_at IS NULL"};

static const struct sp_statement hold_tags = {
    "SELECT FROM order_tag WHERE account_id = $1::bigint AND deleted_at IS NULL "
    "ORDER BY tag_id FOR NO KEY UPDATE"};

static const struct sp_statement look_at_tags = {
    "SELECT count(*), coalesce(bool_or(lower(name) = lower($2::text) AND tag_id <> $3::bigint), "
    "false) FROM order_tag WHERE account_id = $1::bigint AND deleted_at IS NULL"};

static const struct sp_statement make_tag = {
    "INSERT INTO order_tag (account_id, name, colour) VALUES ($1::bigint, $2::text, $3::text) "
    "ON CONFLICT DO NOTHING RETURNING tag_id"};

#define LIVE "WHERE account_id = $1::bigint AND tag_id = $2::bigint AND deleted_at IS NULL "

static const struct sp_statement change_tag = {
    "UPDATE order_tag SET name = $3::text, colour = $4::text " LIVE "RETURNING tag_id"};

static const struct sp_statement delete_tag = {"UPDATE order_tag SET deleted_at = now() " LIVE
                                               "RETURNING tag_id"};

static const struct sp_statement count_tags = {
    "SELECT count(*) FROM order_tag WHERE account_id = $1::bigint "
    "AND tag_id = ANY ($2::bigint[]) AND deleted_at IS NULL"};

static const struct sp_statement find_tagged = {
    "SELECT i.id, o.order_id IS NOT NULL, coalesce(g.tags, '{}') "
    "FROM (SELECT DISTINCT id FROM unnest($2::text[]) id) i "
    "LEFT JOIN orders o ON o.account_id = $1::bigint AND o.order_id = i.id "
    "CROSS JOIN LATERAL (SELECT array_agg(tag_id) AS tags FROM tagged_order "
    "JOIN order_tag USING (account_id, tag_id) WHERE account_id = $1::bigint "
    "AND order_id = o.order_id AND deleted_at IS NULL) g ORDER BY i.id"};

static const struct sp_statement put_tagging = {
    "WITH change AS MATERIALIZED (SELECT * FROM unnest($3::tagged_order_row[])), "
    "put AS (INSERT INTO tagged_order SELECT $1::bigint, order_id, tag_id FROM change "
    "WHERE is_put ON CONFLICT DO NOTHING), "
    "taken AS (DELETE FROM tagged_order g USING change c WHERE g.account_id = $1::bigint "
    "AND g.order_id = c.order_id AND g.tag_id = c.tag_id AND NOT c.is_put) "
    "INSERT INTO tag_history (account_id, order_id, user_name, name, is_put) "
    "SELECT $1::bigint, c.order_id, $2::text, t.name, c.is_put FROM change c "
    "JOIN order_tag t ON t.account_id = $1::bigint AND t.tag_id = c.tag_id"};

static const struct sp_statement take_off_deleted = {
    "DELETE FROM tagged_order WHERE (account_id, order_id, tag_id) IN ("
    "SELECT g.account_id, g.order_id, g.tag_id FROM order_tag "
    "JOIN tagged_order g USING (account_id, tag_id) WHERE deleted_at IS NOT NULL "
    "LIMIT $1::bigint)"};

/* Who was putting it on when it was deleted has ended by then: no transaction lives for a minute.
 */
static const struct sp_statement drop_deleted = {
    "DELETE FROM order_tag t WHERE deleted_at < now() - interval '1 minute' "
    "AND NOT EXISTS (SELECT FROM tagged_order g WHERE g.account_id = t.account_id "
    "AND g.tag_id = t.tag_id)"};

const struct sp_rows *store_list_tags(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_tags, SP_PARAMS(sp_int(account_id)));
}

/* In a statement of its own: what is looked at then is as the one who waited finds it. */
const struct sp_rows *store_hold_tags(struct sp_ctx *ctx, int64_t account_id, struct sp_text name,
                                      int64_t except)
{
    (void)sp_queue(sp_ctx_db(ctx), &hold_tags, SP_PARAMS(sp_int(account_id)));
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &look_at_tags,
                    SP_PARAMS(sp_int(account_id), sp_string(name), sp_int(except)));
}

const struct sp_rows *store_make_tag(struct sp_ctx *ctx, int64_t account_id,
                                     const struct tag_form *form)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &make_tag,
                    SP_PARAMS(sp_int(account_id), sp_string(form->name), sp_string(form->colour)));
}

const struct sp_rows *store_change_tag(struct sp_ctx *ctx, int64_t account_id, int64_t tag_id,
                                       const struct tag_form *form)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &change_tag,
                    SP_PARAMS(sp_int(account_id), sp_int(tag_id), sp_string(form->name),
                              sp_string(form->colour)));
}

const struct sp_rows *store_delete_tag(struct sp_ctx *ctx, int64_t account_id, int64_t tag_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &delete_tag,
                    SP_PARAMS(sp_int(account_id), sp_int(tag_id)));
}

const struct sp_rows *store_count_tags(struct sp_ctx *ctx, int64_t account_id,
                                       const struct tag_list *list)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &count_tags,
                    SP_PARAMS(sp_int(account_id), sp_ints(db, list->tags, list->count)));
}

const struct sp_rows *store_find_tagged(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text ids[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    store_hold_orders(ctx, account_id, ids, count);
    return sp_query(db, sp_ctx_error(ctx), &find_tagged,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, ids, count)));
}

struct sp_set *store_open_tagging(struct sp_ctx *ctx)
{
    return sp_set_open(sp_ctx_db(ctx), "tagged_order_row");
}

static void add_tags(struct sp_set *set, struct sp_text order_id, const struct tag_list *list,
                     bool is_put)
{
    for (size_t i = 0; i < list->count; i++) {
        sp_set_row(set);
        sp_set_string(set, order_id);
        sp_set_int(set, list->tags[i]);
        sp_set_bool(set, is_put);
    }
}

void store_add_tagging(struct sp_set *set, struct sp_text order_id, const struct tag_wish *change)
{
    add_tags(set, order_id, &change->put, true);
    add_tags(set, order_id, &change->taken, false);
}

void store_put_tagging(struct sp_ctx *ctx, const struct sp_ask *ask, const struct sp_set *set)
{
    (void)sp_queue(sp_ctx_db(ctx), &put_tagging,
                   SP_PARAMS(sp_int(ask->account_id), sp_string(ask->user), sp_set(set)));
}

enum sp_result store_forget_tags(struct sp_ctx *ctx, int64_t most)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_rows *taken =
        sp_query(db, sp_ctx_error(ctx), &take_off_deleted, SP_PARAMS(sp_int(most)));
    if (taken == NULL)
        return SP_RETRY;
    (void)sp_queue(db, &drop_deleted, SP_NO_PARAMS);
    return (int64_t)sp_rows_affected(taken) == most ? SP_AGAIN : SP_OK;
}
