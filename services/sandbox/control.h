/* Reading commands: a bounded JSON object with known members only, each checked; what is wrong is
 * said. */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "common/json.h"
#include "services/sandbox/edge.h"

/* The body as an object (an empty body counts as one) whose members are all among `known`, which
 * ends with NULL; `known` NULL: the caller looks at them.  False: a problem was answered. */
bool control_read(struct sp_http_request *request, const char *const known[], struct sp_json *body);
/* A whole number in a range; `otherwise` when absent.  False: a problem was answered. */
struct control_range {
    int64_t least, most, otherwise;
};
bool control_int(struct sp_http_request *request, struct sp_json body, const char *name,
                 struct control_range range, int64_t *value);
/* A span in seconds, given as such or as text such as "48h"; unchanged when absent. */
bool control_span(struct sp_http_request *request, struct sp_json body, const char *name,
                  struct control_range range, int64_t *seconds);
void control_refuse(struct sp_http_request *request, int status, const char *format, ...)
    SP_PRINTF(3, 4);
/* Members of an open object: the clock's, life's. */
void control_put_clock(struct sp_json_writer *json, const struct sandbox *sandbox);
void control_put_life(struct sp_json_writer *json, const struct sandbox *sandbox);
/* The object "webhooks" with their counts. */
void control_put_webhooks(struct sp_json_writer *json, const struct sandbox *sandbox);
/* The faults that wait and those that struck, likewise. */
void control_put_faults(struct sp_json_writer *json, const struct sandbox *sandbox);
/* Answers with an object of such members. */
void control_show(struct sp_http_request *request, const struct edge *edge,
                  void (*put)(struct sp_json_writer *json, const struct sandbox *sandbox));
/* Answers with JSON and frees it. */
void control_answer(struct sp_http_request *request, int status, struct sp_buffer *json);

/* The order with this marketplace id, in whichever shop; false when there is none. */
bool control_find_order(struct sandbox *sandbox, struct sp_text id, struct shop **shop,
                        uint32_t *at);

#endif
