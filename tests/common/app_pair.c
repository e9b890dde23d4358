/* Two services over the real bus: order-ingest as the sender, the sample as the receiver. */
#include "tests/common/app_pair.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/common/sample_service.h"
#include "tests/support/database.h"

enum { LOOK_EVERY_US = 20 * 1000 };

/* ---- a sender
 * -------------------------------------------------------------------------------------
 * What stands in `wish` becomes order.recorded, twenty at a time. */
size_t pair_at_once = PARCEL;

const struct sp_migration sender_migrations[] = {
    {"0001_wish", "CREATE TABLE wish (key text PRIMARY KEY, status text NOT NULL)"}, {0}};

static const struct sp_statement take_wishes = {
    "DELETE FROM wish WHERE key IN (SELECT key FROM wish ORDER BY key LIMIT $1::bigint "
    "FOR UPDATE SKIP LOCKED) RETURNING key, status"};

static enum sp_result emit_wishes(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_wishes,
                                          SP_PARAMS(sp_int((int64_t)pair_at_once)));
    size_t count = sp_rows_count(rows);
    struct order_recorded orders[FULL_PARCEL];
    for (size_t i = 0; i < count; i++)
        orders[i] = (struct order_recorded){
            .head = {.account_id = 1, .key = sp_row_text(rows, i, 0), .rev = sp_rev_floor(ctx)},
            .channel_status = sp_row_text(rows, i, 1)};
    if (rows == NULL || sp_emit(ctx, &order_recorded_message, orders, count) != SP_OK) {
        sp_rollback(ctx);
        return SP_RETRY;
    }
    result = sp_commit(ctx);
    return result == SP_OK && count == pair_at_once ? SP_AGAIN : result;
}

static const struct sp_job sender_jobs[] = {{"emit-wishes", 30, emit_wishes}, {0}};
const struct sp_service sender_service = {
    .name = "order-ingest", .jobs = sender_jobs, .migrations = sender_migrations};

/* ---- both ends
 * ------------------------------------------------------------------------------------ */

const char *const unsafe[] = {"SAMPAN_DATABASE_UNSAFE=true", NULL};
struct app_process *sender, *receiver;
struct sp_worker *at_sender, *at_receiver; /* for looking into their databases */

struct app_process *pair_add(const struct sp_service *service,
                             const struct sp_migration migrations[], struct sp_worker **at)
{
    const char *url = test_database(migrations);
    *at = test_worker_on(service, url, NULL);
    return app_add(service, url);
}

void pair_open(void)
{
    app_rig_open();
    sender = pair_add(&sender_service, sender_migrations, &at_sender);
    receiver = pair_add(&sample_service, sample_service.migrations, &at_receiver);
}

void pair_close(void)
{
    app_rig_close();
    sp_worker_close(&at_sender);
    sp_worker_close(&at_receiver);
}

void wish(int count)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO wish SELECT '1-' || lpad(n::text, 5, '0'), 'NEW' "
                   "FROM generate_series(1, %d) n",
                   count);
    test_sql(at_sender, sql);
}

/* Each batch of the receiver takes this long, so that a test can meet it at work. */
void slow_receiver(const char *seconds)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
                   "'BEGIN PERFORM pg_sleep(%s); RETURN NULL; END';"
                   "CREATE TRIGGER dawdle AFTER INSERT ON seen EXECUTE FUNCTION dawdle()",
                   seconds);
    test_sql(at_receiver, sql);
}

const char count_seen[] = "SELECT count(*) FROM seen";
const char count_outbox[] = "SELECT count(*) FROM outbox";

void expect_all_once(int count)
{
    cr_assert(app_until(at_receiver, count_seen, count), "%s", app_log(receiver));
    cr_assert(app_until(at_sender, count_outbox, 0), "%s", app_log(sender));
    cr_expect_eq(test_number(at_sender, "SELECT count(*) FROM wish"), 0);
    cr_expect_eq(test_number(at_receiver, "SELECT sum(times) FROM seen"), count);
    cr_expect_eq(test_number(at_receiver, "SELECT count(*) FROM dead_letter"), 0);
    size_t emitted = 0;
    (void)test_emitted(at_receiver, &order_mapped_message, "inventory", &emitted);
    cr_expect_eq(emitted, (size_t)count);
}

bool says(const struct app_process *process, const char *words)
{
    int64_t until_us = sp_monotonic_us() + (int64_t)APP_PATIENCE_MS * 1000;
    while (strstr(app_log(process), words) == NULL && sp_monotonic_us() < until_us)
        (void)usleep(LOOK_EVERY_US);
    return strstr(app_log(process), words) != NULL;
}
