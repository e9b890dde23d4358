/* Buyers: only who may sees one, it is noted, and who is erased stays so. */
/* Covers: asks_person.c, person_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "tests/order-ingest/orders.h"

#define PHONE "{\"phone\":\"0912 345 678\",\"reason\":\"asked for by mail\"}"
#define ORDER "{\"order_id\":\"7-5001\",\"reason\":\"asked for by mail\"}"

static struct sp_worker *worker;
static const char *text;

/* Linh bought 5001 and 5002, Ana 5003; in 5004 nothing is known of a buyer. */
static struct channel_order bought(const char *id, int64_t rev, const char *person)
{
    static const char master[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    static struct sp_arena *arena;
    uint8_t key[SP_SEAL_KEY_BYTES];
    struct channel_order order = an_order(id, rev, "AWAITING_SHIPMENT");
    arena = arena == NULL ? sp_arena_open() : arena;
    sp_seal_key(SP_TEXT(master), 1, "buyer", key);
    if (person != NULL)
        order.buyer_sealed =
            sp_seal(arena, key, sp_arena_printf(arena, "buyer/7-%s", id), sp_text_of(person));
    return order;
}

static const char linh[] = "{\"name\":\"Linh Canary\",\"phone_number\":\"(+84)912345678\"}";
static const char ana[] = "{\"name\":\"Ana\",\"phone_number\":\"(+84)911111111\"}";

static void begin(void)
{
    worker = ingest_fresh();
    struct channel_order orders[] = {bought("5001", 1, linh), bought("5002", 1, linh),
                                     bought("5003", 1, ana), bought("5004", 1, NULL)};
    for (size_t i = 0; i < SP_COUNT(orders); i++)
        feed_order(worker, &orders[i]);
    test_clear_outbox(worker);
}

TestSuite(asks_person, .init = begin);

static int look(const char *id)
{
    return test_ask(worker, "order-ingest.buyer", NULL, &text, "id", id, NULL);
}

static int erase(const char *body)
{
    return test_ask(worker, "order-ingest.erase-buyer", body, &text, NULL);
}

static bool says(const char *part)
{
    return strstr(text, part) != NULL;
}

Test(asks_person, notes_who_saw_whom)
{
    cr_assert_eq(look("7-5001"), 200, "%s", text);
    cr_assert(says("Linh Canary"));
    cr_assert_eq(look("7-5004"), 404);
    cr_assert_eq(look("7-9999"), 404);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(order_id, ',') FROM buyer_access "
                                       "WHERE user_name <> '' AND at <= now()"),
                     "7-5001", "who saw nobody is not noted");
    cr_assert_eq(test_ask(worker, "order-ingest.buyer-accesses", NULL, &text, NULL), 200);
    cr_assert(says("7-5001") && !says("Canary"), "%s", text);
    cr_assert_eq(
        test_ask(worker, "order-ingest.buyer-accesses", NULL, &text, "order", "7-5002", NULL), 200);
    cr_assert(!says("7-5001"), "%s", text);
}

Test(asks_person, shows_nobody_with_the_order)
{
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    cr_assert(!says("Canary") && !says("\"buyer\""), "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM buyer_access"), 0);
}

Test(asks_person, wants_a_right_for_each_of_these)
{
    static const char *const asks[] = {"order-ingest.buyer", "order-ingest.buyer-accesses",
                                       "order-ingest.erasures", "order-ingest.erase-buyer"};
    const struct sp_text rights[] = {SP_TEXT("orders.read"), SP_TEXT("orders.write")};
    for (size_t i = 0; i < SP_COUNT(asks); i++) {
        struct sp_ask ask = {.name = sp_text_of(asks[i]),
                             .account_id = 1,
                             .permissions = rights,
                             .permission_count = SP_COUNT(rights)};
        struct sp_answer answer = {0};
        sp_worker_asks(worker, &ask, &answer, 1);
        cr_expect_eq(answer.status, 403, "%s", asks[i]);
        sp_buffer_free(&answer.body);
    }
}

Test(asks_person, says_of_what_it_cannot_open_nothing_but_that)
{
    test_sql(worker, "UPDATE order_buyer SET sealed = 'nonsense' WHERE order_id = '7-5001'");
    cr_assert_eq(look("7-5001"), 200);
    cr_assert_str_eq(text, "{\"problem\":\"UNREADABLE\"}");
}

/* ---- erasing
 * ------------------------------------------------------------------------------------------ */

static const char *held(void)
{
    return test_text(worker, "SELECT coalesce(string_agg(order_id, ',' ORDER BY order_id), '') "
                             "FROM order_buyer WHERE sealed IS NOT NULL");
}

