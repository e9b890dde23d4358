/* Looking for the bytes that mean something in JSON, eight at a time.  For json*.c only; inline
 * because reading a marketplace's answer is a hot path. */
#ifndef SAMPAN_JSON_SCAN_H
#define SAMPAN_JSON_SCAN_H

#include "common/json.h"

#include <endian.h>
#include <string.h>

#define SP_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* The highest bit of the first byte below `least` (at most 0x80), and perhaps of later ones. */
static inline uint64_t sp_scan_below(uint64_t word, unsigned least)
{
    return (word - SP_EACH_BYTE(least)) & ~word & SP_EACH_BYTE(0x80);
}

static inline uint64_t sp_scan_equal(uint64_t word, unsigned byte)
{
    return sp_scan_below(word ^ SP_EACH_BYTE(byte), 1);
}

static inline uint64_t sp_scan_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

/* The first byte of a string's inside that ends it or wants a look: quote, backslash, control,
 * beyond ASCII; `end` when there is none. */
static inline const char *sp_scan_special(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word = sp_scan_load(at);
        uint64_t found = sp_scan_equal(word, '"') | sp_scan_equal(word, '\\') |
                         sp_scan_below(word, 0x20) | (word & SP_EACH_BYTE(0x80));
        if (found != 0)
            return at + __builtin_ctzll(found) / 8;
    }
    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
            break;
    }
    return at;
}

/* The same for checked input: quote or backslash only. */
static inline const char *sp_scan_quote(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word = sp_scan_load(at);
        uint64_t found = sp_scan_equal(word, '"') | sp_scan_equal(word, '\\');
        if (found != 0)
            return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

static inline bool sp_scan_is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline const char *sp_scan_space(const char *at, const char *end)
{
    while (at < end && sp_scan_is_space(*at))
        at++;
    return at;
}

/* The kind of a value by its first byte. */
static inline enum sp_json_kind sp_scan_kind(char first)
{
    switch (first) {
    case '"':
        return SP_JSON_STRING;
    case '{':
        return SP_JSON_OBJECT;
    case '[':
        return SP_JSON_ARRAY;
    case 't':
    case 'f':
        return SP_JSON_BOOL;
    case 'n':
        return SP_JSON_NULL;
    default:
        return SP_JSON_NUMBER;
    }
}

/* The four hexadecimal digits of a \u escape, or -1. */
static inline int sp_scan_hex4(const char *at, const char *end)
{
    if (end - at < 4)
        return -1;
    int code = 0;
    for (int i = 0; i < 4; i++) {
        int low = at[i] | 0x20;
        if (at[i] >= '0' && at[i] <= '9')
            code = code * 16 + (at[i] - '0');
        else if (low >= 'a' && low <= 'f')
            code = code * 16 + (low - 'a' + 10);
        else
            return -1;
    }
    return code;
}

#endif
