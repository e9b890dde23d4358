/* The marketplace's warehouses of a shop. */
#include "services/connector/warehouses.h"

#include "services/connector/access.h"
#include "services/connector/listing_json.h"
#include "services/connector/progress.h"

enum { WAREHOUSES_MAX = 50 };

void warehouses_ask(struct tiktok_call *call, struct sp_text token, struct sp_text cipher,
                    int64_t shop_id, int64_t now_s)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_ADMIN,
        .shop_id = shop_id,
        .method = "GET",
        .path = SP_TEXT("/logistics/202309/warehouses"),
        .token = token,
        .cipher = cipher,
        .now_s = now_s,
    };
}

static bool is_listed(const struct channel_warehouse list[], size_t count, struct sp_text id)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(list[i].channel_warehouse_id, id))
            return true;
    }
    return false;
}

static size_t read_warehouses(struct sp_ctx *ctx, const struct tiktok_call *call,
                              struct channel_warehouse list[WAREHOUSES_MAX])
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->answer.data, "warehouses"));
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && count < WAREHOUSES_MAX && sp_json_next(&walk, NULL, &element)) {
        struct channel_warehouse warehouse;
        if (tiktok_read_warehouse(element, sp_ctx_arena(ctx), &warehouse) &&
            !is_listed(list, count, warehouse.channel_warehouse_id))
            list[count++] = warehouse;
    }
    return count;
}

static enum sp_result save(struct sp_ctx *ctx, struct shop_key shop,
                           const struct channel_warehouse list[], size_t count)
{
    bool changed = false;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_save_warehouses(ctx, shop, list, count, &changed);
    if (result == SP_OK && changed)
        result = shops_say(ctx, &shop, 1);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result warehouses_refresh(struct sp_ctx *ctx, const struct pull_task *task)
{
    const struct paging *paging = &task->paging;
    bool begins = !paging->sorted && paging->token.size == 0 && paging->again == 0;
    if (!begins)
        return SP_OK;
    struct tiktok_call call;
    struct channel_warehouse list[WAREHOUSES_MAX];
    warehouses_ask(&call, unseal_access(ctx, &task->access), task->access.cipher,
                   task->access.shop.shop_id, task->began_us / 1000000);
    tiktok_perform(ctx, &call, 1);
    enum sp_result result = SP_OK;
    if (call.answer.outcome == TIKTOK_DONE) {
        size_t count = read_warehouses(ctx, &call, list);
        result = save(ctx, task->access.shop, list, count);
    }
    tiktok_release(&call, 1);
    return result;
}
