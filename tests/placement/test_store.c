/* What the tables themselves refuse, and statements against them. */
/* Covers: order_store.c, ground_store.c, wallet_store.c, refs.c. */
#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "common/ctx.h"
#include "services/placement/store.h"
#include "tests/placement/world.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = world_open("USD");
}

TestSuite(store, .init = begin);

/* The state with which PostgreSQL refuses a statement; "" when it does not. */
static const char *refusal(const char *sql)
{
    static char state[6];
    PGconn *conn = PQconnectdb(test_worker_url());
    PGresult *result = PQexec(conn, sql);
    const char *said = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    (void)snprintf(state, sizeof state, "%s", said == NULL ? "" : said);
    PQclear(result);
    PQfinish(conn);
    return state;
}

Test(store, a_wallet_is_never_negative)
{
    cr_assert_str_eq(
        refusal("UPDATE ledger_balance SET balance_minor = -1 WHERE ledger = 'WALLET'"), "23514");
}

Test(store, a_stage_has_a_name_of_the_list)
{
    cr_assert_str_eq(
        refusal("INSERT INTO decision (account_id, key, upstream_rev, rev, stage, since, "
                "trace, fact) VALUES (1, 'x', 1, 1, 'NOWHERE', now(), "
                "gen_random_uuid(), '')"),
        "23514");
}

Test(store, an_entry_has_a_key_of_its_own)
{
    const char *sql =
        "INSERT INTO wallet_entry (account_id, entry_key, kind, source, target, "
        "amount_minor, balance_minor, order_key, reference, user_name) "
        "VALUES (1, 'place/3-1/1', 'DEBIT', 'WALLET', 'CHARGES', 5, 5, '3-1', '', '')";
    cr_assert_str_eq(refusal(sql), "");
    cr_assert_str_eq(refusal(sql), "23505");
}

struct work {
    struct wallet_entry entry;
};

static enum sp_result enter_one(struct sp_ctx *ctx, void *context)
{
    const struct work *work = context;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_enter(ctx, &work->entry, 1);
    return sp_commit(ctx);
}

Test(store, an_entry_that_is_there_is_refused_and_moves_nothing)
{
    struct work work = {{.account_id = ACCOUNT,
                         .key = SP_TEXT("top-up/x"),
                         .kind = "TOP_UP",
                         .source = "FUNDING",
                         .target = "WALLET",
                         .amount_minor = 500,
                         .balance_minor = 500}};
    cr_assert_eq(sp_worker_call(worker, enter_one, &work), SP_OK);
    cr_assert_neq(sp_worker_call(worker, enter_one, &work), SP_OK);
    cr_assert_eq(world_balance(worker), 500);
    world_check(worker);
}

Test(store, a_debit_beyond_the_balance_is_not_kept)
{
    struct work work = {{.account_id = ACCOUNT,
                         .key = SP_TEXT("place/3-1/1"),
                         .kind = "DEBIT",
                         .source = "WALLET",
                         .target = "CHARGES",
                         .amount_minor = 500}};
    cr_assert_neq(sp_worker_call(worker, enter_one, &work), SP_OK);
    cr_assert_eq(world_balance(worker), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM wallet_entry"), 0);
}

Test(store, references_are_kept_by_their_newest_revision)
{
    world_variant(worker, 1, 7, 700, "USD");
    world_variant(worker, 1, 6, 600, "USD");
    cr_assert_eq(test_number(worker, "SELECT cost_minor FROM variant_cost WHERE variant_id = 1"),
                 700);
    world_warehouse(worker, WAREHOUSE, 5, false);
    world_warehouse(worker, WAREHOUSE, 4, true);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM warehouse WHERE NOT approved"), 1);
}

Test(store, refs_are_ordered_and_each_is_kept_once)
{
    struct order_ref refs[] = {
        {1, SP_TEXT("a")}, {1, SP_TEXT("a")}, {1, SP_TEXT("b")}, {2, SP_TEXT("b")}};
    cr_assert_eq(unique_refs(refs, 4, sizeof *refs, order_ref_compare), 3);
    cr_assert_lt(order_ref_compare(&refs[0], &refs[1]), 0);
    cr_assert_lt(order_ref_compare(&refs[1], &refs[2]), 0);
}
