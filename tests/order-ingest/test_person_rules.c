/* Whether a person is the one who asks to be forgotten. */
#include "services/order-ingest/person_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>

static bool is_found(const char *phone, const char *email, const struct person_wish *wish)
{
    char text[256];
    struct sp_json person;
    struct sp_arena *arena = sp_arena_open();
    (void)snprintf(text, sizeof text, "{\"phone_number\":\"%s\",\"email\":\"%s\"}", phone, email);
    cr_assert_eq(sp_json_parse(sp_text_of(text), &person, NULL), SP_OK);
    bool found = person_is_wished(person, wish, arena);
    sp_arena_close(&arena);
    return found;
}

static bool is_phone(const char *held, const char *given)
{
    struct person_wish wish = {.phone = sp_text_of(given)};
    return is_found(held, "", &wish);
}

static bool is_email(const char *held, const char *given)
{
    struct person_wish wish = {.email = sp_text_of(given)};
    return is_found("", held, &wish);
}

Test(person_rules, knows_a_phone_however_it_is_written)
{
    cr_expect(is_phone("(+84)912345678", "0912 345 678"));
    cr_expect(is_phone("(+84)912345678", "+84-912-345-678"));
    cr_expect(is_phone("0912345678", "84912345678"));
    cr_expect_not(is_phone("(+84)912345678", "0912 345 679"));
    cr_expect_not(is_phone("(+84)912345678", "5678"), "too few digits say nothing");
    cr_expect_not(is_phone("", "0912345678"));
    cr_expect_not(is_phone("(+84)9123*****78", "0912345678"), "what is masked is nobody's");
    cr_expect_not(is_phone("99999999999999999999999999999999999", "0912345678"));
}

Test(person_rules, knows_a_mail_address_in_either_case)
{
    cr_expect(is_email("Linh@Chat.example.com", "linh@chat.example.com"));
    cr_expect_not(is_email("linh@chat.example.com", "linh@chat.example.co"));
    cr_expect_not(is_email("", ""));
    cr_expect_not(is_email("l***@chat.example.com", "l***@chat.example.com"));
}

Test(person_rules, wants_one_thing_to_be_found_by)
{
    struct sp_error why;
    struct person_wish wish = {.phone = SP_TEXT("0912345678")};
    cr_assert_eq(person_check_wish(&wish, &why), SP_OK);
    wish.email = SP_TEXT("a@b.c");
    cr_assert_eq(person_check_wish(&wish, &why), SP_REJECT);
    wish = (struct person_wish){.order_id = SP_TEXT("7-1")};
    cr_assert_eq(person_check_wish(&wish, &why), SP_OK);
    wish = (struct person_wish){.phone = SP_TEXT("12345")};
    cr_assert_eq(person_check_wish(&wish, &why), SP_REJECT);
    wish = (struct person_wish){.phone = {0}};
    cr_assert_eq(person_check_wish(&wish, &why), SP_REJECT);
}
