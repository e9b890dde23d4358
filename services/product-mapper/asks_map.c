/* Linking listing SKUs: one by hand, or all that have the same SKU as a variant. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/links.h"

/* {"shop_id", "sku_id", "parts", …, "orders_waiting"}: the SKU's own document with a little more.
 */
static enum sp_result answer_map(struct sp_ctx *ctx, int64_t account_id,
                                 const struct link_wish *wish, struct sp_answer *answer)
{
    const struct sp_rows *waiting =
        store_count_waiting(ctx, account_id, (struct key_list){&wish->sku_key, 1});
    const struct sp_rows *sku =
        waiting == NULL ? NULL : store_read_sku(ctx, account_id, wish->sku_key);
    if (sp_rows_count(sku) != 1)
        return mapper_failed(ctx);
    struct sp_text document = sp_row_text(sku, 0, 0);
    answer->status = 200;
    sp_buffer_put(&answer->body, document.data, document.size - 1); /* without its last brace */
    sp_buffer_printf(&answer->body, ",\"orders_waiting\":%lld}",
                     (long long)sp_row_int(waiting, 0, 0));
    return SP_OK;
}

/* A variant made on the spot is the only part. */
static enum sp_result make_part(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_json form,
                                struct link_wish *wish, struct sp_answer *answer)
{
    struct sp_ask make = *ask;
    struct sp_json made;
    make.body = form.raw;
    if (sp_json_get(form, "id").kind != SP_JSON_NONE)
        return sp_answer_problem(answer, 422, "VARIANT_BAD", "a new variant has no id");
    enum sp_result result = ask_save_variant(ctx, &make, answer);
    if (result != SP_OK)
        return result;
    result = sp_json_parse(sp_buffer_text(&answer->body), &made, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    int64_t pieces = sp_json_int(sp_json_get(form, "pieces"), 1);
    wish->parts.parts[0] =
        (struct line_part){.variant_id = sp_json_int(sp_json_get(made, "id"), 0), .pieces = pieces};
    wish->parts.count = 1;
    sp_buffer_reset(&answer->body);
    return pieces >= 1 && pieces <= PIECES_MOST
               ? SP_OK
               : sp_answer_problem(answer, 422, "PIECES_BAD", "pieces is a number from 1 to %d",
                                   PIECES_MOST);
}

enum sp_result ask_map(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    struct link_wish wish;
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_json form = sp_json_get(body, "create");
    mapper_read_wish(body, sp_ctx_arena(ctx), &wish);
    enum sp_result result = SP_OK;
    if (form.kind == SP_JSON_OBJECT) {
        wish.fault = NULL;
        result = make_part(ctx, ask, form, &wish, answer);
    }
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = mapper_grant(ctx, &origin, &wish, 1);
    if (result != SP_OK)
        return result;
    if (wish.fault != NULL)
        return sp_answer_problem(answer, wish.fault->status, wish.fault->code, "%s",
                                 wish.fault->detail);
    return answer_map(ctx, ask->account_id, &wish, answer);
}

enum sp_result ask_match(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    struct match_counts counts;
    struct key_list linked;
    enum sp_result result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = mapper_link_matches(ctx, &origin, &(struct match_request){.scope = MATCH_ALL},
                                     &counts, &linked);
    if (result == SP_OK)
        result = mapper_settle(ctx, &origin, linked);
    if (result != SP_OK)
        return result;
    answer->status = 200;
    sp_buffer_printf(&answer->body, "{\"linked\":%lld,\"ambiguous\":%lld,\"unknown\":%lld}",
                     (long long)counts.linked, (long long)counts.ambiguous,
                     (long long)counts.unknown);
    return SP_OK;
}

/* ---- before and after
 * ----------------------------------------------------------------------------- */

enum sp_result ask_map_preview(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct key_list skus;
    struct sp_error why;
    if (mapper_read_keys(ask, sp_ctx_arena(ctx), &skus, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    const struct sp_rows *waiting = store_count_waiting(ctx, ask->account_id, skus);
    if (waiting == NULL)
        return mapper_failed(ctx);
    answer->status = 200;
    sp_buffer_printf(&answer->body, "{\"orders_waiting\":%lld,\"orders_ready\":%lld}",
                     (long long)sp_row_int(waiting, 0, 0), (long long)sp_row_int(waiting, 0, 1));
    return SP_OK;
}

enum sp_result ask_map_history(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct key_list skus;
    struct sp_error why;
    if (mapper_read_keys(ask, sp_ctx_arena(ctx), &skus, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_link_history(ctx, ask->account_id, skus), answer);
}

enum sp_result ask_healing(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return mapper_answer_document(ctx, store_read_healing(ctx, ask->account_id), answer);
}
