/* Values read from the database and kept in memory for as long as a counter there stands still.
 *
 * Whoever changes such a value raises the counter in the same transaction.  Whoever wants one has
 * read the counter in this transaction and gives it as the version: a value kept with the same
 * version is what a statement would read now, or what it would have read when the counter was.
 * Never an older one, so what is said of references (architecture.md) holds with it as without.
 *
 * One for a process, shared by its workers. */
#ifndef SAMPAN_CACHE_H
#define SAMPAN_CACHE_H

#include "common/arena.h"

struct sp_cache;

/* Beyond `most_bytes` of keys and values it forgets everything and begins anew. */
struct sp_cache *sp_cache_open(size_t most_bytes);
void sp_cache_close(struct sp_cache **cache);

struct sp_cache_key {
    int64_t account_id;
    struct sp_text name;
    int64_t version;
};
/* False: not kept, or kept with another version.  The value is copied into the arena. */
bool sp_cache_find(struct sp_cache *cache, const struct sp_cache_key *key, struct sp_arena *arena,
                   struct sp_text *value);
/* Never what was read in a transaction that has itself raised the counter: if that is rolled back,
 * the next to raise it comes to the same version with another value. */
void sp_cache_put(struct sp_cache *cache, const struct sp_cache_key *key, struct sp_text value);

#endif
