/* What is kept of a buyer, sealed with the account's key and bound to its order. */
#ifndef INGEST_BUYER_H
#define INGEST_BUYER_H

#include "common/service.h"

/* JSON of name, address, phone, mail; false: it is not sealed by us. */
bool ingest_open_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                       struct sp_text sealed, struct sp_json *buyer);
/* The same the other way round, in the arena; nothing of nobody. */
struct sp_text ingest_seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                                 struct sp_text buyer);

#endif
