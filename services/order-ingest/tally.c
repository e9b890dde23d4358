/* Adds up how a batch changes the numbers of orders, before they are written. */
#include "services/order-ingest/tally.h"

struct tally tally_open(struct sp_arena *arena, size_t room)
{
    return (struct tally){.entries = sp_arena_array(arena, room, sizeof *(struct tally){0}.entries),
                          .room = room};
}

static bool same(const struct tally_key *a, const struct tally_key *b)
{
    return a->account_id == b->account_id && a->shop_id == b->shop_id && a->axis == b->axis &&
           sp_text_equal(a->word, b->word) && sp_text_equal(a->cause, b->cause);
}

/* A batch knows few keys, and neighbours often share one: the newest is looked at first. */
void tally_add(struct tally *tally, const struct tally_key *key, int64_t orders)
{
    for (size_t i = tally->count; i-- > 0;) {
        if (same(&tally->entries[i].key, key)) {
            tally->entries[i].orders += orders;
            return;
        }
    }
    SP_ASSERT(tally->count < tally->room);
    tally->entries[tally->count++] = (struct tally_entry){*key, orders};
}
