/* Print files and their small pictures, given out whole or in parts. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "services/gateway/authenticate.h"
#include "services/gateway/design.h"
#include "services/gateway/design_preview.h"
#include "services/gateway/forward.h"

/* A file that is looked for; lives in the request's arena. */
struct wanted {
    struct gateway *gateway;
    struct sp_http_request *request;
    int64_t account_id;
    struct sp_text id;
    const char *const *suffixes; /* it has one of these */
    const char *suffix;          /* which */
    char etag[DESIGN_ID_LETTERS + 3];
    struct sp_http_range range;
    bool ranged;
    enum sp_result (*fetch)(struct wanted *wanted);
    struct design_found found;
    struct sp_error err;
};

static enum sp_result fetch(struct wanted *wanted)
{
    const struct design_store *store = &wanted->gateway->designs;
    char path[DESIGN_PATH_BYTES];
    enum sp_result result = SP_REJECT;
    for (size_t i = 0; wanted->suffixes[i] != NULL && result == SP_REJECT; i++) {
        wanted->suffix = wanted->suffixes[i];
        design_path(wanted->account_id, wanted->id, wanted->suffix, path);
        result = store->kind->get(store, path, wanted->ranged ? &wanted->range : NULL,
                                  &wanted->found, &wanted->err);
    }
    return result;
}

/* One that has no picture yet, of those that can have one. */
static enum sp_result make_preview(const struct wanted *wanted, struct sp_error *err)
{
    static const char *const pictures[] = {".png", ".jpg", NULL};
    struct wanted file = *wanted;
    file.suffixes = pictures;
    file.ranged = false;
    enum sp_result result = fetch(&file);
    *err = file.err;
    if (result != SP_OK)
        return result;
    struct design_file design = {.account_id = wanted->account_id, .fd = file.found.fd};
    memcpy(design.id, wanted->id.data, DESIGN_ID_LETTERS);
    result = design_keep_preview(&wanted->gateway->designs, &design, err);
    close(file.found.fd);
    return result;
}

static enum sp_result fetch_preview(struct wanted *wanted)
{
    enum sp_result result = fetch(wanted);
    if (result != SP_REJECT)
        return result;
    result = make_preview(wanted, &wanted->err);
    return result == SP_OK ? fetch(wanted) : result;
}

static enum sp_result work(struct sp_ctx *ctx, void *context)
{
    struct wanted *wanted = context;
    (void)ctx;
    return wanted->fetch(wanted);
}

static void give_found(struct wanted *wanted)
{
    const struct design_found *found = &wanted->found;
    struct sp_http_range range = {0, found->whole - 1};
    if (wanted->ranged)
        range = wanted->range;
    if (found->fd < 0 || !sp_http_range_fit(&range, found->whole)) {
        if (found->fd >= 0)
            close(found->fd);
        sp_http_answer_no_part(wanted->request, found->whole);
        return;
    }
    char etag[sizeof wanted->etag + 8];
    (void)snprintf(etag, sizeof etag, "ETag: %s", wanted->etag);
    const char *const headers[] = {etag, "Cache-Control: no-cache", NULL};
    const struct sp_http_part part = {.fd = found->fd,
                                      .at = range.first - found->first,
                                      .first = range.first,
                                      .bytes = range.last - range.first + 1,
                                      .whole = found->whole,
                                      .content_type = design_type(wanted->suffix)};
    sp_http_answer_part(wanted->request, &part, headers);
}

static void say_no_preview(struct wanted *wanted)
{
    const char *reason = design_read_reason(wanted->found.fd);
    close(wanted->found.fd);
    sp_http_problem(wanted->request, 404, reason, "There is no small picture of this file.");
}

static void on_fetched(void *context, enum sp_result result)
{
    struct wanted *wanted = context;
    if (result == SP_OK && strcmp(wanted->suffix, DESIGN_NO_PREVIEW) == 0)
        say_no_preview(wanted);
    else if (result == SP_OK)
        give_found(wanted);
    else if (result == SP_REJECT)
        sp_http_problem(wanted->request, 404, "NOT_FOUND", "There is no such file.");
    else
        design_say_away(wanted->request, &wanted->err);
}

/* What is named by its content never changes, so who has it needs no store to hear so. */
static void give(struct wanted *kind, const struct person *person)
{
    struct gateway *gateway = kind->gateway;
    struct sp_http_request *request = kind->request;
    struct sp_text id = request->params[0];
    if (!forward_person_ok(request, person))
        return;
    if (!design_is_id(id) || gateway->designs.folder[0] == '\0') {
        sp_http_problem(request, 404, "NOT_FOUND", "There is no such file.");
        return;
    }
    struct wanted *wanted = sp_arena_alloc(request->arena, sizeof *wanted);
    *wanted = *kind;
    wanted->account_id = person->account_id;
    wanted->id = id;
    (void)snprintf(wanted->etag, sizeof wanted->etag, "\"%.*s\"", SP_FMT(id));
    if (sp_text_is(sp_http_header(request, "If-None-Match"), wanted->etag)) {
        sp_http_answer(request, 304, NULL, (struct sp_text){0}, NULL);
        return;
    }
    wanted->ranged =
        wanted->fetch == fetch && sp_http_asks_range(request, wanted->etag, &wanted->range);
    sp_app_work_long(gateway->app, work, on_fetched, wanted);
}

static void give_file(struct gateway *gateway, struct sp_http_request *request,
                      const struct person *person)
{
    static const char *const suffixes[] = {".png", ".jpg", ".pdf", NULL};
    give(&(struct wanted){gateway, request, .suffixes = suffixes, .fetch = fetch}, person);
}

static void give_preview(struct gateway *gateway, struct sp_http_request *request,
                         const struct person *person)
{
    static const char *const suffixes[] = {DESIGN_PREVIEW, DESIGN_NO_PREVIEW, NULL};
    give(&(struct wanted){gateway, request, .suffixes = suffixes, .fetch = fetch_preview}, person);
}

void on_design_file(struct sp_http_request *request, void *context)
{
    authenticate(context, request, give_file);
}

void on_design_preview(struct sp_http_request *request, void *context)
{
    authenticate(context, request, give_preview);
}
