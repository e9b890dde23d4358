/* The budgets of all shops of this process. */
#include "services/connector/throttle.h"

#include <pthread.h>

#include "common/crypto.h"
#include "services/connector/budget.h"

enum { PLACES = 4096, PROBES = 16 };

/* A place may be taken over by another shop when all near it are in use: the worst that does is a
 * full bucket, which the marketplace answers with "too many calls". */
struct place {
    int64_t shop_id;
    int kind;
    bool used;
    struct budget budget;
};

static struct place places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct budget *find_budget(int64_t shop_id, int kind)
{
    uint64_t start = ((uint64_t)shop_id * 8 + (uint64_t)kind) * UINT64_C(0x9e3779b97f4a7c15) >> 52;
    struct place *place = NULL;
    for (uint64_t i = 0; i < PROBES; i++) {
        place = &places[(start + i) % PLACES];
        if (place->used && place->shop_id == shop_id && place->kind == kind)
            return &place->budget;
        if (!place->used)
            break;
    }
    *place = (struct place){.shop_id = shop_id, .kind = kind, .used = true};
    return &place->budget;
}

int64_t throttle_take(int64_t shop_id, int kind, struct throttle_rate rate)
{
    SP_ASSERT(pthread_mutex_lock(&lock) == 0);
    int64_t wait_ms =
        budget_take(find_budget(shop_id, kind), rate.calls_per_s, rate.burst, sp_monotonic_us());
    SP_ASSERT(pthread_mutex_unlock(&lock) == 0);
    return wait_ms;
}

void throttle_note(int64_t shop_id, int kind, const struct tiktok_answer *answer,
                   int64_t retry_after_ms)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    SP_ASSERT(pthread_mutex_lock(&lock) == 0);
    struct budget *budget = find_budget(shop_id, kind);
    if (answer->outcome != TIKTOK_LATER)
        budget_succeeded(budget);
    else if (answer->busy)
        budget_was_busy(budget, retry_after_ms, random, sp_monotonic_us());
    else
        budget_failed(budget, sp_monotonic_us());
    SP_ASSERT(pthread_mutex_unlock(&lock) == 0);
}
