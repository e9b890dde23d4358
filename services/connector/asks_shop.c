/* Connected shops: lists, details, the pull switch, settings, disconnecting. */
#include "common/text.h"
#include "services/connector/activity_store.h"
#include "services/connector/asks.h"
#include "services/connector/choice.h"
#include "services/connector/order_json.h"
#include "services/connector/progress.h"
#include "services/connector/pull_store.h"
#include "services/connector/settings_store.h"
#include "services/connector/task_store.h"

enum { CHANGES_ACCOUNTS = 1000, HISTORY_PAGE = 50, HISTORY_MOST = 200, ALIAS_MAX = 120 };

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

/* All products of a shop, or the one that is named. */
enum sp_result ask_download(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct shop_key shop;
    struct sp_json body;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    struct sp_text product = sp_json_text(sp_json_get(body, "product_id"), sp_ctx_arena(ctx));
    if (product.size > 0 && !tiktok_is_id(product))
        return sp_answer_problem(answer, 400, "BAD_REQUEST",
                                 "product_id must be the marketplace's id");
    enum sp_result result = product.size > 0 ? store_want_listing(ctx, shop, product, &answer->body)
                                             : store_listings_anew(ctx, shop);
    if (result != SP_OK)
        return result == SP_REJECT ? no_such_shop(answer) : result;
    answer->status = 202;
    sp_wake(ctx, product.size > 0 ? "run-tasks" : "pull-pages");
    if (product.size > 0)
        return SP_OK;
    store_shop_event(ctx, shop, "listings-wanted", ask->user, (struct sp_text){0});
    sp_buffer_put_string(&answer->body, "{}");
    return SP_OK;
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

/* ---- settings
 * ---------------------------------------------------------------------------------------- */

static enum sp_result read_settings(struct sp_ctx *ctx, struct sp_json body,
                                    struct shop_settings *settings)
{
    enum { ALIAS, WAREHOUSE, RESERVE, MEMBERS };
    static const char *const names[MEMBERS] = {"alias", "warehouse_id", "reserve_unpaid"};
    struct sp_json value[MEMBERS];
    sp_json_members(body, names, MEMBERS, value);
    *settings = (struct shop_settings){
        .alias = sp_json_text(value[ALIAS], sp_ctx_arena(ctx)),
        .has_warehouse = value[WAREHOUSE].kind != SP_JSON_NONE,
        .warehouse_id = sp_json_int(value[WAREHOUSE], 0),
        .has_reserve = value[RESERVE].kind == SP_JSON_BOOL,
        .reserve_unpaid = sp_json_bool(value[RESERVE]),
    };
    if (value[ALIAS].kind != SP_JSON_NONE && settings->alias.size == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "a shop needs a name");
    settings->alias = sp_text_fit(settings->alias, ALIAS_MAX, sp_ctx_arena(ctx));
    return settings->warehouse_id >= 0
               ? SP_OK
               : sp_fail(sp_ctx_error(ctx), SP_REJECT, "warehouse_id is none of ours");
}

static enum sp_result read_span(struct sp_ctx *ctx, struct sp_json json,
                                struct shop_history *history)
{
    struct connect_choice choice = {0};
    int64_t now_s = 0;
    enum sp_result result = store_now(ctx, &now_s);
    if (result != SP_OK)
        return result;
    result = choice_read_history(json, now_s, sp_ctx_arena(ctx), &choice, sp_ctx_error(ctx));
    if (result == SP_OK && sp_text_is(choice.history, "none"))
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "history: choose days or range");
    *history = (struct shop_history){choice.from_s, choice.until_s, false};
    return result;
}

/* The history last: it alone may be refused for what is under way. */
static enum sp_result change(struct sp_ctx *ctx, const struct sp_ask *ask, struct shop_key shop,
                             struct sp_json body, struct sp_answer *answer)
{
    struct shop_settings settings;
    struct shop_history history = {.begun = true};
    struct sp_json wanted = sp_json_get(body, "history");
    enum sp_result result = read_settings(ctx, body, &settings);
    if (result == SP_OK && wanted.kind != SP_JSON_NONE)
        result = read_span(ctx, wanted, &history);
    if (result == SP_REJECT)
        return sp_answer_problem(answer, 422, "CHOICE_BAD", "%s", sp_ctx_error(ctx)->text);
    if (result == SP_OK)
        result = store_change_shop(ctx, shop, ask->user, &settings);
    if (result == SP_OK && wanted.kind != SP_JSON_NONE)
        result = store_begin_history(ctx, shop, ask->user, &history);
    if (result == SP_OK && !history.begun)
        return sp_answer_problem(answer, 409, "HISTORY_RUNNING",
                                 "the history is being loaded: wait until that is done");
    return result == SP_REJECT ? no_such_shop(answer) : result;
}

enum sp_result ask_settings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct shop_key shop;
    struct sp_json body;
    if (!read_shop(ctx, ask, &shop))
        return no_such_shop(answer);
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    enum sp_result result = change(ctx, ask, shop, body, answer);
    if (result != SP_OK)
        return result;
    sp_wake(ctx, "pull-pages");
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
