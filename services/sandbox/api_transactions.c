/* Transactions: what is in a statement, what an order brought, and what is still to come. */
#include <string.h>

#include "services/sandbox/api_finance.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/finance_json.h"

enum { PLACE_BITS = 24 };

static enum api_error read_bound(struct api_call *call, const char *name, int64_t *bound)
{
    *bound = 0;
    return api_query(call, name).size == 0 ? API_OK
                                           : api_query_int(call, name, 0, INT64_MAX, bound);
}

enum api_error finance_read_page(struct api_call *call, const struct listing_rules *rules,
                                 const char *ge, const char *lt, struct finance_page *page)
{
    enum api_error error = listing_read(call, rules, &page->listing);
    if (error == API_OK)
        error = read_bound(call, ge, &page->ge);
    return error == API_OK ? read_bound(call, lt, &page->lt) : error;
}

bool finance_is_within(const struct finance_page *page, int64_t time)
{
    return (page->ge == 0 || time >= page->ge) && (page->lt == 0 || time < page->lt);
}

/* Transactions gathered in the order in which they are visited. */
struct gathered {
    struct api_call *call;
    struct transaction *all;
    size_t count, capacity;
    uint32_t day; /* only of this statement; 0: of all */
};

static void gather(void *about, const struct transaction *one)
{
    struct gathered *to = about;
    if (to->day != 0 && settlement_day(one) != to->day)
        return;
    if (to->count == to->capacity) {
        size_t capacity = to->capacity == 0 ? 64 : to->capacity * 2;
        struct transaction *more = sp_arena_array(to->call->arena, capacity, sizeof *more);
        if (to->count > 0)
            memcpy(more, to->all, to->count * sizeof *more);
        to->all = more;
        to->capacity = capacity;
    }
    to->all[to->count++] = *one;
}

/* ---- of one statement
 * ---------------------------------------------------------------------------------- */

/* Reads how the page is wanted and finds it; `day`: the statement of the path. */
static enum api_error page_of_statement(struct api_call *call, struct gathered *found,
                                        struct listing *listing, struct earning *sum)
{
    static const char *const fields[] = {"order_create_time", NULL};
    static const struct listing_rules rules = {1, API_PAGE, FINANCE_PAGE, fields, true};
    enum api_error error = listing_read(call, &rules, listing);
    if (error != API_OK)
        return error;
    uint64_t day = ids_counter(&call->shop->ids, ID_STATEMENT, call->path_params[0]);
    *found = (struct gathered){.call = call, .day = (uint32_t)day};
    if (day != 0 && day < UINT32_MAX)
        settlement_each(call->shop, sandbox_clock(call->sandbox), gather, found);
    if (found->count == 0)
        return api_fail(call, API_INVALID_PARAM, "statement_id");
    for (uint32_t i = 0; i < found->count; i++) {
        struct earning part = settlement_earning(call->shop, &found->all[i]);
        int64_t created = call->shop->book.orders[found->all[i].order].times.created;
        earning_add(sum, &part);
        listing_add(call, listing, (uint64_t)created << PLACE_BITS | (i + 1u), i);
    }
    listing_cut(listing);
    listing_put_token(call, listing);
    listing_put_total(call, listing);
    return API_OK;
}

static void put_amount(struct api_call *call, const char *name, int64_t minor)
{
    sp_json_put_minor(&call->data, name, minor, call->shop->region->digits);
}

static void put_parts(struct api_call *call, const struct earning *earning)
{
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    finance_put_sums(&call->data, call->shop, earning);
    finance_put_parts(&call->data, call->shop, earning);
}

static void put_breakdowns(struct api_call *call, const struct earning *earning)
{
    put_amount(call, "settlement_amount", earning->settlement);
    put_amount(call, "revenue_amount", earning->revenue);
    put_amount(call, "shipping_cost_amount", earning->shipping);
    put_amount(call, "fee_tax_amount", earning->commission);
    put_amount(call, "adjustment_amount", 0);
    finance_put_breakdowns(&call->data, call->shop, earning);
}

static void put_page(struct api_call *call, const char *name, const struct gathered *found,
                     const struct listing *listing,
                     void (*put)(struct api_call *call, const struct earning *earning))
{
    sp_json_open_array(&call->data, name);
    for (size_t i = listing->first; i < listing->end; i++) {
        const struct transaction *one = &found->all[listing->entries[i].at];
        struct earning earning = settlement_earning(call->shop, one);
        sp_json_open_object(&call->data, NULL);
        finance_put_subject(&call->data, call->shop, one);
        put(call, &earning);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
}

enum api_error api_statement_parts(struct api_call *call)
{
    struct gathered found;
    struct listing listing;
    struct earning sum = {0};
    enum api_error error = page_of_statement(call, &found, &listing, &sum);
    if (error != API_OK)
        return error;
    api_put_id(&call->data, "statement_id", ids_make(&call->shop->ids, ID_STATEMENT, found.day));
    sp_json_put_int(&call->data, "statement_time", api_statement_time(call, found.day));
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    finance_put_sums(&call->data, call->shop, &sum);
    put_page(call, "statement_transactions", &found, &listing, put_parts);
    return API_OK;
}

static void put_totals(struct api_call *call, uint32_t day, const struct earning *sum)
{
    api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_STATEMENT, day));
    sp_json_put_int(&call->data, "create_time", api_statement_time(call, day));
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    sp_json_put_cstring(&call->data, "status", "SETTLED");
    put_amount(call, "payable_amount", sum->settlement);
    put_amount(call, "total_reserve_amount", 0);
    put_amount(call, "total_settlement_amount", sum->settlement);
    sp_json_open_object(&call->data, "total_settlement_breakdown");
    put_amount(call, "total_revenue_amount", sum->revenue);
    put_amount(call, "total_shipping_cost_amount", sum->shipping);
    put_amount(call, "total_fee_tax_amount", sum->commission);
    put_amount(call, "total_adjustment_amount", 0);
    sp_json_close_object(&call->data);
}

