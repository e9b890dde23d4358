#include "services/gateway/system.h"

#include "services/gateway/authenticate.h"
#include "services/gateway/forward.h"
#include "services/gateway/rfc3339.h"

enum { SERVICES_MOST = 8 };

/* One request's questions; in its arena. */
struct system_question {
    struct sp_http_request *request;
    size_t waiting, count;
    struct system_part parts[SERVICES_MOST];
    struct asked {
        struct system_question *question;
        size_t part;
    } asked[SERVICES_MOST];
};

/* ---- writing
 * ------------------------------------------------------------------------------------------ */

static const char *why_not(const struct system_part *part, bool ready)
{
    if (ready)
        return NULL;
    if (part->status == 504)
        return "no answer in time";
    if (part->status == 503)
        return "not reachable";
    return part->status == 200 ? "says it is not ready" : "gave an answer without sense";
}

static bool write_part(struct sp_json_writer *json, const struct system_part *part)
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

void system_write(struct sp_buffer *out, const struct system_part parts[], size_t count,
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

/* ---- asking
 * --------------------------------------------------------------------------------------------- */

static void answer(struct system_question *question)
{
    struct sp_buffer body = {0};
    system_write(&body, question->parts, question->count, sp_now_us());
    forward_answer(question->request, 200, sp_buffer_text(&body));
    sp_buffer_free(&body);
}

static void on_part(void *context, int status, struct sp_text body)
{
    struct asked *asked = context;
    struct system_question *question = asked->question;
    struct system_part *part = &question->parts[asked->part];
    part->status = status;
    part->body = sp_arena_copy(question->request->arena, body);
    if (--question->waiting == 0)
        answer(question);
}

static void ask_service(struct gateway *gateway, struct asked *asked, const struct person *person)
{
    struct sp_arena *arena = asked->question->request->arena;
    const char *service = asked->question->parts[asked->part].service;
    struct sp_ask ask = {
        .name = sp_arena_printf(arena, "%s.system", service),
        .account_id = person->account_id,
        .user = sp_text_of(person->login),
        .language = sp_text_of(person->language),
        .deadline_ms = SYSTEM_ASK_MS,
    };
    ask.permissions = role_permissions(person->role, arena, &ask.permission_count);
    sp_random(ask.trace, sizeof ask.trace);
    sp_app_ask(gateway->app, service, &ask, SYSTEM_ASK_MS, (struct sp_on_answer){on_part, asked});
}

static void ask_all(struct gateway *gateway, struct sp_http_request *request,
                    const struct person *person)
{
    if (!forward_person_ok(request, person))
        return;
    struct system_question *question = sp_arena_alloc(request->arena, sizeof *question);
    question->request = request;
    for (const char *const *service = gateway_services; *service != NULL; service++) {
        SP_ASSERT(question->count < SERVICES_MOST);
        question->asked[question->count] = (struct asked){question, question->count};
        question->parts[question->count++].service = *service;
    }
    /* One more than there are, so that answers that come at once do not end it before all are
     * asked. */
    size_t count = question->count;
    question->waiting = count + 1;
    for (size_t i = 0; i < count; i++)
        ask_service(gateway, &question->asked[i], person);
    if (--question->waiting == 0)
        answer(question);
}

void on_system(struct sp_http_request *request, void *context)
{
    authenticate(context, request, ask_all);
}
