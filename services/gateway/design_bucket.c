/* Print files in a bucket of an S3-compatible store, by libcurl and its own signature.  Requests
 * name the bucket in the path, which every such store knows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "services/gateway/design_store.h"
#include "services/gateway/s3_answer.h"

#define DIGEST_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum {
    URL_BYTES = 1024,
    FILE_BYTES = 64 * 1024 * 1024,
    FILE_MS = 5 * 60 * 1000,
    LIST_KEYS = 250, /* of one page: about 100 KiB */
    LIST_BYTES = 1024 * 1024,
};

/* ---- one call
 * ---------------------------------------------------------------------------------------- */

/* A call and the texts it refers to. */
struct request {
    struct sp_http_call call;
    char url[URL_BYTES], digest[96], range[64];
    const char *headers[3];
};

static void prepare(struct request *request, const struct design_store *store, const char *method,
                    const char *path)
{
    int size = snprintf(request->url, sizeof request->url, "%s/%s%s%s", store->endpoint,
                        store->bucket, path[0] == '\0' || path[0] == '?' ? "" : "/", path);
    SP_ASSERT(size > 0 && (size_t)size < sizeof request->url);
    request->call = (struct sp_http_call){.method = method,
                                          .url = request->url,
                                          .headers = request->headers,
                                          .signer = &store->signer};
    request->headers[0] = request->digest;
    request->headers[1] = request->headers[2] = NULL;
    (void)snprintf(request->digest, sizeof request->digest, "x-amz-content-sha256: %s",
                   DIGEST_OF_NOTHING);
}

/* Why it did not do it: the store's own code and words, where it has any. */
static enum sp_result refused(const struct sp_http_call *call, struct sp_error *err)
{
    struct sp_text xml = sp_buffer_text(&call->answer);
    struct sp_text code = s3_element(xml, "Code"), message = s3_element(xml, "Message");
    return sp_fail(err, SP_RETRY, "the store answers %d %.*s %.*s", call->status, SP_FMT(code),
                   SP_FMT(message));
}

/* SP_OK: it did.  SP_REJECT: there is no such thing.  The caller frees the answer. */
static enum sp_result perform(struct request *request, struct sp_error *err)
{
    struct sp_http_call *call = &request->call;
    sp_http_perform(sp_http_client_of_thread(), call, 1);
    if (call->result != SP_OK)
        return sp_fail(err, SP_RETRY, "the store is away: %s", call->error);
    if (call->status / 100 == 2)
        return SP_OK;
    bool no_key = call->status == 404 &&
                  !sp_text_is(s3_element(sp_buffer_text(&call->answer), "Code"), "NoSuchBucket");
    return no_key ? sp_fail(err, SP_REJECT, "there is none") : refused(call, err);
}

static enum sp_result perform_alone(struct request *request, struct sp_error *err)
{
    enum sp_result result = perform(request, err);
    sp_buffer_free(&request->call.answer);
    return result;
}

/* A page without anything on it: the cheapest question that has the store's words as answer. */
static enum sp_result check(const struct design_store *store, struct sp_error *err)
{
    struct request request;
    prepare(&request, store, "GET", "?list-type=2&max-keys=1");
    return perform_alone(&request, err);
}

/* ---- in
 * ------------------------------------------------------------------------------------------- */

/* The store compares what arrives with its digest, and has the whole of it or nothing. */
static enum sp_result put(const struct design_store *store, const struct design_object *object,
                          struct sp_error *err)
{
    struct request request;
    prepare(&request, store, "HEAD", object->path);
    enum sp_result result = perform_alone(&request, err);
    if (result == SP_OK || request.call.result != SP_OK)
        return result;
    prepare(&request, store, "PUT", object->path);
    (void)snprintf(request.digest, sizeof request.digest, "x-amz-content-sha256: %s",
                   object->digest);
    request.call.body_file = object->fd;
    request.call.body_bytes = object->bytes;
    request.call.timeout_ms = FILE_MS;
    result = perform_alone(&request, err);
    return result == SP_REJECT ? SP_RETRY : result;
}

/* ---- out
 * ------------------------------------------------------------------------------------------ */

static void ask_range(struct request *request, const struct sp_http_range *range)
{
    if (range == NULL)
        return;
    if (range->first < 0)
        (void)snprintf(request->range, sizeof request->range, "Range: bytes=-%lld",
                       (long long)range->last);
    else if (range->last == INT64_MAX)
        (void)snprintf(request->range, sizeof request->range, "Range: bytes=%lld-",
                       (long long)range->first);
    else
        (void)snprintf(request->range, sizeof request->range, "Range: bytes=%lld-%lld",
                       (long long)range->first, (long long)range->last);
    request->headers[1] = request->range;
}

