/* The same goods in other packages: split, combined, taken apart. */
#include <stdlib.h>
#include <string.h>

#include "services/sandbox/api_package.h"
#include "services/sandbox/package_json.h"
#include "services/sandbox/package_search.h"
#include "services/sandbox/page_token.h"

enum { MOST_ASKED = 50, MOST_GROUPS = 50, MOST_TOGETHER = 50 };

/* ---- splitting
 * --------------------------------------------------------------------------------------- */

/* NULL when the order can be split. */
static const char *why_not_split(const struct api_call *call, uint32_t at)
{
    const struct shop *shop = call->shop;
    const struct order *order = &shop->book.orders[at];
    uint32_t only = packages_only(&shop->packages, order);
    bool per_unit = package_splits_units(shop->region);
    if (package_flow(shop, order) == FLOW_NONE)
        return "the marketplace fulfils the order";
    if (order->status != AWAITING_SHIPMENT)
        return "the order is not awaiting shipment";
    if (order->wants_cancel)
        return "the buyer has asked to cancel";
    if (order->units < 2 || (!per_unit && order->line_count < 2))
        return "there is only one item";
    if (order->first_part != 0 && only == PACKAGE_NONE)
        return "the order is split already";
    if (only != PACKAGE_NONE && shop->packages.packages[only].orders > 1)
        return "the order is in a combined package";
    return NULL;
}

enum api_error api_split_attributes(struct api_call *call)
{
    struct sp_text ids = api_query(call, "order_ids");
    if (ids.size == 0)
        return api_fail(call, API_INVALID_PARAM, "order_ids");
    sp_json_open_array(&call->data, "split_attributes");
    for (size_t i = 0; ids.size > 0; i++) {
        struct sp_text id = api_next_id(&ids);
        uint32_t at;
        if (i == MOST_ASKED)
            return api_fail(call, API_INVALID_PARAM, "order_ids");
        enum api_error error = api_find_order(call, id, &at);
        if (error != API_OK)
            return error;
        const char *why_not = why_not_split(call, at);
        sp_json_open_object(&call->data, NULL);
        sp_json_put_string(&call->data, "order_id", id);
        sp_json_put_bool(&call->data, "can_split", why_not == NULL);
        sp_json_put_bool(&call->data, "must_split", false);
        if (why_not != NULL)
            sp_json_put_cstring(&call->data, "reason", why_not);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

struct split {
    uint32_t order, count;
    uint32_t *group; /* of each unit */
    struct sp_text names[MOST_GROUPS];
};

enum { NO_GROUP = MOST_GROUPS };

static enum api_error read_group(struct api_call *call, struct sp_json from, struct split *split)
{
    struct sp_json ids = sp_json_get(from, "order_line_item_ids"), id;
    const struct order *order = &call->shop->book.orders[split->order];
    struct sp_json_walk walk = sp_json_each(ids);
    if (split->count == MOST_GROUPS || !sp_json_next(&walk, NULL, &id))
        return api_fail(call, API_INVALID_PARAM, "splittable_groups");
    split->names[split->count] = sp_json_text(sp_json_get(from, "id"), call->arena);
    do {
        uint64_t item = ids_counter(&call->shop->ids, ID_ITEM, sp_json_text(id, call->arena));
        uint64_t unit = item - order->first_item;
        if (item < order->first_item || unit >= order->units || split->group[unit] != NO_GROUP)
            return api_fail(call, API_INVALID_PARAM, "order_line_item_ids");
        split->group[unit] = split->count;
    } while (sp_json_next(&walk, NULL, &id));
    split->count++;
    return API_OK;
}

/* Every unit is in a group, and where only whole SKUs may be split, none is torn. */
static bool is_whole(const struct api_call *call, const struct split *split)
{
    const struct order *order = &call->shop->book.orders[split->order];
    const struct order_line *lines = book_lines(&call->shop->book, order);
    bool per_unit = package_splits_units(call->shop->region);
    const uint32_t *group = split->group;
    for (uint32_t i = 0; i < order->line_count; group += lines[i].units, i++) {
        for (uint32_t k = 0; k < lines[i].units; k++) {
            if (group[k] == NO_GROUP || (!per_unit && group[k] != group[0]))
                return false;
        }
    }
    return true;
}

static enum api_error read_split(struct api_call *call, struct split *split)
{
    enum api_error error = api_find_order(call, call->path_params[0], &split->order);
    if (error != API_OK)
        return error;
    const char *why_not = why_not_split(call, split->order);
    if (why_not != NULL)
        return api_fail(call, API_SPLIT_REFUSED, why_not);
    uint32_t units = call->shop->book.orders[split->order].units;
    split->group = sp_arena_alloc(call->arena, units * sizeof *split->group);
    for (uint32_t i = 0; i < units; i++)
        split->group[i] = NO_GROUP;
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->body, "splittable_groups"));
    struct sp_json group;
    while (error == API_OK && sp_json_next(&walk, NULL, &group))
        error = read_group(call, group, split);
    if (error == API_OK && split->count < 2)
        return api_fail(call, API_INVALID_PARAM, "splittable_groups");
    return error == API_OK && !is_whole(call, split) ? API_SPLIT_REFUSED : error;
}

