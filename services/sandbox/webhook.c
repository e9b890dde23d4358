#include "services/sandbox/webhook.h"

#include <stdio.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/return_life.h"

_Static_assert((int)WEBHOOK_EVENTS == (int)SHOP_EVENTS, "a shop keeps an address for each topic");

static const struct {
    const char *name;
    int type;
} topics[WEBHOOK_EVENTS] = {
    [EVENT_ORDER_STATUS] = {"ORDER_STATUS_CHANGE", 1},
    [EVENT_RECIPIENT_ADDRESS] = {"RECIPIENT_ADDRESS_UPDATE", 3},
    [EVENT_PACKAGE] = {"PACKAGE_UPDATE", 4},
    [EVENT_PRODUCT_STATUS] = {"PRODUCT_STATUS_CHANGE", 5},
    [EVENT_DEAUTHORIZATION] = {"SELLER_DEAUTHORIZATION", 6},
    [EVENT_EXPIRATION] = {"UPCOMING_AUTHORIZATION_EXPIRATION", 7},
    [EVENT_CANCELLATION] = {"CANCELLATION_STATUS_CHANGE", 11},
    [EVENT_RETURN] = {"RETURN_STATUS_CHANGE", 12},
    [EVENT_PRODUCT_INFORMATION] = {"PRODUCT_INFORMATION_CHANGE", 15},
    [EVENT_PRODUCT_CREATION] = {"PRODUCT_CREATION", 16},
    [EVENT_PRODUCT_CATEGORY] = {"PRODUCT_CATEGORY_CHANGE", 18},
    [EVENT_INVOICE] = {"INVOICE_STATUS_CHANGE", 36},
    [EVENT_PRODUCT_AUDIT] = {"PRODUCT_AUDIT_STATUS_CHANGE", 37},
};

const char *webhook_event_name(enum webhook_event event)
{
    return topics[event].name;
}

int webhook_event_of(struct sp_text name)
{
    for (int i = 0; i < WEBHOOK_EVENTS; i++) {
        if (sp_text_is(name, topics[i].name))
            return i;
    }
    return -1;
}

/* -1: it cannot be registered for. */
static int event_of_type(int type)
{
    for (int i = 0; i < WEBHOOK_EVENTS; i++) {
        if (topics[i].type == type)
            return i;
    }
    return -1;
}

/* The shop's own address for the topic, else the app's; "" when nobody is to be told. */
static const char *address_of(struct sandbox *sandbox, const struct shop *shop, int event)
{
    if (sandbox->notifier == NULL || !grants_is_live(&sandbox->grants, sandbox_clock(sandbox)))
        return "";
    const char *own = event < 0 ? "" : shop->webhooks[event].url;
    return own[0] != '\0' ? own : sandbox->options.webhook_url;
}

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

/* A notice on its way to be queued. */
struct notice {
    const char *url;
    struct sp_buffer body;
    struct sp_json_writer json;
};

/* Its envelope, up to `data`; false when nobody is to be told. */
static bool begin_envelope(struct sandbox *sandbox, const struct shop *shop, int type,
                           struct notice *notice)
{
    struct sp_json_writer *json = &notice->json;
    *notice = (struct notice){.url = address_of(sandbox, shop, event_of_type(type))};
    if (notice->url[0] == '\0')
        return false;
    *json = sp_json_writer(&notice->body);
    sandbox->notices++;
    sp_json_open_object(json, NULL);
    sp_json_put_int(json, "type", type);
    put_id(json, "tts_notification_id",
           ids_make(&sandbox->shops[0].ids, ID_NOTICE, sandbox->notices % (ID_COUNTERS - 1) + 1));
    put_id(json, "shop_id", ids_make(&shop->ids, ID_SHOP, 1));
    sp_json_put_int(json, "timestamp", sandbox_now(sandbox));
    return true;
}

static bool begin(struct sandbox *sandbox, const struct shop *shop, enum webhook_event event,
                  struct notice *notice)
{
    if (!begin_envelope(sandbox, shop, topics[event].type, notice))
        return false;
    sp_json_open_object(&notice->json, "data");
    return true;
}

static void end_envelope(struct sandbox *sandbox, struct notice *notice)
{
    sp_json_close_object(&notice->json);
    notifier_put(sandbox->notifier, notice->url, sp_buffer_text(&notice->body));
    sp_buffer_free(&notice->body);
}

static void end(struct sandbox *sandbox, struct notice *notice)
{
    sp_json_close_object(&notice->json);
    end_envelope(sandbox, notice);
}

bool webhook_say(struct sandbox *sandbox, const struct shop *shop, int type, struct sp_json data)
{
    struct notice notice;
    if (!begin_envelope(sandbox, shop, type, &notice))
        return false;
    sp_json_put_raw(&notice.json, "data", data.raw);
    end_envelope(sandbox, &notice);
    return true;
}

