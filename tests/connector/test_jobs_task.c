/* Tasks out: each once, whatever is lost.  Covers: jobs_task.c, task_store.c, handlers_task.c,
 * asks_task.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proto/messages.h"
#include "services/connector/task_store.h"
#include "tests/connector/shop.h"

static struct sp_worker *first, *worker;
static int64_t shop_id;

/* A shop connected at the sandbox; its tokens can be opened. */
static void connect_shop(void)
{
    (void)market_open(3);
    first = test_worker(&market_connector, market_settings());
    (void)market_connect(first, "{\"kind\":\"none\"}");
    shop_id = test_number(first, "SELECT shop_id FROM shop");
}

/* From then on the marketplace says the same to whoever asks. */
static void open_canned(const char *data)
{
    connect_shop();
    worker = test_worker_on(&market_connector, test_worker_url(), market_canned(data));
}

static void close_workers(void)
{
    sp_worker_close(&worker);
    sp_worker_close(&first);
}

TestSuite(jobs_task, .fini = close_workers);

static struct action_requested an_action(const char *kind, int64_t rev)
{
    return (struct action_requested){.head = {.account_id = 1, .key = SP_TEXT("a1"), .rev = rev},
                                     .shop_id = shop_id,
                                     .channel_order_id = SP_TEXT("5001"),
                                     .kind = sp_text_of(kind),
                                     .subject_id = SP_TEXT("41"),
                                     .reason = SP_TEXT("no_stock")};
}

static void feed_action(const char *kind, int64_t rev)
{
    struct action_requested action = an_action(kind, rev);
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
}

static void feed_shipment(int64_t rev, bool wanted)
{
    static struct package_ref package;
    package.package_id = SP_TEXT("11");
    struct shipment_requested shipment = {
        .head = {.account_id = 1, .key = SP_TEXT("1-5001/1"), .rev = rev},
        .shop_id = shop_id,
        .channel_order_id = SP_TEXT("5001"),
        .handover = SP_TEXT("DROP_OFF"),
        .packages = &package,
        .packages_count = 1,
        .wanted = wanted};
    cr_assert_eq(sp_worker_feed(worker, &shipment_requested_message, &shipment, 1), SP_OK);
}

static const char *task_state(void)
{
    return test_text(worker, "SELECT state FROM task");
}

static int64_t told(const char *type)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM outbox WHERE type = '%s'", type);
    return test_number(worker, sql);
}

static void make_due(void)
{
    test_sql(worker, "UPDATE task SET due = now()");
}

Test(jobs_task, a_cancellation_is_asked_once_and_told)
{
    open_canned("{\"cancel_id\":\"9\",\"cancel_status\":\"CANCELLATION_REQUEST_SUCCESS\"}");
    feed_action("CANCEL", 1);
    feed_action("CANCEL", 1); /* a repeat */
    market_run(worker, "run-tasks");
    cr_assert_str_eq(task_state(), "DONE");
    cr_assert_eq(told("action.progressed"), 1);
    cr_assert_str_eq(test_text(worker, "SELECT event || times FROM shop_event WHERE routine"),
                     "task-done1");
    make_due();
    market_run(worker, "run-tasks");
    cr_assert_eq(test_number(worker, "SELECT taken FROM task"), 1, "nothing takes it again");
}

