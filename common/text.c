#include "common/text.h"

#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS EACH_BYTE(0x80)

/* The highest bit of each byte below `least` (1 to 128) in a word whose bytes are all below 0x80.
 */
static uint64_t bytes_below(uint64_t word, uint64_t least)
{
    return ~(word + EACH_BYTE(0x80 - least)) & HIGH_BITS;
}

static bool is_printable_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    if ((word & HIGH_BITS) != 0)
        return false;
    return (bytes_below(word, 0x20) | bytes_below(word ^ EACH_BYTE(0x7f), 1)) == 0;
}

/* How many bytes from the front are surely printable ASCII, eight at a time. */
static size_t printable_prefix(const char *at, size_t size)
{
    const size_t step = sizeof(uint64_t);
    size_t i = 0;
    while (size - i >= step && is_printable_word(at + i))
        i += step;
    /* The last few together with some already seen. */
    if (size >= step && size - i < step && is_printable_word(at + size - step))
        return size;
    return i;
}

static bool is_tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t sp_text_character(const char *at, size_t size)
{
    const unsigned char *byte = (const unsigned char *)at;
    if (size == 0)
        return 0;
    if (byte[0] < 0x80)
        return 1;
    if (byte[0] < 0xc2 || size < 2 || !is_tail(byte[1]))
        return 0;
    if (byte[0] < 0xe0)
        return 2;
    if (size < 3 || !is_tail(byte[2]))
        return 0;
    if (byte[0] < 0xf0) {
        bool overlong = byte[0] == 0xe0 && byte[1] < 0xa0;
        bool surrogate = byte[0] == 0xed && byte[1] >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    if (byte[0] > 0xf4 || size < 4 || !is_tail(byte[3]))
        return 0;
    bool overlong = byte[0] == 0xf0 && byte[1] < 0x90;
    bool beyond = byte[0] == 0xf4 && byte[1] >= 0x90;
    return overlong || beyond ? 0 : 4;
}

static bool is_control(const char *at)
{
    unsigned char byte = (unsigned char)at[0];
    if (byte < 0x20)
        return byte != '\n' && byte != '\t';
    /* U+0080 to U+009F are C2 80 to C2 9F. */
    return byte == 0x7f || (byte == 0xc2 && (unsigned char)at[1] < 0xa0);
}

bool sp_text_is_utf8(struct sp_text text)
{
    size_t i = printable_prefix(text.data, text.size);
    while (i < text.size) {
        size_t length = sp_text_character(text.data + i, text.size - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/* How many bytes from the front may stand in a fact. */
static size_t plain_prefix(struct sp_text text)
{
    size_t i = printable_prefix(text.data, text.size);
    while (i < text.size) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0x20 && byte < 0x7f) {
            i++;
            continue;
        }
        size_t length = sp_text_character(text.data + i, text.size - i);
        if (length == 0 || is_control(text.data + i))
            break;
        i += length;
    }
    return i;
}

bool sp_text_is_plain(struct sp_text text)
{
    return plain_prefix(text) == text.size;
}

struct sp_text sp_text_fit(struct sp_text text, size_t max, struct sp_arena *arena)
{
    if (text.size > max) {
        text.size = max;
        while (text.size > 0 && is_tail((unsigned char)text.data[text.size]))
            text.size--;
    }
    size_t plain = plain_prefix(text);
    if (plain == text.size)
        return text;
    char *copy = sp_arena_alloc(arena, text.size);
    memcpy(copy, text.data, plain);
    size_t size = plain;
    for (size_t i = plain; i < text.size;) {
        size_t length = sp_text_character(text.data + i, text.size - i);
        if (length == 0 || is_control(text.data + i)) {
            copy[size++] = ' ';
            i += length == 0 ? 1 : length;
            continue;
        }
        memcpy(copy + size, text.data + i, length);
        size += length;
        i += length;
    }
    return (struct sp_text){copy, size};
}
