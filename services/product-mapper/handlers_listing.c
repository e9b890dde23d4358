/* Listings: new SKUs are linked by equal SKU, and orders that waited for them follow. */
#include "services/product-mapper/handlers.h"

#include "services/product-mapper/relink.h"

int claim_channel_listing(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_listings(ctx, messages, count);
}

/* Collects the keys of the rows whose second column is 1. */
static void take_news(const struct sp_rows *rows, struct sp_text keys[], size_t *count)
{
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        if (sp_row_int(rows, row, 1) != 0)
            keys[(*count)++] = sp_row_text(rows, row, 0);
    }
}

/* Keys of the listings and of all their SKUs. */
static void list_keys(struct sp_ctx *ctx, const struct channel_listing listings[], size_t count,
                      struct key_list *listing_ids, struct key_list *skus)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        total += listings[i].skus_count;
    struct sp_text *ids = sp_arena_array(arena, count, sizeof *ids);
    struct sp_text *keys = sp_arena_array(arena, total, sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        ids[i] = listings[i].head.key;
        for (size_t k = 0; k < listings[i].skus_count; k++)
            keys[at++] = mapper_key(arena, listings[i].shop_id, listings[i].skus[k].sku_id);
    }
    *listing_ids = (struct key_list){ids, count};
    *skus = (struct key_list){keys, total};
}

/* Stores the SKUs; `news` gets those that concern somebody. */
static enum sp_result save_skus(struct sp_ctx *ctx, const struct channel_listing listings[],
                                size_t count, struct key_list *news)
{
    struct key_list listing_ids, skus;
    list_keys(ctx, listings, count, &listing_ids, &skus);
    const struct sp_rows *saved = store_put_listing_skus(ctx, listings, count);
    const struct sp_rows *dropped =
        saved == NULL
            ? NULL
            : store_drop_listing_skus(ctx, listings[0].head.account_id, listing_ids, skus);
    if (dropped == NULL)
        return mapper_failed(ctx);
    struct sp_text *keys = sp_arena_array(
        sp_ctx_arena(ctx), sp_rows_count(saved) + sp_rows_count(dropped), sizeof *keys);
    size_t found = 0;
    take_news(saved, keys, &found);
    take_news(dropped, keys, &found);
    *news = (struct key_list){keys, found};
    return SP_OK;
}

/* The listings of one account. */
static enum sp_result save_listings(struct sp_ctx *ctx, const struct channel_listing listings[],
                                    size_t count)
{
    struct link_origin origin = {.account_id = listings[0].head.account_id,
                                 .user = SP_TEXT("system")};
    bool map_by_sku = false;
    struct key_list news = {0}, linked = {0};
    struct match_counts counts;
    enum sp_result result = mapper_relink_begin(ctx, &origin, &map_by_sku);
    if (result == SP_OK)
        result = save_skus(ctx, listings, count, &news);
    if (result == SP_OK && map_by_sku && news.count > 0)
        result = mapper_link_matches(ctx, &origin, &(struct match_request){MATCH_KEYS, news},
                                     &counts, &linked);
    return result == SP_OK ? mapper_settle(ctx, &origin, news) : result;
}

/* A SKU can be in one listing only: of several in the batch the later one would fail the statement.
 */
static bool names_a_sku_twice(const struct channel_listing *listing)
{
    for (size_t i = 0; i < listing->skus_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (sp_text_equal(listing->skus[i].sku_id, listing->skus[k].sku_id))
                return true;
        }
    }
    return false;
}

enum sp_result on_channel_listing(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_listing *listings = batch->messages;
    size_t rejected = 0, first = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (!names_a_sku_twice(&listings[i]))
            continue;
        sp_reject(ctx, batch, i, "listing %.*s names a SKU twice", SP_FMT(listings[i].head.key));
        rejected++;
    }
    if (rejected > 0)
        return SP_OK; /* the others come back in a batch without these */
    for (size_t i = 1; i <= batch->count; i++) {
        if (i < batch->count && listings[i].head.account_id == listings[first].head.account_id)
            continue;
        enum sp_result result = save_listings(ctx, listings + first, i - first);
        if (result != SP_OK)
            return result;
        first = i;
    }
    return SP_OK;
}
