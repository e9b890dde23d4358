#include "common/json.h"

#include "common/json_scan.h"

/* Everything here reads input that sp_json_parse has checked; `end` bounds it all the same. */

enum { MINOR_DIGITS_MAX = 9 };

static const char *pass_string(const char *at, const char *end)
{
    for (at++; (at = sp_scan_quote(at, end)) < end; at += 2) {
        if (*at == '"')
            return at + 1;
        if (end - at < 2)
            break;
    }
    return end;
}

static const char *pass_container(const char *at, const char *end)
{
    unsigned depth = 0;
    while (at < end) {
        char byte = *at;
        if (byte == '"') {
            at = pass_string(at, end);
            continue;
        }
        at++;
        /* [ and { differ from ] and } by the same two; nothing else outside strings is like them.
         */
        if ((byte | 0x20) == '{')
            depth++;
        else if ((byte | 0x20) == '}' && --depth == 0)
            break;
    }
    return at;
}

static const char *pass_word(const char *at, const char *end)
{
    while (at < end && *at != ',' && *at != '}' && *at != ']' && !sp_scan_is_space(*at))
        at++;
    return at;
}

/* The value that begins at `at`, which is before `end`. */
static struct sp_json value_at(const char *at, const char *end)
{
    enum sp_json_kind kind = sp_scan_kind(*at);
    const char *behind;
    if (kind == SP_JSON_STRING)
        behind = pass_string(at, end);
    else if (kind == SP_JSON_OBJECT || kind == SP_JSON_ARRAY)
        behind = pass_container(at, end);
    else
        behind = pass_word(at, end);
    return (struct sp_json){kind, {at, (size_t)(behind - at)}};
}

struct sp_json_walk sp_json_each(struct sp_json container)
{
    if (container.kind != SP_JSON_ARRAY && container.kind != SP_JSON_OBJECT)
        return (struct sp_json_walk){0};
    const char *start = container.raw.data;
    return (struct sp_json_walk){start + 1, start + container.raw.size - 1,
                                 container.kind == SP_JSON_OBJECT};
}

static const char *pass_between(const char *at, const char *end)
{
    while (at < end && (sp_scan_is_space(*at) || *at == ',' || *at == ':'))
        at++;
    return at;
}

bool sp_json_next(struct sp_json_walk *walk, struct sp_text *name, struct sp_json *value)
{
    const char *at = pass_between(walk->at, walk->end), *end = walk->end;
    if (walk->object && at < end) {
        const char *behind = pass_string(at, end);
        if (name != NULL)
            *name = (struct sp_text){at + 1, (size_t)(behind - at) - 2};
        at = pass_between(behind, end);
    }
    if (at == end)
        return false;
    *value = value_at(at, end);
    walk->at = value->raw.data + value->raw.size;
    return true;
}

size_t sp_json_count(struct sp_json container)
{
    struct sp_json_walk walk = sp_json_each(container);
    struct sp_json element;
    size_t count = 0;
    while (sp_json_next(&walk, NULL, &element))
        count++;
    return count;
}

static bool is_named(struct sp_text text, const char *name)
{
    size_t i = 0;
    while (i < text.size && name[i] == text.data[i])
        i++;
    return i == text.size && name[i] == '\0';
}

struct sp_json sp_json_get(struct sp_json object, const char *name)
{
    struct sp_json found = {0}, value;
    struct sp_text its_name;
    struct sp_json_walk walk = sp_json_each(object);
    while (walk.object && sp_json_next(&walk, &its_name, &value)) {
        if (is_named(its_name, name)) {
            found = value;
            break;
        }
    }
    return found;
}

/* The index of a name, from `next` on and round; `count` when it is not among them. */
static size_t index_of(struct sp_text name, const char *const names[], size_t count, size_t next)
{
    for (size_t i = 0; i < count; i++, next++) {
        if (next >= count)
            next = 0;
        if (is_named(name, names[next]))
            return next;
    }
    return count;
}

void sp_json_members(struct sp_json object, const char *const names[], size_t count,
                     struct sp_json values[])
{
    struct sp_json value;
    struct sp_text name;
    struct sp_json_walk walk = sp_json_each(object);
    size_t next = 0;
    for (size_t i = 0; i < count; i++)
        values[i] = (struct sp_json){0};
    while (walk.object && sp_json_next(&walk, &name, &value)) {
        size_t found = index_of(name, names, count, next);
        if (found == count)
            continue;
        if (values[found].kind == SP_JSON_NONE)
            values[found] = value;
        next = found + 1;
    }
}

