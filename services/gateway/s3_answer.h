/* What an S3-compatible store answers: as much of its XML as we ask for.  Pure. */
#ifndef GATEWAY_S3_ANSWER_H
#define GATEWAY_S3_ANSWER_H

#include "common/base.h"

/* What stands in the first element of this name; empty when there is none.  Elements of a name do
 * not stand in each other, and what we look for has no attributes. */
struct sp_text s3_element(struct sp_text xml, const char *name);
/* The same, and `*xml` goes on behind it; false: no more. */
bool s3_next(struct sp_text *xml, const char *name, struct sp_text *content);
/* "2026-11-21T22:30:00.000Z" in seconds since 1970; 0: it is no such time. */
int64_t s3_time(struct sp_text text);

#endif