enum api_error api_split_order(struct api_call *call)
{
    struct split split = {0};
    enum api_error error = read_split(call, &split);
    api_note_told(call, "told-split", call->path_params[0], error);
    if (error != API_OK)
        return error;
    uint32_t first =
        package_split(call->sandbox, call->shop, split.order, split.group, split.count);
    sp_json_open_array(&call->data, "packages");
    for (uint32_t i = 0; i < split.count; i++) {
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_PACKAGE, first + i + 1u));
        sp_json_put_string(&call->data, "splittable_group_id", split.names[i]);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- what may be combined
 * ---------------------------------------------------------------------------- */

/* Alone and whole in a package that waits to be sent. */
static bool is_combinable(const struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    uint32_t only = packages_only(&shop->packages, order);
    return order->status == AWAITING_SHIPMENT && !order->wants_cancel && only != PACKAGE_NONE &&
           shop->packages.packages[only].orders == 1 &&
           shop->packages.packages[only].status == TO_FULFILL;
}

/* The same buyer, the same place, the same way. */
static int compare(const struct order *a, const struct order *b)
{
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->country != b->country)
        return a->country < b->country ? -1 : 1;
    if (a->warehouse != b->warehouse)
        return a->warehouse < b->warehouse ? -1 : 1;
    return (int)a->by_seller - (int)b->by_seller;
}

/* What is sorted must say itself which order it is. */
struct candidate {
    const struct order *order;
    uint32_t at;
};

static int by_buyer(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    int order = compare(left->order, right->order);
    return order != 0 ? order : (left->at > right->at) - (left->at < right->at);
}

struct together {
    struct candidate *orders; /* equal ones side by side */
    size_t count;
};

static struct together find_together(const struct shop *shop)
{
    struct together found = {.orders =
                                 sp_alloc((shop->book.order_count + 1) * sizeof *found.orders)};
    for (uint32_t i = 0; i < shop->book.order_count; i++) {
        if (is_combinable(shop, i))
            found.orders[found.count++] = (struct candidate){&shop->book.orders[i], i};
    }
    if (found.count > 0)
        qsort(found.orders, found.count, sizeof *found.orders, by_buyer);
    return found;
}

/* How many from `first` on belong together. */
static size_t run_of(const struct together *found, size_t first)
{
    size_t count = 1;
    while (first + count < found->count && count < MOST_TOGETHER &&
           compare(found->orders[first].order, found->orders[first + count].order) == 0)
        count++;
    return count;
}

static void put_run(struct api_call *call, const struct candidate *orders, size_t count)
{
    const struct shop *shop = call->shop;
    uint32_t package = packages_only(&shop->packages, orders[0].order);
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "id", ids_make(&shop->ids, ID_PACKAGE, package + 1u));
    sp_json_open_array(&call->data, "order_ids");
    for (size_t i = 0; i < count; i++)
        api_put_id(&call->data, NULL, ids_make(&shop->ids, ID_ORDER, orders[i].order->number));
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

/* A page begins behind so many groups. */
enum api_error api_search_combinable(struct api_call *call)
{
    struct sp_text about = sp_arena_printf(call->arena, "combinable %u", call->shop->index);
    int64_t page_size;
    uint64_t place, total = 0, shown = 0;
    enum api_error error = api_read_page(call, about, &page_size, &place);
    if (error != API_OK)
        return error;
    struct together found = find_together(call->shop);
    sp_json_open_array(&call->data, "combinable_packages");
    for (size_t i = 0, count; i < found.count; i += count) {
        count = run_of(&found, i);
        if (count < 2)
            continue;
        if (total++ < place || shown == (uint64_t)page_size)
            continue;
        put_run(call, &found.orders[i], count);
        shown++;
    }
    sp_json_close_array(&call->data);
    free(found.orders);
    sp_json_put_int(&call->data, "total_count", (int64_t)total);
    if (place + shown < total)
        sp_json_put_string(&call->data, "next_page_token",
                           page_token_make(sp_text_of(call->sandbox->options.app_secret), about,
                                           place + shown, call->arena));
    return API_OK;
}

/* ---- combining and taking apart
 * ---------------------------------------------------------------------- */

