/* A cancellation, a return or a refund as the marketplace writes it. */
#include "services/connector/return_json.h"

#include "common/currency.h"
#include "common/text.h"
#include "services/connector/money.h"
#include "services/connector/value.h"

/* Longest texts and lists of channel.return (proto/connector.schema). */
enum {
    KIND_MAX = 32,
    WORD_MAX = 64,
    ROLE_MAX = 16,
    REASON_MAX = 256,
    REASON_NAME_MAX = 128,
    REASON_TEXT_MAX = 512,
    URL_MAX = 1024,
    LINES_MAX = 2000,
    UNITS_MAX = 20000,
    REFUSALS_MAX = 50,
    IMAGES_MAX = 20,
};

enum member {
    ID,
    KIND,
    STATUS,
    REASON_NAME,
    REASON,
    ITEMS,
    ORDER,
    ROLE,
    REFUND,
    NEXT,
    CREATED,
    UPDATED,
    KEEPS,
    SENT_BY,
    TRACKING,
    CARRIER,
    ARBITRATION,
    FOLLOWS,
    OFFER,
    OFFER_REFUSED,
    MEMBERS
};

#define COMMON_NAMES                                                                               \
    "order_id", "role", "refund_amount", "seller_next_action_response", "create_time",             \
        "update_time", "can_buyer_keep_item", "return_method", "return_tracking_number",           \
        "return_provider_name", "arbitration_status", "pre_return_id", "partial_refund",           \
        "buyer_rejected_partial_refund"

static const char *const names[][MEMBERS] = {
    [RETURN_CANCELLATION] = {"cancel_id", "cancel_type", "cancel_status", "cancel_reason",
                             "cancel_reason_text", "cancel_line_items", COMMON_NAMES},
    [RETURN_GOODS] = {"return_id", "return_type", "return_status", "return_reason",
                      "return_reason_text", "return_line_items", COMMON_NAMES},
};

/* ---- its units
 * ------------------------------------------------------------------------------------------- */

/* One element for each unit. */
struct item {
    struct sp_text sku_id, unit_id;
    int64_t refund_minor;
    size_t line;
};

static size_t read_items(struct sp_json array, int digits, struct sp_arena *arena,
                         struct item **items)
{
    enum { SKU, UNIT, AMOUNT, ITEM_MEMBERS };
    static const char *const item_names[ITEM_MEMBERS] = {"sku_id", "order_line_item_id",
                                                         "refund_amount"};
    size_t most = array.kind == SP_JSON_ARRAY ? sp_json_count(array) : 0, count = 0;
    *items = sp_arena_array(arena, most + 1, sizeof **items);
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element, value[ITEM_MEMBERS];
    while (count < most && count < UNITS_MAX && sp_json_next(&walk, NULL, &element)) {
        sp_json_members(element, item_names, ITEM_MEMBERS, value);
        (*items)[count++] = (struct item){
            .sku_id = tiktok_id(value[SKU], arena),
            .unit_id = tiktok_id(value[UNIT], arena),
            .refund_minor = tiktok_minor(sp_json_get(value[AMOUNT], "refund_total"), digits),
        };
    }
    return count;
}

static size_t line_of(const struct return_line lines[], size_t count, struct sp_text sku_id)
{
    size_t at = 0;
    while (at < count && !sp_text_equal(lines[at].sku_id, sku_id))
        at++;
    return at;
}

/* Units of one SKU are a line, in the order in which the SKUs come. */
static void read_lines(struct sp_json array, int digits, struct sp_arena *arena,
                       struct channel_return *fact)
{
    struct item *items;
    size_t count = read_items(array, digits, arena, &items);
    struct return_line *lines =
        sp_arena_array(arena, (count < LINES_MAX ? count : LINES_MAX) + 1, sizeof *lines);
    struct unit_id **ids =
        sp_arena_array(arena, (count < LINES_MAX ? count : LINES_MAX) + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++) {
        items[i].line = line_of(lines, fact->lines_count, items[i].sku_id);
        if (items[i].line == LINES_MAX)
            continue;
        struct return_line *line = &lines[items[i].line];
        if (items[i].line == fact->lines_count)
            lines[fact->lines_count++].sku_id = items[i].sku_id;
        line->units++;
        line->refund_minor += items[i].refund_minor;
    }
    for (size_t at = 0; at < fact->lines_count; at++)
        lines[at].unit_ids = ids[at] =
            sp_arena_array(arena, (size_t)lines[at].units, sizeof *ids[at]);
    for (size_t i = 0; i < count; i++) {
        size_t at = items[i].line;
        if (at < LINES_MAX && items[i].unit_id.size > 0)
            ids[at][lines[at].unit_ids_count++].id = items[i].unit_id;
    }
    fact->lines = lines;
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------- */

static void read_refund(const struct sp_json value[MEMBERS], struct sp_arena *arena,
                        struct channel_return *fact)
{
    struct sp_json refund = value[REFUND];
    fact->currency = tiktok_text(sp_json_get(refund, "currency"), 3, arena);
    int digits = sp_currency_digits(fact->currency);
    fact->refund_minor = tiktok_minor(sp_json_get(refund, "refund_total"), digits);
    fact->refund_goods_minor = tiktok_minor(sp_json_get(refund, "refund_subtotal"), digits);
    fact->refund_shipping_minor = tiktok_minor(sp_json_get(refund, "refund_shipping_fee"), digits);
    fact->refund_tax_minor = tiktok_minor(sp_json_get(refund, "refund_tax"), digits);
    fact->offered_minor = tiktok_minor(sp_json_get(value[OFFER], "amount"), digits);
    fact->offer_refused = sp_json_bool(value[OFFER_REFUSED]);
    read_lines(value[ITEMS], digits, arena, fact);
}

/* The first that has a name: there is one question at a time. */
static void read_next(struct sp_json array, struct sp_arena *arena, struct channel_return *fact)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json next;
    while (!walk.object && fact->wants.size == 0 && sp_json_next(&walk, NULL, &next)) {
        fact->wants = tiktok_text(sp_json_get(next, "action"), WORD_MAX, arena);
        fact->deadline_at = tiktok_time(sp_json_get(next, "deadline"));
    }
}

