/* Finding the message that kills the process: what is suspicious is noted, committed, before it is
 * taken in hand, and the note goes when that was survived. */
#ifndef SAMPAN_POISON_H
#define SAMPAN_POISON_H

#include "common/ctx.h"

enum { SP_BURY_CRASHES = 3 /* the crash that buries a message */ };

struct sp_suspect {
    uint8_t id[16];
    int32_t position; /* within a parcel */
};

/* A suspect that is known by its bytes. */
struct sp_suspect sp_suspect_of(struct sp_text bytes);

/* Notes that it is in hand.  `times`: how often it was taken and not survived, with this one. */
enum sp_result sp_suspect_take(struct sp_ctx *ctx, const struct sp_suspect *suspect,
                               int64_t *times) SP_MUST_USE;
enum sp_result sp_suspect_survived(struct sp_ctx *ctx,
                                   const struct sp_suspect *suspect) SP_MUST_USE;

/* sp_batch_apply for one message under such a note; the one that kills again and again is buried.
 */
enum sp_result sp_suspect_apply(struct sp_ctx *ctx, const struct sp_route *route,
                                const struct sp_suspect *suspect, struct sp_received *one,
                                bool from_later) SP_MUST_USE;

#endif
