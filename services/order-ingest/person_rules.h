/* Whether a person is the one who asks to be forgotten.  Pure. */
#ifndef INGEST_PERSON_RULES_H
#define INGEST_PERSON_RULES_H

#include "common/json.h"

enum { PERSON_PHONE_DIGITS = 8 }; /* fewer say too little about who it is */

/* What somebody gave to be found by; exactly one of them is not empty. */
struct person_wish {
    struct sp_text order_id, phone, email;
};

/* SP_REJECT says what is wrong: none or several are given, or too few digits. */
enum sp_result person_check_wish(const struct person_wish *wish, struct sp_error *err) SP_MUST_USE;

/* `person` is the opened JSON of name, phone_number, email, …  Phones are the same when all digits
 * of the shorter one end the longer one (a country code, a leading zero); what is masked is
 * nobody's. */
bool person_is_wished(struct sp_json person, const struct person_wish *wish,
                      struct sp_arena *arena);

#endif
