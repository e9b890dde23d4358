/* Who may speak on the bus: CURVE keys and the handler that checks them (ZAP, RFC 27). */
#ifndef SAMPAN_ZAP_H
#define SAMPAN_ZAP_H

#include "common/base.h"

enum { SP_KEY_TEXT = 41, SP_ZAP_PEERS = 32 };

/* The keys of one service, Z85 text. */
struct sp_keys {
    char public_key[SP_KEY_TEXT], secret_key[SP_KEY_TEXT];
};

/* Reads <dir>/<service>.public and <dir>/<service>.secret. */
enum sp_result sp_keys_read(const char *dir, const char *service, struct sp_keys *keys,
                            struct sp_error *err) SP_MUST_USE;
/* Reads <dir>/<service>.public alone. */
enum sp_result sp_public_key_read(const char *dir, const char *service, char key[SP_KEY_TEXT],
                                  struct sp_error *err) SP_MUST_USE;

struct sp_zap;

/* Starts answering libzmq's questions about peers; must run before any socket with CURVE is bound,
 * since without it libzmq accepts every key.  A key that is in no <dir>/<name>.public is refused; a
 * known one makes the socket's "User-Id" property the service's name. */
enum sp_result sp_zap_open(struct sp_zap **zap, void *zmq_context, const char *dir,
                           struct sp_error *err) SP_MUST_USE;
void sp_zap_close(struct sp_zap **zap);

/* Knocks at `endpoint` with a key that nobody knows and expects to be refused.  SP_REJECT when it
 * was let in.  The handler logs every other stranger as a warning, this one not. */
enum sp_result sp_zap_self_test(const struct sp_zap *zap, void *zmq_context, const char *endpoint,
                                const char *server_key, struct sp_error *err) SP_MUST_USE;

#endif
