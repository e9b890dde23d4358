/* Statements and payments: what the shop earned, day by day. */
#include <string.h>

#include "services/sandbox/api_finance.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/finance_json.h"

/* ---- the days
 * ------------------------------------------------------------------------------------------ */

static void add_to_day(void *about, const struct transaction *one)
{
    struct statements *all = about;
    uint32_t day = settlement_day(one);
    SP_ASSERT(day >= all->first_day && day - all->first_day < all->count);
    struct earning earning = settlement_earning(all->shop, one);
    earning_add(&all->days[day - all->first_day].sum, &earning);
    all->days[day - all->first_day].transactions++;
}

struct statements api_statements(struct api_call *call)
{
    const struct order_book *book = &call->shop->book;
    int64_t now = sandbox_clock(call->sandbox), first = call->sandbox->started;
    struct statements all = {.shop = call->shop};
    if (book->order_count > 0 && book->orders[0].times.created < first)
        first = book->orders[0].times.created;
    all.first_day = (uint32_t)(first / SETTLE_DAY);
    all.count = (size_t)(now / SETTLE_DAY) + 1 - all.first_day;
    all.days = sp_arena_array(call->arena, all.count, sizeof *all.days);
    settlement_each(call->shop, now, add_to_day, &all);
    return all;
}

int64_t api_statement_time(const struct api_call *call, uint32_t day)
{
    return midnights_seen(&call->sandbox->midnights, day);
}

/* Nothing is paid out of a day that cost more than it brought. */
static bool is_paid_out(const struct statement *one)
{
    return one->sum.settlement > 0;
}

/* When the payment for a statement arrived, as told; 0: not yet. */
static int64_t paid_at(const struct sandbox *sandbox, uint32_t day)
{
    int64_t due = (int64_t)day + SETTLE_PAID_AFTER_DAYS;
    return due * SETTLE_DAY <= sandbox_clock(sandbox) ? midnights_seen(&sandbox->midnights, due)
                                                      : 0;
}

static const char *payment_status(const struct sandbox *sandbox, const struct statement *one,
                                  uint32_t day)
{
    return is_paid_out(one) && paid_at(sandbox, day) != 0 ? "PAID" : "PROCESSING";
}

/* ---- statements
 * ---------------------------------------------------------------------------------------- */

static void put_statement(struct api_call *call, const struct statements *all, uint32_t day)
{
    const struct statement *one = &all->days[day - all->first_day];
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_STATEMENT, day));
    sp_json_put_int(&call->data, "statement_time", api_statement_time(call, day));
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    finance_put_sums(&call->data, call->shop, &one->sum);
    sp_json_put_cstring(&call->data, "payment_status", payment_status(call->sandbox, one, day));
    if (is_paid_out(one))
        api_put_id(&call->data, "payment_id", ids_make(&call->shop->ids, ID_PAYMENT, day));
    int64_t paid = paid_at(call->sandbox, day);
    if (is_paid_out(one) && paid != 0)
        sp_json_put_int(&call->data, "payment_time", paid);
    sp_json_close_object(&call->data);
}

enum api_error api_list_statements(struct api_call *call)
{
    static const char *const fields[] = {"statement_time", NULL};
    static const struct listing_rules rules = {1, API_PAGE, FINANCE_PAGE, fields, true};
    struct sp_text status = api_query(call, "payment_status");
    struct finance_page page;
    enum api_error error =
        finance_read_page(call, &rules, "statement_time_ge", "statement_time_lt", &page);
    if (error != API_OK)
        return error;
    if (status.size > 0 && !sp_text_is(status, "PAID") && !sp_text_is(status, "PROCESSING") &&
        !sp_text_is(status, "FAILED"))
        return api_fail(call, API_INVALID_PARAM, "payment_status");
    struct statements all = api_statements(call);
    for (uint32_t i = 0; i < all.count; i++) {
        uint32_t day = all.first_day + i;
        bool fits = status.size == 0 ||
                    sp_text_is(status, payment_status(call->sandbox, &all.days[i], day));
        if (all.days[i].transactions > 0 && fits &&
            finance_is_within(&page, api_statement_time(call, day)))
            listing_add(call, &page.listing, day, day);
    }
    listing_cut(&page.listing);
    listing_put_token(call, &page.listing);
    sp_json_open_array(&call->data, "statements");
    for (size_t i = page.listing.first; i < page.listing.end; i++)
        put_statement(call, &all, page.listing.entries[i].at);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- payments
 * ------------------------------------------------------------------------------------------ */

static void put_amount(struct api_call *call, const char *name, int64_t minor)
{
    sp_json_open_object(&call->data, name);
    sp_json_put_minor(&call->data, "value", minor, call->shop->region->digits);
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    sp_json_close_object(&call->data);
}

static void put_payment(struct api_call *call, const struct statements *all, uint32_t day)
{
    const struct statement *one = &all->days[day - all->first_day];
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_PAYMENT, day));
    sp_json_put_cstring(&call->data, "status", payment_status(call->sandbox, one, day));
    put_amount(call, "amount", one->sum.settlement);
    put_amount(call, "settlement_amount", one->sum.settlement);
    put_amount(call, "payment_amount_before_exchange", one->sum.settlement);
    put_amount(call, "reserve_amount", 0);
    sp_json_put_cstring(&call->data, "exchange_rate", "1.000000");
    sp_json_put_cstring(&call->data, "bank_account", "***********1234");
    sp_json_put_int(&call->data, "create_time", api_statement_time(call, day));
    int64_t paid = paid_at(call->sandbox, day);
    if (paid != 0)
        sp_json_put_int(&call->data, "paid_time", paid);
    sp_json_close_object(&call->data);
}

