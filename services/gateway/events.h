/* Live events: once a second each service is asked what changed for the accounts with open streams,
 * and the answer is pushed to them. */
#ifndef GATEWAY_EVENTS_H
#define GATEWAY_EVENTS_H

#include "services/gateway/gateway.h"

enum {
    EVENTS_EVERY_MS = 1000,
    EVENTS_ASK_MS = 3000,
    EVENTS_PING_TICKS = 15,
    EVENTS_CHECK_TICKS = 60, /* between looks whether a stream's session still lives */
    EVENTS_ACCOUNTS = 200,   /* asked for at a time */
};

sp_http_handler on_events;

struct event_hub *events_open(struct gateway *gateway);
/* After the server has closed, or ended all streams. */
void events_close(struct event_hub **hub);

/* The question of one tick: the distinct accounts and what was answered last, as JSON. */
void events_question(struct sp_buffer *json, const int64_t accounts[], size_t count,
                     struct sp_text since);
/* Whether an account's entry says anything: changed ids, or counts that differ from those of before
 * (`last`, a hash that is renewed). */
bool events_is_news(struct sp_json entry, uint64_t *last);

#endif
