#include "tests/common/http_rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 5, HEARD_BYTES = 8 * 1024 * 1024 };

struct step {
    struct rig *rig;
    void (*call)(void *context);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    bool done;
};

static void ignore_stop(void *context)
{
    (void)context;
}

static void *run(void *context)
{
    struct rig *rig = context;
    sp_loop_run(rig->loop);
    sp_http_server_close(&rig->server);
    return NULL;
}

void rig_start(struct rig *rig, const struct sp_http_route *routes, void *context)
{
    struct sp_error err = {""};
    rig->options.bind = "127.0.0.1:0";
    rig->options.routes = routes;
    rig->options.context = context;
    rig->loop = sp_loop_open(ignore_stop, NULL);
    cr_assert_eq(sp_http_server_open(&rig->server, rig->loop, &rig->options, &err), SP_OK, "%s",
                 err.text);
    rig->port = sp_http_server_port(rig->server);
    cr_assert_eq(pthread_create(&rig->thread, NULL, run, rig), 0);
}

static void run_step(void *context)
{
    struct step *step = context;
    step->call(step->context);
    pthread_mutex_lock(&step->lock);
    step->done = true;
    pthread_cond_signal(&step->done_changed);
    pthread_mutex_unlock(&step->lock);
}

void rig_call(struct rig *rig, void (*call)(void *context), void *context)
{
    struct step step = {.rig = rig,
                        .call = call,
                        .context = context,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .done_changed = PTHREAD_COND_INITIALIZER};
    sp_loop_post(rig->loop, run_step, &step);
    pthread_mutex_lock(&step.lock);
    while (!step.done)
        pthread_cond_wait(&step.done_changed, &step.lock);
    pthread_mutex_unlock(&step.lock);
}

static void quiesce(void *context)
{
    sp_http_server_quiesce(((struct rig *)context)->server);
}

void rig_quiesce(struct rig *rig)
{
    rig_call(rig, quiesce, rig);
}

struct counting {
    struct rig *rig;
    size_t count;
};

static void count(void *context)
{
    struct counting *counting = context;
    counting->count = sp_http_server_open_requests(counting->rig->server);
}

size_t rig_open_requests(struct rig *rig)
{
    struct counting counting = {rig, 0};
    rig_call(rig, count, &counting);
    return counting.count;
}

static void stop(void *context)
{
    sp_loop_stop(((struct rig *)context)->loop);
}

void rig_stop(struct rig *rig)
{
    sp_loop_post(rig->loop, stop, rig);
    cr_assert_eq(pthread_join(rig->thread, NULL), 0);
    sp_loop_close(&rig->loop);
}

int rig_connect(const struct rig *rig)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(rig->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {PATIENCE_S, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(fd, 0);
    cr_assert_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    cr_assert_eq(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&to, sizeof to), 0, "%s", strerror(errno));
    return fd;
}

void rig_say(int fd, const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the other side may have had enough: what it answers shows */
        text += sent;
        size -= (size_t)sent;
    }
}

char *rig_hear(int fd, const char *wanted)
{
    struct sp_buffer heard = {0};
    bool found = false;
    while (!found && heard.size < HEARD_BYTES) {
        char *to = sp_buffer_reserve(&heard, 64 * 1024 + 1);
        ssize_t got = recv(fd, to, 64 * 1024, 0);
        if (got <= 0)
            break;
        heard.size += (size_t)got;
        heard.data[heard.size] = '\0';
        found = wanted != NULL && strstr(heard.data, wanted) != NULL;
    }
    *sp_buffer_reserve(&heard, 1) = '\0';
    return heard.data;
}

char *rig_talk(const struct rig *rig, const char *text)
{
    int fd = rig_connect(rig);
    rig_say(fd, text);
    char *heard = rig_hear(fd, NULL);
    close(fd);
    return heard;
}

char *rig_post(size_t size)
{
    struct sp_buffer text = {0};
    sp_buffer_printf(
        &text, "POST /body HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
        size);
    memset(sp_buffer_reserve(&text, size + 1), 'b', size);
    text.data[text.size + size] = '\0';
    return text.data;
}

char *rig_get(const struct rig *rig, const char *path)
{
    struct sp_buffer text = {0};
    sp_buffer_printf(&text, "GET %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", path);
    *sp_buffer_reserve(&text, 1) = '\0';
    char *heard = rig_talk(rig, text.data);
    sp_buffer_free(&text);
    return heard;
}

bool rig_wait(bool (*truth)(void *context), void *context)
{
    const struct timespec pause = {0, 5 * 1000 * 1000};
    for (int i = 0; i < PATIENCE_S * 200; i++) {
        if (truth(context))
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

void rig_assert_status(const char *heard, int status)
{
    char line[32];
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d", status);
    cr_assert(strncmp(heard, line, strlen(line)) == 0, "not %d: %.120s", status, heard);
}

void rig_assert_has(const char *heard, const char *wanted)
{
    cr_assert_not_null(strstr(heard, wanted), "no %s in %s", wanted, heard);
}

void rig_expect(const struct rig *rig, const char *text, int status, const char *wanted)
{
    char *heard = rig_talk(rig, text);
    rig_assert_status(heard, status);
    if (wanted != NULL)
        rig_assert_has(heard, wanted);
    free(heard);
}
