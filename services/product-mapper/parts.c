/* Parts as they are stored: a JSON array of {"variant_id", "pieces"} and, once resolved, "supply".
 */
#include "services/product-mapper/parts.h"

#include "common/json.h"

void mapper_write_parts(const struct part_list *list, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < list->count; i++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_int(&json, "variant_id", list->parts[i].variant_id);
        sp_json_put_int(&json, "pieces", list->parts[i].pieces);
        if (list->parts[i].supply.size > 0)
            sp_json_put_string(&json, "supply", list->parts[i].supply);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
}

struct sp_text mapper_parts_text(const struct part_list *list, struct sp_arena *arena)
{
    struct sp_buffer out = {0};
    mapper_write_parts(list, &out);
    struct sp_text text = sp_arena_copy(arena, sp_buffer_text(&out));
    sp_buffer_free(&out);
    return text;
}

enum sp_result mapper_read_parts(struct sp_text text, struct sp_arena *arena,
                                 struct part_list *list)
{
    struct sp_json array, part;
    *list = (struct part_list){0};
    if (text.size == 0)
        return SP_OK;
    if (sp_json_parse(text, &array, NULL) != SP_OK || array.kind != SP_JSON_ARRAY)
        return SP_REJECT;
    struct sp_json_walk walk = sp_json_each(array);
    while (sp_json_next(&walk, NULL, &part)) {
        if (list->parts == NULL)
            list->parts = sp_arena_array(arena, PARTS_MOST, sizeof *list->parts);
        if (list->count == PARTS_MOST)
            return SP_REJECT;
        list->parts[list->count++] = (struct line_part){
            .variant_id = sp_json_int(sp_json_get(part, "variant_id"), 0),
            .pieces = sp_json_int(sp_json_get(part, "pieces"), 0),
            .supply = sp_json_text(sp_json_get(part, "supply"), arena),
        };
    }
    return SP_OK;
}
