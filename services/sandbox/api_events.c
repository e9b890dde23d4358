/* Where a shop wants its webhooks: one address for each topic. */
#include <string.h>

#include "services/sandbox/api_routes.h"
#include "services/sandbox/webhook.h"

enum api_error api_list_webhooks(struct api_call *call)
{
    int64_t count = 0;
    sp_json_open_array(&call->data, "webhooks");
    for (int i = 0; i < WEBHOOK_EVENTS; i++) {
        const struct webhook_address *address = &call->shop->webhooks[i];
        if (address->url[0] == '\0')
            continue;
        count++;
        sp_json_open_object(&call->data, NULL);
        sp_json_put_cstring(&call->data, "event_type", webhook_event_name((enum webhook_event)i));
        sp_json_put_cstring(&call->data, "address", address->url);
        sp_json_put_int(&call->data, "create_time", address->create_time);
        sp_json_put_int(&call->data, "update_time", address->update_time);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    sp_json_put_int(&call->data, "total_count", count);
    return API_OK;
}

static enum api_error read_event(struct api_call *call, int *event)
{
    struct sp_text name = sp_json_text(sp_json_get(call->body, "event_type"), call->arena);
    if (name.size == 0)
        return api_fail(call, API_BODY_MISSING, "event_type");
    *event = webhook_event_of(name);
    return *event < 0 ? api_fail(call, API_INVALID_PARAM, "event_type") : API_OK;
}

/* The marketplace wants HTTPS; here plain HTTP is fine, since everything runs on one machine. */
static bool is_address(struct sp_text url)
{
    bool http = url.size > 7 && memcmp(url.data, "http://", 7) == 0;
    bool https = url.size > 8 && memcmp(url.data, "https://", 8) == 0;
    return (http || https) && url.size <= SHOP_ADDRESS_BYTES &&
           memchr(url.data, '\0', url.size) == NULL;
}

enum api_error api_put_webhook(struct api_call *call)
{
    int event;
    struct sp_text url = sp_json_text(sp_json_get(call->body, "address"), call->arena);
    enum api_error error = read_event(call, &event);
    if (error != API_OK)
        return error;
    if (url.size == 0)
        return api_fail(call, API_BODY_MISSING, "address");
    if (!is_address(url))
        return api_fail(call, API_INVALID_PARAM, "address");
    struct webhook_address *address = &call->shop->webhooks[event];
    int64_t now = sandbox_now(call->sandbox);
    if (address->url[0] == '\0')
        address->create_time = now;
    address->update_time = now;
    memcpy(address->url, url.data, url.size);
    address->url[url.size] = '\0';
    return API_OK;
}

/* Succeeds even when none was set. */
enum api_error api_delete_webhook(struct api_call *call)
{
    int event;
    enum api_error error = read_event(call, &event);
    if (error == API_OK)
        call->shop->webhooks[event] = (struct webhook_address){0};
    return error;
}
