#include "services/gateway/design.h"

#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/log.h"
#include "services/gateway/authenticate.h"
#include "services/gateway/design_lease_store.h"
#include "services/gateway/design_preview.h"
#include "services/gateway/forward.h"

/* A file on its way; lives in the request's arena. */
struct upload {
    struct gateway *gateway;
    struct sp_http_request *request;
    struct design_file file;
    struct sp_ask ask;
    struct sp_text name;
    bool being_removed; /* what has its name already */
    struct sp_error err;
};

static void on_answer(void *context, int status, struct sp_text body)
{
    forward_answer(context, status, body);
}

/* The store's own words are for who keeps it. */
void design_say_away(struct sp_http_request *request, const struct sp_error *err)
{
    sp_log(SP_ERROR, "design-store-away", "reason", err->text, NULL);
    sp_http_problem(request, 503, "STORE_AWAY",
                    "The store of print files does not answer as it should: try again.");
}

static void refuse(struct upload *upload, enum sp_result result)
{
    if (result == SP_REJECT)
        sp_http_problem(upload->request, 422, "FILE_BAD", upload->err.text);
    else if (upload->being_removed)
        sp_http_problem(upload->request, 503, "BEING_REMOVED",
                        "The same file, long unused, is being removed: try again in five minutes.");
    else
        design_say_away(upload->request, &upload->err);
}

/* ---- before anything of it is taken
 * --------------------------------------------------------------- */

static void let_in(struct gateway *gateway, struct sp_http_request *request,
                   const struct person *person)
{
    (void)gateway;
    if (forward_person_ok(request, person))
        sp_http_let_in(request);
}

void design_admit(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    if (forward_origin_ok(gateway, request))
        authenticate(gateway, request, let_in);
}

/* ---- in
 * ------------------------------------------------------------------------------------------- */

static struct sp_text describe(const struct upload *upload)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "id", upload->file.id);
    sp_json_put_string(&json, "name", upload->name);
    sp_json_put_cstring(&json, "kind", upload->file.content.kind);
    sp_json_put_int(&json, "bytes", upload->file.bytes);
    sp_json_put_int(&json, "width", upload->file.content.width);
    sp_json_put_int(&json, "height", upload->file.content.height);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(upload->request->arena, sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

static enum sp_result lease(struct sp_ctx *ctx, struct upload *upload)
{
    bool taken;
    enum sp_result result = store_lease_to_keep(sp_ctx_db(ctx), &upload->err,
                                                upload->file.account_id, upload->file.id, &taken);
    if (result != SP_OK)
        return SP_RETRY;
    upload->being_removed = !taken;
    return taken ? SP_OK : SP_RETRY;
}

static enum sp_result put(struct upload *upload)
{
    const struct design_file *file = &upload->file;
    const struct design_store *store = &upload->gateway->designs;
    char suffix[8], path[DESIGN_PATH_BYTES];
    (void)snprintf(suffix, sizeof suffix, ".%s", file->content.extension);
    design_path(file->account_id, sp_text_of(file->id), suffix, path);
    const struct design_object object = {path, file->fd, file->bytes, file->digest};
    return store->kind->put(store, &object, &upload->err);
}

/* While its bytes are at hand.  What goes wrong here is tried again when somebody wants to see it.
 */
static void show(struct upload *upload)
{
    struct sp_error err;
    bool is_picture = upload->file.content.width > 0;
    if (is_picture && design_keep_preview(&upload->gateway->designs, &upload->file, &err) != SP_OK)
        sp_log(SP_WARN, "preview-not-kept", "reason", err.text, NULL);
}

static enum sp_result keep(struct sp_ctx *ctx, void *context)
{
    struct upload *upload = context;
    enum sp_result result = design_read(&upload->file, &upload->err);
    memcpy(upload->file.id, upload->file.digest, sizeof upload->file.id);
    if (result == SP_OK)
        result = lease(ctx, upload);
    if (result == SP_OK)
        result = put(upload);
    if (result == SP_OK)
        show(upload);
    return result;
}

/* It is stored: now it is known. */
static void on_kept(void *context, enum sp_result result)
{
    struct upload *upload = context;
    if (result != SP_OK) {
        refuse(upload, result);
        return;
    }
    upload->ask.body = describe(upload);
    sp_app_ask(upload->gateway->app, "product-mapper", &upload->ask, ROUTE_TIMEOUT_MS,
               (struct sp_on_answer){on_answer, upload->request});
}

static struct upload *begin_upload(struct gateway *gateway, struct sp_http_request *request,
                                   const struct person *person)
{
    struct upload *upload = sp_arena_alloc(request->arena, sizeof *upload);
    *upload = (struct upload){.gateway = gateway, .request = request};
    upload->file.account_id = person->account_id;
    upload->file.fd = request->body_file;
    upload->name = sp_http_query(request, "name");
    return upload;
}

/* The ask is sent when the person, and perhaps the connection, are gone. */
static void keep_texts(struct sp_ask *ask, struct sp_arena *arena)
{
    ask->user = sp_arena_copy(arena, ask->user);
    ask->language = sp_arena_copy(arena, ask->language);
    ask->idempotency_key = sp_arena_copy(arena, ask->idempotency_key);
}

static void take_design(struct gateway *gateway, struct sp_http_request *request,
                        const struct person *person)
{
    if (!forward_person_ok(request, person) || !forward_body_ok(request))
        return;
    struct upload *upload = begin_upload(gateway, request, person);
    if (forward_ask(request, "product-mapper", person, &upload->ask) != SP_OK) {
        sp_http_problem(request, 400, "QUERY_TOO_LARGE", "Too many or too long parameters.");
        return;
    }
    keep_texts(&upload->ask, request->arena);
    sp_app_work_long(gateway->app, keep, on_kept, upload);
}

void on_design(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    if (forward_origin_ok(gateway, request))
        authenticate(gateway, request, take_design);
}
