/* Secrets at rest: tokens and buyers' data, sealed and opened with keys of the account. */
#ifndef SAMPAN_CONNECTOR_ACCESS_H
#define SAMPAN_CONNECTOR_ACCESS_H

#include "services/connector/pull_store.h"

/* Which secret: sealed under the name "grant/<number>/<what>". */
struct grant_secret {
    int64_t account_id, grant_id;
    const char *what; /* access, refresh, code/<connection> */
};

struct sp_text seal_for_grant(struct sp_ctx *ctx, const struct grant_secret *secret,
                              struct sp_text plain);
/* Opens it.  SP_REJECT: it is damaged, or the master key is another. */
enum sp_result unseal_for_grant(struct sp_ctx *ctx, const struct grant_secret *secret,
                                struct sp_text sealed, struct sp_text *plain) SP_MUST_USE;
/* The access token of a shop; empty when it cannot be opened: then nothing goes out. */
struct sp_text unseal_access(struct sp_ctx *ctx, const struct shop_access *access);

/* The one-time code of a connection. */
struct grant_secret connect_code(struct sp_ctx *ctx, int64_t account_id, struct sp_text connect_id);

/* Seals a buyer's data under the name "buyer/<key of the order>", purpose "buyer". */
struct sp_text seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_key,
                          struct sp_text plain);

#endif
