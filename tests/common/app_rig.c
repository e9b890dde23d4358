/* Forking services, asking how they are, and ending them. */
#include "tests/common/app_rig.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "common/zap.h"
#include "tests/support/database.h"

enum { PROCESSES = 4, LOOK_EVERY_US = 20 * 1000, PORT_LEAST = 10240, PORT_SPAN = 9000 };

static const char *const services[] = {"gateway",        "connector", "order-ingest",
                                       "product-mapper", "inventory", "placement"};

static char dir[64];
static struct app_process processes[PROCESSES];
static size_t process_count;

static _Noreturn void give_up(const char *what)
{
    perror(what);
    abort();
}

/* ---- the folder of keys
 * -------------------------------------------------------------------------- */

static void key_path(char path[160], const char *service, const char *end)
{
    (void)snprintf(path, 160, "%s/%s.%s", dir, service, end);
}

static void write_key(const char *service, const char *end, const char *key)
{
    char path[160];
    key_path(path, service, end);
    FILE *out = fopen(path, "w");
    if (out == NULL || fprintf(out, "%s\n", key) < 0 || fclose(out) != 0)
        give_up(path);
}

void app_rig_open(void)
{
    (void)snprintf(dir, sizeof dir, "/tmp/sampan-app-XXXXXX");
    if (mkdtemp(dir) == NULL)
        give_up(dir);
    for (size_t i = 0; i < SP_COUNT(services); i++) {
        struct sp_keys keys;
        if (zmq_curve_keypair(keys.public_key, keys.secret_key) != 0)
            give_up("keys");
        write_key(services[i], "public", keys.public_key);
        write_key(services[i], "secret", keys.secret_key);
    }
}

void app_rig_close(void)
{
    for (size_t i = 0; i < process_count; i++) {
        if (processes[i].pid != 0) {
            (void)kill(processes[i].pid, SIGKILL);
            (void)waitpid(processes[i].pid, NULL, 0);
        }
        (void)unlink(processes[i].log);
    }
    for (size_t i = 0; i < SP_COUNT(services); i++) {
        char path[160];
        key_path(path, services[i], "public");
        (void)unlink(path);
        key_path(path, services[i], "secret");
        (void)unlink(path);
    }
    (void)rmdir(dir);
}

