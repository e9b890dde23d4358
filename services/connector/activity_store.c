/* What happened to shops, in the database. */
#include "services/connector/activity_store.h"

#include <string.h>

/* 1,000 rows of a shop are ten days of a quiet one. */
static const struct sp_statement note_activity = {
    "WITH said AS (SELECT s.account_id, s.shop_id, (SELECT max(e.event_id) FROM shop_event e "
    "  WHERE e.account_id = s.account_id AND e.shop_id = s.shop_id AND e.routine "
    "  AND e.event = $5::text AND e.detail IS NOT DISTINCT FROM nullif($7::text, '') "
    "  AND e.at > now() - interval '1 hour') AS event_id "
    " FROM shop s WHERE (s.account_id = $1::bigint AND s.shop_id = $2::bigint) "
    " OR (s.account_id = $1::bigint AND s.grant_id = $3::bigint) "
    " OR (s.channel = 'tiktok' AND s.channel_shop_id = $4::text AND s.state <> 'DISCONNECTED')), "
    "more AS (UPDATE shop_event e SET times = e.times + 1, items = e.items + $6::bigint, "
    " until_at = now() FROM said s WHERE e.account_id = s.account_id AND e.shop_id = s.shop_id "
    " AND e.event_id = s.event_id), "
    "new AS (INSERT INTO shop_event (account_id, shop_id, routine, items, event, detail) "
    " SELECT s.account_id, s.shop_id, true, $6::bigint, $5::text, nullif($7::text, '') "
    " FROM said s WHERE s.event_id IS NULL ORDER BY 1, 2 RETURNING account_id, shop_id) "
    "DELETE FROM shop_event e USING new n WHERE e.account_id = n.account_id "
    "AND e.shop_id = n.shop_id AND e.routine AND e.event_id <= (SELECT o.event_id "
    " FROM shop_event o WHERE o.account_id = n.account_id AND o.shop_id = n.shop_id AND o.routine "
    " ORDER BY o.event_id DESC OFFSET 999 LIMIT 1)"};

static const struct sp_statement activity_document = {
    "SELECT (SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object("
    "'at', rfc3339(e.at), 'until', rfc3339(e.until_at), 'event', e.event, 'times', e.times, "
    "'count', e.items, 'user', e.person, 'detail', e.detail) ORDER BY e.event_id DESC), '[]'), "
    "'next_cursor', CASE WHEN count(*) = $4::bigint THEN min(e.event_id)::text END)::text "
    "FROM (SELECT * FROM shop_event e WHERE e.account_id = $1::bigint AND e.shop_id = $2::bigint "
    " AND e.event_id < $3::bigint ORDER BY e.event_id DESC LIMIT $4::bigint) e) "
    "FROM shop s WHERE s.account_id = $1::bigint AND s.shop_id = $2::bigint"};

static const struct sp_statement notices_document = {
    "SELECT (SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object("
    "'at', rfc3339(n.at), 'type', n.type, 'unknown', n.unknown IS NOT NULL, "
    "'fields', n.unknown, 'content', n.content) ORDER BY n.kept_id DESC), '[]'), "
    "'unknown_count', (SELECT count(*) FROM notice u WHERE u.account_id = $1::bigint "
    " AND u.shop_id = $2::bigint AND u.kept_id IS NOT NULL AND u.unknown IS NOT NULL), "
    "'next_cursor', CASE WHEN count(*) = $4::bigint THEN min(n.kept_id)::text END)::text "
    "FROM (SELECT * FROM notice n WHERE n.account_id = $1::bigint AND n.shop_id = $2::bigint "
    " AND n.kept_id IS NOT NULL AND n.kept_id < $3::bigint "
    " ORDER BY n.kept_id DESC LIMIT $4::bigint) n) "
    "FROM shop s WHERE s.account_id = $1::bigint AND s.shop_id = $2::bigint"};

static bool comes_before(const struct activity *a, const struct activity *b)
{
    if (a->shop_id != b->shop_id)
        return a->shop_id < b->shop_id;
    return a->grant_id != b->grant_id ? a->grant_id < b->grant_id : strcmp(a->event, b->event) < 0;
}

/* In one order whoever notes: rows are locked. */
void store_note_activities(struct sp_ctx *ctx, const struct activity activities[], size_t count)
{
    const struct activity *sorted[ACTIVITIES];
    SP_ASSERT(count <= ACTIVITIES);
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && comes_before(&activities[i], sorted[at - 1]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = &activities[i];
    }
    for (size_t i = 0; i < count; i++) {
        const struct activity *one = sorted[i];
        (void)sp_queue(sp_ctx_db(ctx), &note_activity,
                       SP_PARAMS(sp_int(one->account_id), sp_int(one->shop_id),
                                 sp_int(one->grant_id), sp_string(one->channel_shop_id),
                                 sp_cstring(one->event), sp_int(one->items),
                                 sp_string(one->detail)));
    }
}

static enum sp_result read_document(struct sp_ctx *ctx, const struct sp_statement *statement,
                                    int count, const struct sp_param params[],
                                    struct sp_buffer *document)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement, count, params);
    if (rows == NULL)
        return SP_RETRY;
    if (sp_rows_count(rows) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such shop");
    sp_buffer_put_text(document, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result store_activity_document(struct sp_ctx *ctx, struct shop_key shop, int64_t before,
                                       int64_t most, struct sp_buffer *document)
{
    return read_document(
        ctx, &activity_document,
        SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_int(before), sp_int(most)),
        document);
}

enum sp_result store_notices_document(struct sp_ctx *ctx, struct shop_key shop, int64_t before,
                                      int64_t most, struct sp_buffer *document)
{
    return read_document(
        ctx, &notices_document,
        SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_int(before), sp_int(most)),
        document);
}
