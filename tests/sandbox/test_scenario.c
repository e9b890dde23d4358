/* Scenarios: reading them, running them.  Covers: scenario.c, scenario_read.c, scenario_words.c,
 * whole_file.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/sandbox/scenario.h"
#include "tests/sandbox/rig.h"

enum { HOUR = 3600 };

static struct sandbox *open_standing(const char *scenario)
{
    struct sandbox_options options = rig_options();
    options.scenario = scenario;
    struct sandbox *sandbox = rig_open(&options);
    clock_set_speed(&sandbox->clock, sp_now_us(), 0); /* it moves when it is told to */
    return sandbox;
}

static struct sandbox *begin(const char *text)
{
    struct sandbox *sandbox = open_standing("");
    struct scenario *scenario;
    struct sp_error err;
    enum sp_result result = scenario_read(&scenario, sp_text_of(text), 1, &err);
    cr_assert_eq(result, SP_OK, "%s", err.text);
    scenario_start(sandbox, scenario);
    rig_pass(sandbox, 0);
    return sandbox;
}

static const char *failures(const struct sandbox *sandbox)
{
    static char text[2000];
    const struct scenario *scenario = sandbox->scenario;
    text[0] = '\0';
    for (size_t i = 0; i < scenario->failure_count && i < SCENARIO_FAILURES; i++) {
        size_t size = strlen(text);
        (void)snprintf(text + size, sizeof text - size, "line %u: %s\n", scenario->failures[i].line,
                       scenario->failures[i].what);
    }
    return text;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------ */

Test(scenario, names_the_line_that_it_cannot_read)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"\n# fine\norder colour=red", "line 3: \"colour=red\" is not wanted here"},
        {"dance", "line 1: \"dance\" is not something that can happen"},
        {"+00:00:00", "line 1: \"\" is not something that can happen"},
        {"+5m order", "line 1: \"+5m\" is not a time"},
        {"+00:05:00 order\n+00:04:59 order", "line 2: +00:04:59 is before the line above"},
        {"advance 48h\n+00:05:00 order", "line 2: +00:05:00 is before the line above"},
        {"order count=0", "line 1: count must be a whole number from 1 to 100000"},
        {"order shop=2", "line 1: shop must be a whole number from 1 to 1"},
        {"order status=LOST", "line 1: \"LOST\" is not an order status"},
        {"order status=PARTIALLY_SHIPPING", "line 1: an order cannot begin in"},
        {"order as=A\norder as=A", "line 2: \"A\" is a name already"},
        {"order as=0123456789012345678901234567890123", "line 1: at most 200 names"},
        {"pay A", "line 1: no line above is named \"A\""},
        {"pay", "line 1: it needs the name of orders"},
        {"order count=3 as=A\npay A to=4", "line 2: to must be a whole number from 1 to 3"},
        {"order as=A\ncancel A by=cat", "line 2: by must be seller, buyer or system"},
        {"order as=A\nexpect A", "line 2: \"\" is not an order status"},
        {"fault 418 path=/x", "line 1: \"418\" is not a kind of fault"},
        {"fault 429 path=x", "line 1: path must begin with /"},
        {"fault 429", "line 1: path must begin with /"},
        {"fault 429 path=/x percent=101", "line 1: percent must be"},
        {"webhooks eat", "line 1: \"eat\" is not what can happen to webhooks"},
        {"advance soon", "line 1: advance needs a span"},
        {"speed fast", "line 1: speed must be"},
        {"life pay=101", "line 1: pay must be a whole number from 0 to 100"},
        {"life some", "line 1: \"some\" is not all"},
        {"grant_end by=cat", "line 1: by must be seller or time"},
        {"order kind=gift", "line 1: kind must be words of control.md, joined by +"},
        {"order as=A\norder count=2 kind=replacement of=A",
         "line 2: of must name as many orders of the shop above"},
        {"order kind=sample release_after=3d",
         "line 1: release_after is of a pre_order, a span of at most 200 days"},
        {"order 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", "line 1: more than 20 words"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct scenario *scenario = NULL;
        struct sp_error err;
        cr_assert_eq(scenario_read(&scenario, sp_text_of(cases[i].text), 1, &err), SP_REJECT, "%s",
                     cases[i].text);
        cr_assert_not_null(strstr(err.text, cases[i].why), "%s", err.text);
        cr_assert_null(scenario);
    }
}

Test(scenario, takes_comments_spaces_and_other_line_ends)
{
    struct scenario *scenario;
    static const char text[] = "# nothing\r\n\r\n  +00:00:01\torder   as=A # one\r\n\tpay A";
    cr_assert_eq(scenario_read(&scenario, sp_text_of(text), 1, NULL), SP_OK);
    cr_assert_eq(scenario->count, 2);
    cr_assert_eq(scenario->steps[0].line, 3);
    cr_assert_eq(scenario->steps[1].at_s, 1);
    cr_assert_eq(scenario->steps[1].event, PAY);
    scenario_free(&scenario);
}

