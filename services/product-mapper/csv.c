/* Comma-separated values, RFC 4180: quoted fields, doubled quotes, line ends within quotes. */
#include "services/product-mapper/csv.h"

#include <string.h>

struct csv_reader mapper_csv_open(struct sp_text text)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    struct csv_reader reader = {text.data, text.data + text.size, 1};
    if (text.size == 0)
        reader.at = reader.end = "";
    else if (text.size >= sizeof mark && memcmp(text.data, mark, sizeof mark) == 0)
        reader.at += sizeof mark;
    return reader;
}

static bool line_ends(const struct csv_reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' || *reader->at == '\r';
}

static void pass_line_end(struct csv_reader *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->line++;
}

static void pass_line(struct csv_reader *reader)
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

static const char *read_quoted(struct csv_reader *reader, struct sp_arena *arena,
                               struct sp_text *field)
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
    bool ends = line_ends(reader) || *reader->at == ',';
    return ends ? NULL : "something stands behind a closing quote";
}

static const char *read_plain(struct csv_reader *reader, struct sp_text *field)
{
    const char *start = reader->at;
    const char *problem = NULL;
    while (!line_ends(reader) && *reader->at != ',') {
        if (*reader->at == '"')
            problem = "a quote within an unquoted field";
        reader->at++;
    }
    *field = (struct sp_text){start, (size_t)(reader->at - start)};
    return problem;
}

static const char *read_field(struct csv_reader *reader, struct sp_arena *arena,
                              struct csv_record *record)
{
    if (record->count == CSV_FIELDS)
        return "too many fields";
    struct sp_text *field = &record->fields[record->count++];
    *field = (struct sp_text){0};
    if (reader->at < reader->end && *reader->at == '"')
        return read_quoted(reader, arena, field);
    return read_plain(reader, field);
}

bool mapper_csv_next(struct csv_reader *reader, struct sp_arena *arena, struct csv_record *record)
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
        reader->at++; /* the comma */
    }
    pass_line(reader);
    return true;
}
