/* Adds up how a batch changes the numbers of orders, before they are written.  Pure. */
#ifndef INGEST_TALLY_H
#define INGEST_TALLY_H

#include "common/arena.h"

/* What is counted: orders of a shop with a channel status and cause, or with a stage. */
struct tally_key {
    int64_t account_id, shop_id;
    const char *axis; /* "status" or "stage", the same address for the same axis */
    struct sp_text word, cause;
};

struct tally {
    struct tally_entry {
        struct tally_key key;
        int64_t orders;
    } * entries;
    size_t count, room;
};

/* For at most `room` calls of tally_add; the entries are in the arena, their texts the caller's. */
struct tally tally_open(struct sp_arena *arena, size_t room);
void tally_add(struct tally *tally, const struct tally_key *key, int64_t orders);

#endif
