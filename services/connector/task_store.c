/* Tasks in the database. */
#include "services/connector/task_store.h"

#include <stdlib.h>
#include <string.h>

/* What was refused or withdrawn may be wanted anew; what was asked for stays as it is. */
static const struct sp_statement claim_tasks = {
    "INSERT INTO task AS t (account_id, key, upstream_rev, rev, shop_id, kind, channel_order_id, "
    "state, trace, emitted_at, fact) SELECT account_id, key, upstream_rev, $2::bigint, shop_id, "
    "kind, channel_order_id, CASE WHEN wanted THEN 'WANTED' ELSE 'WITHDRAWN' END, trace, "
    "emitted_at, fact FROM unnest($1::task_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "rev = greatest(t.rev + 1, excluded.rev), trace = excluded.trace, "
    "emitted_at = excluded.emitted_at, committed_at = now(), "
    "state = CASE WHEN t.state IN ('WANTED', 'REFUSED', 'WITHDRAWN') THEN excluded.state "
    "ELSE t.state END, "
    "fact = CASE WHEN t.state IN ('WANTED', 'REFUSED', 'WITHDRAWN') THEN excluded.fact "
    "ELSE t.fact END, "
    "kind = CASE WHEN t.state IN ('WANTED', 'REFUSED', 'WITHDRAWN') THEN excluded.kind "
    "ELSE t.kind END, "
    "tries = CASE WHEN t.state IN ('REFUSED', 'WITHDRAWN') THEN 0 ELSE t.tries END, "
    "decision = CASE WHEN t.state IN ('REFUSED', 'WITHDRAWN') THEN '' ELSE t.decision END, "
    "due = CASE WHEN t.state IN ('REFUSED', 'WITHDRAWN') THEN now() ELSE t.due END "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, substr(key, strpos(key, '/') + 1), rev, state, problem"};

/* A return is looked at before anything is asked; everything else counts as asked from here on. */
static const struct sp_statement take_tasks = {
    "WITH ready AS (SELECT t.account_id, t.key, t.state FROM task t "
    " JOIN shop s USING (account_id, shop_id) JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE t.state IN ('WANTED', 'ASKED', 'LABEL') AND t.due <= now() "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " ORDER BY t.due LIMIT $1::bigint FOR UPDATE OF t SKIP LOCKED) "
    "UPDATE task t SET due = now() + interval '20 seconds', taken = t.taken + 1, "
    "state = CASE WHEN t.state = 'WANTED' AND (t.kind NOT IN ('ACCEPT_RETURN', 'DECLINE_RETURN') "
    " OR t.decision <> '') THEN 'ASKED' ELSE t.state END "
    "FROM ready r, shop s, seller_grant g WHERE t.account_id = r.account_id AND t.key = r.key "
    "AND s.account_id = t.account_id AND s.shop_id = t.shop_id "
    "AND g.account_id = s.account_id AND g.grant_id = s.grant_id "
    "RETURNING t.account_id, t.shop_id, s.grant_id, s.cipher, g.access_sealed, t.key, t.kind, "
    "r.state, t.taken, t.tries, t.channel_order_id, t.decision, t.refusal, "
    "extract(epoch FROM now())::bigint, t.trace, t.fact"};

static const struct sp_statement end_tasks = {
    "UPDATE task t SET state = e.state, decision = e.decision, refusal = e.refusal, "
    "problem = e.problem, result = CASE WHEN e.result = '' THEN t.result ELSE e.result END, "
    "tries = CASE WHEN e.state = 'LABEL' AND t.state <> 'LABEL' THEN 0 "
    " WHEN e.counts THEN t.tries + 1 ELSE t.tries END, "
    "due = now() + e.wait_ms * interval '1 millisecond', "
    "ended_at = CASE WHEN e.state IN ('DONE', 'REFUSED') THEN now() END, "
    "rev = greatest(t.rev + 1, $2::bigint) "
    "FROM unnest($1::task_end_row[]) e WHERE t.account_id = e.account_id AND t.key = e.key "
    "AND t.taken = e.taken RETURNING t.account_id, t.key, t.rev"};

#define DOCUMENT_JSON                                                                              \
    "json_build_object('state', CASE state WHEN 'DONE' THEN 'READY' WHEN 'REFUSED' THEN 'REFUSED'" \
    " ELSE 'FETCHING' END, 'url', nullif(result, ''), 'reason', nullif(problem, ''), "             \
    "'expires_at', rfc3339(ended_at + interval '24 hours'))::text"

static const struct sp_statement want_document = {
    "INSERT INTO task AS t (account_id, key, upstream_rev, shop_id, kind, channel_order_id, state, "
    "trace, fact) SELECT $1::bigint, $3::text, 1, $2::bigint, 'DOCUMENT', '', 'WANTED', "
    "gen_random_uuid(), '' WHERE EXISTS (SELECT FROM shop WHERE account_id = $1::bigint "
    "AND shop_id = $2::bigint) "
    "ON CONFLICT (account_id, key) DO UPDATE SET state = 'WANTED', result = '', problem = '', "
    "tries = 0, due = now(), ended_at = NULL "
    "WHERE t.ended_at < now() - CASE t.state WHEN 'DONE' THEN interval '20 hours' "
    "ELSE interval '10 seconds' END"};

static const struct sp_statement show_document = {
    "SELECT " DOCUMENT_JSON " FROM task WHERE account_id = $1::bigint AND key = $2::text"};

/* A newer wish replaces an older one, also one that is on its way: whoever took that writes
 * nothing, and the newer one goes out behind it, when the lease of 20 s has run out.  Side by side
 * the older price might come last. */
static const struct sp_statement want_anew = {
    "INSERT INTO task AS t (account_id, key, upstream_rev, shop_id, kind, channel_order_id, state, "
    "trace, fact) SELECT $1::bigint, $3::text, 1, $2::bigint, $4::text, '', 'WANTED', "
    "gen_random_uuid(), convert_to($5::text, 'UTF8') WHERE EXISTS (SELECT FROM shop "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint) "
    "ON CONFLICT (account_id, key) DO UPDATE SET state = 'WANTED', fact = excluded.fact, "
    "taken = t.taken + 1, tries = 0, due = CASE WHEN t.ended_at IS NULL "
    "THEN least(greatest(t.due, now()), now() + interval '20 seconds') ELSE now() END, "
    "ended_at = NULL, problem = '', made = now() "
    "RETURNING json_build_object('id', key, 'state', state)::text"};

