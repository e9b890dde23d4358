/* Forgetting what need not be kept. */
#include <criterion/criterion.h>

#include "tests/order-ingest/orders.h"
#include "tests/support/hold.h"

Test(jobs, forgets_expired_buyers_alone)
{
    struct sp_worker *worker = ingest_fresh();
    test_sql(worker,
             "INSERT INTO order_buyer SELECT 1, 'old-' || i, 'x', now() - interval '1 second' "
             "FROM generate_series(1, 1500) i");
    test_sql(worker, "INSERT INTO order_buyer VALUES (1, 'new', 'x', now() + interval '1 day')");
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_AGAIN);
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer WHERE order_id = 'new'"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer"), 1);
}

Test(jobs, keeps_what_stays_of_a_buyer_who_is_being_erased)
{
    struct sp_worker *worker = ingest_fresh();
    test_sql(worker, "INSERT INTO order_buyer SELECT 1, id, 'x', now() - interval '1 second' "
                     "FROM unnest(ARRAY['erased', 'expired']) id");
    struct test_hold *hold = test_hold(worker, "UPDATE order_buyer SET sealed = NULL, erased_at = "
                                               "now() WHERE order_id = 'erased'");
    cr_expect_eq(sp_worker_job(worker, "forget-buyers"), SP_OK, "it waits for nobody");
    test_let_go(&hold);
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(order_id, ',') FROM order_buyer"),
                     "erased");
}

Test(jobs, forgets_facts_that_hold_an_expired_buyer_and_were_never_processed)
{
    struct sp_worker *worker = ingest_fresh();
    test_sql(worker, "INSERT INTO dead_letter (type, account_id, key, rev, body, reason, since) "
                     "SELECT type, 1, age::text, 1, '', '', now() - age * interval '1 day' "
                     "FROM unnest(ARRAY['channel.order', 'channel.return']) type, "
                     "unnest(ARRAY[59, 61]) age");
    test_sql(worker, "INSERT INTO later (type, account_id, key, rev, body, due, since) "
                     "SELECT type, account_id, key, rev, body, now() + interval '1 hour', since "
                     "FROM dead_letter");
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_OK);
    static const char wanted[] = "channel.order 59, channel.return 59, channel.return 61";
    cr_expect_str_eq(test_text(worker, "SELECT string_agg(type || ' ' || key, ', ' "
                                       "ORDER BY type, key) FROM dead_letter"),
                     wanted);
    cr_expect_str_eq(test_text(worker, "SELECT string_agg(type || ' ' || key, ', ' "
                                       "ORDER BY type, key) FROM later"),
                     wanted);
}

Test(jobs, forgets_changes_after_two_minutes)
{
    struct sp_worker *worker = ingest_fresh();
    test_sql(worker, "INSERT INTO change_log (account_id, total, at) VALUES (1, 1, now() - "
                     "interval '3 minutes'), "
                     "(1, 2, now())");
    cr_assert_eq(sp_worker_job(worker, "forget-changes"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT total FROM change_log"), 2);
}
