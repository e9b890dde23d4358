/* Reading a request: headers, query, cookies, peer. */
#include "common/http_exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "common/http_url.h"

static struct sp_text lookup(const struct sp_http_request *request, enum MHD_ValueKind kind,
                             const char *name)
{
    struct exchange *exchange = sp_exchange_of(request);
    /* The client may be gone while somebody still prepares its answer. */
    if (exchange->connection == NULL)
        return (struct sp_text){0};
    return sp_text_of(MHD_lookup_connection_value(exchange->connection, kind, name));
}

struct sp_text sp_http_header(const struct sp_http_request *request, const char *name)
{
    return lookup(request, MHD_HEADER_KIND, name);
}

struct sp_text sp_http_cookie(const struct sp_http_request *request, const char *name)
{
    return lookup(request, MHD_COOKIE_KIND, name);
}

bool sp_http_each_query(const struct sp_http_request *request, size_t *at, struct sp_text *name,
                        struct sp_text *value)
{
    struct sp_text pair[2];
    if (!sp_url_next_pair(request->arena, request->query, at, pair))
        return false;
    *name = pair[0];
    *value = pair[1];
    return true;
}

struct sp_text sp_http_query(const struct sp_http_request *request, const char *name)
{
    struct sp_text found, value;
    for (size_t at = 0; sp_http_each_query(request, &at, &found, &value);)
        if (sp_text_is(found, name))
            return value;
    return (struct sp_text){0};
}

struct sp_text sp_http_peer(const struct sp_http_request *request)
{
    struct exchange *exchange = sp_exchange_of(request);
    if (exchange->connection == NULL)
        return (struct sp_text){0};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address != NULL && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    }
    return sp_arena_copy(request->arena, sp_text_of(text));
}
