/* The seller's consent: codes, access tokens, refresh tokens. */
#ifndef SANDBOX_GRANTS_H
#define SANDBOX_GRANTS_H

#include "common/arena.h"
#include "common/base.h"

enum grants_limits {
    GRANTS_TOKEN_BYTES = 96,
    GRANTS_CODES = 64,   /* remembered, the oldest makes room */
    GRANTS_TOKENS = 256, /* access tokens likewise */
};

/* What an app may be allowed to do; bits of `scopes`. */
enum grant_scope {
    SCOPE_NONE = 0,
    SCOPE_ORDER_INFO = 1,
    SCOPE_PRODUCT_BASIC = 2,
    SCOPE_PRODUCT_WRITE = 4,
    SCOPE_AUTHORIZATION_INFO = 8,
    SCOPE_LOGISTICS = 16,
    SCOPE_FULFILLMENT = 32,
    SCOPE_RETURN_REFUND = 64,
    SCOPE_FINANCE = 128,
    SCOPE_ALL = 255,
};

struct granted_token {
    char text[GRANTS_TOKEN_BYTES];
    int64_t expires; /* seconds; 0: an empty place */
};

struct grant_lives {
    int64_t code, access, grant; /* seconds */
};

/* One seller and one app, so one grant at a time; a new consent replaces it. */
struct grants {
    uint64_t seed, counter;
    struct grant_lives lives;
    char open_id[24];
    bool given; /* and not revoked */
    unsigned scopes;
    int64_t grant_expires;
    char refresh[GRANTS_TOKEN_BYTES];
    char access[GRANTS_TOKEN_BYTES]; /* the newest, also in `tokens` */
    int64_t access_expires;
    struct granted_token codes[GRANTS_CODES], tokens[GRANTS_TOKENS];
};

/* Why a token call fails; each has its code in the Open API. */
enum grant_answer {
    GRANT_OK,
    GRANT_CODE_INVALID,    /* unknown, used or expired */
    GRANT_REFRESH_UNKNOWN, /* never given, replaced, revoked */
    GRANT_REFRESH_EXPIRED,
};

enum token_state { TOKEN_UNKNOWN, TOKEN_EXPIRED, TOKEN_GOOD };

void grants_setup(struct grants *grants, uint64_t seed, struct grant_lives lives);

/* The seller agrees: a code for one use. */
const char *grants_consent(struct grants *grants, int64_t now);
/* Code to tokens: `refresh`, `access` and their ends are then those of the answer. */
enum grant_answer grants_take_code(struct grants *grants, struct sp_text code, int64_t now);
/* New access and refresh token; the old refresh token is void, old access tokens live on. */
enum grant_answer grants_refresh(struct grants *grants, struct sp_text refresh, int64_t now);
enum token_state grants_check(const struct grants *grants, struct sp_text access, int64_t now);

bool grants_is_live(const struct grants *grants, int64_t now);
void grants_expire_access(struct grants *grants, int64_t now);
void grants_expire_grant(struct grants *grants, int64_t now);
void grants_revoke(struct grants *grants);

const char *grants_scope_name(enum grant_scope scope);
/* SCOPE_NONE when unknown. */
enum grant_scope grants_scope_of(struct sp_text name);

#endif
