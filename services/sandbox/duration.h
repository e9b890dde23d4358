/* Spans of time as people write them. */
#ifndef SANDBOX_DURATION_H
#define SANDBOX_DURATION_H

#include "common/base.h"

/* Seconds: "90", "90s", "15m", "48h", "2d", "1h30m", and as ISO 8601 has it "PT48H", "P2DT12H".
 * False on anything else. */
bool duration_read(struct sp_text text, int64_t *seconds) SP_MUST_USE;
/* Seconds: "HH:MM:SS"; hours may have more digits. */
bool duration_read_clock(struct sp_text text, int64_t *seconds) SP_MUST_USE;

#endif
