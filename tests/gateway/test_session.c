/* The rules of sessions.  Covers: session.c, rfc3339.c */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/rfc3339.h"
#include "services/gateway/session.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define HOUR_US (60 * MINUTE_US)

static const int64_t started_us = INT64_C(1700000000) * 1000000;

static struct sp_arena *arena;

static void begin(void)
{
    sp_crypto_setup();
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(session, .init = begin, .fini = end);

Test(session, ends_after_30_idle_minutes)
{
    int64_t seen_us = started_us + HOUR_US;
    cr_expect(session_is_live(seen_us + 30 * MINUTE_US - 1, started_us, seen_us));
    cr_expect_not(session_is_live(seen_us + 30 * MINUTE_US, started_us, seen_us));
}

Test(session, ends_after_12_hours_however_busy)
{
    int64_t end_us = started_us + 12 * HOUR_US;
    cr_expect(session_is_live(end_us - 1, started_us, end_us - 2));
    cr_expect_not(session_is_live(end_us, started_us, end_us - 1));
}

Test(session, lives_when_the_clock_went_back)
{
    cr_expect(session_is_live(started_us - HOUR_US, started_us, started_us));
}

Test(session, is_touched_once_a_minute_at_most)
{
    cr_expect_not(session_wants_touch(started_us + MINUTE_US - 1, started_us));
    cr_expect(session_wants_touch(started_us + MINUTE_US, started_us));
}

Test(session, tokens_have_256_bits_and_are_never_the_same)
{
    struct sp_text one, other;
    struct token_hash one_hash, other_hash;
    token_make(arena, &one, &one_hash);
    token_make(arena, &other, &other_hash);
    cr_expect_eq(one.size, 43);
    cr_expect_not(sp_text_equal(one, other));
    cr_expect_not(token_hash_equal(&one_hash, &other_hash));
}

Test(session, tokens_are_known_by_their_hash_alone)
{
    struct sp_text token;
    struct token_hash made, read;
    token_make(arena, &token, &made);
    cr_expect(token_read(token, &read));
    cr_expect(token_hash_equal(&made, &read));
    cr_expect(memmem(made.bytes, sizeof made.bytes, token.data, 8) == NULL);
}

Test(session, what_cannot_be_a_token_is_not_looked_up)
{
    static const char *const bad[] = {
        "",
        "short",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",   /* 42 */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 44 */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
    };
    struct token_hash hash;
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_expect_not(token_read(sp_text_of(bad[i]), &hash), "%s", bad[i]);
}

Test(session, cookies_are_out_of_reach_of_scripts_and_other_sites)
{
    const char *cookie = session_cookie_header(arena, SP_TEXT("abc"), false);
    cr_expect_str_eq(cookie,
                     "Set-Cookie: sampan=abc; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax");
}

Test(session, cookies_over_https_belong_to_the_host)
{
    const char *cookie = session_cookie_header(arena, SP_TEXT("abc"), true);
    cr_expect_str_eq(cookie, "Set-Cookie: __Host-sampan=abc; Path=/; Max-Age=43200; HttpOnly; "
                             "SameSite=Lax; Secure");
}

Test(session, an_empty_token_takes_the_cookie_away)
{
    const char *cookie = session_cookie_header(arena, (struct sp_text){0}, false);
    cr_expect(strstr(cookie, "sampan=; ") != NULL && strstr(cookie, "Max-Age=0;") != NULL);
}

Test(session, times_are_written_as_the_api_says)
{
    char text[RFC3339_BYTES];
    rfc3339_write(0, text);
    cr_expect_str_eq(text, "1970-01-01T00:00:00Z");
    rfc3339_write(INT64_C(1795300200999999), text);
    cr_expect_str_eq(text, "2026-11-21T22:30:00Z");
    rfc3339_write(INT64_MAX, text);
    cr_expect_lt(strlen(text), RFC3339_BYTES);
}
