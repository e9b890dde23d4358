#include "services/gateway/export.h"

#include <stdlib.h>
#include <string.h>

#include "services/gateway/authenticate.h"
#include "services/gateway/forward.h"

/* What is asked lives in the request's arena, which lives as long as the stream. */
struct export
{
    struct gateway *gateway;
    struct sp_http_request *request;
    struct sp_http_stream *stream; /* NULL: nothing was sent yet, and once the reader is gone */
    struct sp_ask ask;
    struct sp_ask_param *cursor; /* the last of its parameters */
    struct sp_buffer next;       /* the cursor's value */
    bool asked;                  /* no answer yet */
    bool gone;                   /* the reader is */
};

static void free_export(struct export *export)
{
    sp_buffer_free(&export->next);
    free(export);
}

static void on_gone(void *owner)
{
    struct export *export = owner;
    export->gone = true;
    if (!export->asked) /* else when the answer comes */
        free_export(export);
}

static void ask_next(void *owner);

/* The first page decides about the status. */
static void begin_file(struct export *export)
{
    static const char *const csv[] = {"Cache-Control: no-store",
                                      "Content-Disposition: attachment; filename=\"sampan.csv\"",
                                      NULL};
    static const char *const xlsx[] = {"Cache-Control: no-store",
                                       "Content-Disposition: attachment; filename=\"sampan.xlsx\"",
                                       NULL};
    const struct sp_http_source source = {ask_next, on_gone, export};
    bool is_book = strstr(forward_route(export->request)->pattern, ".xlsx") != NULL;
    export->stream = sp_http_answer_parts(
        export->request,
        is_book ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                : "text/csv; charset=utf-8",
        is_book ? xlsx : csv, &source);
}

bool export_split(struct sp_text answer, struct sp_text *cursor, struct sp_text *page)
{
    const char *line = answer.size == 0 ? NULL : memchr(answer.data, '\n', answer.size);
    if (line == NULL)
        return false;
    *cursor = (struct sp_text){answer.data, (size_t)(line - answer.data)};
    *page = (struct sp_text){line + 1, answer.size - cursor->size - 1};
    return true;
}

static void take_page(struct export *export, struct sp_text cursor, struct sp_text page)
{
    sp_buffer_reset(&export->next);
    sp_buffer_put_text(&export->next, cursor);
    if (export->stream == NULL)
        begin_file(export);
    (void)sp_http_stream_put(export->stream, page); /* false: it is closing already */
    if (cursor.size == 0)
        sp_http_stream_end(export->stream);
}

static void on_page(void *context, int status, struct sp_text body)
{
    enum { WITHOUT_SENSE = 0 };
    struct export *export = context;
    struct sp_text cursor, page;
    export->asked = false;
    if (export->gone) {
        free_export(export);
        return;
    }
    if (status == 200 && export_split(body, &cursor, &page)) {
        take_page(export, cursor, page);
    } else if (export->stream != NULL) {
        sp_http_stream_break(export->stream);
    } else {
        forward_answer(export->request, status == 200 ? WITHOUT_SENSE : status, body);
        free_export(export);
    }
}

static void ask_next(void *owner)
{
    struct export *export = owner;
    if (export->asked)
        return;
    export->asked = true;
    export->cursor->value = sp_buffer_text(&export->next);
    sp_app_ask(export->gateway->app, forward_route(export->request)->service, &export->ask,
               ROUTE_TIMEOUT_MS, (struct sp_on_answer){on_page, export});
}

/* All of the request's parameters but a cursor: the file begins with its first line. */
static void copy_params(struct export *export, const struct sp_ask *ask)
{
    struct sp_ask_param *params =
        sp_arena_array(export->request->arena, ask->param_count + 1, sizeof *params);
    size_t count = 0;
    for (size_t i = 0; i < ask->param_count; i++) {
        if (!sp_text_is(ask->params[i].name, "cursor"))
            params[count++] = ask->params[i];
    }
    export->cursor = &params[count++];
    export->cursor->name = SP_TEXT("cursor");
    export->ask.params = params;
    export->ask.param_count = count;
}

static void begin(struct gateway *gateway, struct sp_http_request *request,
                  const struct person *person)
{
    struct sp_ask ask;
    if (!forward_person_ok(request, person))
        return;
    if (forward_ask(request, forward_route(request)->service, person, &ask) != SP_OK) {
        sp_http_problem(request, 400, "QUERY_TOO_LARGE", "Too many or too long parameters.");
        return;
    }
    struct export *export = sp_alloc(sizeof *export);
    *export = (struct export){.gateway = gateway, .request = request, .ask = ask};
    export->ask.user = sp_arena_copy(request->arena, ask.user);
    export->ask.language = sp_arena_copy(request->arena, ask.language);
    copy_params(export, &ask);
    ask_next(export);
}

void on_export(struct sp_http_request *request, void *context)
{
    if (forward_origin_ok(context, request))
        authenticate(context, request, begin);
}
