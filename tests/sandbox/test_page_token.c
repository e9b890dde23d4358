/* Page tokens. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/crypto.h"
#include "services/sandbox/page_token.h"

static const struct sp_text key = {"key", 3};

TestSuite(page_token, .init = sp_crypto_setup);

Test(page_token, leads_back_to_its_place_for_the_same_walk_only)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_text token = page_token_make(key, SP_TEXT("orders 1"), 4711, arena);
    uint64_t place = 0;
    cr_assert_eq(page_token_read(key, SP_TEXT("orders 1"), token, &place), SP_OK);
    cr_assert_eq(place, 4711);
    cr_assert_eq(page_token_read(key, SP_TEXT("orders 2"), token, &place), SP_REJECT);
    cr_assert_eq(page_token_read(SP_TEXT("other"), SP_TEXT("orders 1"), token, &place), SP_REJECT);
    sp_arena_close(&arena);
}

Test(page_token, holds_the_characters_a_client_has_to_encode)
{
    struct sp_arena *arena = sp_arena_open();
    for (uint64_t place = 1; place < 200; place++) {
        struct sp_text token = page_token_make(key, SP_TEXT("x"), place, arena);
        cr_assert(memchr(token.data, '+', token.size) != NULL);
        cr_assert(memchr(token.data, '/', token.size) != NULL);
        cr_assert_eq(token.data[token.size - 1], '=');
    }
    sp_arena_close(&arena);
}

Test(page_token, refuses_every_changed_byte)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_text token = page_token_make(key, SP_TEXT("x"), 9, arena);
    char copy[64];
    for (size_t i = 0; i < token.size - 2; i++) {
        uint64_t place;
        memcpy(copy, token.data, token.size);
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        struct sp_text changed = {copy, token.size};
        /* The last character before the padding also holds bits that are not used. */
        if (i < token.size - 3)
            cr_assert_eq(page_token_read(key, SP_TEXT("x"), changed, &place), SP_REJECT);
    }
    uint64_t place;
    cr_assert_eq(page_token_read(key, SP_TEXT("x"), SP_TEXT(""), &place), SP_REJECT);
    cr_assert_eq(
        page_token_read(key, SP_TEXT("x"), SP_TEXT("????????????????????????????"), &place),
        SP_REJECT);
    sp_arena_close(&arena);
}
