#include "common/settings_value.h"

#include <string.h>

enum { KEY_DIGITS = 64, WORD_LETTERS = 63, HOST_LETTERS = 253 };

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit durations[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 3600 * 1000}, {"d", 24 * 3600 * 1000},
    {NULL, 0}};
static const struct unit sizes[] = {
    {"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}, {NULL, 0}};
static const struct unit plain[] = {{"", 1}, {NULL, 0}};

/* Digits and one of the units; false on anything else, overflow included. */
static bool parse_units(const char *text, const struct unit *units, int64_t *value)
{
    /* Only plain numbers may be negative. */
    size_t sign = units == plain && text[0] == '-';
    size_t digits = sign + strspn(text + sign, "0123456789");
    int64_t number;
    if (!sp_text_to_int((struct sp_text){text, digits}, &number))
        return false;
    for (; units->name != NULL; units++)
        if (strcmp(units->name, text + digits) == 0)
            return !__builtin_mul_overflow(number, units->factor, value);
    return false;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t size = strlen(text);
    for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strcspn(at, "|") == size && strncmp(at, text, size) == 0)
            return size > 0;
    }
    return false;
}

static enum sp_result check_range(const struct sp_setting *setting, const char *text,
                                  int64_t number, struct sp_error *err)
{
    if (setting->least == 0 && setting->most == 0)
        return SP_OK;
    if (number >= setting->least && number <= setting->most)
        return SP_OK;
    const char *unit = setting->kind == SP_SETTING_DURATION ? " ms"
                       : setting->kind == SP_SETTING_BYTES  ? " bytes"
                                                            : "";
    return sp_fail(err, SP_REJECT, "\"%s\" is not within %lld to %lld%s", text,
                   (long long)setting->least, (long long)setting->most, unit);
}

static enum sp_result parse_number(const struct sp_setting *setting, const char *text,
                                   int64_t *number, struct sp_error *err)
{
    const struct unit *units = plain;
    const char *form = "a whole number";
    if (setting->kind == SP_SETTING_DURATION) {
        units = durations;
        form = "a duration such as 500ms, 30s, 5m, 2h, 14d";
    } else if (setting->kind == SP_SETTING_BYTES) {
        units = sizes;
        form = "a size such as 65536, 256KiB, 64MiB, 1GiB";
    }
    if (!parse_units(text, units, number))
        return sp_fail(err, SP_REJECT, "\"%s\" is not %s", text, form);
    return check_range(setting, text, *number, err);
}

/* One spelling of a key only: what is sealed under the digits would not open under others. */
static enum sp_result check_key(const char *text, struct sp_error *err)
{
    size_t size = strlen(text), digits = strspn(text, "0123456789abcdef");
    if (size == KEY_DIGITS && digits == size)
        return SP_OK;
    return sp_fail(err, SP_REJECT, "must be %d digits 0-9 a-f; these are %zu%s", KEY_DIGITS, size,
                   digits == size ? "" : ", and not all of them such digits");
}

static bool is_word(const char *text)
{
    size_t size = strlen(text);
    return size <= WORD_LETTERS && strspn(text, WORD) == size;
}

/* Scheme, host, perhaps a port: of an address that begins so the rest is ours to say. */
static bool is_origin(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    const char *host = text + scheme;
    size_t size = host[0] == '[' ? strspn(host, "[]:0123456789abcdefABCDEF") : strspn(host, WORD);
    const char *port = host + size;
    size_t digits = port[0] == ':' ? strspn(port + 1, "0123456789") : 0;
    return scheme > 0 && size > 0 && size <= HOST_LETTERS &&
           (port[0] == '\0' || (digits > 0 && port[1 + digits] == '\0'));
}

enum sp_result sp_setting_parse(const struct sp_setting *setting, const char *text, int64_t *number,
                                struct sp_error *err)
{
    *number = 0;
    switch (setting->kind) {
    case SP_SETTING_TEXT:
    case SP_SETTING_SECRET:
        return SP_OK;
    case SP_SETTING_KEY:
        return check_key(text, err);
    case SP_SETTING_BOOL:
        *number = strcmp(text, "true") == 0;
        if (*number == 0 && strcmp(text, "false") != 0)
            return sp_fail(err, SP_REJECT, "\"%s\" is not true or false", text);
        return SP_OK;
    case SP_SETTING_CHOICE:
        if (!is_choice(setting->choices, text))
            return sp_fail(err, SP_REJECT, "\"%s\" is not one of %s", text, setting->choices);
        return SP_OK;
    case SP_SETTING_ORIGIN:
        if (text[0] != '\0' && !is_origin(text))
            return sp_fail(err, SP_REJECT,
                           "\"%s\" is not http:// or https://, a host, and perhaps a port", text);
        return SP_OK;
    case SP_SETTING_WORD:
        if (!is_word(text))
            return sp_fail(err, SP_REJECT, "\"%s\" is not made of at most %d of a-z A-Z 0-9 . _ -",
                           text, WORD_LETTERS);
        return SP_OK;
    case SP_SETTING_INT:
    case SP_SETTING_DURATION:
    case SP_SETTING_BYTES:
        break;
    }
    return parse_number(setting, text, number, err);
}

enum { NAME_LETTERS = 64 };

size_t sp_name_distance(const char *a, const char *b, size_t most)
{
    size_t a_size = strlen(a), b_size = strlen(b);
    if (a_size > NAME_LETTERS || b_size > NAME_LETTERS)
        return most + 1;
    size_t row[NAME_LETTERS + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            best = corner + 1 < best ? corner + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[b_size] <= most ? row[b_size] : most + 1;
}
