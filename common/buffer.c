#include "common/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sp_buffer_reserve(struct sp_buffer *buffer, size_t size)
{
    size_t wanted;
    SP_ASSERT(!__builtin_add_overflow(buffer->size, size, &wanted));
    if (wanted > buffer->capacity) {
        size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
        while (capacity < wanted)
            SP_ASSERT(!__builtin_mul_overflow(capacity, (size_t)2, &capacity));
        buffer->data = sp_realloc(buffer->data, capacity);
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->size;
}

void sp_buffer_put(struct sp_buffer *buffer, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    memcpy(sp_buffer_reserve(buffer, size), bytes, size);
    buffer->size += size;
}

void sp_buffer_put_text(struct sp_buffer *buffer, struct sp_text text)
{
    sp_buffer_put(buffer, text.data, text.size);
}

void sp_buffer_put_string(struct sp_buffer *buffer, const char *string)
{
    sp_buffer_put(buffer, string, strlen(string));
}

void sp_buffer_put_int(struct sp_buffer *buffer, int64_t value)
{
    char digits[20]; /* of the longest: -9223372036854775808 */
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    sp_buffer_put(buffer, digits + at, sizeof digits - at);
}

/* Straight into the buffer; a second time only where the room did not do. */
void sp_buffer_printf(struct sp_buffer *buffer, const char *format, ...)
{
    enum { LIKELY_BYTES = 64 };
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char *to = sp_buffer_reserve(buffer, LIKELY_BYTES);
    size_t room = buffer->capacity - buffer->size;
    int size = vsnprintf(to, room, format, args);
    va_end(args);
    SP_ASSERT(size >= 0);
    if ((size_t)size >= room)
        (void)vsnprintf(sp_buffer_reserve(buffer, (size_t)size + 1), (size_t)size + 1, format,
                        again);
    va_end(again);
    buffer->size += (size_t)size;
}

struct sp_text sp_buffer_text(const struct sp_buffer *buffer)
{
    return (struct sp_text){buffer->data, buffer->size};
}

void sp_buffer_reset(struct sp_buffer *buffer)
{
    buffer->size = 0;
}

void sp_buffer_free(struct sp_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct sp_buffer){0};
}
