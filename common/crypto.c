/* Keys, signatures, sealing, passwords: hashes from OpenSSL, the rest from libsodium. */
#include "common/crypto.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>
#include <string.h>

enum {
    SEAL_VERSION = 1, /* first byte of what is sealed; another one means another construction */
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
static_assert(1 + SEAL_NONCE + SEAL_TAG == SP_SEAL_OVERHEAD, "the header tells the overhead");
static_assert((int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SP_SEAL_KEY_BYTES,
              "one key size");

/* Fetched once: OpenSSL looks them up by name in each call otherwise. */
static EVP_MD *sha256;
static EVP_MAC *hmac;

void sp_crypto_setup(void)
{
    if (sha256 != NULL)
        return;
    SP_ASSERT(sodium_init() >= 0);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    SP_ASSERT(sha256 != NULL && hmac != NULL);
}

/* ---- random and text forms
 * ------------------------------------------------------------------------ */

void sp_random(void *to, size_t size)
{
    randombytes_buf(to, size);
}

void sp_uuid(uint8_t uuid[16])
{
    sp_random(uuid, 16);
    uuid[6] = (uint8_t)((uuid[6] & 0x0F) | 0x40);
    uuid[8] = (uint8_t)((uuid[8] & 0x3F) | 0x80);
}

struct sp_text sp_hex(struct sp_arena *arena, const void *bytes, size_t size)
{
    char *hex = sp_arena_alloc(arena, size * 2 + 1);
    (void)sodium_bin2hex(hex, size * 2 + 1, bytes, size);
    return (struct sp_text){hex, size * 2};
}

static const unsigned char *octets(struct sp_text text)
{
    return (const unsigned char *)(text.size == 0 ? "" : text.data);
}

struct sp_text sp_base64url(struct sp_arena *arena, struct sp_text bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = sp_arena_alloc(arena, room);
    (void)sodium_bin2base64(text, room, octets(bytes), bytes.size,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct sp_text){text, room - 1};
}

enum sp_result sp_base64url_decode(struct sp_arena *arena, struct sp_text text,
                                   struct sp_text *bytes)
{
    char *decoded = sp_arena_alloc(arena, text.size + 1);
    size_t size = 0;
    const char *end = NULL;
    int failed =
        sodium_base642bin((unsigned char *)decoded, text.size, (const char *)octets(text),
                          text.size, NULL, &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0 || end != (const char *)octets(text) + text.size)
        return SP_REJECT;
    *bytes = (struct sp_text){decoded, size};
    return SP_OK;
}

/* ---- hashes and signatures
 * -------------------------------------------------------------------------- */

void sp_sha256(struct sp_text message, uint8_t digest[SP_SHA256_BYTES])
{
    SP_ASSERT(EVP_Digest(octets(message), message.size, digest, NULL, sha256, NULL) == 1);
}

void sp_hmac(struct sp_text key, const struct sp_text pieces[], size_t count,
             uint8_t digest[SP_SHA256_BYTES])
{
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                                 OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);
    SP_ASSERT(ctx != NULL && EVP_MAC_init(ctx, octets(key), key.size, params) == 1);
    for (size_t i = 0; i < count; i++)
        SP_ASSERT(EVP_MAC_update(ctx, octets(pieces[i]), pieces[i].size) == 1);
    size_t size = 0;
    SP_ASSERT(EVP_MAC_final(ctx, digest, &size, SP_SHA256_BYTES) == 1 && size == SP_SHA256_BYTES);
    EVP_MAC_CTX_free(ctx);
}

bool sp_secret_equal(struct sp_text a, struct sp_text b)
{
    return a.size == b.size && CRYPTO_memcmp(octets(a), octets(b), a.size) == 0;
}

/* ---- sealing
 * -------------------------------------------------------------------------------------------- */

void sp_seal_key(struct sp_text master, int64_t account_id, const char *purpose,
                 uint8_t key[SP_SEAL_KEY_BYTES])
{
    /* Longer keys are no matter of input here: the setting is 32 bytes. */
    SP_ASSERT(master.size >= crypto_generichash_KEYBYTES_MIN &&
              master.size <= crypto_generichash_KEYBYTES_MAX);
    unsigned char account[8];
    for (int i = 0; i < 8; i++)
        account[i] = (unsigned char)((uint64_t)account_id >> (56 - 8 * i));
    crypto_generichash_state state;
    /* The account has a fixed size, so no two (account, purpose) join to the same bytes. */
    SP_ASSERT(crypto_generichash_init(&state, octets(master), master.size, SP_SEAL_KEY_BYTES) == 0);
    SP_ASSERT(crypto_generichash_update(&state, account, sizeof account) == 0);
    SP_ASSERT(crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose)) ==
              0);
    SP_ASSERT(crypto_generichash_final(&state, key, SP_SEAL_KEY_BYTES) == 0);
}

struct sp_text sp_seal(struct sp_arena *arena, const uint8_t key[SP_SEAL_KEY_BYTES],
                       struct sp_text about, struct sp_text plain)
{
    unsigned char *sealed = sp_arena_alloc(arena, plain.size + SP_SEAL_OVERHEAD);
    unsigned long long size = 0;
    sealed[0] = SEAL_VERSION;
    sp_random(sealed + 1, SEAL_NONCE);
    SP_ASSERT(crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + SEAL_NONCE, &size,
                                                         octets(plain), plain.size, octets(about),
                                                         about.size, NULL, sealed + 1, key) == 0);
    return (struct sp_text){(const char *)sealed, 1 + SEAL_NONCE + (size_t)size};
}

enum sp_result sp_unseal(struct sp_arena *arena, const uint8_t key[SP_SEAL_KEY_BYTES],
                         struct sp_text about, struct sp_text sealed, struct sp_text *plain)
{
    if (sealed.size < SP_SEAL_OVERHEAD || sealed.data[0] != SEAL_VERSION)
        return SP_REJECT;
    size_t size = sealed.size - SP_SEAL_OVERHEAD;
    unsigned char *opened = sp_arena_alloc(arena, size + 1);
    const unsigned char *nonce = octets(sealed) + 1;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, nonce + SEAL_NONCE,
                                                   size + SEAL_TAG, octets(about), about.size,
                                                   nonce, key) != 0)
        return SP_REJECT;
    *plain = (struct sp_text){(const char *)opened, size};
    return SP_OK;
}

/* ---- passwords
 * ------------------------------------------------------------------------------------------- */

static_assert(crypto_pwhash_STRBYTES <= 128, "the header's room for a hash");

enum sp_result sp_password_hash(struct sp_text password, char hash[128])
{
    /* Fails only where 64 MiB cannot be had. */
    if (crypto_pwhash_str(hash, (const char *)octets(password), password.size,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return SP_RETRY;
    return SP_OK;
}

bool sp_password_matches(struct sp_text password, const char *hash)
{
    return crypto_pwhash_str_verify(hash, (const char *)octets(password), password.size) == 0;
}