static const struct sp_statement list_tasks = {
    "WITH page AS (SELECT * FROM task WHERE account_id = $1::bigint AND shop_id = $2::bigint "
    "AND kind <> 'DOCUMENT' AND (NOT $3::boolean OR state IN ('WANTED', 'ASKED', 'LABEL')) "
    "AND ($4::text = '' OR (made, key) < (SELECT made, key FROM task WHERE account_id = $1::bigint "
    "AND key = $4::text)) ORDER BY made DESC, key DESC LIMIT $5::bigint) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('id', key, 'kind', "
    "kind, "
    "'state', state, 'channel_order_id', channel_order_id, 'reason', nullif(coalesce(nullif("
    "problem, ''), refusal), ''), 'tries', tries, 'made_at', rfc3339(made), "
    "'next_try_at', CASE WHEN state IN ('WANTED', 'ASKED', 'LABEL') THEN rfc3339(due) END, "
    "'ended_at', rfc3339(ended_at)) ORDER BY made DESC, key DESC), '[]'), 'next_cursor', "
    "CASE WHEN count(*) = $5::bigint THEN (SELECT key FROM page ORDER BY made, key LIMIT 1) END)"
    "::text FROM page"};

/* ---- claims ------------------------------------------------------------------------- */

/* The body of a message without its head. */
static void set_fact(struct sp_set *set, const struct sp_message *message, const void *bare)
{
    struct sp_buffer body = {0};
    enum sp_result result = sp_record_encode(message->record, bare, &body, NULL);
    SP_ASSERT(result == SP_OK); /* it was within all limits when it was read */
    sp_set_bytes(set, sp_buffer_text(&body));
    sp_buffer_free(&body);
}

static void set_head(struct sp_ctx *ctx, struct sp_set *set, const struct sp_head *head,
                     const char *prefix)
{
    sp_set_row(set);
    sp_set_int(set, head->account_id);
    sp_set_string(set, sp_arena_printf(sp_ctx_arena(ctx), "%s/%.*s", prefix, SP_FMT(head->key)));
    sp_set_int(set, head->rev);
}

static void set_rest(struct sp_set *set, const struct sp_head *head, struct sp_text order_id,
                     bool wanted)
{
    sp_set_string(set, order_id);
    sp_set_bool(set, wanted);
    sp_set_uuid(set, head->trace);
    sp_set_time(set, head->emitted_us);
}

