/* Saving variants: one from a form. */
#include "services/product-mapper/asks.h"

#include <string.h>

#include "services/product-mapper/variants.h"

/* A member that is not there is not said. */
static struct sp_text said_text(struct sp_json body, const char *name, unsigned field,
                                struct sp_arena *arena, struct variant_input *input)
{
    struct sp_json value = sp_json_get(body, name);
    if (value.kind != SP_JSON_NONE)
        input->said |= field;
    return sp_json_text(value, arena);
}

static void read_texts(struct sp_json body, struct sp_arena *arena, struct variant_input *input)
{
    input->sku = said_text(body, "sku", SAYS_SKU, arena, input);
    input->name = said_text(body, "name", SAYS_NAME, arena, input);
    input->barcode = said_text(body, "barcode", SAYS_BARCODE, arena, input);
    input->unit = said_text(body, "unit", SAYS_UNIT, arena, input);
    input->image = said_text(body, "image", SAYS_IMAGE, arena, input);
    input->source_link = said_text(body, "source_link", SAYS_SOURCE, arena, input);
    input->supply = said_text(body, "supply", SAYS_SUPPLY, arena, input);
}

static void read_numbers(struct sp_json body, struct sp_arena *arena, struct variant_input *input)
{
    struct sp_json cost = sp_json_get(body, "cost"), weight = sp_json_get(body, "weight_g");
    input->variant_id = sp_json_int(sp_json_get(body, "id"), 0);
    input->currency = said_text(cost, "currency", SAYS_CURRENCY, arena, input);
    input->cost_minor = sp_json_int(sp_json_get(cost, "amount"), 0);
    input->weight_g = sp_json_int(weight, 0);
    input->said |= cost.kind == SP_JSON_OBJECT ? SAYS_COST : 0;
    input->said |= weight.kind != SP_JSON_NONE ? SAYS_WEIGHT : 0;
}

static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct variant_input *input, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    *input = (struct variant_input){0};
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    read_texts(body, arena, input);
    read_numbers(body, arena, input);
    input->said |= input->variant_id == 0 ? SAYS_SKU | SAYS_NAME : 0;
    const char *problem = mapper_check_variant(input);
    if (problem != NULL)
        return sp_answer_problem(answer, 422, "VARIANT_BAD", "%s", problem);
    return SP_OK;
}

static enum sp_result failed_save(struct sp_ctx *ctx, struct sp_answer *answer)
{
    if (strcmp(sp_db_sqlstate(sp_ctx_db(ctx)), "23505") == 0)
        return sp_answer_problem(answer, 409, "SKU_TAKEN", "another variant has this SKU");
    return mapper_failed(ctx);
}

/* A new one whose SKU exists would silently change that one: people are asked, files are not. */
static enum sp_result refuse_taken(struct sp_ctx *ctx, int64_t account_id,
                                   const struct variant_input *input, struct sp_answer *answer)
{
    if (input->variant_id != 0)
        return SP_OK;
    struct variant_refs refs = {.skus = &input->sku, .sku_count = 1};
    const struct sp_rows *rows = store_find_variants(ctx, account_id, &refs);
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) > 0)
        return sp_answer_problem(answer, 409, "SKU_TAKEN", "another variant has this SKU");
    return SP_OK;
}

enum sp_result ask_save_variant(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct variant_input input;
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user};
    bool map_by_sku = false;
    enum sp_result result = read_form(ctx, ask, &input, answer);
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, &map_by_sku);
    if (result == SP_OK)
        result = refuse_taken(ctx, ask->account_id, &input, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *saved = input.variant_id == 0
                                      ? store_save_variants(ctx, &origin, &input, 1)
                                      : store_change_variant(ctx, &origin, &input);
    if (saved == NULL)
        return failed_save(ctx, answer);
    struct variant_saved fact = {.variant_id = input.variant_id};
    struct saved_counts counts;
    if (sp_rows_count(saved) > 0)
        store_read_saved(saved, 0, &fact);
    result = mapper_follow_variants(ctx, &origin, map_by_sku, saved, &counts);
    if (result != SP_OK)
        return result;
    result = mapper_answer_document(ctx, store_read_variant(ctx, ask->account_id, fact.variant_id),
                                    answer);
    if (result == SP_OK && counts.created > 0)
        answer->status = 201;
    return result;
}