Test(scenario, has_a_limit)
{
    struct sp_buffer text = {0};
    struct scenario *scenario;
    struct sp_error err;
    for (int i = 0; i < SCENARIO_STEPS; i++)
        sp_buffer_put_string(&text, "order\n");
    cr_assert_eq(scenario_read(&scenario, sp_buffer_text(&text), 1, &err), SP_OK);
    scenario_free(&scenario);
    sp_buffer_put_string(&text, "order\n");
    cr_assert_eq(scenario_read(&scenario, sp_buffer_text(&text), 1, &err), SP_REJECT);
    cr_assert_not_null(strstr(err.text, "line 4001: more than 4000 events"));
    sp_buffer_free(&text);
}

/* ---- running
 * ------------------------------------------------------------------------------------------ */

Test(scenario, happens_on_the_clock)
{
    struct sandbox *sandbox = begin("+00:05:00 order count=3 skus=2 units=3 status=UNPAID as=A\n"
                                    "+01:00:00 pay A from=2 to=3\n"
                                    "expect A UNPAID to=1\n"
                                    "expect A ON_HOLD from=2\n");
    const struct order_book *book = &sandbox->shops[0].book;
    rig_pass(sandbox, 299);
    cr_assert_eq(book->order_count, 0);
    rig_pass(sandbox, 1);
    cr_assert_eq(book->order_count, 3);
    cr_assert_eq(book->orders[0].units, 6);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_RUNNING);
    rig_pass(sandbox, HOUR - 300);
    cr_assert_eq(book->by_status[ON_HOLD], 2);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_PASSED, "%s", failures(sandbox));
    sandbox_close(&sandbox);
}

Test(scenario, looks_after_all_else_of_the_same_moment)
{
    struct sandbox *sandbox = begin("life unpaid=100\norder status=UNPAID as=A\n"
                                    "+47:59:59 expect A UNPAID\n+48:00:00 expect A CANCELLED\n");
    rig_pass(sandbox, 48 * HOUR);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_PASSED, "%s", failures(sandbox));
    sandbox_close(&sandbox);
}

Test(scenario, jumps_and_goes_on_from_there)
{
    struct sandbox *sandbox = begin("order status=ON_HOLD as=A\nadvance 30m\nexpect A ON_HOLD\n"
                                    "advance 30m\nexpect A AWAITING_SHIPMENT\n+02:00:00 ship A\n");
    cr_assert_eq(sandbox->scenario->next, 5, "%s", failures(sandbox));
    rig_pass(sandbox, HOUR);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_PASSED, "%s", failures(sandbox));
    cr_assert_eq(sandbox->shops[0].book.orders[0].status, AWAITING_COLLECTION);
    sandbox_close(&sandbox);
}

Test(scenario, places_orders_of_each_kind)
{
    struct sandbox *sandbox =
        begin("order count=2 as=A status=DELIVERED\norder count=2 kind=replacement of=A\n"
              "order kind=cod+sample\norder kind=pre_order release_after=48h\n");
    const struct order *orders = sandbox->shops[0].book.orders;
    cr_assert_str_eq(failures(sandbox),
                     "line 3: nothing is paid at the door for what costs nothing\n"
                     "line 4: pre_order, made_to_order and back_order are of the US only\n");
    cr_assert_eq(sandbox->shops[0].book.order_count, 4);
    cr_assert_eq(orders[2].kind.replaced, orders[0].number);
    cr_assert_eq(orders[3].kind.replaced, orders[1].number);
    sandbox_close(&sandbox);
}

Test(scenario, sells_nothing_that_was_taken_off_sale)
{
    struct sandbox *sandbox = begin("order item=1\n+00:01:00 order item=1\n");
    sandbox->shops[0].catalogue.products[0].status = PRODUCT_SELLER_OFF;
    rig_pass(sandbox, 60);
    cr_assert_str_eq(failures(sandbox), "line 2: nothing of that is on sale\n");
    sandbox_close(&sandbox);
}

Test(scenario, notes_what_goes_wrong_and_goes_on)
{
    struct sandbox *sandbox = begin("order count=2 as=A\ndeliver A\nexpect A CANCELLED\n"
                                    "cancel A by=seller\nexpect A CANCELLED by=buyer\n"
                                    "expect 7 CANCELLED\norder item=5000\nexpect 2 CANCELLED\n");
    const struct scenario *scenario = sandbox->scenario;
    cr_assert_eq(scenario->state, SCENARIO_FAILED);
    cr_assert_eq(scenario->failure_count, 5);
    static const char *const whats[] = {
        "A, order 1: an order in AWAITING_SHIPMENT cannot deliver",
        "A, order 1: is AWAITING_SHIPMENT, not CANCELLED",
        "A, order 1: was not cancelled by BUYER",
        "2 orders are CANCELLED, not 7",
        "the shop has only",
    };
    static const uint32_t lines[] = {2, 3, 5, 6, 7};
    for (size_t i = 0; i < SP_COUNT(whats); i++) {
        cr_assert_eq(scenario->failures[i].line, lines[i]);
        cr_assert_not_null(strstr(scenario->failures[i].what, whats[i]), "%s",
                           scenario->failures[i].what);
    }
    sandbox_close(&sandbox);
}

