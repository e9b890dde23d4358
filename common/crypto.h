/* Keys, signatures, sealing, passwords: thin, checked use of OpenSSL and libsodium. */
#ifndef SAMPAN_CRYPTO_H
#define SAMPAN_CRYPTO_H

#include "common/arena.h"
#include "common/base.h"

enum { SP_SHA256_BYTES = 32, SP_SEAL_KEY_BYTES = 32, SP_SEAL_OVERHEAD = 1 + 24 + 16 };

void sp_crypto_setup(void); /* once, before threads; aborts when the libraries cannot start */

void sp_random(void *to, size_t size);
void sp_uuid(uint8_t uuid[16]);                                                /* version 4 */
struct sp_text sp_hex(struct sp_arena *arena, const void *bytes, size_t size); /* lower case */
/* URL-safe base64 without padding, and back (SP_REJECT on foreign characters). */
struct sp_text sp_base64url(struct sp_arena *arena, struct sp_text bytes);
enum sp_result sp_base64url_decode(struct sp_arena *arena, struct sp_text text,
                                   struct sp_text *bytes) SP_MUST_USE;

void sp_sha256(struct sp_text message, uint8_t digest[SP_SHA256_BYTES]);
/* HMAC-SHA256 over the pieces joined. */
void sp_hmac(struct sp_text key, const struct sp_text pieces[], size_t count,
             uint8_t digest[SP_SHA256_BYTES]);
/* Constant time in the content; false when sizes differ. */
bool sp_secret_equal(struct sp_text a, struct sp_text b);

/* Sealing at rest: XChaCha20-Poly1305 with random nonce.  `about` is bound to the sealed bytes
 * ("grant/17/access"): unsealing under another name fails.  The key for an account and purpose is
 * derived from the master key (BLAKE2b keyed), so one file secret serves all. */
void sp_seal_key(struct sp_text master, int64_t account_id, const char *purpose,
                 uint8_t key[SP_SEAL_KEY_BYTES]);
struct sp_text sp_seal(struct sp_arena *arena, const uint8_t key[SP_SEAL_KEY_BYTES],
                       struct sp_text about, struct sp_text plain);
enum sp_result sp_unseal(struct sp_arena *arena, const uint8_t key[SP_SEAL_KEY_BYTES],
                         struct sp_text about, struct sp_text sealed,
                         struct sp_text *plain) SP_MUST_USE;

/* argon2id, 64 MiB, about 0.3 s: never on the I/O thread. */
enum sp_result sp_password_hash(struct sp_text password, char hash[128]) SP_MUST_USE;
bool sp_password_matches(struct sp_text password, const char *hash);

#endif
