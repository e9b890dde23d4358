/* What was read of cancellations and returns becomes facts. */
#include "services/connector/accept_return.h"

#include "services/connector/content.h"
#include "services/connector/order_store.h"

static enum sp_result read_return(struct sp_ctx *ctx, struct sp_json json,
                                  enum return_family family, struct accept_return *one,
                                  struct sp_error *err)
{
    enum sp_result result = tiktok_read_return(json, family, sp_ctx_arena(ctx), &one->fact, err);
    if (result != SP_OK)
        return result;
    struct channel_return fact = one->fact;
    fact.head = content_head(one->from.shop.account_id, fact.return_id);
    return content_hash(&channel_return_message, &fact, (struct sp_text){0}, &one->hash, err);
}

size_t accept_read_returns(struct sp_ctx *ctx, struct sp_json array, enum return_family family,
                           const struct accept_source *from, struct accept_return returns[PAGE_IDS])
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    struct sp_error err;
    size_t count = 0;
    while (!walk.object && count < PAGE_IDS && sp_json_next(&walk, NULL, &element)) {
        returns[count] = (struct accept_return){.from = *from};
        if (read_return(ctx, element, family, &returns[count], &err) == SP_OK)
            count++;
        else
            accept_leave_out("return", &err);
    }
    return count;
}

enum sp_result accept_returns(struct sp_ctx *ctx, const struct accept_return returns[],
                              size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct seen_item *items = sp_arena_array(arena, count + 1, sizeof *items);
    struct channel_return *facts = sp_arena_array(arena, count + 1, sizeof *facts);
    size_t item_count = count, fact_count = 0;
    for (size_t i = 0; i < count; i++) {
        items[i] =
            accept_item(&returns[i].from, returns[i].fact.return_id, returns[i].fact.updated_at, i);
        items[i].hash = returns[i].hash;
    }
    if (item_count == 0)
        return SP_OK;
    enum sp_result result = store_claim_returns(ctx, items, &item_count);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < item_count; i++) {
        const struct accept_return *one = &returns[items[i].at];
        if (!items[i].accepted)
            continue;
        struct channel_return *fact = &facts[fact_count++];
        *fact = one->fact;
        fact->head.account_id = one->from.shop.account_id;
        fact->head.key = accept_key(ctx, one->from.shop, fact->return_id);
        fact->head.rev = items[i].rev;
        fact->shop_id = one->from.shop.shop_id;
    }
    if (fact_count == 0)
        return SP_OK;
    accept_count("return", fact_count);
    return sp_emit(ctx, &channel_return_message, facts, fact_count);
}