Test(scenario, sets_faults_life_and_the_end_of_tokens)
{
    struct sandbox *sandbox = begin("+00:00:01 fault 429 path=/order times=3 retry_after=2\n"
                                    "fault slow path=/ percent=10 bytes_per_second=50\n"
                                    "life collect=100 orders_per_hour=6\nspeed 10\n"
                                    "+00:00:02 token_end\n+00:00:03 clear_faults\n"
                                    "+00:00:04 grant_end by=time\n");
    rig_authorize(sandbox);
    struct sp_text token = sp_text_of(sandbox->grants.access);
    rig_pass(sandbox, 1);
    const struct fault *fault = sandbox->faults.places;
    cr_assert_eq(fault[0].kind, FAULT_TOO_MANY);
    cr_assert_eq(fault[0].count, 3);
    cr_assert_eq(fault[0].retry_after_s, 2);
    cr_assert_eq(fault[1].count, FAULT_ENDLESS);
    cr_assert_eq(fault[1].bytes_per_s, 50);
    cr_assert_eq(sandbox->life.rules[LIFE_COLLECT].percent, 100);
    cr_assert_eq(sandbox->life.per_hour, 6);
    cr_assert_eq(sandbox->clock.speed, 10);
    clock_set_speed(&sandbox->clock, sp_now_us(), 0);
    rig_pass(sandbox, 1);
    cr_assert_eq(grants_check(&sandbox->grants, token, sandbox_clock(sandbox)), TOKEN_EXPIRED);
    cr_assert(grants_is_live(&sandbox->grants, sandbox_clock(sandbox)));
    rig_pass(sandbox, 2);
    cr_assert_eq(sandbox->faults.places[0].count, 0);
    cr_assert_not(grants_is_live(&sandbox->grants, sandbox_clock(sandbox)));
    cr_assert_eq(sandbox->scenario->state, SCENARIO_PASSED, "%s", failures(sandbox));
    sandbox_close(&sandbox);
}

Test(scenario, asks_for_a_cancellation)
{
    struct sandbox *sandbox = begin("order as=A\norder status=UNPAID as=B\nrequest A\nrequest B\n"
                                    "advance 48h\nexpect A CANCELLED by=buyer\n");
    cr_assert_eq(sandbox->scenario->failure_count, 1);
    cr_assert_eq(sandbox->scenario->failures[0].line, 4);
    cr_assert_not_null(strstr(sandbox->scenario->failures[0].what, "UNPAID takes no requests"));
    sandbox_close(&sandbox);
}

Test(scenario, stops_when_it_is_told_to)
{
    struct sandbox *sandbox = begin("+00:00:10 order\n");
    scenario_stop(sandbox);
    rig_pass(sandbox, HOUR);
    cr_assert_eq(sandbox->shops[0].book.order_count, 0);
    sandbox_close(&sandbox);
}

/* ---- those that are shipped
 * ------------------------------------------------------------------------ */

static void play(const char *path, size_t orders)
{
    struct sandbox *sandbox = open_standing(path);
    for (int i = 0; i < 48 && sandbox->scenario->state == SCENARIO_RUNNING; i++)
        rig_pass(sandbox, HOUR);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_PASSED, "%s", failures(sandbox));
    cr_assert_eq(sandbox->shops[0].book.order_count, orders);
    cr_assert_eq(sandbox_reset(sandbox, NULL), SP_OK); /* and from the start again */
    cr_assert_eq(sandbox->scenario->next, 0);
    cr_assert_eq(sandbox->scenario->state, SCENARIO_RUNNING);
    sandbox_close(&sandbox);
}

Test(scenario, quiet_day)
{
    play(SANDBOX_DATA "/quiet-day.txt", 6);
}

Test(scenario, flash_sale)
{
    play(SANDBOX_DATA "/flash-sale.txt", 800);
}

Test(scenario, everything_goes_wrong)
{
    play(SANDBOX_DATA "/everything-goes-wrong.txt", 160);
}

Test(scenario, that_cannot_be_read_keeps_the_sandbox_from_opening)
{
    struct sandbox_options options = rig_options();
    struct sandbox *sandbox = NULL;
    struct sp_error err;
    options.scenario = "/nowhere.txt";
    cr_assert_eq(sandbox_open(&sandbox, &options, &err), SP_REJECT);
    cr_assert_not_null(strstr(err.text, "scenario /nowhere.txt: No such file"), "%s", err.text);
    options.scenario = SANDBOX_STATES;
    cr_assert_eq(sandbox_open(&sandbox, &options, &err), SP_REJECT);
    cr_assert_not_null(strstr(err.text, "line 3: more than 20 words"), "%s", err.text);
}
