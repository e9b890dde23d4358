/* Variants: lists, one, and saving one from a form. */
#include "services/product-mapper/asks.h"

#include <string.h>

#include "services/product-mapper/catalogue_store.h"
#include "services/product-mapper/variants.h"

static enum sp_result refuse(const struct variant_problem *problem, struct sp_answer *answer)
{
    return problem == NULL ? SP_OK
                           : sp_answer_problem(answer, 422, problem->code, "%s", problem->text);
}

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

/* Of a product with its values; {"product": null} is of none. */
static void read_product(struct sp_json body, struct sp_arena *arena, struct variant_input *input)
{
    struct sp_json product = sp_json_get(body, "product_id");
    struct sp_json list = sp_json_get(body, "value_ids"), item;
    input->said |= product.kind != SP_JSON_NONE ? SAYS_PRODUCT : 0;
    input->product_id = sp_json_int(product, 0);
    int64_t *ids = sp_arena_array(arena, ATTRIBUTES_MOST, sizeof *ids);
    struct sp_json_walk walk = sp_json_each(list);
    while (input->value_count < ATTRIBUTES_MOST && sp_json_next(&walk, NULL, &item))
        ids[input->value_count++] = sp_json_int(item, 0);
    input->value_ids = ids;
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
    struct sp_json parts = sp_json_get(body, "parts");
    read_texts(body, arena, input);
    read_numbers(body, arena, input);
    read_product(body, arena, input);
    input->said |= input->variant_id == 0 ? SAYS_SKU | SAYS_NAME : 0;
    input->said |= parts.kind != SP_JSON_NONE ? SAYS_PARTS : 0;
    if (mapper_read_parts(parts.raw, arena, &input->parts) != SP_OK)
        return sp_answer_problem(answer, 422, "PARTS_TOO_MANY", "parts is a list of at most %d",
                                 PARTS_MOST);
    return refuse(mapper_check_variant(input), answer);
}

/* ---- against what there is
 * ----------------------------------------------------------------------- */

enum found_column { FOUND_ID, FOUND_SKU, FOUND_NAME, FOUND_ARCHIVED, FOUND_BUNDLE };

static struct part_standing part_standing(const struct sp_rows *found, int64_t variant_id)
{
    for (size_t row = 0; row < sp_rows_count(found); row++) {
        if (sp_row_int(found, row, FOUND_ID) == variant_id)
            return (struct part_standing){true, sp_row_bool(found, row, FOUND_BUNDLE),
                                          sp_row_bool(found, row, FOUND_ARCHIVED)};
    }
    return (struct part_standing){0};
}

/* Itself, who has its SKU, and its parts. */
static const struct sp_rows *find_concerned(struct sp_ctx *ctx, int64_t account_id,
                                            const struct variant_input *input)
{
    int64_t ids[PARTS_MOST + 1] = {input->variant_id};
    for (size_t i = 0; i < input->parts.count; i++)
        ids[i + 1] = input->parts.parts[i].variant_id;
    struct variant_refs refs = {ids, input->parts.count + 1, &input->sku, 1};
    return store_find_variants(ctx, account_id, &refs);
}

static bool sku_is_taken(const struct sp_rows *found, const struct variant_input *input)
{
    for (size_t row = 0; row < sp_rows_count(found); row++) {
        if (sp_row_int(found, row, FOUND_ID) != input->variant_id &&
            sp_text_equal(sp_row_text(found, row, FOUND_SKU), input->sku))
            return true;
    }
    return false;
}

/* A new one whose SKU exists would silently change that one: people are asked, files are not. */
static enum sp_result check_concerned(struct sp_ctx *ctx, int64_t account_id,
                                      const struct variant_input *input, struct sp_answer *answer)
{
    const struct sp_rows *found = find_concerned(ctx, account_id, input);
    const struct sp_rows *currency = found == NULL ? NULL : store_read_currency(ctx, account_id);
    if (currency == NULL)
        return mapper_failed(ctx);
    struct part_standing self = part_standing(found, input->variant_id);
    if (input->variant_id != 0 && !self.exists)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such variant");
    if (sku_is_taken(found, input))
        return sp_answer_problem(answer, 409, "SKU_TAKEN", "another variant has this SKU");
    struct variant_standing standing = {
        .exists = self.exists, .is_bundle = self.is_bundle, .archived = self.archived};
    if (sp_rows_count(currency) > 0)
        standing.currency = sp_row_text(currency, 0, 0);
    const struct variant_problem *problem = mapper_check_standing(input, &standing);
    for (size_t i = 0; i < input->parts.count && problem == NULL; i++) {
        const struct line_part *part = &input->parts.parts[i];
        struct part_standing of = part_standing(found, part->variant_id);
        problem = mapper_check_part(part, &of);
    }
    return refuse(problem, answer);
}

/* Sorts the values. */
static enum sp_result check_product(struct sp_ctx *ctx, int64_t account_id,
                                    struct variant_input *input, struct sp_answer *answer)
{
    if (input->product_id == 0 && input->value_count == 0)
        return SP_OK;
    const struct sp_rows *product = store_find_product(ctx, account_id, input->product_id);
    const struct sp_rows *found =
        product == NULL ? NULL
                        : store_find_values(ctx, account_id, input->value_ids, input->value_count);
    if (found == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(product) == 0 || sp_row_bool(product, 0, 1))
        return sp_answer_problem(answer, 422, "PRODUCT_UNKNOWN", "there is no such living product");
    struct chosen_value values[ATTRIBUTES_MOST];
    size_t count = sp_rows_count(found);
    for (size_t row = 0; row < count; row++)
        values[row] = (struct chosen_value){sp_row_int(found, row, 0), sp_row_int(found, row, 1),
                                            sp_row_int(found, row, 2)};
    const char *problem = count == input->value_count
                              ? mapper_check_values(values, count, sp_row_int(product, 0, 0))
                              : "a value is not known, or named twice";
    if (problem != NULL)
        return sp_answer_problem(answer, 422, "VALUES_BAD", "%s", problem);
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), ATTRIBUTES_MOST, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = values[i].value_id;
    input->value_ids = ids;
    return SP_OK;
}

static enum sp_result failed_save(struct sp_ctx *ctx, struct sp_answer *answer)
{
    if (strcmp(sp_db_sqlstate(sp_ctx_db(ctx)), "23505") == 0)
        return sp_answer_problem(answer, 409, "VALUES_TAKEN",
                                 "another variant of the product has these values");
    return mapper_failed(ctx);
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
        result = check_concerned(ctx, ask->account_id, &input, answer);
    if (result == SP_OK)
        result = check_product(ctx, ask->account_id, &input, answer);
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

enum sp_result ask_variants(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct variant_query query;
    struct sp_error why;
    if (mapper_read_variant_query(ask, sp_ctx_arena(ctx), &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_list_variants(ctx, ask->account_id, &query), answer);
}

enum sp_result ask_variant(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    int64_t id = 0;
    enum sp_result result = sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &id);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(ctx, store_read_variant(ctx, ask->account_id, id), answer);
}
