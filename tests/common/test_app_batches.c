/* How many batches a process works on at once. */
#include <criterion/criterion.h>

#include "tests/common/app_pair.h"
#include "tests/support/database.h"

TestSuite(app_batches, .init = pair_open, .fini = pair_close, .timeout = 60);

/* How often a batch met another one at work. */
static int64_t meetings(const char *const settings[])
{
    enum { PARCELS = 12 };
    pair_at_once = FULL_PARCEL;
    test_sql(at_receiver, "CREATE TABLE met (n integer);"
                          "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS "
                          "'BEGIN IF NOT pg_try_advisory_xact_lock(1) THEN INSERT INTO met VALUES "
                          "(1); END IF; PERFORM pg_sleep(0.05); RETURN NULL; END';"
                          "CREATE TRIGGER meet AFTER INSERT ON seen EXECUTE FUNCTION meet()");
    app_start(receiver, settings);
    app_start(sender, unsafe);
    wish(PARCELS * FULL_PARCEL);
    cr_assert(app_until(at_receiver, count_seen, PARCELS * FULL_PARCEL), "%s", app_log(receiver));
    return test_number(at_receiver, "SELECT count(*) FROM met");
}

Test(app_batches, three_workers_work_on_two_batches_at_once)
{
    const char *const settings[] = {unsafe[0], "SAMPAN_WORKERS=3", NULL};
    cr_expect_gt(meetings(settings), 0);
}

Test(app_batches, of_two_workers_one_is_left_for_asks)
{
    cr_expect_eq(meetings(unsafe), 0);
}
