/* What a channel SKU means to us: from chosen parts to what the pipeline needs. */
#include "services/product-mapper/domain.h"

#include <string.h>

const struct variant_meaning *mapper_find_variant(const struct variant_table *table,
                                                  int64_t variant_id)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->variants[middle].variant_id < variant_id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->count && table->variants[low].variant_id == variant_id;
    return found ? &table->variants[low] : NULL;
}

/* ---- links --------------------------------------------------------------------------------------
 */

static bool add_leaf(struct part_list *list, const struct variant_meaning *variant, int64_t pieces)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->parts[i].variant_id != variant->variant_id)
            continue;
        list->parts[i].pieces += pieces;
        return list->parts[i].pieces <= RESOLVED_PIECES;
    }
    if (list->count == PARTS_MOST || pieces < 1 || pieces > RESOLVED_PIECES)
        return false;
    list->parts[list->count++] = (struct line_part){
        .variant_id = variant->variant_id, .pieces = pieces, .supply = variant->supply};
    return true;
}

/* A bundle's parts hold the stock, so they go on in its place. */
static bool add_part(struct part_list *list, const struct variant_table *table,
                     const struct line_part *part)
{
    const struct variant_meaning *variant = mapper_find_variant(table, part->variant_id);
    if (variant == NULL || variant->archived || variant->unfinished || part->pieces < 1 ||
        part->pieces > PIECES_MOST)
        return false;
    if (variant->parts.count == 0)
        return add_leaf(list, variant, part->pieces);
    for (size_t i = 0; i < variant->parts.count; i++) {
        const struct line_part *inner = &variant->parts.parts[i];
        const struct variant_meaning *leaf = mapper_find_variant(table, inner->variant_id);
        bool plain = leaf != NULL && !leaf->archived && !leaf->unfinished && leaf->parts.count == 0;
        if (!plain || inner->pieces < 1 || inner->pieces > PIECES_MOST ||
            !add_leaf(list, leaf, part->pieces * inner->pieces))
            return false;
    }
    return true;
}

/* Of leaves alone: what is in a bundle is what is made. */
static bool any_needs_design(const struct part_list *resolved, const struct variant_table *table)
{
    for (size_t i = 0; i < resolved->count; i++) {
        if (mapper_find_variant(table, resolved->parts[i].variant_id)->needs_design)
            return true;
    }
    return false;
}

struct sp_text mapper_resolve(const struct sku_choice *choice, const struct variant_table *table,
                              struct sp_arena *arena, struct part_list *resolved)
{
    *resolved = (struct part_list){0};
    if (choice->parts.count == 0)
        return choice->downloaded ? SP_TEXT("UNMAPPED") : SP_TEXT("NOT_DOWNLOADED");
    struct part_list leaves = {.parts = sp_arena_array(arena, PARTS_MOST, sizeof *leaves.parts)};
    for (size_t i = 0; i < choice->parts.count; i++) {
        if (!add_part(&leaves, table, &choice->parts.parts[i]))
            return SP_TEXT("INCOMPLETE");
    }
    if (!choice->has_design && !choice->personalised && any_needs_design(&leaves, table))
        return SP_TEXT("DESIGN_MISSING");
    *resolved = leaves;
    return SP_TEXT("");
}

/* ---- orders
 * ------------------------------------------------------------------------------------------ */

