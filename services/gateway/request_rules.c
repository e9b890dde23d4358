#include "services/gateway/request_rules.h"

#include <string.h>
#include <strings.h>

#include "common/json.h"

enum { KEY_MOST_BYTES = 128 };

static const struct request_fault foreign_origin = {
    403, "FOREIGN_ORIGIN", "Changes are only taken from the dashboard's own pages."};
static const struct request_fault key_missing = {400, "IDEMPOTENCY_KEY_MISSING",
                                                 "A change needs the header Idempotency-Key."};
static const struct request_fault key_bad = {400, "IDEMPOTENCY_KEY_BAD",
                                             "Idempotency-Key has 1 to 128 visible characters."};
static const struct request_fault not_json_type = {415, "CONTENT_TYPE",
                                                   "The body must be application/json."};
static const struct request_fault not_sheet_type = {
    415, "CONTENT_TYPE", "The body must be a table: text/csv or an XLSX workbook."};
static const struct request_fault not_json = {400, "BODY_NOT_JSON", "The body is not JSON."};
static const struct request_fault not_object = {400, "BODY_NOT_OBJECT",
                                                "The body must be a JSON object."};

static const char *const languages[] = {"vi", "th", "zh", "en"};

static bool changes(const struct gateway_route *route)
{
    return strcmp(route->method, "GET") != 0;
}

static bool begins_with(struct sp_text text, const char *start)
{
    size_t size = strlen(start);
    return text.size >= size && strncasecmp(text.data, start, size) == 0;
}

static bool is_folded(struct sp_text text, struct sp_text other)
{
    return text.size == other.size &&
           (text.size == 0 || strncasecmp(text.data, other.data, text.size) == 0);
}

static struct sp_text behind(struct sp_text text, size_t size)
{
    return (struct sp_text){text.data + size, text.size - size};
}

static bool is_own_origin(const struct request_facts *facts, struct sp_text public_origin)
{
    if (is_folded(facts->origin, public_origin))
        return true;
    size_t scheme = begins_with(facts->origin, "https://")  ? strlen("https://")
                    : begins_with(facts->origin, "http://") ? strlen("http://")
                                                            : 0;
    return scheme > 0 && facts->host.size > 0 &&
           is_folded(behind(facts->origin, scheme), facts->host);
}

const struct request_fault *rules_origin(const struct gateway_route *route,
                                         const struct request_facts *facts,
                                         struct sp_text public_origin)
{
    if (!changes(route) || (route->flags & ROUTE_RAW) != 0)
        return NULL;
    if (facts->fetch_site.size > 0 && !sp_text_is(facts->fetch_site, "same-origin") &&
        !sp_text_is(facts->fetch_site, "none"))
        return &foreign_origin;
    if (facts->origin.size > 0 && !is_own_origin(facts, public_origin))
        return &foreign_origin;
    return NULL;
}

static bool is_media_type(struct sp_text content_type, const char *wanted)
{
    size_t size = strlen(wanted);
    return begins_with(content_type, wanted) &&
           (content_type.size == size || strchr("; \t", content_type.data[size]) != NULL);
}

static bool is_sheet(struct sp_text content_type)
{
    return is_media_type(content_type, "text/csv") ||
           is_media_type(content_type,
                         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

static const struct request_fault *key_fault(const struct gateway_route *route, struct sp_text key)
{
    bool wanted = (route->flags & ROUTE_COMMAND) != 0 && strcmp(route->method, "POST") == 0;
    if (key.size == 0)
        return wanted ? &key_missing : NULL;
    if (key.size > KEY_MOST_BYTES)
        return &key_bad;
    for (size_t i = 0; i < key.size; i++)
        if (key.data[i] <= ' ' || key.data[i] > '~')
            return &key_bad;
    return NULL;
}

const struct request_fault *rules_body(const struct gateway_route *route,
                                       const struct request_facts *facts)
{
    if (!changes(route) || (route->flags & ROUTE_RAW) != 0)
        return NULL;
    const struct request_fault *fault = key_fault(route, facts->idempotency_key);
    if (fault != NULL)
        return fault;
    if ((route->flags & ROUTE_FILE) != 0)
        return NULL;
    if ((route->flags & ROUTE_SHEET) != 0)
        return is_sheet(facts->content_type) ? NULL : &not_sheet_type;
    if (facts->body.size == 0)
        return NULL;
    if (!is_media_type(facts->content_type, "application/json"))
        return &not_json_type;
    struct sp_json json;
    if (sp_json_parse(facts->body, &json, NULL) != SP_OK)
        return &not_json;
    return json.kind == SP_JSON_OBJECT ? NULL : &not_object;
}

struct sp_text rules_origin_of(struct sp_text url)
{
    const char *scheme_end = url.size == 0 ? NULL : memmem(url.data, url.size, "://", 3);
    if (scheme_end == NULL)
        return url;
    size_t start = (size_t)(scheme_end - url.data) + 3;
    const char *path = memchr(url.data + start, '/', url.size - start);
    return (struct sp_text){url.data, path == NULL ? url.size : (size_t)(path - url.data)};
}

const char *rules_language_of(struct sp_text name)
{
    for (size_t i = 0; i < SP_COUNT(languages); i++)
        if (is_folded(name, sp_text_of(languages[i])))
            return languages[i];
    return NULL;
}

const char *rules_language(struct sp_text accept_language, const char *otherwise)
{
    struct sp_text rest = accept_language;
    while (rest.size > 0) {
        size_t start = 0;
        while (start < rest.size && strchr(", \t", rest.data[start]) != NULL)
            start++;
        rest = behind(rest, start);
        size_t word = 0;
        while (word < rest.size && strchr(",;- \t", rest.data[word]) == NULL)
            word++;
        const char *language = rules_language_of((struct sp_text){rest.data, word});
        if (language != NULL)
            return language;
        const char *comma = rest.size == 0 ? NULL : memchr(rest.data, ',', rest.size);
        if (comma == NULL)
            break;
        rest = behind(rest, (size_t)(comma - rest.data));
    }
    return otherwise;
}

/* The next part of a list by comma, without the blanks around it; false at the end. */
static bool next_part(struct sp_text *list, struct sp_text *part)
{
    if (list->size == 0)
        return false;
    const char *comma = memchr(list->data, ',', list->size);
    size_t size = comma == NULL ? list->size : (size_t)(comma - list->data);
    *part = (struct sp_text){list->data, size};
    *list = behind(*list, comma == NULL ? size : size + 1);
    while (part->size > 0 && part->data[0] == ' ')
        *part = behind(*part, 1);
    while (part->size > 0 && part->data[part->size - 1] == ' ')
        part->size--;
    return true;
}

struct sp_text rules_client(struct sp_text peer, struct sp_text forwarded_for,
                            struct sp_text proxies)
{
    struct sp_text part, last = {0};
    bool by_proxy = false;
    while (next_part(&proxies, &part))
        by_proxy = by_proxy || (part.size > 0 && sp_text_equal(part, peer));
    while (by_proxy && next_part(&forwarded_for, &part))
        last = part;
    return last.size > 0 ? last : peer;
}
