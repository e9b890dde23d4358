/* Leases on print files: who keeps one and who removes it are never at work at a time. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/gateway/design_lease_store.h"
#include "tests/support/database.h"

extern const struct sp_migration gateway_migrations[];

static struct sp_worker *worker;
static struct sp_db *db;
static struct sp_error err;
static char a[DESIGN_ID_LETTERS + 1], b[DESIGN_ID_LETTERS + 1];

static void begin(void)
{
    static const struct sp_service service = {.name = "gateway", .migrations = gateway_migrations};
    worker = test_worker(&service, NULL);
    db = sp_worker_db(worker);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    memset(a, 'a', DESIGN_ID_LETTERS);
    memset(b, 'b', DESIGN_ID_LETTERS);
}

TestSuite(design_lease_store, .init = begin);

static bool keeps(const char *id)
{
    bool taken = false;
    cr_assert_eq(store_lease_to_keep(db, &err, 1, id, &taken), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return taken;
}

static char both[2][DESIGN_ID_LETTERS + 1];

static struct design_ids removes_both(void)
{
    struct design_ids designs = {1, both, 2};
    memcpy(both[0], b, sizeof b);
    memcpy(both[1], a, sizeof a);
    cr_assert_eq(store_lease_to_remove(db, &err, &designs), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return designs;
}

static void let_all_end(void)
{
    test_sql(worker, "UPDATE design_lease SET until = now() - interval '1 second'");
}

Test(design_lease_store, who_keeps_one_keeps_its_removal_away)
{
    cr_assert(keeps(a));
    cr_assert(keeps(a), "and another who keeps it does not mind");
    struct design_ids designs = removes_both();
    cr_assert(designs.count == 1 && strcmp(both[0], b) == 0);
    let_all_end();
    cr_assert_eq(removes_both().count, 2);
}

Test(design_lease_store, who_removes_one_keeps_others_away)
{
    struct design_ids designs = removes_both();
    cr_assert_eq(designs.count, 2);
    cr_assert_eq(removes_both().count, 0, "a second one who removes, too");
    cr_assert_not(keeps(a));
    cr_assert_eq(store_end_removal(db, &err, &(struct design_ids){1, both, 2}), SP_OK);
    cr_assert(keeps(a) && keeps(b));
    (void)removes_both();
    cr_assert_eq(store_end_removal(db, &err, &(struct design_ids){1, both, 2}), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM design_lease"), 2, "not its own");
}

Test(design_lease_store, a_removal_that_died_ends_by_itself)
{
    cr_assert_eq(removes_both().count, 2);
    let_all_end();
    cr_assert(keeps(a));
    cr_assert_eq(store_forget_leases(db, &err), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM design_lease"), 1, "the live one");
}

Test(design_lease_store, accounts_come_one_after_the_other)
{
    int64_t account_id = 0;
    test_sql(worker, "INSERT INTO account (account_id, name, time_zone, currency, language, rev) "
                     "SELECT n, 'a', 'UTC', 'VND', 'vi', 1 FROM unnest('{3,10}'::bigint[]) n");
    cr_assert_eq(store_next_account(db, &err, &account_id), SP_OK);
    cr_assert_eq(account_id, 3);
    cr_assert_eq(store_next_account(db, &err, &account_id), SP_OK);
    cr_assert_eq(account_id, 10);
    cr_assert_eq(store_next_account(db, &err, &account_id), SP_OK);
    cr_assert_eq(account_id, 0);
}
