/* Comma-separated values, RFC 4180: quoted fields, doubled quotes, line ends within quotes. */
#include "common/csv.h"

#include <string.h>

/* Within the first line; quoted ones do not count. */
static char most_used(const struct sp_csv *reader)
{
    static const char separators[] = {',', ';', '\t'};
    size_t counts[sizeof separators] = {0}, most = 0;
    bool quoted = false;
    for (const char *at = reader->at; at < reader->end; at++) {
        if (!quoted && (*at == '\n' || *at == '\r'))
            break;
        quoted = quoted != (*at == '"');
        for (size_t i = 0; i < sizeof separators && !quoted; i++)
            counts[i] += *at == separators[i];
    }
    for (size_t i = 1; i < sizeof separators; i++)
        most = counts[i] > counts[most] ? i : most;
    return separators[most];
}

struct sp_csv sp_csv_open(struct sp_text text)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    struct sp_csv reader = {text.data, text.data + text.size, 1, ','};
    if (text.size == 0)
        reader.at = reader.end = "";
    else if (text.size >= sizeof mark && memcmp(text.data, mark, sizeof mark) == 0)
        reader.at += sizeof mark;
    reader.separator = most_used(&reader);
    return reader;
}

static bool line_ends(const struct sp_csv *reader)
{
    return reader->at == reader->end || *reader->at == '\n' || *reader->at == '\r';
}

static void pass_line_end(struct sp_csv *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->line++;
}

static void pass_line(struct sp_csv *reader)
{
    while (!line_ends(reader))
        reader->at++;
    pass_line_end(reader);
}

/* Undoes doubled quotes. */
static struct sp_text unquoted(struct sp_arena *arena, struct sp_text raw)
{
    if (raw.size == 0 || memchr(raw.data, '"', raw.size) == NULL)
        return raw;
    char *text = sp_arena_alloc(arena, raw.size);
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        text[size++] = raw.data[i];
        if (raw.data[i] == '"')
            i++; /* the second of a pair */
    }
    return (struct sp_text){text, size};
}

static const char *read_quoted(struct sp_csv *reader, struct sp_arena *arena, struct sp_text *field)
{
    const char *start = ++reader->at;
    for (; reader->at < reader->end; reader->at++) {
        if (*reader->at == '\n')
            reader->line++;
        if (*reader->at != '"')
            continue;
        bool pair = reader->at + 1 < reader->end && reader->at[1] == '"';
        if (!pair)
            break;
        reader->at++;
    }
    if (reader->at == reader->end)
        return "a quote is never closed";
    *field = unquoted(arena, (struct sp_text){start, (size_t)(reader->at - start)});
    reader->at++;
    bool ends = line_ends(reader) || *reader->at == reader->separator;
    return ends ? NULL : "something stands behind a closing quote";
}

static const char *read_plain(struct sp_csv *reader, struct sp_text *field)
{
    const char *start = reader->at;
    const char *problem = NULL;
    while (!line_ends(reader) && *reader->at != reader->separator) {
        if (*reader->at == '"')
            problem = "a quote within an unquoted field";
        reader->at++;
    }
    *field = (struct sp_text){start, (size_t)(reader->at - start)};
    return problem;
}

static const char *read_field(struct sp_csv *reader, struct sp_arena *arena,
                              struct sp_sheet_record *record)
{
    if (record->count == SP_SHEET_FIELDS)
        return "too many fields";
    struct sp_text *field = &record->fields[record->count++];
    *field = (struct sp_text){0};
    if (reader->at < reader->end && *reader->at == '"')
        return read_quoted(reader, arena, field);
    return read_plain(reader, field);
}

bool sp_csv_next(struct sp_csv *reader, struct sp_arena *arena, struct sp_sheet_record *record)
{
    while (reader->at < reader->end && line_ends(reader))
        pass_line_end(reader);
    record->count = 0;
    record->line = reader->line;
    record->problem = NULL;
    if (reader->at == reader->end)
        return false;
    for (;;) {
        record->problem = read_field(reader, arena, record);
        if (record->problem != NULL || line_ends(reader))
            break;
        reader->at++; /* the separator */
    }
    pass_line(reader);
    return true;
}

/* ---- writing
 * ------------------------------------------------------------------------------------- */

/* As a program for tables sees it. */
static bool is_formula(struct sp_text field)
{
    return field.size > 0 && memchr("=+-@\t\r", field.data[0], 6) != NULL;
}

static struct sp_text behind_first(struct sp_text field)
{
    return (struct sp_text){field.data + 1, field.size - 1};
}

/* What an apostrophe in front makes plain: a formula, or such an apostrophe itself. */
static bool is_guarded(struct sp_text field)
{
    while (field.size > 0 && field.data[0] == '\'')
        field = behind_first(field);
    return is_formula(field);
}

struct sp_text sp_csv_plain(struct sp_text field)
{
    bool marked = field.size > 0 && field.data[0] == '\'' && is_guarded(field);
    return marked ? behind_first(field) : field;
}

static void put_field(struct sp_buffer *out, struct sp_text field)
{
    sp_buffer_put(out, "\"", 1);
    if (is_guarded(field))
        sp_buffer_put(out, "'", 1);
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] == '"')
            sp_buffer_put(out, "\"", 1);
        sp_buffer_put(out, &field.data[i], 1);
    }
    sp_buffer_put(out, "\"", 1);
}

void sp_csv_put(struct sp_buffer *out, const struct sp_text fields[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sp_buffer_put(out, ",", 1);
        if (fields[i].size > 0)
            put_field(out, fields[i]);
    }
    sp_buffer_put(out, "\r\n", 2);
}
