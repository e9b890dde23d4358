/* HTTP calls by libcurl's multi interface, performed to their end on the caller's thread. */
#include "common/http_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    CONNECTIONS = 16,
    TIMEOUT_MS = 10 * 1000,
    CONNECT_MS = 5 * 1000,
    ANSWER_BYTES = 8 * 1024 * 1024,
    RETRY_AFTER_MS = 24 * 3600 * 1000, /* nobody is obeyed for longer than a day */
    WAIT_MS = 1000,
    STALL_S = 20, /* of a file that does not move */
};

/* A call under way. */
struct transfer {
    CURL *easy;
    struct sp_http_call *call; /* NULL: free */
    struct curl_slist *headers;
    int64_t began_us;
    int64_t sent; /* of the body file */
    char words[CURL_ERROR_SIZE];
};

struct sp_http_client {
    CURLM *multi; /* owns the connections kept alive */
    struct transfer transfers[CONNECTIONS];
};

static void set_up_libcurl(void)
{
    SP_ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

/* libcurl refuses an option only when it was built without it or memory is out. */
#define SET(easy, option, value) SP_ASSERT(curl_easy_setopt((easy), (option), (value)) == CURLE_OK)

/* ---- one transfer
 * ---------------------------------------------------------------------------------------- */

static bool write_out(int file, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t written = write(file, bytes + at, size - at);
        if (written < 0 && errno != EINTR)
            return false;
        at += written < 0 ? 0 : (size_t)written;
    }
    return true;
}

/* Anything but `size` ends the transfer. */
static size_t on_bytes(char *bytes, size_t one, size_t size, void *context)
{
    (void)one;
    struct transfer *transfer = context;
    struct sp_http_call *call = transfer->call;
    long status = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    bool filed = call->answer_file > 0 && status / 100 == 2;
    size_t most =
        call->max_bytes == 0 || filed != (call->answer_file > 0) ? ANSWER_BYTES : call->max_bytes;
    call->too_large = call->answer.size + (size_t)call->filed_bytes + size > most;
    if (call->too_large)
        return 0;
    if (!filed) {
        sp_buffer_put(&call->answer, bytes, size);
        return size;
    }
    call->filed_bytes += (int64_t)size;
    return write_out(call->answer_file, bytes, size) ? size : 0;
}

static size_t on_room(char *room, size_t one, size_t size, void *context)
{
    (void)one;
    struct transfer *transfer = context;
    ssize_t got = pread(transfer->call->body_file, room, size, transfer->sent);
    if (got < 0)
        return CURL_READFUNC_ABORT;
    transfer->sent += got;
    return (size_t)got;
}

/* libcurl begins anew on another connection. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    struct transfer *transfer = context;
    transfer->sent = offset;
    return origin == SEEK_SET ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static void add_header(struct transfer *transfer, const char *header)
{
    struct curl_slist *list = curl_slist_append(transfer->headers, header);
    SP_ASSERT(list != NULL);
    transfer->headers = list;
}

/* A header line without a value takes out what libcurl would send by itself; but it would be signed
 * too, though it is never sent. */
