/* What every service answers: how it is, its dead letters, replaying them, and the hops of an
 * order. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/builtin.h"
#include "common/ctx.h"
#include "common/json.h"

enum { LETTERS_LISTED = 200, LETTERS_REPLAYED = 500 };

static const struct sp_statement read_system = {
    "SELECT json_build_object("
    "'outbox', (SELECT coalesce(json_object_agg(dest, json_build_object('depth', n, 'oldest_s', "
    "s)), "
    "'{}') FROM (SELECT dest, count(*) n, round(extract(epoch FROM now() - min(made)))::bigint s "
    "FROM outbox GROUP BY dest) o), "
    "'dead_letters', (SELECT count(*) FROM dead_letter), "
    "'later', (SELECT count(*) FROM later), 'heal', (SELECT count(*) FROM heal_waiting))::text"};

/* account_id 0: letters whose messages could not be told apart.  Nobody's more than another's:
 * every account's owner may see that they exist and have them read again. */
static const struct sp_statement list_letters = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
    "'id', id::text, 'type', type, 'key', key, 'rev', rev::text, 'reason', reason, "
    "'seen', seen, 'made', made) ORDER BY id), '[]'), "
    "'next_cursor', CASE WHEN count(*) = $3::bigint THEN max(id)::text END)::text "
    "FROM (SELECT * FROM dead_letter WHERE account_id IN ($1::bigint, 0) AND id > $2::bigint "
    "ORDER BY id LIMIT $3::bigint) d"};

/* What the service's view order_hop says of an order, newest first; 500 are more than any order
 * has. */
static const struct sp_statement list_hops = {
    "SELECT json_build_object('hops', coalesce(json_agg(json_build_object('service', "
    "coalesce(service, $3::text), "
    "'fact', fact, 'trace_id', replace(trace::text, '-', ''), "
    "'emitted_at', to_char(emitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "'committed_at', to_char(committed_at AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "'took_ms', round(extract(epoch FROM committed_at - emitted_at) * 1000, 1)) "
    "ORDER BY committed_at DESC), '[]'))::text "
    "FROM (SELECT * FROM order_hop WHERE account_id = $1::bigint AND order_id = $2::text "
    "ORDER BY committed_at DESC LIMIT 500) h"};

/* Replaying is putting them among the messages that are due now: one mechanism for both. */
static const struct sp_statement replay_letters = {
    "WITH taken AS (DELETE FROM dead_letter WHERE account_id IN ($1::bigint, 0) "
    "AND id = ANY ($2::bigint[]) RETURNING *) "
    "INSERT INTO later (type, account_id, key, rev, body, due, since) "
    "SELECT DISTINCT ON (type, account_id, key) type, account_id, key, rev, body, now(), since "
    "FROM taken "
    "ORDER BY type, account_id, key, rev DESC "
    "ON CONFLICT (type, account_id, key) DO UPDATE SET rev = excluded.rev, body = excluded.body, "
    "due = excluded.due, since = excluded.since WHERE later.rev <= excluded.rev"};

static enum sp_result put_json(struct sp_ctx *ctx, const struct sp_rows *rows,
                               struct sp_answer *answer)
{
    if (sp_rows_count(rows) != 1)
        return sp_db_failure(ctx->db);
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

static enum sp_result ask_system(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    (void)ask;
    static const struct sp_host nowhere = {0};
    const struct sp_host *host = ctx->host == NULL ? &nowhere : ctx->host;
    bool ready = host->ready == NULL || host->ready(host->context);
    int64_t up_us = host->started_us == 0 ? 0 : sp_monotonic_us() - host->started_us;
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &read_system, SP_NO_PARAMS);
    if (sp_rows_count(rows) != 1)
        return SP_RETRY;
    struct sp_text queues = sp_row_text(rows, 0, 0);
    answer->status = 200;
    sp_buffer_printf(&answer->body,
                     "{\"ready\":%s,\"service\":\"%s\",\"version\":\"%s\",\"pid\":%d,"
                     "\"uptime_s\":%lld,%.*s",
                     ready ? "true" : "false", ctx->service->name, SAMPAN_VERSION, (int)getpid(),
                     (long long)(up_us / 1000000), (int)queues.size - 1, queues.data + 1);
    return SP_OK;
}

static enum sp_result ask_dead_letters(struct sp_ctx *ctx, const struct sp_ask *ask,
                                       struct sp_answer *answer)
{
    int64_t after = 0, limit = 0;
    if (sp_ask_int(ctx, ask, "cursor", (struct sp_range){0, 0, INT64_MAX}, &after) != SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){50, 1, LETTERS_LISTED}, &limit) != SP_OK)
        return SP_REJECT;
    return put_json(ctx,
                    sp_query(ctx->db, &ctx->error, &list_letters,
                             SP_PARAMS(sp_int(ask->account_id), sp_int(after), sp_int(limit))),
                    answer);
}

