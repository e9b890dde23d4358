/* Sessions looked up a moment ago, so that not every request costs a transaction.  Loop's thread
 * only. */
#ifndef GATEWAY_SESSION_CACHE_H
#define GATEWAY_SESSION_CACHE_H

#include "services/gateway/session.h"

enum { SESSION_CACHE_ENTRIES = 10000 };

#define SESSION_CACHE_FRESH_US (INT64_C(5) * 1000000)

struct session_cache;

struct session_cache *session_cache_open(void);
void session_cache_close(struct session_cache **cache);

/* NULL when it is not there or was looked up too long ago.  Valid until the next put.
 * `now_us` is monotonic. */
const struct person *session_cache_find(const struct session_cache *cache,
                                        const struct token_hash *token, int64_t now_us);
/* By person->token.  When it is full the oldest entry goes. */
void session_cache_put(struct session_cache *cache, const struct person *person, int64_t now_us);
void session_cache_drop(struct session_cache *cache, const struct token_hash *token);

#endif
