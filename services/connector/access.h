/* Secrets at rest: tokens and buyers' data, sealed and opened with keys of the account. */
#ifndef SAMPAN_CONNECTOR_ACCESS_H
#define SAMPAN_CONNECTOR_ACCESS_H

#include "services/connector/pull_store.h"

/* Seals something of a grant under the name "grant/<number>/<what>". */
struct sp_text seal_for_grant(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id,
                              const char *what, struct sp_text plain);
/* Opens it.  SP_REJECT: it is damaged, or the master key is another. */
enum sp_result unseal_for_grant(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id,
                                const char *what, struct sp_text sealed,
                                struct sp_text *plain) SP_MUST_USE;

/* Seals a buyer's data under the name "buyer/<key of the order>", purpose "buyer". */
struct sp_text seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_key,
                          struct sp_text plain);

#endif
