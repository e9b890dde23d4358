/* A service in the connector's place that answers each ask with what it was asked: shows what
 * arrives on the other side of the gateway.  For the test of the edge, and for measuring the edge
 * alone. */
#include <stdio.h>

#include "common/service.h"

extern const struct sp_migration sp_no_migrations[];

static void write_ask(const struct sp_ask *ask, struct sp_buffer *out)
{
    char account[24];
    (void)snprintf(account, sizeof account, "%lld", (long long)ask->account_id);
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "name", ask->name);
    sp_json_put_cstring(&json, "account", account);
    sp_json_put_string(&json, "user", ask->user);
    sp_json_put_string(&json, "language", ask->language);
    sp_json_put_string(&json, "key", ask->idempotency_key);
    sp_json_put_string(&json, "body", ask->body);
    sp_json_open_object(&json, "params");
    for (size_t i = 0; i < ask->param_count; i++) {
        char name[65];
        (void)snprintf(name, sizeof name, "%.*s", SP_FMT(ask->params[i].name));
        sp_json_put_string(&json, name, ask->params[i].value);
    }
    sp_json_close_object(&json);
    sp_json_put_int(&json, "permissions", (int64_t)ask->permission_count);
    sp_json_close_object(&json);
}

static enum sp_result ask_echo(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    (void)ctx;
    answer->status = 200;
    write_ask(ask, &answer->body);
    return SP_OK;
}

static enum sp_result ask_made(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    enum sp_result result = ask_echo(ctx, ask, answer);
    answer->status = 201;
    return result;
}

static enum sp_result ask_nothing(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    (void)ctx, (void)ask;
    answer->status = 200;
    return SP_OK;
}

static enum sp_result ask_refused(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    (void)ctx, (void)ask;
    return sp_answer_problem(answer, 409, "SHOP_BUSY", "the shop is busy");
}

static enum sp_result ask_return(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    (void)ctx;
    if (sp_ask_param(ask, "session").size == 0)
        return sp_answer_problem(answer, 400, "SESSION_MISSING", "the gateway named none");
    if (!sp_text_is(sp_ask_param(ask, "state"), "good"))
        return sp_answer_problem(answer, 409, "STATE_BAD", "no such state");
    answer->status = 200;
    sp_buffer_put_string(&answer->body, "{\"connect_id\":\"c-1\"}");
    return SP_OK;
}

static enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    (void)ctx;
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, NULL) != SP_OK)
        return SP_REJECT;
    int64_t since = sp_json_int(sp_json_get(body, "since"), 0);
    answer->status = 200;
    sp_buffer_printf(
        &answer->body,
        "{\"since\":%lld,\"accounts\":[{\"account_id\":\"1\",\"counts\":{\"since\":%lld},"
        "\"ids\":[]},{\"account_id\":\"2\",\"counts\":{},\"ids\":null}]}",
        (long long)since + 1, (long long)since);
    return SP_OK;
}

static enum sp_result ask_webhooks(struct sp_ctx *ctx, const struct sp_ask asks[],
                                   struct sp_answer answers[], size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        answers[i].status = sp_text_is(sp_ask_param(&asks[i], "signature"), "good") ? 200 : 401;
    return SP_OK;
}

static const struct sp_ask_route asks[] = {
    {.name = "connector.webhook", .run_many = ask_webhooks},
    {.name = "connector.oauth-return", .run = ask_return},
    {.name = "connector.changes", .run = ask_changes},
    {.name = "connector.shops", .permission = "shops.read", .run = ask_echo},
    {.name = "connector.shop", .permission = "shops.read", .run = ask_echo},
    {.name = "connector.connect", .permission = "shops.write", .command = true, .run = ask_made},
    {.name = "connector.decline", .permission = "shops.write", .command = true, .run = ask_nothing},
    {.name = "connector.disconnect",
     .permission = "shops.write",
     .command = true,
     .run = ask_refused},
    {0},
};

const struct sp_migration sp_no_migrations[] = {{0}};

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "connector", .asks = asks, .migrations = sp_no_migrations};
    return sp_service_main(&service, argc, argv);
}
