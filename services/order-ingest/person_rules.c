/* Whether a person is the one who asks to be forgotten. */
#include "services/order-ingest/person_rules.h"

#include <string.h>

enum { MOST_DIGITS = 32 };

struct digits {
    char at[MOST_DIGITS];
    size_t count;
};

/* Without blanks, signs and brackets; none when it is masked or has too many.  A leading zero
 * stands for a country. */
static struct digits digits_of(struct sp_text text)
{
    struct digits digits = {.count = 0};
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '*' || digits.count == MOST_DIGITS)
            return (struct digits){.count = 0};
        if (c >= '0' && c <= '9' && (c != '0' || digits.count > 0))
            digits.at[digits.count++] = c;
    }
    return digits;
}

static bool is_same_phone(struct sp_text left, struct sp_text right)
{
    struct digits a = digits_of(left), b = digits_of(right);
    size_t count = a.count < b.count ? a.count : b.count;
    return count >= PERSON_PHONE_DIGITS &&
           memcmp(a.at + a.count - count, b.at + b.count - count, count) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_email(struct sp_text left, struct sp_text right)
{
    if (left.size != right.size || left.size == 0 || memchr(left.data, '*', left.size) != NULL)
        return false;
    for (size_t i = 0; i < left.size; i++) {
        if (lower(left.data[i]) != lower(right.data[i]))
            return false;
    }
    return true;
}

enum sp_result person_check_wish(const struct person_wish *wish, struct sp_error *err)
{
    int given = (wish->order_id.size > 0) + (wish->phone.size > 0) + (wish->email.size > 0);
    if (given != 1)
        return sp_fail(err, SP_REJECT, "one of order_id, phone and email is wanted");
    if (wish->phone.size > 0 && digits_of(wish->phone).count < PERSON_PHONE_DIGITS)
        return sp_fail(err, SP_REJECT, "a phone number has at least %d digits",
                       PERSON_PHONE_DIGITS);
    return SP_OK;
}

bool person_is_wished(struct sp_json person, const struct person_wish *wish, struct sp_arena *arena)
{
    if (wish->phone.size > 0)
        return is_same_phone(sp_json_text(sp_json_get(person, "phone_number"), arena), wish->phone);
    return is_same_email(sp_json_text(sp_json_get(person, "email"), arena), wish->email);
}
