#include "services/sandbox/multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { BOUNDARY = 70 }; /* bytes, by RFC 2046 */

static size_t find(struct sp_text text, const char *what, size_t size)
{
    const char *found = text.size < size ? NULL : memmem(text.data, text.size, what, size);
    return found == NULL ? text.size : (size_t)(found - text.data);
}

static struct sp_text behind(struct sp_text text, size_t used)
{
    return used >= text.size ? (struct sp_text){0}
                             : (struct sp_text){text.data + used, text.size - used};
}

/* What stands behind `mark` up to a quote, a semicolon or the end; any case. */
static struct sp_text value_behind(struct sp_text text, const char *mark)
{
    size_t size = strlen(mark), at = 0;
    while (at + size <= text.size && strncasecmp(text.data + at, mark, size) != 0)
        at++;
    struct sp_text value = behind(text, at + size);
    bool quoted = value.size > 0 && value.data[0] == '"';
    if (quoted)
        value = behind(value, 1);
    size_t end = 0;
    while (end < value.size && value.data[end] != (quoted ? '"' : ';') && value.data[end] != '\r')
        end++;
    value.size = end;
    return value;
}

/* Headers, an empty line, data: one part without the lines around it. */
static enum sp_result read_part(struct sp_text text, struct multipart_part *part)
{
    size_t head = find(text, "\r\n\r\n", 4);
    if (head == text.size)
        return SP_REJECT;
    struct sp_text headers = {text.data, head};
    part->name = value_behind(headers, "; name=");
    part->data = behind(text, head + 4);
    return part->name.size == 0 ? SP_REJECT : SP_OK;
}

enum sp_result multipart_read(struct sp_text content_type, struct sp_text body,
                              struct multipart_part parts[], size_t limit, size_t *count)
{
    char line[BOUNDARY + 8]; /* CRLF, two dashes, the boundary */
    struct sp_text boundary = value_behind(content_type, "boundary=");
    *count = 0;
    if (boundary.size == 0 || boundary.size > BOUNDARY)
        return SP_REJECT;
    int size = snprintf(line, sizeof line, "\r\n--%.*s", SP_FMT(boundary));
    size_t first = find(body, line + 2, (size_t)size - 2);
    struct sp_text rest = behind(body, first + (size_t)size - 2);
    while (rest.size >= 2 && memcmp(rest.data, "--", 2) != 0) {
        rest = behind(rest, 2); /* the end of the line */
        size_t end = find(rest, line, (size_t)size);
        if (*count == limit || end == rest.size ||
            read_part((struct sp_text){rest.data, end}, &parts[*count]) != SP_OK)
            return SP_REJECT;
        (*count)++;
        rest = behind(rest, end + (size_t)size);
    }
    return rest.size >= 2 && *count > 0 ? SP_OK : SP_REJECT;
}