static void read_state(const struct sp_json value[MEMBERS], struct sp_arena *arena,
                       struct channel_return *fact)
{
    fact->kind = tiktok_text(value[KIND], KIND_MAX, arena);
    fact->status = tiktok_text(value[STATUS], WORD_MAX, arena);
    fact->reason_name = tiktok_text(value[REASON_NAME], REASON_NAME_MAX, arena);
    fact->reason = tiktok_text(value[REASON], REASON_MAX, arena);
    fact->asked_by = tiktok_text(value[ROLE], ROLE_MAX, arena);
    fact->created_at = tiktok_time(value[CREATED]);
    fact->keeps_goods = sp_json_bool(value[KEEPS]);
    fact->sent_by = tiktok_text(value[SENT_BY], KIND_MAX, arena);
    fact->tracking = tiktok_text(value[TRACKING], WORD_MAX, arena);
    fact->carrier = tiktok_text(value[CARRIER], WORD_MAX, arena);
    fact->arbitration = tiktok_text(value[ARBITRATION], KIND_MAX, arena);
    fact->follows_id = tiktok_id(value[FOLLOWS], arena);
    read_next(value[NEXT], arena, fact);
}

enum sp_result tiktok_read_return(struct sp_json json, enum return_family family,
                                  struct sp_arena *arena, struct channel_return *fact,
                                  struct sp_error *err)
{
    struct sp_json value[MEMBERS];
    sp_json_members(json, names[family], MEMBERS, value);
    *fact = (struct channel_return){
        .return_id = tiktok_id(value[ID], arena),
        .channel_order_id = tiktok_id(value[ORDER], arena),
        .updated_at = tiktok_time(value[UPDATED]),
        .is_cancellation = family == RETURN_CANCELLATION,
    };
    if (fact->return_id.size == 0 || fact->channel_order_id.size == 0)
        return sp_fail(err, SP_REJECT, "a return has no usable id or order");
    if (fact->updated_at == 0)
        return sp_fail(err, SP_REJECT, "return %.*s has no update time", SP_FMT(fact->return_id));
    read_state(value, arena, fact);
    read_refund(value, arena, fact);
    return SP_OK;
}

void tiktok_read_refusals(struct sp_json reasons, struct sp_arena *arena,
                          struct channel_return *fact)
{
    struct refusal *refusals = sp_arena_array(arena, REFUSALS_MAX, sizeof *refusals);
    struct sp_json_walk walk = sp_json_each(reasons);
    struct sp_json reason;
    fact->refusals_count = 0;
    while (!walk.object && fact->refusals_count < REFUSALS_MAX &&
           sp_json_next(&walk, NULL, &reason)) {
        struct sp_text name = sp_json_text(sp_json_get(reason, "name"), arena);
        /* A name that was cut would be refused when it is given back. */
        if (name.size > 0 && name.size <= REASON_NAME_MAX)
            refusals[fact->refusals_count++] =
                (struct refusal){sp_text_fit(name, REASON_NAME_MAX, arena),
                                 tiktok_text(sp_json_get(reason, "text"), REASON_TEXT_MAX, arena)};
    }
    fact->refusals = refusals;
}

/* Images are texts or objects with a `url`. */
static void add_images(struct sp_json list, struct sp_arena *arena, struct return_image images[],
                       size_t *count)
{
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json image;
    while (!walk.object && *count < IMAGES_MAX && sp_json_next(&walk, NULL, &image)) {
        bool is_object = image.kind == SP_JSON_OBJECT;
        struct sp_text url = sp_json_text(is_object ? sp_json_get(image, "url") : image, arena);
        if (url.size > 0 && url.size <= URL_MAX)
            images[(*count)++].url = sp_text_fit(url, URL_MAX, arena);
    }
}

void tiktok_read_images(struct sp_json records, struct sp_arena *arena, struct channel_return *fact)
{
    struct return_image *images = sp_arena_array(arena, IMAGES_MAX, sizeof *images);
    struct sp_json_walk walk = sp_json_each(records);
    struct sp_json record;
    fact->images_count = 0;
    while (!walk.object && sp_json_next(&walk, NULL, &record)) {
        struct sp_text role = sp_json_text(sp_json_get(record, "role"), arena);
        if (sp_text_is(role, "BUYER"))
            add_images(sp_json_get(record, "images"), arena, images, &fact->images_count);
    }
    fact->images = images;
}
