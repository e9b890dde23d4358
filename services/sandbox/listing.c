#include "services/sandbox/listing.h"

#include <stdlib.h>
#include <string.h>

#include "services/sandbox/page_token.h"

/* What does not tell one walk from another. */
static bool is_apart(struct sp_text name)
{
    static const char *const names[] = {"sign",       "timestamp", "access_token",
                                        "page_token", "page_size", "app_key"};
    return sp_text_among(name, names, SP_COUNT(names)) >= 0;
}

static int by_name(const void *a, const void *b)
{
    const struct query_param *left = a, *right = b;
    size_t size = left->name.size < right->name.size ? left->name.size : right->name.size;
    int order = memcmp(left->name.data, right->name.data, size);
    return order != 0 ? order
                      : (left->name.size > right->name.size) - (left->name.size < right->name.size);
}

/* Path, filters and body, to which a token is bound. */
static struct sp_text describe(struct api_call *call)
{
    struct query_param sorted[API_PARAMS];
    memcpy(sorted, call->params, call->param_count * sizeof *sorted);
    qsort(sorted, call->param_count, sizeof *sorted, by_name);
    struct sp_buffer about = {0};
    sp_buffer_put(&about, call->request->path.data, call->request->path.size);
    for (size_t i = 0; i < call->param_count; i++) {
        if (!is_apart(sorted[i].name))
            sp_buffer_printf(&about, "&%.*s=%.*s", SP_FMT(sorted[i].name), SP_FMT(sorted[i].value));
    }
    sp_buffer_put_string(&about, " ");
    sp_buffer_put(&about, call->request->body.data, call->request->body.size);
    struct sp_text kept = sp_arena_copy(call->arena, sp_buffer_text(&about));
    sp_buffer_free(&about);
    return kept;
}

static int find_field(const struct listing_rules *rules, struct sp_text name)
{
    if (name.size == 0)
        return rules->must_name_field ? -1 : 0;
    for (int i = 0; rules->fields[i] != NULL; i++) {
        if (sp_text_is(name, rules->fields[i]))
            return i;
    }
    return -1;
}

static struct sp_text key_of(const struct api_call *call)
{
    return sp_text_of(call->sandbox->options.app_secret);
}

enum api_error listing_read(struct api_call *call, const struct listing_rules *rules,
                            struct listing *listing)
{
    struct sp_text order = api_query(call, "sort_order"), token = api_query(call, "page_token");
    int64_t page_size = rules->usual;
    *listing = (struct listing){.field = find_field(rules, api_query(call, "sort_field"))};
    if (listing->field < 0)
        return api_fail(call, API_INVALID_PARAM, "sort_field");
    listing->descending = sp_text_is(order, "DESC");
    if (order.size > 0 && !listing->descending && !sp_text_is(order, "ASC"))
        return api_fail(call, API_INVALID_PARAM, "sort_order");
    if (api_query(call, "page_size").size > 0 &&
        api_query_int(call, "page_size", rules->least, rules->most, &page_size) != API_OK)
        return API_INVALID_PARAM;
    listing->page_size = (size_t)page_size;
    listing->about = describe(call);
    if (token.size > 0 &&
        page_token_read(key_of(call), listing->about, token, &listing->behind) != SP_OK)
        return api_fail(call, API_INVALID_PARAM, "page_token");
    return API_OK;
}

void listing_add(struct api_call *call, struct listing *listing, uint64_t place, uint32_t at)
{
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity == 0 ? 64 : listing->capacity * 2;
        struct listing_entry *entries =
            sp_arena_array(call->arena, capacity, sizeof *listing->entries);
        if (listing->count > 0)
            memcpy(entries, listing->entries, listing->count * sizeof *entries);
        listing->entries = entries;
        listing->capacity = capacity;
    }
    listing->entries[listing->count++] = (struct listing_entry){place, at};
}

static int rising(const void *a, const void *b)
{
    const struct listing_entry *left = a, *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

static int falling(const void *a, const void *b)
{
    return rising(b, a);
}

static bool is_behind(const struct listing *listing, uint64_t place)
{
    if (listing->behind == 0)
        return true;
    return listing->descending ? place < listing->behind : place > listing->behind;
}

void listing_cut(struct listing *listing)
{
    if (listing->count > 0)
        qsort(listing->entries, listing->count, sizeof *listing->entries,
              listing->descending ? falling : rising);
    while (listing->first < listing->count &&
           !is_behind(listing, listing->entries[listing->first].place))
        listing->first++;
    size_t left = listing->count - listing->first;
    listing->end = listing->first + (left < listing->page_size ? left : listing->page_size);
}

void listing_put_token(struct api_call *call, const struct listing *listing)
{
    struct sp_text token = {0};
    if (listing->end < listing->count)
        token = page_token_make(key_of(call), listing->about,
                                listing->entries[listing->end - 1].place, call->arena);
    sp_json_put_string(&call->data, "next_page_token", token);
}

void listing_put_total(struct api_call *call, const struct listing *listing)
{
    sp_json_put_int(&call->data, "total_count", (int64_t)listing->count);
}
