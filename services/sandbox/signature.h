/* The marketplace's two signatures: of a call to the Open API and of a webhook. */
#ifndef SANDBOX_SIGNATURE_H
#define SANDBOX_SIGNATURE_H

#include "common/arena.h"
#include "common/base.h"

enum { SIGNATURE_HEX = 64 };

/* A query parameter, decoded. */
struct query_param {
    struct sp_text name, value;
};

/* Parameters of a raw query, in the order sent, decoded, at most `limit`.  SP_REJECT on a broken
 * escape or on more than that. */
enum sp_result signature_read_query(struct sp_text query, struct sp_arena *arena,
                                    struct query_param params[], size_t limit,
                                    size_t *count) SP_MUST_USE;

/* What a call's signature covers. */
struct signed_call {
    struct sp_text path;
    struct query_param *params; /* sorted by the signing; `sign` and `access_token` are left out */
    size_t count;
    struct sp_text body; /* as sent; empty for multipart */
};

/* hex(HMAC-SHA256(secret, secret + path + name and value of each parameter, sorted + body +
 * secret)). */
struct sp_text signature_of_call(struct sp_text secret, const struct signed_call *call,
                                 struct sp_arena *arena);

/* hex(HMAC-SHA256(secret, app key + raw body)) */
struct sp_text signature_of_webhook(struct sp_text secret, struct sp_text app_key,
                                    struct sp_text body, struct sp_arena *arena);

#endif
