#include "common/http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ADDRESS_BYTES = 64 };

/* Splits at the last colon and takes the brackets off. */
static bool split(const char *text, char host[ADDRESS_BYTES], const char **port)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || colon - text >= ADDRESS_BYTES)
        return false;
    const char *start = text, *end = colon;
    if (*start == '[' && end[-1] == ']')
        start++, end--;
    else if (memchr(start, ':', (size_t)(end - start)) != NULL)
        return false; /* an IPv6 address without brackets: which colon is the port's? */
    (void)snprintf(host, ADDRESS_BYTES, "%.*s", (int)(end - start), start);
    *port = colon + 1;
    return true;
}

enum sp_result sp_address_parse(const char *text, struct sp_address *address, struct sp_error *err)
{
    char host[ADDRESS_BYTES];
    const char *port;
    int64_t number;
    if (!split(text, host, &port) || !sp_text_to_int(sp_text_of(port), &number) || number < 0 ||
        number > UINT16_MAX)
        return sp_fail(err, SP_REJECT, "\"%s\" is not address:port, as in 127.0.0.1:8080", text);
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return sp_fail(err, SP_REJECT, "\"%s\" in \"%s\" is not a numeric address", host, text);
    *address = (struct sp_address){.size = found->ai_addrlen};
    memcpy(&address->storage, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return SP_OK;
}

static uint16_t port_of(int listening)
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    SP_ASSERT(getsockname(listening, (struct sockaddr *)&storage, &size) == 0);
    memcpy(&v4, &storage, sizeof v4);
    memcpy(&v6, &storage, sizeof v6);
    return ntohs(storage.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

enum sp_result sp_http_listen(const char *bind_to, int *listening, uint16_t *port,
                              struct sp_error *err)
{
    struct sp_address address = {.size = 0};
    enum sp_result result = sp_address_parse(bind_to, &address, err);
    if (result != SP_OK)
        return result;
    int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return sp_fail(err, SP_RETRY, "no socket for %s: %s", bind_to, strerror(errno));
    const int on = 1;
    /* A restart need not wait for the last connections of the process before. */
    bool bound = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                 bind(fd, (const struct sockaddr *)&address.storage, address.size) == 0 &&
                 listen(fd, SOMAXCONN) == 0;
    if (!bound) {
        int why = errno;
        close(fd);
        if (why == EADDRINUSE)
            return sp_fail(err, SP_RETRY, "%s is taken by another program", bind_to);
        return sp_fail(err, SP_RETRY, "cannot listen on %s: %s", bind_to, strerror(why));
    }
    *listening = fd;
    *port = port_of(fd);
    return SP_OK;
}
