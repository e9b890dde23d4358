/* Asking another service: the ask becomes a frame, the frame that comes back an answer. */
#include <stdlib.h>
#include <string.h>

#include "common/app_internal.h"
#include "common/log.h"
#include "proto/messages.h"

static void answered(void *context, int status, struct sp_text frame)
{
    struct sp_on_answer asked = *(struct sp_on_answer *)context;
    free(context);
    struct ask_answer wire = {.status = status};
    struct sp_error err;
    struct sp_arena *arena = sp_arena_open();
    if (status == 200 && frame.size == 0)
        wire.status = 503; /* it is stopping */
    else if (status == 200 &&
             sp_record_decode(&ask_answer_record, &frame, &wire, arena, &err) != SP_OK) {
        sp_log(SP_ERROR, "answer-unreadable", "error", err.text, NULL);
        wire = (struct ask_answer){.status = 502};
    }
    asked.done(asked.context, (int)wire.status, wire.body);
    sp_arena_close(&arena);
}

static enum sp_result encode(const struct sp_ask *ask, int64_t timeout_ms, struct sp_buffer *frame,
                             struct sp_error *err)
{
    struct sp_arena *arena = sp_arena_open();
    struct ask_param *params = sp_arena_array(arena, ask->param_count, sizeof *params);
    for (size_t i = 0; i < ask->param_count; i++)
        params[i] = (struct ask_param){.name = ask->params[i].name, .value = ask->params[i].value};
    struct ask_permission *permissions =
        sp_arena_array(arena, ask->permission_count, sizeof *permissions);
    for (size_t i = 0; i < ask->permission_count; i++)
        permissions[i].name = ask->permissions[i];
    struct ask wire = {.name = ask->name,
                       .account_id = ask->account_id,
                       .user = ask->user,
                       .language = ask->language,
                       .body = ask->body,
                       .idempotency_key = ask->idempotency_key,
                       .params = params,
                       .params_count = ask->param_count,
                       .permissions = permissions,
                       .permissions_count = ask->permission_count,
                       .deadline_ms = timeout_ms};
    memcpy(wire.trace, ask->trace, sizeof wire.trace);
    enum sp_result result = sp_record_encode(&ask_record, &wire, frame, err);
    sp_arena_close(&arena);
    return result;
}

void sp_app_ask(struct sp_app *app, const char *service, const struct sp_ask *ask,
                int64_t timeout_ms, struct sp_on_answer on_answer)
{
    struct sp_buffer frame = {0};
    struct sp_error err;
    if (encode(ask, timeout_ms, &frame, &err) != SP_OK) {
        sp_log(SP_WARN, "ask-refused", "error", err.text, NULL);
        sp_buffer_free(&frame);
        on_answer.done(on_answer.context, 400, (struct sp_text){0});
        return;
    }
    struct sp_on_answer *asked = sp_alloc(sizeof *asked);
    *asked = on_answer;
    sp_bus_ask(app->bus, service, sp_buffer_text(&frame), timeout_ms,
               (struct sp_on_answer){answered, asked});
    sp_buffer_free(&frame);
}
