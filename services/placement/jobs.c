#include "services/placement/jobs.h"

#include "services/placement/ask_store.h"
#include "services/placement/place_flow.h"

static enum sp_result give_up(struct sp_ctx *ctx, enum sp_result result)
{
    sp_rollback(ctx);
    return result;
}

static enum sp_result heal(struct sp_ctx *ctx, struct heal_mark *mark)
{
    struct order_ref *refs;
    size_t count;
    enum sp_result result = store_next_drafts(ctx, mark, &refs, &count);
    struct place_flow flow = {.count = 0};
    if (result == SP_OK && count > 0)
        result = place_flow_load(ctx, refs, count, &flow);
    if (result == SP_OK && flow.count > 0)
        result = place_flow_run(ctx, &flow);
    if (result != SP_OK)
        return result;
    if (count < STORE_WALK_ORDERS) {
        store_end_heal(ctx, mark);
        return SP_OK;
    }
    mark->after_key = refs[count - 1].key;
    store_move_heal(ctx, mark);
    return SP_OK;
}

static enum sp_result heal_drafts(struct sp_ctx *ctx)
{
    struct heal_mark mark = {.mark_id = 0};
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_take_heal(ctx, &mark);
    if (result != SP_OK || mark.mark_id == 0)
        return give_up(ctx, result);
    result = heal(ctx, &mark);
    if (result != SP_OK)
        return give_up(ctx, result);
    result = sp_commit(ctx);
    return result == SP_OK ? SP_AGAIN : result;
}

static enum sp_result prune_changes(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_prune_changes(ctx);
    return sp_commit(ctx);
}

const struct sp_job placement_jobs[] = {
    {"heal-drafts", 2000, heal_drafts},
    {"prune-changes", 10000, prune_changes},
    {0},
};
