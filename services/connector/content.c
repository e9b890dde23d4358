/* The content of a fact as one number. */
#include "services/connector/content.h"

#include <string.h>

#include "common/crypto.h"

enum { SPARE = 256 /* the head and the seal, which come later */ };

struct sp_head content_head(int64_t account_id, struct sp_text key)
{
    return (struct sp_head){.emitted_us = 1, .account_id = account_id, .key = key, .rev = 1};
}

enum sp_result content_hash(const struct sp_message *message, const void *fact,
                            struct sp_text beside, int64_t *hash, struct sp_error *err)
{
    struct sp_buffer packed = {0};
    enum sp_result result = sp_message_encode(message, fact, &packed, err);
    if (result == SP_OK && packed.size + beside.size + SPARE > message->max_bytes)
        result = sp_fail(err, SP_REJECT, "a fact of %zu bytes is too large", packed.size);
    if (result == SP_OK) {
        uint8_t digest[SP_SHA256_BYTES];
        sp_buffer_put_text(&packed, beside);
        sp_sha256(sp_buffer_text(&packed), digest);
        memcpy(hash, digest, sizeof *hash);
    }
    sp_buffer_free(&packed);
    return result;
}
