/* Taking in orders made by hand: the same way as the marketplace's, in the transaction at hand. */
#ifndef INGEST_MANUAL_H
#define INGEST_MANUAL_H

#include "common/service.h"
#include "services/order-ingest/manual_rules.h"

/* Whose they are, and who says so. */
struct manual_origin {
    int64_t account_id;
    struct sp_text user;
    const uint8_t *trace;
};

/* Makes the order the next revision of what was there, said by the origin now. */
void manual_stamp(struct sp_ctx *ctx, const struct manual_origin *origin,
                  const struct manual_past *past, int64_t now, struct channel_order *order);

/* A checked order that a person wants kept. */
struct manual_case {
    const struct manual_order *order;
    enum manual_wish wish;
    /* out: */
    struct sp_text key;
    const char *result; /* CREATED, CHANGED, UNCHANGED, REFUSED */
    const char *code;   /* why it is refused */
};

/* What would come of them; locks what is there, and keeps nothing. */
enum sp_result manual_look(struct sp_ctx *ctx, const struct manual_origin *origin,
                           struct manual_case cases[], size_t count) SP_MUST_USE;
/* No two of the cases have the same reference. */
enum sp_result manual_save(struct sp_ctx *ctx, const struct manual_origin *origin,
                           struct manual_case cases[], size_t count) SP_MUST_USE;

#endif