static void set_headers(struct transfer *transfer)
{
    bool typed = transfer->call->signer != NULL;
    const char *const *headers = transfer->call->headers;
    for (; headers != NULL && *headers != NULL; headers++) {
        typed = typed || strncasecmp(*headers, "Content-Type:", 13) == 0;
        add_header(transfer, *headers);
    }
    if (!typed)
        add_header(transfer, "Content-Type:"); /* or libcurl calls a body a form */
    if (transfer->call->signer == NULL)
        add_header(transfer, "Expect:"); /* waits a second for leave that many servers never give */
    SET(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_files(struct transfer *transfer)
{
    const struct sp_http_call *call = transfer->call;
    CURL *easy = transfer->easy;
    if (call->answer_file == 0)
        SET(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (call->answer_file == 0 && call->body_file == 0)
        return;
    SET(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
}

static void set_signer(struct transfer *transfer)
{
    const struct sp_http_signer *signer = transfer->call->signer;
    if (signer == NULL)
        return;
    SET(transfer->easy, CURLOPT_AWS_SIGV4, signer->scope);
    SET(transfer->easy, CURLOPT_USERNAME, signer->key_id);
    SET(transfer->easy, CURLOPT_PASSWORD, signer->secret);
}

static void set_method(struct transfer *transfer)
{
    const struct sp_http_call *call = transfer->call;
    CURL *easy = transfer->easy;
    if (call->body_file > 0) {
        SET(easy, CURLOPT_UPLOAD, 1L); /* a PUT */
        SET(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->body_bytes);
        SET(easy, CURLOPT_READFUNCTION, on_room);
        SET(easy, CURLOPT_READDATA, transfer);
        SET(easy, CURLOPT_SEEKFUNCTION, on_seek);
        SET(easy, CURLOPT_SEEKDATA, transfer);
        return;
    }
    bool get = strcmp(call->method, "GET") == 0;
    if (get && call->body.size == 0) {
        SET(easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    if (strcmp(call->method, "HEAD") == 0) {
        SET(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    bool sends = call->body.size > 0 || strcmp(call->method, "DELETE") != 0;
    if (sends) {
        SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.size);
        SET(easy, CURLOPT_POSTFIELDS, call->body.size == 0 ? "" : call->body.data);
    }
    SET(easy, CURLOPT_CUSTOMREQUEST, call->method);
}

/* SP_RETRY before anything was sent: what stands in the call is no URL that libcurl can use. */
static bool begin(struct sp_http_client *client, struct transfer *transfer,
                  struct sp_http_call *call)
{
    CURL *easy = transfer->easy;
    int64_t timeout_ms = call->timeout_ms == 0 ? TIMEOUT_MS : call->timeout_ms;
    transfer->call = call;
    transfer->began_us = sp_monotonic_us();
    transfer->sent = 0;
    transfer->words[0] = '\0';
    curl_easy_reset(easy);
    SET(easy, CURLOPT_URL, call->url);
    SET(easy, CURLOPT_PRIVATE, transfer);
    SET(easy, CURLOPT_ERRORBUFFER, transfer->words);
    SET(easy, CURLOPT_NOSIGNAL, 1L);
    SET(easy, CURLOPT_QUICK_EXIT, 1L); /* or it waits for a name server beyond every time-out */
    SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
    SET(easy, CURLOPT_USERAGENT, "sampan/" SAMPAN_VERSION);
    SET(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    SET(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS));
    SET(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    SET(easy, CURLOPT_WRITEDATA, transfer);
    set_method(transfer);
    set_headers(transfer);
    set_files(transfer);
    set_signer(transfer);
    /* libcurl sends a request again by itself when a kept connection turns out to be dead: two
     * requests where the caller must know of each. */
    if (call->once)
        SET(easy, CURLOPT_FRESH_CONNECT, 1L);
    return curl_multi_add_handle(client->multi, easy) == CURLM_OK;
}

/* "Content-Range: bytes 0-99/1000", or what the answer's own length says. */
static int64_t whole_bytes(CURL *easy)
{
    struct curl_header *range;
    curl_off_t length = -1;
    int64_t whole;
    if (curl_easy_header(easy, "Content-Range", 0, CURLH_HEADER, -1, &range) == CURLHE_OK) {
        const char *slash = strchr(range->value, '/');
        return slash != NULL && sp_text_to_int(sp_text_of(slash + 1), &whole) ? whole : -1;
    }
    (void)curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length;
}

static void read_answer(const struct transfer *transfer)
{
    struct sp_http_call *call = transfer->call;
    long status = 0;
    curl_off_t seconds = 0;
    char *type = NULL;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &seconds);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &type);
    call->status = (int)status;
    call->whole_bytes = whole_bytes(transfer->easy);
    call->retry_after_ms = seconds > RETRY_AFTER_MS / 1000 ? RETRY_AFTER_MS : seconds * 1000;
    (void)snprintf(call->content_type, sizeof call->content_type, "%s", type == NULL ? "" : type);
}

static void read_failure(const struct transfer *transfer, CURLcode code)
{
    struct sp_http_call *call = transfer->call;
    long sent = 0; /* bytes of the request, headers included */
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    call->result = SP_RETRY;
    call->maybe_done = sent > 0;
    sp_buffer_reset(&call->answer);
    size_t most = call->max_bytes == 0 ? ANSWER_BYTES : call->max_bytes;
    if (call->too_large)
        (void)snprintf(call->error, sizeof call->error, "the answer is larger than %zu bytes",
                       most);
    else
        (void)snprintf(call->error, sizeof call->error, "%.*s", (int)sizeof call->error - 1,
                       transfer->words[0] != '\0' ? transfer->words : curl_easy_strerror(code));
}

static void finish(struct sp_http_client *client, struct transfer *transfer, CURLcode code)
{
    struct sp_http_call *call = transfer->call;
    call->took_us = sp_monotonic_us() - transfer->began_us;
    call->result = SP_OK;
    if (code == CURLE_OK)
        read_answer(transfer);
    else
        read_failure(transfer, code);
    (void)curl_multi_remove_handle(client->multi, transfer->easy);
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    transfer->call = NULL;
}

/* ---- all of them
 * -------------------------------------------------------------------------------------------- */

static struct transfer *free_transfer(struct sp_http_client *client)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (client->transfers[i].call == NULL)
            return &client->transfers[i];
    return NULL;
}

static void clear_answer(struct sp_http_call *call)
{
    call->result = SP_RETRY;
    call->maybe_done = call->too_large = false;
    call->status = 0;
    call->retry_after_ms = call->took_us = call->filed_bytes = 0;
    call->whole_bytes = -1;
    call->answer = (struct sp_buffer){0};
    call->content_type[0] = call->error[0] = '\0';
}

/* The ones that have ended. */
static size_t reap(struct sp_http_client *client)
{
    size_t ended = 0;
    int left;
    for (const CURLMsg *message; (message = curl_multi_info_read(client->multi, &left)) != NULL;) {
        struct transfer *transfer = NULL;
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        finish(client, transfer, code);
        ended++;
    }
    return ended;
}

void sp_http_perform(struct sp_http_client *client, struct sp_http_call calls[], size_t count)
{
    size_t begun = 0, ended = 0;
    while (ended < count) {
        struct transfer *transfer = free_transfer(client);
        if (begun < count && transfer != NULL) {
            clear_answer(&calls[begun]);
            if (!begin(client, transfer, &calls[begun++])) {
                finish(client, transfer, CURLE_FAILED_INIT);
                ended++;
            }
            continue;
        }
        int running;
        SP_ASSERT(curl_multi_perform(client->multi, &running) == CURLM_OK);
        size_t now = reap(client);
        ended += now;
        if (now == 0)
            SP_ASSERT(curl_multi_poll(client->multi, NULL, 0, WAIT_MS, NULL) == CURLM_OK);
    }
}

struct sp_http_client *sp_http_client_open(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    SP_ASSERT(pthread_once(&once, set_up_libcurl) == 0);
    struct sp_http_client *client = sp_alloc(sizeof *client);
    client->multi = curl_multi_init();
    SP_ASSERT(client->multi != NULL);
    (void)curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS);
    (void)curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        client->transfers[i].easy = curl_easy_init();
        SP_ASSERT(client->transfers[i].easy != NULL);
    }
    return client;
}

void sp_http_client_close(struct sp_http_client **client_address)
{
    struct sp_http_client *client = *client_address;
    if (client == NULL)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        curl_easy_cleanup(client->transfers[i].easy);
    (void)curl_multi_cleanup(client->multi);
    free(client);
    *client_address = NULL;
}

/* ---- one for each thread
 * --------------------------------------------------------------------------------- */

static pthread_key_t thread_key;

static void close_own(void *client)
{
    struct sp_http_client *own = client;
    sp_http_client_close(&own);
}

static void make_thread_key(void)
{
    SP_ASSERT(pthread_key_create(&thread_key, close_own) == 0);
}

struct sp_http_client *sp_http_client_of_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    SP_ASSERT(pthread_once(&once, make_thread_key) == 0);
    struct sp_http_client *client = pthread_getspecific(thread_key);
    if (client == NULL) {
        client = sp_http_client_open();
        SP_ASSERT(pthread_setspecific(thread_key, client) == 0);
    }
    return client;
}
