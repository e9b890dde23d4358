/* A webhook's body. */
#include "services/connector/webhook_json.h"

#include "services/connector/order_json.h"

enum { FIELDS_MAX = 200, NOTIFICATION_ID_MAX = 64 };

/* What each kind is to us; a kind that is not listed is an order's when it names one. */
static const struct {
    int64_t type;
    enum webhook_effect effect;
} effects[] = {
    {1, WEBHOOK_ORDER},    {2, WEBHOOK_ORDER},    {3, WEBHOOK_ORDER},    {4, WEBHOOK_ORDER},
    {11, WEBHOOK_ORDER},   {12, WEBHOOK_ORDER},   {5, WEBHOOK_LISTING},  {15, WEBHOOK_LISTING},
    {16, WEBHOOK_LISTING}, {18, WEBHOOK_LISTING}, {37, WEBHOOK_LISTING}, {6, WEBHOOK_GRANT},
    {7, WEBHOOK_GRANT},    {13, WEBHOOK_NOTHING}, {14, WEBHOOK_NOTHING}, {33, WEBHOOK_NOTHING},
    {27, WEBHOOK_NOTHING}, {42, WEBHOOK_NOTHING},
};

static void add_order(struct sp_json value, struct webhook_notice *notice, struct sp_arena *arena)
{
    struct sp_text id = sp_json_text(value, arena);
    if (!tiktok_is_id(id) || notice->order_count == WEBHOOK_ORDERS)
        return;
    for (size_t i = 0; i < notice->order_count; i++) {
        if (sp_text_equal(notice->orders[i], id))
            return;
    }
    notice->orders[notice->order_count++] = id;
}

static void add_orders(struct sp_json list, struct webhook_notice *notice, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json value;
    while (!walk.object && sp_json_next(&walk, NULL, &value))
        add_order(value, notice, arena);
}

static void find_orders(struct sp_json data, struct webhook_notice *notice, struct sp_arena *arena)
{
    enum { ORDER, ORDERS, PACKAGES, UPDATED, MEMBERS };
    static const char *const names[MEMBERS] = {"order_id", "order_ids", "package_list",
                                               "update_time"};
    struct sp_json value[MEMBERS], package;
    sp_json_members(data, names, MEMBERS, value);
    add_order(value[ORDER], notice, arena);
    add_orders(value[ORDERS], notice, arena);
    struct sp_json_walk walk = sp_json_each(value[PACKAGES]);
    while (!walk.object && sp_json_next(&walk, NULL, &package))
        add_orders(sp_json_get(package, "order_id_list"), notice, arena);
    int64_t updated_at = tiktok_time(value[UPDATED]);
    /* Only the order's own notices speak of the order's update time. */
    bool of_order = notice->type == 1 || notice->type == 3;
    notice->updated_at = of_order ? updated_at : 0;
}

static enum webhook_effect effect_of(const struct webhook_notice *notice)
{
    for (size_t i = 0; i < SP_COUNT(effects); i++) {
        if (effects[i].type == notice->type)
            return effects[i].effect;
    }
    return notice->order_count > 0 ? WEBHOOK_ORDER : WEBHOOK_UNKNOWN;
}

static struct sp_text names_of(struct sp_json data, struct sp_arena *arena)
{
    struct sp_buffer names = {0};
    struct sp_json_walk walk = sp_json_each(data);
    struct sp_text name;
    struct sp_json value;
    while (walk.object && names.size < FIELDS_MAX && sp_json_next(&walk, &name, &value)) {
        if (!tiktok_is_id(name))
            continue;
        if (names.size > 0)
            sp_buffer_put_string(&names, ",");
        sp_buffer_put_text(&names, name);
    }
    struct sp_text kept = sp_arena_copy(arena, sp_buffer_text(&names));
    sp_buffer_free(&names);
    return kept;
}

enum sp_result tiktok_read_webhook(struct sp_text raw, struct sp_arena *arena,
                                   struct webhook_notice *notice, struct sp_error *err)
{
    enum { TYPE, NOTIFICATION, SHOP, DATA, MEMBERS };
    static const char *const names[MEMBERS] = {"type", "tts_notification_id", "shop_id", "data"};
    struct sp_json root, value[MEMBERS];
    enum sp_result result = sp_json_parse(raw, &root, err);
    if (result != SP_OK)
        return result;
    sp_json_members(root, names, MEMBERS, value);
    *notice = (struct webhook_notice){
        .type = sp_json_int(value[TYPE], -1),
        .notification_id = sp_json_text(value[NOTIFICATION], arena),
        .channel_shop_id = sp_json_text(value[SHOP], arena),
    };
    if (notice->type < 0 || notice->type > INT32_MAX || !tiktok_is_id(notice->channel_shop_id))
        return sp_fail(err, SP_REJECT, "a webhook without type or shop");
    if (notice->notification_id.size > NOTIFICATION_ID_MAX ||
        !tiktok_is_id(notice->notification_id))
        notice->notification_id = (struct sp_text){0};
    find_orders(value[DATA], notice, arena);
    notice->effect = effect_of(notice);
    if (notice->effect == WEBHOOK_UNKNOWN)
        notice->fields = names_of(value[DATA], arena);
    return SP_OK;
}
