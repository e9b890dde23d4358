/* Page tokens: opaque, of no use with another filter, and with "+", "/" and "=" in them so that a
 * client has to encode them. */
#ifndef SANDBOX_PAGE_TOKEN_H
#define SANDBOX_PAGE_TOKEN_H

#include "common/arena.h"
#include "common/base.h"

/* `about` is everything the walk depends on: endpoint, shop, filter, sorting. */
struct sp_text page_token_make(struct sp_text key, struct sp_text about, uint64_t place,
                               struct sp_arena *arena);
/* SP_REJECT when the token was not made for `about` with this key. */
enum sp_result page_token_read(struct sp_text key, struct sp_text about, struct sp_text token,
                               uint64_t *place) SP_MUST_USE;

#endif
