/* Numeric addresses with ports, and sockets that listen on them. */
#ifndef SAMPAN_HTTP_LISTEN_H
#define SAMPAN_HTTP_LISTEN_H

#include <sys/socket.h>

#include "common/base.h"

struct sp_address {
    struct sockaddr_storage storage;
    socklen_t size;
};

/* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0".  SP_REJECT on anything else; names are not looked
 * up. */
enum sp_result sp_address_parse(const char *text, struct sp_address *address,
                                struct sp_error *err) SP_MUST_USE;
/* A listening, non-blocking socket.  SP_RETRY when the address is taken or not there yet. */
enum sp_result sp_http_listen(const char *bind, int *socket, uint16_t *port,
                              struct sp_error *err) SP_MUST_USE;

#endif
