/* Saving variants: one from a form. */
#include "services/product-mapper/asks.h"

#include <string.h>

#include "services/product-mapper/variants.h"

static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct variant_input *input, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_json cost = sp_json_get(body, "cost"), barcode = sp_json_get(body, "barcode");
    struct sp_json weight = sp_json_get(body, "weight_g");
    *input = (struct variant_input){
        .variant_id = sp_json_int(sp_json_get(body, "id"), 0),
        .sku = sp_json_text(sp_json_get(body, "sku"), arena),
        .name = sp_json_text(sp_json_get(body, "name"), arena),
        .barcode = sp_json_text(barcode, arena),
        .supply = sp_json_text(sp_json_get(body, "supply"), arena),
        .currency = sp_json_text(sp_json_get(cost, "currency"), arena),
        .cost_minor = sp_json_int(sp_json_get(cost, "amount"), 0),
        .weight_g = sp_json_int(weight, 0),
        .keep_barcode = barcode.kind == SP_JSON_NONE,
        .keep_weight = weight.kind == SP_JSON_NONE,
    };
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
    if (sp_rows_count(saved) != 1)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such variant");
    struct variant_saved fact;
    struct saved_counts counts;
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
