/* Products: the list, one with its variants, and saving one. */
#include "services/product-mapper/asks.h"

#include <string.h>

#include "services/product-mapper/catalogue_store.h"
#include "services/product-mapper/relink.h"

static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct product_input *input, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    *input = (struct product_input){
        .product_id = sp_json_int(sp_json_get(body, "id"), 0),
        .type_id = sp_json_int(sp_json_get(body, "type_id"), 0),
        .name = sp_json_text(sp_json_get(body, "name"), arena),
        .image = sp_json_text(sp_json_get(body, "image"), arena),
    };
    /* What holds for a variant's name and image holds for a product's. */
    struct variant_input as_variant = {
        .said = SAYS_NAME, .name = input->name, .image = input->image};
    const struct variant_problem *problem = mapper_check_variant(&as_variant);
    if (problem != NULL)
        return sp_answer_problem(answer, 422, problem->code, "%s", problem->text);
    input->name = as_variant.name;
    return SP_OK;
}

static enum sp_result save(struct sp_ctx *ctx, const struct link_origin *origin,
                           struct product_input *input, struct sp_answer *answer)
{
    const struct sp_rows *saved = store_put_product(ctx, origin, input);
    const char *state = saved == NULL ? sp_db_sqlstate(sp_ctx_db(ctx)) : "";
    if (strcmp(state, "23505") == 0)
        return sp_answer_problem(answer, 409, "NAME_TAKEN",
                                 "another product of the type has this name");
    if (strcmp(state, "23503") == 0)
        return sp_answer_problem(answer, 422, "TYPE_UNKNOWN", "there is no such product type");
    if (saved == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(saved) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such product");
    input->product_id = sp_row_int(saved, 0, 0);
    return SP_OK;
}

enum sp_result ask_save_product(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct product_input input;
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user};
    enum sp_result result = read_form(ctx, ask, &input, answer);
    bool made = result == SP_OK && input.product_id == 0;
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = save(ctx, &origin, &input, answer);
    if (result != SP_OK)
        return result;
    result = mapper_answer_document(ctx, store_read_product(ctx, ask->account_id, input.product_id),
                                    answer);
    if (result == SP_OK && made)
        answer->status = 201;
    return result;
}

enum sp_result ask_products(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct variant_query query;
    struct sp_error why;
    if (mapper_read_variant_query(ask, sp_ctx_arena(ctx), &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_list_products(ctx, ask->account_id, &query), answer);
}

enum sp_result ask_product(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    int64_t id = 0;
    enum sp_result result = sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &id);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(ctx, store_read_product(ctx, ask->account_id, id), answer);
}