Test(jobs_task, a_wish_said_again_is_answered_again_and_not_asked_again)
{
    open_canned("{\"cancel_id\":\"9\"}");
    feed_action("CANCEL", 1);
    market_run(worker, "run-tasks");
    feed_action("CANCEL", 2);
    market_run(worker, "run-tasks");
    cr_assert_eq(test_number(worker, "SELECT taken FROM task"), 1);
    cr_assert_eq(told("action.progressed"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(DISTINCT rev) FROM task WHERE rev > 0"), 1);
}

Test(jobs_task, what_cannot_be_meant_is_rejected)
{
    open_canned("{}");
    feed_action("TELEPORT", 1);
    struct action_requested without = an_action("ACCEPT_CANCEL", 1);
    without.head.key = SP_TEXT("a2");
    without.subject_id = (struct sp_text){0};
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &without, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM task"), 0);
}

Test(jobs_task, a_shipment_can_be_withdrawn_before_it_is_asked)
{
    open_canned("{}");
    feed_shipment(1, true);
    feed_shipment(2, false);
    cr_assert_str_eq(task_state(), "WITHDRAWN");
    cr_assert_eq(told("shipment.progressed"), 1);
    market_run(worker, "run-tasks");
    cr_assert_eq(test_number(worker, "SELECT taken FROM task"), 0);
    feed_shipment(3, true);
    cr_assert_str_eq(task_state(), "WANTED");
    market_run(worker, "run-tasks");
    feed_shipment(4, false);
    cr_assert_str_eq(task_state(), "LABEL", "asked for: too late");
}

/* The job died between its call and what it would have noted: the lease runs out. */
Test(jobs_task, one_whose_job_died_is_looked_at)
{
    open_canned(
        "{\"orders\":[{\"id\":\"5001\",\"status\":\"AWAITING_COLLECTION\",\"line_items\":[{"
        "\"package_id\":\"11\",\"package_status\":\"PROCESSING\",\"tracking_number\":\"T1\","
        "\"shipping_provider_name\":\"J&T\"}]}]}");
    feed_shipment(1, true);
    test_sql(worker, "UPDATE task SET state = 'ASKED', taken = 1");
    market_run(worker, "run-tasks");
    cr_assert_str_eq(task_state(), "DONE");
    cr_assert_eq(told("shipment.progressed"), 1);
}

/* What a repeat or a late copy says changes nothing, whatever it says. */
Test(jobs_task, a_late_copy_changes_nothing)
{
    open_canned("{}");
    feed_shipment(3, false);
    feed_shipment(2, true);
    feed_action("CANCEL", 5);
    feed_action("DECLINE_CANCEL", 4);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(kind || ' ' || state || ' ' || "
                                       "upstream_rev, ', ' ORDER BY key) FROM task"),
                     "CANCEL WANTED 5, SHIP WITHDRAWN 3");
    cr_assert_eq(told("shipment.progressed"), 1);
    market_run(worker, "run-tasks");
    cr_assert_str_eq(test_text(worker, "SELECT kind FROM task WHERE taken > 0"), "CANCEL");
}

static struct task outlived;

static enum sp_result take_one(struct sp_ctx *ctx)
{
    struct task *tasks;
    size_t count = 0;
    enum sp_result result = store_take_tasks(ctx, 1, &tasks, &count);
    cr_assert_eq(count, 1);
    outlived = tasks[0];
    outlived.key = SP_TEXT("action/a1");
    return result;
}

static int64_t ended_rev;

static enum sp_result end_late(struct sp_ctx *ctx)
{
    struct task_end end = {.task = &outlived, .state = TASK_REFUSED, .problem = SP_TEXT("late")};
    return store_end_tasks(ctx, &end, 1, &ended_rev);
}

Test(jobs_task, who_outlived_his_lease_writes_nothing)
{
    open_canned("{\"orders\":[{\"id\":\"5001\",\"status\":\"CANCELLED\"}]}");
    feed_action("CANCEL", 1);
    cr_assert_eq(shop_run(worker, take_one), SP_OK);
    make_due();
    market_run(worker, "run-tasks");
    cr_assert_str_eq(task_state(), "DONE", "another looked, and has told it");
    const char *before = test_text(worker, "SELECT t::text FROM task t");
    cr_assert_eq(shop_run(worker, end_late), SP_OK);
    cr_assert_eq(ended_rev, 0, "nothing to tell");
    cr_assert_str_eq(test_text(worker, "SELECT t::text FROM task t"), before);
}

Test(jobs_task, a_shop_that_cannot_be_called_keeps_its_tasks)
{
    open_canned("{}");
    test_sql(worker, "UPDATE shop SET state = 'EXPIRED'");
    feed_shipment(1, true);
    market_run(worker, "run-tasks");
    cr_assert_str_eq(task_state(), "WANTED");
    test_sql(worker, "UPDATE shop SET state = 'CONNECTED'");
    market_run(worker, "run-tasks");
    cr_assert_str_neq(task_state(), "WANTED");
}

Test(jobs_task, no_answer_leaves_it_asked)
{
    connect_shop();
    worker = shop_second_worker(); /* nobody listens where it calls */
    feed_action("CANCEL", 1);
    market_run(worker, "run-tasks");
    cr_assert_str_eq(task_state(), "ASKED");
    cr_assert_eq(told("action.progressed"), 0);
    for (int look = 0; look < 5; look++) {
        make_due();
        market_run(worker, "run-tasks");
    }
    cr_assert_str_eq(task_state(), "ASKED");
    cr_assert_eq(told("action.progressed"), 1, "that it is unknown is told once");
}

static const char *shop_text(void)
{
    static char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)shop_id);
    return text;
}

static const char *document(const char *package)
{
    const char *answer = NULL;
    cr_assert_eq(test_ask(worker, "connector.document", NULL, &answer, "id", shop_text(), "package",
                          package, NULL),
                 200);
    return answer;
}

Test(jobs_task, a_file_is_fetched_once_and_shown)
{
    open_canned("{\"doc_url\":\"http://files/1.pdf\",\"tracking_number\":\"T1\"}");
    cr_assert_not_null(strstr(document("11"), "FETCHING"));
    market_run(worker, "run-tasks");
    cr_assert_not_null(strstr(document("11"), "http://files/1.pdf"));
    cr_assert_not_null(strstr(document("11"), "READY"));
    cr_assert_eq(test_number(worker, "SELECT taken FROM task"), 1);
    test_sql(worker, "UPDATE task SET ended_at = now() - interval '21 hours'");
    cr_assert_not_null(strstr(document("11"), "FETCHING"), "an old address is asked for again");
}

Test(jobs_task, are_listed_a_page_at_a_time)
{
    open_canned("{}");
    char key[8];
    for (int i = 0; i < 5; i++) {
        struct action_requested action = an_action("CANCEL", 1);
        (void)snprintf(key, sizeof key, "a%d", i);
        action.head.key = sp_text_of(key);
        cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    }
    const char *answer = NULL;
    cr_assert_eq(
        test_ask(worker, "connector.tasks", NULL, &answer, "id", shop_text(), "limit", "3", NULL),
        200);
    const char *cursor = market_member(answer, "next_cursor");
    cr_assert_not_null(strstr(answer, "action/a4"));
    cr_assert_null(strstr(answer, "action/a1"));
    cr_assert_eq(test_ask(worker, "connector.tasks", NULL, &answer, "id", shop_text(), "limit", "3",
                          "cursor", cursor, NULL),
                 200);
    cr_assert_not_null(strstr(answer, "action/a0"));
    cr_assert_null(strstr(answer, "action/a2"));
    cr_assert_eq(test_ask(worker, "connector.tasks", NULL, &answer, "id", shop_text(), "state",
                          "shut", NULL),
                 400);
}