/* order_ids, each once. */
static enum api_error read_orders(struct api_call *call, struct sp_json ids,
                                  uint32_t orders[MOST_TOGETHER], size_t *count)
{
    struct sp_json_walk walk = sp_json_each(ids);
    struct sp_json id;
    for (*count = 0; sp_json_next(&walk, NULL, &id); (*count)++) {
        if (*count == MOST_TOGETHER)
            return api_fail(call, API_INVALID_PARAM, "order_ids");
        uint32_t *at = &orders[*count];
        enum api_error error = api_find_order(call, sp_json_text(id, call->arena), at);
        for (size_t i = 0; error == API_OK && i < *count; i++)
            error = orders[i] == *at ? api_fail(call, API_INVALID_PARAM, "order_ids") : API_OK;
        if (error != API_OK)
            return error;
    }
    return API_OK;
}

static enum api_error combine(struct api_call *call, struct sp_json ids, uint32_t *made)
{
    uint32_t orders[MOST_TOGETHER];
    const struct shop *shop = call->shop;
    size_t count;
    enum api_error error = read_orders(call, ids, orders, &count);
    if (error != API_OK)
        return error;
    if (count < 2)
        return API_COMBINE_REFUSED;
    for (size_t i = 0; i < count; i++) {
        if (!is_combinable(shop, orders[i]) ||
            compare(&shop->book.orders[orders[0]], &shop->book.orders[orders[i]]) != 0)
            return API_COMBINE_REFUSED;
    }
    *made = package_combine(call->sandbox, call->shop, orders, count);
    return API_OK;
}

static void put_package(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    sp_json_open_object(json, NULL);
    api_put_id(json, "id", ids_make(&shop->ids, ID_PACKAGE, at + 1u));
    package_put_orders(json, shop, at);
    sp_json_close_object(json);
}

/* What worked goes into one array, what did not into the other, which is written behind it. */
enum api_error api_combine_packages(struct api_call *call)
{
    struct sp_json packages = sp_json_get(call->body, "combinable_packages"), package;
    struct sp_json_walk walk = sp_json_each(packages);
    struct sp_buffer failed = {0};
    struct sp_json_writer outer = call->data, errors = sp_json_writer(&failed);
    if (packages.kind != SP_JSON_ARRAY)
        return api_fail(call, API_BODY_MISSING, "combinable_packages");
    sp_json_open_array(&errors, NULL);
    sp_json_open_array(&outer, "packages");
    while (sp_json_next(&walk, NULL, &package)) {
        struct sp_text id = sp_json_text(sp_json_get(package, "id"), call->arena);
        uint32_t made;
        enum api_error error = combine(call, sp_json_get(package, "order_ids"), &made);
        api_note_told(call, "told-combine", id, error);
        call->data = errors;
        if (error != API_OK)
            api_put_package_error(call, error, id);
        errors = call->data;
        if (error == API_OK)
            put_package(&outer, call->shop, made);
    }
    sp_json_close_array(&errors);
    sp_json_close_array(&outer);
    sp_json_put_raw(&outer, "errors", sp_buffer_text(&failed));
    sp_buffer_free(&failed);
    call->data = outer;
    return API_OK;
}

static enum api_error read_leaving(struct api_call *call, uint32_t at,
                                   uint32_t orders[MOST_TOGETHER], size_t *count)
{
    const struct package *package = &call->shop->packages.packages[at];
    if (package->orders < 2)
        return API_COMBINE_REFUSED;
    if (package->status != TO_FULFILL)
        return API_PACKAGE_STATUS;
    struct sp_json ids = sp_json_get(call->body, "order_ids");
    enum api_error error = read_orders(call, ids, orders, count);
    if (error == API_OK && *count == 0)
        error = api_fail(call, API_BODY_MISSING, "order_ids");
    for (size_t i = 0; error == API_OK && i < *count; i++) {
        if (packages_only(&call->shop->packages, &call->shop->book.orders[orders[i]]) != at)
            error = api_fail(call, API_INVALID_PARAM, "order_ids");
    }
    return error;
}

enum api_error api_uncombine_package(struct api_call *call)
{
    uint32_t at, orders[MOST_TOGETHER];
    size_t count = 0;
    enum api_error error = api_find_package(call, call->path_params[0], &at);
    if (error == API_OK)
        error = read_leaving(call, at, orders, &count);
    api_note_told(call, "told-uncombine", call->path_params[0], error);
    if (error != API_OK)
        return error;
    uint32_t first = package_uncombine(call->sandbox, call->shop, at, orders, count);
    sp_json_open_array(&call->data, "packages");
    for (uint32_t i = first; i < call->shop->packages.count; i++)
        put_package(&call->data, call->shop, i);
    sp_json_close_array(&call->data);
    return API_OK;
}
