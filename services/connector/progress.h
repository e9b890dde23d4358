/* What others learn of a pull's progress: import.progressed of runs, the state of a shop that is
 * connecting. */
#ifndef SAMPAN_CONNECTOR_PROGRESS_H
#define SAMPAN_CONNECTOR_PROGRESS_H

#include "services/connector/page.h"

/* Within the transaction of the page. */
enum sp_result progress_say(struct sp_ctx *ctx, const struct pull_page *page,
                            const struct pull_step *step) SP_MUST_USE;

/* Raises the revisions of shops and emits them as shop.saved. */
enum sp_result shops_say(struct sp_ctx *ctx, const struct shop_key shops[],
                         size_t count) SP_MUST_USE;

/* Emits notice.raised.  `key` names the occasion: the same one is one notice. */
enum sp_result notice_say(struct sp_ctx *ctx, int64_t account_id, struct sp_text key,
                          const char *event, struct sp_text subject,
                          struct sp_text text) SP_MUST_USE;

#endif
