#include "services/sandbox/case_filter.h"

#include "services/sandbox/cancels.h"
#include "services/sandbox/return_life.h"

/* An empty array is no filter. */
static struct counters read_ids(struct api_call *call, const char *name, enum id_kind kind)
{
    struct sp_json array = sp_json_get(call->body, name), id;
    size_t count = sp_json_count(array);
    if (count == 0)
        return (struct counters){0};
    uint64_t *all = sp_arena_array(call->arena, count, sizeof *all);
    struct sp_json_walk walk = sp_json_each(array);
    for (size_t i = 0; sp_json_next(&walk, NULL, &id); i++)
        all[i] = ids_counter(&call->shop->ids, kind, sp_json_text(id, call->arena));
    return (struct counters){true, all, count};
}

typedef int name_reader(struct sp_text name);

static enum api_error read_names(struct api_call *call, const char *name, name_reader *read,
                                 uint32_t *bits)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->body, name));
    struct sp_json value;
    while (sp_json_next(&walk, NULL, &value)) {
        int number = read(sp_json_text(value, call->arena));
        if (number < 0)
            return api_fail(call, API_INVALID_PARAM, name);
        *bits |= 1u << number;
    }
    return API_OK;
}

/* What buyers ask for has a type of its own. */
static int cancel_type_of(struct sp_text name)
{
    if (sp_text_is(name, "CANCEL"))
        return 0;
    return sp_text_is(name, "BUYER_CANCEL") ? 1 : -1;
}

static enum api_error read_kinds(struct api_call *call, struct case_filter *filter)
{
    bool is_cancel = filter->kind == CASE_CANCEL;
    enum api_error error =
        read_names(call, is_cancel ? "cancel_status" : "return_status",
                   is_cancel ? cancel_status_of : return_status_of, &filter->statuses);
    if (error == API_OK)
        error = read_names(call, is_cancel ? "cancel_types" : "return_types",
                           is_cancel ? cancel_type_of : return_type_of, &filter->types);
    if (error == API_OK && !is_cancel)
        error = read_names(call, "arbitration_status", arbitration_of, &filter->arbitrations);
    return error;
}

/* One bound alone: the other is now, or the shop's start. */
static void read_windows(struct api_call *call, struct case_filter *filter)
{
    int64_t now = sandbox_now(call->sandbox);
    filter->create_ge = api_body_time(call, "create_time_ge");
    filter->create_lt = api_body_time(call, "create_time_lt");
    filter->update_ge = api_body_time(call, "update_time_ge");
    filter->update_lt = api_body_time(call, "update_time_lt");
    if (filter->create_ge != 0 && filter->create_lt == 0)
        filter->create_lt = now;
    if (filter->update_ge != 0 && filter->update_lt == 0)
        filter->update_lt = now;
}

enum api_error case_filter_read(struct api_call *call, enum case_kind kind,
                                struct case_filter *filter)
{
    *filter = (struct case_filter){.kind = kind};
    filter->ids = kind == CASE_CANCEL ? read_ids(call, "cancel_ids", ID_CANCEL)
                                      : read_ids(call, "return_ids", ID_RETURN);
    filter->orders = read_ids(call, "order_ids", ID_ORDER);
    filter->users = read_ids(call, "buyer_user_ids", ID_USER);
    if (kind == CASE_RETURN)
        filter->partial_only =
            sp_json_count(sp_json_get(call->body, "seller_proposed_return_type")) > 0;
    read_windows(call, filter);
    return read_kinds(call, filter);
}

static bool has(const struct counters *counters, uint64_t counter)
{
    for (size_t i = 0; i < counters->count; i++) {
        if (counters->all[i] == counter)
            return true;
    }
    return !counters->given;
}

static bool within(int64_t time, int64_t ge, int64_t lt)
{
    return (ge == 0 || time >= ge) && (lt == 0 || time < lt);
}

bool case_filter_fits(const struct shop *shop, const struct case_filter *filter, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, filter->kind, which);
    const struct order *order = &shop->book.orders[one->order];
    unsigned type = filter->kind == CASE_RETURN ? one->type : one->by_request ? 1 : 0;
    if (filter->partial_only && one->partial_minor == 0)
        return false;
    if (filter->arbitrations != 0 && (filter->arbitrations >> one->arbitration & 1u) == 0)
        return false;
    if (filter->statuses != 0 && (filter->statuses >> one->status & 1u) == 0)
        return false;
    if (filter->types != 0 && (filter->types >> type & 1u) == 0)
        return false;
    return has(&filter->ids, which + 1u) && has(&filter->orders, order->number) &&
           has(&filter->users, order->user) &&
           within(one->created, filter->create_ge, filter->create_lt) &&
           within(one->updated, filter->update_ge, filter->update_lt);
}
