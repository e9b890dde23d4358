/* Product types: the list, and saving one. */
#include "services/product-mapper/asks.h"

#include <string.h>

#include "services/product-mapper/catalogue_store.h"
#include "services/product-mapper/relink.h"

enum { KNOWN_ATTRIBUTE, KNOWN_VALUE, KNOWN_NAME, KNOWN_VARIANTS };

static enum sp_result read_known(struct sp_ctx *ctx, int64_t account_id, int64_t type_id,
                                 const struct sp_rows **rows, struct known_values *known)
{
    *rows = store_read_known(ctx, account_id, type_id);
    if (*rows == NULL)
        return mapper_failed(ctx);
    known->count = sp_rows_count(*rows);
    struct known_value *values =
        sp_arena_array(sp_ctx_arena(ctx), known->count, sizeof *known->values);
    for (size_t row = 0; row < known->count; row++)
        values[row] = (struct known_value){sp_row_int(*rows, row, KNOWN_ATTRIBUTE),
                                           sp_row_int(*rows, row, KNOWN_VALUE)};
    known->values = values;
    return SP_OK;
}

/* What goes must not be in use. */
static enum sp_result find_drops(struct sp_ctx *ctx, const struct type_input *input,
                                 const struct sp_rows *rows, struct type_drops *drops,
                                 struct sp_answer *answer)
{
    size_t count = sp_rows_count(rows);
    drops->attributes = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *drops->attributes);
    drops->values = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *drops->values);
    for (size_t row = 0; row < count; row++) {
        int64_t attribute_id = sp_row_int(rows, row, KNOWN_ATTRIBUTE);
        int64_t value_id = sp_row_int(rows, row, KNOWN_VALUE);
        bool keeps = mapper_keeps_attribute(input, attribute_id);
        if (keeps && (value_id == 0 || mapper_keeps_value(input, value_id)))
            continue;
        if (sp_row_int(rows, row, KNOWN_VARIANTS) > 0)
            return sp_answer_problem(answer, 409, "VALUE_IN_USE", "%lld variants are %.*s",
                                     (long long)sp_row_int(rows, row, KNOWN_VARIANTS),
                                     SP_FMT(sp_row_text(rows, row, KNOWN_NAME)));
        if (!keeps)
            drops->attributes[drops->attribute_count++] = attribute_id;
        else
            drops->values[drops->value_count++] = value_id;
    }
    return SP_OK;
}

static enum sp_result save(struct sp_ctx *ctx, const struct link_origin *origin,
                           struct type_input *input, const struct type_drops *drops,
                           struct sp_answer *answer)
{
    const struct sp_rows *type = store_put_type(ctx, origin->account_id, input);
    bool saved = sp_rows_count(type) == 1;
    if (saved) {
        input->type_id = sp_row_int(type, 0, 0);
        store_drop_values(ctx, origin->account_id, drops);
        store_put_values(ctx, origin, input);
        saved = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx)) == SP_OK;
    }
    if (saved)
        return SP_OK;
    if (strcmp(sp_db_sqlstate(sp_ctx_db(ctx)), "23505") == 0)
        return sp_answer_problem(answer, 409, "NAME_TAKEN", "another one has this name");
    return mapper_failed(ctx);
}

/* Links to the type's variants may be complete now, or no longer. */
static enum sp_result follow(struct sp_ctx *ctx, const struct link_origin *origin, int64_t type_id)
{
    const struct sp_rows *users = store_find_type_users(ctx, origin->account_id, type_id);
    if (users == NULL)
        return mapper_failed(ctx);
    return mapper_settle(ctx, origin, mapper_keys_of(ctx, users));
}

static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct type_input *input, struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    const char *problem = mapper_read_type(body, sp_ctx_arena(ctx), input);
    if (problem != NULL)
        return sp_answer_problem(answer, 422, "TYPE_BAD", "%s", problem);
    return SP_OK;
}

enum sp_result ask_save_type(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct type_input input;
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user};
    const struct sp_rows *rows = NULL;
    struct known_values known = {0};
    struct type_drops drops = {0};
    enum sp_result result = read_form(ctx, ask, &input, answer);
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK && input.type_id != 0 &&
        sp_rows_count(store_read_type(ctx, ask->account_id, input.type_id)) != 1)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such type");
    if (result == SP_OK)
        result = read_known(ctx, ask->account_id, input.type_id, &rows, &known);
    if (result == SP_OK && !mapper_names_known(&input, &known))
        return sp_answer_problem(answer, 422, "TYPE_BAD",
                                 "an id is not of this type's attributes and values");
    if (result == SP_OK)
        result = find_drops(ctx, &input, rows, &drops, answer);
    bool made = input.type_id == 0;
    if (result == SP_OK)
        result = save(ctx, &origin, &input, &drops, answer);
    if (result == SP_OK && !made)
        result = follow(ctx, &origin, input.type_id);
    if (result != SP_OK)
        return result;
    result =
        mapper_answer_document(ctx, store_read_type(ctx, ask->account_id, input.type_id), answer);
    if (result == SP_OK && made)
        answer->status = 201;
    return result;
}

enum sp_result ask_types(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return mapper_answer_document(ctx, store_list_types(ctx, ask->account_id), answer);
}
