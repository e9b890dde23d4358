/* What the tables themselves refuse.  Covers: order_store.c, stock_store.c */
#include <criterion/criterion.h>
#include <string.h>

#include "services/inventory/store.h"
#include "tests/inventory/world.h"

/* Runs in a transaction of its own. */
static enum sp_result oversell(struct sp_ctx *ctx, void *context)
{
    struct stock_effect effect = {
        .account_id = ACCOUNT, .variant_id = 10, .warehouse_id = *(int64_t *)context, .held = 6};
    cr_assert_eq(sp_begin(ctx), SP_OK);
    store_change_stock(ctx, &effect, 1);
    return sp_commit(ctx);
}

Test(inventory_store, refuses_to_oversell_whatever_the_code_says)
{
    struct sp_worker *worker = world_open();
    int64_t home = world_warehouse(worker, "W1", 1);
    world_variant(worker, 10, "MUG");
    world_stock(worker, home, 10, 5);
    cr_assert_neq(sp_worker_call(worker, oversell, &home), SP_OK);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    sp_worker_close(&worker);
}

static enum sp_result round_trip(struct sp_ctx *ctx, void *context)
{
    (void)context;
    struct kept_part parts[] = {{1, 10, 5, 4, 3, 0, 0}, {2, 11, 0, 0, 7, 0, 0}};
    static const struct kept_part as_read[] = {
        {1, 10, 5, 2, 3, 2, 2}, {2, 11, 0, 0, 7, 0, 0}, {3, 12, 5, 0, 0, 1, 0}};
    struct order_record records[] = {
        {{ACCOUNT, SP_TEXT("3-1")}, false, 70, 12, {true, false}, parts, 2, false},
        {{ACCOUNT, SP_TEXT("3-2")}, false, 78, 13, {false, true}, NULL, 0, false}};
    cr_assert_eq(sp_begin(ctx), SP_OK);
    struct order_mapped first = {.head = {.account_id = ACCOUNT, .rev = 5}};
    struct order_mapped second = {.head = {.account_id = ACCOUNT, .rev = 6}, .shop_id = 3};
    const struct order_mapped *both[] = {&first, &second}, *again[] = {&second};
    store_save_facts(ctx, records, both, 2);
    second.shop_id = 4;
    records[1].found = true;
    store_save_facts(ctx, &records[1], again, 1);
    records[0].rev = 77;
    store_save_orders(ctx, records, 1);
    struct order_record read[] = {{.ref = {ACCOUNT, SP_TEXT("3-0")}},
                                  {.ref = {ACCOUNT, SP_TEXT("3-1")}},
                                  {.ref = {ACCOUNT, SP_TEXT("3-2")}},
                                  {.ref = {ACCOUNT + 1, SP_TEXT("3-1")}}};
    cr_assert_eq(store_lock_orders(ctx, read, 4), SP_OK);
    cr_assert_not(read[0].found);
    cr_assert_not(read[3].found);
    cr_assert_eq(read[1].rev, 77);
    cr_assert_eq(read[1].since, 12);
    cr_assert(read[1].standing.takes);
    cr_assert_not(read[1].standing.may_issue);
    cr_assert_eq(read[1].kept_count, SP_COUNT(as_read));
    cr_assert_eq(memcmp(read[1].kept, as_read, sizeof as_read), 0);
    cr_assert_eq(read[2].kept_count, 0);
    cr_assert(read[2].standing.may_issue);
    struct order_mapped facts[2];
    const struct order_ref refs[] = {read[1].ref, read[2].ref};
    cr_assert_eq(store_load_facts(ctx, refs, 2, facts), SP_OK);
    cr_assert_eq(facts[0].shop_id, 0);
    cr_assert_eq(facts[1].shop_id, 4);
    return sp_commit(ctx);
}

Test(inventory_store, reads_decisions_as_they_were_written_and_counts_live_issues)
{
    struct sp_worker *worker = world_open();
    test_sql(worker, "INSERT INTO goods_issue (account_id, key, upstream_rev, rev, order_key, "
                     "warehouse_id, state, trace, lines) SELECT 1, key, 1, 1, '3-1', 5, "
                     "state, gen_random_uuid(), lines FROM (VALUES "
                     "('3-1/1/1', 'AWAITING_ISSUE', '{10,1,2}'::bigint[]), "
                     "('3-1/1/2', 'ISSUED', '{12,3,1}'), ('3-1/2/1', 'CANCELLED', '{10,1,1}')) "
                     "g (key, state, lines)");
    cr_assert_eq(sp_worker_call(worker, round_trip, NULL), SP_OK, "%s",
                 sp_worker_error(worker)->text);
    sp_worker_close(&worker);
}

Test(inventory_store, finds_each_seeded_violation_of_an_identity)
{
    static const char *const seeds[][2] = {
        {"UPDATE stock SET held = held + 1", "RESERVED_IS_KEPT"},
        {"UPDATE stock SET on_hand = on_hand + 1", "ON_HAND_IS_LEDGER"},
        {"INSERT INTO goods_issue (account_id, key, upstream_rev, rev, order_key, warehouse_id, "
         "state, trace, lines) SELECT account_id, key || '/1/1', 1, 1, key, warehouse_id, "
         "'AWAITING_ISSUE', gen_random_uuid(), ARRAY[variant_id, line, held + 1] FROM held_part",
         "ISSUES_ARE_KEPT"},
        {"UPDATE stock SET waiting = 5", "WAITING_IS_MISSING"},
        {"DELETE FROM reservation", "RESERVED_IS_KEPT"}};
    for (size_t i = 0; i < SP_COUNT(seeds); i++) {
        struct sp_worker *worker = world_open();
        int64_t home = world_warehouse(worker, "W1", 1);
        world_variant(worker, 10, "MUG");
        world_stock(worker, home, 10, 5);
        struct world_order order = {1, 1, .lines = {{10, 2}}};
        world_feed(worker, &order, 1);
        world_check(worker);
        test_sql(worker, seeds[i][0]);
        const char *said;
        cr_assert_eq(test_ask(worker, "inventory.check", NULL, &said, NULL), 200);
        cr_assert_not_null(strstr(said, seeds[i][1]), "%s: %s", seeds[i][0], said);
        cr_assert_not_null(strstr(said, "\"ok\" : false"));
        sp_worker_close(&worker);
    }
}
