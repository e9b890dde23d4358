/* From recorded orders to mapped ones: what order.recorded and healing have in common. */
#include "services/product-mapper/decide.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/cache.h"
#include "services/product-mapper/store.h"

enum { CACHE_BYTES = 4 * 1024 * 1024 }; /* some 60,000 listing SKUs */

/* What listing SKUs mean, by the account's link_rev. */
static struct sp_cache *known_skus;
static pthread_once_t known_skus_once = PTHREAD_ONCE_INIT;

static void open_known_skus(void)
{
    known_skus = sp_cache_open(CACHE_BYTES);
}

/* A line of the batch, on its way to its listing SKU. */
struct line_entry {
    struct sku_ref ref;
    const struct order_recorded *order;
    const struct recorded_line *line;
    const struct mapper_claim *claim;
    size_t flat; /* the how-manieth line of the batch */
};

/* The batch's listing SKUs, each once, ordered by key. */
struct batch_skus {
    struct sku_ref *refs;
    const struct line_entry **named_by; /* one of the lines that name it */
    struct sku_meaning *meanings;
    size_t count;
    const struct sku_meaning **of_line; /* by flat */
};

static int by_key(const void *left, const void *right)
{
    const struct line_entry *a = left, *b = right;
    if (a->ref.account_id != b->ref.account_id)
        return a->ref.account_id < b->ref.account_id ? -1 : 1;
    return sp_text_compare(a->ref.sku_key, b->ref.sku_key);
}

static size_t count_lines(const struct order_recorded orders[], size_t count)
{
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += orders[i].lines_count;
    return lines;
}

static struct line_entry *list_lines(struct sp_arena *arena, const struct order_recorded orders[],
                                     const struct mapper_claim claims[], size_t count, size_t lines)
{
    struct line_entry *entries = sp_arena_array(arena, lines, sizeof *entries);
    size_t flat = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < orders[i].lines_count; k++, flat++) {
            const struct recorded_line *line = &orders[i].lines[k];
            entries[flat] = (struct line_entry){
                .order = &orders[i], .line = line, .claim = &claims[i], .flat = flat};
            entries[flat].ref.account_id = orders[i].head.account_id;
            entries[flat].ref.sku_key = mapper_key(arena, orders[i].shop_id, line->sku_id);
        }
    }
    if (lines > 1)
        qsort(entries, lines, sizeof *entries, by_key);
    return entries;
}

static struct batch_skus distinct_skus(struct sp_arena *arena, const struct line_entry entries[],
                                       size_t lines)
{
    struct batch_skus skus = {
        .refs = sp_arena_array(arena, lines, sizeof *skus.refs),
        .named_by = sp_arena_array(arena, lines, sizeof *skus.named_by),
        .meanings = sp_arena_array(arena, lines, sizeof *skus.meanings),
        .of_line = sp_arena_array(arena, lines, sizeof *skus.of_line),
    };
    for (size_t i = 0; i < lines; i++) {
        if (i == 0 || by_key(&entries[i - 1], &entries[i]) != 0) {
            skus.refs[skus.count] = entries[i].ref;
            skus.named_by[skus.count++] = &entries[i];
        }
        skus.of_line[entries[i].flat] = &skus.meanings[skus.count - 1];
    }
    return skus;
}

/* A database that was restored counts from a lower link_rev, and from a higher floor. */
static struct sp_cache_key key_of(struct sp_ctx *ctx, const struct batch_skus *skus, size_t i)
{
    return (struct sp_cache_key){.account_id = skus->refs[i].account_id,
                                 .name = skus->refs[i].sku_key,
                                 .version = sp_rev_floor(ctx) + skus->named_by[i]->claim->link_rev};
}

static enum sp_result read_meaning(struct sp_ctx *ctx, struct sp_text resolved,
                                   struct sku_meaning *meaning)
{
    meaning->known = true;
    if (mapper_read_parts(resolved, sp_ctx_arena(ctx), &meaning->resolved) != SP_OK)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "listing_sku.resolved cannot be read");
    return SP_OK;
}

/* Takes those from memory that have been read since the links last changed; `asked` becomes the
 * places of the others. */
static enum sp_result recall(struct sp_ctx *ctx, struct batch_skus *skus, size_t asked[],
                             size_t *count)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < skus->count && result == SP_OK; i++) {
        struct sp_text resolved;
        struct sp_cache_key key = key_of(ctx, skus, i);
        if (sp_cache_find(known_skus, &key, sp_ctx_arena(ctx), &resolved))
            result = read_meaning(ctx, resolved, &skus->meanings[i]);
        else
            asked[(*count)++] = i;
    }
    return result;
}

/* Takes row `row` of what was asked for.  What no order had named is not kept in memory: it is
 * known to be marked only when it has been read so. */
