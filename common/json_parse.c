/* Checking JSON: one pass over the whole input, without recursion. */
#include "common/json.h"

#include "common/json_scan.h"
#include "common/text.h"

/* What may come next. */
enum expect {
    VALUE,
    VALUE_OR_END, /* behind [ */
    NAME,
    NAME_OR_END, /* behind { */
    COMMA_OR_END,
    NOTHING, /* the value is complete */
    WRONG,
};

struct parser {
    const char *at, *end;
    unsigned depth;
    uint64_t objects; /* bit n: the container at depth n + 1 is an object */
    const char *wrong;
};

static bool refuse(struct parser *parser, const char *why)
{
    parser->wrong = why;
    return false;
}

static enum expect fail(struct parser *parser, const char *why)
{
    parser->wrong = why;
    return WRONG;
}

static enum expect after_value(const struct parser *parser)
{
    return parser->depth == 0 ? NOTHING : COMMA_OR_END;
}

static bool in_object(const struct parser *parser)
{
    return (parser->objects >> (parser->depth - 1) & 1) != 0;
}

static enum expect open_container(struct parser *parser, bool object)
{
    if (parser->depth == SP_JSON_DEPTH)
        return fail(parser, "is nested too deeply");
    uint64_t bit = UINT64_C(1) << parser->depth;
    parser->objects = object ? parser->objects | bit : parser->objects & ~bit;
    parser->depth++;
    parser->at++;
    return object ? NAME_OR_END : VALUE_OR_END;
}

static enum expect close_container(struct parser *parser)
{
    parser->depth--;
    parser->at++;
    return after_value(parser);
}

/* Behind the escape at `at` (a backslash); NULL when it is none.  A surrogate needs its other half.
 */
static const char *check_escape(const char *at, const char *end)
{
    if (end - at < 2)
        return NULL;
    if (at[1] != 'u')
        return memchr("\"\\/bfnrt", at[1], 8) == NULL ? NULL : at + 2;
    int code = sp_scan_hex4(at + 2, end);
    if (code < 0 || (code >= 0xdc00 && code <= 0xdfff))
        return NULL;
    if (code < 0xd800 || code > 0xdfff)
        return at + 6;
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return NULL;
    int low = sp_scan_hex4(at + 8, end);
    return low >= 0xdc00 && low <= 0xdfff ? at + 12 : NULL;
}

/* Passes a string, of which parser->at is the opening quote. */
static bool check_string(struct parser *parser)
{
    const char *at = parser->at + 1, *end = parser->end;
    for (;;) {
        at = sp_scan_special(at, end);
        parser->at = at;
        if (at == end)
            return refuse(parser, "ends within a string");
        if (*at == '"')
            break;
        if (*at == '\\') {
            at = check_escape(at, end);
            if (at == NULL)
                return refuse(parser, "has a wrong escape");
            continue;
        }
        if ((unsigned char)*at < 0x20)
            return refuse(parser, "has a control character in a string");
        size_t length = sp_text_character(at, (size_t)(end - at));
        if (length == 0)
            return refuse(parser, "is not UTF-8");
        at += length;
    }
    parser->at = at + 1;
    return true;
}

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

static const char *pass_digits(const char *at, const char *end)
{
    while (is_digit(at, end))
        at++;
    return at;
}

static enum expect check_number(struct parser *parser)
{
    const char *at = parser->at, *end = parser->end;
    at += *at == '-';
    if (!is_digit(at, end))
        return fail(parser, "has something that is no value");
    at = *at == '0' ? at + 1 : pass_digits(at, end);
    if (at < end && *at == '.') {
        if (!is_digit(++at, end))
            return fail(parser, "has a number without digits behind the point");
        at = pass_digits(at, end);
    }
    if (at < end && (*at | 0x20) == 'e') {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        if (!is_digit(at, end))
            return fail(parser, "has a number without an exponent's digits");
        at = pass_digits(at, end);
    }
    parser->at = at;
    return after_value(parser);
}

static enum expect check_word(struct parser *parser, const char *word, size_t size)
{
    if ((size_t)(parser->end - parser->at) < size || memcmp(parser->at, word, size) != 0)
        return fail(parser, "has something that is no value");
    parser->at += size;
    return after_value(parser);
}

static enum expect check_value(struct parser *parser)
{
    switch (*parser->at) {
    case '"':
        return check_string(parser) ? after_value(parser) : WRONG;
    case '{':
        return open_container(parser, true);
    case '[':
        return open_container(parser, false);
    case 't':
        return check_word(parser, "true", 4);
    case 'f':
        return check_word(parser, "false", 5);
    case 'n':
        return check_word(parser, "null", 4);
    default:
        return check_number(parser);
    }
}

static enum expect check_name(struct parser *parser)
{
    if (*parser->at != '"')
        return fail(parser, "lacks a member's name");
    if (!check_string(parser))
        return WRONG;
    parser->at = sp_scan_space(parser->at, parser->end);
    if (parser->at == parser->end || *parser->at != ':')
        return fail(parser, "lacks a colon");
    parser->at++;
    return VALUE;
}

static enum expect check_comma_or_end(struct parser *parser)
{
    if (*parser->at == ',') {
        parser->at++;
        return in_object(parser) ? NAME : VALUE;
    }
    if (*parser->at == (in_object(parser) ? '}' : ']'))
        return close_container(parser);
    return fail(parser, "lacks a comma or an end");
}

static enum expect step(struct parser *parser, enum expect expect)
{
    switch (expect) {
    case VALUE_OR_END:
        return *parser->at == ']' ? close_container(parser) : check_value(parser);
    case VALUE:
        return check_value(parser);
    case NAME_OR_END:
        return *parser->at == '}' ? close_container(parser) : check_name(parser);
    case NAME:
        return check_name(parser);
    case COMMA_OR_END:
        return check_comma_or_end(parser);
    case NOTHING:
        return fail(parser, "goes on behind the value");
    case WRONG:
        break;
    }
    return WRONG;
}

enum sp_result sp_json_parse(struct sp_text input, struct sp_json *value, struct sp_error *err)
{
    *value = (struct sp_json){0};
    if (input.size == 0)
        return sp_fail(err, SP_REJECT, "the JSON is empty");
    struct parser parser = {.at = input.data, .end = input.data + input.size};
    const char *first = sp_scan_space(parser.at, parser.end);
    enum expect expect = VALUE;
    const char *last = first;
    while (expect != WRONG) {
        last = parser.at;
        parser.at = sp_scan_space(parser.at, parser.end);
        if (parser.at == parser.end)
            break;
        expect = step(&parser, expect);
    }
    if (expect != NOTHING)
        return sp_fail(err, SP_REJECT, "the JSON %s, at byte %zu",
                       expect == WRONG ? parser.wrong : "ends too early",
                       (size_t)(parser.at - input.data));
    *value = (struct sp_json){sp_scan_kind(*first), {first, (size_t)(last - first)}};
    return SP_OK;
}
