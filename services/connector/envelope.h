/* The envelope of every answer of the marketplace, and what a client should make of it. */
#ifndef SAMPAN_CONNECTOR_ENVELOPE_H
#define SAMPAN_CONNECTOR_ENVELOPE_H

#include "common/json.h"

/* What an answer means for the work that asked. */
enum tiktok_outcome {
    TIKTOK_DONE,    /* code 0: `data` is there */
    TIKTOK_LATER,   /* too many calls, trouble on their side, no answer: try again */
    TIKTOK_TOKEN,   /* the access token is no longer accepted: refresh it */
    TIKTOK_CONSENT, /* only the seller can mend it */
    TIKTOK_REFUSED, /* this request with these values will be refused again */
    TIKTOK_TOO_BIG, /* the answer exceeds what we take: ask for less */
};

/* One answer, read. */
struct tiktok_answer {
    enum tiktok_outcome outcome;
    bool busy;              /* of LATER: too many calls, as opposed to trouble */
    bool foreign_shop;      /* of CONSENT: the token is good, the shop's cipher is not its */
    int64_t code;           /* the marketplace's; 0 also when there was none */
    struct sp_text message; /* for people; never a buyer's data, may be empty */
    struct sp_text request_id;
    struct sp_json data; /* NONE unless DONE */
};

/* Reads an answer that came with this HTTP status.  Views of `body`; decoded text in the arena. */
struct tiktok_answer tiktok_read_answer(int status, struct sp_text body, struct sp_arena *arena);

#endif
