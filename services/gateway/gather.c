/* One request put to several services: their answers, together. */
#include "services/gateway/gather.h"

#include "services/gateway/forward.h"

enum { SERVICES_MOST = 8 };

/* One request's questions; in its arena. */
struct gathering {
    struct sp_http_request *request;
    gather_write *write;
    size_t waiting, count;
    struct gather_part parts[SERVICES_MOST];
    struct asked {
        struct gathering *gathering;
        size_t part;
    } asked[SERVICES_MOST];
};

static void answer(struct gathering *gathering)
{
    struct sp_buffer body = {0};
    gathering->write(&body, gathering->parts, gathering->count);
    forward_answer(gathering->request, 200, sp_buffer_text(&body));
    sp_buffer_free(&body);
}

static void on_part(void *context, int status, struct sp_text body)
{
    struct asked *asked = context;
    struct gathering *gathering = asked->gathering;
    struct gather_part *part = &gathering->parts[asked->part];
    part->status = status;
    part->body = sp_arena_copy(gathering->request->arena, body);
    if (--gathering->waiting == 0)
        answer(gathering);
}

void gather(struct gateway *gateway, struct sp_http_request *request, const struct person *person,
            const struct gather_question *question)
{
    struct sp_ask ask;
    if (!forward_person_ok(request, person))
        return;
    if (forward_ask(request, "", person, &ask) != SP_OK) {
        sp_http_problem(request, 400, "QUERY_TOO_LARGE", "Too many or too long parameters.");
        return;
    }
    ask.deadline_ms = GATHER_MS;
    struct gathering *gathering = sp_arena_alloc(request->arena, sizeof *gathering);
    gathering->request = request;
    gathering->write = question->write;
    for (const char *const *service = question->services; *service != NULL; service++) {
        SP_ASSERT(gathering->count < SERVICES_MOST);
        gathering->asked[gathering->count] = (struct asked){gathering, gathering->count};
        gathering->parts[gathering->count++].service = *service;
    }
    /* One more than there are, so that answers that come at once do not end it before all are
     * asked. */
    gathering->waiting = gathering->count + 1;
    for (size_t i = 0; i < gathering->count; i++) {
        const char *service = gathering->parts[i].service;
        ask.name = sp_arena_printf(request->arena, "%s.%s", service, question->verb);
        sp_app_ask(gateway->app, service, &ask, GATHER_MS,
                   (struct sp_on_answer){on_part, &gathering->asked[i]});
    }
    if (--gathering->waiting == 0)
        answer(gathering);
}
