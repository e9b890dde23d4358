/* Details of listings. */
#include "services/connector/details.h"

#include "services/connector/access.h"
#include "services/connector/listing_json.h"
#include "services/connector/order_store.h"

enum { TOKEN_WAIT_MS = 3000 };

static void ask_detail(struct sp_ctx *ctx, const struct pull_task *task, struct sp_text product_id,
                       struct tiktok_call *call)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = task->access.shop.shop_id,
        .method = "GET",
        .path =
            sp_arena_printf(sp_ctx_arena(ctx), "/product/202309/products/%.*s", SP_FMT(product_id)),
        .token = unseal_access(ctx, &task->access),
        .cipher = task->access.cipher,
        .now_s = task->began_us / 1000000,
    };
}

static struct sp_text title_of(const struct channel_listing *detail, struct sp_text sku_id)
{
    for (size_t i = 0; i < detail->skus_count; i++) {
        if (sp_text_equal(detail->skus[i].sku_id, sku_id))
            return detail->skus[i].title;
    }
    return (struct sp_text){0};
}

/* Texts are copied: the answer is released before the page is stored. */
static void merge(struct sp_ctx *ctx, const struct channel_listing *detail,
                  struct channel_listing *fact)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct listing_sku *skus = sp_arena_array(arena, fact->skus_count + 1, sizeof *skus);
    for (size_t i = 0; i < fact->skus_count; i++) {
        skus[i] = fact->skus[i];
        struct sp_text title = title_of(detail, skus[i].sku_id);
        if (title.size > 0)
            skus[i].title = sp_arena_copy(arena, title);
    }
    fact->skus = skus;
    if (detail->image_url.size > 0)
        fact->image_url = sp_arena_copy(arena, detail->image_url);
}

/* False: the page is put off. */
static bool take_answer(struct sp_ctx *ctx, struct pull_page *page, const struct tiktok_call *call,
                        struct channel_listing *fact)
{
    struct channel_listing detail;
    switch (call->answer.outcome) {
    case TIKTOK_DONE:
        if (tiktok_read_listing(call->answer.data, sp_ctx_arena(ctx), &detail, NULL) == SP_OK)
            merge(ctx, &detail, fact);
        return true;
    case TIKTOK_REFUSED:
    case TIKTOK_CONSENT:
    case TIKTOK_TOO_BIG:
        return true;
    case TIKTOK_TOKEN:
        page->token_refused = true;
        page_put_off(ctx, page, call, TOKEN_WAIT_MS);
        return false;
    case TIKTOK_LATER:
        page_put_off(ctx, page, call, call->wait_ms);
        return false;
    }
    return false;
}

/* Up to TIKTOK_CALLS changed listings, together. */
static bool add_some(struct sp_ctx *ctx, struct pull_page *page, struct accept_listing *changed[],
                     size_t count)
{
    struct tiktok_call calls[TIKTOK_CALLS];
    for (size_t i = 0; i < count; i++)
        ask_detail(ctx, page->task, changed[i]->fact.product_id, &calls[i]);
    tiktok_perform(ctx, calls, count);
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = take_answer(ctx, page, &calls[i], &changed[i]->fact);
    tiktok_release(calls, count);
    return good;
}

static enum sp_result find_changed(struct sp_ctx *ctx, struct pull_page *page,
                                   struct accept_listing *changed[PAGE_IDS], size_t *count)
{
    struct changed_listing asked[PAGE_IDS];
    for (size_t i = 0; i < page->count; i++)
        asked[i] = (struct changed_listing){.product_id = page->listings[i].fact.product_id,
                                            .hash = page->listings[i].hash};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_find_changed(ctx, page->task->access.shop, asked, page->count);
    if (result != SP_OK) {
        sp_rollback(ctx);
        return result;
    }
    *count = 0;
    for (size_t i = 0; i < page->count; i++) {
        if (asked[i].changed)
            changed[(*count)++] = &page->listings[i];
    }
    return sp_commit(ctx);
}

enum sp_result details_add(struct sp_ctx *ctx, struct pull_page *page)
{
    struct accept_listing *changed[PAGE_IDS];
    size_t count = 0;
    if (!page->has_content || page->before.sorted || page->count == 0)
        return SP_OK;
    enum sp_result result = find_changed(ctx, page, changed, &count);
    for (size_t start = 0; start < count && result == SP_OK; start += TIKTOK_CALLS) {
        size_t here = count - start < TIKTOK_CALLS ? count - start : TIKTOK_CALLS;
        if (!add_some(ctx, page, changed + start, here))
            break;
    }
    return result;
}
