/* What an answer of the marketplace means. */
#include "services/connector/envelope.h"

#include <criterion/criterion.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(envelope, .init = set_up, .fini = tear_down);

static struct tiktok_answer read(int status, const char *body)
{
    return tiktok_read_answer(status, sp_text_of(body), arena);
}

Test(envelope, finds_the_data_of_a_success)
{
    struct tiktok_answer answer =
        read(200, "{\"code\":0,\"message\":\"Success\",\"request_id\":\"R1\",\"data\":{\"a\":1}}");
    cr_assert_eq(answer.outcome, TIKTOK_DONE);
    cr_assert(sp_text_is(answer.request_id, "R1"));
    cr_assert_eq(sp_json_int(sp_json_get(answer.data, "a"), 0), 1);
}

Test(envelope, believes_the_code_and_not_the_status)
{
    cr_assert_eq(read(200, "{\"code\":105002,\"message\":\"expired\"}").outcome, TIKTOK_TOKEN);
    cr_assert_eq(read(200, "{\"code\":36009003,\"message\":\"internal\"}").outcome, TIKTOK_LATER);
    cr_assert_eq(read(500, "{\"code\":0,\"message\":\"Success\",\"data\":{}}").outcome,
                 TIKTOK_LATER);
}

Test(envelope, comes_back_later_when_there_are_too_many_calls)
{
    struct tiktok_answer answer =
        read(429, "{\"code\":36009002,\"message\":\"too many requests\"}");
    cr_assert_eq(answer.outcome, TIKTOK_LATER);
    cr_assert(answer.busy);
    answer = read(200, "{\"code\":36009002,\"message\":\"too many requests\"}");
    cr_assert(answer.busy);
}

Test(envelope, takes_html_for_no_answer)
{
    struct tiktok_answer answer = read(200, "<html>Bad gateway</html>");
    cr_assert_eq(answer.outcome, TIKTOK_LATER);
    cr_assert_not(answer.busy);
    cr_assert_eq(read(502, "").outcome, TIKTOK_LATER);
    cr_assert_eq(read(200, "[1]").outcome, TIKTOK_LATER);
}

Test(envelope, tells_a_stale_token_from_a_wrong_request_by_the_words)
{
    cr_assert_eq(
        read(400, "{\"code\":36009004,\"message\":\"x-tts-access-token header is invalid\"}")
            .outcome,
        TIKTOK_TOKEN);
    cr_assert_eq(
        read(400, "{\"code\":36009004,\"message\":\"access_token header is invalid\"}").outcome,
        TIKTOK_TOKEN);
    cr_assert_eq(read(400, "{\"code\":36009004,\"message\":\"param body.x is missing\"}").outcome,
                 TIKTOK_REFUSED);
    cr_assert_eq(
        read(400, "{\"code\":36009004,\"message\":\"timestamp is earlier than 5 minutes\"}")
            .outcome,
        TIKTOK_LATER);
}

Test(envelope, needs_the_seller_for_what_only_he_can_mend)
{
    cr_assert_eq(read(403, "{\"code\":105005,\"message\":\"apply auth pkg\"}").outcome,
                 TIKTOK_CONSENT);
    cr_assert_eq(read(200, "{\"code\":36004001,\"message\":\"rt has expired\"}").outcome,
                 TIKTOK_CONSENT);
}

Test(envelope, tells_a_cipher_of_another_shop_from_a_consent_that_is_over)
{
    struct tiktok_answer answer = read(403, "{\"code\":101000,\"message\":\"not valid\"}");
    cr_assert_eq(answer.outcome, TIKTOK_CONSENT);
    cr_assert(answer.foreign_shop);
    cr_assert_not(read(403, "{\"code\":105005,\"message\":\"apply\"}").foreign_shop);
}

/* It would end a load of history after six tries; it is mended at the app, in a minute. */
Test(envelope, waits_for_an_operator_who_has_forgotten_our_address)
{
    cr_assert_eq(read(403, "{\"code\":36009033,\"message\":\"ip not in the allow list\"}").outcome,
                 TIKTOK_LATER);
}

Test(envelope, refuses_what_will_be_refused_again)
{
    struct tiktok_answer answer = read(400, "{\"code\":21008111,\"message\":\"not yours\"}");
    cr_assert_eq(answer.outcome, TIKTOK_REFUSED);
    cr_assert_eq(answer.code, 21008111);
    cr_assert_eq(read(200, "{\"message\":\"no code\"}").outcome, TIKTOK_REFUSED);
}
