#include "services/sandbox/case_units.h"

#include "services/sandbox/return_life.h"

/* What is wanted, a mark for each unit of the order. */
struct marks {
    const struct shop *shop;
    const struct order *order;
    const struct order_line *lines;
    enum case_kind kind;
    bool *wanted;
};

/* A return that was refused or taken back does not keep its units, unless the platform is to decide
 * about it. */
static bool is_returned(const struct marks *marks, uint32_t line, uint32_t unit)
{
    const struct cases *cases = &marks->shop->cases;
    struct aftersale *one = cases_of_unit(cases, CASE_RETURN, marks->order, line, unit);
    return one != NULL && (return_keeps_units((enum return_status)one->status) ||
                           one->arbitration == ARBITRATION_IN_PROGRESS);
}

static bool is_cancelled(const struct marks *marks, uint32_t line, uint32_t unit)
{
    if (marks->order->status == CANCELLED)
        return true;
    if (marks->lines[line].cancelled == 0)
        return false;
    struct aftersale *one =
        cases_of_unit(&marks->shop->cases, CASE_CANCEL, marks->order, line, unit);
    return one != NULL && (one->status == CANCEL_SUCCESS || one->status == CANCEL_COMPLETE);
}

static bool is_free(const struct marks *marks, uint32_t line, uint32_t unit)
{
    if (is_cancelled(marks, line, unit))
        return false;
    return marks->kind == CASE_CANCEL || !is_returned(marks, line, unit);
}

static struct marks make_marks(const struct shop *shop, const struct order *order,
                               enum case_kind kind, struct sp_arena *arena)
{
    return (struct marks){.shop = shop,
                          .order = order,
                          .lines = book_lines(&shop->book, order),
                          .kind = kind,
                          .wanted = sp_arena_array(arena, order->units, sizeof(bool))};
}

static void mark_free(struct marks *marks)
{
    bool *wanted = marks->wanted;
    for (uint32_t line = 0; line < marks->order->line_count; line++) {
        for (uint32_t unit = 0; unit < marks->lines[line].units; unit++)
            *wanted++ = is_free(marks, line, unit);
    }
}

/* The first `quantity` free units of a SKU; false when there are not so many. */
static bool mark_sku(struct marks *marks, uint32_t sku, int64_t quantity)
{
    bool *wanted = marks->wanted;
    for (uint32_t line = 0; line < marks->order->line_count; line++) {
        bool ours = marks->lines[line].sku == sku;
        for (uint32_t unit = 0; unit < marks->lines[line].units; unit++, wanted++) {
            if (!ours || quantity == 0 || *wanted || !is_free(marks, line, unit))
                continue;
            *wanted = true;
            quantity--;
        }
    }
    return quantity == 0;
}

static bool mark_skus(struct marks *marks, struct sp_json skus, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(skus);
    struct sp_json sku;
    while (sp_json_next(&walk, NULL, &sku)) {
        struct sp_text id = sp_json_text(sp_json_get(sku, "sku_id"), arena);
        int64_t quantity = sp_json_int(sp_json_get(sku, "quantity"), 0);
        uint64_t number = ids_counter(&marks->shop->ids, ID_SKU, id);
        if (number == 0 || quantity <= 0 || !mark_sku(marks, (uint32_t)(number - 1), quantity))
            return false;
    }
    return true;
}

static bool mark_items(struct marks *marks, struct sp_json ids, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(ids);
    struct sp_json id;
    while (sp_json_next(&walk, NULL, &id)) {
        uint64_t item = ids_counter(&marks->shop->ids, ID_ITEM, sp_json_text(id, arena));
        if (item < marks->order->first_item ||
            item - marks->order->first_item >= marks->order->units)
            return false;
        marks->wanted[item - marks->order->first_item] = true;
    }
    return true;
}

static bool are_free(const struct marks *marks)
{
    const bool *wanted = marks->wanted;
    for (uint32_t line = 0; line < marks->order->line_count; line++) {
        for (uint32_t unit = 0; unit < marks->lines[line].units; unit++, wanted++) {
            if (*wanted && !is_free(marks, line, unit))
                return false;
        }
    }
    return true;
}

static void extend(struct unit_range *ranges, struct unit_set *units, uint32_t line, uint32_t unit)
{
    struct unit_range *last = units->count == 0 ? NULL : &ranges[units->count - 1];
    if (last != NULL && last->line == line && last->first + last->count == unit)
        last->count++;
    else
        ranges[units->count++] = (struct unit_range){line, unit, 1};
}

static struct unit_set ranges_of(const struct marks *marks, struct sp_arena *arena)
{
    struct unit_range *ranges = sp_arena_array(arena, marks->order->units, sizeof *ranges);
    struct unit_set units = {.ranges = ranges};
    const bool *wanted = marks->wanted;
    for (uint32_t line = 0; line < marks->order->line_count; line++) {
        for (uint32_t unit = 0; unit < marks->lines[line].units; unit++) {
            if (*wanted++)
                extend(ranges, &units, line, unit);
        }
    }
    return units;
}

struct unit_set case_units_free(const struct shop *shop, const struct order *order,
                                enum case_kind kind, struct sp_arena *arena)
{
    struct marks marks = make_marks(shop, order, kind, arena);
    mark_free(&marks);
    return ranges_of(&marks, arena);
}

enum api_error case_units_read(const struct case_units_of *of, struct sp_json body,
                               struct unit_set *units)
{
    struct sp_arena *arena = of->arena;
    struct sp_json items = sp_json_get(body, "order_line_item_ids"), first;
    struct sp_json skus = sp_json_get(body, "skus");
    struct sp_json_walk some_items = sp_json_each(items), some_skus = sp_json_each(skus);
    struct marks marks = make_marks(of->shop, &of->shop->book.orders[of->order], of->kind, arena);
    bool good = true;
    if (sp_json_next(&some_items, NULL, &first))
        good = mark_items(&marks, items, arena);
    else if (sp_json_next(&some_skus, NULL, &first))
        good = mark_skus(&marks, skus, arena);
    else
        mark_free(&marks);
    if (!good || !are_free(&marks))
        return API_CASE_UNITS;
    *units = ranges_of(&marks, arena);
    return units->count == 0 ? API_CASE_STATUS : API_OK;
}

bool case_units_are_all(const struct shop *shop, const struct order *order, struct unit_set units)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    uint64_t left = 0;
    for (uint32_t i = 0; i < order->line_count; i++)
        left += lines[i].units - lines[i].cancelled;
    return cases_unit_count(units) == left;
}
