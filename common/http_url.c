#include "common/http_url.h"

#include <string.h>

void sp_url_encode(struct sp_buffer *out, struct sp_text text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool unreserved = letter || (byte >= '0' && byte <= '9') ||
                          (byte != '\0' && strchr("-._~", byte) != NULL);
        const char escape[3] = {'%', hex[byte >> 4], hex[byte & 15]};
        if (unreserved)
            sp_buffer_put(out, &text.data[i], 1);
        else
            sp_buffer_put(out, escape, sizeof escape);
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that the escape at text[at] means, or -1. */
static int escaped_byte(struct sp_text text, size_t at)
{
    if (text.size - at < 3)
        return -1;
    int high = digit(text.data[at + 1]), low = digit(text.data[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool sp_url_escapes_valid(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '%' && escaped_byte(text, i) < 0)
            return false;
    return true;
}

static enum sp_result decode(struct sp_arena *arena, struct sp_text text, char plus,
                             struct sp_text *decoded)
{
    bool plain = text.size == 0 || (memchr(text.data, '%', text.size) == NULL &&
                                    memchr(text.data, '+', text.size) == NULL);
    if (plain) {
        *decoded = text;
        return SP_OK;
    }
    char *to = sp_arena_alloc(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        int byte = (unsigned char)(text.data[i] == '+' ? plus : text.data[i]);
        if (byte == '%') {
            byte = escaped_byte(text, i);
            i += 2;
        }
        if (byte < 0)
            return SP_REJECT;
        to[size++] = (char)byte;
    }
    *decoded = (struct sp_text){to, size};
    return SP_OK;
}

enum sp_result sp_url_decode(struct sp_arena *arena, struct sp_text text, struct sp_text *decoded)
{
    return decode(arena, text, ' ', decoded);
}

enum sp_result sp_url_decode_path(struct sp_arena *arena, struct sp_text text,
                                  struct sp_text *decoded)
{
    return decode(arena, text, '+', decoded);
}

static struct sp_text until(struct sp_text text, char stop)
{
    const char *found = text.size == 0 ? NULL : memchr(text.data, stop, text.size);
    return (struct sp_text){text.data, found == NULL ? text.size : (size_t)(found - text.data)};
}

static struct sp_text behind(struct sp_text text, size_t size)
{
    /* Past the separator too, where there is one. */
    size_t skip = size < text.size ? size + 1 : size;
    return (struct sp_text){text.data + skip, text.size - skip};
}

bool sp_url_next_pair(struct sp_arena *arena, struct sp_text query, size_t *at,
                      struct sp_text pair[2])
{
    while (*at < query.size) {
        struct sp_text both = until((struct sp_text){query.data + *at, query.size - *at}, '&');
        *at += both.size + 1;
        if (both.size == 0)
            continue;
        pair[0] = until(both, '=');
        pair[1] = behind(both, pair[0].size);
        for (int i = 0; i < 2; i++) {
            struct sp_text raw = pair[i];
            if (sp_url_decode(arena, raw, &pair[i]) != SP_OK)
                pair[i] = raw;
        }
        return true;
    }
    return false;
}
