/* Stock as the marketplace is told it. */
#include "services/connector/stock_json.h"

#include "services/connector/value.h"

#include "common/text.h"

enum { PROBLEM_MAX = 200 };

struct sp_text tiktok_stock_body(const struct stock_line lines[], size_t count,
                                 struct sp_arena *arena)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "skus");
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || !sp_text_equal(lines[i].sku_id, lines[i - 1].sku_id);
        bool last = i + 1 == count || !sp_text_equal(lines[i].sku_id, lines[i + 1].sku_id);
        if (first) {
            sp_json_open_object(&json, NULL);
            sp_json_put_string(&json, "id", lines[i].sku_id);
            sp_json_open_array(&json, "inventory");
        }
        sp_json_open_object(&json, NULL);
        sp_json_put_string(&json, "warehouse_id", lines[i].channel_warehouse_id);
        sp_json_put_int(&json, "quantity", lines[i].quantity);
        sp_json_close_object(&json);
        if (last) {
            sp_json_close_array(&json);
            sp_json_close_object(&json);
        }
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(arena, sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

struct sp_text tiktok_stock_problem(struct sp_json errors, struct sp_text sku_id,
                                    struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(errors);
    struct sp_json error;
    while (!walk.object && sp_json_next(&walk, NULL, &error)) {
        struct sp_text subject =
            sp_json_text(sp_json_get(sp_json_get(error, "detail"), "sku_id"), arena);
        if (subject.size > 0 && !sp_text_equal(subject, sku_id))
            continue;
        struct sp_text message = sp_json_text(sp_json_get(error, "message"), arena);
        struct sp_text text =
            sp_arena_printf(arena, "%lld %.*s",
                            (long long)sp_json_int(sp_json_get(error, "code"), 0), SP_FMT(message));
        return sp_text_fit(text, PROBLEM_MAX, arena);
    }
    return (struct sp_text){0};
}

enum { SHOWN_MOST = 20000 };

static void add_shown(struct sp_json sku, struct sp_arena *arena, struct stock_line *lines,
                      size_t *count)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(sku, "warehouse_inventory"));
    struct sp_json one;
    while (!walk.object && *count < SHOWN_MOST && sp_json_next(&walk, NULL, &one)) {
        int64_t quantity = sp_json_int(sp_json_get(one, "available_quantity"), -1);
        if (quantity >= 0)
            lines[(*count)++] =
                (struct stock_line){tiktok_id(sp_json_get(sku, "id"), arena),
                                    tiktok_id(sp_json_get(one, "warehouse_id"), arena), quantity};
    }
}

size_t tiktok_read_shown(struct sp_json data, struct sp_arena *arena, struct stock_line **lines)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(data, "inventory")), skus;
    struct sp_json product, sku;
    size_t count = 0;
    *lines = sp_arena_array(arena, SHOWN_MOST, sizeof **lines);
    while (!walk.object && sp_json_next(&walk, NULL, &product)) {
        skus = sp_json_each(sp_json_get(product, "skus"));
        while (!skus.object && sp_json_next(&skus, NULL, &sku))
            add_shown(sku, arena, *lines, &count);
    }
    return count;
}
