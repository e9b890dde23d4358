/* An order's way through the services, from what each of them keeps of it. */
#include "services/gateway/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "services/gateway/authenticate.h"

enum { HOPS_MOST = 4000 }; /* more than all services say of one order */

static const char *const keepers[] = {"connector", "order-ingest", "product-mapper",
                                      "inventory", "placement",    NULL};

struct hop {
    struct sp_text at; /* when it was said, else stored: its text sorts like the time */
    struct sp_text raw;
};

static int later_first(const void *a, const void *b)
{
    const struct sp_text *x = &((const struct hop *)a)->at;
    const struct sp_text *y = &((const struct hop *)b)->at;
    size_t size = x->size < y->size ? x->size : y->size;
    int order = size == 0 ? 0 : memcmp(y->data, x->data, size);
    return order != 0 ? order : (x->size < y->size) - (x->size > y->size);
}

static bool take_hops(const struct gather_part *part, struct hop hops[], size_t *count)
{
    struct sp_json body, hop;
    if (part->status != 200 || sp_json_parse(part->body, &body, NULL) != SP_OK)
        return false;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "hops"));
    while (*count < HOPS_MOST && sp_json_next(&walk, NULL, &hop)) {
        struct sp_text said = sp_json_text(sp_json_get(hop, "emitted_at"), NULL);
        struct sp_text stored = sp_json_text(sp_json_get(hop, "committed_at"), NULL);
        hops[(*count)++] = (struct hop){said.size > 0 ? said : stored, hop.raw};
    }
    return true;
}

void timeline_write(struct sp_buffer *out, const struct gather_part parts[], size_t count)
{
    struct hop *hops = sp_alloc(HOPS_MOST * sizeof *hops);
    bool answered[16] = {false};
    size_t found = 0;
    SP_ASSERT(count <= SP_COUNT(answered));
    for (size_t i = 0; i < count; i++)
        answered[i] = take_hops(&parts[i], hops, &found);
    qsort(hops, found, sizeof *hops, later_first);
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "hops");
    for (size_t i = 0; i < found; i++)
        sp_json_put_raw(&json, NULL, hops[i].raw);
    sp_json_close_array(&json);
    sp_json_open_array(&json, "silent");
    for (size_t i = 0; i < count; i++) {
        if (!answered[i])
            sp_json_put_cstring(&json, NULL, parts[i].service);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    free(hops);
}

static void ask_keepers(struct gateway *gateway, struct sp_http_request *request,
                        const struct person *person)
{
    static const struct gather_question question = {keepers, "hops", timeline_write};
    gather(gateway, request, person, &question);
}

void on_timeline(struct sp_http_request *request, void *context)
{
    authenticate(context, request, ask_keepers);
}
