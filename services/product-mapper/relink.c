/* Changing what listing SKUs mean: links, matching by SKU, and telling everyone who is concerned.
 */
#include "services/product-mapper/relink.h"

#include "services/product-mapper/match.h"

enum sp_result mapper_failed(struct sp_ctx *ctx)
{
    return sp_db_failure(sp_ctx_db(ctx));
}

struct key_list mapper_keys_of(struct sp_ctx *ctx, const struct sp_rows *rows)
{
    size_t count = sp_rows_count(rows);
    struct sp_text *keys = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *keys);
    for (size_t row = 0; row < count; row++)
        keys[row] = sp_row_text(rows, row, 0);
    return (struct key_list){keys, count};
}

enum sp_result mapper_relink_begin(struct sp_ctx *ctx, struct link_origin *origin, bool *map_by_sku)
{
    const struct sp_rows *rows = store_raise_link_rev(ctx, origin->account_id);
    if (sp_rows_count(rows) != 1)
        return mapper_failed(ctx);
    origin->link_rev = sp_row_int(rows, 0, 0);
    if (map_by_sku != NULL)
        *map_by_sku = sp_row_bool(rows, 0, 1);
    return SP_OK;
}

/* ---- matching
 * ------------------------------------------------------------------------------------- */

static struct link_change link_to(struct sp_arena *arena, struct sp_text sku_key,
                                  int64_t variant_id)
{
    struct line_part *part = sp_arena_alloc(arena, sizeof *part);
    *part = (struct line_part){.variant_id = variant_id, .pieces = 1};
    return (struct link_change){
        .sku_key = sku_key, .parts = {part, 1}, .reason = SP_TEXT("same SKU")};
}

enum sp_result mapper_link_matches(struct sp_ctx *ctx, const struct link_origin *origin,
                                   const struct match_request *request, struct match_counts *counts,
                                   struct key_list *linked)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct sp_rows *rows =
        store_find_matches(ctx, origin, request->scope, request->of, MATCHES_MOST);
    if (rows == NULL)
        return mapper_failed(ctx);
    size_t count = sp_rows_count(rows);
    struct link_change *changes = sp_arena_array(arena, count, sizeof *changes);
    struct sp_text *keys = sp_arena_array(arena, count, sizeof *keys);
    *counts = (struct match_counts){0};
    for (size_t row = 0; row < count; row++) {
        enum match match = mapper_match(sp_row_int(rows, row, 1), sp_row_int(rows, row, 2));
        counts->ambiguous += match == MATCH_AMBIGUOUS;
        counts->unknown += match == MATCH_UNKNOWN;
        if (match != MATCH_LINKED)
            continue;
        keys[counts->linked] = sp_row_text(rows, row, 0);
        changes[counts->linked++] =
            link_to(arena, sp_row_text(rows, row, 0), sp_row_int(rows, row, 3));
    }
    if (counts->linked > 0)
        store_put_links(ctx, origin, changes, (size_t)counts->linked);
    *linked = (struct key_list){keys, (size_t)counts->linked};
    return SP_OK;
}

/* ---- meaning
 * --------------------------------------------------------------------------------------- */

static enum sp_result read_variants(struct sp_ctx *ctx, const struct sp_rows *rows,
                                    struct variant_table *table)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(rows);
    struct variant_meaning *variants = sp_arena_array(arena, count, sizeof *variants);
    for (size_t row = 0; row < count; row++) {
        variants[row].variant_id = sp_row_int(rows, row, 0);
        variants[row].supply = sp_row_text(rows, row, 1);
        variants[row].archived = sp_row_bool(rows, row, 2);
        variants[row].unfinished = !sp_row_bool(rows, row, 4);
        variants[row].needs_design = sp_row_bool(rows, row, 5);
        if (mapper_read_parts(sp_row_text(rows, row, 3), arena, &variants[row].parts) != SP_OK)
            return sp_fail(sp_ctx_error(ctx), SP_REJECT, "variant.parts cannot be read");
    }
    *table = (struct variant_table){variants, count};
    return SP_OK;
}

