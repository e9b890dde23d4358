/* What a list does not tell of its elements. */
#include "services/connector/details.h"

#include "services/connector/access.h"
#include "services/connector/listing_json.h"
#include "services/connector/order_store.h"

enum { TOKEN_WAIT_MS = 3000 };

/* One call about one element. */
struct detail {
    enum { PRODUCT, REFUSALS, RECORDS } what;
    size_t at; /* of the page's elements */
};

struct details {
    struct detail all[2 * PAGE_IDS];
    size_t count;
};

static struct sp_text path_of(struct sp_ctx *ctx, const struct pull_page *page,
                              const struct detail *detail)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    switch (detail->what) {
    case PRODUCT:
        return sp_arena_printf(arena, "/product/202309/products/%.*s",
                               SP_FMT(page->listings[detail->at].fact.product_id));
    case REFUSALS:
        return SP_TEXT("/return_refund/202309/reject_reasons");
    case RECORDS:
        return sp_arena_printf(arena, "/return_refund/202309/returns/%.*s/records",
                               SP_FMT(page->returns[detail->at].fact.return_id));
    }
    return (struct sp_text){0};
}

static void ask_detail(struct sp_ctx *ctx, const struct pull_page *page,
                       const struct detail *detail, struct tiktok_call *call)
{
    const struct pull_task *task = page->task;
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = task->access.shop.shop_id,
        .method = "GET",
        .path = path_of(ctx, page, detail),
        .token = unseal_access(ctx, &task->access),
        .cipher = task->access.cipher,
        .now_s = task->began_us / 1000000,
    };
    if (detail->what == REFUSALS)
        tiktok_add_param(call, "return_or_cancel_id", page->returns[detail->at].fact.return_id);
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

static void copy_texts(struct sp_ctx *ctx, struct channel_return *fact)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct refusal *refusals = sp_arena_array(arena, fact->refusals_count + 1, sizeof *refusals);
    struct return_image *images = sp_arena_array(arena, fact->images_count + 1, sizeof *images);
    for (size_t i = 0; i < fact->refusals_count; i++)
        refusals[i] = (struct refusal){sp_arena_copy(arena, fact->refusals[i].name),
                                       sp_arena_copy(arena, fact->refusals[i].text)};
    for (size_t i = 0; i < fact->images_count; i++)
        images[i].url = sp_arena_copy(arena, fact->images[i].url);
    fact->refusals = refusals;
    fact->images = images;
}

static void add_detail(struct sp_ctx *ctx, struct pull_page *page, const struct detail *detail,
                       struct sp_json data)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct channel_listing listing;
    switch (detail->what) {
    case PRODUCT:
        if (tiktok_read_listing(data, arena, &listing, NULL) == SP_OK)
            merge(ctx, &listing, &page->listings[detail->at].fact);
        break;
    case REFUSALS:
        tiktok_read_refusals(sp_json_get(data, "reasons"), arena, &page->returns[detail->at].fact);
        copy_texts(ctx, &page->returns[detail->at].fact);
        break;
    case RECORDS:
        tiktok_read_images(sp_json_get(data, "records"), arena, &page->returns[detail->at].fact);
        copy_texts(ctx, &page->returns[detail->at].fact);
        break;
    }
}

/* False: the page is put off. */
static bool take_answer(struct sp_ctx *ctx, struct pull_page *page, const struct detail *detail,
                        const struct tiktok_call *call)
{
    switch (call->answer.outcome) {
    case TIKTOK_DONE:
        add_detail(ctx, page, detail, call->answer.data);
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

/* Up to TIKTOK_CALLS details, together. */
static bool add_some(struct sp_ctx *ctx, struct pull_page *page, const struct detail details[],
                     size_t count)
{
    struct tiktok_call calls[TIKTOK_CALLS];
    for (size_t i = 0; i < count; i++)
        ask_detail(ctx, page, &details[i], &calls[i]);
    tiktok_perform(ctx, calls, count);
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = take_answer(ctx, page, &details[i], &calls[i]);
    tiktok_release(calls, count);
    return good;
}

/* ---- which are wanted
 * --------------------------------------------------------------------------------- */

static void plan(const struct pull_page *page, size_t at, struct details *details)
{
    if (page->stream->of == OF_LISTINGS) {
        details->all[details->count++] = (struct detail){PRODUCT, at};
        return;
    }
    if (page->returns[at].fact.wants.size > 0)
        details->all[details->count++] = (struct detail){REFUSALS, at};
    if (page->stream->of == OF_RETURNS)
        details->all[details->count++] = (struct detail){RECORDS, at};
}

static enum sp_result find_changed(struct sp_ctx *ctx, const struct pull_page *page,
                                   struct changed_thing things[PAGE_IDS])
{
    bool listings = page->stream->of == OF_LISTINGS;
    for (size_t i = 0; i < page->count; i++)
        things[i] = listings ? (struct changed_thing){page->listings[i].fact.product_id,
                                                      page->listings[i].hash, false}
                             : (struct changed_thing){page->returns[i].fact.return_id,
                                                      page->returns[i].hash, false};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    struct shop_key shop = page->task->access.shop;
    result = listings ? store_find_changed_listings(ctx, shop, things, page->count)
                      : store_find_changed_returns(ctx, shop, things, page->count);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

static bool has_details(const struct pull_page *page)
{
    return page->has_content && page->count > 0 && page->stream->of != OF_ORDERS &&
           page->stream->of != OF_STATEMENTS;
}

enum sp_result details_add(struct sp_ctx *ctx, struct pull_page *page)
{
    struct changed_thing things[PAGE_IDS];
    struct details details = {.count = 0};
    if (!has_details(page))
        return SP_OK;
    enum sp_result result = find_changed(ctx, page, things);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < page->count; i++) {
        if (things[i].changed)
            plan(page, i, &details);
    }
    for (size_t start = 0; start < details.count; start += TIKTOK_CALLS) {
        size_t left = details.count - start;
        if (!add_some(ctx, page, details.all + start, left < TIKTOK_CALLS ? left : TIKTOK_CALLS))
            break;
    }
    return SP_OK;
}
