/* Linking listing SKUs as people wish it. */
#include "services/product-mapper/links.h"

#include <stdlib.h>

static const struct link_fault parts_missing = {422, "PARTS_MISSING",
                                                "parts is a list; an empty one unlinks"};
static const struct link_fault parts_many = {422, "PARTS_TOO_MANY", "at most 20 parts"};
static const struct link_fault pieces_bad = {422, "PIECES_BAD",
                                             "pieces is a number from 1 to 1000"};
static const struct link_fault part_nameless = {422, "VARIANT_UNKNOWN",
                                                "a part names a variant_id or a sku"};
static const struct link_fault part_unknown = {422, "VARIANT_UNKNOWN",
                                               "a part names no living variant"};
const struct link_fault link_not_found = {404, "NOT_FOUND", "no listing or order has this SKU"};
const struct link_fault link_repeated = {422, "SKU_TWICE", "this SKU is named twice"};

/* ---- reading
 * -------------------------------------------------------------------------------------- */

static const struct link_fault *read_part(struct sp_json part, struct sp_arena *arena,
                                          struct link_wish *wish)
{
    size_t at = wish->parts.count;
    if (at == PARTS_MOST)
        return &parts_many;
    struct line_part *to = &wish->parts.parts[wish->parts.count++];
    to->variant_id = sp_json_int(sp_json_get(part, "variant_id"), 0);
    to->pieces = sp_json_int(sp_json_get(part, "pieces"), 0);
    wish->skus[at] = sp_json_text(sp_json_get(part, "sku"), arena);
    if (to->pieces < 1 || to->pieces > PIECES_MOST)
        return &pieces_bad;
    return to->variant_id <= 0 && wish->skus[at].size == 0 ? &part_nameless : NULL;
}

void mapper_read_wish(struct sp_json json, struct sp_arena *arena, struct link_wish *wish)
{
    struct sp_json parts = sp_json_get(json, "parts"), part;
    *wish = (struct link_wish){.shop_id = sp_json_int(sp_json_get(json, "shop_id"), 0),
                               .sku_id = sp_json_text(sp_json_get(json, "sku_id"), arena)};
    wish->sku_key = mapper_key(arena, wish->shop_id, wish->sku_id);
    wish->parts.parts = sp_arena_array(arena, PARTS_MOST, sizeof *wish->parts.parts);
    if (parts.kind != SP_JSON_ARRAY)
        wish->fault = &parts_missing;
    struct sp_json_walk walk = sp_json_each(parts);
    while (wish->fault == NULL && sp_json_next(&walk, NULL, &part))
        wish->fault = read_part(part, arena, wish);
}

/* ---- granting
 * ------------------------------------------------------------------------------------- */

static bool is_this(const struct sp_rows *rows, size_t row, const struct line_part *part,
                    struct sp_text sku)
{
    if (part->variant_id > 0)
        return sp_row_int(rows, row, 0) == part->variant_id;
    return sp_text_equal(sp_row_text(rows, row, 1), sku);
}

/* Puts the numbers of the variants that are named by SKU; every part must be a living variant. */
static void take_parts(const struct sp_rows *rows, struct link_wish *wish)
{
    for (size_t i = 0; i < wish->parts.count; i++) {
        struct line_part *part = &wish->parts.parts[i];
        size_t row = 0;
        while (row < sp_rows_count(rows) && !is_this(rows, row, part, wish->skus[i]))
            row++;
        if (row == sp_rows_count(rows) || sp_row_bool(rows, row, 3)) {
            wish->fault = &part_unknown;
            return;
        }
        part->variant_id = sp_row_int(rows, row, 0);
    }
}

static enum sp_result find_parts(struct sp_ctx *ctx, int64_t account_id, struct link_wish wishes[],
                                 size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    int64_t *ids = sp_arena_array(arena, count * PARTS_MOST, sizeof *ids);
    struct sp_text *skus = sp_arena_array(arena, count * PARTS_MOST, sizeof *skus);
    struct variant_refs refs = {.ids = ids, .skus = skus};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < wishes[i].parts.count; k++) {
            if (wishes[i].parts.parts[k].variant_id > 0)
                ids[refs.id_count++] = wishes[i].parts.parts[k].variant_id;
            else
                skus[refs.sku_count++] = wishes[i].skus[k];
        }
    }
    const struct sp_rows *rows = store_find_variants(ctx, account_id, &refs);
    if (rows == NULL)
        return mapper_failed(ctx);
    for (size_t i = 0; i < count; i++) {
        if (wishes[i].fault == NULL)
            take_parts(rows, &wishes[i]);
    }
    return SP_OK;
}

static int by_key(const void *left, const void *right)
{
    const struct link_wish *a = *(struct link_wish *const *)left;
    const struct link_wish *b = *(struct link_wish *const *)right;
    int order = sp_text_compare(a->sku_key, b->sku_key);
    return order != 0 ? order : (a > b) - (a < b);
}

/* The wishes that are still good, ordered by SKU; a SKU's second one is at fault. */
static size_t distinct(struct link_wish wishes[], size_t count, struct link_wish *good[])
{
    size_t found = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (wishes[i].fault == NULL)
            good[found++] = &wishes[i];
    }
    if (found > 1)
        qsort(good, found, sizeof(struct link_wish *), by_key);
    for (size_t i = 0; i < found; i++) {
        if (kept > 0 && sp_text_equal(good[kept - 1]->sku_key, good[i]->sku_key))
            good[i]->fault = &link_repeated;
        else
            good[kept++] = good[i];
    }
    return kept;
}

static bool holds(const struct sp_rows *known, struct sp_text sku_key)
{
    size_t low = 0, high = sp_rows_count(known);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = sp_text_compare(sp_row_text(known, middle, 0), sku_key);
        if (order == 0)
            return true;
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

static struct link_change change_of(const struct link_wish *wish)
{
    return (struct link_change){.sku_key = wish->sku_key,
                                .parts = wish->parts,
                                .reason = wish->parts.count > 0 ? SP_TEXT("by hand")
                                                                : SP_TEXT("unlinked by hand")};
}

enum sp_result mapper_grant(struct sp_ctx *ctx, const struct link_origin *origin,
                            struct link_wish wishes[], size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct link_wish **good = sp_arena_array(arena, count, sizeof(struct link_wish *));
    struct sp_text *keys = sp_arena_array(arena, count, sizeof *keys);
    struct link_change *changes = sp_arena_array(arena, count, sizeof *changes);
    enum sp_result result = find_parts(ctx, origin->account_id, wishes, count);
    if (result != SP_OK)
        return result;
    size_t found = distinct(wishes, count, good), kept = 0;
    for (size_t i = 0; i < found; i++)
        keys[i] = good[i]->sku_key;
    const struct sp_rows *known =
        store_find_known(ctx, origin->account_id, (struct key_list){keys, found});
    if (known == NULL)
        return mapper_failed(ctx);
    for (size_t i = 0; i < found; i++) {
        if (!holds(known, good[i]->sku_key)) {
            good[i]->fault = &link_not_found;
            continue;
        }
        keys[kept] = good[i]->sku_key;
        changes[kept++] = change_of(good[i]);
    }
    if (kept > 0)
        store_put_links(ctx, origin, changes, kept);
    return mapper_settle(ctx, origin, (struct key_list){keys, kept});
}
