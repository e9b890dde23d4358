/* Cancelling single units of an order by the seller: which may be, and which are chosen. */
#include "services/order-ingest/cancel_units.h"

/* ---- which may be
 * -------------------------------------------------------------------------------------- */

static bool is_taken(struct sp_json taken, struct sp_text id)
{
    struct sp_json_walk walk = sp_json_each(taken);
    struct sp_json one;
    while (sp_json_next(&walk, NULL, &one)) {
        if (sp_text_equal(sp_json_text(one, NULL), id))
            return true;
    }
    return false;
}

/* `standing`: a line, or some of its units apart. */
static void add_units(const struct cancel_view *view, struct sp_json standing,
                      struct cancel_line *line)
{
    struct sp_text status = sp_json_text(sp_json_get(standing, "st"), NULL);
    if (status.size == 0)
        status = view->order.channel_status;
    if (!cancel_may_begin(view->order.region, status))
        return;
    struct sp_json_walk walk = sp_json_each(sp_json_get(standing, "i"));
    struct sp_json id;
    while (sp_json_next(&walk, NULL, &id)) {
        struct sp_text text = sp_json_text(id, NULL);
        if (!is_taken(view->taken, text))
            line->units[line->count++].id = text;
    }
}

static size_t count_ids(struct sp_json line)
{
    size_t count = sp_json_count(sp_json_get(line, "i"));
    struct sp_json_walk walk = sp_json_each(sp_json_get(line, "a"));
    struct sp_json apart;
    while (sp_json_next(&walk, NULL, &apart))
        count += sp_json_count(sp_json_get(apart, "i"));
    return count;
}

struct cancel_lines cancel_units_free(const struct cancel_view *view, struct sp_arena *arena)
{
    struct cancel_lines open = {
        .all = sp_arena_array(arena, sp_json_count(view->lines) + 1, sizeof *open.all)};
    struct sp_json_walk walk = sp_json_each(view->lines);
    struct sp_json json, apart;
    while (sp_json_next(&walk, NULL, &json)) {
        struct cancel_line *line = &open.all[open.count];
        *line = (struct cancel_line){.line = sp_json_int(sp_json_get(json, "n"), 0)};
        line->units = sp_arena_array(arena, count_ids(json) + 1, sizeof *line->units);
        add_units(view, json, line);
        struct sp_json_walk aparts = sp_json_each(sp_json_get(json, "a"));
        while (sp_json_next(&aparts, NULL, &apart))
            add_units(view, apart, line);
        open.count += line->count > 0;
    }
    return open;
}

/* ---- which are chosen
 * ---------------------------------------------------------------------------------- */

static struct cancel_line *find(const struct cancel_lines *lines, int64_t number)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->all[i].line == number)
            return &lines->all[i];
    }
    return NULL;
}

bool cancel_units_pick(const struct cancel_lines *open, struct sp_json wish, struct sp_arena *arena,
                       struct cancel_lines *picked)
{
    *picked =
        (struct cancel_lines){.all = sp_arena_array(arena, open->count + 1, sizeof *picked->all)};
    struct sp_json_walk walk = sp_json_each(wish);
    struct sp_json one;
    size_t total = 0;
    while (sp_json_next(&walk, NULL, &one)) {
        int64_t number = sp_json_int(sp_json_get(one, "line"), 0);
        int64_t units = sp_json_int(sp_json_get(one, "units"), 0);
        const struct cancel_line *line = find(open, number);
        if (line == NULL || find(picked, number) != NULL || units < 1 ||
            units > (int64_t)line->count)
            return false;
        total += (size_t)units;
        picked->all[picked->count++] =
            (struct cancel_line){number, line->units + line->count - (size_t)units, (size_t)units};
    }
    return total > 0 && total <= CANCEL_UNITS;
}

static int64_t units_of(struct sp_json lines, int64_t number)
{
    struct sp_json_walk walk = sp_json_each(lines);
    struct sp_json line;
    while (sp_json_next(&walk, NULL, &line)) {
        if (sp_json_int(sp_json_get(line, "line"), 0) == number)
            return (int64_t)sp_json_count(sp_json_get(line, "unit_ids"));
    }
    return 0;
}

bool cancel_units_same(struct sp_json under_way, struct sp_json wish)
{
    struct sp_json_walk walk = sp_json_each(wish);
    struct sp_json line;
    bool same = sp_json_count(under_way) == sp_json_count(wish);
    while (same && sp_json_next(&walk, NULL, &line)) {
        int64_t units = sp_json_int(sp_json_get(line, "units"), 0);
        same = units > 0 && units == units_of(under_way, sp_json_int(sp_json_get(line, "line"), 0));
    }
    return same;
}

void cancel_units_write(const struct cancel_lines *lines, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < lines->count; i++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_int(&json, "line", lines->all[i].line);
        sp_json_open_array(&json, "unit_ids");
        for (size_t k = 0; k < lines->all[i].count; k++)
            sp_json_put_string(&json, NULL, lines->all[i].units[k].id);
        sp_json_close_array(&json);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
}
