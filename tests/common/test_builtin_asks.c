/* What every service answers: how it is, its dead letters, and replaying them; and where it sends.
 */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/builtin.h"
#include "common/ctx.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

static size_t woken;

static void wake(void *context, const char *job)
{
    (void)context;
    cr_expect_str_eq(job, "later");
    woken++;
}

static const struct sp_host host = {.wake = wake};

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
    worker->ctx.host = &host;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(builtin_asks, .init = set_up, .fini = tear_down);

static enum sp_result feed(const char *key, int64_t rev, const char *status)
{
    struct order_recorded order = sample_order(key, rev, status);
    return sp_worker_feed(worker, &order_recorded_message, &order, 1);
}

static void run_later(void)
{
    cr_assert_eq(sp_worker_job(worker, "later"), SP_OK, "%s", sp_worker_error(worker)->text);
}

/* ---- replaying
 * ------------------------------------------------------------------------------------ */

static const char *replay_of(const char *where)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "SELECT json_build_object('ids', coalesce(json_agg(id::text), '[]'))::text "
                   "FROM dead_letter WHERE %s",
                   where);
    return test_text(worker, sql);
}

/* A parcel of a type that is not taken here holds two messages, one of them in two revisions. */
static void feed_unknown_type(const char *first, const char *second)
{
    const struct order_recorded orders[] = {sample_order(first, 1, "OLD"),
                                            sample_order(first, 2, "NEW"),
                                            sample_order(second, 1, "NEW")};
    struct sp_buffer body = {0};
    struct sp_error err;
    sp_parcel_begin(&body, SP_COUNT(orders));
    for (size_t i = 0; i < SP_COUNT(orders); i++)
        cr_assert_eq(sp_message_encode(&order_recorded_message, &orders[i], &body, &err), SP_OK);
    struct sp_incoming parcel = {.type = SP_TEXT("order.dreamt"), .body = sp_buffer_text(&body)};
    cr_assert_eq(sp_worker_parcels(worker, &parcel, 1), SP_OK);
    sp_buffer_free(&body);
}

Test(builtin_asks, a_mended_letter_is_replayed_and_leaves_no_trace_of_its_death)
{
    test_sql(worker, "ALTER TABLE seen ADD CONSTRAINT no_news CHECK (status <> 'NEW')");
    cr_assert_eq(feed("1-1", 1, "NEW"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
    test_sql(worker, "ALTER TABLE seen DROP CONSTRAINT no_news");
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":1}");
    cr_expect_eq(woken, 1, "at once, not at the job's next period");
    run_later();
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM seen"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(builtin_asks, a_replay_does_not_make_a_letter_younger)
{
    cr_assert_eq(feed("1-1", 1, "POISON"), SP_OK);
    feed_unknown_type("1-2", "1-3");
    test_sql(worker, "UPDATE dead_letter SET type = 'order.recorded', "
                     "since = now() - interval '3 days'");
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later "
                                     "WHERE since < now() - interval '2 days'"),
                 2);
    cr_expect_eq(sp_worker_job(worker, "later"), SP_AGAIN);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later "
                                     "WHERE since < now() - interval '2 days'"),
                 2, "the two that were in one");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter "
                                     "WHERE since < now() - interval '2 days'"),
                 1, "its cause was not mended");
}

Test(builtin_asks, of_several_letters_about_one_thing_the_newest_is_replayed)
{
    for (int rev = 1; rev <= 3; rev++)
        cr_assert_eq(feed("1-1", rev, "POISON"), SP_OK);
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_eq(test_number(worker, "SELECT rev FROM later"), 3);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(builtin_asks, replaying_does_not_replace_a_newer_message_that_waits)
{
    cr_assert_eq(feed("1-1", 1, "POISON"), SP_OK);
    cr_assert_eq(feed("1-1", 2, "LATER"), SP_OK);
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_eq(test_number(worker, "SELECT rev FROM later"), 2);
}

Test(builtin_asks, letters_of_another_account_are_neither_shown_nor_replayed)
{
    cr_assert_eq(feed("1-1", 1, "POISON"), SP_OK);
    test_sql(worker, "UPDATE dead_letter SET account_id = 2");
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":0}");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
    cr_expect_eq(test_ask(worker, "product-mapper.dead-letters", NULL, &answer, NULL), 200);
    cr_expect(strstr(answer, "\"items\" : []") != NULL, "%s", answer);
}

