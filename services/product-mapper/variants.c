/* Saving variants: the rows, the fact, and the listing SKUs that follow. */
#include "services/product-mapper/variants.h"

static enum sp_result emit_saved(struct sp_ctx *ctx, const struct link_origin *origin,
                                 const struct sp_rows *saved, struct saved_counts *counts)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(saved);
    struct part_list parts;
    struct variant_saved *facts = sp_arena_array(arena, count, sizeof *facts);
    *counts = (struct saved_counts){0};
    for (size_t row = 0; row < count; row++) {
        store_read_saved(saved, row, &facts[row]);
        if (mapper_read_parts(store_saved_parts(saved, row), arena, &parts) != SP_OK)
            return sp_fail(sp_ctx_error(ctx), SP_REJECT, "variant.parts cannot be read");
        facts[row].parts = parts.parts;
        facts[row].parts_count = parts.count;
        facts[row].head.account_id = origin->account_id;
        facts[row].head.key = sp_arena_printf(arena, "%lld", (long long)facts[row].variant_id);
        counts->created += store_saved_is_new(saved, row);
        counts->updated += !store_saved_is_new(saved, row);
    }
    return sp_emit(ctx, &variant_saved_message, facts, count);
}

/* SKUs that are linked to a variant which now means something else. */
static enum sp_result find_users(struct sp_ctx *ctx, const struct link_origin *origin,
                                 const struct sp_rows *saved, const struct sp_rows **users)
{
    size_t count = 0;
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(saved), sizeof *ids);
    for (size_t row = 0; row < sp_rows_count(saved); row++) {
        struct variant_saved fact;
        store_read_saved(saved, row, &fact);
        if (store_saved_means_more(saved, row))
            ids[count++] = fact.variant_id;
    }
    *users = NULL;
    if (count == 0)
        return SP_OK;
    *users = store_find_users(ctx, origin->account_id, ids, count);
    return *users == NULL ? mapper_failed(ctx) : SP_OK;
}

static enum sp_result link_same_skus(struct sp_ctx *ctx, const struct link_origin *origin,
                                     const struct sp_rows *saved, struct key_list *linked)
{
    size_t count = sp_rows_count(saved);
    struct sp_text *skus = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *skus);
    for (size_t row = 0; row < count; row++) {
        struct variant_saved fact;
        store_read_saved(saved, row, &fact);
        skus[row] = fact.sku;
    }
    struct link_origin by_itself = *origin;
    by_itself.by_hand = false;
    struct match_request request = {MATCH_SELLER_SKUS, {skus, count}};
    struct match_counts counts;
    return mapper_link_matches(ctx, &by_itself, &request, &counts, linked);
}

enum sp_result mapper_follow_variants(struct sp_ctx *ctx, const struct link_origin *origin,
                                      bool map_by_sku, const struct sp_rows *saved,
                                      struct saved_counts *counts)
{
    const struct sp_rows *users = NULL;
    struct key_list linked = {0};
    enum sp_result result = emit_saved(ctx, origin, saved, counts);
    if (result == SP_OK)
        result = find_users(ctx, origin, saved, &users);
    if (result == SP_OK && map_by_sku && sp_rows_count(saved) > 0)
        result = link_same_skus(ctx, origin, saved, &linked);
    if (result != SP_OK)
        return result;
    size_t count = 0;
    struct sp_text *keys =
        sp_arena_array(sp_ctx_arena(ctx), linked.count + sp_rows_count(users), sizeof *keys);
    for (size_t i = 0; i < linked.count; i++)
        keys[count++] = linked.keys[i];
    for (size_t row = 0; row < sp_rows_count(users); row++)
        keys[count++] = sp_row_text(users, row, 0);
    return mapper_settle(ctx, origin, (struct key_list){keys, count});
}
