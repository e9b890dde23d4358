/* Webhooks: signed ones are kept, the others leave no trace. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/metrics.h"
#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(asks_webhook, .init = set_up, .fini = tear_down);

static const char *body(int64_t notification, int64_t order)
{
    static char text[300];
    (void)snprintf(text, sizeof text,
                   "{\"type\":1,\"tts_notification_id\":\"%lld\",\"shop_id\":\"7490\","
                   "\"timestamp\":1735689600,\"data\":{\"order_id\":\"%lld\",\"update_time\":17}}",
                   (long long)notification, (long long)order);
    return text;
}

Test(asks_webhook, keeps_a_signed_notice_and_what_it_asks_for)
{
    cr_assert_eq(market_webhook(worker, body(1, 5764)), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 1);
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM order_fetch WHERE channel_order_id = '5764' "
                             "AND notice_at = to_timestamp(17)"),
                 1);
}

Test(asks_webhook, refuses_a_forged_one)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.webhook", body(1, 5764), &answer, "signature",
                          "3c5c32ac2d1f98c97aef6041031ce9d1f5499e46294dd7e2b0a917bf31d3f0c4", NULL),
                 401);
    cr_assert_eq(test_ask(worker, "connector.webhook", body(1, 5764), &answer, NULL), 401);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 0);
}

/* So many have been counted with this result. */
static int64_t counted(const char *result)
{
    struct sp_buffer out = {0};
    char series[80];
    (void)snprintf(series, sizeof series, "\nsampan_connector_webhooks_total{result=\"%s\"} ",
                   result);
    sp_metrics_write(&out);
    sp_buffer_put(&out, "", 1);
    const char *at = strstr(out.data, series);
    int64_t count = at == NULL ? 0 : strtoll(at + strlen(series), NULL, 10);
    sp_buffer_free(&out);
    return count;
}

Test(asks_webhook, answers_200_to_what_sending_again_would_not_mend)
{
    static const char *const unreadable[] = {"not json", "<html>Bad gateway</html>", "[1]", ""};
    for (size_t i = 0; i < SP_COUNT(unreadable); i++) {
        cr_assert_eq(market_webhook(worker, unreadable[i]), 200, "%s", unreadable[i]);
        cr_assert_eq(counted("unreadable"), (int64_t)i + 1, "%s", unreadable[i]);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 0);
    cr_assert_eq(market_webhook(worker, "{\"type\":1,\"tts_notification_id\":\"9\",\"shop_id\":"
                                        "\"1234\",\"data\":{\"order_id\":\"5\"}}"),
                 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
}

Test(asks_webhook, wants_the_very_order_that_a_number_beyond_53_bits_names)
{
    cr_assert_eq(market_webhook(worker, "{\"type\":1,\"tts_notification_id\":9007199254740993,"
                                        "\"shop_id\":7490,\"data\":{\"order_id\":"
                                        "9007199254740993,\"update_time\":17}}"),
                 200);
    cr_assert_eq(market_webhook(worker, "{\"type\":1,\"tts_notification_id\":9007199254740992,"
                                        "\"shop_id\":7490,\"data\":{\"order_id\":"
                                        "18446744073709551617,\"update_time\":17}}"),
                 200);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(channel_order_id, ' ' ORDER BY "
                                       "channel_order_id) FROM order_fetch"),
                     "18446744073709551617 9007199254740993");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), 2);
}

Test(asks_webhook, flags_a_kind_it_does_not_know)
{
    cr_assert_eq(market_webhook(worker, "{\"type\":99,\"tts_notification_id\":\"9\",\"shop_id\":"
                                        "\"7490\",\"data\":{\"secret_name\":\"Jo\"}}"),
                 200);
    cr_assert_str_eq(test_text(worker, "SELECT unknown FROM notice WHERE type = 99"),
                     "secret_name");
}

Test(asks_webhook, knows_a_repeated_one_without_an_id_by_its_bytes)
{
    const char *old = "{\"type\":1,\"shop_id\":\"7490\",\"data\":{\"order_id\":\"5\"}}";
    cr_assert_eq(market_webhook(worker, old), 200);
    cr_assert_eq(market_webhook(worker, old), 200);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 1);
}

/* A storm of 256 in one transaction: 100 orders, each named several times. */
Test(asks_webhook, takes_a_storm_as_one_batch)
{
    enum { COUNT = 256 };
    static char bodies[COUNT][300], hexes[COUNT][65];
    static struct sp_ask asks[COUNT];
    static struct sp_ask_param params[COUNT];
    static struct sp_answer answers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(bodies[i], sizeof bodies[i], "%s", body(1000 + i, 5000 + i % 100));
        const struct sp_text pieces[] = {SP_TEXT("demoappkey01"), sp_text_of(bodies[i])};
        uint8_t digest[SP_SHA256_BYTES];
        sp_hmac(SP_TEXT("demo-secret-000111222333"), pieces, 2, digest);
        for (size_t at = 0; at < sizeof digest; at++)
            (void)snprintf(hexes[i] + 2 * at, 3, "%02x", digest[at]);
        params[i] = (struct sp_ask_param){SP_TEXT("signature"), sp_text_of(hexes[i])};
        asks[i] = (struct sp_ask){.name = SP_TEXT("connector.webhook"),
                                  .body = sp_text_of(bodies[i]),
                                  .params = &params[i],
                                  .param_count = 1};
    }
    sp_worker_asks(worker, asks, answers, COUNT);
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(answers[i].status, 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 100);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM notice"), COUNT);
}
