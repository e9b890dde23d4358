/* Notices: taken in, listed, forgotten.  Covers: notices.c, notice_store.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "proto/messages.h"
#include "services/gateway/service.h"
#include "tests/support/database.h"

extern const struct sp_migration gateway_migrations[];

static struct sp_worker *worker;

static void begin(void)
{
    static const struct sp_service service = {
        .name = "gateway",
        .routes = gateway_message_routes,
        .asks = gateway_asks,
        .jobs = gateway_jobs,
        .migrations = gateway_migrations,
    };
    sp_crypto_setup();
    worker = test_worker(&service, NULL);
}

TestSuite(notices, .init = begin);

static void feed(int64_t account_id, const char *key, int64_t rev, const char *text)
{
    struct notice_raised notice = {
        .head = {.trace = {1},
                 .emitted_us = INT64_C(1795300200) * 1000000,
                 .account_id = account_id,
                 .key = sp_text_of(key),
                 .rev = rev},
        .event = SP_TEXT("BALANCE_LOW"),
        .subject = SP_TEXT("wallet"),
        .text = sp_text_of(text),
    };
    cr_assert_eq(sp_worker_feed(worker, &notice_raised_message, &notice, 1), SP_OK);
}

static const char *listed(const char *limit, const char *cursor)
{
    const char *text;
    cr_assert_eq(
        test_ask(worker, "gateway.notices", NULL, &text, "limit", limit, "cursor", cursor, NULL),
        200, "%s", text);
    return text;
}

static int64_t account(void)
{
    return test_number(worker, "SELECT min(account_id) FROM notice");
}

Test(notices, are_listed_newest_first)
{
    feed(1, "a", 1, "first");
    feed(1, "b", 1, "second");
    cr_assert_eq(account(), 1);
    const char *text = listed("50", "");
    const char *first = strstr(text, "first"), *second = strstr(text, "second");
    cr_assert(first != NULL && second != NULL, "%s", text);
    cr_expect_lt(second, first);
    cr_expect(strstr(text, "2026-11-21T22:30:00Z") != NULL);
    cr_expect(strstr(text, "\"next_cursor\" : null") != NULL);
}

Test(notices, are_told_once_however_often_they_come)
{
    feed(1, "a", 5, "new");
    feed(1, "a", 5, "new");
    feed(1, "a", 4, "old");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM notice"), 1);
    cr_expect_str_eq(test_text(worker, "SELECT body FROM notice"), "new");
    feed(1, "a", 6, "newest");
    cr_expect_str_eq(test_text(worker, "SELECT body FROM notice"), "newest");
}

Test(notices, come_page_by_page)
{
    for (int i = 0; i < 5; i++) {
        char key[8];
        (void)snprintf(key, sizeof key, "n%d", i);
        feed(1, key, 1, key);
    }
    const char *text = listed("2", "");
    cr_expect(strstr(text, "n4") != NULL && strstr(text, "n3") != NULL && !strstr(text, "n2"));
    char cursor[24] = "";
    cr_assert_eq(sscanf(strstr(text, "next_cursor"), "next_cursor\" : \"%23[0-9]", cursor), 1);
    text = listed("2", cursor);
    cr_expect(strstr(text, "n2") != NULL && strstr(text, "n1") != NULL && !strstr(text, "n0"));
    cr_assert_eq(sscanf(strstr(text, "next_cursor"), "next_cursor\" : \"%23[0-9]", cursor), 1);
    text = listed("2", cursor);
    cr_expect(strstr(text, "n0") != NULL && strstr(text, "next_cursor\" : null") != NULL);
}

Test(notices, of_another_account_are_not_seen)
{
    feed(2, "a", 1, "not yours");
    cr_expect_null(strstr(listed("50", ""), "not yours"));
}

Test(notices, are_forgotten_after_90_days)
{
    feed(1, "a", 1, "old");
    feed(1, "b", 1, "new");
    test_sql(worker, "UPDATE notice SET committed_at = now() - interval '91 days' WHERE key = 'a'");
    cr_assert_eq(sp_worker_job(worker, "forget-ended"), SP_OK);
    cr_expect_str_eq(test_text(worker, "SELECT string_agg(body, ',') FROM notice"), "new");
}