enum api_error api_statement_breakdowns(struct api_call *call)
{
    struct gathered found;
    struct listing listing;
    struct earning sum = {0};
    enum api_error error = page_of_statement(call, &found, &listing, &sum);
    if (error != API_OK)
        return error;
    put_totals(call, found.day, &sum);
    put_page(call, "transactions", &found, &listing, put_breakdowns);
    return API_OK;
}

/* ---- of one order
 * -------------------------------------------------------------------------------------- */

static enum api_error find_order(struct api_call *call, struct gathered *found, uint32_t *at)
{
    uint64_t number = ids_counter(&call->shop->ids, ID_ORDER, call->path_params[0]);
    *at = book_find(&call->shop->book, number);
    if (*at == BOOK_NONE)
        return API_ORDER_FOREIGN;
    const struct order *order = &call->shop->book.orders[*at];
    *found = (struct gathered){.call = call};
    settlement_each_of(call->shop, *at, sandbox_clock(call->sandbox), gather, found);
    api_put_id(&call->data, "order_id", ids_make(&call->shop->ids, ID_ORDER, order->number));
    sp_json_put_int(&call->data, "order_create_time", order->times.created);
    return API_OK;
}

static void put_sku(struct api_call *call, const struct transaction *one, uint32_t line)
{
    const struct shop *shop = call->shop;
    const struct order *order = &shop->book.orders[one->order];
    uint32_t sku = book_lines(&shop->book, order)[line].sku;
    uint32_t product = shop->catalogue.skus[sku].product;
    api_put_id(&call->data, "sku_id", ids_make(&shop->ids, ID_SKU, sku + 1u));
    sp_json_put_string(&call->data, "sku_name", catalogue_sku_name(&shop->catalogue, sku));
    sp_json_put_string(&call->data, "product_name", shop->catalogue.products[product].title);
}

