/* A webhook's body. */
#include "services/connector/webhook_json.h"

#include <string.h>

#include "common/crypto.h"
#include "services/connector/value.h"

enum { FIELDS_MAX = 200, NOTIFICATION_ID_MAX = 64, WORD_MAX = 64 };

/* What each kind is to us.  Of the kept ones, what they say is of use beyond the fetch: what
 * happened to a cancellation, a return, a package, an invoice. */
static const struct kind {
    int64_t type;
    enum webhook_effect effect;
    bool kept;
} kinds[] = {
    {1, WEBHOOK_ORDER, false},    {2, WEBHOOK_REVERSE, true},   {3, WEBHOOK_ORDER, false},
    {4, WEBHOOK_ORDER, true},     {5, WEBHOOK_LISTING, false},  {6, WEBHOOK_TAKEN_BACK, false},
    {7, WEBHOOK_GRANT, false},    {11, WEBHOOK_CANCEL, true},   {12, WEBHOOK_RETURN, true},
    {13, WEBHOOK_NOTHING, false}, {14, WEBHOOK_NOTHING, false}, {15, WEBHOOK_LISTING, false},
    {16, WEBHOOK_LISTING, false}, {18, WEBHOOK_LISTING, false}, {27, WEBHOOK_LISTING, false},
    {33, WEBHOOK_NOTHING, false}, {36, WEBHOOK_ORDER, true},    {37, WEBHOOK_LISTING, false},
    {42, WEBHOOK_LISTING, false},
};

/* Numbers, states, roles and times.  No words of a person. */
static const char *const kept_members[] = {
    "order_id",       "cancel_id",   "cancel_status", "cancellations_role",   "return_id",
    "return_status",  "return_type", "return_role",   "reverse_order_id",     "reverse_type",
    "sc_type",        "role_type",   "package_id",    "reverse_order_status", "reverse_event_type",
    "invoice_status", "create_time", "update_time",
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

/* NULL: unknown. */
static const struct kind *kind_of(int64_t type)
{
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        if (kinds[i].type == type)
            return &kinds[i];
    }
    return NULL;
}

static bool names(struct sp_json data, const char *member)
{
    struct sp_json value = sp_json_get(data, member);
    return value.kind == SP_JSON_STRING || value.kind == SP_JSON_NUMBER;
}

/* A kind we do not know yet is about what it names. */
static enum webhook_effect effect_of_unknown(const struct webhook_notice *notice,
                                             struct sp_json data)
{
    if (notice->order_count > 0 && names(data, "return_id"))
        return WEBHOOK_RETURN;
    if (notice->order_count > 0 && names(data, "cancel_id"))
        return WEBHOOK_CANCEL;
    if (notice->order_count > 0)
        return WEBHOOK_ORDER;
    return names(data, "product_id") ? WEBHOOK_LISTING : WEBHOOK_UNKNOWN;
}

static bool is_word(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == '_' || c == '-';
        if (!good)
            return false;
    }
    return text.size > 0 && text.size <= WORD_MAX;
}

static struct sp_text content_of(struct sp_json data, struct sp_arena *arena)
{
    struct sp_json value[SP_COUNT(kept_members)];
    struct sp_buffer content = {0};
    struct sp_json_writer json = sp_json_writer(&content);
    sp_json_members(data, kept_members, SP_COUNT(kept_members), value);
    sp_json_open_object(&json, NULL);
    for (size_t i = 0; i < SP_COUNT(kept_members); i++) {
        struct sp_text text = sp_json_text(value[i], arena);
        if (is_word(text))
            sp_json_put_string(&json, kept_members[i], text);
    }
    sp_json_close_object(&json);
    struct sp_text kept = sp_arena_copy(arena, sp_buffer_text(&content));
    sp_buffer_free(&content);
    return kept;
}

static int64_t hash_of(const struct webhook_notice *notice, struct sp_json data,
                       struct sp_arena *arena)
{
    int64_t hash;
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(sp_arena_printf(arena, "%lld %.*s %.*s %.*s", (long long)notice->type,
                              SP_FMT(notice->channel_shop_id), SP_FMT(notice->notification_id),
                              SP_FMT(data.raw)),
              digest);
    memcpy(&hash, digest, sizeof hash);
    return hash;
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
    notice->content_hash = hash_of(notice, value[DATA], arena);
    const struct kind *kind = kind_of(notice->type);
    notice->known = kind != NULL;
    notice->effect = kind != NULL ? kind->effect : effect_of_unknown(notice, value[DATA]);
    if (kind == NULL)
        notice->fields = names_of(value[DATA], arena);
    else if (kind->kept)
        notice->content = content_of(value[DATA], arena);
    if (notice->effect == WEBHOOK_GRANT)
        notice->ends_s = tiktok_time(sp_json_get(value[DATA], "expiration_time"));
    return SP_OK;
}

bool webhook_wants_lists(const struct webhook_notice *notice)
{
    return notice->effect == WEBHOOK_LISTING || notice->effect == WEBHOOK_CANCEL ||
           notice->effect == WEBHOOK_RETURN || notice->effect == WEBHOOK_REVERSE;
}

bool webhook_names_orders(const struct webhook_notice *notice)
{
    return notice->effect == WEBHOOK_ORDER || notice->effect == WEBHOOK_CANCEL ||
           notice->effect == WEBHOOK_RETURN || notice->effect == WEBHOOK_REVERSE;
}
