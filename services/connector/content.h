/* The content of a fact as one number: equal content is not emitted twice. */
#ifndef SAMPAN_CONNECTOR_CONTENT_H
#define SAMPAN_CONNECTOR_CONTENT_H

#include "common/message.h"

/* A hash of the fact (its trace, emission time and revision are 0) and of what is sealed beside it.
 * SP_REJECT: the fact breaks a limit of its schema, so it cannot be emitted. */
enum sp_result content_hash(const struct sp_message *message, const void *fact,
                            struct sp_text beside, int64_t *hash, struct sp_error *err) SP_MUST_USE;

#endif
