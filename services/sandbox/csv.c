#include "services/sandbox/csv.h"

#include <string.h>

bool csv_next_line(struct sp_text *rest, struct sp_text *line)
{
    if (rest->size == 0)
        return false;
    *line = *rest;
    const char *end = memchr(rest->data, '\n', rest->size);
    if (end == NULL) {
        *rest = (struct sp_text){0};
    } else {
        line->size = (size_t)(end - rest->data);
        *rest = (struct sp_text){end + 1, rest->size - line->size - 1};
    }
    if (line->size > 0 && line->data[line->size - 1] == '\r')
        line->size--;
    return true;
}

/* Moves `*at` behind the closing quote.  Doubled quotes stand for one. */
static enum sp_result read_quoted(struct sp_text line, size_t *at, struct sp_arena *arena,
                                  struct sp_text *field)
{
    char *text = sp_arena_alloc(arena, line.size - *at + 1);
    size_t size = 0;
    for (size_t i = *at + 1; i < line.size; i++) {
        bool quote = line.data[i] == '"';
        if (quote && (i + 1 == line.size || line.data[i + 1] != '"')) {
            *field = (struct sp_text){text, size};
            *at = i + 1;
            return SP_OK;
        }
        if (quote)
            i++;
        text[size++] = line.data[i];
    }
    return SP_REJECT;
}

static struct sp_text read_plain(struct sp_text line, size_t *at)
{
    size_t from = *at;
    while (*at < line.size && line.data[*at] != ',')
        (*at)++;
    return (struct sp_text){line.data + from, *at - from};
}

enum sp_result csv_split(struct sp_text line, struct sp_arena *arena, struct sp_text fields[],
                         size_t limit, size_t *count)
{
    size_t at = 0;
    *count = 0;
    for (;;) {
        if (*count == limit)
            return SP_REJECT;
        struct sp_text *field = &fields[(*count)++];
        if (at < line.size && line.data[at] == '"') {
            if (read_quoted(line, &at, arena, field) != SP_OK)
                return SP_REJECT;
        } else {
            *field = read_plain(line, &at);
        }
        if (at == line.size)
            return SP_OK;
        if (line.data[at] != ',')
            return SP_REJECT;
        at++;
    }
}
