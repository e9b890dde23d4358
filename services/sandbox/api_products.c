/* Products: search page by page, one in detail. */
#include <string.h>

#include "services/sandbox/api_routes.h"
#include "services/sandbox/page_token.h"
#include "services/sandbox/product_json.h"

enum { MOST_NAMED = 10, MOST_RESULTS = 10000 };

/* Times are inclusive here, unlike those of orders; 0: no bound. */
struct product_filter {
    int status;      /* -1: all */
    unsigned audits; /* a bit for each that will do, 0: any */
    int64_t create_ge, create_le, update_ge, update_le;
    bool named; /* only the products of `skus` */
    uint32_t skus[2 * MOST_NAMED];
    size_t sku_count;
};

/* seller_skus or sku_ids: unknown ones find nothing. */
static enum api_error read_names(struct api_call *call, const char *member, bool are_ids,
                                 struct product_filter *filter)
{
    const struct catalogue *catalogue = &call->shop->catalogue;
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->body, member));
    struct sp_json value;
    for (size_t i = 0; sp_json_next(&walk, NULL, &value); i++) {
        if (i == MOST_NAMED)
            return api_fail(call, API_TOO_MANY_IDS, member);
        struct sp_text text = sp_json_text(value, call->arena);
        uint64_t id = are_ids ? ids_counter(&call->shop->ids, ID_SKU, text) : 0;
        uint32_t sku = are_ids ? (uint32_t)(id - 1) : catalogue_find(catalogue, text);
        filter->named = true;
        if ((!are_ids || id != 0) && sku < catalogue->sku_count)
            filter->skus[filter->sku_count++] = sku;
    }
    return API_OK;
}

static const char *const audits[] = {"AUDITING", "FAILED", "APPROVED"};

static bool read_audits(struct api_call *call, struct product_filter *filter)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->body, "audit_status"));
    struct sp_json value;
    while (sp_json_next(&walk, NULL, &value)) {
        struct sp_text name = sp_json_text(value, call->arena);
        int audit = sp_text_among(name, audits, SP_COUNT(audits));
        if (audit < 0)
            return false;
        filter->audits |= 1u << audit;
    }
    return true;
}

static bool fits_audit(const struct product_filter *filter, const struct product *product)
{
    const char *name = product_audit_name((enum product_status)product->status);
    for (size_t i = 0; i < SP_COUNT(audits); i++) {
        if (strcmp(name, audits[i]) == 0)
            return filter->audits == 0 || (filter->audits >> i & 1u) != 0;
    }
    return filter->audits == 0;
}

static enum api_error read_filter(struct api_call *call, struct product_filter *filter)
{
    struct sp_text status = sp_json_text(sp_json_get(call->body, "status"), call->arena);
    bool all = status.size == 0 || sp_text_is(status, "ALL");
    filter->status = all ? -1 : sp_state_of(&product_life, status);
    if (!all && filter->status < 0)
        return api_fail(call, API_INVALID_PARAM, "status");
    if (!read_audits(call, filter))
        return api_fail(call, API_INVALID_PARAM, "audit_status");
    filter->create_ge = api_body_time(call, "create_time_ge");
    filter->create_le = api_body_time(call, "create_time_le");
    filter->update_ge = api_body_time(call, "update_time_ge");
    filter->update_le = api_body_time(call, "update_time_le");
    enum api_error error = read_names(call, "seller_skus", false, filter);
    return error == API_OK ? read_names(call, "sku_ids", true, filter) : error;
}

static bool is_named(const struct api_call *call, const struct product_filter *filter, uint32_t at)
{
    for (size_t i = 0; i < filter->sku_count; i++) {
        if (call->shop->catalogue.skus[filter->skus[i]].product == at)
            return true;
    }
    return !filter->named;
}

