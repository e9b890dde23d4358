/* Whole processes in a world that is wrong: tables that come late, a database that is away, peers
 * that are nobody or say what they may not. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/common/app_pair.h"
#include "tests/support/database.h"

TestSuite(app_wrong, .init = pair_open, .fini = pair_close, .timeout = 60);

/* ---- tables that come late
 * ------------------------------------------------------------------------ */

/* Between its connecting and its look at the tables the last migration comes: that connection does
 * not know the new types. */
Test(app_wrong, a_connection_from_before_the_migrations_is_not_kept)
{
    static const struct sp_statement lock = {"LOCK TABLE migration IN ACCESS EXCLUSIVE MODE"};
    static const struct sp_statement make = {
        "CREATE TYPE seen_row AS (account_id bigint, key text, upstream_rev bigint, status text)"};
    struct sp_db *db = sp_worker_db(at_receiver);
    struct sp_error err;
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    test_sql(at_receiver, "DROP TYPE seen_row");
    sp_db_begin(db);
    cr_assert_not_null(sp_query(db, &err, &lock, SP_NO_PARAMS), "%s", err.text);
    app_start(receiver, unsafe);
    cr_assert(app_until(at_receiver,
                        "SELECT (count(*) > 0)::int FROM pg_locks l JOIN pg_database d "
                        "ON d.oid = l.database WHERE d.datname = current_database() "
                        "AND NOT l.granted",
                        1),
              "%s", app_log(receiver));
    cr_assert_not_null(sp_query(db, &err, &make, SP_NO_PARAMS), "%s", err.text);
    sp_db_commit(db);
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    app_start(sender, unsafe);
    wish(PARCEL);
    expect_all_once(PARCEL);
}
