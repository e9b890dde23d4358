#include "services/gateway/session.h"

#include <string.h>

void token_make(struct sp_arena *arena, struct sp_text *token, struct token_hash *hash)
{
    uint8_t bytes[SESSION_TOKEN_BYTES];
    sp_random(bytes, sizeof bytes);
    *token = sp_base64url(arena, (struct sp_text){(const char *)bytes, sizeof bytes});
    SP_ASSERT(token_read(*token, hash));
}

static bool is_token_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool token_read(struct sp_text token, struct token_hash *hash)
{
    if (token.size != SESSION_TOKEN_CHARACTERS)
        return false;
    for (size_t i = 0; i < token.size; i++)
        if (!is_token_character(token.data[i]))
            return false;
    /* Of the text, not of the bytes it stands for: two spellings of one token would be two tokens.
     */
    sp_sha256(token, hash->bytes);
    return true;
}

bool token_hash_equal(const struct token_hash *a, const struct token_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool session_is_live(int64_t now_us, int64_t started_us, int64_t seen_us)
{
    return now_us - seen_us < SESSION_IDLE_US && now_us - started_us < SESSION_ABSOLUTE_US;
}

bool session_wants_touch(int64_t now_us, int64_t seen_us)
{
    return now_us - seen_us >= SESSION_TOUCH_US;
}

const char *session_cookie_name(bool secure)
{
    return secure ? "__Host-sampan" : "sampan";
}

const char *session_cookie_header(struct sp_arena *arena, struct sp_text token, bool secure)
{
    long long max_age_s = token.size == 0 ? 0 : (long long)(SESSION_ABSOLUTE_US / 1000000);
    return sp_arena_printf(
               arena, "Set-Cookie: %s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
               session_cookie_name(secure), SP_FMT(token), max_age_s, secure ? "; Secure" : "")
        .data;
}