Test(builtin_asks, a_replay_that_makes_no_sense_changes_nothing)
{
    cr_assert_eq(feed("1-1", 1, "POISON"), SP_OK);
    char many[501 * 4 + 16] = "{\"ids\":[\"1\"";
    for (int i = 0; i < 500; i++)
        (void)snprintf(many + strlen(many), sizeof many - strlen(many), ",\"1\"");
    (void)snprintf(many + strlen(many), sizeof many - strlen(many), "]}");
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", many, &answer, NULL), 422);
    cr_expect(strstr(answer, "TOO_MANY") != NULL, "%s", answer);
    cr_expect_eq(test_ask(worker, "product-mapper.replay", "not json", &answer, NULL), 400);
    cr_expect_eq(test_ask(worker, "product-mapper.replay", "{}", &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":0}");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
}

Test(builtin_asks, letters_of_an_unknown_type_are_replayed_when_it_is_known)
{
    feed_unknown_type("1-1", "1-2");
    feed_unknown_type("1-3", "1-4");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE account_id = 0"), 2);
    test_sql(worker,
             "UPDATE dead_letter SET type = 'order.recorded'"); /* a version that takes it */
    const char *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":2}");
    while (sp_worker_job(worker, "later") == SP_AGAIN)
        (void)usleep(5000); /* what was taken apart is due in a millisecond */
    cr_expect_str_eq(test_text(worker, "SELECT string_agg(account_id || '/' || key || status, ' ' "
                                       "ORDER BY key) FROM seen"),
                     "1/1-1NEW 1/1-2NEW 1/1-3NEW 1/1-4NEW");
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 0);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(builtin_asks, letters_that_still_cannot_be_read_come_back_as_they_were)
{
    struct sp_incoming parcel = {.type = SP_TEXT("order.recorded"), .body = SP_TEXT("<html>")};
    cr_assert_eq(sp_worker_parcels(worker, &parcel, 1), SP_OK);
    static const char look[] = "SELECT account_id || key || convert_from(body, 'UTF8') || reason "
                               "FROM dead_letter";
    const char *before = test_text(worker, look), *answer = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.replay", replay_of("true"), &answer, NULL), 200);
    cr_expect_str_eq(answer, "{\"replayed\":1}");
    cr_expect_eq(sp_worker_job(worker, "later"), SP_AGAIN);
    cr_expect_str_eq(test_text(worker, look), before);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM later"), 0);
}

/* ---- answers
 * -------------------------------------------------------------------------------------- */

static int letters(const char *limit, const char *cursor, struct sp_json *answer)
{
    const char *text = NULL;
    struct sp_error err;
    int status = test_ask(worker, "product-mapper.dead-letters", NULL, &text, "limit", limit,
                          "cursor", cursor, NULL);
    cr_assert_eq(sp_json_parse(sp_text_of(text), answer, &err), SP_OK, "%s", text);
    return status;
}

Test(builtin_asks, dead_letters_are_listed_page_by_page)
{
    char key[16], cursor[32];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(key, sizeof key, "1-%d", i);
        cr_assert_eq(feed(key, 1, "POISON"), SP_OK);
    }
    struct sp_json answer, item;
    size_t count = 0, pages = 0;
    (void)snprintf(cursor, sizeof cursor, "0");
    for (bool more = true; more && pages < 9; pages++) {
        cr_assert_eq(letters("2", cursor, &answer), 200);
        struct sp_json_walk walk = sp_json_each(sp_json_get(answer, "items"));
        while (sp_json_next(&walk, NULL, &item))
            count++;
        struct sp_text next = sp_json_text(sp_json_get(answer, "next_cursor"), worker->ctx.arena);
        more = next.size > 0;
        (void)snprintf(cursor, sizeof cursor, "%.*s", SP_FMT(next));
    }
    cr_expect_eq(count, 5);
    cr_expect_eq(pages, 3);
    cr_expect_eq(letters("0", "0", &answer), 400);
    cr_expect_eq(letters("201", "0", &answer), 400);
    cr_expect_eq(letters("2", "-1", &answer), 400);
}