static enum sp_result take_meaning(struct sp_ctx *ctx, struct batch_skus *skus, size_t i,
                                   const struct sp_rows *rows, size_t row)
{
    struct sp_text resolved = sp_row_text(rows, row, 2);
    skus->meanings[i].problem = sp_row_text(rows, row, 1);
    skus->meanings[i].personalised = sp_row_bool(rows, row, 4);
    enum sp_result result = read_meaning(ctx, resolved, &skus->meanings[i]);
    /* A SKU with a problem may lose it by a listing that comes, without a change of links. */
    struct sp_cache_key key = key_of(ctx, skus, i);
    bool lasting = skus->meanings[i].problem.size == 0 && sp_row_bool(rows, row, 3) &&
                   !skus->meanings[i].personalised;
    if (result == SP_OK && lasting)
        sp_cache_put(known_skus, &key, resolved);
    return result;
}

static enum sp_result load_meanings(struct sp_ctx *ctx, struct batch_skus *skus)
{
    size_t *asked = sp_arena_array(sp_ctx_arena(ctx), skus->count, sizeof *asked), count = 0;
    size_t fresh = 0; /* those that no order has named before */
    (void)pthread_once(&known_skus_once, open_known_skus);
    enum sp_result result = recall(ctx, skus, asked, &count);
    if (result != SP_OK || count == 0)
        return result;
    struct sku_ref *refs = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *refs);
    for (size_t i = 0; i < count; i++)
        refs[i] = skus->refs[asked[i]];
    const struct sp_rows *rows = store_find_skus(ctx, refs, count);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t row = 0; row < sp_rows_count(rows) && result == SP_OK; row++) {
        size_t i = asked[sp_row_int(rows, row, 0)];
        result = take_meaning(ctx, skus, i, rows, row);
        if (!sp_row_bool(rows, row, 3))
            refs[fresh++] = skus->refs[i];
    }
    if (result == SP_OK)
        store_mark_ordered(ctx, refs, fresh);
    return result;
}

static void put_placeholders(struct sp_ctx *ctx, const struct batch_skus *skus)
{
    struct placeholder *missing = sp_arena_array(sp_ctx_arena(ctx), skus->count, sizeof *missing);
    size_t count = 0;
    for (size_t i = 0; i < skus->count; i++) {
        const struct line_entry *entry = skus->named_by[i];
        if (skus->meanings[i].known || entry->line->sku_id.size == 0)
            continue;
        missing[count++] = (struct placeholder){
            .account_id = skus->refs[i].account_id,
            .shop_id = entry->order->shop_id,
            .sku_key = skus->refs[i].sku_key,
            .sku_id = entry->line->sku_id,
            .product_id = entry->line->product_id,
            .seller_sku = entry->line->seller_sku,
            .title = entry->line->product_name,
        };
    }
    store_put_placeholders(ctx, missing, count);
}

/* Which lines have a design of their own; asked only when one of the batch must have one. */
static enum sp_result find_designs(struct sp_ctx *ctx, const struct order_recorded orders[],
                                   size_t count, struct line_meaning meanings[])
{
    struct order_ref *refs = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *refs);
    size_t *first = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *first);
    size_t asked = 0, flat = 0;
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (size_t k = 0; k < orders[i].lines_count; k++)
            any = any || meanings[flat + k].sku->personalised;
        if (any) {
            refs[asked] = (struct order_ref){orders[i].head.account_id, orders[i].head.key, i};
            first[asked++] = flat;
        }
        flat += orders[i].lines_count;
    }
    if (asked == 0)
        return SP_OK;
    const struct sp_rows *rows = store_find_line_designs(ctx, refs, asked);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        size_t at = (size_t)sp_row_int(rows, row, 0);
        const struct order_recorded *order = &orders[refs[at].order];
        for (size_t k = 0; k < order->lines_count; k++) {
            if (order->lines[k].line == sp_row_int(rows, row, 1))
                meanings[first[at] + k].has_design = true;
        }
    }
    return SP_OK;
}

enum sp_result mapper_decide(struct sp_ctx *ctx, const struct order_recorded orders[],
                             const struct mapper_claim claims[], size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t lines = count_lines(orders, count), flat = 0;
    const struct line_entry *entries = list_lines(arena, orders, claims, count, lines);
    struct batch_skus skus = distinct_skus(arena, entries, lines);
    struct line_meaning *meanings = sp_arena_array(arena, lines, sizeof *meanings);
    for (size_t i = 0; i < lines; i++)
        meanings[i].sku = skus.of_line[i];
    enum sp_result result = load_meanings(ctx, &skus);
    if (result == SP_OK)
        result = find_designs(ctx, orders, count, meanings);
    if (result != SP_OK)
        return result;
    struct order_mapped *mapped = sp_arena_array(arena, count, sizeof *mapped);
    for (size_t i = 0; i < count; i++) {
        mapper_map_order(&orders[i], meanings + flat, claims[i].rev, arena, &mapped[i]);
        flat += orders[i].lines_count;
    }
    put_placeholders(ctx, &skus);
    return sp_emit(ctx, &order_mapped_message, mapped, count);
}