Test(asks_person, erases_a_buyer_from_all_orders_and_proves_it)
{
    cr_assert_eq(erase(PHONE), 200, "%s", text);
    cr_assert_str_eq(held(), "7-5003");
    cr_assert(says("\"by\" : \"PHONE\"") && says("7-5001") && says("7-5002") &&
                  says("\"held\" : 2"),
              "%s", text);
    cr_assert(!says("Canary") && !says("912345678"), "the proof holds nobody: %s", text);
    cr_assert_eq(look("7-5001"), 404);
    cr_assert(says("ERASED"), "%s", text);
    cr_assert_eq(look("7-5003"), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.erasures", NULL, &text, NULL), 200);
    cr_assert(says("\"left\": 0") && says("asked for by mail"), "%s", text);
    cr_assert_eq(erase(PHONE), 404, "nobody is left");
}

Test(asks_person, erases_one_order_alone)
{
    cr_assert_eq(erase(ORDER), 200, "%s", text);
    cr_assert_str_eq(held(), "7-5002,7-5003");
    cr_assert_eq(erase("{\"order_id\":\"7-5004\",\"reason\":\"x\"}"), 200,
                 "nothing is held yet, and nothing will be");
    cr_assert_eq(erase("{\"order_id\":\"7-9999\",\"reason\":\"x\"}"), 404);
}

Test(asks_person, brings_nobody_back_with_the_next_word_of_the_marketplace)
{
    cr_assert_eq(erase(ORDER), 200);
    struct channel_order again = bought("5001", 2, linh), without = bought("5001", 3, NULL),
                         late = bought("5001", 4, linh);
    feed_order(worker, &again);
    cr_assert_str_eq(held(), "7-5002,7-5003");
    feed_order(worker, &without);
    feed_order(worker, &late);
    cr_assert_str_eq(held(), "7-5002,7-5003");
    test_sql(worker, "UPDATE order_buyer SET expires_at = now() - interval '1 day'");
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(order_id, ',') FROM order_buyer"),
                     "7-5001", "what expires goes, what was erased stays known");
}

Test(asks_person, keeps_a_buyer_for_a_time_that_no_later_word_makes_longer)
{
    static const char until[] =
        "SELECT expires_at::text FROM order_buyer WHERE order_id = '7-5002'";
    struct channel_order gone = bought("5001", 2, linh), kept = bought("5002", 2, ana);
    test_sql(worker, "UPDATE orders SET first_at = now() - interval '60 days' "
                     "WHERE order_id = '7-5001'");
    test_sql(worker, "UPDATE order_buyer SET expires_at = now() WHERE order_id = '7-5001'");
    const char *before = test_text(worker, until);
    cr_assert_eq(sp_worker_job(worker, "forget-buyers"), SP_OK);
    feed_order(worker, &gone);
    feed_order(worker, &kept);
    cr_assert_str_eq(held(), "7-5002,7-5003");
    cr_assert_str_eq(test_text(worker, until), before);
    cr_assert_eq(look("7-5002"), 200);
    cr_assert(says("Ana"), "what is kept is the newest: %s", text);
}

Test(asks_person, erases_facts_that_could_not_be_processed_and_fetches_them_anew)
{
    struct channel_order broken = bought("5006", 1, linh), other = bought("5007", 1, ana);
    broken.created_at = other.created_at = -1;
    feed_order(worker, &broken);
    feed_order(worker, &other);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 2);
    test_sql(worker, "INSERT INTO later (type, account_id, key, rev, body, due) SELECT type, "
                     "account_id, key, rev, body, now() + interval '1 hour' FROM dead_letter");
    cr_assert_eq(erase(PHONE), 200, "%s", text);
    cr_assert(says("\"letters\" : 2") && says("7-5006"), "%s", text);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(DISTINCT key, ',') FROM (SELECT key FROM "
                                       "dead_letter UNION SELECT key FROM later) l"),
                     "7-5007");
    size_t count = 0;
    const struct order_wanted *wanted =
        test_emitted(worker, &order_wanted_message, "connector", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(wanted->channel_order_id, "5006"));
    cr_assert_eq(wanted->shop_id, 7);
}

Test(asks_person, erases_a_fact_whose_key_names_no_order)
{
    struct channel_order broken = bought("5006", 1, linh);
    broken.head.key = SP_TEXT("nonsense");
    feed_order(worker, &broken);
    cr_assert_eq(erase("{\"order_id\":\"nonsense\",\"reason\":\"x\"}"), 200, "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    size_t count = 0;
    (void)test_emitted(worker, &order_wanted_message, "connector", &count);
    cr_assert_eq(count, 0, "there is nothing to fetch");
}

Test(asks_person, proves_what_was_erased_by_a_digest_that_depends_on_it)
{
    cr_assert_eq(erase(ORDER), 200);
    cr_assert_eq(erase("{\"order_id\":\"7-5003\",\"reason\":\"x\"}"), 200);
    cr_assert_eq(test_number(worker, "SELECT count(DISTINCT digest) FROM erasure"), 2);
}

Test(asks_person, wants_a_reason_and_somebody)
{
    cr_assert_eq(erase("{\"order_id\":\"7-5001\"}"), 422);
    cr_assert_eq(erase("{\"reason\":\"x\"}"), 422);
    cr_assert_eq(erase("{\"phone\":\"12\",\"reason\":\"x\"}"), 422);
    cr_assert_eq(erase("{\"phone\":\"0999999999\",\"reason\":\"x\"}"), 404);
    cr_assert_eq(erase("nonsense"), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.erasures", NULL, &text, "limit", "x", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.buyer-accesses", NULL, &text, "limit", "x", NULL),
                 400);
    cr_assert_str_eq(held(), "7-5001,7-5002,7-5003");
}
