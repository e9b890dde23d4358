/* What the marketplace was asked to do, and files of packages. */
#include <string.h>

#include "common/json.h"
#include "services/connector/asks.h"
#include "services/connector/task_store.h"
#include "services/connector/value.h"

enum { LISTED = 50, MOST_LISTED = 200 };

static enum sp_result no_such_shop(struct sp_answer *answer)
{
    return sp_answer_problem(answer, 404, "NO_SUCH_SHOP", "there is no such connected shop");
}

/* `state`: open (what is not ended) or nothing. */
enum sp_result ask_tasks(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_text state = sp_ask_param(ask, "state");
    struct task_page page = {.shop.account_id = ask->account_id,
                             .open = sp_text_is(state, "open"),
                             .after = sp_ask_param(ask, "cursor")};
    if (sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &page.shop.shop_id) !=
            SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){LISTED, 1, MOST_LISTED}, &page.most) !=
            SP_OK)
        return SP_REJECT;
    if (state.size > 0 && !page.open)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "state may only be \"open\"");
    answer->status = 200;
    return store_list_tasks(ctx, &page, &answer->body);
}

/* The marketplace's words, of which more may come: only what a word may be is checked. */
static bool is_word(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        bool good = (text.data[i] >= 'A' && text.data[i] <= 'Z') || text.data[i] == '_' ||
                    (text.data[i] >= '0' && text.data[i] <= '9');
        if (!good)
            return false;
    }
    return text.size > 0 && text.size <= 48;
}

enum sp_result ask_document(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct document_wish wish = {.shop.account_id = ask->account_id,
                                 .package_id = sp_ask_param(ask, "package"),
                                 .type = sp_ask_param(ask, "type"),
                                 .size = sp_ask_param(ask, "size")};
    if (sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &wish.shop.shop_id) != SP_OK)
        return SP_REJECT;
    if (wish.type.size == 0)
        wish.type = SP_TEXT("SHIPPING_LABEL");
    if (wish.size.size == 0)
        wish.size = SP_TEXT("A6");
    if (!tiktok_is_id(wish.package_id) || !is_word(wish.type) || !is_word(wish.size))
        return sp_answer_problem(answer, 400, "BAD_REQUEST",
                                 "package, type and size must be the marketplace's words");
    answer->status = 200;
    enum sp_result result = store_want_document(ctx, &wish, &answer->body);
    sp_wake(ctx, "run-tasks");
    return result == SP_REJECT ? no_such_shop(answer) : result;
}

/* "14.50": digits, and behind a point at most four more; not zero. */
static bool is_amount(struct sp_text text)
{
    size_t point = text.size, digits = 0;
    bool positive = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.' && point == text.size && i > 0)
            point = i;
        else if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        else if (++digits > 0 && text.data[i] != '0')
            positive = true;
    }
    size_t behind = point == text.size ? 0 : text.size - point - 1;
    return positive && digits <= 16 && behind <= 4 && (point == text.size || behind > 0);
}

static bool is_currency(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    }
    return text.size == 3;
}

static struct sp_text price_body(struct sp_ctx *ctx, struct sp_text sku_id, struct sp_text amount,
                                 struct sp_text currency)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "skus");
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "id", sku_id);
    sp_json_open_object(&json, "price");
    sp_json_put_string(&json, "amount", amount);
    sp_json_put_string(&json, "currency", currency);
    sp_json_close_object(&json);
    sp_json_close_object(&json);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(sp_ctx_arena(ctx), sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

enum sp_result ask_price(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_json body;
    struct price_wish wish = {.shop.account_id = ask->account_id};
    if (sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &wish.shop.shop_id) != SP_OK)
        return SP_REJECT;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text amount = sp_json_text(sp_json_get(body, "amount"), arena);
    struct sp_text currency = sp_json_text(sp_json_get(body, "currency"), arena);
    wish.product_id = sp_json_text(sp_json_get(body, "product_id"), arena);
    wish.sku_id = sp_json_text(sp_json_get(body, "sku_id"), arena);
    if (!tiktok_is_id(wish.product_id) || !tiktok_is_id(wish.sku_id))
        return sp_answer_problem(answer, 400, "BAD_REQUEST",
                                 "product_id and sku_id must be the marketplace's ids");
    if (!is_amount(amount) || !is_currency(currency))
        return sp_answer_problem(answer, 400, "BAD_REQUEST",
                                 "amount must be a decimal like \"14.50\" above 0, currency three "
                                 "capital letters");
    wish.body = price_body(ctx, wish.sku_id, amount, currency);
    answer->status = 200;
    enum sp_result result = store_want_price(ctx, &wish, &answer->body);
    sp_wake(ctx, "run-tasks");
    return result == SP_REJECT ? no_such_shop(answer) : result;
}