/* Writes one character's UTF-8; returns its length. */
static size_t put_character(char *to, unsigned code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xe0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3f));
        to[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3f));
    to[2] = (char)(0x80 | (code >> 6 & 0x3f));
    to[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Decodes the escape at *at, which is checked, and moves behind it. */
static size_t decode_escape(const char **at, const char *end, char *to)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter = memchr(letters, (*at)[1], sizeof letters - 1);
    if (letter != NULL) {
        *to = meanings[letter - letters];
        *at += 2;
        return 1;
    }
    unsigned code = (unsigned)sp_scan_hex4(*at + 2, end) & 0xffff;
    *at += 6;
    if (code >= 0xd800 && code <= 0xdbff) {
        unsigned low = (unsigned)sp_scan_hex4(*at + 2, end) & 0x3ff;
        code = 0x10000 + ((code & 0x3ff) << 10 | low);
        *at += 6;
    }
    return put_character(to, code);
}

static struct sp_text decode_string(struct sp_text inside, struct sp_arena *arena)
{
    const char *at = inside.data, *end = inside.data + inside.size;
    char *decoded = sp_arena_alloc(arena, inside.size); /* an escape is longer than its meaning */
    size_t size = 0;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(decoded + size, at, plain);
        size += plain;
        at += plain;
        if (at < end)
            size += decode_escape(&at, end, decoded + size);
    }
    return (struct sp_text){decoded, size};
}

/* A string without its quotes, escapes as they stand; any other scalar as it stands. */
static struct sp_text inside_of(struct sp_json value)
{
    if (value.kind == SP_JSON_STRING)
        return (struct sp_text){value.raw.data + 1, value.raw.size - 2};
    if (value.kind == SP_JSON_NUMBER || value.kind == SP_JSON_BOOL)
        return value.raw;
    return (struct sp_text){0};
}

struct sp_text sp_json_text(struct sp_json value, struct sp_arena *arena)
{
    struct sp_text inside = inside_of(value);
    if (inside.size == 0 || memchr(inside.data, '\\', inside.size) == NULL)
        return inside;
    return decode_string(inside, arena);
}

bool sp_json_bool(struct sp_json value)
{
    struct sp_text inside = inside_of(value);
    return sp_text_is(inside, "true") || sp_text_is(inside, "1");
}

int64_t sp_json_int(struct sp_json value, int64_t otherwise)
{
    int64_t number;
    return sp_text_to_int(inside_of(value), &number) ? number : otherwise;
}

/* Appends a digit to a number; false when it is none or the number would be too large. */
static bool add_digit(int64_t *number, char digit)
{
    return digit >= '0' && digit <= '9' && !__builtin_mul_overflow(*number, (int64_t)10, number) &&
           !__builtin_add_overflow(*number, (int64_t)(digit - '0'), number);
}

/* "12.9" with 2 digits: 1290.  A sign stands before, not here. */
static bool parse_minor(struct sp_text text, size_t digits, int64_t *minor)
{
    const char *point = memchr(text.data, '.', text.size);
    size_t whole = point == NULL ? text.size : (size_t)(point - text.data);
    size_t behind = point == NULL ? 0 : text.size - whole - 1;
    if (whole == 0 || (point != NULL && behind == 0))
        return false;
    *minor = 0;
    for (size_t i = 0; i < whole; i++) {
        if (!add_digit(minor, text.data[i]))
            return false;
    }
    for (size_t i = 0; i < digits; i++) {
        if (!add_digit(minor, i < behind ? point[1 + i] : '0'))
            return false;
    }
    for (size_t i = digits; i < behind; i++) {
        if (point[1 + i] != '0')
            return false;
    }
    return true;
}

enum sp_result sp_json_minor(struct sp_json value, int digits, int64_t *minor)
{
    SP_ASSERT(digits >= 0 && digits <= MINOR_DIGITS_MAX);
    *minor = 0;
    if (value.kind == SP_JSON_NONE || value.kind == SP_JSON_NULL)
        return SP_OK;
    if (value.kind != SP_JSON_NUMBER && value.kind != SP_JSON_STRING)
        return SP_REJECT;
    struct sp_text text = inside_of(value);
    if (text.size == 0)
        return SP_OK;
    bool negative = text.data[0] == '-';
    if (negative)
        text = (struct sp_text){text.data + 1, text.size - 1};
    if (!parse_minor(text, (size_t)digits, minor)) {
        *minor = 0;
        return SP_REJECT;
    }
    *minor = negative ? -*minor : *minor;
    return SP_OK;
}
