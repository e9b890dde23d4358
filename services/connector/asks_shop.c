/* Connected shops: lists, details, the pull switch, disconnecting. */
#include "services/connector/activity_store.h"
#include "services/connector/asks.h"
#include "services/connector/progress.h"

enum { CHANGES_ACCOUNTS = 1000, HISTORY_PAGE = 50, HISTORY_MOST = 200 };

static enum sp_result no_such_shop(struct sp_answer *answer)
{
    return sp_answer_problem(answer, 404, "NO_SUCH_SHOP", "there is no such connected shop");
}

static bool read_shop(struct sp_ctx *ctx, const struct sp_ask *ask, struct shop_key *shop)
{
    *shop = (struct shop_key){.account_id = ask->account_id};
    return sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &shop->shop_id) ==
               SP_OK &&
           shop->shop_id > 0;
}

enum sp_result ask_shops(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    answer->status = 200;
    bool disconnected = sp_text_is(sp_ask_param(ask, "disconnected"), "true");
    return store_shops_document(ctx, ask->account_id, disconnected, &answer->body);
}

enum sp_result ask_shop(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct shop_key shop;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    enum sp_result result = store_shop_document(ctx, shop, &answer->body);
    answer->status = 200;
    return result == SP_REJECT ? no_such_shop(answer) : result;
}

/* The new state, after a command. */
static enum sp_result answer_shop(struct sp_ctx *ctx, struct shop_key shop,
                                  struct sp_answer *answer)
{
    enum sp_result result = shops_say(ctx, &shop, 1);
    answer->status = 200;
    return result == SP_OK ? store_shop_document(ctx, shop, &answer->body) : result;
}

enum sp_result ask_pull_switch(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct shop_key shop;
    struct sp_json body;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK ||
        sp_json_get(body, "on").kind != SP_JSON_BOOL)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "\"on\" must be true or false");
    bool on = sp_json_bool(sp_json_get(body, "on"));
    enum sp_result result = store_switch_pull(ctx, shop, on);
    if (result != SP_OK)
        return result == SP_REJECT ? no_such_shop(answer) : result;
    store_shop_event(ctx, shop, on ? "pull-on" : "pull-off", ask->user, (struct sp_text){0});
    if (on)
        sp_wake(ctx, "pull-pages");
    return answer_shop(ctx, shop, answer);
}

enum sp_result ask_disconnect(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct shop_key shop;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    enum sp_result result = store_disconnect(ctx, shop);
    if (result != SP_OK)
        return result == SP_REJECT ? no_such_shop(answer) : result;
    store_shop_event(ctx, shop, "disconnected", ask->user, (struct sp_text){0});
    return answer_shop(ctx, shop, answer);
}

/* ---- what happened
 * ---------------------------------------------------------------------------------------- */

typedef enum sp_result history_document(struct sp_ctx *ctx, struct shop_key shop, int64_t before,
                                        int64_t most, struct sp_buffer *document);

static enum sp_result answer_history(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     struct sp_answer *answer, history_document *document)
{
    struct shop_key shop;
    int64_t before, most;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    if (sp_ask_int(ctx, ask, "cursor", (struct sp_range){INT64_MAX, 1, INT64_MAX}, &before) !=
            SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){HISTORY_PAGE, 1, HISTORY_MOST}, &most) !=
            SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    enum sp_result result = document(ctx, shop, before, most, &answer->body);
    answer->status = 200;
    return result == SP_REJECT ? no_such_shop(answer) : result;
}

enum sp_result ask_activity(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return answer_history(ctx, ask, answer, store_activity_document);
}

enum sp_result ask_notices(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return answer_history(ctx, ask, answer, store_notices_document);
}

enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_json body, element;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "accounts"));
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), CHANGES_ACCOUNTS, sizeof *accounts);
    size_t count = 0;
    while (!walk.object && count < CHANGES_ACCOUNTS && sp_json_next(&walk, NULL, &element))
        accounts[count++] = sp_json_int(element, 0);
    answer->status = 200;
    return store_changes_document(ctx, accounts, count, sp_json_int(sp_json_get(body, "since"), 0),
                                  &answer->body);
}
