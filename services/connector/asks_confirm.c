/* The end of connecting: the seller confirms which shops. */
#include "services/connector/asks.h"
#include "services/connector/choice.h"
#include "services/connector/progress.h"

static const struct {
    const char *code, *detail;
} refusals[] = {
    {"CONNECT_NOT_CHOOSING", "this connection is not waiting for a choice: start again"},
    {"SHOP_NOT_GRANTED", "the consent does not cover one of these shops"},
    {"SHOP_TEST_FAILED", "the test call to one of these shops failed"},
    {"SHOP_LINKED_ELSEWHERE", "one of these shops is connected in another account"},
};

static enum sp_result refuse(struct sp_answer *answer, const char *code)
{
    for (size_t i = 0; i < SP_COUNT(refusals); i++) {
        if (sp_text_is(sp_text_of(code), refusals[i].code))
            return sp_answer_problem(answer, 409, code, "%s", refusals[i].detail);
    }
    return SP_REJECT;
}

static void answer_shops(struct sp_ctx *ctx, const struct connect_confirm *confirm,
                         struct sp_answer *answer)
{
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "shops");
    for (size_t i = 0; i < confirm->count; i++)
        sp_json_put_string(
            &json, NULL,
            sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)confirm->shops[i].shop_id));
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
}

enum sp_result ask_confirm(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct choice_list list;
    struct sp_json body;
    int64_t now_s = 0;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    enum sp_result result = store_now(ctx, &now_s);
    if (result != SP_OK)
        return result;
    if (choice_read(body, now_s, sp_ctx_arena(ctx), &list, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 422, "CHOICE_BAD", "%s", sp_ctx_error(ctx)->text);
    struct connect_confirm confirm = {
        .connect_id = sp_ask_param(ask, "id"), .choices = list.choices, .count = list.count};
    result = store_confirm(ctx, ask, &confirm);
    if (result != SP_OK)
        return confirm.code == NULL ? result : refuse(answer, confirm.code);
    result = shops_say(ctx, confirm.shops, confirm.count);
    if (result != SP_OK)
        return result;
    answer_shops(ctx, &confirm, answer);
    sp_wake(ctx, "pull-pages");
    return SP_OK;
}
