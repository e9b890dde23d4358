#include "services/gateway/webhook.h"

#include "common/metrics.h"
#include "services/gateway/forward.h"

enum { TIMEOUT_MS = 5000, SIGNATURE_BYTES = 1024 };

static struct sp_metric answered = SP_METRIC_COUNTER(
    "sampan_webhooks_total", "Webhooks answered, by what became of them", "result");

struct webhook {
    struct gateway *gateway;
    struct sp_http_request *request;
};

int webhook_status(int connector_status)
{
    return connector_status == 200 || connector_status == 401 ? connector_status : 503;
}

/* No word of detail: whoever forges notices should learn nothing. */
static void answer(struct sp_http_request *request, int status)
{
    sp_metric_add(&answered, status == 200 ? "stored" : status == 401 ? "forged" : "put-back", 1);
    sp_http_answer(request, status, NULL, (struct sp_text){0}, NULL);
}

static void on_answer(void *context, int status, struct sp_text body)
{
    (void)body;
    struct webhook *webhook = context;
    webhook->gateway->webhook_count--;
    answer(webhook->request, webhook_status(status));
}

void on_webhook(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    struct sp_text signature = sp_http_header(request, "Authorization");
    if (signature.size == 0 || signature.size > SIGNATURE_BYTES) {
        answer(request, 401);
        return;
    }
    if (gateway->webhook_count >= GATEWAY_WEBHOOKS) {
        answer(request, 503);
        return;
    }
    struct webhook *webhook = sp_arena_alloc(request->arena, sizeof *webhook);
    *webhook = (struct webhook){gateway, request};
    const struct gateway_route *route = forward_route(request);
    struct sp_ask_param param = {SP_TEXT("signature"), signature};
    struct sp_ask ask = {
        .name = sp_text_of(route->ask),
        .user = SP_TEXT("marketplace"),
        .language = SP_TEXT("en"),
        .body = request->body,
        .params = &param,
        .param_count = 1,
        .deadline_ms = TIMEOUT_MS,
    };
    sp_random(ask.trace, sizeof ask.trace);
    gateway->webhook_count++;
    sp_app_ask(gateway->app, route->service, &ask, TIMEOUT_MS,
               (struct sp_on_answer){on_answer, webhook});
}
