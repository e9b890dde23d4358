#include "services/gateway/s3_answer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool s3_next(struct sp_text *xml, const char *name, struct sp_text *content)
{
    char opening[32], closing[32];
    size_t opening_size = (size_t)snprintf(opening, sizeof opening, "<%s>", name);
    size_t closing_size = (size_t)snprintf(closing, sizeof closing, "</%s>", name);
    SP_ASSERT(closing_size < sizeof closing);
    if (xml->size == 0) /* and perhaps no address */
        return false;
    const char *from = memmem(xml->data, xml->size, opening, opening_size);
    if (from == NULL)
        return false;
    const char *end = xml->data + xml->size;
    from += opening_size;
    const char *to = memmem(from, (size_t)(end - from), closing, closing_size);
    if (to == NULL)
        return false;
    *content = (struct sp_text){from, (size_t)(to - from)};
    to += closing_size;
    *xml = (struct sp_text){to, (size_t)(end - to)};
    return true;
}

struct sp_text s3_element(struct sp_text xml, const char *name)
{
    struct sp_text content = {0};
    return s3_next(&xml, name, &content) ? content : (struct sp_text){"", 0};
}

int64_t s3_time(struct sp_text text)
{
    char copy[32];
    struct tm time = {0};
    if (text.size >= sizeof copy)
        return 0;
    (void)snprintf(copy, sizeof copy, "%.*s", SP_FMT(text));
    return strptime(copy, "%Y-%m-%dT%H:%M:%S", &time) == NULL ? 0 : timegm(&time);
}
