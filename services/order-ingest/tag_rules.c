/* Tags of orders: what one may be called, and what putting them on and taking them off does. */
#include "services/order-ingest/tag_rules.h"

#include <string.h>

#include "common/text.h"
#include "services/order-ingest/note_rules.h"

const char *const tag_colours[] = {"gray", "red",  "orange", "yellow", "green", "teal",
                                   "sea",  "blue", "violet", "pink",   NULL};

static bool is_colour(struct sp_text word)
{
    for (const char *const *colour = tag_colours; *colour != NULL; colour++) {
        if (sp_text_is(word, *colour))
            return true;
    }
    return false;
}

static bool is_name(struct sp_text text)
{
    return note_text_ok(text, TAG_CHARACTERS) && memchr(text.data, '\n', text.size) == NULL &&
           memchr(text.data, '\t', text.size) == NULL;
}

enum sp_result tag_read_form(struct sp_json body, struct sp_arena *arena, struct tag_form *form,
                             struct sp_error *err)
{
    *form = (struct tag_form){.name = sp_json_text(sp_json_get(body, "name"), arena),
                              .colour = sp_json_text(sp_json_get(body, "colour"), arena)};
    if (!is_name(form->name))
        return sp_fail(err, SP_REJECT, "a name has 1 to %d characters", TAG_CHARACTERS);
    return is_colour(form->colour) ? SP_OK : sp_fail(err, SP_REJECT, "there is no such colour");
}

static bool is_among(int64_t tag, const int64_t tags[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tags[i] == tag)
            return true;
    }
    return false;
}

static enum sp_result read_tags(struct sp_json array, struct tag_list *list, struct sp_error *err)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    list->count = 0;
    while (sp_json_next(&walk, NULL, &element)) {
        int64_t tag = sp_json_int(element, 0);
        if (tag <= 0 || is_among(tag, list->tags, list->count))
            return sp_fail(err, SP_REJECT, "each tag is named once, by its id");
        if (list->count == ORDER_TAGS)
            return sp_fail(err, SP_REJECT, "at most %d tags", ORDER_TAGS);
        list->tags[list->count++] = tag;
    }
    return SP_OK;
}

static enum sp_result read_ids(struct sp_json array, struct sp_arena *arena,
                               struct tagging *tagging, struct sp_error *err)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    tagging->ids = sp_arena_array(arena, TAGGED_AT_ONCE, sizeof *tagging->ids);
    tagging->count = 0;
    while (sp_json_next(&walk, NULL, &element)) {
        struct sp_text id = sp_json_text(element, arena);
        if (tagging->count == TAGGED_AT_ONCE)
            return sp_fail(err, SP_REJECT, "at most %d orders at once", TAGGED_AT_ONCE);
        if (!sp_text_is_plain(id))
            return sp_fail(err, SP_REJECT, "an id has a strange character");
        tagging->ids[tagging->count++] = id;
    }
    return tagging->count > 0 ? SP_OK : sp_fail(err, SP_REJECT, "ids names the orders");
}

enum sp_result tag_read_tagging(struct sp_json body, struct sp_arena *arena,
                                struct tagging *tagging, struct sp_error *err)
{
    struct tag_list *put = &tagging->wish.put, *taken = &tagging->wish.taken;
    enum sp_result result = read_ids(sp_json_get(body, "ids"), arena, tagging, err);
    if (result == SP_OK)
        result = read_tags(sp_json_get(body, "put"), put, err);
    if (result == SP_OK)
        result = read_tags(sp_json_get(body, "take"), taken, err);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < put->count; i++) {
        if (is_among(put->tags[i], taken->tags, taken->count))
            return sp_fail(err, SP_REJECT, "a tag is put on or taken off, not both");
    }
    return put->count + taken->count > 0 ? SP_OK
                                         : sp_fail(err, SP_REJECT, "put or take names the tags");
}

const char *tag_result_name(enum tag_result result)
{
    static const char *const names[] = {[TAGS_CHANGED] = "CHANGED",
                                        [TAGS_SAME] = "UNCHANGED",
                                        [TAGS_TOO_MANY] = "TOO_MANY",
                                        [TAGS_NO_ORDER] = "NOT_FOUND"};
    return names[result];
}

enum tag_result tag_decide(const int64_t now[], size_t count, const struct tag_wish *wish,
                           struct tag_wish *change)
{
    *change = (struct tag_wish){.put = {.count = 0}};
    for (size_t i = 0; i < wish->put.count; i++) {
        if (!is_among(wish->put.tags[i], now, count))
            change->put.tags[change->put.count++] = wish->put.tags[i];
    }
    for (size_t i = 0; i < wish->taken.count; i++) {
        if (is_among(wish->taken.tags[i], now, count))
            change->taken.tags[change->taken.count++] = wish->taken.tags[i];
    }
    if (change->put.count + change->taken.count == 0)
        return TAGS_SAME;
    bool room = count + change->put.count - change->taken.count <= ORDER_TAGS;
    if (!room)
        *change = (struct tag_wish){.put = {.count = 0}};
    return room ? TAGS_CHANGED : TAGS_TOO_MANY;
}
