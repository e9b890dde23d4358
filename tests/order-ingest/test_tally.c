/* Adding up what a batch changes. */
#include <criterion/criterion.h>

#include "services/order-ingest/tally.h"

Test(tally, has_one_entry_for_each_key)
{
    struct sp_arena *arena = sp_arena_open();
    struct tally tally = tally_open(arena, 8);
    struct tally_key unpaid = {1, 7, "status", SP_TEXT("UNPAID"), SP_TEXT("")}, other = unpaid;
    tally_add(&tally, &unpaid, 1);
    tally_add(&tally, &unpaid, 1);
    other.shop_id = 8;
    tally_add(&tally, &other, 1);
    other.cause = SP_TEXT("BUYER");
    tally_add(&tally, &other, 1);
    other.account_id = 2;
    tally_add(&tally, &other, 1);
    tally_add(&tally, &unpaid, -1);
    cr_assert_eq(tally.count, 4);
    cr_expect_eq(tally.entries[0].orders, 1);
    cr_expect_eq(tally.entries[3].key.account_id, 2);
    sp_arena_close(&arena);
}
