/* Codes and tokens. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/grants.h"

enum { NOW = 1800000000 };

static struct grants *open_grants(void)
{
    static struct grants grants;
    grants_setup(&grants, 1, (struct grant_lives){.code = 1800, .access = 100, .grant = 1000});
    return &grants;
}

static struct sp_text keep(const char *text, char kept[GRANTS_TOKEN_BYTES])
{
    memcpy(kept, text, GRANTS_TOKEN_BYTES);
    return sp_text_of(kept);
}

static struct grants *authorized(void)
{
    struct grants *grants = open_grants();
    char code[GRANTS_TOKEN_BYTES];
    cr_assert_eq(grants_take_code(grants, keep(grants_consent(grants, NOW), code), NOW), GRANT_OK);
    return grants;
}

Test(grants, takes_a_code_once)
{
    struct grants *grants = open_grants();
    char text[GRANTS_TOKEN_BYTES];
    struct sp_text code = keep(grants_consent(grants, NOW), text);
    cr_assert_eq(grants_take_code(grants, code, NOW), GRANT_OK);
    cr_assert_eq(grants_take_code(grants, code, NOW), GRANT_CODE_INVALID);
    cr_assert_eq(grants_take_code(grants, SP_TEXT(""), NOW), GRANT_CODE_INVALID);
}

Test(grants, refuses_a_code_after_half_an_hour)
{
    struct grants *grants = open_grants();
    char text[GRANTS_TOKEN_BYTES];
    struct sp_text code = keep(grants_consent(grants, NOW), text);
    cr_assert_eq(grants_take_code(grants, code, NOW + 1800), GRANT_CODE_INVALID);
    cr_assert_not(grants_is_live(grants, NOW));
}

Test(grants, says_when_tokens_end_in_absolute_time)
{
    struct grants *grants = authorized();
    cr_assert_eq(grants->access_expires, NOW + 100);
    cr_assert_eq(grants->grant_expires, NOW + 1000);
    cr_assert(strlen(grants->access) >= 70);
    cr_assert_eq(grants_check(grants, sp_text_of(grants->access), NOW + 99), TOKEN_GOOD);
    cr_assert_eq(grants_check(grants, sp_text_of(grants->access), NOW + 100), TOKEN_EXPIRED);
    cr_assert_eq(grants_check(grants, SP_TEXT("else"), NOW), TOKEN_UNKNOWN);
    cr_assert_eq(grants_check(grants, SP_TEXT(""), NOW), TOKEN_UNKNOWN);
}

Test(grants, gives_two_new_tokens_on_each_refresh_and_voids_the_old_refresh_token)
{
    struct grants *grants = authorized();
    char old[GRANTS_TOKEN_BYTES], access[GRANTS_TOKEN_BYTES];
    struct sp_text refresh = keep(grants->refresh, old);
    (void)keep(grants->access, access);
    cr_assert_eq(grants_refresh(grants, refresh, NOW + 50), GRANT_OK);
    cr_assert_str_neq(grants->refresh, old);
    cr_assert_str_neq(grants->access, access);
    cr_assert_eq(grants->grant_expires, NOW + 1000); /* does not move */
    cr_assert_eq(grants_refresh(grants, refresh, NOW + 50), GRANT_REFRESH_UNKNOWN);
    cr_assert_eq(grants_check(grants, sp_text_of(access), NOW + 60), TOKEN_GOOD);
}

Test(grants, ends_with_the_sellers_consent)
{
    struct grants *grants = authorized();
    char text[GRANTS_TOKEN_BYTES];
    struct sp_text refresh = keep(grants->refresh, text);
    cr_assert_eq(grants_refresh(grants, refresh, NOW + 950), GRANT_OK);
    cr_assert_eq(grants->access_expires, NOW + 1000); /* no longer than the consent */
    refresh = keep(grants->refresh, text);
    cr_assert_eq(grants_refresh(grants, refresh, NOW + 1000), GRANT_REFRESH_EXPIRED);
}

Test(grants, can_be_ended_by_hand)
{
    struct grants *grants = authorized();
    grants_expire_access(grants, NOW + 1);
    cr_assert_eq(grants_check(grants, sp_text_of(grants->access), NOW + 1), TOKEN_EXPIRED);
    cr_assert(grants_is_live(grants, NOW + 1));
    grants_expire_grant(grants, NOW + 2);
    cr_assert_eq(grants_refresh(grants, sp_text_of(grants->refresh), NOW + 2),
                 GRANT_REFRESH_EXPIRED);
    grants = authorized();
    grants_revoke(grants);
    cr_assert_eq(grants_check(grants, sp_text_of(grants->access), NOW), TOKEN_UNKNOWN);
    cr_assert_eq(grants_refresh(grants, sp_text_of(grants->refresh), NOW), GRANT_REFRESH_UNKNOWN);
}

Test(grants, forgets_only_the_oldest_tokens)
{
    struct grants *grants = authorized();
    char first[GRANTS_TOKEN_BYTES], text[GRANTS_TOKEN_BYTES];
    struct sp_text oldest = keep(grants->access, first);
    for (int i = 0; i < GRANTS_TOKENS; i++)
        cr_assert_eq(grants_refresh(grants, keep(grants->refresh, text), NOW + i / 10), GRANT_OK);
    cr_assert_eq(grants_check(grants, oldest, NOW + 1), TOKEN_UNKNOWN);
    cr_assert_eq(grants_check(grants, sp_text_of(grants->access), NOW + 1), TOKEN_GOOD);
}

Test(grants, knows_scopes_by_name)
{
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1)
        cr_assert_eq(
            (unsigned)grants_scope_of(sp_text_of(grants_scope_name((enum grant_scope)scope))),
            scope);
    cr_assert_eq(grants_scope_of(SP_TEXT("seller.everything")), SCOPE_NONE);
}