static enum sp_result resolve_skus(struct sp_ctx *ctx, const struct sp_rows *rows,
                                   const struct variant_table *table, struct settled_sku settled[])
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        struct part_list resolved;
        struct sku_choice choice = {.downloaded = sp_row_bool(rows, row, 1),
                                    .has_design = sp_row_bool(rows, row, 3),
                                    .personalised = sp_row_bool(rows, row, 4)};
        if (mapper_read_parts(sp_row_text(rows, row, 2), arena, &choice.parts) != SP_OK)
            return sp_fail(sp_ctx_error(ctx), SP_REJECT, "listing_sku.parts cannot be read");
        settled[row].sku_key = sp_row_text(rows, row, 0);
        settled[row].problem = mapper_resolve(&choice, table, arena, &resolved);
        if (settled[row].problem.size == 0)
            settled[row].resolved = mapper_parts_text(&resolved, arena);
    }
    return SP_OK;
}

static enum sp_result read_warehouses(struct sp_ctx *ctx, struct sp_text json,
                                      struct listing_mapped *mapped)
{
    enum { WAREHOUSES_MOST = 50 };
    struct sp_json array, element;
    if (json.size == 0)
        return SP_OK;
    if (sp_json_parse(json, &array, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct channel_warehouse_ref *refs =
        sp_arena_array(sp_ctx_arena(ctx), WAREHOUSES_MOST, sizeof *refs);
    struct sp_json_walk walk = sp_json_each(array);
    while (mapped->warehouses_count < WAREHOUSES_MOST && sp_json_next(&walk, NULL, &element))
        refs[mapped->warehouses_count++].channel_warehouse_id =
            sp_json_text(element, sp_ctx_arena(ctx));
    mapped->warehouses = refs;
    return SP_OK;
}

/* A SKU that is no longer sold, or has a problem, goes out without parts: show nothing. */
static enum sp_result read_mapped(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                  struct listing_mapped *mapped)
{
    struct part_list parts = {0};
    mapped->head.key = sp_row_text(rows, row, 0);
    mapped->head.rev = sp_row_int(rows, row, 1);
    mapped->shop_id = sp_row_int(rows, row, 2);
    mapped->product_id = sp_row_text(rows, row, 3);
    mapped->sku_id = sp_row_text(rows, row, 4);
    if (sp_row_bool(rows, row, 7) &&
        mapper_read_parts(sp_row_text(rows, row, 5), sp_ctx_arena(ctx), &parts) != SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "listing_sku.resolved cannot be read");
    mapped->parts = parts.parts;
    mapped->parts_count = parts.count;
    return read_warehouses(ctx, sp_row_text(rows, row, 6), mapped);
}

static enum sp_result emit_mapped(struct sp_ctx *ctx, int64_t account_id,
                                  const struct sp_rows *rows)
{
    size_t count = sp_rows_count(rows);
    struct listing_mapped *mapped = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *mapped);
    for (size_t row = 0; row < count; row++) {
        mapped[row].head.account_id = account_id;
        enum sp_result result = read_mapped(ctx, rows, row, &mapped[row]);
        if (result != SP_OK)
            return result;
    }
    return sp_emit(ctx, &listing_mapped_message, mapped, count);
}

enum sp_result mapper_settle(struct sp_ctx *ctx, const struct link_origin *origin,
                             struct key_list skus)
{
    if (skus.count == 0)
        return SP_OK;
    struct sp_db *db = sp_ctx_db(ctx);
    int sku_slot = 0, variant_slot = 0;
    store_queue_meaning(ctx, origin->account_id, skus, &sku_slot, &variant_slot);
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    struct variant_table table;
    result = read_variants(ctx, sp_result(db, variant_slot), &table);
    const struct sp_rows *found = sp_result(db, sku_slot);
    struct settled_sku *settled =
        sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(found), sizeof *settled);
    if (result == SP_OK)
        result = resolve_skus(ctx, found, &table, settled);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_settle(ctx, origin, settled, sp_rows_count(found));
    if (rows == NULL)
        return mapper_failed(ctx);
    store_put_heals(ctx, origin->account_id, skus);
    sp_wake(ctx, "heal-orders");
    return emit_mapped(ctx, origin->account_id, rows);
}
