#include "services/sandbox/faulty_page.h"

#include <string.h>

#include "common/json.h"

static struct sp_json first_list(struct sp_json data)
{
    struct sp_json_walk walk = sp_json_each(data);
    struct sp_json member;
    while (sp_json_next(&walk, NULL, &member)) {
        if (member.kind == SP_JSON_ARRAY)
            return member;
    }
    return (struct sp_json){0};
}

static struct sp_text item_at(struct sp_json list, size_t at)
{
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json item = {0};
    for (size_t i = 0; i <= at; i++) {
        if (!sp_json_next(&walk, NULL, &item))
            return (struct sp_text){0};
    }
    return item.raw;
}

void faulty_page_omit(struct sp_buffer *envelope)
{
    struct sp_json whole;
    if (sp_json_parse(sp_buffer_text(envelope), &whole, NULL) != SP_OK)
        return;
    struct sp_json list = first_list(sp_json_get(whole, "data"));
    size_t count = sp_json_count(list);
    if (count == 0)
        return;
    struct sp_text item = item_at(list, count / 2);
    size_t from = (size_t)(item.data - envelope->data), to = from + item.size;
    if (count > 1) { /* then it is not the first, and a comma stands before it */
        struct sp_text before = item_at(list, count / 2 - 1);
        from = (size_t)(before.data - envelope->data) + before.size;
    }
    memmove(envelope->data + from, envelope->data + to, envelope->size - to);
    envelope->size -= to - from;
}
