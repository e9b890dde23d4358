/* Single values as the marketplace writes them.  What is absent, null, "" or 0 is the same. */
#ifndef SAMPAN_CONNECTOR_VALUE_H
#define SAMPAN_CONNECTOR_VALUE_H

#include "common/json.h"

/* A text for a fact: cut to `max` bytes, without control characters. */
struct sp_text tiktok_text(struct sp_json value, size_t max, struct sp_arena *arena);

/* A time in seconds; 0 for what is none: absent, before 1970, beyond the year 9999. */
int64_t tiktok_time(struct sp_json value);

/* An id as the marketplace writes them: 1 to 32 letters, digits, '-' or '_'. */
bool tiktok_is_id(struct sp_text text);

/* An id; empty for what is none, "0" among it. */
struct sp_text tiktok_id(struct sp_json value, struct sp_arena *arena);

#endif