Test(builtin_asks, the_system_answer_tells_what_waits_and_how_long)
{
    test_sql(worker, "INSERT INTO outbox (id, dest, type, body) SELECT gen_random_uuid(), d, "
                     "'order.mapped', '\\x9180' FROM unnest(ARRAY['inventory', 'inventory', "
                     "'inventory', 'placement']) d");
    test_sql(worker, "UPDATE outbox SET made = now() - interval '90 s' WHERE dest = 'inventory'");
    cr_assert_eq(feed("1-1", 1, "POISON"), SP_OK);
    cr_assert_eq(feed("1-2", 1, "LATER"), SP_OK);
    test_sql(worker, "INSERT INTO heal (account_id, kind, subject) VALUES (1, 'variant', '7')");
    const char *text = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.system", NULL, &text, NULL), 200);
    struct sp_json answer;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &answer, &err), SP_OK, "%s: %s", err.text, text);
    struct sp_json outbox = sp_json_get(answer, "outbox");
    struct sp_json inventory = sp_json_get(outbox, "inventory");
    cr_expect_eq(sp_json_int(sp_json_get(inventory, "depth"), -1), 3);
    cr_expect_geq(sp_json_int(sp_json_get(inventory, "oldest_s"), -1), 90);
    cr_expect_eq(sp_json_int(sp_json_get(sp_json_get(outbox, "placement"), "depth"), -1), 1);
    cr_expect_eq(sp_json_int(sp_json_get(answer, "dead_letters"), -1), 1);
    cr_expect_eq(sp_json_int(sp_json_get(answer, "later"), -1), 1);
    cr_expect_eq(sp_json_int(sp_json_get(answer, "heal"), -1), 1);
    cr_expect(sp_text_is(sp_json_text(sp_json_get(answer, "service"), worker->ctx.arena),
                         "product-mapper"));
    cr_expect(sp_text_is(sp_json_text(sp_json_get(answer, "version"), worker->ctx.arena),
                         SAMPAN_VERSION));
}

static bool not_ready(void *context)
{
    (void)context;
    return false;
}

Test(builtin_asks, the_system_answer_tells_whether_and_since_when_the_process_runs)
{
    struct sp_host process = {.ready = not_ready, .started_us = sp_monotonic_us() - 7200000000};
    worker->ctx.host = &process;
    const char *text = NULL;
    cr_expect_eq(test_ask(worker, "product-mapper.system", NULL, &text, NULL), 200);
    cr_expect(strstr(text, "{\"ready\":false,") == text, "%s", text);
    cr_expect(strstr(text, "\"uptime_s\":720") != NULL, "%s", text);
}

/* ---- names and places
 * ----------------------------------------------------------------------------- */

Test(builtin_asks, built_in_asks_carry_the_name_of_their_service)
{
    cr_expect_not_null(sp_builtin_ask(&sample_service, SP_TEXT("product-mapper.system")));
    cr_expect_not_null(sp_builtin_ask(&sample_service, SP_TEXT("product-mapper.replay")));
    static const char *const others[] = {"inventory.system",
                                         "product-mapper.",
                                         "product-mapper",
                                         "product-mapperxsystem",
                                         "product-mapper.systems",
                                         "system",
                                         ""};
    for (size_t i = 0; i < SP_COUNT(others); i++)
        cr_expect_null(sp_builtin_ask(&sample_service, sp_text_of(others[i])), "%s", others[i]);
    cr_expect(sp_builtin_ask(&sample_service, SP_TEXT("product-mapper.replay"))->command);
}

static void expect_destinations(const char *name, const char *const wanted[], size_t count)
{
    const struct sp_service service = {.name = name};
    const char *dests[16];
    size_t found = sp_destinations(&service, dests, SP_COUNT(dests));
    cr_expect_eq(found, count, "%s has %zu", name, found);
    for (size_t i = 0; i < count; i++) {
        size_t times = 0;
        for (size_t k = 0; k < found; k++)
            times += strcmp(dests[k], wanted[i]) == 0;
        cr_expect_eq(times, 1, "%s -> %s", name, wanted[i]);
    }
}

Test(builtin_asks, destinations_are_those_of_the_schema_each_once_and_never_oneself)
{
    static const char *const of_mapper[] = {"inventory", "placement", "gateway"};
    static const char *const of_inventory[] = {"connector", "order-ingest", "placement", "gateway"};
    static const char *const of_gateway[] = {"connector", "order-ingest", "product-mapper",
                                             "inventory", "placement"};
    expect_destinations("product-mapper", of_mapper, SP_COUNT(of_mapper));
    expect_destinations("inventory", of_inventory, SP_COUNT(of_inventory));
    expect_destinations("gateway", of_gateway, SP_COUNT(of_gateway));
    const char *one[1];
    cr_expect_eq(sp_destinations(&sample_service, one, 1), 1, "never more than there is room for");
}
