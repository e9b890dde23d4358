#include "services/gateway/password.h"

#include <string.h>
#include <strings.h>

#include "common/text.h"

enum { LEAST_DIFFERENT = 5 };

/* Found in every list of leaked passwords and long enough to pass otherwise; in lower case. */
static const char *const common_passwords[] = {
    "0123456789012", "1234567890123",  "123456789abc",  "123456789012",
    "1q2w3e4r5t6y",  "1qaz2wsx3edc",   "abc123456789",  "abcd12345678",
    "abcdefghijkl",  "adminadmin123",  "administrator", "administrator1",
    "changeme1234",  "changemenow1",   "contrasena123", "correcthorsebatterystaple",
    "iloveyou1234",  "iloveyou12345",  "letmein12345",  "mypassword123",
    "p@ssword1234",  "p@ssw0rd1234",   "passw0rd1234",  "password1234",
    "password12345", "password123456", "password1234!", "passwordpassword",
    "qazwsxedcrfv",  "qwerty123456",   "qwerty1234567", "qwertyqwerty",
    "qwertyuiop12",  "qwertyuiop123",  "qwertyuiopas",  "qwertyuiopasdfghjkl",
    "sampansampan",  "sampan123456",   "tiktokshop12",  "tiktokshop123",
    "welcome12345",  "welcome123456",  "zaq12wsxcde3",
};

static bool is_folded(struct sp_text text, struct sp_text other)
{
    return text.size == other.size && strncasecmp(text.data, other.data, text.size) == 0;
}

static bool is_common(struct sp_text password)
{
    for (size_t i = 0; i < SP_COUNT(common_passwords); i++)
        if (is_folded(password, sp_text_of(common_passwords[i])))
            return true;
    return false;
}

static size_t different_bytes(struct sp_text text)
{
    bool seen[256] = {false};
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        count += seen[c] ? 0 : 1;
        seen[c] = true;
    }
    return count;
}

static size_t characters(struct sp_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xc0) == 0x80 ? 0 : 1;
    return count;
}

const char *password_weakness(struct sp_text password, struct sp_text login)
{
    if (!sp_text_is_utf8(password) || password.size > PASSWORD_MOST_BYTES)
        return "The password may have at most 256 bytes of text.";
    if (characters(password) < PASSWORD_LEAST_CHARACTERS)
        return "The password needs at least 12 characters.";
    if (different_bytes(password) < LEAST_DIFFERENT)
        return "The password needs at least 5 different characters.";
    if (is_folded(password, login))
        return "The password must not be the login.";
    if (is_common(password))
        return "This password is in every list of common passwords.";
    return NULL;
}

bool login_is_good(struct sp_text login)
{
    if (login.size < LOGIN_LEAST_BYTES || login.size > LOGIN_MOST_BYTES)
        return false;
    for (size_t i = 0; i < login.size; i++) {
        char c = login.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("._-+@", c) == NULL))
            return false;
    }
    return true;
}
