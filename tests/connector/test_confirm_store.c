/* The confirmed connection: all of it or nothing. */
#include "services/connector/connect_store.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct connect_confirm confirm;
static struct connect_choice choices[2];

static void set_up(void)
{
    worker = shop_worker();
    test_sql(worker,
             "INSERT INTO seller_grant (account_id, grant_id, open_id, seller_name, region, "
             "state) VALUES (1, 1, 'o', 'n', 'VN', 'PENDING')");
    test_sql(worker,
             "INSERT INTO connect (account_id, connect_id, state_hash, state, alias, region, "
             "account_type, email, asked_by, session, ends_at, grant_id) VALUES (1, "
             "'00000000-0000-4000-8000-000000000001', 'h', 'CHOOSING', 'Alias', 'VN', 'S', "
             "'e', 'u', 's1', now() + interval '1 hour', 1)");
    test_sql(worker,
             "INSERT INTO connect_shop SELECT 1, '00000000-0000-4000-8000-000000000001', s, "
             "'c', 'Name ' || s, 'VN' FROM unnest(ARRAY['7490', '7491']) s");
    for (size_t i = 0; i < 2; i++)
        choices[i] =
            (struct connect_choice){.channel_shop_id = i == 0 ? SP_TEXT("7490") : SP_TEXT("7491"),
                                    .history = SP_TEXT("days"),
                                    .from_s = 1000,
                                    .until_s = 2000};
    confirm = (struct connect_confirm){
        .connect_id = SP_TEXT("00000000-0000-4000-8000-000000000001"), .choices = choices};
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(confirm_store, .init = set_up, .fini = tear_down);

static enum sp_result run(struct sp_ctx *ctx)
{
    const struct sp_ask ask = {.account_id = 1, .user = SP_TEXT("ann")};
    return store_confirm(ctx, &ask, &confirm);
}

/* Refused with a code for the program and words of its own for people. */
static void is_refused(const char *code, const char *text)
{
    cr_assert_eq(shop_run(worker, run), SP_REJECT);
    cr_assert_str_eq(confirm.code, code);
    cr_assert_str_eq(sp_worker_error(worker)->text, text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop WHERE account_id = 1"), 0);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "PENDING");
}

static enum sp_result look_at_the_clock(struct sp_ctx *ctx)
{
    int64_t now_s = 0;
    enum sp_result result = store_now(ctx, &now_s);
    cr_assert_gt(now_s, 1700000000);
    return result;
}

Test(confirm_store, gives_a_single_shop_the_alias_that_was_entered)
{
    confirm.count = 1;
    cr_assert_eq(shop_run(worker, run), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT alias FROM shop"), "Alias");
}

Test(confirm_store, gives_several_shops_their_own_names_and_begins_each)
{
    confirm.count = 2;
    cr_assert_eq(shop_run(worker, run), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(alias, ',' ORDER BY shop_id) FROM shop"),
                     "Name 7490,Name 7491");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull"), 16);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'run' AND run_id < 0 "
                                     "AND from_at = to_timestamp(1000) "
                                     "AND until_at = to_timestamp(2000)"),
                 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind IN ('returns', "
                                     "'cancellations') AND from_at = to_timestamp(1000)"),
                 4, "they begin with the history");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'statements' "
                                     "AND from_at = '2023-07-01Z'"),
                 2, "there are none from before");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event = 'connected'"),
                 2);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "LIVE");
}

Test(confirm_store, imports_nothing_old_when_no_history_is_wanted)
{
    confirm.count = 1;
    choices[0].history = SP_TEXT("none");
    cr_assert_eq(shop_run(worker, run), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'run'"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop WHERE orders_from > now() - "
                                     "interval '1 minute'"),
                 1);
}

Test(confirm_store, does_nothing_when_it_is_too_late)
{
    confirm.count = 1;
    test_sql(worker, "UPDATE connect SET ends_at = now()");
    is_refused("CONNECT_NOT_CHOOSING", "the connection waits for no choice");
}

Test(confirm_store, does_nothing_when_one_shop_cannot_be_had)
{
    confirm.count = 2;
    choices[1].channel_shop_id = SP_TEXT("7499");
    is_refused("SHOP_NOT_GRANTED", "shop 7499 cannot be connected: SHOP_NOT_GRANTED");
    choices[1].channel_shop_id = SP_TEXT("7491");
    test_sql(worker,
             "UPDATE connect_shop SET problem = 'no answer' WHERE channel_shop_id = '7491'");
    is_refused("SHOP_TEST_FAILED", "shop 7491 cannot be connected: SHOP_TEST_FAILED");
    test_sql(worker, "UPDATE connect_shop SET problem = NULL");
    test_sql(worker,
             "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, state, "
             "grant_id, warehouse_id) VALUES (2, '7490', 'c', 'n', 'a', 'VN', 'CONNECTED', 9, 0)");
    is_refused("SHOP_LINKED_ELSEWHERE", "shop 7490 cannot be connected: SHOP_LINKED_ELSEWHERE");
}

Test(confirm_store, goes_by_the_databases_clock)
{
    cr_assert_eq(shop_run(worker, look_at_the_clock), SP_OK);
}

Test(confirm_store, keeps_the_settings_of_a_shop_that_comes_back)
{
    const char *answer;
    test_sql(worker, "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, "
                     "state, warehouse_id, orders_from) VALUES (1, '7490', 'old', 'Shop', 'River', "
                     "'VN', 'DISCONNECTED', 7, '2026-01-01T00:00:00Z')");
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, &answer, "id",
                          "00000000-0000-4000-8000-000000000001", NULL),
                 200);
    cr_assert_str_eq(test_text(worker, "SELECT count(*)::text FROM shop"), "1");
    cr_assert_not_null(strstr(answer, "\"alias\": \"River\""), "%s", answer);
    choices[0].history = SP_TEXT("none");
    confirm.count = 1;
    cr_assert_eq(shop_run(worker, run), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT alias || ' ' || warehouse_id || ' ' || "
                                       "rfc3339(orders_from) FROM shop"),
                     "River 7 2026-01-01T00:00:00Z");
    test_sql(worker, "UPDATE shop SET connected_at = now() - interval '1 day'");
    test_sql(worker, "UPDATE connect SET state = 'CHOOSING'");
    cr_assert_eq(shop_run(worker, run), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(event, ' ' ORDER BY event_id) "
                                       "FROM shop_event"),
                     "connected agreed-again");
}
