/* Linking listing SKUs: one by hand, or all that have the same SKU as a variant. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/relink.h"

/* What a person asked for: parts by number or by SKU. */
struct map_request {
    int64_t shop_id;
    struct sp_text sku_id, sku_key;
    struct part_list parts;
    struct sp_text skus[PARTS_MOST]; /* of a part without a number */
};

static enum sp_result read_part(struct sp_ctx *ctx, struct sp_json part,
                                struct map_request *request, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t at = request->parts.count;
    if (at == PARTS_MOST)
        return sp_answer_problem(answer, 422, "PARTS_TOO_MANY", "at most %d parts", PARTS_MOST);
    struct line_part *to = &request->parts.parts[request->parts.count++];
    to->variant_id = sp_json_int(sp_json_get(part, "variant_id"), 0);
    to->pieces = sp_json_int(sp_json_get(part, "pieces"), 0);
    request->skus[at] = sp_json_text(sp_json_get(part, "sku"), arena);
    if (to->pieces < 1 || to->pieces > PIECES_MOST)
        return sp_answer_problem(answer, 422, "PIECES_BAD", "pieces is a number from 1 to %d",
                                 PIECES_MOST);
    if (to->variant_id <= 0 && request->skus[at].size == 0)
        return sp_answer_problem(answer, 422, "VARIANT_UNKNOWN",
                                 "a part names a variant_id or a sku");
    return SP_OK;
}

static enum sp_result read_request(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct map_request *request, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body, part;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    request->shop_id = sp_json_int(sp_json_get(body, "shop_id"), 0);
    request->sku_id = sp_json_text(sp_json_get(body, "sku_id"), arena);
    request->sku_key = mapper_key(arena, request->shop_id, request->sku_id);
    request->parts.parts = sp_arena_array(arena, PARTS_MOST, sizeof *request->parts.parts);
    struct sp_json parts = sp_json_get(body, "parts");
    if (parts.kind != SP_JSON_ARRAY)
        return sp_answer_problem(answer, 422, "PARTS_MISSING",
                                 "parts is a list; an empty one unlinks");
    struct sp_json_walk walk = sp_json_each(parts);
    while (sp_json_next(&walk, NULL, &part)) {
        enum sp_result result = read_part(ctx, part, request, answer);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

static bool is_this(const struct sp_rows *rows, size_t row, const struct line_part *part,
                    struct sp_text sku)
{
    if (part->variant_id > 0)
        return sp_row_int(rows, row, 0) == part->variant_id;
    return sp_text_equal(sp_row_text(rows, row, 1), sku);
}

/* Puts the numbers of the variants that are named by SKU; every part must be a living variant. */
static enum sp_result find_parts(struct sp_ctx *ctx, int64_t account_id,
                                 struct map_request *request, struct sp_answer *answer)
{
    int64_t ids[PARTS_MOST];
    for (size_t i = 0; i < request->parts.count; i++)
        ids[i] = request->parts.parts[i].variant_id;
    struct variant_refs refs = {ids, request->parts.count, request->skus, request->parts.count};
    const struct sp_rows *rows = store_find_variants(ctx, account_id, &refs);
    if (rows == NULL)
        return mapper_failed(ctx);
    for (size_t i = 0; i < request->parts.count; i++) {
        struct line_part *part = &request->parts.parts[i];
        size_t row = 0;
        while (row < sp_rows_count(rows) && !is_this(rows, row, part, request->skus[i]))
            row++;
        if (row == sp_rows_count(rows) || sp_row_bool(rows, row, 3))
            return sp_answer_problem(answer, 422, "VARIANT_UNKNOWN", "part %zu: no such variant",
                                     i + 1);
        part->variant_id = sp_row_int(rows, row, 0);
    }
    return SP_OK;
}

/* {"shop_id", "sku_id", "parts", …, "orders_waiting"}: the SKU's own document with a little more.
 */
static enum sp_result answer_map(struct sp_ctx *ctx, int64_t account_id,
                                 const struct map_request *request, struct sp_answer *answer)
{
    const struct sp_rows *waiting = store_count_waiting(ctx, account_id, request->sku_key);
    const struct sp_rows *sku =
        waiting == NULL ? NULL : store_read_sku(ctx, account_id, request->sku_key);
    if (sp_rows_count(sku) != 1)
        return mapper_failed(ctx);
    struct sp_text document = sp_row_text(sku, 0, 0);
    answer->status = 200;
    sp_buffer_put(&answer->body, document.data, document.size - 1); /* without its last brace */
    sp_buffer_printf(&answer->body, ",\"shop_id\":\"%lld\",\"orders_waiting\":%lld}",
                     (long long)request->shop_id, (long long)sp_row_int(waiting, 0, 0));
    return SP_OK;
}

enum sp_result ask_map(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct map_request request = {0};
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user, .by_hand = true};
    enum sp_result result = read_request(ctx, ask, &request, answer);
    if (result == SP_OK)
        result = find_parts(ctx, ask->account_id, &request, answer);
    if (result == SP_OK)
        result = mapper_relink_begin(ctx, &origin, NULL);
    if (result != SP_OK)
        return result;
    const struct sp_rows *known = store_read_sku(ctx, ask->account_id, request.sku_key);
    if (known == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(known) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "no listing or order has this SKU");
    struct link_change change = {.sku_key = request.sku_key,
                                 .parts = request.parts,
                                 .reason = request.parts.count > 0 ? SP_TEXT("by hand")
                                                                   : SP_TEXT("unlinked by hand")};
    store_put_links(ctx, &origin, &change, 1);
    result = mapper_settle(ctx, &origin, (struct key_list){&request.sku_key, 1});
    return result == SP_OK ? answer_map(ctx, ask->account_id, &request, answer) : result;
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
