/* The seller's choice at the end of connecting: which shops, which warehouse, how much history. */
#ifndef SAMPAN_CONNECTOR_CHOICE_H
#define SAMPAN_CONNECTOR_CHOICE_H

#include "common/json.h"
#include "services/connector/connect_store.h"

enum { HISTORY_DAYS_MAX = 3650 };

/* Seconds of an RFC 3339 time in UTC ("2026-11-21T22:30:00Z", fractions cut).  False: it is none.
 */
bool choice_read_time(struct sp_text text, int64_t *seconds);

/* Reads how much history is wanted into its three fields.  SP_REJECT says what is wrong. */
enum sp_result choice_read_history(struct sp_json history, int64_t now_s, struct sp_arena *arena,
                                   struct connect_choice *choice, struct sp_error *err) SP_MUST_USE;

struct choice_list {
    struct connect_choice choices[CONNECT_SHOPS];
    size_t count;
};

/* Reads the body of a confirmation.  SP_REJECT says what is wrong, in words for people. */
enum sp_result choice_read(struct sp_json body, int64_t now_s, struct sp_arena *arena,
                           struct choice_list *list, struct sp_error *err) SP_MUST_USE;

#endif
