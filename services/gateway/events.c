#include "services/gateway/events.h"

#include <stdio.h>
#include <stdlib.h>

#include "services/gateway/authenticate.h"
#include "services/gateway/forward.h"

/* Who is asked, and what the answer is called.  The right is the one that lists need. */
static const struct {
    const char *service, *ask, *event, *permission;
} sources[] = {
    {"connector", "connector.changes", "shops", "shops.read"},
    {"order-ingest", "order-ingest.changes", "orders", "orders.read"},
    {"placement", "placement.changes", "placement", "orders.read"},
};
enum { SOURCES = SP_COUNT(sources) };

struct event_stream {
    struct event_stream *next, **link;
    struct event_hub *hub;
    struct sp_http_stream *stream;
    uint64_t number; /* of this stream; a look that comes back late finds another or none */
    int64_t account_id;
    enum role role;
    struct token_hash token;
    uint64_t seen[SOURCES]; /* hash of the counts pushed last */
    unsigned ticks;
};

struct source {
    struct event_hub *hub;
    size_t index;
    bool asked;             /* no answer yet */
    struct sp_buffer since; /* as it was answered last, raw */
};

struct event_hub {
    struct gateway *gateway;
    struct event_stream *streams;
    size_t count;
    uint64_t numbers, pushed;
    int timer;
    struct source sources[SOURCES];
};

/* ---- the question and the answer
 * -------------------------------------------------------------------- */

void events_question(struct sp_buffer *json, const int64_t accounts[], size_t count,
                     struct sp_text since)
{
    struct sp_json_writer writer = sp_json_writer(json);
    sp_json_open_object(&writer, NULL);
    sp_json_open_array(&writer, "accounts");
    for (size_t i = 0; i < count; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "%lld", (long long)accounts[i]);
        sp_json_put_cstring(&writer, NULL, id);
    }
    sp_json_close_array(&writer);
    if (since.size > 0)
        sp_json_put_raw(&writer, "since", since);
    sp_json_close_object(&writer);
}

/* FNV-1a: to tell texts apart, not against malice. */
static uint64_t hash_of(struct sp_text text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return hash;
}

bool events_is_news(struct sp_json entry, uint64_t *last)
{
    struct sp_json ids = sp_json_get(entry, "ids"), id;
    struct sp_json_walk walk = sp_json_each(ids);
    uint64_t counts = hash_of(sp_json_get(entry, "counts").raw);
    bool news = counts != *last || ids.kind != SP_JSON_ARRAY || sp_json_next(&walk, NULL, &id);
    *last = counts;
    return news;
}

static void push(struct event_hub *hub, size_t source, struct sp_json entry)
{
    int64_t account_id = sp_json_int(sp_json_get(entry, "account_id"), 0);
    char id[24];
    (void)snprintf(id, sizeof id, "%llu", (unsigned long long)++hub->pushed);
    for (struct event_stream *at = hub->streams; at != NULL; at = at->next) {
        if (at->account_id != account_id || !role_may(at->role, sources[source].permission))
            continue;
        if (events_is_news(entry, &at->seen[source]))
            (void)sp_http_stream_send(at->stream, id, sources[source].event, entry.raw);
    }
}

static void on_changes(void *context, int status, struct sp_text body)
{
    struct source *source = context;
    source->asked = false;
    struct sp_json json, entry;
    if (status != 200 || sp_json_parse(body, &json, NULL) != SP_OK)
        return; /* asked again in a second, from the same point */
    struct sp_json since = sp_json_get(json, "since");
    if (since.kind != SP_JSON_NONE) {
        sp_buffer_reset(&source->since);
        sp_buffer_put_text(&source->since, since.raw);
    }
    struct sp_json_walk walk = sp_json_each(sp_json_get(json, "accounts"));
    while (sp_json_next(&walk, NULL, &entry))
        push(source->hub, source->index, entry);
}

static void ask_source(struct source *source, const int64_t accounts[], size_t count)
{
    struct sp_buffer body = {0};
    events_question(&body, accounts, count, sp_buffer_text(&source->since));
    struct sp_ask ask = {
        .name = sp_text_of(sources[source->index].ask),
        .user = SP_TEXT("gateway"),
        .language = SP_TEXT("en"),
        .body = sp_buffer_text(&body),
        .deadline_ms = EVENTS_ASK_MS,
    };
    sp_random(ask.trace, sizeof ask.trace);
    source->asked = true;
    sp_app_ask(source->hub->gateway->app, sources[source->index].service, &ask, EVENTS_ASK_MS,
               (struct sp_on_answer){on_changes, source});
    sp_buffer_free(&body);
}

