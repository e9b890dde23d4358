/* What calls about cancellations and about returns have in common. */
#ifndef SANDBOX_API_CASES_H
#define SANDBOX_API_CASES_H

#include "services/sandbox/case_filter.h"
#include "services/sandbox/listing.h"

/* The order a body names. */
enum api_error api_case_order(struct api_call *call, struct sp_json id, uint32_t *order);

/* The case in the path.  An answer that was given before under the same idempotency key is not
 * given again. */
struct api_case {
    enum case_kind kind;
    uint32_t which;
    uint64_t key; /* 0: none was sent */
    bool answered;
};
/* Of the idempotency key of the query, for this path; 0 when there is none. */
uint64_t api_case_key(const struct api_call *call);
enum api_error api_case_find(struct api_call *call, enum case_kind kind, struct api_case *found);
/* Keeps the key when the answer took effect; returns `error`. */
enum api_error api_case_answered(struct api_call *call, const struct api_case *found,
                                 enum api_error error);
enum api_error api_case_reject_reason(struct api_call *call, enum case_kind kind, int *reason);
/* A page of the cases that fit, as an array of this name. */
enum api_error api_case_search(struct api_call *call, enum case_kind kind,
                               const struct listing_rules *rules, const char *name,
                               void (*put)(struct sp_json_writer *json, const struct shop *shop,
                                           uint32_t which));

#endif
