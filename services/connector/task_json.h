/* Tasks as the marketplace is asked, and what it says of them. */
#ifndef SAMPAN_CONNECTOR_TASK_JSON_H
#define SAMPAN_CONNECTOR_TASK_JSON_H

#include "services/connector/call.h"
#include "services/connector/task.h"

/* Method, path, parameters and body of the next call: one that asks or one that looks. */
void task_request(const struct task *task, struct sp_arena *arena, struct tiktok_call *call);

/* What a call that was answered with code 0 says. */
struct task_answer task_read(const struct task *task, struct sp_json data, struct sp_arena *arena);

#endif
