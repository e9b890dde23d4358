/* The content of a fact as one number: equal content is not emitted twice. */
#ifndef SAMPAN_CONNECTOR_CONTENT_H
#define SAMPAN_CONNECTOR_CONTENT_H

#include "common/message.h"

/* A head that is the same for every revision, for hashing. */
struct sp_head content_head(int64_t account_id, struct sp_text key);

/* A hash of the fact, which has such a head, and of what is sealed beside it.  SP_REJECT: the fact
 * breaks a limit of its schema, so it cannot be emitted. */
enum sp_result content_hash(const struct sp_message *message, const void *fact,
                            struct sp_text beside, int64_t *hash, struct sp_error *err) SP_MUST_USE;

#endif