static void put_order_parts(struct api_call *call, const struct transaction *one)
{
    const struct shop *shop = call->shop;
    struct earning earning = settlement_earning(shop, one);
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", finance_transaction_id(shop, one));
    api_put_id(&call->data, "statement_id",
               ids_make(&shop->ids, ID_STATEMENT, settlement_day(one)));
    sp_json_put_int(&call->data, "statement_time", api_statement_time(call, settlement_day(one)));
    sp_json_put_cstring(&call->data, "status", "SETTLED");
    sp_json_put_cstring(&call->data, "currency", shop->region->currency);
    finance_put_sums(&call->data, shop, &earning);
    finance_put_parts(&call->data, shop, &earning);
    sp_json_open_array(&call->data, "sku_statement_transactions");
    for (uint32_t line = 0; line < shop->book.orders[one->order].line_count; line++) {
        uint32_t units = settlement_units(shop, one, line);
        if (units == 0)
            continue;
        struct earning part = settlement_line(shop, one, line);
        sp_json_open_object(&call->data, NULL);
        put_sku(call, one, line);
        sp_json_put_int(&call->data, "quantity", units);
        sp_json_put_cstring(&call->data, "currency", shop->region->currency);
        finance_put_sums(&call->data, shop, &part);
        finance_put_parts(&call->data, shop, &part);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

enum api_error api_order_parts(struct api_call *call)
{
    struct gathered found;
    uint32_t at;
    enum api_error error = find_order(call, &found, &at);
    if (error != API_OK)
        return error;
    sp_json_open_array(&call->data, "statement_transactions");
    for (size_t i = 0; i < found.count; i++)
        put_order_parts(call, &found.all[i]);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* Its `quantity` is a text here. */
static void put_sku_breakdown(struct api_call *call, const struct transaction *one, uint32_t line)
{
    struct earning part = settlement_line(call->shop, one, line);
    char text[ID_TEXT];
    sp_json_open_object(&call->data, NULL);
    put_sku(call, one, line);
    sp_json_put_string(&call->data, "quantity",
                       ids_text(settlement_units(call->shop, one, line), text));
    api_put_id(&call->data, "statement_id",
               ids_make(&call->shop->ids, ID_STATEMENT, settlement_day(one)));
    put_amount(call, "settlement_amount", part.settlement);
    put_amount(call, "revenue_amount", part.revenue);
    put_amount(call, "shipping_cost_amount", part.shipping);
    put_amount(call, "fee_tax_amount", part.commission);
    finance_put_breakdowns(&call->data, call->shop, &part);
    sp_json_close_object(&call->data);
}

enum api_error api_order_breakdowns(struct api_call *call)
{
    struct gathered found;
    struct earning sum = {0};
    int64_t rows = 0;
    uint32_t at;
    enum api_error error = find_order(call, &found, &at);
    if (error != API_OK)
        return error;
    uint32_t lines = call->shop->book.orders[at].line_count;
    sp_json_open_array(&call->data, "sku_transactions");
    for (size_t i = 0; i < found.count; i++) {
        struct earning earning = settlement_earning(call->shop, &found.all[i]);
        earning_add(&sum, &earning);
        for (uint32_t line = 0; line < lines; line++) {
            if (settlement_units(call->shop, &found.all[i], line) == 0)
                continue;
            put_sku_breakdown(call, &found.all[i], line);
            rows++;
        }
    }
    sp_json_close_array(&call->data);
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    put_amount(call, "settlement_amount", sum.settlement);
    put_amount(call, "revenue_amount", sum.revenue);
    put_amount(call, "shipping_cost_amount", sum.shipping);
    put_amount(call, "fee_and_tax_amount", sum.commission); /* called otherwise in its parts */
    sp_json_put_int(&call->data, "total_count", rows);
    return API_OK;
}

/* ---- still to come
 * ------------------------------------------------------------------------------------- */

static void put_unsettled(struct api_call *call, uint32_t at)
{
    const struct shop *shop = call->shop;
    const struct order *order = &shop->book.orders[at];
    int64_t now = sandbox_clock(call->sandbox), due = settlement_due(shop, order);
    struct transaction one = {.order = at, .at = now};
    struct earning earning = settlement_earning(shop, &one);
    char text[ID_TEXT];
    sp_json_open_object(&call->data, NULL);
    finance_put_subject(&call->data, shop, &one);
    sp_json_put_cstring(&call->data, "status", "UNSETTLED");
    sp_json_put_cstring(&call->data, "currency", shop->region->currency);
    if (order->times.delivered != 0)
        sp_json_put_int(&call->data, "order_delivery_time", order->times.delivered);
    if (due != 0)
        sp_json_put_string(&call->data, "estimated_settlement",
                           ids_text((uint64_t)sandbox_told(call->sandbox, due), text));
    else
        sp_json_put_cstring(&call->data, "estimated_settlement", "7 days after delivery");
    sp_json_put_cstring(&call->data, "unsettled_reason", settlement_waits(shop, at, now));
    put_amount(call, "est_settlement_amount", earning.settlement);
    put_amount(call, "est_revenue_amount", earning.revenue);
    put_amount(call, "est_shipping_cost_amount", earning.shipping);
    put_amount(call, "est_fee_tax_amount", earning.commission);
    put_amount(call, "est_adjustment_amount", 0);
    finance_put_breakdowns(&call->data, shop, &earning);
    sp_json_close_object(&call->data);
}

static struct earning list_unsettled(struct api_call *call, struct finance_page *page)
{
    const struct order_book *book = &call->shop->book;
    int64_t now = sandbox_clock(call->sandbox);
    struct earning sum = {0};
    for (uint32_t at = 0; at < book->order_count; at++) {
        int64_t created = book->orders[at].times.created;
        if (!finance_is_within(page, created) || settlement_waits(call->shop, at, now) == NULL)
            continue;
        struct earning part = settlement_earning(call->shop, &(struct transaction){at, 0, now});
        earning_add(&sum, &part);
        listing_add(call, &page->listing, (uint64_t)created << PLACE_BITS | (at + 1u), at);
    }
    listing_cut(&page->listing);
    return sum;
}

enum api_error api_list_unsettled(struct api_call *call)
{
    static const char *const fields[] = {"order_create_time", NULL};
    static const struct listing_rules rules = {1, API_PAGE, FINANCE_PAGE, fields, true};
    struct finance_page page;
    enum api_error error =
        finance_read_page(call, &rules, "search_time_ge", "search_time_lt", &page);
    if (error != API_OK)
        return error;
    struct earning sum = list_unsettled(call, &page);
    listing_put_total(call, &page.listing);
    listing_put_token(call, &page.listing);
    put_amount(call, "sum_est_settlement_amount", sum.settlement);
    put_amount(call, "sum_est_revenue_amount", sum.revenue);
    put_amount(call, "sum_est_fee_amount", sum.commission);
    put_amount(call, "sum_est_adjustment_amount", 0);
    sp_json_open_array(&call->data, "transactions");
    for (size_t i = page.listing.first; i < page.listing.end; i++)
        put_unsettled(call, page.listing.entries[i].at);
    sp_json_close_array(&call->data);
    return API_OK;
}