int store_claim_shipments(struct sp_ctx *ctx, const struct shipment_requested shipments[],
                          size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "task_row");
    for (size_t i = 0; i < count; i++) {
        struct shipment_requested bare = shipments[i];
        set_head(ctx, set, &bare.head, "shipment");
        sp_set_int(set, bare.shop_id);
        sp_set_string(
            set,
            sp_text_of(task_kind_names[bare.packages_count > 0 ? TASK_SHIP : TASK_MARK_SHIPPED]));
        set_rest(set, &bare.head, bare.channel_order_id, bare.wanted);
        bare.head = (struct sp_head){.key = {0}};
        set_fact(set, &shipment_requested_message, &bare);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_tasks,
                    SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
}

int store_claim_actions(struct sp_ctx *ctx, const struct action_requested actions[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "task_row");
    for (size_t i = 0; i < count; i++) {
        struct action_requested bare = actions[i];
        set_head(ctx, set, &bare.head, "action");
        sp_set_int(set, bare.shop_id);
        /* An unknown kind is rejected by the handler with its reason, and with it this row. */
        bool known = sp_text_among(bare.kind, task_kind_names, TASK_KINDS) >= 0;
        sp_set_string(set, known ? bare.kind : sp_text_of(task_kind_names[TASK_CANCEL]));
        set_rest(set, &bare.head, bare.channel_order_id, true);
        bare.head = (struct sp_head){.key = {0}};
        set_fact(set, &action_requested_message, &bare);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_tasks,
                    SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
}

/* ---- taking and ending -------------------------------------------------------------- */

/* "document/<package>/<type>/<size>", "price/<product>/<sku>", "listing/<product>" */
static void read_key(struct sp_text key, struct sp_text parts[], size_t count)
{
    size_t from = 0, part = 0;
    for (size_t at = 0; at <= key.size && part <= count; at++) {
        if (at < key.size && key.data[at] != '/')
            continue;
        if (part > 0)
            parts[part - 1] = (struct sp_text){key.data + from, at - from};
        part++;
        from = at + 1;
    }
}

/* Those that are wished by an ask have no fact of others. */
static void read_wish(struct sp_text body, struct task *task)
{
    struct sp_text parts[3] = {{0}};
    read_key(task->key, parts, SP_COUNT(parts));
    if (task->kind == TASK_DOCUMENT) {
        task->package_id = parts[0];
        task->document_type = parts[1];
        task->document_size = parts[2];
    } else {
        task->product_id = parts[0];
        task->body = body;
    }
}

static enum sp_result read_fact(struct sp_ctx *ctx, struct sp_text body, struct task *task)
{
    if (task_is_repeatable(task)) {
        read_wish(body, task);
        return SP_OK;
    }
    bool is_shipment = task->kind == TASK_SHIP || task->kind == TASK_MARK_SHIPPED;
    return is_shipment ? sp_record_decode(shipment_requested_message.record, &body, &task->shipment,
                                          sp_ctx_arena(ctx), sp_ctx_error(ctx))
                       : sp_record_decode(action_requested_message.record, &body, &task->action,
                                          sp_ctx_arena(ctx), sp_ctx_error(ctx));
}

static enum sp_result read_task(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                struct task *task)
{
    int kind = sp_text_among(sp_row_text(rows, row, 6), task_kind_names, TASK_KINDS);
    SP_ASSERT(kind >= 0); /* the table's CHECK has the same names */
    *task = (struct task){.access = store_read_access(rows, row),
                          .key = sp_row_text(rows, row, 5),
                          .kind = (enum task_kind)kind,
                          .state = sp_state_of(&task_machine, sp_row_text(rows, row, 7)),
                          .taken = sp_row_int(rows, row, 8),
                          .tries = (int)sp_row_int(rows, row, 9),
                          .channel_order_id = sp_row_text(rows, row, 10),
                          .decision = sp_row_text(rows, row, 11),
                          .refusal = sp_row_text(rows, row, 12),
                          .now_s = sp_row_int(rows, row, 13)};
    struct sp_text trace = sp_row_text(rows, row, 14);
    SP_ASSERT(trace.size == SP_TRACE_BYTES && task->state >= 0);
    memcpy(task->trace, trace.data, SP_TRACE_BYTES);
    return read_fact(ctx, sp_row_text(rows, row, 15), task);
}

enum sp_result store_take_tasks(struct sp_ctx *ctx, size_t most, struct task **tasks, size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_tasks, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    enum sp_result result = SP_OK;
    *count = sp_rows_count(rows);
    *tasks = sp_arena_array(sp_ctx_arena(ctx), *count, sizeof **tasks);
    for (size_t row = 0; row < *count && result == SP_OK; row++)
        result = read_task(ctx, rows, row, &(*tasks)[row]);
    return result;
}

static void set_end(struct sp_set *set, const struct task_end *end)
{
    sp_set_row(set);
    sp_set_int(set, end->task->access.shop.account_id);
    sp_set_string(set, end->task->key);
    sp_set_int(set, end->task->taken);
    sp_set_string(set, sp_text_of(task_machine.states[end->state]));
    sp_set_string(set, end->decision);
    sp_set_string(set, end->refusal);
    sp_set_string(set, end->problem);
    sp_set_string(set, end->result);
    sp_set_int(set, end->wait_ms);
    sp_set_bool(set, end->counts);
}

enum sp_result store_end_tasks(struct sp_ctx *ctx, const struct task_end ends[], size_t count,
                               int64_t revs[])
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "task_end_row");
    for (size_t i = 0; i < count; i++)
        set_end(set, &ends[i]);
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &end_tasks,
                                          SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t i = 0; i < count; i++) {
        revs[i] = 0;
        for (size_t row = 0; row < sp_rows_count(rows) && revs[i] == 0; row++) {
            if (sp_row_int(rows, row, 0) == ends[i].task->access.shop.account_id &&
                sp_text_equal(sp_row_text(rows, row, 1), ends[i].task->key))
                revs[i] = sp_row_int(rows, row, 2);
        }
    }
    return SP_OK;
}

