/* Orders and stages to feed the order book with, in tests. */
#include "tests/order-ingest/orders.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "services/order-ingest/asks.h"
#include "services/order-ingest/handlers.h"
#include "services/order-ingest/jobs.h"
#include "services/order-ingest/settings.h"

extern const struct sp_migration order_ingest_migrations[];

static const struct sp_service service = {
    .name = "order-ingest",
    .routes = ingest_routes,
    .asks = ingest_asks,
    .jobs = ingest_jobs,
    .settings = ingest_settings,
    .migrations = order_ingest_migrations,
};

struct sp_worker *ingest_worker(void)
{
    static struct sp_worker *worker;
    if (worker == NULL)
        worker = test_worker(&service, NULL);
    return worker;
}

struct sp_worker *ingest_other(void)
{
    return test_worker_on(&service, test_worker_url(), NULL);
}

/* Not TRUNCATE, which makes new files for a hundred tables and indexes that hold next to nothing.
 */
static const char empty_all[] =
    "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY '{orders, order_history, order_deletion, "
    "manual_edit, order_buyer, "
    "order_tracking, order_stage, stage_history, order_count, order_count_change, change_log, "
    "import_run, import_page, run_line, day_slice, certificate, order_return, "
    "order_return_history, order_action, settlement, statement, buyer_access, erasure, "
    "status_revision, status_preview, status_history, order_note, tagged_order, order_tag, "
    "tag_history, shop, account, warehouse, outbox, dead_letter, later}'::text[] LOOP EXECUTE "
    "'DELETE FROM ' || t; END LOOP; END $$";

struct sp_worker *ingest_fresh(void)
{
    struct sp_worker *worker = ingest_worker();
    test_sql(worker, empty_all);
    test_sql(worker, "DELETE FROM status_rule WHERE account_id > 0");
    return worker;
}

struct sp_text key_of(const char *id)
{
    static char keys[64][48];
    static size_t used;
    char *key = keys[used++ % SP_COUNT(keys)];
    (void)snprintf(key, sizeof keys[0], "7-%s", id);
    return sp_text_of(key);
}

struct channel_order an_order(const char *id, int64_t rev, const char *status)
{
    static const struct unit_id units[] = {{LITERAL("u1")}, {LITERAL("u2")}};
    static const struct channel_line lines[] = {
        {.line = 1,
         .product_id = LITERAL("p1"),
         .sku_id = LITERAL("s1"),
         .seller_sku = LITERAL("MUG-1"),
         .product_name = LITERAL("Mug \"Sài Gòn\""),
         .sku_name = LITERAL("Blue"),
         .units = 2,
         .unit_ids = units,
         .unit_ids_count = 2,
         .price_minor = 129000,
         .status = LITERAL("AWAITING_SHIPMENT")},
        {.line = 3,
         .product_id = LITERAL("p2"),
         .sku_id = LITERAL("s2"),
         .units = 1,
         .price_minor = 99000},
    };
    static const struct channel_package packages[] = {
        {.package_id = LITERAL("k1"), .tracking = LITERAL("VN123")}};
    return (struct channel_order){
        .head = {.trace = {1, 2, 3},
                 .emitted_us = 1700000000000000,
                 .account_id = 1,
                 .key = key_of(id),
                 .rev = rev},
        .shop_id = 7,
        .channel_order_id = sp_text_of(id),
        .status = sp_text_of(status),
        .created_at = 1700000000,
        .updated_at = 1700000000 + rev,
        .paid_at = 1700000010,
        .currency = SP_TEXT("VND"),
        .total_minor = 357000,
        .lines = lines,
        .lines_count = 2,
        .packages = packages,
        .packages_count = 1,
    };
}

struct order_staged a_stage(const char *id, int64_t rev, const char *stage)
{
    return (struct order_staged){
        .head = {.trace = {1, 2, 3},
                 .emitted_us = 1700000000000000,
                 .account_id = 1,
                 .key = key_of(id),
                 .rev = rev},
        .stage = sp_text_of(stage),
        .since = 1700000000 + rev,
        .currency = SP_TEXT("VND"),
    };
}

void feed_order(struct sp_worker *worker, const struct channel_order *order)
{
    cr_assert_eq(sp_worker_feed(worker, &channel_order_message, order, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

void feed_stage(struct sp_worker *worker, const struct order_staged *staged)
{
    cr_assert_eq(sp_worker_feed(worker, &order_staged_message, staged, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

void feed_standing(struct sp_worker *worker, const char *id, int64_t rev, const char *status,
                   const char *stage)
{
    struct channel_order order = an_order(id, rev, status);
    struct order_staged staged = a_stage(id, rev, stage);
    feed_order(worker, &order);
    feed_stage(worker, &staged);
}

void feed_shop(struct sp_worker *worker, int64_t shop_id, const char *state)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%lld", (long long)shop_id);
    struct shop_saved shop = {.head = {.account_id = 1, .key = sp_text_of(key), .rev = 1},
                              .shop_id = shop_id,
                              .channel = SP_TEXT("tiktok"),
                              .channel_shop_id = SP_TEXT("749"),
                              .alias = SP_TEXT("HN"),
                              .region = SP_TEXT("VN"),
                              .state = sp_text_of(state)};
    cr_assert_eq(sp_worker_feed(worker, &shop_saved_message, &shop, 1), SP_OK);
}
