/* What is kept in memory: given for its version and no other, bounded, and safe for several
 * threads. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "common/cache.h"

static struct sp_cache *cache;
static struct sp_arena *arena;

static void open_cache(size_t most_bytes)
{
    cache = sp_cache_open(most_bytes);
    arena = sp_arena_open();
}

static void close_cache(void)
{
    sp_cache_close(&cache);
    sp_arena_close(&arena);
}

static struct sp_text find(int64_t account_id, const char *name, int64_t version)
{
    struct sp_cache_key key = {account_id, sp_text_of(name), version};
    struct sp_text value;
    return sp_cache_find(cache, &key, arena, &value) ? value : SP_TEXT("nothing");
}

static void put(const char *name, int64_t version, struct sp_text value)
{
    struct sp_cache_key key = {1, sp_text_of(name), version};
    sp_cache_put(cache, &key, value);
}

Test(cache, gives_a_value_for_its_version_alone)
{
    open_cache(1000);
    put("a", 7, SP_TEXT("one"));
    cr_expect(sp_text_is(find(1, "a", 7), "one"));
    cr_expect(sp_text_is(find(1, "a", 6), "nothing"), "older");
    cr_expect(sp_text_is(find(1, "a", 8), "nothing"), "newer");
    cr_expect(sp_text_is(find(2, "a", 7), "nothing"), "of another account");
    cr_expect(sp_text_is(find(1, "b", 7), "nothing"));
    put("a", 8, SP_TEXT(""));
    cr_expect(sp_text_is(find(1, "a", 7), "nothing"), "replaced");
    cr_expect_eq(find(1, "a", 8).size, 0);
    close_cache();
}

Test(cache, keeps_many_and_forgets_all_when_it_is_full)
{
    enum { MOST = 10000, ENTRIES = 1200 };
    open_cache(MOST);
    char key[16];
    int first = 0;
    for (int i = 0; i < ENTRIES; i++) {
        (void)snprintf(key, sizeof key, "k%06d", i);
        put(key, 1, SP_TEXT("0123456789"));
        if (sp_text_is(find(1, "k000000", 1), "nothing") && first == 0)
            first = i;
    }
    cr_expect_eq(first, MOST / 17, "17 bytes each");
    cr_expect(sp_text_is(find(1, key, 1), "0123456789"), "the newest is there");
    static char large[MOST + 1];
    put("large", 1, (struct sp_text){large, sizeof large});
    cr_expect(sp_text_is(find(1, "large", 1), "nothing"), "what could never fit is not kept");
    cr_expect(sp_text_is(find(1, key, 1), "0123456789"), "and drives out nothing");
    close_cache();
}

/* Each thread writes its own version of the same keys; whoever finds one finds what belongs to it.
 */
static void *mix(void *context)
{
    int64_t version = (int64_t)(intptr_t)context;
    struct sp_arena *own = sp_arena_open();
    char text[24], name[8];
    (void)snprintf(text, sizeof text, "%lld", (long long)version);
    for (int i = 0; i < 20000; i++) {
        struct sp_text value;
        (void)snprintf(name, sizeof name, "%d", i % 50);
        struct sp_cache_key key = {1, sp_text_of(name), version};
        put(name, version, sp_text_of(text));
        if (sp_cache_find(cache, &key, own, &value))
            cr_assert(sp_text_is(value, text));
    }
    sp_arena_close(&own);
    return NULL;
}

Test(cache, is_shared_by_threads)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    open_cache(100);
    for (intptr_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, mix, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
    close_cache();
}
