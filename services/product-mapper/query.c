/* What a list of listings, products or variants may be asked: filter, search, cursor. */
#include "services/product-mapper/query.h"

enum sp_result mapper_read_query(const struct sp_ask *ask, struct list_query *query,
                                 struct sp_error *err)
{
    struct sp_text limit = sp_ask_param(ask, "limit"), shop = sp_ask_param(ask, "shop");
    struct sp_text tab = sp_ask_param(ask, "tab");
    *query = (struct list_query){
        .limit = LIST_USUAL,
        .synced = sp_text_is(tab, "synced"),
        .state = sp_ask_param(ask, "state"),
        .q = sp_ask_param(ask, "q"),
        .after = sp_ask_param(ask, "cursor"),
    };
    if (limit.size > 0 &&
        (!sp_text_to_int(limit, &query->limit) || query->limit < 1 || query->limit > LIST_MOST))
        return sp_fail(err, SP_REJECT, "limit is a number from 1 to %d", LIST_MOST);
    if (shop.size > 0 && !sp_text_to_int(shop, &query->shop_id))
        return sp_fail(err, SP_REJECT, "shop is not a number");
    if (tab.size > 0 && !query->synced && !sp_text_is(tab, "all"))
        return sp_fail(err, SP_REJECT, "tab is all or synced");
    if (query->q.size > SEARCH_BYTES)
        return sp_fail(err, SP_REJECT, "q has at most %d bytes", SEARCH_BYTES);
    return SP_OK;
}

struct search_words mapper_search_words(struct sp_text q, struct sp_arena *arena)
{
    struct sp_text *words = sp_arena_array(arena, SEARCH_WORDS, sizeof *words);
    struct search_words found = {.others = words};
    size_t at = 0;
    while (at < q.size && found.count < SEARCH_WORDS) {
        size_t start = at;
        while (at < q.size && q.data[at] != ' ')
            at++;
        struct sp_text word = {q.data + start, at - start};
        at++;
        if (word.size == 0)
            continue;
        if (found.longest.size > 0)
            words[found.count++] = word.size > found.longest.size ? found.longest : word;
        if (word.size > found.longest.size)
            found.longest = word;
    }
    return found;
}

enum sp_result mapper_read_variant_query(const struct sp_ask *ask, struct sp_arena *arena,
                                         struct variant_query *query, struct sp_error *err)
{
    struct list_query list;
    enum sp_result result = mapper_read_query(ask, &list, err);
    if (result != SP_OK)
        return result;
    struct sp_text type = sp_ask_param(ask, "type");
    *query = (struct variant_query){
        .limit = list.limit,
        .words = mapper_search_words(list.q, arena),
        .supply = sp_ask_param(ask, "supply"),
        .archived = sp_text_is(sp_ask_param(ask, "archived"), "true"),
        .unmapped = sp_text_is(sp_ask_param(ask, "unmapped"), "true"),
        .low = sp_text_is(sp_ask_param(ask, "low"), "true"),
    };
    if (list.after.size > 0 && !sp_text_to_int(list.after, &query->after))
        return sp_fail(err, SP_REJECT, "cursor is not one of this list's");
    if (type.size > 0 && !sp_text_to_int(type, &query->type_id))
        return sp_fail(err, SP_REJECT, "type is not a number");
    return SP_OK;
}

enum sp_result mapper_read_keys(const struct sp_ask *ask, struct sp_arena *arena,
                                struct key_list *keys, struct sp_error *err)
{
    struct sp_text list = sp_ask_param(ask, "skus");
    struct sp_text *found = sp_arena_array(arena, SKUS_MOST, sizeof *found);
    size_t count = 0, from = 0;
    for (size_t at = 0; at <= list.size; at++) {
        if (at < list.size && list.data[at] != ',')
            continue;
        if (at > from && count == SKUS_MOST)
            return sp_fail(err, SP_REJECT, "at most %d skus", SKUS_MOST);
        if (at > from)
            found[count++] = (struct sp_text){list.data + from, at - from};
        from = at + 1;
    }
    if (count == 0)
        return sp_fail(err, SP_REJECT, "skus names none");
    *keys = (struct key_list){found, count};
    return SP_OK;
}
