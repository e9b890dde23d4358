/* What may be written on an order, and when a note may be changed.  Pure. */
#ifndef INGEST_NOTE_RULES_H
#define INGEST_NOTE_RULES_H

#include "common/json.h"

enum {
    NOTE_CHARACTERS = 2000,
    ORDER_NOTES = 50,   /* on one order, deleted ones counted */
    NOTE_VERSIONS = 20, /* of one note; the last is kept for deleting it */
};

/* A text of 1 to `most` characters without control characters other than \n and \t, not blank. */
bool note_text_ok(struct sp_text text, size_t most);

/* What a person wants of a note that is there. */
struct note_change {
    int64_t version; /* the one that was looked at */
    bool deletes;
    struct sp_text text;
};
/* {"version": n, "text": "…" or null to delete}.  SP_REJECT: it is not that. */
enum sp_result note_read_change(struct sp_json body, struct sp_arena *arena,
                                struct note_change *change) SP_MUST_USE;

enum note_fault { NOTE_FINE, NOTE_GONE, NOTE_CHANGED, NOTE_FULL };
/* `version` is the latest one, 0: there is no such note; `deleted` whether that deleted it. */
enum note_fault note_check_change(int64_t version, bool deleted, const struct note_change *change);

#endif
