#include "common/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum sp_result sp_fail(struct sp_error *err, enum sp_result result, const char *format, ...)
{
    if (err == NULL)
        return result;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return result;
}

struct sp_text sp_text_of(const char *string)
{
    return (struct sp_text){string, string == NULL ? 0 : strlen(string)};
}

int sp_text_compare(struct sp_text a, struct sp_text b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool sp_text_equal(struct sp_text a, struct sp_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool sp_text_is(struct sp_text text, const char *string)
{
    return sp_text_equal(text, sp_text_of(string));
}

bool sp_text_holds(struct sp_text text, const char *part)
{
    size_t size = strlen(part);
    return size == 0 || (text.size >= size && memmem(text.data, text.size, part, size) != NULL);
}

int sp_text_among(struct sp_text text, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && sp_text_is(text, names[i]))
            return (int)i;
    }
    return -1;
}

bool sp_text_to_int(struct sp_text text, int64_t *value)
{
    size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
    if (at == text.size)
        return false;
    int64_t sum = 0;
    for (size_t i = at; i < text.size; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(sum, (int64_t)10, &sum) ||
            __builtin_sub_overflow(sum, (int64_t)digit, &sum))
            return false;
    }
    /* Summed downwards, since the most negative number has no positive twin. */
    if (at == 0 && __builtin_sub_overflow((int64_t)0, sum, &sum))
        return false;
    *value = sum;
    return true;
}

void sp_assert_failed(const char *truth, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: this must be true: %s\n", file, line, truth);
    abort();
}

void *sp_alloc(size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);
    SP_ASSERT(memory != NULL);
    return memory;
}

void *sp_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size == 0 ? 1 : size);
    SP_ASSERT(memory != NULL);
    return memory;
}

char *sp_strdup(const char *string)
{
    char *copy = strdup(string);
    SP_ASSERT(copy != NULL);
    return copy;
}

struct sp_text sp_text_copy(struct sp_text text)
{
    char *data = sp_alloc(text.size + 1);
    if (text.size > 0)
        memcpy(data, text.data, text.size);
    return (struct sp_text){data, text.size};
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec time;
    SP_ASSERT(clock_gettime(clock, &time) == 0);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

int64_t sp_now_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

int64_t sp_monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}
