/* Files of a service's own as answers, whole or one range of their bytes. */
#include "common/http_exchange.h"

#include <stdio.h>
#include <string.h>

/* Digits; INT64_MAX for none, -1 for anything else. */
static int64_t number(struct sp_text digits)
{
    int64_t value;
    if (digits.size == 0)
        return INT64_MAX;
    if (digits.data[0] < '0' || digits.data[0] > '9' || !sp_text_to_int(digits, &value))
        return -1;
    return value;
}

bool sp_http_range_read(struct sp_text header, struct sp_http_range *range)
{
    static const char unit[] = "bytes=";
    size_t at = strlen(unit);
    if (header.size <= at || memcmp(header.data, unit, at) != 0)
        return false;
    const char *dash = memchr(header.data + at, '-', header.size - at);
    if (dash == NULL)
        return false;
    size_t middle = (size_t)(dash - header.data);
    int64_t first = number((struct sp_text){header.data + at, middle - at});
    int64_t last = number((struct sp_text){dash + 1, header.size - middle - 1});
    bool tail = first == INT64_MAX; /* "-500" */
    if (first < 0 || last < 0 || (tail ? last == INT64_MAX : last < first))
        return false;
    *range = (struct sp_http_range){tail ? -1 : first, last};
    return true;
}

bool sp_http_asks_range(const struct sp_http_request *request, const char *etag,
                        struct sp_http_range *range)
{
    struct sp_text unless = sp_http_header(request, "If-Range");
    return (unless.size == 0 || sp_text_is(unless, etag)) &&
           sp_http_range_read(sp_http_header(request, "Range"), range);
}

bool sp_http_range_fit(struct sp_http_range *range, int64_t whole)
{
    if (range->first < 0) {
        range->first = range->last < whole ? whole - range->last : 0;
        range->last = whole - 1;
    }
    if (range->last >= whole)
        range->last = whole - 1;
    return range->first <= range->last;
}

void sp_http_answer_part(struct sp_http_request *request, const struct sp_http_part *part,
                         const char *const *headers)
{
    char place[80];
    bool whole = part->bytes == part->whole;
    struct MHD_Response *answer = MHD_create_response_from_fd_at_offset64(
        (uint64_t)part->bytes, part->fd, (uint64_t)part->at);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(sp_exchange_of(request), answer, part->content_type, headers);
    SP_ASSERT(MHD_add_response_header(answer, "Accept-Ranges", "bytes") == MHD_YES);
    (void)snprintf(place, sizeof place, "bytes %lld-%lld/%lld", (long long)part->first,
                   (long long)(part->first + part->bytes - 1), (long long)part->whole);
    if (!whole)
        SP_ASSERT(MHD_add_response_header(answer, "Content-Range", place) == MHD_YES);
    sp_answer_give(sp_exchange_of(request), whole ? 200 : 206, answer);
}

void sp_http_answer_no_part(struct sp_http_request *request, int64_t whole)
{
    char place[48];
    (void)snprintf(place, sizeof place, "Content-Range: bytes */%lld", (long long)whole);
    const char *const headers[] = {place, NULL};
    sp_http_answer(request, 416, NULL, (struct sp_text){0}, headers);
}
