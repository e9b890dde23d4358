/* Notes of what is in hand: counted until they are survived. */
#include <signal.h>

#include <criterion/criterion.h>

#include "common/poison.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = test_worker(&sample_service, NULL);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(poison, .init = set_up, .fini = tear_down);

static enum sp_result take(struct sp_ctx *ctx, void *context)
{
    struct sp_suspect suspect = sp_suspect_of(SP_TEXT("suspicious"));
    return sp_suspect_take(ctx, &suspect, context);
}

static enum sp_result survive(struct sp_ctx *ctx, void *context)
{
    (void)context;
    struct sp_suspect suspect = sp_suspect_of(SP_TEXT("suspicious"));
    return sp_suspect_survived(ctx, &suspect);
}

Test(poison, takings_are_counted_until_one_is_survived)
{
    int64_t times = 0;
    for (int64_t i = 1; i <= 3; i++) {
        cr_assert_eq(sp_worker_call(worker, take, &times), SP_OK);
        cr_expect_eq(times, i);
    }
    cr_assert_eq(sp_worker_call(worker, survive, NULL), SP_OK);
    cr_assert_eq(sp_worker_call(worker, take, &times), SP_OK);
    cr_expect_eq(times, 1);
}

Test(poison, suspects_are_told_apart_by_their_bytes_and_places)
{
    struct sp_suspect one = sp_suspect_of(SP_TEXT("a")), same = sp_suspect_of(SP_TEXT("a")),
                      other = sp_suspect_of(SP_TEXT("b"));
    cr_expect_arr_eq(one.id, same.id, sizeof one.id);
    cr_expect_arr_neq(one.id, other.id, sizeof one.id);
}

/* A parcel of one message, as often as its sender saw the receiver die. */
static enum sp_result apply_suspicious(const char *status)
{
    struct order_recorded order = sample_order("1-1", 1, status);
    struct sp_buffer body = {0};
    struct sp_error err;
    sp_parcel_begin(&body, 1);
    cr_assert_eq(sp_message_encode(&order_recorded_message, &order, &body, &err), SP_OK);
    struct sp_incoming parcel = {.id = {7},
                                 .type = SP_TEXT("order.recorded"),
                                 .body = sp_buffer_text(&body),
                                 .tries = SP_CAREFUL_TRIES};
    enum sp_result result = sp_worker_parcels(worker, &parcel, 1);
    sp_buffer_free(&body);
    return result;
}

Test(poison, what_is_only_put_back_is_never_buried_for_it)
{
    test_sql(worker, "ALTER TABLE dead_letter ADD CHECK (false) NOT VALID");
    for (int i = 0; i < 4; i++)
        cr_expect_eq(apply_suspicious("POISON"), SP_RETRY);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM poison"), 0);
}
