/* SKUs of orders made by hand. */
#include "services/product-mapper/manual.h"

#include "services/product-mapper/domain.h"
#include "services/product-mapper/relink.h"

static size_t list_skus(struct sp_arena *arena, const struct order_recorded *order,
                        struct placeholder skus[])
{
    for (size_t i = 0; i < order->lines_count; i++) {
        const struct recorded_line *line = &order->lines[i];
        skus[i] = (struct placeholder){.account_id = order->head.account_id,
                                       .shop_id = order->shop_id,
                                       .sku_key = mapper_key(arena, order->shop_id, line->sku_id),
                                       .sku_id = line->sku_id,
                                       .seller_sku = line->seller_sku,
                                       .title = line->product_name};
    }
    return order->lines_count;
}

/* The lines of the account's orders that were made by hand. */
static size_t list_of_account(struct sp_arena *arena, const struct order_recorded orders[],
                              size_t count, struct placeholder **skus)
{
    size_t lines = 0, found = 0;
    for (size_t i = 0; i < count; i++)
        lines += orders[i].is_manual ? orders[i].lines_count : 0;
    *skus = sp_arena_array(arena, lines, sizeof **skus);
    for (size_t i = 0; i < count; i++)
        found += orders[i].is_manual ? list_skus(arena, &orders[i], *skus + found) : 0;
    return found;
}

static enum sp_result meet(struct sp_ctx *ctx, const struct order_recorded orders[], size_t count)
{
    struct link_origin origin = {.account_id = orders[0].head.account_id,
                                 .user = SP_TEXT("system")};
    struct placeholder *skus;
    size_t found = list_of_account(sp_ctx_arena(ctx), orders, count, &skus);
    if (found == 0)
        return SP_OK;
    const struct sp_rows *rows = store_put_manual_skus(ctx, skus, found);
    if (rows == NULL)
        return mapper_failed(ctx);
    struct key_list fresh = mapper_keys_of(ctx, rows), linked;
    struct match_counts counts;
    if (fresh.count == 0)
        return SP_OK;
    enum sp_result result = mapper_relink_begin(ctx, &origin, NULL);
    if (result == SP_OK)
        result = mapper_link_matches(ctx, &origin, &(struct match_request){MATCH_KEYS, fresh},
                                     &counts, &linked);
    return result == SP_OK ? mapper_settle(ctx, &origin, fresh) : result;
}

enum sp_result mapper_meet_manual(struct sp_ctx *ctx, const struct order_recorded orders[],
                                  size_t count)
{
    size_t first = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i < count && orders[i].head.account_id == orders[first].head.account_id)
            continue;
        enum sp_result result = meet(ctx, orders + first, i - first);
        if (result != SP_OK)
            return result;
        first = i;
    }
    return SP_OK;
}