static struct sp_text cut(struct sp_text text, size_t most)
{
    if (text.size <= most)
        return text;
    size_t size = most;
    while (size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    return (struct sp_text){text.data, size};
}

/* What people know the line by: the product's name, and the SKU that they typed. */
static struct sp_text subject_of(const struct recorded_line *line, struct sp_arena *arena)
{
    if (line->product_name.size > 0 && line->seller_sku.size > 0)
        return cut(sp_arena_printf(arena, "%.*s (%.*s)", SP_FMT(line->product_name),
                                   SP_FMT(line->seller_sku)),
                   SUBJECT_BYTES);
    if (line->product_name.size > 0)
        return cut(line->product_name, SUBJECT_BYTES);
    return cut(line->seller_sku.size > 0 ? line->seller_sku : line->sku_id, SUBJECT_BYTES);
}

static struct sp_text problem_of(const struct line_meaning *meaning)
{
    if (!meaning->sku->known)
        return SP_TEXT("NOT_DOWNLOADED");
    bool misses = meaning->sku->personalised && !meaning->has_design;
    return misses && meaning->sku->problem.size == 0 ? SP_TEXT("DESIGN_MISSING")
                                                     : meaning->sku->problem;
}

struct mapped_line mapper_map_line(const struct recorded_line *line,
                                   const struct line_meaning *meaning, struct sp_arena *arena)
{
    struct mapped_line mapped = {
        .line = line->line, .units = line->units, .cancelled = line->cancelled};
    mapped.problem = problem_of(meaning);
    if (mapped.problem.size > 0) {
        mapped.subject = subject_of(line, arena);
        return mapped;
    }
    mapped.parts = meaning->sku->resolved.parts;
    mapped.parts_count = meaning->sku->resolved.count;
    return mapped;
}

void mapper_map_order(const struct order_recorded *order, const struct line_meaning meanings[],
                      int64_t rev, struct sp_arena *arena, struct order_mapped *mapped)
{
    struct mapped_line *lines = sp_arena_array(arena, order->lines_count, sizeof *lines);
    for (size_t i = 0; i < order->lines_count; i++)
        lines[i] = mapper_map_line(&order->lines[i], &meanings[i], arena);
    *mapped = (struct order_mapped){
        .head = order->head,
        .shop_id = order->shop_id,
        .channel_status = order->channel_status,
        .created_at = order->created_at,
        .paid_at = order->paid_at,
        .collected_at = order->collected_at,
        .delivered_at = order->delivered_at,
        .cancelled_at = order->cancelled_at,
        .cancel_initiator = order->cancel_initiator,
        .ship_by = order->ship_by,
        .is_cod = order->is_cod,
        .is_sample = order->is_sample,
        .fulfilled_by_channel = order->fulfilled_by_channel,
        .buyer_wants_cancel = order->buyer_wants_cancel,
        .is_manual = order->is_manual,
        .deleted = order->deleted,
        .lines = lines,
        .lines_count = order->lines_count,
    };
    mapped->head.rev = rev;
}

bool mapper_is_open(struct sp_text channel_status)
{
    return !sp_text_is(channel_status, "COMPLETED") && !sp_text_is(channel_status, "CANCELLED");
}

bool mapper_waits(struct sp_text channel_status)
{
    return mapper_is_open(channel_status) && !sp_text_is(channel_status, "AWAITING_COLLECTION") &&
           !sp_text_is(channel_status, "IN_TRANSIT") && !sp_text_is(channel_status, "DELIVERED");
}

static bool seen_before(const struct order_recorded *order, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (order->lines[i].line == order->lines[at].line)
            return true;
    }
    return false;
}

enum sp_result mapper_check_order(const struct order_recorded *order, struct sp_error *err)
{
    int64_t highest =
        0; /* lines come in ascending order; only a strange order costs the walk back */
    for (size_t i = 0; i < order->lines_count; i++) {
        const struct recorded_line *line = &order->lines[i];
        if (line->line < 1 || (line->line <= highest && seen_before(order, i)))
            return sp_fail(err, SP_REJECT, "order %.*s has line number %lld twice, or below 1",
                           SP_FMT(order->head.key), (long long)line->line);
        if (line->units < 0)
            return sp_fail(err, SP_REJECT, "order %.*s, line %lld: %lld units",
                           SP_FMT(order->head.key), (long long)line->line, (long long)line->units);
        highest = line->line > highest ? line->line : highest;
    }
    return SP_OK;
}

struct sp_text mapper_key(struct sp_arena *arena, int64_t shop_id, struct sp_text id)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = shop_id < 0 ? -(uint64_t)shop_id : (uint64_t)shop_id;
    digits[--at] = '-';
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (shop_id < 0)
        digits[--at] = '-';
    size_t before = sizeof digits - at;
    char *key = sp_arena_alloc(arena, before + id.size + 1);
    memcpy(key, digits + at, before);
    if (id.size > 0)
        memcpy(key + before, id.data, id.size);
    return (struct sp_text){key, before + id.size};
}
