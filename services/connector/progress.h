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

/* Emits the notice, which has all but its revision.  Its key names the occasion: the same one is
 * one notice. */
enum sp_result notice_say(struct sp_ctx *ctx, struct notice_raised *notice) SP_MUST_USE;

#endif
