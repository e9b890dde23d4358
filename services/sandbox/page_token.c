#include "services/sandbox/page_token.h"

#include <openssl/evp.h>
#include <string.h>

#include "common/crypto.h"

/* Three bytes that read "+//+", the place, a tag; 19 bytes end in "==". */
enum { MARK_BYTES = 3, PLACE_BYTES = 8, TAG_BYTES = 8, TOKEN_BYTES = 19, TOKEN_TEXT = 28 };
static const uint8_t mark[MARK_BYTES] = {0xfb, 0xff, 0xfe};

static void tag_of(struct sp_text key, struct sp_text about, const uint8_t place[PLACE_BYTES],
                   uint8_t tag[SP_SHA256_BYTES])
{
    const struct sp_text pieces[] = {{(const char *)place, PLACE_BYTES}, about};
    sp_hmac(key, pieces, SP_COUNT(pieces), tag);
}

struct sp_text page_token_make(struct sp_text key, struct sp_text about, uint64_t place,
                               struct sp_arena *arena)
{
    uint8_t bytes[TOKEN_BYTES], tag[SP_SHA256_BYTES];
    memcpy(bytes, mark, MARK_BYTES);
    memcpy(bytes + MARK_BYTES, &place, PLACE_BYTES);
    tag_of(key, about, bytes + MARK_BYTES, tag);
    memcpy(bytes + MARK_BYTES + PLACE_BYTES, tag, TAG_BYTES);
    char *text = sp_arena_alloc(arena, TOKEN_TEXT + 1);
    int size = EVP_EncodeBlock((unsigned char *)text, bytes, TOKEN_BYTES);
    SP_ASSERT(size == TOKEN_TEXT);
    return (struct sp_text){text, TOKEN_TEXT};
}

enum sp_result page_token_read(struct sp_text key, struct sp_text about, struct sp_text token,
                               uint64_t *place)
{
    uint8_t bytes[TOKEN_TEXT], tag[SP_SHA256_BYTES];
    if (token.size != TOKEN_TEXT ||
        EVP_DecodeBlock(bytes, (const unsigned char *)token.data, TOKEN_TEXT) < TOKEN_BYTES)
        return SP_REJECT;
    tag_of(key, about, bytes + MARK_BYTES, tag);
    struct sp_text given = {(const char *)bytes + MARK_BYTES + PLACE_BYTES, TAG_BYTES};
    struct sp_text right = {(const char *)tag, TAG_BYTES};
    if (memcmp(bytes, mark, MARK_BYTES) != 0 || !sp_secret_equal(given, right))
        return SP_REJECT;
    memcpy(place, bytes + MARK_BYTES, PLACE_BYTES);
    return SP_OK;
}
