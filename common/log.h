/* Log lines: one JSON object each, on stderr.
 *
 * {"ts":"2026-11-21T22:30:00.123Z","level":"info","service":"inventory","instance":"…","event":"…",…}
 *
 * error = a person must act, warn = healed itself, info = business event, debug.  `event` is a
 * constant in kebab-case; what varies goes to fields.  Never a buyer's data, never a token. */
#ifndef SAMPAN_LOG_H
#define SAMPAN_LOG_H

#include "common/base.h"

enum sp_level { SP_DEBUG, SP_INFO, SP_WARN, SP_ERROR };

void sp_log_setup(const char *service, enum sp_level least);
enum sp_level sp_log_level_of(const char *name); /* "debug" …; SP_INFO when unknown */

/* Fields as name, value pairs of C strings, ended by NULL: sp_log(SP_WARN, "peer-lost", "peer",
 * name, NULL). Values are escaped and cut at 1,000 bytes.  Safe from any thread.  The same event is
 * written at most 20 times a second; what was left out is counted in the next line ("left_out"). */
void sp_log(enum sp_level level, const char *event, ...) __attribute__((sentinel));
/* One field with a formatted value: sp_logf(SP_INFO, "batch-done", "count", "%zu", count). */
void sp_logf(enum sp_level level, const char *event, const char *field, const char *format, ...)
    SP_PRINTF(4, 5);

#endif
