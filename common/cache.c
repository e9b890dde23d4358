#include "common/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 1024 };

struct entry {
    uint64_t hash;           /* 0: free */
    struct sp_cache_key key; /* the name in the arena */
    struct sp_text value;
};

struct sp_cache {
    pthread_mutex_t lock;
    struct sp_arena *arena; /* keys and values */
    struct entry *entries;  /* open addressing, at most half full */
    size_t size, count;
    size_t bytes, most_bytes;
};

struct sp_cache *sp_cache_open(size_t most_bytes)
{
    struct sp_cache *cache = sp_alloc(sizeof *cache);
    *cache = (struct sp_cache){.lock = PTHREAD_MUTEX_INITIALIZER,
                               .arena = sp_arena_open(),
                               .size = FIRST_SIZE,
                               .most_bytes = most_bytes};
    cache->entries = sp_alloc(cache->size * sizeof *cache->entries);
    return cache;
}

void sp_cache_close(struct sp_cache **cache)
{
    if (*cache == NULL)
        return;
    sp_arena_close(&(*cache)->arena);
    free((*cache)->entries);
    (void)pthread_mutex_destroy(&(*cache)->lock);
    free(*cache);
    *cache = NULL;
}

/* FNV-1a over the name, begun with the account; the version has no part in it. */
static uint64_t hash_of(const struct sp_cache_key *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)key->account_id;
    for (size_t i = 0; i < key->name.size; i++)
        hash = (hash ^ (unsigned char)key->name.data[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    return hash == 0 ? 1 : hash;
}

/* The entry of the key, or the free one where it belongs. */
static struct entry *slot_of(struct sp_cache *cache, uint64_t hash, const struct sp_cache_key *key)
{
    size_t at = (size_t)hash & (cache->size - 1);
    for (;; at = (at + 1) & (cache->size - 1)) {
        struct entry *entry = &cache->entries[at];
        if (entry->hash == 0 || (entry->hash == hash && entry->key.account_id == key->account_id &&
                                 sp_text_equal(entry->key.name, key->name)))
            return entry;
    }
}

static void grow(struct sp_cache *cache)
{
    struct entry *old = cache->entries;
    size_t old_size = cache->size;
    cache->size *= 2;
    cache->entries = sp_alloc(cache->size * sizeof *cache->entries);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].hash != 0)
            *slot_of(cache, old[i].hash, &old[i].key) = old[i];
    }
    free(old);
}

static void forget(struct sp_cache *cache)
{
    sp_arena_reset(cache->arena);
    memset(cache->entries, 0, cache->size * sizeof *cache->entries);
    cache->count = 0;
    cache->bytes = 0;
}

bool sp_cache_find(struct sp_cache *cache, const struct sp_cache_key *key, struct sp_arena *arena,
                   struct sp_text *value)
{
    (void)pthread_mutex_lock(&cache->lock);
    const struct entry *entry = slot_of(cache, hash_of(key), key);
    bool found = entry->hash != 0 && entry->key.version == key->version;
    if (found)
        *value = sp_arena_copy(arena, entry->value);
    (void)pthread_mutex_unlock(&cache->lock);
    return found;
}

static void put(struct sp_cache *cache, const struct sp_cache_key *key, struct sp_text value)
{
    uint64_t hash = hash_of(key);
    if (cache->bytes + key->name.size + value.size > cache->most_bytes)
        forget(cache);
    if (cache->count == cache->size / 2)
        grow(cache);
    struct entry *entry = slot_of(cache, hash, key);
    if (entry->hash == 0) {
        *entry = (struct entry){.hash = hash, .key = *key};
        entry->key.name = sp_arena_copy(cache->arena, key->name);
        cache->count++;
        cache->bytes += key->name.size;
    }
    entry->key.version = key->version;
    entry->value = sp_arena_copy(cache->arena, value);
    cache->bytes += value.size;
}

void sp_cache_put(struct sp_cache *cache, const struct sp_cache_key *key, struct sp_text value)
{
    if (key->name.size + value.size > cache->most_bytes)
        return;
    (void)pthread_mutex_lock(&cache->lock);
    put(cache, key, value);
    (void)pthread_mutex_unlock(&cache->lock);
}
