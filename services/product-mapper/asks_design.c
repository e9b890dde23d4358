/* Print files: what there is, what has which, and listings whose every order line has its own. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/decide_again.h"
#include "services/product-mapper/design_match.h"
#include "services/product-mapper/design_store.h"
#include "services/product-mapper/relink.h"

enum { DESIGN_ID_BYTES = 64, NAME_BYTES = 255, IDS_MOST = 500 };

static enum sp_result read_body(const struct sp_ask *ask, struct sp_json *body,
                                struct sp_answer *answer)
{
    struct sp_error why;
    if (sp_json_parse(ask->body, body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    return SP_OK;
}

/* A list of texts: at least one, at most IDS_MOST. */
static enum sp_result read_list(struct sp_ctx *ctx, struct sp_json list, struct key_list *keys,
                                struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text *found = sp_arena_array(arena, IDS_MOST, sizeof *found);
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && sp_json_next(&walk, NULL, &element)) {
        if (count == IDS_MOST)
            return sp_answer_problem(answer, 422, "ITEMS_BAD", "at most %d", IDS_MOST);
        found[count++] = sp_json_text(element, arena);
    }
    if (count == 0)
        return sp_answer_problem(answer, 422, "ITEMS_BAD", "the list names nothing");
    *keys = (struct key_list){found, count};
    return SP_OK;
}

/* ---- what there is
 * -------------------------------------------------------------------------------- */

/* The gateway has stored the file, and says what it found in it. */
enum sp_result ask_add_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    enum sp_result result = read_body(ask, &body, answer);
    if (result != SP_OK)
        return result;
    struct design design = {
        .design_id = sp_json_text(sp_json_get(body, "id"), arena),
        .name = sp_json_text(sp_json_get(body, "name"), arena),
        .kind = sp_json_text(sp_json_get(body, "kind"), arena),
        .bytes = sp_json_int(sp_json_get(body, "bytes"), 0),
        .width = sp_json_int(sp_json_get(body, "width"), 0),
        .height = sp_json_int(sp_json_get(body, "height"), 0),
    };
    if (design.design_id.size != DESIGN_ID_BYTES || design.name.size == 0 ||
        design.name.size > NAME_BYTES)
        return sp_answer_problem(answer, 422, "DESIGN_BAD", "the file needs a name of up to %d",
                                 NAME_BYTES);
    return mapper_answer_document(ctx, store_add_design(ctx, ask->account_id, &design, ask->user),
                                  answer);
}

enum sp_result ask_designs(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct list_query query;
    struct sp_error why;
    if (mapper_read_query(ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_list_designs(ctx, ask->account_id, &query), answer);
}

/* Which of the files that lie there nobody needs. */
enum sp_result ask_strange_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct sp_answer *answer)
{
    struct sp_json body;
    struct key_list ids;
    enum sp_result result = read_body(ask, &body, answer);
    if (result == SP_OK)
        result = read_list(ctx, sp_json_get(body, "ids"), &ids, answer);
    if (result != SP_OK)
        return result;
    int64_t account_id = sp_json_int(sp_json_get(body, "account_id"), 0);
    return mapper_answer_document(ctx, store_strange_designs(ctx, account_id, ids), answer);
}

/* ---- what has which
 * ------------------------------------------------------------------------------- */

static enum sp_result refuse_strange(struct sp_ctx *ctx, int64_t account_id,
                                     struct sp_text design_id, struct sp_answer *answer)
{
    if (design_id.size == 0)
        return SP_OK;
    const struct sp_rows *rows =
        store_hold_designs(ctx, account_id, (struct key_list){&design_id, 1});
    if (rows == NULL)
        return mapper_failed(ctx);
    return sp_rows_count(rows) == 1
               ? SP_OK
               : sp_answer_problem(answer, 422, "DESIGN_UNKNOWN", "there is no such design");
}

static enum sp_result answer_skus(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                                  struct sp_answer *answer)
{
    return mapper_answer_document(ctx, store_list_skus(ctx, account_id, skus), answer);
}

/* {"design_id": "" takes it away, "skus": […]} */
enum sp_result ask_attach_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    struct sp_json body;
    struct key_list skus;
    enum sp_result result = read_body(ask, &body, answer);
    if (result == SP_OK)
        result = read_list(ctx, sp_json_get(body, "skus"), &skus, answer);
    if (result != SP_OK)
        return result;
    struct sp_text id = sp_json_text(sp_json_get(body, "design_id"), sp_ctx_arena(ctx));
    result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = refuse_strange(ctx, ask->account_id, id, answer);
    if (result != SP_OK)
        return result;
    store_attach_design(ctx, &origin, id, skus);
    result = mapper_settle(ctx, &origin, skus);
    return result == SP_OK ? answer_skus(ctx, ask->account_id, skus, answer) : result;
}

