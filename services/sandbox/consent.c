/* The page on which a seller lets the app see their shops, and the way back. */
#include <string.h>

#include "common/http_client.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/page.h"
#include "services/sandbox/signature.h"

enum { MOST_FIELDS = 16 };

static struct sp_text field(const struct query_param fields[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_is(fields[i].name, name))
            return fields[i].value;
    }
    return (struct sp_text){0};
}

/* The newer address names the service, the older one the app. */
static bool is_known(const struct edge *edge, struct sp_text service_id, struct sp_text app_key)
{
    const struct sandbox_options *options = &edge->sandbox->options;
    return sp_text_is(service_id, options->service_id) ||
           (service_id.size == 0 && sp_text_is(app_key, options->app_key));
}

static void answer_unknown(struct sp_http_request *request)
{
    struct sp_buffer page = {0};
    page_begin(&page, "The service does not exist");
    sp_buffer_put_string(&page,
                         "<p>The address has to name a service id, which is not the app key.</p>");
    page_answer(request, 404, &page);
}

static void put_hidden(struct sp_buffer *page, const char *name, struct sp_text value)
{
    sp_buffer_printf(page, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    page_put(page, value);
    sp_buffer_put_string(page, "\">");
}

void consent_show(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sp_text service_id = sp_http_query(request, "service_id");
    struct sp_text app_key = sp_http_query(request, "app_key");
    if (!is_known(edge, service_id, app_key)) {
        answer_unknown(request);
        return;
    }
    struct sp_buffer page = {0};
    page_begin(&page, "Connect your shop");
    sp_buffer_put_string(&page, "<p>An app asks for access to:</p><ul>");
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        sp_buffer_put_string(&page, "<li>");
        page_put_string(&page, edge->sandbox->shops[i].name);
        sp_buffer_put_string(&page, "</li>");
    }
    sp_buffer_put_string(&page, "</ul><form method=\"post\" action=\"/open/authorize\">");
    put_hidden(&page, "service_id", service_id);
    put_hidden(&page, "app_key", app_key);
    put_hidden(&page, "state", sp_http_query(request, "state"));
    sp_buffer_put_string(&page, "<button name=\"answer\" value=\"authorize\">Authorize</button>"
                                "<button name=\"answer\" value=\"cancel\">Cancel</button></form>"
                                "<p>This is a local sandbox; nothing leaves this machine.</p>");
    page_answer(request, 200, &page);
}

static void put_query(struct sp_buffer *url, const char *name, struct sp_text value)
{
    sp_buffer_put_string(url, name);
    sp_url_encode(url, value);
}

/* Back to the app's fixed address: with a code, or with what an OAuth server says of a refusal. */
static void redirect(struct sp_http_request *request, struct edge *edge, struct sp_text state,
                     bool agreed)
{
    struct sandbox *sandbox = edge->sandbox;
    const char *back = sandbox->options.redirect_url;
    struct sp_buffer url = {0};
    sp_buffer_printf(&url, "Location: %s%s", back, strchr(back, '?') == NULL ? "?" : "&");
    if (agreed)
        put_query(&url,
                  "code=", sp_text_of(grants_consent(&sandbox->grants, sandbox_clock(sandbox))));
    else
        sp_buffer_put_string(&url, "error=access_denied");
    put_query(&url, "&state=", state);
    put_query(&url, "&app_key=", sp_text_of(sandbox->options.app_key));
    put_query(&url, "&locale=", SP_TEXT("en"));
    put_query(&url, "&shop_region=", sp_text_of(sandbox->shops[0].region->code));
    sp_buffer_put(&url, "", 1);
    const char *const headers[] = {url.data, NULL};
    sp_http_answer(request, 302, "text/plain", (struct sp_text){0}, headers);
    sp_buffer_free(&url);
}

void consent_decide(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    struct query_param fields[MOST_FIELDS];
    size_t count = 0;
    if (signature_read_query(request->body, request->arena, fields, MOST_FIELDS, &count) != SP_OK)
        count = 0;
    if (!is_known(edge, field(fields, count, "service_id"), field(fields, count, "app_key"))) {
        answer_unknown(request);
        return;
    }
    bool agreed = !sp_text_is(field(fields, count, "answer"), "cancel");
    truth_note(edge->sandbox->truth, agreed ? "consent" : "consent-refused", NULL, NULL);
    redirect(request, edge, field(fields, count, "state"), agreed);
}
