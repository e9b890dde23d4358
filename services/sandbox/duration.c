#include "services/sandbox/duration.h"

static size_t digits_of(struct sp_text text)
{
    size_t count = 0;
    while (count < text.size && text.data[count] >= '0' && text.data[count] <= '9')
        count++;
    return count;
}

static struct sp_text behind(struct sp_text text, size_t count)
{
    return (struct sp_text){text.data + count, text.size - count};
}

static int64_t unit_of(char letter)
{
    switch (letter) {
    case 'd':
    case 'D':
        return 86400;
    case 'h':
    case 'H':
        return 3600;
    case 'm':
    case 'M':
        return 60;
    case 's':
    case 'S':
        return 1;
    default:
        return 0;
    }
}

static bool add(int64_t number, int64_t unit, int64_t *seconds)
{
    return unit > 0 && !__builtin_mul_overflow(number, unit, &number) &&
           !__builtin_add_overflow(*seconds, number, seconds);
}

bool duration_read(struct sp_text text, int64_t *seconds)
{
    *seconds = 0;
    if (text.size > 0 && digits_of(text) == text.size)
        return sp_text_to_int(text, seconds);
    if (text.size > 0 && text.data[0] == 'P')
        text = behind(text, 1);
    bool any = false;
    while (text.size > 0) {
        if (text.data[0] == 'T')
            text = behind(text, 1);
        size_t digits = digits_of(text);
        int64_t number;
        if (digits == text.size || !sp_text_to_int((struct sp_text){text.data, digits}, &number) ||
            !add(number, unit_of(text.data[digits]), seconds))
            return false;
        text = behind(text, digits + 1);
        any = true;
    }
    return any;
}

bool duration_read_clock(struct sp_text text, int64_t *seconds)
{
    static const int64_t units[] = {3600, 60, 1};
    *seconds = 0;
    for (size_t i = 0; i < SP_COUNT(units); i++) {
        size_t digits = digits_of(text);
        int64_t number;
        if (!sp_text_to_int((struct sp_text){text.data, digits}, &number) ||
            (i > 0 && (digits != 2 || number > 59)) || !add(number, units[i], seconds))
            return false;
        bool last = i + 1 == SP_COUNT(units);
        if (last)
            return digits == text.size;
        if (digits == text.size || text.data[digits] != ':')
            return false;
        text = behind(text, digits + 1);
    }
    return false;
}