/* Where the bytes that came stand in the whole. */
static enum sp_result place(const struct sp_http_call *call, const struct sp_http_range *range,
                            struct design_found *found, struct sp_error *err)
{
    found->first = 0;
    found->bytes = found->whole = call->filed_bytes;
    if (call->status != 206 || range == NULL)
        return SP_OK;
    struct sp_http_range part = *range;
    found->whole = call->whole_bytes;
    if (!sp_http_range_fit(&part, found->whole) || part.last - part.first + 1 != found->bytes)
        return sp_fail(err, SP_RETRY, "the store has given another part than asked for");
    found->first = part.first;
    return SP_OK;
}

static enum sp_result get_into(struct request *request, const struct sp_http_range *range,
                               struct design_found *found, struct sp_error *err)
{
    enum sp_result result = perform(request, err);
    struct sp_http_call *call = &request->call;
    if (result == SP_OK)
        result = place(call, range, found, err);
    bool behind = call->status == 416 && range != NULL && call->whole_bytes >= 0;
    if (result == SP_OK || !behind)
        return result;
    *found = (struct design_found){.fd = -1, .whole = call->whole_bytes};
    return SP_OK;
}

static enum sp_result get(const struct design_store *store, const char *path,
                          const struct sp_http_range *range, struct design_found *found,
                          struct sp_error *err)
{
    struct request request;
    int fd = open(store->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return sp_fail(err, SP_RETRY, "%s: %s", store->folder, strerror(errno));
    prepare(&request, store, "GET", path);
    ask_range(&request, range);
    request.call.answer_file = found->fd = fd;
    request.call.max_bytes = FILE_BYTES;
    request.call.timeout_ms = FILE_MS;
    enum sp_result result = get_into(&request, range, found, err);
    sp_buffer_free(&request.call.answer);
    if (result != SP_OK || found->fd != fd)
        close(fd);
    return result;
}

/* ---- what nobody knows
 * ----------------------------------------------------------------------------- */

/* False: the list is full. */
static bool take(struct design_list *list, struct sp_text id, bool old)
{
    bool known = list->count > 0 && sp_text_is(id, list->ids[list->count - 1]);
    if (old && !known && list->count == list->most)
        return false;
    if (old && !known) {
        memcpy(list->ids[list->count], id.data, DESIGN_ID_LETTERS);
        list->ids[list->count++][DESIGN_ID_LETTERS] = '\0';
    }
    memcpy(list->after, id.data, DESIGN_ID_LETTERS);
    list->after[DESIGN_ID_LETTERS] = '\0';
    return true;
}

static void read_page(struct sp_text xml, struct design_list *list)
{
    struct sp_text entry;
    char before[DESIGN_ID_LETTERS + 1];
    memcpy(before, list->after, sizeof before);
    bool cut = sp_text_is(s3_element(xml, "IsTruncated"), "true");
    while (s3_next(&xml, "Contents", &entry)) {
        struct sp_text key = s3_element(entry, "Key");
        const char *slash = key.size == 0 ? NULL : memrchr(key.data, '/', key.size);
        size_t start = slash == NULL ? 0 : (size_t)(slash + 1 - key.data);
        struct sp_text id = {key.data + start, DESIGN_ID_LETTERS};
        int64_t made = s3_time(s3_element(entry, "LastModified"));
        if (key.size - start < DESIGN_ID_LETTERS || !design_is_id(id))
            continue;
        if (!take(list, id, made > 0 && made < time(NULL) - DESIGN_OLD_S)) {
            list->more = true;
            return;
        }
    }
    list->more = cut && strcmp(before, list->after) != 0;
}

static enum sp_result list_old(const struct design_store *store, struct design_list *list,
                               struct sp_error *err)
{
    struct request request;
    char query[512], after[DESIGN_PATH_BYTES] = "";
    long long account = list->account_id;
    list->count = 0;
    list->more = false;
    if (list->after[0] != '\0') /* '~' comes behind every end of a name */
        (void)snprintf(after, sizeof after, "&start-after=%lld%%2F%02x%%2F%s~", account,
                       list->share, list->after);
    (void)snprintf(query, sizeof query, "?list-type=2&max-keys=%d&prefix=%lld%%2F%02x%%2F%s",
                   LIST_KEYS, account, list->share, after);
    prepare(&request, store, "GET", query);
    request.call.max_bytes = LIST_BYTES;
    enum sp_result result = perform(&request, err);
    if (result == SP_OK)
        read_page(sp_buffer_text(&request.call.answer), list);
    sp_buffer_free(&request.call.answer);
    return result == SP_REJECT ? SP_RETRY : result;
}

static enum sp_result take_away(const struct design_store *store, const char *path,
                                struct sp_error *err)
{
    struct request request;
    prepare(&request, store, "DELETE", path);
    return perform_alone(&request, err) == SP_RETRY ? SP_RETRY : SP_OK;
}

const struct design_store_kind design_bucket = {
    .check = check, .put = put, .get = get, .list = list_old, .remove = take_away};