static void list_paid_out(struct api_call *call, const struct statements *all,
                          struct finance_page *page)
{
    struct listing *listing = &page->listing;
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t day = all->first_day + i;
        if (is_paid_out(&all->days[i]) && finance_is_within(page, api_statement_time(call, day)))
            listing_add(call, listing, day, day);
    }
    listing_cut(listing);
    listing_put_token(call, listing);
}

enum api_error api_list_payments(struct api_call *call)
{
    static const char *const fields[] = {"create_time", NULL};
    static const struct listing_rules rules = {1, API_PAGE, FINANCE_PAGE, fields, true};
    struct finance_page page;
    enum api_error error =
        finance_read_page(call, &rules, "create_time_ge", "create_time_lt", &page);
    if (error != API_OK)
        return error;
    struct statements all = api_statements(call);
    list_paid_out(call, &all, &page);
    sp_json_open_array(&call->data, "payments");
    for (size_t i = page.listing.first; i < page.listing.end; i++)
        put_payment(call, &all, page.listing.entries[i].at);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- withdrawals: the sandbox pays out by itself, so there are settlements only
 * -------------------- */

static bool names_type(struct sp_text types, const char *wanted, bool *known)
{
    static const char *const names[] = {"WITHDRAW", "SETTLE", "TRANSFER", "REVERSE"};
    bool found = false;
    *known = types.size > 0;
    while (types.size > 0) {
        const char *comma = memchr(types.data, ',', types.size);
        size_t size = comma == NULL ? types.size : (size_t)(comma - types.data);
        struct sp_text name = {types.data, size};
        bool one = false;
        for (size_t i = 0; i < SP_COUNT(names); i++)
            one = one || sp_text_is(name, names[i]);
        *known = *known && one;
        found = found || sp_text_is(name, wanted);
        size += comma == NULL ? 0 : 1;
        types = (struct sp_text){types.data + size, types.size - size};
    }
    return found;
}

enum api_error api_list_withdrawals(struct api_call *call)
{
    static const char *const fields[] = {"create_time", NULL};
    static const struct listing_rules rules = {1, API_PAGE, FINANCE_PAGE, fields, false};
    struct finance_page page;
    bool known, settles = names_type(api_query(call, "types"), "SETTLE", &known);
    if (!known)
        return api_fail(call, API_INVALID_PARAM, "types");
    enum api_error error =
        finance_read_page(call, &rules, "create_time_ge", "create_time_lt", &page);
    if (error != API_OK)
        return error;
    struct statements all = settles ? api_statements(call) : (struct statements){0};
    list_paid_out(call, &all, &page);
    listing_put_total(call, &page.listing);
    sp_json_open_array(&call->data, "withdrawals");
    for (size_t i = page.listing.first; i < page.listing.end; i++) {
        uint32_t day = page.listing.entries[i].at;
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_PAYMENT, day));
        sp_json_put_cstring(&call->data, "type", "SETTLE");
        sp_json_put_cstring(&call->data, "status", "SUCCESS");
        sp_json_put_minor(&call->data, "amount", all.days[day - all.first_day].sum.settlement,
                          call->shop->region->digits);
        sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
        sp_json_put_int(&call->data, "create_time", api_statement_time(call, day));
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
