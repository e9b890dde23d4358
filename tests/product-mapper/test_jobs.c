/* Healing: open orders follow a changed link, also one that was being committed. */
/* Covers: jobs.c, heal_store.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"
#include "tests/support/hold.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    test_sql(worker, "DELETE FROM heal");
}

TestSuite(jobs, .init = begin);

Test(jobs, makes_every_open_order_follow_and_leaves_closed_ones)
{
    enum { ORDERS = 600 };
    (void)make_variant(worker, "CUP", "STOCKED");
    for (int i = 0; i < ORDERS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", 10000 + i);
        struct order_recorded order =
            an_order(id, 1, i % 6 == 0 ? "COMPLETED" : "AWAITING_SHIPMENT");
        feed_order(worker, &order);
    }
    test_clear_outbox(worker);
    const char *text = map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":2}]");
    cr_assert(strstr(text, "\"orders_waiting\":500") != NULL, "%s", text);
    heal(worker);
    cr_assert_eq(mapped_count(worker), 500);
    cr_assert_eq(newest_mapped(worker, "7-10001")->lines[0].parts[0].pieces, 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal WHERE pass = 1"), 1,
                 "waits for the second look");
    pass_ten_seconds(worker);
    heal(worker);
    cr_assert_eq(mapped_count(worker), 500, "nothing is done twice");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal"), 0);
}

/* An order whose transaction read the links before they changed, and commits after the first look.
 */
Test(jobs, finds_an_order_that_was_committed_after_the_first_look, .timeout = 60)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    static struct sp_worker *other; /* for the leak check: it lives as long as its settings */
    other = test_worker_on(&mapper_service, test_worker_url(), NULL);
    /* The other's first order makes its connection and prepares its statements. */
    struct order_recorded warm = an_order("4999", 1, "COMPLETED");
    feed_order(other, &warm);
    struct test_hold *hold = test_hold_commits(worker);
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    test_feed_held(hold, other, &order_recorded_message, &order);
    /* The link changes while that transaction is open; plain SQL, since the ask's own outbox row
     * would wait too. */
    test_sql(worker,
             "BEGIN; UPDATE account SET link_rev = link_rev + 1; UPDATE listing_sku SET "
             "parts = jsonb_build_array(jsonb_build_object('variant_id', (SELECT variant_id FROM "
             "variant), "
             "'pieces', 1)), resolved = json_build_array(json_build_object('variant_id', (SELECT "
             "variant_id "
             "FROM variant), 'pieces', 1, 'supply', 'STOCKED')), problem = '', link_rev = (SELECT "
             "link_rev "
             "FROM account) WHERE sku_id = 's1'; INSERT INTO heal (account_id, kind, subject) "
             "VALUES (1, 'sku', '7-s1'); COMMIT");
    heal(worker); /* the first look: the order is not visible yet */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal WHERE pass = 1"), 1);
    test_let_go(&hold);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5001")->lines[0].problem, "UNMAPPED"),
              "it read the old link");
    pass_ten_seconds(worker);
    heal(worker);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts_count, 1,
                 "the second look found it");
}

static void *heal_in_background(void *context)
{
    return sp_worker_job(context, "heal-orders") == SP_RETRY ? context : NULL;
}

/* Another replica is stopped with its changes made and not committed, and dies there. */
Test(jobs, goes_on_at_once_where_another_died, .timeout = 60)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":2}]");
    struct sp_worker *other = test_worker_on(&mapper_service, test_worker_url(), NULL);
    struct test_hold *hold = test_hold_commits(worker);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, heal_in_background, other), 0);
    test_await_waiting(hold, 1);
    test_sql(worker, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted "
                     "AND relation = 'outbox'::regclass");
    void *died = NULL;
    cr_assert_eq(pthread_join(thread, &died), 0);
    cr_assert_not_null(died);
    test_let_go(&hold);
    sp_worker_close(&other);
    heal(worker);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts_count, 1);
}

