#include "services/gateway/system.h"

#include "services/gateway/authenticate.h"
#include "services/gateway/rfc3339.h"
#include "services/gateway/routes.h"

static const char *why_not(const struct gather_part *part, bool ready)
{
    if (ready)
        return NULL;
    if (part->status == 504)
        return "no answer in time";
    if (part->status == 503)
        return "not reachable";
    return part->status == 200 ? "says it is not ready" : "gave an answer without sense";
}

static bool write_part(struct sp_json_writer *json, const struct gather_part *part)
{
    struct sp_json body, value;
    struct sp_text name;
    bool answered = part->status == 200 && sp_json_parse(part->body, &body, NULL) == SP_OK &&
                    body.kind == SP_JSON_OBJECT;
    bool ready = answered && sp_json_bool(sp_json_get(body, "ready"));
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "service", part->service);
    sp_json_put_bool(json, "ready", ready);
    const char *reason = why_not(part, ready);
    if (reason == NULL)
        sp_json_put_null(json, "reason");
    else
        sp_json_put_cstring(json, "reason", reason);
    struct sp_json_walk walk = sp_json_each(answered ? body : (struct sp_json){0});
    while (sp_json_next(&walk, &name, &value)) {
        char member[64];
        bool own = sp_text_is(name, "service") || sp_text_is(name, "ready") ||
                   sp_text_is(name, "reason") || name.size >= sizeof member;
        if (own)
            continue;
        for (size_t i = 0; i <= name.size; i++)
            member[i] = i < name.size ? name.data[i] : '\0';
        sp_json_put_raw(json, member, value.raw);
    }
    sp_json_close_object(json);
    return ready;
}

void system_write(struct sp_buffer *out, const struct gather_part parts[], size_t count,
                  int64_t now_us)
{
    char now[RFC3339_BYTES];
    rfc3339_write(now_us, now);
    bool ready = true;
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "as_of", now);
    sp_json_open_array(&json, "services");
    for (size_t i = 0; i < count; i++)
        ready = write_part(&json, &parts[i]) && ready;
    sp_json_close_array(&json);
    sp_json_put_bool(&json, "ready", ready);
    sp_json_close_object(&json);
}

static void write_now(struct sp_buffer *json, const struct gather_part parts[], size_t count)
{
    system_write(json, parts, count, sp_now_us());
}

static void ask_all(struct gateway *gateway, struct sp_http_request *request,
                    const struct person *person)
{
    static const struct gather_question question = {gateway_services, "system", write_now};
    gather(gateway, request, person, &question);
}

void on_system(struct sp_http_request *request, void *context)
{
    authenticate(context, request, ask_all);
}
