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

void sp_buffer_printf(struct sp_buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    SP_ASSERT(size >= 0);
    char *to = sp_buffer_reserve(buffer, (size_t)size + 1);
    (void)vsnprintf(to, (size_t)size + 1, format, again);
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
