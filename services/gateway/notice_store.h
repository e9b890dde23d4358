/* Notices in the database. */
#ifndef GATEWAY_NOTICE_STORE_H
#define GATEWAY_NOTICE_STORE_H

#include "common/service.h"
#include "proto/messages.h"

/* The claim of notice.raised: writes the whole row.  Returns its slot. */
int store_claim_notices(struct sp_db *db, const struct notice_raised notices[], size_t count);

/* The account's notices below `before` (0: from the newest), as the JSON document of GET
 * /api/v1/notices. */
enum sp_result store_list_notices(struct sp_ctx *ctx, int64_t account_id, int64_t before,
                                  int64_t limit, struct sp_buffer *json) SP_MUST_USE;

/* Removes what is older than 90 days, at most 10,000 rows. */
enum sp_result store_forget_notices(struct sp_db *db, struct sp_error *err) SP_MUST_USE;

#endif
