/* Sessions looked up a moment ago. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/session_cache.h"

static struct session_cache *cache;

static void begin(void)
{
    sp_crypto_setup();
    cache = session_cache_open();
}

static void end(void)
{
    session_cache_close(&cache);
}

TestSuite(session_cache, .init = begin, .fini = end);

static struct person person(uint32_t number)
{
    struct person one = {.account_id = number, .role = ROLE_VIEWER};
    memcpy(one.token.bytes, &number, sizeof number);
    sp_sha256((struct sp_text){(const char *)one.token.bytes, sizeof number}, one.token.bytes);
    return one;
}

Test(session_cache, gives_back_what_was_put)
{
    struct person one = person(1), other = person(2);
    session_cache_put(cache, &one, 100);
    const struct person *found = session_cache_find(cache, &one.token, 101);
    cr_assert_not_null(found);
    cr_expect_eq(found->account_id, 1);
    cr_expect_null(session_cache_find(cache, &other.token, 101));
}

Test(session_cache, forgets_after_five_seconds)
{
    struct person one = person(1);
    session_cache_put(cache, &one, 100);
    cr_expect_not_null(session_cache_find(cache, &one.token, 100 + SESSION_CACHE_FRESH_US - 1));
    cr_expect_null(session_cache_find(cache, &one.token, 100 + SESSION_CACHE_FRESH_US));
}

Test(session_cache, put_again_is_fresh_again)
{
    struct person one = person(1);
    session_cache_put(cache, &one, 100);
    one.role = ROLE_PACKER;
    session_cache_put(cache, &one, 100 + SESSION_CACHE_FRESH_US);
    const struct person *found =
        session_cache_find(cache, &one.token, 101 + SESSION_CACHE_FRESH_US);
    cr_assert_not_null(found);
    cr_expect_eq(found->role, ROLE_PACKER);
}

Test(session_cache, drops_what_signed_out)
{
    struct person one = person(1);
    session_cache_put(cache, &one, 100);
    session_cache_drop(cache, &one.token);
    session_cache_drop(cache, &one.token);
    cr_expect_null(session_cache_find(cache, &one.token, 101));
}

Test(session_cache, keeps_the_newest_ten_thousand)
{
    enum { MANY = 3 * SESSION_CACHE_ENTRIES + 7 };
    for (uint32_t i = 0; i < MANY; i++) {
        struct person one = person(i);
        session_cache_put(cache, &one, 100);
    }
    size_t found = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        struct person one = person(i);
        const struct person *kept = session_cache_find(cache, &one.token, 101);
        cr_assert(kept == NULL || kept->account_id == i);
        cr_assert((kept != NULL) == (i >= MANY - SESSION_CACHE_ENTRIES), "%u", i);
        found += kept != NULL;
    }
    cr_expect_eq(found, SESSION_CACHE_ENTRIES);
}

Test(session_cache, survives_any_mixture_of_puts_and_drops)
{
    uint32_t seed = 1;
    for (int step = 0; step < 200000; step++) {
        seed = seed * 1664525 + 1013904223;
        struct person one = person((seed >> 8) % 15000);
        if ((seed >> 28) < 12)
            session_cache_put(cache, &one, 100 + step);
        else
            session_cache_drop(cache, &one.token);
        const struct person *found = session_cache_find(cache, &one.token, 100 + step);
        cr_assert((found != NULL) == ((seed >> 28) < 12));
    }
}
