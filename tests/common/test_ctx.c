/* The unit of work: what is emitted is cut into parcels, stored with the transaction, handed over
 * after it, and forgotten with it. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/ctx.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

enum { HEADER_BYTES = 5, LINE_BYTES = 150 };

/* ---- the process around the worker, as far as a worker sees it
 * --------------------------------- */

static struct {
    const char *full; /* this destination's memory is full */
    size_t handed, full_asked, overflowed, woken;
    struct sp_outgoing parcels[64];
    char last_woken[32];
    bool stopping;
} seen;

static bool is_full(void *context, const char *dest)
{
    (void)context;
    seen.full_asked++;
    return seen.full != NULL && strcmp(seen.full, dest) == 0;
}

static void hand_over(void *context, struct sp_outgoing parcels[], size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        cr_assert_lt(seen.handed, SP_COUNT(seen.parcels));
        seen.parcels[seen.handed++] = parcels[i];
    }
}

static void overflowed(void *context, const char *dest)
{
    (void)context;
    cr_expect_str_eq(dest, seen.full);
    seen.overflowed++;
}

static void wake(void *context, const char *job)
{
    (void)context;
    seen.woken++;
    (void)snprintf(seen.last_woken, sizeof seen.last_woken, "%s", job);
}

static bool is_stopping(void *context)
{
    (void)context;
    return seen.stopping;
}

static const struct sp_host host = {.full = is_full,
                                    .hand_over = hand_over,
                                    .overflowed = overflowed,
                                    .wake = wake,
                                    .stopping = is_stopping};

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
    worker->ctx.host = &host;
}

static void tear_down(void)
{
    for (size_t i = 0; i < seen.handed; i++)
        free(seen.parcels[i].body);
    sp_worker_close(&worker);
}

TestSuite(ctx, .init = set_up, .fini = tear_down);

/* ---- what is emitted
 * ------------------------------------------------------------------------------ */

/* How to emit: so many orders with so many lines each; then one more with `last_lines`. */
struct plan {
    size_t count, lines, last_lines;
    enum sp_result emitted;
    bool roll_back, ignore;
};

static struct order_mapped *make_orders(struct sp_arena *arena, const struct plan *plan)
{
    size_t most = plan->lines > plan->last_lines ? plan->lines : plan->last_lines;
    struct mapped_line *lines = sp_arena_array(arena, most, sizeof *lines);
    for (size_t i = 0; i < most; i++)
        lines[i].subject = sp_arena_printf(arena, "%0*zu", LINE_BYTES, i);
    struct order_mapped *orders = sp_arena_array(arena, plan->count, sizeof *orders);
    for (size_t i = 0; i < plan->count; i++) {
        orders[i].head = (struct sp_head){
            .account_id = 1, .key = sp_arena_printf(arena, "1-%04zu", i), .rev = 7};
        orders[i].lines = lines;
        orders[i].lines_count = plan->lines;
    }
    if (plan->last_lines > 0)
        orders[plan->count - 1].lines_count = plan->last_lines;
    return orders;
}

static enum sp_result carry_out(struct sp_ctx *ctx, void *context)
{
    struct plan *plan = context;
    enum sp_result result = sp_begin(ctx);
    cr_assert_eq(result, SP_OK, "%s", sp_ctx_error(ctx)->text);
    struct order_mapped *orders = make_orders(sp_ctx_arena(ctx), plan);
    plan->emitted = sp_emit(ctx, &order_mapped_message, orders, plan->count);
    sp_wake(ctx, "later");
    sp_wake(ctx, "later");
    cr_expect_eq(seen.handed + seen.woken, 0, "nothing leaves before the commit");
    if (plan->roll_back || (plan->emitted != SP_OK && !plan->ignore)) {
        sp_rollback(ctx);
        return SP_OK;
    }
    return sp_commit(ctx);
}

static struct plan run(struct plan plan)
{
    cr_assert_eq(sp_worker_call(worker, carry_out, &plan), SP_OK, "%s",
                 sp_worker_error(worker)->text);
    return plan;
}

