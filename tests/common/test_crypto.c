/* Hashes against published vectors, seals against tampering. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "common/crypto.h"

static struct sp_arena *arena;
static uint8_t digest[SP_SHA256_BYTES];

static void set_up(void)
{
    sp_crypto_setup();
    sp_crypto_setup(); /* again does no harm */
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(crypto, .init = set_up, .fini = tear_down);

static void assert_digest(const char *hex)
{
    struct sp_text text = sp_hex(arena, digest, sizeof digest);
    cr_assert(sp_text_is(text, hex), "%.*s", SP_FMT(text));
}

/* ---- hashes
 * ---------------------------------------------------------------------------------------- */

Test(crypto, sha256_follows_its_standard)
{
    sp_sha256((struct sp_text){0}, digest);
    assert_digest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sp_sha256(SP_TEXT("abc"), digest);
    assert_digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void mac(const char *key, const char *message)
{
    const struct sp_text piece = sp_text_of(message);
    sp_hmac(sp_text_of(key), &piece, 1, digest);
}

Test(crypto, hmac_follows_rfc_4231)
{
    mac("Jefe", "what do ya want for nothing?");
    assert_digest("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    char key[132];
    memset(key, '\xaa', 131);
    key[131] = '\0';
    mac(key, "Test Using Larger Than Block-Size Key - Hash Key First");
    assert_digest("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

Test(crypto, hmac_of_pieces_is_that_of_the_whole)
{
    const struct sp_text pieces[] = {SP_TEXT("what do "), {0}, SP_TEXT("ya want for nothing?")};
    sp_hmac(SP_TEXT("Jefe"), pieces, SP_COUNT(pieces), digest);
    assert_digest("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* The channel's requests: secret, path, sorted parameters, body, secret; keyed with the secret. */
static void sign(const char *secret, const char *path, const char *joined, const char *body)
{
    const struct sp_text pieces[] = {sp_text_of(secret), sp_text_of(path), sp_text_of(joined),
                                     sp_text_of(body), sp_text_of(secret)};
    sp_hmac(sp_text_of(secret), pieces, SP_COUNT(pieces), digest);
}

Test(crypto, signs_the_worked_vectors_of_the_channel)
{
    const char *secret = "demo-secret-000111222333";
    sign(secret, "/authorization/202309/shops", "app_keydemoappkey01timestamp1735689600", "");
    assert_digest("ed6d123b23e64d5a75381d935dfd2f126a4de53e3e68afae4072a7d9060d17e8");
    sign(secret, "/order/202309/orders/search",
         "app_keydemoappkey01page_size50page_tokenaGVs+bG8/dz==shop_cipherROW_demoCipherAAAA0001"
         "sort_fieldupdate_timesort_orderASCtimestamp1735689600",
         "{\"order_status\":\"AWAITING_SHIPMENT\",\"update_time_ge\":1735603200,"
         "\"update_time_lt\":1735689600}");
    assert_digest("47b61146fc22c7eafd093d0af11c08051c738c7480aabf974313dd2d412802b6");
    sign(secret, "/order/202309/orders",
         "app_keydemoappkey01ids576460000000000001,576460000000000002"
         "shop_cipherROW_demoCipherAAAA0001timestamp1735689600",
         "");
    assert_digest("338b8094088c6fb5a1f8d7778b2c90489b9eea31f3c97b173212c35c5eb5a7ee");
    sign(secret, "/product/202309/images/upload", "app_keydemoappkey01timestamp1735689600", "");
    assert_digest("0a035a2666811d401d7eefea57228dcd367d947ed0f63a054740e470fc1d7a2a");
    sign(secret, "/product/202309/products/1729000000000000001/inventory/update",
         "app_keydemoappkey01shop_cipherROW_demoCipherAAAA0001timestamp1735689600",
         "{\"skus\":[{\"id\":\"1729000000000000101\",\"inventory\":[{\"warehouse_id\":"
         "\"7068000000000000001\",\"quantity\":12}]}],\"note\":\"Größe ✓\"}");
    assert_digest("8973b87bd22575250a900793e059155526a960b3bd7378c3888a3c0e68f3052c");
}

Test(crypto, signs_the_published_examples_of_the_channel)
{
    sign("e59af819cc", "/authorization/202309/shops", "app_key29a39dtimestamp1623812664", "");
    assert_digest("b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
    sign("app_secret", "/test-api", "foobar", "");
    assert_digest("d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f");
}

Test(crypto, secrets_are_equal_only_when_they_are)
{
    cr_assert(sp_secret_equal(SP_TEXT("abc"), SP_TEXT("abc")));
    cr_assert(sp_secret_equal((struct sp_text){0}, SP_TEXT("")));
    cr_assert_not(sp_secret_equal(SP_TEXT("abc"), SP_TEXT("abd")));
    cr_assert_not(sp_secret_equal(SP_TEXT("abc"), SP_TEXT("ab")));
    cr_assert_not(sp_secret_equal(SP_TEXT("abc"), SP_TEXT("abc\0")));
}

/* ---- text forms
 * ------------------------------------------------------------------------------------ */

Test(crypto, base64url_goes_there_and_back)
{
    static const char *const pairs[][2] = {
        {"", ""},          {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"\xff\xfe\xfd", "__79"},
        {"foob", "Zm9vYg"}};
    for (size_t i = 0; i < SP_COUNT(pairs); i++) {
        struct sp_text back, text = sp_base64url(arena, sp_text_of(pairs[i][0]));
        cr_assert(sp_text_is(text, pairs[i][1]), "%.*s", SP_FMT(text));
        cr_assert_eq(sp_base64url_decode(arena, text, &back), SP_OK);
        cr_assert(sp_text_is(back, pairs[i][0]));
    }
}

Test(crypto, what_is_not_base64url_is_rejected)
{
    static const char *const wrong[] = {"Zg==", "Z", "Zm9v!", "Zm 9v", "a+b/", "Zh", "Zm9vYg\n"};
    struct sp_text bytes;
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_eq(sp_base64url_decode(arena, sp_text_of(wrong[i]), &bytes), SP_REJECT, "%s",
                     wrong[i]);
}

Test(crypto, uuids_are_of_version_4_and_differ)
{
    uint8_t first[16], second[16];
    sp_uuid(first);
    sp_uuid(second);
    cr_assert_eq(first[6] >> 4, 4);
    cr_assert_eq(first[8] >> 6, 2);
    cr_assert_neq(memcmp(first, second, sizeof first), 0);
}

/* ---- seals
 * --------------------------------------------------------------------------------------------- */

static const char master[] = "0123456789abcdef0123456789abcdef";
static const struct sp_text about = {"grant/17/access", 15};
static uint8_t key[SP_SEAL_KEY_BYTES];

static struct sp_text seal(const char *plain)
{
    sp_seal_key(SP_TEXT(master), 1, "tokens", key);
    return sp_seal(arena, key, about, sp_text_of(plain));
}

Test(crypto, a_seal_opens_with_its_key_and_name)
{
    static const char *const texts[] = {"", "a", "ROW_token-0123456789"};
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        struct sp_text plain, sealed = seal(texts[i]);
        cr_assert_eq(sealed.size, strlen(texts[i]) + SP_SEAL_OVERHEAD);
        cr_assert_eq(sp_unseal(arena, key, about, sealed, &plain), SP_OK);
        cr_assert(sp_text_is(plain, texts[i]));
    }
}

Test(crypto, a_seal_does_not_open_under_another_name)
{
    struct sp_text plain, sealed = seal("token");
    cr_assert_eq(sp_unseal(arena, key, SP_TEXT("grant/18/access"), sealed, &plain), SP_REJECT);
    cr_assert_eq(sp_unseal(arena, key, SP_TEXT("grant/17/refresh"), sealed, &plain), SP_REJECT);
    cr_assert_eq(sp_unseal(arena, key, (struct sp_text){0}, sealed, &plain), SP_REJECT);
}

Test(crypto, no_part_of_a_seal_can_be_changed_or_left_out)
{
    struct sp_text plain, sealed = seal("token");
    char copy[64];
    for (size_t i = 0; i < sealed.size; i++) {
        memcpy(copy, sealed.data, sealed.size);
        copy[i] = (char)(copy[i] ^ 1);
        cr_assert_eq(sp_unseal(arena, key, about, (struct sp_text){copy, sealed.size}, &plain),
                     SP_REJECT);
        cr_assert_eq(sp_unseal(arena, key, about, (struct sp_text){sealed.data, i}, &plain),
                     SP_REJECT);
    }
}

Test(crypto, the_same_text_is_never_sealed_the_same)
{
    cr_assert_not(sp_text_equal(seal("token"), seal("token")));
}

Test(crypto, each_account_and_purpose_has_its_own_key)
{
    uint8_t keys[5][SP_SEAL_KEY_BYTES];
    sp_seal_key(SP_TEXT(master), 1, "tokens", keys[0]);
    sp_seal_key(SP_TEXT(master), 2, "tokens", keys[1]);
    sp_seal_key(SP_TEXT(master), 1, "buyers", keys[2]);
    sp_seal_key(SP_TEXT(master), 256, "tokens", keys[3]);
    sp_seal_key(SP_TEXT("another master key of 32 bytes.."), 1, "tokens", keys[4]);
    for (size_t i = 0; i < SP_COUNT(keys); i++)
        for (size_t j = 0; j < i; j++)
            cr_assert_neq(memcmp(keys[i], keys[j], SP_SEAL_KEY_BYTES), 0);
    uint8_t again[SP_SEAL_KEY_BYTES];
    sp_seal_key(SP_TEXT(master), 1, "tokens", again);
    cr_assert_eq(memcmp(again, keys[0], sizeof again), 0);
}

/* ---- passwords
 * ------------------------------------------------------------------------------------------- */

Test(crypto, a_password_matches_its_hash_alone)
{
    char hash[128];
    cr_assert_eq(sp_password_hash(SP_TEXT("correct horse battery"), hash), SP_OK);
    cr_assert_eq(strncmp(hash, "$argon2id$v=19$m=65536,", 23), 0, "%s", hash);
    cr_assert(sp_password_matches(SP_TEXT("correct horse battery"), hash));
    cr_assert_not(sp_password_matches(SP_TEXT("correct horse batterz"), hash));
    cr_assert_not(sp_password_matches(SP_TEXT("correct horse battery"), "no hash at all"));
    cr_assert_not(sp_password_matches((struct sp_text){0}, ""));
}
