#include "tests/sandbox/process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/http_client.h"
#include "services/sandbox/signature.h"

enum { READY_TRIES = 500, PAUSE_MS = 10, PARAMS = 32, MOST_SETTINGS = 24, PIECE = 65536 };

static void pause_ms(long ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* ---- sockets
 * ------------------------------------------------------------------------------------------- */

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int listen_anywhere(int *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    SP_ASSERT(bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 128) == 0);
    SP_ASSERT(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static void send_all(int fd, struct sp_text text)
{
    while (text.size > 0) {
        ssize_t sent = send(fd, text.data, text.size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text = (struct sp_text){text.data + sent, text.size - (size_t)sent};
    }
}

static void read_all(int fd, struct sp_buffer *in)
{
    ssize_t got;
    while ((got = recv(fd, sp_buffer_reserve(in, PIECE), PIECE, 0)) > 0)
        in->size += (size_t)got;
}

/* ---- the process
 * --------------------------------------------------------------------------------------- */

/* execve() changes nothing, but its parameters are not const. */
static char *plain(const char *text)
{
    return (char *)(uintptr_t)text;
}

static pid_t spawn(const char *argument, const char *first, const char *const settings[])
{
    char *environment[MOST_SETTINGS + 2] = {plain(first)};
    char *arguments[] = {plain(SANDBOX_BINARY), plain(argument), NULL};
    for (size_t i = 0; settings != NULL && settings[i] != NULL; i++) {
        SP_ASSERT(i < MOST_SETTINGS);
        environment[i + 1] = plain(settings[i]);
    }
    pid_t pid = fork();
    SP_ASSERT(pid >= 0);
    if (pid == 0) {
        (void)execve(arguments[0], arguments, environment);
        _exit(127);
    }
    return pid;
}

int process_run(const char *argument, const char *const settings[])
{
    int status = 0;
    pid_t pid = spawn(argument, "LANG=C", settings);
    SP_ASSERT(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct process *process_start(const char *const settings[])
{
    struct process *process = sp_alloc(sizeof *process);
    sp_crypto_setup();
    (void)close(listen_anywhere(&process->port));
    process->arena = sp_arena_open();
    process->app_key = "demoappkey01";
    process->app_secret = "demo-secret-000111222333";
    process->token_header = "x-tts-access-token";
    char bind_to[64];
    (void)snprintf(bind_to, sizeof bind_to, "SAMPAN_SANDBOX_BIND=127.0.0.1:%d", process->port);
    process->pid = spawn("run", bind_to, settings);
    for (int i = 0; i < READY_TRIES; i++) {
        if (process_call(process, "GET", "/healthz", NULL, NULL).status == 200)
            return process;
        pause_ms(PAUSE_MS);
    }
    sp_assert_failed("the sandbox answers", __FILE__, __LINE__);
}

int process_stop(struct process *process)
{
    int status = 0;
    SP_ASSERT(kill(process->pid, SIGTERM) == 0);
    SP_ASSERT(waitpid(process->pid, &status, 0) == process->pid);
    sp_arena_close(&process->arena);
    free(process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- calls
 * -----------------------------------------------------------------------------------------------
 */

static struct reply read_reply(struct process *process, struct sp_text text)
{
    struct reply reply = {0};
    const char *end = text.size == 0 ? NULL : memmem(text.data, text.size, "\r\n\r\n", 4);
    if (end == NULL)
        return reply;
    text = sp_arena_copy(process->arena, text);
    end = memmem(text.data, text.size, "\r\n\r\n", 4);
    reply.headers = (struct sp_text){text.data, (size_t)(end + 2 - text.data)};
    reply.body = (struct sp_text){end + 4, text.size - reply.headers.size - 2};
    reply.status = (int)strtol(text.data + strcspn(text.data, " "), NULL, 10);
    if (sp_json_parse(reply.body, &reply.json, NULL) != SP_OK)
        reply.json = (struct sp_json){0};
    return reply;
}

struct reply process_call(struct process *process, const char *method, const char *target,
                          const char *headers, const char *body)
{
    struct sp_buffer out = {0}, in = {0};
    int fd = dial(process->port);
    if (fd < 0)
        return (struct reply){0};
    sp_buffer_printf(&out, "%s %s HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n%s", method,
                     target, headers == NULL ? "" : headers);
    sp_buffer_printf(&out, "Content-Length: %zu\r\n\r\n", body == NULL ? 0 : strlen(body));
    sp_buffer_put_string(&out, body == NULL ? "" : body);
    send_all(fd, sp_buffer_text(&out));
    read_all(fd, &in);
    (void)close(fd);
    struct reply reply = read_reply(process, sp_buffer_text(&in));
    sp_buffer_free(&out);
    sp_buffer_free(&in);
    return reply;
}

struct reply process_get(struct process *process, const char *target)
{
    return process_call(process, "GET", target, NULL, NULL);
}

struct reply process_post(struct process *process, const char *target, const char *body)
{
    return process_call(process, "POST", target, "Content-Type: application/json\r\n", body);
}

struct sp_text reply_header(const struct reply *reply, const char *name)
{
    struct sp_text rest = reply->headers;
    size_t size = strlen(name);
    while (rest.size > size) {
        const char *end = memchr(rest.data, '\r', rest.size);
        size_t line = end == NULL ? rest.size : (size_t)(end - rest.data);
        if (line > size && strncasecmp(rest.data, name, size) == 0 && rest.data[size] == ':')
            return (struct sp_text){rest.data + size + 2, line - size - 2};
        size_t used = line + 2 < rest.size ? line + 2 : rest.size;
        rest = (struct sp_text){rest.data + used, rest.size - used};
    }
    return (struct sp_text){0};
}

struct sp_text process_consent(struct process *process)
{
    struct reply reply = process_call(
        process, "POST", "/open/authorize", "Content-Type: application/x-www-form-urlencoded\r\n",
        "service_id=7172000000000000001&state=st%20ate&answer=authorize");
    struct sp_text location = reply_header(&reply, "Location");
    const char *code = memmem(location.data, location.size, "code=", 5);
    SP_ASSERT(reply.status == 302 && code != NULL);
    return (struct sp_text){code + 5, strcspn(code + 5, "&\r")};
}

static struct sp_text text_at(struct process *process, struct sp_json value, const char *name)
{
    return sp_json_text(sp_json_get(value, name), process->arena);
}

void process_authorize(struct process *process)
{
    struct sp_text code = process_consent(process);
    struct sp_text target = sp_arena_printf(
        process->arena,
        "/api/v2/token/get?app_key=%s&app_secret=%s&grant_type=authorized_code&auth_code=%.*s",
        process->app_key, process->app_secret, SP_FMT(code));
    struct reply reply = process_call(process, "GET", target.data, NULL, NULL);
    struct sp_json data = sp_json_get(reply.json, "data"), shop;
    process->access_token = text_at(process, data, "access_token");
    process->refresh_token = text_at(process, data, "refresh_token");
    reply = process_signed(process, "GET", "/authorization/202309/shops", "", NULL);
    struct sp_json_walk walk = sp_json_each(sp_json_get(sp_json_get(reply.json, "data"), "shops"));
    SP_ASSERT(sp_json_next(&walk, NULL, &shop));
    process->cipher = text_at(process, shop, "cipher");
}

static void sign(struct process *process, const char *path, const char *body,
                 struct sp_buffer *query)
{
    struct query_param params[PARAMS];
    struct signed_call call = {
        .path = sp_text_of(path), .params = params, .body = sp_text_of(body)};
    SP_ASSERT(signature_read_query(sp_buffer_text(query), process->arena, params, PARAMS,
                                   &call.count) == SP_OK);
    struct sp_text right =
        signature_of_call(sp_text_of(process->app_secret), &call, process->arena);
    sp_buffer_printf(query, "&sign=%.*s", SP_FMT(right));
}

struct reply process_signed(struct process *process, const char *method, const char *path,
                            const char *query, const char *body)
{
    struct sp_buffer all = {0};
    sp_buffer_printf(&all, "app_key=%s&timestamp=%lld%s%s", process->app_key,
                     (long long)(sp_now_us() / 1000000), query[0] == '\0' ? "" : "&", query);
    if (process->cipher.size > 0) {
        sp_buffer_put_string(&all, "&shop_cipher=");
        sp_url_encode(&all, process->cipher);
    }
    sign(process, path, body, &all);
    struct sp_text target =
        sp_arena_printf(process->arena, "%s?%.*s", path, SP_FMT(sp_buffer_text(&all)));
    struct sp_text headers =
        sp_arena_printf(process->arena, "Content-Type: application/json\r\n%s: %.*s\r\n",
                        process->token_header, SP_FMT(process->access_token));
    sp_buffer_free(&all);
    return process_call(process, method, target.data, headers.data, body);
}

/* ---- an ear
 * ---------------------------------------------------------------------------------------- */

static bool is_whole(const struct sp_buffer *in)
{
    const char *end = in->size == 0 ? NULL : memmem(in->data, in->size, "\r\n\r\n", 4);
    const char *length = in->size == 0 ? NULL : memmem(in->data, in->size, "Content-Length: ", 16);
    if (end == NULL || length == NULL)
        return false;
    size_t head = (size_t)(end + 4 - in->data);
    return in->size >= head + (size_t)strtol(length + 16, NULL, 10);
}

static void keep(struct ear *ear, const struct sp_buffer *in)
{
    struct heard *heard = &ear->heard[ear->count];
    const char *end = memmem(in->data, in->size, "\r\n\r\n", 4);
    const char *sign = memmem(in->data, in->size, "Authorization: ", 15);
    SP_ASSERT(sign != NULL && ear->count < EAR_HEARD);
    (void)snprintf(heard->authorization, sizeof heard->authorization, "%.64s", sign + 15);
    (void)snprintf(heard->body, sizeof heard->body, "%.*s", (int)(in->data + in->size - end - 4),
                   end + 4);
    ear->count++;
}

static void answer(struct ear *ear, int fd)
{
    struct sp_buffer in = {0};
    ssize_t got = 1;
    while (!is_whole(&in) && got > 0) {
        got = recv(fd, sp_buffer_reserve(&in, PIECE), PIECE, 0);
        in.size += got > 0 ? (size_t)got : 0;
    }
    if (is_whole(&in)) {
        (void)pthread_mutex_lock(&ear->lock);
        keep(ear, &in);
        bool refused = ear->refuse > 0;
        ear->refuse -= refused ? 1 : 0;
        (void)pthread_mutex_unlock(&ear->lock);
        send_all(
            fd, sp_text_of(
                    refused ? "HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
    }
    sp_buffer_free(&in);
    (void)close(fd);
}

static void *listen_on(void *context)
{
    struct ear *ear = context;
    for (;;) {
        int fd = accept4(ear->socket, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            answer(ear, fd);
    }
    return NULL;
}

struct ear *ear_open(int refuse)
{
    struct ear *ear = sp_alloc(sizeof *ear);
    ear->refuse = refuse;
    ear->socket = listen_anywhere(&ear->port);
    SP_ASSERT(pthread_mutex_init(&ear->lock, NULL) == 0);
    SP_ASSERT(pthread_create(&ear->thread, NULL, listen_on, ear) == 0);
    return ear;
}

size_t ear_wait(struct ear *ear, size_t count)
{
    for (int i = 0;; i++) {
        (void)pthread_mutex_lock(&ear->lock);
        size_t heard = ear->count;
        (void)pthread_mutex_unlock(&ear->lock);
        if (heard >= count || i == READY_TRIES)
            return heard;
        pause_ms(PAUSE_MS);
    }
}

size_t ear_count_later(struct ear *ear)
{
    pause_ms(500);
    return ear_wait(ear, 0);
}
