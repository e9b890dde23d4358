#include "services/gateway/password_line.h"

/* A place in the line; lives in the request's arena. */
struct password_place {
    struct password_place *next;
    struct gateway *gateway;
    struct password_task task;
};

static enum sp_result work(struct sp_ctx *ctx, void *context)
{
    struct password_place *place = context;
    return place->task.work(ctx, place->task.context);
}

static void on_worked(void *context, enum sp_result result)
{
    struct password_place *place = context;
    struct gateway *gateway = place->gateway;
    struct password_task task = place->task;
    SP_ASSERT(gateway->passwords_first == place);
    gateway->passwords_first = place->next;
    if (gateway->passwords_first == NULL)
        gateway->passwords_last = NULL;
    else
        sp_app_work(gateway->app, work, on_worked, gateway->passwords_first);
    gateway->password_count--;
    task.done(task.context, result); /* answers the request, and the place ends with it */
}

void password_line_join(struct gateway *gateway, struct sp_http_request *request,
                        struct password_task task)
{
    if (gateway->password_count >= GATEWAY_PASSWORDS) {
        sp_http_problem(request, 503, "TRY_AGAIN", "Too many people at once: try again.");
        return;
    }
    struct password_place *place = sp_arena_alloc(request->arena, sizeof *place);
    *place = (struct password_place){.gateway = gateway, .task = task};
    gateway->password_count++;
    if (gateway->passwords_last != NULL)
        gateway->passwords_last->next = place;
    else
        gateway->passwords_first = place;
    gateway->passwords_last = place;
    if (gateway->passwords_first == place)
        sp_app_work(gateway->app, work, on_worked, place);
}