static bool fits(const struct api_call *call, const struct product_filter *filter, uint32_t at)
{
    const struct product *product = &call->shop->catalogue.products[at];
    return is_named(call, filter, at) &&
           (filter->status < 0 || filter->status == product->status) &&
           fits_audit(filter, product) &&
           (filter->create_ge == 0 || product->create_time >= filter->create_ge) &&
           (filter->create_le == 0 || product->create_time <= filter->create_le) &&
           (filter->update_ge == 0 || product->update_time >= filter->update_ge) &&
           (filter->update_le == 0 || product->update_time <= filter->update_le);
}

/* Bound to the bytes of the body: the same filter in another wording is another walk. */
static struct sp_text describe(const struct api_call *call)
{
    return sp_arena_printf(call->arena, "products %u %.*s", call->shop->index,
                           SP_FMT(call->request->body));
}

struct product_page {
    size_t limit, total, count;
    uint64_t behind; /* products up to this number were shown; then the last one's */
    bool more;
};

static enum product_view view_of(const struct api_call *call)
{
    if (strstr(call->route->path, "/202309/") != NULL)
        return PRODUCT_OF_202309;
    return strstr(call->route->path, "/202312/") != NULL ? PRODUCT_OF_202312 : PRODUCT_OF_202502;
}

static void put_page(struct api_call *call, const struct product_filter *filter,
                     struct product_page *page)
{
    uint64_t shown = page->behind;
    enum product_view view = view_of(call);
    sp_json_open_array(&call->data, "products");
    for (uint32_t at = 0; at < call->shop->catalogue.product_count; at++) {
        if (!fits(call, filter, at))
            continue;
        page->total++;
        if (at < shown)
            continue;
        if (page->count == page->limit) {
            page->more = true;
            continue;
        }
        product_json_put(&call->data, call->shop, at, view);
        page->count++;
        page->behind = at + 1u;
    }
    sp_json_close_array(&call->data);
}

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct product_page *page = about;
    sp_json_put_int(json, "count", (int64_t)page->count);
    sp_json_put_int(json, "total", (int64_t)page->total);
}

enum api_error api_search_products(struct api_call *call)
{
    struct product_filter filter = {0};
    struct product_page page = {0};
    int64_t page_size;
    if (api_query_int(call, "page_size", 1, API_PAGE, &page_size) != API_OK)
        return api_fail(call, API_PRODUCT_PAGE_SIZE, "page_size");
    enum api_error error = read_filter(call, &filter);
    if (error != API_OK)
        return error;
    struct sp_text about = describe(call), token = api_query(call, "page_token");
    struct sp_text key = sp_text_of(call->sandbox->options.app_secret);
    if (token.size > 0 && page_token_read(key, about, token, &page.behind) != SP_OK)
        return api_fail(call, API_PRODUCT_PAGE, "page_token");
    page.limit = (size_t)page_size;
    put_page(call, &filter, &page);
    if (token.size > 0 && page.behind > MOST_RESULTS && page.total > MOST_RESULTS)
        return API_PRODUCT_PAGES_OVER;
    sp_json_put_int(&call->data, "total_count", (int64_t)page.total);
    sp_json_put_string(&call->data, "next_page_token",
                       page.more ? page_token_make(key, about, page.behind, call->arena)
                                 : (struct sp_text){0});
    truth_note(call->sandbox->truth, "served-products", write_told, &page);
    return API_OK;
}

enum api_error api_get_product(struct api_call *call)
{
    uint64_t number = ids_counter(&call->shop->ids, ID_PRODUCT, call->path_params[0]);
    bool draft = sp_text_is(api_query(call, "return_draft_version"), "true");
    if (draft && sp_text_is(api_query(call, "return_under_review_version"), "true"))
        return api_fail(call, API_INVALID_PARAM, "return_draft_version");
    if (number == 0 || number > call->shop->catalogue.product_count ||
        !product_is_shown((enum product_status)call->shop->catalogue.products[number - 1].status))
        return API_PRODUCT_UNKNOWN;
    product_json_put_detail(&call->data, call->shop, (uint32_t)(number - 1));
    return API_OK;
}
