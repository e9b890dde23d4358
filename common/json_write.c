/* Writing JSON: values appended to a buffer, commas and escapes put where they belong. */
#include "common/json.h"

#include "common/json_scan.h"
#include "common/text.h"

struct sp_json_writer sp_json_writer(struct sp_buffer *out)
{
    return (struct sp_json_writer){.out = out};
}

static void put_byte(struct sp_buffer *out, char byte)
{
    *sp_buffer_reserve(out, 1) = byte;
    out->size++;
}

/* The character at `at` that cannot stand as it is; returns how many bytes of input it took. */
static size_t put_special(struct sp_buffer *out, const char *at, const char *end)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = memchr(plain, *at, sizeof plain - 1);
    if (found != NULL) {
        put_byte(out, '\\');
        put_byte(out, letters[found - plain]);
        return 1;
    }
    if ((unsigned char)*at < 0x20) {
        sp_buffer_printf(out, "\\u%04x", (unsigned)*at);
        return 1;
    }
    size_t length = sp_text_character(at, (size_t)(end - at));
    if (length == 0) {
        sp_buffer_put_string(out, "\xef\xbf\xbd"); /* U+FFFD, so that the whole stays UTF-8 */
        return 1;
    }
    sp_buffer_put(out, at, length);
    return length;
}

static void put_quoted(struct sp_buffer *out, struct sp_text text)
{
    const char *at = text.data, *end = text.size == 0 ? at : at + text.size;
    put_byte(out, '"');
    while (at < end) {
        const char *special = sp_scan_special(at, end);
        sp_buffer_put(out, at, (size_t)(special - at));
        at = special;
        if (at < end)
            at += put_special(out, at, end);
    }
    put_byte(out, '"');
}

/* What stands before a value: the comma, and within objects the name. */
static void begin(struct sp_json_writer *json, const char *name)
{
    if (json->comma)
        put_byte(json->out, ',');
    json->comma = true;
    if (name != NULL) {
        put_quoted(json->out, sp_text_of(name));
        put_byte(json->out, ':');
    }
}

static void open_container(struct sp_json_writer *json, const char *name, char bracket)
{
    begin(json, name);
    put_byte(json->out, bracket);
    json->comma = false;
}

static void close_container(struct sp_json_writer *json, char bracket)
{
    put_byte(json->out, bracket);
    json->comma = true;
}

void sp_json_open_object(struct sp_json_writer *json, const char *name)
{
    open_container(json, name, '{');
}

void sp_json_close_object(struct sp_json_writer *json)
{
    close_container(json, '}');
}

void sp_json_open_array(struct sp_json_writer *json, const char *name)
{
    open_container(json, name, '[');
}

void sp_json_close_array(struct sp_json_writer *json)
{
    close_container(json, ']');
}

void sp_json_put_string(struct sp_json_writer *json, const char *name, struct sp_text text)
{
    begin(json, name);
    put_quoted(json->out, text);
}

void sp_json_put_cstring(struct sp_json_writer *json, const char *name, const char *text)
{
    sp_json_put_string(json, name, sp_text_of(text));
}

void sp_json_put_int(struct sp_json_writer *json, const char *name, int64_t value)
{
    begin(json, name);
    sp_buffer_put_int(json->out, value);
}

void sp_json_put_bool(struct sp_json_writer *json, const char *name, bool value)
{
    begin(json, name);
    sp_buffer_put_string(json->out, value ? "true" : "false");
}

void sp_json_put_null(struct sp_json_writer *json, const char *name)
{
    begin(json, name);
    sp_buffer_put_string(json->out, "null");
}

void sp_json_put_minor(struct sp_json_writer *json, const char *name, int64_t minor, int digits)
{
    SP_ASSERT(digits >= 0 && digits <= 9);
    uint64_t rest = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    char text[32];
    size_t at = sizeof text;
    /* From the last digit to the first: all digits behind the point, and one before it at least. */
    for (int i = 0; i <= digits || rest > 0; i++) {
        if (i == digits && digits > 0)
            text[--at] = '.';
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (minor < 0)
        text[--at] = '-';
    sp_json_put_string(json, name, (struct sp_text){text + at, sizeof text - at});
}

void sp_json_put_raw(struct sp_json_writer *json, const char *name, struct sp_text raw_json)
{
    begin(json, name);
    sp_buffer_put_text(json->out, raw_json);
}
