/* The other side of the admin port: `<service> health`, so that no image needs curl. */
#include "common/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/http_listen.h"

enum { ANSWER_BYTES = 64 * 1024 };

static const char question[] = "GET /readyz HTTP/1.0\r\nConnection: close\r\n\r\n";

static enum sp_result ask(const char *bind, int *fd, struct sp_error *err)
{
    struct sp_address address;
    enum sp_result result = sp_address_parse(bind, &address, err);
    if (result != SP_OK)
        return result;
    *fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return sp_fail(err, SP_RETRY, "no socket: %s", strerror(errno));
    const struct timeval patience = {SP_ADMIN_PROBE_MS / 1000, SP_ADMIN_PROBE_MS % 1000 * 1000};
    const ssize_t size = sizeof question - 1;
    bool sent = setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
                setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
                connect(*fd, (const struct sockaddr *)&address.storage, address.size) == 0 &&
                send(*fd, question, (size_t)size, MSG_NOSIGNAL) == size;
    if (sent)
        return SP_OK;
    result = sp_fail(err, SP_RETRY, "%s does not answer: %s", bind, strerror(errno));
    close(*fd);
    return result;
}

/* Everything until the other side closes, terminated. */
static size_t read_answer(int fd, char answer[ANSWER_BYTES + 1])
{
    size_t size = 0;
    int64_t until_us = sp_monotonic_us() + (int64_t)SP_ADMIN_PROBE_MS * 1000;
    while (size < ANSWER_BYTES && sp_monotonic_us() < until_us) {
        ssize_t got = recv(fd, answer + size, ANSWER_BYTES - size, 0);
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    answer[size] = '\0';
    return size;
}

int sp_admin_probe(const char *bind)
{
    static char answer[ANSWER_BYTES + 1];
    struct sp_error err;
    int fd;
    if (ask(bind, &fd, &err) != SP_OK) {
        (void)printf("%s\n", err.text);
        return 1;
    }
    size_t size = read_answer(fd, answer);
    close(fd);
    const char *body = strstr(answer, "\r\n\r\n");
    if (size == 0 || body == NULL) {
        (void)printf("%s gave no answer within %d ms\n", bind, SP_ADMIN_PROBE_MS);
        return 1;
    }
    (void)fputs(body + 4, stdout);
    const char *status = strchr(answer, ' ');
    return status != NULL && strncmp(status, " 200 ", 5) == 0 ? 0 : 1;
}
