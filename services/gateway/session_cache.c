#include "services/gateway/session_cache.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 16384, NOWHERE = -1 };

struct entry {
    struct person person;
    int64_t looked_us; /* 0: empty */
    int32_t next;      /* in the bucket */
};

/* A ring of entries, the oldest is overwritten; chains of equal buckets run through it. */
struct session_cache {
    int32_t buckets[BUCKETS];
    int32_t oldest;
    struct entry entries[SESSION_CACHE_ENTRIES];
};

struct session_cache *session_cache_open(void)
{
    struct session_cache *cache = sp_alloc(sizeof *cache);
    memset(cache->buckets, 0xff, sizeof cache->buckets);
    return cache;
}

void session_cache_close(struct session_cache **cache)
{
    free(*cache);
    *cache = NULL;
}

static size_t bucket_of(const struct token_hash *token)
{
    /* The hash is uniform: its first bytes are as good as any. */
    return ((size_t)token->bytes[0] << 8 | token->bytes[1]) % BUCKETS;
}

/* The link that leads to the token's entry, or the chain's end. */
static int32_t *link_to(struct session_cache *cache, const struct token_hash *token)
{
    int32_t *link = &cache->buckets[bucket_of(token)];
    while (*link != NOWHERE && !token_hash_equal(&cache->entries[*link].person.token, token))
        link = &cache->entries[*link].next;
    return link;
}

const struct person *session_cache_find(const struct session_cache *cache,
                                        const struct token_hash *token, int64_t now_us)
{
    int32_t at = cache->buckets[bucket_of(token)];
    while (at != NOWHERE && !token_hash_equal(&cache->entries[at].person.token, token))
        at = cache->entries[at].next;
    if (at == NOWHERE || now_us - cache->entries[at].looked_us >= SESSION_CACHE_FRESH_US)
        return NULL;
    return &cache->entries[at].person;
}

void session_cache_drop(struct session_cache *cache, const struct token_hash *token)
{
    int32_t *link = link_to(cache, token);
    if (*link == NOWHERE)
        return;
    struct entry *entry = &cache->entries[*link];
    *link = entry->next;
    *entry = (struct entry){0};
}

void session_cache_put(struct session_cache *cache, const struct person *person, int64_t now_us)
{
    session_cache_drop(cache, &person->token);
    int32_t at = cache->oldest;
    cache->oldest = (at + 1) % SESSION_CACHE_ENTRIES;
    struct entry *entry = &cache->entries[at];
    if (entry->looked_us != 0)
        session_cache_drop(cache, &entry->person.token);
    int32_t *bucket = &cache->buckets[bucket_of(&person->token)];
    *entry = (struct entry){.person = *person, .looked_us = now_us, .next = *bucket};
    *bucket = at;
}