static size_t messages_stored(void)
{
    size_t count = 0;
    (void)test_emitted(worker, &order_mapped_message, NULL, &count);
    return count;
}

static int64_t parcels_stored(void)
{
    return test_number(worker, "SELECT count(*) FROM outbox");
}

Test(ctx, a_parcel_holds_256_messages)
{
    cr_expect_eq(run((struct plan){.count = SP_PARCEL_MESSAGES}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 1);
    cr_expect_eq(messages_stored(), SP_PARCEL_MESSAGES);
}

Test(ctx, the_257th_message_goes_into_another_parcel)
{
    cr_expect_eq(run((struct plan){.count = SP_PARCEL_MESSAGES + 1}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 2);
    cr_expect_eq(messages_stored(), SP_PARCEL_MESSAGES + 1);
}

Test(ctx, a_parcel_holds_256_kib)
{
    /* About 62 KiB each: four to a parcel. */
    cr_expect_eq(run((struct plan){.count = 10, .lines = 400}).emitted, SP_OK);
    cr_expect_eq(messages_stored(), 10);
    cr_expect_geq(parcels_stored(), 3);
    cr_expect_leq(test_number(worker, "SELECT max(length(body)) FROM outbox"),
                  SP_PARCEL_BYTES + HEADER_BYTES);
}

Test(ctx, a_message_larger_than_a_parcel_travels_alone)
{
    cr_expect_eq(run((struct plan){.count = 3, .lines = 1, .last_lines = 2000}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 2);
    cr_expect_eq(messages_stored(), 3);
    cr_expect_gt(test_number(worker, "SELECT max(length(body)) FROM outbox"), SP_PARCEL_BYTES);
    cr_expect_lt(test_number(worker, "SELECT min(length(body)) FROM outbox"), 1000);
}

Test(ctx, an_empty_emission_stores_nothing)
{
    cr_expect_eq(run((struct plan){.count = 0}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed, 0);
}

Test(ctx, a_message_beyond_its_limit_is_refused_and_nothing_is_stored)
{
    struct plan plan = run((struct plan){.count = 2, .lines = 1, .last_lines = 2001});
    cr_expect_eq(plan.emitted, SP_REJECT);
    cr_expect(strstr(sp_worker_error(worker)->text, "lines") != NULL, "%s",
              sp_worker_error(worker)->text);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed, 0);
}

Test(ctx, an_emission_that_is_refused_leaves_no_part_of_itself)
{
    /* The first parcel was full before the message that is refused. */
    struct plan plan = run((struct plan){
        .count = SP_PARCEL_MESSAGES + 2, .lines = 1, .last_lines = 2001, .ignore = true});
    cr_expect_eq(plan.emitted, SP_REJECT);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed, 0);
}

Test(ctx, a_rollback_forgets_parcels_and_wakes)
{
    cr_expect_eq(run((struct plan){.count = 3, .roll_back = true}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed + seen.woken + seen.overflowed, 0);
    cr_expect_eq(run((struct plan){.count = 1}).emitted, SP_OK);
    cr_expect_eq(messages_stored(), 1, "nothing of the one before comes along");
    cr_expect_eq(seen.handed, 1);
}

static enum sp_result emit_and_break(struct sp_ctx *ctx, void *context)
{
    static const struct sp_statement broken = {"SELECT 1 / $1::bigint"};
    struct plan plan = {.count = 1};
    (void)context;
    enum sp_result result = sp_begin(ctx);
    cr_assert_eq(result, SP_OK);
    result = sp_emit(ctx, &order_mapped_message, make_orders(sp_ctx_arena(ctx), &plan), 1);
    cr_assert_eq(result, SP_OK);
    sp_wake(ctx, "later");
    (void)sp_queue(sp_ctx_db(ctx), &broken, SP_PARAMS(sp_int(0)));
    return sp_commit(ctx);
}

Test(ctx, a_commit_that_fails_hands_nothing_over_and_wakes_nobody)
{
    cr_expect_eq(sp_worker_call(worker, emit_and_break, NULL), SP_REJECT);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed + seen.woken, 0);
}

static enum sp_result emit_and_leave(struct sp_ctx *ctx, void *context)
{
    struct plan plan = {.count = 1};
    (void)context;
    enum sp_result result = sp_begin(ctx);
    cr_assert_eq(result, SP_OK);
    return sp_emit(ctx, &order_mapped_message, make_orders(sp_ctx_arena(ctx), &plan), 1);
}

Test(ctx, a_transaction_left_open_is_rolled_back_when_the_unit_ends)
{
    cr_expect_eq(sp_worker_call(worker, emit_and_leave, NULL), SP_OK);
    cr_expect_eq(parcels_stored(), 0);
    cr_expect_eq(seen.handed, 0);
    cr_expect_eq(run((struct plan){.count = 1}).emitted, SP_OK);
    cr_expect_eq(messages_stored(), 1);
}

/* ---- after the commit
 * ----------------------------------------------------------------------------- */

Test(ctx, parcels_are_handed_over_once_they_are_stored_and_jobs_woken_once)
{
    cr_expect_eq(run((struct plan){.count = 3}).emitted, SP_OK);
    cr_assert_eq(seen.handed, 1);
    cr_expect_str_eq(seen.parcels[0].dest, "inventory");
    cr_expect_str_eq(seen.parcels[0].type, "order.mapped");
    cr_expect_eq(seen.parcels[0].tries, 0);
    cr_expect_eq((int64_t)seen.parcels[0].size,
                 test_number(worker, "SELECT length(body) FROM outbox"));
    cr_expect_neq(memcmp(seen.parcels[0].id, (uint8_t[16]){0}, 16), 0);
    cr_expect_eq(seen.woken, 1, "two wakes of one job are one");
    cr_expect_str_eq(seen.last_woken, "later");
    cr_expect_eq(
        test_number(worker, "SELECT (due > now() + interval '3 seconds')::int FROM outbox"), 1,
        "the sweeper leaves it to the fast path for a while");
}

Test(ctx, a_full_destination_is_left_to_the_sweeper_at_once)
{
    seen.full = "inventory";
    cr_expect_eq(run((struct plan){.count = SP_PARCEL_MESSAGES + 1}).emitted, SP_OK);
    cr_expect_eq(parcels_stored(), 2);
    cr_expect_eq(seen.handed, 0);
    cr_expect_eq(seen.overflowed, 2);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox WHERE due <= now()"), 2);
}

static enum sp_result emit_variant(struct sp_ctx *ctx, void *context)
{
    (void)context;
    struct variant_saved variant = {.head = {.account_id = 1, .key = SP_TEXT("17"), .rev = 1},
                                    .variant_id = 17};
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = sp_emit(ctx, &variant_saved_message, &variant, 1);
    return result == SP_OK ? sp_commit(ctx) : result;
}

Test(ctx, each_receiver_gets_a_row_and_only_the_full_one_waits)
{
    seen.full = "placement";
    cr_expect_eq(sp_worker_call(worker, emit_variant, NULL), SP_OK);
    cr_expect_str_eq(test_text(worker,
                               "SELECT string_agg(dest || (due <= now())::int, ' ' ORDER BY dest) "
                               "FROM outbox"),
                     "inventory0 placement1");
    cr_expect_eq(test_number(worker, "SELECT count(DISTINCT id) FROM outbox"), 2);
    cr_assert_eq(seen.handed, 1);
    cr_expect_str_eq(seen.parcels[0].dest, "inventory");
    cr_expect_eq(seen.overflowed, 1);
}

/* ---- heads
 * ---------------------------------------------------------------------------------------- */

static enum sp_result emit_traced(struct sp_ctx *ctx, void *context)
{
    struct order_mapped *orders = context;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = sp_emit(ctx, &order_mapped_message, orders, 3);
    return result == SP_OK ? sp_commit(ctx) : result;
}

Test(ctx, a_trace_is_kept_and_a_missing_one_is_made)
{
    static const uint8_t none[SP_TRACE_BYTES] = {0};
    struct order_mapped orders[3] = {{.head = {.account_id = 1, .key = SP_TEXT("a"), .rev = 1}},
                                     {.head = {.account_id = 1, .key = SP_TEXT("b"), .rev = 2}},
                                     {.head = {.account_id = 1, .key = SP_TEXT("c"), .rev = 3}}};
    memset(orders[1].head.trace, 9, SP_TRACE_BYTES);
    int64_t before_us = sp_now_us();
    cr_assert_eq(sp_worker_call(worker, emit_traced, orders), SP_OK);
    size_t count = 0;
    const struct order_mapped *sent = test_emitted(worker, &order_mapped_message, NULL, &count);
    cr_assert_eq(count, 3);
    cr_expect_neq(memcmp(sent[0].head.trace, none, sizeof none), 0);
    cr_expect_neq(memcmp(sent[0].head.trace, sent[2].head.trace, sizeof none), 0);
    cr_expect_eq(memcmp(sent[1].head.trace, orders[1].head.trace, sizeof none), 0);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(sent[i].head.rev, (int64_t)i + 1);
        cr_expect_geq(sent[i].head.emitted_us, before_us);
    }
}

static enum sp_result read_rev_floor(struct sp_ctx *ctx, void *context)
{
    *(int64_t *)context = sp_rev_floor(ctx);
    return SP_OK;
}

Test(ctx, revisions_begin_higher_after_a_restore)
{
    int64_t before = 0, after = 0;
    cr_assert_eq(sp_worker_call(worker, read_rev_floor, &before), SP_OK);
    cr_expect_geq(before, INT64_C(1) << 40);
    test_sql(worker, "UPDATE incarnation SET raised = raised + 1");
    struct sp_worker *restored = test_worker_on(&sample_service, test_worker_url(), NULL);
    cr_assert_eq(sp_worker_call(restored, read_rev_floor, &after), SP_OK);
    cr_expect_eq(after - before, INT64_C(1) << 40);
    sp_worker_close(&restored);
}

Test(ctx, a_lost_connection_is_opened_again_with_its_floor_read)
{
    int64_t floor = 0;
    cr_assert_eq(sp_worker_call(worker, read_rev_floor, &floor), SP_OK);
    test_sql(worker, "UPDATE incarnation SET raised = raised + 2");
    test_sql(worker, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    struct plan plan = {.count = 1};
    enum sp_result result = SP_RETRY;
    for (int i = 0; i < 3 && result != SP_OK; i++)
        result = sp_worker_call(worker, carry_out, &plan);
    cr_expect_eq(result, SP_OK, "%s", sp_worker_error(worker)->text);
    int64_t after = 0;
    cr_assert_eq(sp_worker_call(worker, read_rev_floor, &after), SP_OK);
    cr_expect_eq(after - floor, INT64_C(2) << 40);
    cr_expect_eq(messages_stored(), 1);
}

static enum sp_result look_whether_stopping(struct sp_ctx *ctx, void *context)
{
    *(bool *)context = sp_stopping(ctx);
    return SP_OK;
}

Test(ctx, stopping_is_what_the_process_says)
{
    bool stopping = true;
    cr_assert_eq(sp_worker_call(worker, look_whether_stopping, &stopping), SP_OK);
    cr_expect_not(stopping);
    seen.stopping = true;
    cr_assert_eq(sp_worker_call(worker, look_whether_stopping, &stopping), SP_OK);
    cr_expect(stopping);
    worker->ctx.host = NULL;
    cr_assert_eq(sp_worker_call(worker, look_whether_stopping, &stopping), SP_OK);
    cr_expect_not(stopping, "a worker alone never stops");
}
