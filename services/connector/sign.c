/* Signatures of the marketplace. */
#include "services/connector/sign.h"

#include "common/crypto.h"

static void to_hex(const uint8_t digest[SP_SHA256_BYTES], char hex[TIKTOK_SIGN_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SP_SHA256_BYTES; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[TIKTOK_SIGN_HEX] = '\0';
}

void tiktok_sign(struct sp_text secret, const struct tiktok_signed *call,
                 char hex[TIKTOK_SIGN_HEX + 1])
{
    SP_ASSERT(call->param_count <= TIKTOK_PARAMS);
    struct sp_text pieces[2 * TIKTOK_PARAMS + 4];
    size_t used = 0;
    pieces[used++] = secret;
    pieces[used++] = call->path;
    for (size_t i = 0; i < call->param_count; i++) {
        pieces[used++] = call->params[i].name;
        pieces[used++] = call->params[i].value;
    }
    pieces[used++] = call->body;
    pieces[used++] = secret;
    uint8_t digest[SP_SHA256_BYTES];
    sp_hmac(secret, pieces, used, digest);
    to_hex(digest, hex);
}

void tiktok_sort_params(struct tiktok_param params[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tiktok_param param = params[i];
        size_t at = i;
        for (; at > 0 && sp_text_compare(params[at - 1].name, param.name) > 0; at--)
            params[at] = params[at - 1];
        params[at] = param;
    }
}

bool tiktok_webhook_signed(struct sp_text app_key, struct sp_text secret, struct sp_text raw,
                           struct sp_text signature)
{
    const struct sp_text pieces[] = {app_key, raw};
    uint8_t digest[SP_SHA256_BYTES];
    char hex[TIKTOK_SIGN_HEX + 1];
    sp_hmac(secret, pieces, SP_COUNT(pieces), digest);
    to_hex(digest, hex);
    return sp_secret_equal((struct sp_text){hex, TIKTOK_SIGN_HEX}, signature);
}