/* ---- the tick
 * ------------------------------------------------------------------------------------------- */

static size_t distinct_accounts(const struct event_hub *hub, int64_t accounts[EVENTS_ACCOUNTS])
{
    size_t count = 0;
    for (const struct event_stream *at = hub->streams; at != NULL; at = at->next) {
        size_t i = 0;
        while (i < count && accounts[i] != at->account_id)
            i++;
        if (i == count && count < EVENTS_ACCOUNTS)
            accounts[count++] = at->account_id;
    }
    return count;
}

struct stream_check {
    struct event_hub *hub;
    uint64_t number;
};

static void on_checked(void *context, bool live)
{
    struct stream_check check = *(struct stream_check *)context;
    free(context);
    for (struct event_stream *at = check.hub->streams; at != NULL; at = at->next)
        if (at->number == check.number && !live)
            sp_http_stream_end(at->stream);
}

static void look_after(struct event_stream *stream)
{
    stream->ticks++;
    if (stream->ticks % EVENTS_PING_TICKS == 0)
        (void)sp_http_stream_send(stream->stream, NULL, "ping", SP_TEXT("{}"));
    if (stream->ticks % EVENTS_CHECK_TICKS != 0)
        return;
    struct stream_check *check = sp_alloc(sizeof *check);
    *check = (struct stream_check){stream->hub, stream->number};
    authenticate_check(stream->hub->gateway, &stream->token, on_checked, check);
}

static void on_tick(void *context)
{
    struct event_hub *hub = context;
    int64_t accounts[EVENTS_ACCOUNTS];
    size_t count = distinct_accounts(hub, accounts);
    for (struct event_stream *at = hub->streams; at != NULL; at = at->next)
        look_after(at);
    for (size_t i = 0; i < SOURCES; i++) {
        if (count == 0)
            sp_buffer_reset(&hub->sources[i].since); /* nobody looks: begin anew with the next */
        else if (!hub->sources[i].asked)
            ask_source(&hub->sources[i], accounts, count);
    }
}

/* ---- streams
 * ---------------------------------------------------------------------------------------------- */

static void on_gone(void *owner)
{
    struct event_stream *stream = owner;
    *stream->link = stream->next;
    if (stream->next != NULL)
        stream->next->link = stream->link;
    stream->hub->count--;
    free(stream);
}

static bool has_room(const struct event_hub *hub, int64_t account_id)
{
    size_t count = 0;
    for (const struct event_stream *at = hub->streams; at != NULL; at = at->next)
        count += at->account_id == account_id;
    return hub->count < GATEWAY_STREAMS && count < GATEWAY_ACCOUNT_STREAMS;
}

static void open_stream(struct gateway *gateway, struct sp_http_request *request,
                        const struct person *person)
{
    struct event_hub *hub = gateway->events;
    if (!forward_person_ok(request, person))
        return;
    if (!has_room(hub, person->account_id) || sp_app_stopping(gateway->app)) {
        sp_http_problem(request, 503, "TRY_AGAIN", "Too many open streams: try again.");
        return;
    }
    struct event_stream *stream = sp_alloc(sizeof *stream);
    *stream = (struct event_stream){
        .next = hub->streams,
        .link = &hub->streams,
        .hub = hub,
        .number = ++hub->numbers,
        .account_id = person->account_id,
        .role = person->role,
        .token = person->token,
    };
    if (stream->next != NULL)
        stream->next->link = &stream->next;
    hub->streams = stream;
    hub->count++;
    stream->stream = sp_http_answer_stream(request, on_gone, stream);
    (void)sp_http_stream_send(stream->stream, NULL, "hello", SP_TEXT("{}"));
}

void on_events(struct sp_http_request *request, void *context)
{
    authenticate(context, request, open_stream);
}

struct event_hub *events_open(struct gateway *gateway)
{
    struct event_hub *hub = sp_alloc(sizeof *hub);
    hub->gateway = gateway;
    for (size_t i = 0; i < SOURCES; i++)
        hub->sources[i] = (struct source){.hub = hub, .index = i};
    hub->timer = sp_loop_every(sp_app_loop(gateway->app), EVENTS_EVERY_MS, on_tick, hub);
    return hub;
}

void events_close(struct event_hub **pointer)
{
    struct event_hub *hub = *pointer;
    if (hub == NULL)
        return;
    SP_ASSERT(hub->streams == NULL);
    sp_loop_cancel(sp_app_loop(hub->gateway->app), hub->timer);
    for (size_t i = 0; i < SOURCES; i++)
        sp_buffer_free(&hub->sources[i].since);
    free(hub);
    *pointer = NULL;
}