/* ---- ports
 * --------------------------------------------------------------------------------------- */

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int listen_on(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        give_up("socket");
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

int app_free_port(void)
{
    static int next;
    for (int tries = 0; tries < PORT_SPAN; tries++) {
        int port = PORT_LEAST + (int)(((long)getpid() * 13 + next++) % PORT_SPAN);
        int fd = listen_on(port);
        if (fd >= 0) {
            (void)close(fd);
            return port;
        }
    }
    give_up("no free port");
}

void app_occupy(int port)
{
    if (listen_on(port) < 0)
        give_up("the port to occupy");
}

/* ---- processes
 * ----------------------------------------------------------------------------------- */

struct app_process *app_add(const struct sp_service *service, const char *url)
{
    SP_ASSERT(process_count < SP_COUNT(processes));
    struct app_process *process = &processes[process_count++];
    *process = (struct app_process){.service = service, .url = url};
    process->bus_port = app_free_port();
    process->admin_port = app_free_port();
    (void)snprintf(process->log, sizeof process->log, "%s/%zu.log", dir, process_count);
    return process;
}

static void set_number(const char *name, const char *format, int number)
{
    char value[64];
    static const char mark[] = "%d";
    const char *at = strstr(format, mark);
    (void)snprintf(value, sizeof value, "%.*s%d", (int)(at - format), format, number);
    (void)setenv(name, value, 1);
}

/* Everybody is at the port of his process, or nowhere. */
static void set_peers(void)
{
    for (size_t i = 0; i < SP_COUNT(services); i++) {
        char name[64] = "SAMPAN_PEER_";
        size_t at = strlen(name);
        int port = 1;
        for (const char *c = services[i]; *c != '\0'; c++)
            name[at++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        for (size_t k = 0; k < process_count; k++) {
            if (strcmp(processes[k].service->name, services[i]) == 0)
                port = processes[k].bus_port;
        }
        set_number(name, "127.0.0.1:%d", port);
    }
}

static _Noreturn void live(const struct app_process *process, const char *const extra[])
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int log = open(process->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || dup2(log, STDERR_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0)
        _exit(127);
    (void)clearenv();
    (void)setenv("SAMPAN_DATABASE_URL", process->url, 1);
    (void)setenv("SAMPAN_KEYS_DIR", dir, 1);
    set_number("SAMPAN_BUS_BIND", "tcp://127.0.0.1:%d", process->bus_port);
    set_number("SAMPAN_ADMIN_BIND", "127.0.0.1:%d", process->admin_port);
    set_peers();
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
        (void)putenv((char *)(uintptr_t)extra[i]);
    char program[] = "service", command[] = "run";
    char *argv[] = {program, command, NULL};
    int code = sp_service_main(process->service, 2, argv);
    (void)fflush(NULL);
    _exit(code);
}

void app_start(struct app_process *process, const char *const extra[])
{
    SP_ASSERT(process->pid == 0);
    process->pid = fork();
    if (process->pid < 0)
        give_up("fork");
    if (process->pid == 0)
        live(process, extra);
}

void app_kill(struct app_process *process, int signal)
{
    SP_ASSERT(process->pid > 0);
    if (kill(process->pid, signal) != 0)
        give_up("kill");
}

int app_wait(struct app_process *process, int64_t patience_ms)
{
    int64_t until_us = sp_monotonic_us() + patience_ms * 1000;
    int status = 0;
    pid_t ended = 0;
    while (ended == 0 && sp_monotonic_us() < until_us) {
        ended = waitpid(process->pid, &status, WNOHANG);
        if (ended == 0)
            (void)usleep(LOOK_EVERY_US / 4);
    }
    if (ended != process->pid) {
        (void)fprintf(stderr, "%s does not end:\n%s", process->service->name, app_log(process));
        abort();
    }
    process->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* ---- looking
 * ------------------------------------------------------------------------------------- */

int app_readiness(const struct app_process *process, const char **body)
{
    static char answer[APP_ANSWER_BYTES];
    static const char question[] = "GET /readyz HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = loopback(process->admin_port);
    struct timeval patience = {.tv_sec = 2};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    size_t size = 0;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, question, sizeof question - 1, MSG_NOSIGNAL) > 0) {
        ssize_t got = 1;
        while (got > 0 && size < sizeof answer - 1) {
            got = recv(fd, answer + size, sizeof answer - 1 - size, 0);
            size += got > 0 ? (size_t)got : 0;
        }
    }
    (void)close(fd);
    answer[size] = '\0';
    const char *status = strchr(answer, ' '), *text = strstr(answer, "\r\n\r\n");
    if (body != NULL)
        *body = text == NULL ? "" : text + 4;
    return status == NULL ? 0 : (int)strtol(status, NULL, 10);
}

bool app_until_status(const struct app_process *process, int status)
{
    int64_t until_us = sp_monotonic_us() + (int64_t)APP_PATIENCE_MS * 1000;
    while (app_readiness(process, NULL) != status) {
        if (sp_monotonic_us() > until_us)
            return false;
        (void)usleep(LOOK_EVERY_US);
    }
    return true;
}

const char *app_log(const struct app_process *process)
{
    static char text[APP_LOG_BYTES];
    size_t size = 0;
    FILE *file = fopen(process->log, "r");
    if (file != NULL) {
        size = fread(text, 1, sizeof text - 1, file);
        (void)fclose(file);
    }
    text[size] = '\0';
    return text;
}

bool app_until(struct sp_worker *worker, const char *sql, int64_t wanted)
{
    int64_t until_us = sp_monotonic_us() + (int64_t)APP_PATIENCE_MS * 1000, seen;
    while ((seen = test_number(worker, sql)) != wanted) {
        if (sp_monotonic_us() > until_us) {
            (void)fprintf(stderr, "%s gives %lld, not %lld\n", sql, (long long)seen,
                          (long long)wanted);
            return false;
        }
        (void)usleep(LOOK_EVERY_US);
    }
    return true;
}

/* ---- speaking for itself
 * ------------------------------------------------------------------------- */

struct app_raw app_raw_open(const struct app_process *to, const char *as)
{
    enum { PATIENCE_MS = 1000 };
    struct app_raw raw = {.zmq = zmq_ctx_new()};
    struct sp_keys keys;
    struct sp_error err;
    char server_key[SP_KEY_TEXT], endpoint[64];
    bool known = as == NULL ? zmq_curve_keypair(keys.public_key, keys.secret_key) == 0
                            : sp_keys_read(dir, as, &keys, &err) == SP_OK;
    if (!known || sp_public_key_read(dir, to->service->name, server_key, &err) != SP_OK)
        give_up("keys");
    const int at_once = 1, linger = 0, patience = PATIENCE_MS;
    raw.socket = zmq_socket(raw.zmq, ZMQ_DEALER);
    (void)zmq_setsockopt(raw.socket, ZMQ_IMMEDIATE, &at_once, sizeof at_once);
    (void)zmq_setsockopt(raw.socket, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(raw.socket, ZMQ_SNDTIMEO, &patience, sizeof patience);
    (void)zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, server_key, 40);
    (void)zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY, keys.public_key, 40);
    (void)zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY, keys.secret_key, 40);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", to->bus_port);
    if (zmq_connect(raw.socket, endpoint) != 0)
        give_up(endpoint);
    return raw;
}

void app_raw_close(struct app_raw *raw)
{
    (void)zmq_close(raw->socket);
    (void)zmq_ctx_term(raw->zmq);
    *raw = (struct app_raw){0};
}

bool app_raw_send(struct app_raw *raw, const struct app_frame frames[], size_t count)
{
    bool sent = true;
    for (size_t i = 0; i < count && sent; i++)
        sent = zmq_send(raw->socket, frames[i].data, frames[i].size,
                        i + 1 < count ? ZMQ_SNDMORE : 0) >= 0;
    return sent;
}
