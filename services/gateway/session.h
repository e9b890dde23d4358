/* The rules of sessions: tokens, cookies, how long one lives.  Pure. */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include "common/arena.h"
#include "common/base.h"
#include "common/crypto.h"
#include "services/gateway/permissions.h"

enum {
    SESSION_TOKEN_BYTES = 32,
    SESSION_TOKEN_CHARACTERS = 43, /* as base64url */
};

#define SESSION_IDLE_US (INT64_C(30) * 60 * 1000000)
#define SESSION_ABSOLUTE_US (INT64_C(12) * 60 * 60 * 1000000)
#define SESSION_TOUCH_US (INT64_C(60) * 1000000) /* how stale `seen` may be */

/* SHA-256 of a token: what is stored and looked up.  The token itself is only ever in the cookie.
 */
struct token_hash {
    uint8_t bytes[SP_SHA256_BYTES];
};

/* A fresh token for a cookie or a link, terminated, and its hash. */
void token_make(struct sp_arena *arena, struct sp_text *token, struct token_hash *hash);
/* False when it cannot be a token: nothing needs to be looked up then. */
bool token_read(struct sp_text token, struct token_hash *hash) SP_MUST_USE;
bool token_hash_equal(const struct token_hash *a, const struct token_hash *b);

/* Who is signed in, as looked up.  Texts are terminated. */
struct person {
    struct token_hash token;
    int64_t account_id, person_id;
    enum role role;
    int64_t ends_us; /* when the session ends at the latest, microseconds since 1970 */
    char login[121];
    char account_name[121];
    char time_zone[65];
    char currency[4];
    char language[9];
};

/* By the database's clock, all microseconds since 1970. */
bool session_is_live(int64_t now_us, int64_t started_us, int64_t seen_us);
bool session_wants_touch(int64_t now_us, int64_t seen_us);

/* `__Host-sampan` needs Secure, so plain http has a name of its own. */
const char *session_cookie_name(bool secure);
/* The Set-Cookie header line, in the arena; an empty token takes the cookie away. */
const char *session_cookie_header(struct sp_arena *arena, struct sp_text token, bool secure);

#endif