Test(jobs, passes_over_an_order_that_cannot_be_read)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    for (int i = 0; i < 3; i++) {
        struct order_recorded order =
            an_order((const char *[]){"5001", "5002", "5003"}[i], 1, "AWAITING_SHIPMENT");
        feed_order(worker, &order);
    }
    test_sql(worker, "UPDATE mapped_order SET body = '\\x00' WHERE order_id = '7-5002'");
    test_clear_outbox(worker);
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":2}]");
    heal(worker);
    cr_assert_eq(mapped_count(worker), 2);
    cr_assert_eq(newest_mapped(worker, "7-5003")->lines[0].parts_count, 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal WHERE pass = 1"), 1);
}

/* Between two of its transactions the link changes, or another replica takes the task. */
Test(jobs, looks_again_when_the_link_changes_between_its_transactions, .timeout = 60)
{
    enum { ORDERS = 1500 };
    (void)make_variant(worker, "CUP", "STOCKED");
    for (int i = 0; i < ORDERS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", 10000 + i);
        struct order_recorded order = an_order(id, 1, "AWAITING_SHIPMENT");
        feed_order(worker, &order);
    }
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":2}]");
    /* As soon as a batch has followed, it means something else. */
    test_sql(worker,
             "CREATE FUNCTION change_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.done "
             "= 0 THEN UPDATE listing_sku SET link_rev = link_rev + 1 WHERE sku_id = 's1'; UPDATE "
             "account SET link_rev = link_rev + 1; END IF; RETURN NEW; END $$");
    test_sql(worker,
             "CREATE TRIGGER change_it BEFORE UPDATE ON healing FOR EACH ROW WHEN (OLD.done "
             "= 0 AND NEW.done > 0) EXECUTE FUNCTION change_it()");
    cr_assert_eq(sp_worker_job(worker, "heal-orders"), SP_AGAIN);
    cr_assert_eq(test_number(worker, "SELECT done FROM healing"), 1024);
    test_sql(worker, "DROP TRIGGER change_it ON healing");
    test_sql(worker, "DROP FUNCTION change_it");
    heal(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM mapped_order o WHERE o.decided_with < "
                                     "(SELECT link_rev FROM listing_sku WHERE sku_id = 's1')"),
                 0, "those that had followed the old one as well");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM healing WHERE ended_at IS NULL"), 0);
}

Test(jobs, does_not_lose_a_change_that_comes_during_a_look)
{
    test_sql(worker, "INSERT INTO heal (account_id, kind, subject) VALUES (1, 'sku', '7-s1')");
    heal(worker);
    test_sql(worker, "UPDATE heal SET due = now() + interval '1 minute', pass = 1");
    (void)make_variant(worker, "CUP", "STOCKED");
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM heal WHERE subject = '7-s1' AND pass = 0 "
                             "AND due <= now()"),
                 1, "the task begins anew");
}

Test(jobs, follows_a_variant_whose_supply_changes)
{
    int64_t cup = make_variant(worker, "CUP", "STOCKED");
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    char body[128];
    (void)snprintf(body, sizeof body,
                   "{\"id\":\"%lld\",\"sku\":\"CUP\",\"name\":\"Cup\",\"supply\":\"PURCHASED\"}",
                   (long long)cup);
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.save-variant", body, &text, NULL), 200, "%s",
                 text);
    heal(worker);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5001")->lines[0].parts[0].supply, "PURCHASED"));
}

Test(jobs, takes_bundles_apart_and_follows_their_parts)
{
    int64_t cup = make_variant(worker, "CUP", "STOCKED");
    int64_t set = make_variant(worker, "SET", "STOCKED");
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "UPDATE variant SET parts = '[{\"variant_id\": %lld, \"pieces\": 3}]' "
                   "WHERE variant_id = %lld",
                   (long long)cup, (long long)set);
    test_sql(worker, sql);
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"SET\",\"pieces\":2}]");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
    cr_assert_eq(mapped->lines[0].parts[0].variant_id, cup);
    cr_assert_eq(mapped->lines[0].parts[0].pieces, 6);
    (void)snprintf(
        sql, sizeof sql,
        "{\"id\":\"%lld\",\"sku\":\"CUP\",\"name\":\"Cup\",\"supply\":\"MADE_TO_ORDER\"}",
        (long long)cup);
    cr_assert_eq(test_ask(worker, "product-mapper.save-variant", sql, NULL, NULL), 200);
    heal(worker);
    cr_assert(
        sp_text_is(newest_mapped(worker, "7-5001")->lines[0].parts[0].supply, "MADE_TO_ORDER"));
}
