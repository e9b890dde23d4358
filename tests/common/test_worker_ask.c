/* Asks through the worker: permission, idempotency, problems, parameters. */
#include <signal.h>

#include <criterion/criterion.h>
#include <string.h>

#include "common/json.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

static int add(struct sp_worker *worker, const char *n, const char *key, struct sp_text permission,
               struct sp_answer *answer)
{
    struct sp_ask_param param = {SP_TEXT("n"), sp_text_of(n)};
    struct sp_ask ask = {.name = SP_TEXT("product-mapper.add"),
                         .account_id = 1,
                         .idempotency_key = sp_text_of(key),
                         .params = &param,
                         .param_count = 1,
                         .permissions = &permission,
                         .permission_count = 1};
    sp_worker_asks(worker, &ask, answer, 1);
    return answer->status;
}

Test(worker_ask, the_permission_is_checked_by_the_service)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_answer answer = {0};
    cr_expect_eq(add(worker, "1", "k", SP_TEXT("sample.read"), &answer), 403);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked"), 0);
    sp_buffer_free(&answer.body);
    sp_worker_close(&worker);
}

Test(worker_ask, a_command_repeated_with_its_key_is_answered_and_not_done_again)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_answer answer = {0};
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(add(worker, "7", "key-1", SP_TEXT("sample.write"), &answer), 201);
        cr_expect(sp_text_is(sp_buffer_text(&answer.body), "{\"n\":7}"));
    }
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked"), 1);
    cr_expect_eq(add(worker, "8", "key-1", SP_TEXT("sample.write"), &answer), 422);
    cr_expect_eq(add(worker, "8", "key-2", SP_TEXT("sample.write"), &answer), 201);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked"), 2);
    sp_buffer_free(&answer.body);
    sp_worker_close(&worker);
}

Test(worker_ask, a_refused_command_leaves_nothing_and_its_key_is_free)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_answer answer = {0};
    cr_expect_eq(add(worker, "99", "k", SP_TEXT("sample.write"), &answer), 409);
    struct sp_json problem;
    cr_assert_eq(sp_json_parse(sp_buffer_text(&answer.body), &problem, NULL), SP_OK);
    cr_expect(sp_text_is(sp_json_text(sp_json_get(problem, "code"), NULL), "UNLUCKY"));
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked"), 0);
    cr_expect_eq(add(worker, "1", "k", SP_TEXT("sample.write"), &answer), 201);
    sp_buffer_free(&answer.body);
    sp_worker_close(&worker);
}

Test(worker_ask, bad_parameters_and_our_own_mistakes_are_told_apart)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_answer answer = {0};
    cr_expect_eq(add(worker, "101", "", SP_TEXT("sample.write"), &answer), 400);
    cr_expect(memmem(answer.body.data, answer.body.size, "from 1 to 100", 13) != NULL);
    cr_expect_eq(add(worker, "x", "", SP_TEXT("sample.write"), &answer), 400);
    cr_expect_eq(add(worker, "98", "", SP_TEXT("sample.write"), &answer), 500);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked"), 0);
    sp_buffer_free(&answer.body);
    sp_worker_close(&worker);
}

Test(worker_ask, every_service_says_how_it_is)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    const char *body = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.system", NULL, &body, NULL), 200);
    struct sp_json json;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(body), &json, &err), SP_OK, "%s: %s", err.text, body);
    cr_expect(sp_json_bool(sp_json_get(json, "ready")));
    cr_expect_eq(sp_json_int(sp_json_get(json, "dead_letters"), -1), 0);
    cr_expect_eq(test_ask(worker, "product-mapper.nothing", NULL, &body, NULL), 404);
    sp_worker_close(&worker);
}

Test(worker_ask, an_ask_is_planned_freely_and_a_message_by_key)
{
    struct sp_worker *worker = test_worker(&sample_service, NULL);
    struct sp_answer answer = {0};
    test_sql(worker, "ALTER TABLE asked ADD planned text DEFAULT current_setting('enable_seqscan') "
                     "|| current_setting('plan_cache_mode')");
    test_sql(worker, "ALTER TABLE seen ADD planned text DEFAULT current_setting('enable_seqscan')");
    for (int64_t i = 0; i < 2; i++) {
        struct order_recorded order = sample_order(i == 0 ? "1-1" : "1-2", 1, "NEW");
        cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, &order, 1), SP_OK);
        cr_expect_eq(add(worker, "7", i == 0 ? "k" : "l", SP_TEXT("sample.write"), &answer), 201);
    }
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM asked WHERE planned = 'onauto'"), 2);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen WHERE planned = 'off'"), 2);
    sp_buffer_free(&answer.body);
    sp_worker_close(&worker);
}
