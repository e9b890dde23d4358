#include "services/sandbox/traffic.h"

#include <string.h>

enum { ID_DIGITS = 10 }; /* at least; a version has six */

static bool is_id(struct sp_text part)
{
    for (size_t i = 0; i < part.size; i++) {
        if (part.data[i] < '0' || part.data[i] > '9')
            return false;
    }
    return part.size >= ID_DIGITS;
}

static void add(char name[TRAFFIC_PATH_BYTES + 1], size_t *size, struct sp_text text)
{
    size_t room = TRAFFIC_PATH_BYTES - *size, used = text.size < room ? text.size : room;
    memcpy(name + *size, text.data, used);
    *size += used;
    name[*size] = '\0';
}

static void name_path(struct sp_text path, char name[TRAFFIC_PATH_BYTES + 1])
{
    size_t size = 0, at = 0;
    name[0] = '\0';
    while (at < path.size) {
        const char *slash = memchr(path.data + at + 1, '/', path.size - at - 1);
        size_t end = slash == NULL ? path.size : (size_t)(slash - path.data);
        struct sp_text part = {path.data + at + 1, end - at - 1};
        add(name, &size, SP_TEXT("/"));
        add(name, &size, is_id(part) ? SP_TEXT("{id}") : part);
        at = end;
    }
}

void traffic_note(struct traffic *traffic, struct sp_text path, bool failed)
{
    char name[TRAFFIC_PATH_BYTES + 1];
    size_t at = 0;
    name_path(path, name);
    while (at < traffic->count && strcmp(traffic->paths[at].path, name) != 0)
        at++;
    if (at == TRAFFIC_PATHS)
        return;
    if (at == traffic->count) {
        traffic->paths[at] = (struct traffic_path){0};
        memcpy(traffic->paths[at].path, name, sizeof name);
        traffic->count++;
    }
    traffic->paths[at].count++;
    traffic->paths[at].failed += failed ? 1 : 0;
}