static enum sp_result ask_replay(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct sp_json body, id;
    if (sp_json_parse(ask->body, &body, &ctx->error) != SP_OK)
        return SP_REJECT;
    int64_t ids[LETTERS_REPLAYED];
    size_t count = 0;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "ids"));
    while (sp_json_next(&walk, NULL, &id)) {
        if (count == LETTERS_REPLAYED)
            return sp_answer_problem(answer, 422, "TOO_MANY", "at most %d letters at a time",
                                     LETTERS_REPLAYED);
        ids[count++] = sp_json_int(id, 0);
    }
    const struct sp_rows *rows =
        sp_query(ctx->db, &ctx->error, &replay_letters,
                 SP_PARAMS(sp_int(ask->account_id), sp_ints(ctx->db, ids, count)));
    if (rows == NULL)
        return SP_RETRY;
    sp_wake(ctx, "later");
    answer->status = 200;
    sp_buffer_printf(&answer->body, "{\"replayed\":%zu}", sp_rows_affected(rows));
    return SP_OK;
}

static enum sp_result ask_hops(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    return put_json(ctx,
                    sp_query(ctx->db, &ctx->error, &list_hops,
                             SP_PARAMS(sp_int(ask->account_id), sp_string(sp_ask_param(ask, "id")),
                                       sp_cstring(ctx->service->name))),
                    answer);
}

static const struct {
    const char *verb;
    struct sp_ask_route route;
} builtin[] = {
    {"system", {.name = "system", .permission = NULL, .run = ask_system}},
    {"dead-letters",
     {.name = "dead-letters", .permission = "system.read", .run = ask_dead_letters}},
    {"hops", {.name = "hops", .permission = "orders.read", .run = ask_hops}},
    {"replay",
     {.name = "replay", .permission = "system.write", .command = true, .run = ask_replay}},
};

const struct sp_ask_route *sp_builtin_ask(const struct sp_service *service, struct sp_text name)
{
    size_t prefix = strlen(service->name);
    if (name.size <= prefix + 1 || memcmp(name.data, service->name, prefix) != 0 ||
        name.data[prefix] != '.')
        return NULL;
    struct sp_text verb = {name.data + prefix + 1, name.size - prefix - 1};
    for (size_t i = 0; i < SP_COUNT(builtin); i++) {
        if (sp_text_is(verb, builtin[i].verb))
            return &builtin[i].route;
    }
    return NULL;
}

size_t sp_destinations(const struct sp_service *service, const char *dests[], size_t room)
{
    size_t count = 0;
    for (const struct sp_message *const *m = sp_messages; *m != NULL; m++) {
        if (!sp_message_may_send(*m, sp_text_of(service->name)))
            continue;
        for (const char *const *to = (*m)->to; *to != NULL; to++) {
            bool known = strcmp(*to, service->name) == 0;
            for (size_t i = 0; i < count && !known; i++)
                known = strcmp(dests[i], *to) == 0;
            if (!known && count < room)
                dests[count++] = *to;
        }
    }
    return count;
}
