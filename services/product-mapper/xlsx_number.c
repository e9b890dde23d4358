/* Numbers as workbooks hold them: binary fractions, written out in decimals. */
#include "services/product-mapper/xlsx_number.h"

#include <stdio.h>

enum { NUMBER_DIGITS = 15 };

static bool is_plain_number(struct sp_text text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.size; i++) {
        digits += text.data[i] >= '0' && text.data[i] <= '9';
        if (text.data[i] == 'e' || text.data[i] == 'E')
            return false;
    }
    return digits <= NUMBER_DIGITS;
}

/* 15 digits as a number, one more to round by, and where the point stands among them. */
struct decimal {
    bool negative;
    int64_t digits;
    int count, point;
};

static void take_digit(struct decimal *decimal, char digit, bool behind_point)
{
    bool leading = decimal->count == 0 && digit == '0';
    if (!leading && decimal->count <= NUMBER_DIGITS) {
        decimal->digits = 10 * decimal->digits + (digit - '0');
        decimal->count++;
        decimal->point += !behind_point;
    } else if (leading) {
        decimal->point -= behind_point;
    } else {
        decimal->point += !behind_point;
    }
}

/* False when it is no number. */
static bool read_decimal(struct sp_text text, struct decimal *decimal)
{
    bool behind_point = false;
    int64_t exponent = 0;
    size_t at = 0;
    *decimal = (struct decimal){.negative = text.size > 0 && text.data[0] == '-'};
    for (at = decimal->negative; at < text.size; at++) {
        char letter = text.data[at];
        if (letter == 'e' || letter == 'E')
            break;
        if (letter == '.')
            behind_point = true;
        else if (letter >= '0' && letter <= '9')
            take_digit(decimal, letter, behind_point);
        else
            return false;
    }
    at += at < text.size;
    at += at < text.size && text.data[at] == '+';
    if (at < text.size &&
        (!sp_text_to_int((struct sp_text){text.data + at, text.size - at}, &exponent) ||
         exponent < -400 || exponent > 400))
        return false;
    decimal->point += (int)exponent;
    if (decimal->count > NUMBER_DIGITS) {
        decimal->digits = (decimal->digits + 5) / 10;
        decimal->count = NUMBER_DIGITS;
    }
    return true;
}

/* Without zeros behind the last digit. */
static struct sp_text write_decimal(const struct decimal *decimal, char text[XLSX_NUMBER_BYTES])
{
    int64_t digits = decimal->digits;
    int behind = decimal->count - decimal->point;
    for (; behind > 0 && digits % 10 == 0; behind--)
        digits /= 10;
    int64_t unit = 1;
    for (int i = 0; i < behind; i++)
        unit *= 10;
    for (; behind < 0; behind++)
        digits *= 10;
    const char *sign = decimal->negative ? "-" : "";
    int length = behind == 0
                     ? snprintf(text, XLSX_NUMBER_BYTES, "%s%lld", sign, (long long)digits)
                     : snprintf(text, XLSX_NUMBER_BYTES, "%s%lld.%0*lld", sign,
                                (long long)(digits / unit), behind, (long long)(digits % unit));
    return (struct sp_text){text, (size_t)length};
}

bool mapper_xlsx_number(struct sp_text raw, char text[XLSX_NUMBER_BYTES], struct sp_text *number)
{
    struct decimal decimal;
    *number = raw;
    if (is_plain_number(raw) || !read_decimal(raw, &decimal))
        return true;
    *number = (struct sp_text){0};
    if (decimal.point > NUMBER_DIGITS)
        return false;
    /* Less than a thousandth is what is left of a calculation. */
    bool nothing = decimal.digits == 0 || decimal.point < -2;
    *number = nothing ? SP_TEXT("0") : write_decimal(&decimal, text);
    return true;
}