/* ---- for people --------------------------------------------------------------------- */

static enum sp_result append_text(struct sp_ctx *ctx, const struct sp_rows *rows,
                                  struct sp_buffer *out)
{
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return SP_REJECT;
    sp_buffer_put_text(out, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result store_want_document(struct sp_ctx *ctx, const struct document_wish *wish,
                                   struct sp_buffer *out)
{
    struct sp_text key =
        sp_arena_printf(sp_ctx_arena(ctx), "document/%.*s/%.*s/%.*s", SP_FMT(wish->package_id),
                        SP_FMT(wish->type), SP_FMT(wish->size));
    int64_t account_id = wish->shop.account_id;
    (void)sp_queue(sp_ctx_db(ctx), &want_document,
                   SP_PARAMS(sp_int(account_id), sp_int(wish->shop.shop_id), sp_string(key)));
    return append_text(ctx,
                       sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &show_document,
                                SP_PARAMS(sp_int(account_id), sp_string(key))),
                       out);
}

static enum sp_result want(struct sp_ctx *ctx, struct shop_key shop, enum task_kind kind,
                           const struct sp_text texts[2], struct sp_buffer *out)
{
    return append_text(
        ctx,
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &want_anew,
                 SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_string(texts[0]),
                           sp_cstring(task_kind_names[kind]), sp_string(texts[1]))),
        out);
}

enum sp_result store_want_price(struct sp_ctx *ctx, const struct price_wish *wish,
                                struct sp_buffer *out)
{
    struct sp_text key = sp_arena_printf(sp_ctx_arena(ctx), "price/%.*s/%.*s",
                                         SP_FMT(wish->product_id), SP_FMT(wish->sku_id));
    return want(ctx, wish->shop, TASK_PRICE, (struct sp_text[]){key, wish->body}, out);
}

enum sp_result store_want_listing(struct sp_ctx *ctx, struct shop_key shop,
                                  struct sp_text product_id, struct sp_buffer *out)
{
    struct sp_text key = sp_arena_printf(sp_ctx_arena(ctx), "listing/%.*s", SP_FMT(product_id));
    return want(ctx, shop, TASK_LISTING, (struct sp_text[]){key, SP_TEXT("")}, out);
}

enum sp_result store_list_tasks(struct sp_ctx *ctx, const struct task_page *page,
                                struct sp_buffer *out)
{
    return append_text(
        ctx,
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_tasks,
                 SP_PARAMS(sp_int(page->shop.account_id), sp_int(page->shop.shop_id),
                           sp_boolean(page->open), sp_string(page->after), sp_int(page->most))),
        out);
}
