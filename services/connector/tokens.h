/* Tokens as the marketplace hands them out. */
#ifndef SAMPAN_CONNECTOR_TOKENS_H
#define SAMPAN_CONNECTOR_TOKENS_H

#include "common/json.h"

struct token_pair {
    struct sp_text access, refresh;
    struct sp_text open_id, seller_name, region;
    int64_t access_ends_s, ends_s; /* ends: of the refresh token, which is the grant's end */
};

/* Reads the `data` of a token answer.  SP_REJECT: a token is missing or over already. */
enum sp_result tiktok_read_tokens(struct sp_json data, int64_t now_s, struct sp_arena *arena,
                                  struct token_pair *pair, struct sp_error *err) SP_MUST_USE;

/* When to refresh: between half and four fifths of what is left of the access token's life. */
int64_t tiktok_refresh_at(int64_t now_s, int64_t access_ends_s, uint32_t random);

#endif