/* The SKUs that a file's name means, into `keys`; `sku` is empty when it means none. */
static enum sp_result find_named(struct sp_ctx *ctx, int64_t account_id, struct sp_text name,
                                 struct sp_text *sku, struct key_list *keys)
{
    const struct sp_rows *rows = store_find_named(ctx, account_id, name);
    if (rows == NULL)
        return mapper_failed(ctx);
    size_t count = sp_rows_count(rows), found = 0;
    struct sp_text *skus = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *skus);
    struct sp_text *named = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *named);
    for (size_t row = 0; row < count; row++)
        skus[row] = sp_row_text(rows, row, 1);
    size_t best = mapper_design_sku(name, skus, count);
    *sku = best < count ? skus[best] : (struct sp_text){0};
    for (size_t row = 0; row < count && best < count; row++) {
        if (sp_text_equal(skus[row], *sku))
            named[found++] = sp_row_text(rows, row, 0);
    }
    *keys = (struct key_list){named, found};
    return SP_OK;
}

static enum sp_result attach_by_name(struct sp_ctx *ctx, const struct link_origin *origin,
                                     const struct sp_rows *designs, size_t row,
                                     struct sp_json_writer *json)
{
    struct sp_text id = sp_row_text(designs, row, 0), name = sp_row_text(designs, row, 1), sku;
    struct key_list keys;
    enum sp_result result = find_named(ctx, origin->account_id, name, &sku, &keys);
    if (result != SP_OK)
        return result;
    if (keys.count > 0)
        store_attach_design(ctx, origin, id, keys);
    result = mapper_settle(ctx, origin, keys);
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", id);
    sp_json_put_string(json, "name", name);
    sp_json_put_string(json, "sku", sku);
    sp_json_put_int(json, "skus", (int64_t)keys.count);
    sp_json_close_object(json);
    return result;
}

/* {"ids": […]}: each goes to the SKUs that its name means, when it means one. */
enum sp_result ask_match_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    struct sp_json body;
    struct key_list ids;
    enum sp_result result = read_body(ask, &body, answer);
    if (result == SP_OK)
        result = read_list(ctx, sp_json_get(body, "ids"), &ids, answer);
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result != SP_OK)
        return result;
    const struct sp_rows *designs = store_hold_designs(ctx, ask->account_id, ids);
    if (designs == NULL)
        return mapper_failed(ctx);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t row = 0; row < sp_rows_count(designs) && result == SP_OK; row++)
        result = attach_by_name(ctx, &origin, designs, row, &json);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
    return result;
}

/* {"listing_id", "on"} */
enum sp_result ask_personalise(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    struct sp_json body;
    enum sp_result result = read_body(ask, &body, answer);
    if (result == SP_OK && sp_json_get(body, "on").kind != SP_JSON_BOOL)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "\"on\" must be true or false");
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result != SP_OK)
        return result;
    struct sp_text listing = sp_json_text(sp_json_get(body, "listing_id"), sp_ctx_arena(ctx));
    const struct sp_rows *rows =
        store_personalise(ctx, ask->account_id, listing, sp_json_bool(sp_json_get(body, "on")));
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such listing");
    struct key_list skus = mapper_keys_of(ctx, rows);
    result = mapper_settle(ctx, &origin, skus);
    return result == SP_OK ? answer_skus(ctx, ask->account_id, skus, answer) : result;
}

/* ---- lines of orders
 * ------------------------------------------------------------------------------ */

static bool has_line(const struct again *again, int64_t line)
{
    for (size_t i = 0; again->count == 1 && i < again->orders[0].lines_count; i++) {
        if (again->orders[0].lines[i].line == line)
            return true;
    }
    return false;
}

/* {"line", "design_id"}: the order is decided again at once. */
enum sp_result ask_attach_line_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                                      struct sp_answer *answer)
{
    struct sp_json body;
    struct line_design design = {
        .account_id = ask->account_id, .order_id = sp_ask_param(ask, "id"), .user = ask->user};
    struct again again;
    enum sp_result result = read_body(ask, &body, answer);
    if (result != SP_OK)
        return result;
    design.line = sp_json_int(sp_json_get(body, "line"), 0);
    design.design_id = sp_json_text(sp_json_get(body, "design_id"), sp_ctx_arena(ctx));
    result = refuse_strange(ctx, ask->account_id, design.design_id, answer);
    if (result == SP_OK)
        result = mapper_claim_again(ctx, ask->account_id, (struct key_list){&design.order_id, 1},
                                    INT64_MAX, &again);
    if (result != SP_OK)
        return result;
    if (!has_line(&again, design.line))
        return sp_answer_problem(answer, 404, "NOT_FOUND", "no open order has this line");
    store_attach_line_design(ctx, &design);
    result = mapper_decide(ctx, again.orders, again.claims, again.count);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(
        ctx, store_list_line_designs(ctx, ask->account_id, design.order_id), answer);
}

enum sp_result ask_line_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct sp_text order_id = sp_ask_param(ask, "id");
    return mapper_answer_document(ctx, store_list_line_designs(ctx, ask->account_id, order_id),
                                  answer);
}