void webhook_order_changed(struct sandbox *sandbox, const struct shop *shop,
                           const struct order *order)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_ORDER_STATUS, &notice))
        return;
    enum order_status status = (enum order_status)order->status;
    sp_json_put_bool(&notice.json, "is_on_hold_order", order->had_hold);
    put_id(&notice.json, "order_id", ids_make(&shop->ids, ID_ORDER, order->number));
    sp_json_put_cstring(&notice.json, "order_status",
                        status == CANCELLED ? sandbox->options.cancel_word
                                            : life_status_name(status));
    sp_json_put_int(&notice.json, "update_time", order->times.updated);
    end(sandbox, &notice);
}

void webhook_address_changed(struct sandbox *sandbox, const struct shop *shop,
                             const struct order *order)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_RECIPIENT_ADDRESS, &notice))
        return;
    put_id(&notice.json, "order_id", ids_make(&shop->ids, ID_ORDER, order->number));
    sp_json_put_int(&notice.json, "update_time", order->times.updated);
    end(sandbox, &notice);
}

static void put_package(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    sp_json_open_object(json, NULL);
    put_id(json, "package_id", ids_make(&shop->ids, ID_PACKAGE, at + 1u));
    sp_json_open_array(json, "order_id_list");
    uint32_t order = shop->packages.packages[at].order;
    for (; order != BOOK_NONE; order = package_next_order(shop, order))
        put_id(json, NULL, ids_make(&shop->ids, ID_ORDER, shop->book.orders[order].number));
    sp_json_close_array(json);
    sp_json_close_object(json);
}

void webhook_packages_changed(struct sandbox *sandbox, const struct shop *shop,
                              const struct webhook_packages *change)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_PACKAGE, &notice))
        return;
    sp_json_put_cstring(&notice.json, "sc_type", change->what);
    sp_json_put_cstring(&notice.json, "role_type", change->role);
    sp_json_open_array(&notice.json, "package_list");
    for (size_t i = 0; i < change->count; i++)
        put_package(&notice.json, shop, change->packages[i]);
    sp_json_close_array(&notice.json);
    sp_json_put_int(&notice.json, "update_time", sandbox_now(sandbox));
    end(sandbox, &notice);
}

void webhook_cancellation_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t which)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_CANCELLATION, &notice))
        return;
    const struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    put_id(&notice.json, "order_id",
           ids_make(&shop->ids, ID_ORDER, shop->book.orders[one->order].number));
    put_id(&notice.json, "cancel_id", ids_make(&shop->ids, ID_CANCEL, which + 1u));
    sp_json_put_cstring(&notice.json, "cancel_status",
                        cancel_status_name((enum cancel_status)one->status));
    sp_json_put_cstring(&notice.json, "cancellations_role",
                        life_initiator_name((enum order_initiator)one->role));
    sp_json_put_int(&notice.json, "create_time", one->created);
    end(sandbox, &notice);
}

void webhook_return_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t which)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_RETURN, &notice))
        return;
    const struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    put_id(&notice.json, "order_id",
           ids_make(&shop->ids, ID_ORDER, shop->book.orders[one->order].number));
    put_id(&notice.json, "return_id", ids_make(&shop->ids, ID_RETURN, which + 1u));
    sp_json_put_cstring(&notice.json, "return_status",
                        return_status_name((enum return_status)one->status));
    sp_json_put_cstring(&notice.json, "return_type", return_type_name((enum return_type)one->type));
    sp_json_put_cstring(&notice.json, "return_role",
                        life_initiator_name((enum order_initiator)one->role));
    sp_json_put_int(&notice.json, "create_time", one->created);
    sp_json_put_int(&notice.json, "update_time", one->updated);
    end(sandbox, &notice);
}

void webhook_expiring(struct sandbox *sandbox, const struct shop *shop)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_EXPIRATION, &notice))
        return;
    char ends[24]; /* a string on the wire */
    (void)snprintf(ends, sizeof ends, "%lld",
                   (long long)sandbox_told(sandbox, sandbox->grants.grant_expires));
    sp_json_put_cstring(&notice.json, "message", "The authorization ends soon.");
    sp_json_put_cstring(&notice.json, "expiration_time", ends);
    end(sandbox, &notice);
}

/* The id is a number here, unlike everywhere else. */
void webhook_product_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t at)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_PRODUCT_STATUS, &notice))
        return;
    const struct product *product = &shop->catalogue.products[at];
    bool failed = product->status == PRODUCT_FAILED;
    sp_json_put_int(&notice.json, "product_id", (int64_t)ids_make(&shop->ids, ID_PRODUCT, at + 1u));
    sp_json_put_cstring(&notice.json, "status",
                        failed ? "PRODUCT_AUDIT_FAILURE" : "PRODUCT_STATUS_CHANGED");
    sp_json_put_cstring(&notice.json, "suspended_reason",
                        product->status == PRODUCT_FROZEN ? "Frozen by the platform" : "");
    sp_json_put_int(&notice.json, "update_time", product->update_time);
    end(sandbox, &notice);
}

void webhook_deauthorized(struct sandbox *sandbox, const struct shop *shop)
{
    struct notice notice;
    if (!begin(sandbox, shop, EVENT_DEAUTHORIZATION, &notice))
        return;
    sp_json_put_cstring(&notice.json, "message", "The seller has ended the authorization.");
    end(sandbox, &notice);
}
