/* The parts of an order that are stored as JSON: lines, packages, open conditions. */
#include "services/order-ingest/document.h"

#include "common/json.h"

static void put_text(struct sp_json_writer *json, const char *name, struct sp_text text)
{
    if (text.size > 0)
        sp_json_put_string(json, name, text);
}

/* How units stand: those of a line, or some apart. */
static void write_standing(struct sp_json_writer *json, struct sp_text status,
                           struct sp_text package_id, const struct unit_id ids[], size_t count)
{
    put_text(json, "st", status);
    put_text(json, "k", package_id);
    if (count == 0)
        return;
    sp_json_open_array(json, "i");
    for (size_t i = 0; i < count; i++)
        sp_json_put_string(json, NULL, ids[i].id);
    sp_json_close_array(json);
}

static void write_apart(struct sp_json_writer *json, const struct channel_line *line)
{
    if (line->apart_count == 0)
        return;
    sp_json_open_array(json, "a");
    for (size_t i = 0; i < line->apart_count; i++) {
        const struct units_apart *apart = &line->apart[i];
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "u", apart->units);
        write_standing(json, apart->status, apart->package_id, apart->unit_ids,
                       apart->unit_ids_count);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

/* Names of a letter or two, because every order has some of each: 0004_reading.sql spells them out.
 */
static void write_line(struct sp_json_writer *json, const struct channel_line *line,
                       struct sp_text order_status)
{
    bool as_order = sp_text_equal(line->status, order_status);
    sp_json_open_object(json, NULL);
    sp_json_put_int(json, "n", line->line);
    put_text(json, "p", line->product_id);
    put_text(json, "s", line->sku_id);
    put_text(json, "c", line->seller_sku);
    put_text(json, "t", line->product_name);
    put_text(json, "v", line->sku_name);
    sp_json_put_int(json, "u", line->units);
    sp_json_put_int(json, "m", line->price_minor);
    if (line->is_gift)
        sp_json_put_bool(json, "g", true);
    write_standing(json, as_order ? (struct sp_text){0} : line->status, line->package_id,
                   line->unit_ids, line->unit_ids_count);
    write_apart(json, line);
    sp_json_close_object(json);
}

void ingest_write_lines(const struct channel_order *order, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < order->lines_count; i++)
        write_line(&json, &order->lines[i], order->status);
    sp_json_close_array(&json);
}

static void read_apart(struct sp_json json, struct sp_arena *arena, struct channel_line *line)
{
    struct sp_json one;
    struct units_apart *apart = sp_arena_array(arena, sp_json_count(json), sizeof *apart);
    struct sp_json_walk walk = sp_json_each(json);
    while (sp_json_next(&walk, NULL, &one))
        apart[line->apart_count++] =
            (struct units_apart){.units = sp_json_int(sp_json_get(one, "u"), 0),
                                 .status = sp_json_text(sp_json_get(one, "st"), arena)};
    line->apart = apart;
}

static void read_line(struct sp_json json, struct sp_arena *arena, struct sp_text order_status,
                      struct channel_line *line)
{
    static const char *const names[] = {"n", "p", "s", "c", "t", "v", "u", "m", "g", "st", "a"};
    enum { LINE, PRODUCT, SKU, SELLER_SKU, TITLE, NAME, UNITS, PRICE, GIFT, STATUS, APART };
    struct sp_json of[SP_COUNT(names)];
    sp_json_members(json, names, SP_COUNT(names), of);
    *line = (struct channel_line){
        .line = sp_json_int(of[LINE], 0),
        .product_id = sp_json_text(of[PRODUCT], arena),
        .sku_id = sp_json_text(of[SKU], arena),
        .seller_sku = sp_json_text(of[SELLER_SKU], arena),
        .product_name = sp_json_text(of[TITLE], arena),
        .sku_name = sp_json_text(of[NAME], arena),
        .units = sp_json_int(of[UNITS], 0),
        .price_minor = sp_json_int(of[PRICE], 0),
        .is_gift = sp_json_bool(of[GIFT]),
        .status = of[STATUS].kind == SP_JSON_NONE ? order_status : sp_json_text(of[STATUS], arena),
    };
    read_apart(of[APART], arena, line);
}

enum sp_result ingest_read_lines(struct sp_text json, struct sp_arena *arena,
                                 struct channel_order *order)
{
    struct sp_json array, one;
    if (sp_json_parse(json, &array, NULL) != SP_OK)
        return SP_REJECT;
    struct channel_line *lines = sp_arena_array(arena, sp_json_count(array), sizeof *lines);
    struct sp_json_walk walk = sp_json_each(array);
    while (sp_json_next(&walk, NULL, &one))
        read_line(one, arena, order->status, &lines[order->lines_count++]);
    order->lines = lines;
    return SP_OK;
}

void ingest_write_packages(const struct channel_order *order, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < order->packages_count; i++) {
        sp_json_open_object(&json, NULL);
        put_text(&json, "package_id", order->packages[i].package_id);
        put_text(&json, "tracking", order->packages[i].tracking);
        put_text(&json, "carrier", order->packages[i].carrier);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
}

void ingest_write_conditions(const struct order_staged *staged, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < staged->conditions_count; i++) {
        const struct condition *condition = &staged->conditions[i];
        sp_json_open_object(&json, NULL);
        sp_json_put_string(&json, "code", condition->code);
        put_text(&json, "value", condition->value);
        put_text(&json, "wanted", condition->wanted);
        sp_json_put_int(&json, "line", condition->line);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
}
