/* Cancellations, returns and refunds: what is believed of them, in which order they are to be
 * answered, and when a person may answer.  Pure. */
#ifndef INGEST_RETURN_RULES_H
#define INGEST_RETURN_RULES_H

#include "common/arena.h"
#include "common/buffer.h"
#include "proto/messages.h"

/* SP_REJECT when the fact contradicts itself: a key that is not its own, a time that cannot be, a
 * line with a negative number of units. */
enum sp_result return_check(const struct channel_return *fact, struct sp_error *err) SP_MUST_USE;

int64_t return_units(const struct channel_return *fact);

/* Where it stands in a list that is read upwards: what is to be answered by its deadline, then what
 * is to be answered at any time, then the rest, the newest first. */
int64_t return_position(const struct channel_return *fact);

/* Appends a JSON object of what is only shown: lines, parts of the money, the way back, reasons to
 * decline with.  Empty values are left out. */
void return_write_document(const struct channel_return *fact, struct sp_buffer *out);

/* ---- answering -------------------------------------------------------------------------------
 */

/* A return as it stands, and what a person wants to answer. */
struct return_answer {
    struct sp_text state;       /* as return_seen says */
    struct sp_text wants;       /* what the marketplace waits for now */
    struct sp_text action_kind; /* what was answered to that, and not refused; empty: nothing */
    bool is_cancellation;
    bool reason_offered;    /* `reason` is one of those to decline with */
    struct sp_text answers; /* what the person saw the marketplace wait for */
    bool accept;
    struct sp_text reason;
};

/* What may be said to an answer. */
enum return_verdict {
    RETURN_ASK,         /* ask the marketplace */
    RETURN_ASKED,       /* the same was answered before */
    RETURN_NOT_WAITING, /* the marketplace waits for nothing, or for something else by now */
    RETURN_OTHER,       /* something else was answered, and is under way */
    RETURN_REASON,      /* declining takes one of the reasons */
};
enum return_verdict return_judge(const struct return_answer *answer);

/* CANCEL, ACCEPT_RETURN, …: the kind of action.requested. */
struct sp_text return_answer_kind(bool is_cancellation, bool accept);

/* "<subject>/<what>/<attempt>": made of nothing but what it is about, so that whoever repeats it
 * says the same. */
struct sp_text return_action_key(struct sp_arena *arena, struct sp_text subject,
                                 struct sp_text what, int64_t attempt);

/* "<shop>-<id>" → the marketplace's id. */
struct sp_text return_channel_id(struct sp_text key);

#endif
