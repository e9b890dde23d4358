/* Which passwords and logins are taken. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/password.h"

static bool taken(const char *password)
{
    return password_weakness(sp_text_of(password), SP_TEXT("owner@shop.vn")) == NULL;
}

Test(password, needs_twelve_characters)
{
    cr_expect_not(taken(""));
    cr_expect_not(taken("a sunny day"));
    cr_expect(taken("a sunny days"));
}

Test(password, counts_characters_not_bytes)
{
    cr_expect_not(taken("mật khẩu ơi"), "11 characters, more bytes");
    cr_expect(taken("mật khẩu ơi!"));
}

Test(password, may_be_long_but_not_endless)
{
    char text[300];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    struct sp_text none = {0};
    cr_expect_null(password_weakness((struct sp_text){text, 256}, none));
    cr_expect_not_null(password_weakness((struct sp_text){text, 257}, none));
}

Test(password, must_not_be_common_in_any_case)
{
    cr_expect_not(taken("password1234"));
    cr_expect_not(taken("PassWord1234"));
    cr_expect_not(taken("qwertyuiop123"));
}

Test(password, must_not_be_the_login)
{
    cr_expect_not(taken("owner@shop.vn"));
    cr_expect_not(taken("OWNER@shop.vn"));
}

Test(password, must_not_be_one_key_held_down)
{
    cr_expect_not(taken("aaaaaaaaaaaaaaaa"));
    cr_expect_not(taken("121212121212121212"));
}

Test(password, must_be_text)
{
    cr_expect_not(taken("\xff\xfe sunny tuesday"));
}

Test(password, logins_are_what_any_keyboard_can_type)
{
    cr_expect(login_is_good(SP_TEXT("an.owner+1@shop-a_b.vn")));
    cr_expect_not(login_is_good(SP_TEXT("ab")));
    cr_expect_not(login_is_good(SP_TEXT("with space")));
    cr_expect_not(login_is_good(SP_TEXT("chủ-shop")));
    cr_expect_not(login_is_good((struct sp_text){"a\0b", 3}));
    char text[121];
    memset(text, 'a', sizeof text);
    cr_expect(login_is_good((struct sp_text){text, 120}));
    cr_expect_not(login_is_good((struct sp_text){text, 121}));
}
