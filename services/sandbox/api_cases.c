#include "services/sandbox/api_cases.h"

#include "services/sandbox/api_routes.h"
#include "services/sandbox/case_reasons.h"

enum { MOST_KEY_BYTES = 255, BY_UPDATE = 1, POSITION_BITS = 24 };

enum api_error api_case_order(struct api_call *call, struct sp_json id, uint32_t *order)
{
    struct sp_text text = sp_json_text(id, call->arena);
    if (text.size == 0)
        return api_fail(call, API_BODY_MISSING, "order_id");
    *order = book_find(&call->shop->book, ids_counter(&call->shop->ids, ID_ORDER, text));
    return *order == BOOK_NONE ? API_ORDER_FOREIGN : API_OK;
}

/* FNV-1a, never 0.  The path is part of it: one key may be used for two different answers. */
static uint64_t hash(struct sp_text path, struct sp_text key)
{
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < path.size; i++)
        sum = (sum ^ (uint8_t)path.data[i]) * 0x100000001b3u;
    for (size_t i = 0; i < key.size; i++)
        sum = (sum ^ (uint8_t)key.data[i]) * 0x100000001b3u;
    return sum | 1;
}

uint64_t api_case_key(const struct api_call *call)
{
    struct sp_text key = api_query(call, "idempotency_key");
    return key.size == 0 ? 0 : hash(call->request->path, key);
}

enum api_error api_case_find(struct api_call *call, enum case_kind kind, struct api_case *found)
{
    struct sp_text key = api_query(call, "idempotency_key");
    uint64_t number = ids_counter(&call->shop->ids, kind == CASE_CANCEL ? ID_CANCEL : ID_RETURN,
                                  call->path_params[0]);
    if (number == 0 || number > call->shop->cases.rows[kind].count)
        return API_CASE_UNKNOWN;
    if (key.size > MOST_KEY_BYTES)
        return api_fail(call, API_INVALID_PARAM, "idempotency_key");
    *found = (struct api_case){.kind = kind, .which = (uint32_t)(number - 1)};
    found->key = api_case_key(call);
    found->answered =
        found->key != 0 && cases_at(&call->shop->cases, kind, found->which)->key == found->key;
    return API_OK;
}

enum api_error api_case_answered(struct api_call *call, const struct api_case *found,
                                 enum api_error error)
{
    if (error == API_OK)
        cases_at(&call->shop->cases, found->kind, found->which)->key = found->key;
    return error;
}

enum api_error api_case_reject_reason(struct api_call *call, enum case_kind kind, int *reason)
{
    struct sp_text name = sp_json_text(sp_json_get(call->body, "reject_reason"), call->arena);
    if (name.size == 0)
        return api_fail(call, API_BODY_MISSING, "reject_reason");
    *reason = reject_reason_of(kind, name);
    return *reason == REASON_NONE ? API_REJECT_REASON : API_OK;
}

/* Cases of the past were not begun in the order of their positions. */
static uint64_t place_of(const struct aftersale *one, uint32_t which, const struct listing *listing)
{
    return listing->field == BY_UPDATE ? one->change
                                       : (uint64_t)one->created << POSITION_BITS | (which + 1u);
}

enum api_error api_case_search(struct api_call *call, enum case_kind kind,
                               const struct listing_rules *rules, const char *name,
                               void (*put)(struct sp_json_writer *json, const struct shop *shop,
                                           uint32_t which))
{
    const struct case_row *row = &call->shop->cases.rows[kind];
    struct case_filter filter;
    struct listing listing;
    enum api_error error = listing_read(call, rules, &listing);
    if (error == API_OK)
        error = case_filter_read(call, kind, &filter);
    if (error != API_OK)
        return error;
    for (uint32_t which = 0; which < row->count; which++) {
        if (case_filter_fits(call->shop, &filter, which))
            listing_add(call, &listing, place_of(&row->all[which], which, &listing), which);
    }
    listing_cut(&listing);
    listing_put_total(call, &listing);
    listing_put_token(call, &listing);
    sp_json_open_array(&call->data, name);
    for (size_t i = listing.first; i < listing.end; i++)
        put(&call->data, call->shop, listing.entries[i].at);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- reasons
 * -------------------------------------------------------------------------------------------- */

enum api_error api_list_reject_reasons(struct api_call *call)
{
    struct sp_text id = api_query(call, "return_or_cancel_id");
    uint64_t cancel = ids_counter(&call->shop->ids, ID_CANCEL, id);
    uint64_t goods = ids_counter(&call->shop->ids, ID_RETURN, id);
    enum case_kind kind = cancel != 0 ? CASE_CANCEL : CASE_RETURN;
    uint64_t number = cancel != 0 ? cancel : goods;
    if (id.size == 0)
        return api_fail(call, API_INVALID_PARAM, "return_or_cancel_id");
    if (number == 0 || number > call->shop->cases.rows[kind].count)
        return API_CASE_UNKNOWN;
    sp_json_open_array(&call->data, "reasons");
    for (int i = 0; i < reject_reason_count(kind); i++) {
        struct case_reason reason = reject_reason(kind, i);
        sp_json_open_object(&call->data, NULL);
        sp_json_put_cstring(&call->data, "name", reason.name);
        sp_json_put_cstring(&call->data, "text", reason.text);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
