#include "tests/inventory/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/inventory/asks.h"
#include "services/inventory/handlers.h"
#include "services/inventory/jobs.h"

extern const struct sp_migration inventory_migrations[];

const struct sp_service inventory_service = {
    .name = "inventory",
    .routes = inventory_routes,
    .asks = inventory_asks,
    .jobs = inventory_jobs,
    .migrations = inventory_migrations,
};

static void feed(struct sp_worker *worker, const struct sp_message *message, const void *values,
                 size_t count)
{
    SP_ASSERT(sp_worker_feed(worker, message, values, count) == SP_OK);
}

struct sp_worker *world_open(void)
{
    return test_worker(&inventory_service, NULL);
}

int64_t world_warehouse(struct sp_worker *worker, const char *name, int64_t priority)
{
    char body[256];
    const char *answer;
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"kind\":\"OWN\",\"priority\":%lld}", name,
                   (long long)priority);
    int status = test_ask(worker, "inventory.save-warehouse", body, &answer, NULL);
    SP_ASSERT(status == 201);
    (void)snprintf(body, sizeof body, "SELECT warehouse_id FROM warehouse WHERE name = '%s'", name);
    return test_number(worker, body);
}

void world_variant(struct sp_worker *worker, int64_t variant_id, const char *sku)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%lld", (long long)variant_id);
    struct variant_saved variant = {
        .head = {.account_id = ACCOUNT, .key = sp_text_of(key), .rev = 1},
        .variant_id = variant_id,
        .sku = sp_text_of(sku),
        .name = sp_text_of(sku),
        .supply = SP_TEXT("STOCKED")};
    feed(worker, &variant_saved_message, &variant, 1);
}

void world_shop(struct sp_worker *worker, int64_t rev, int64_t warehouse_id, bool reserve_unpaid)
{
    struct channel_warehouse warehouses[] = {
        {.channel_warehouse_id = SP_TEXT("CW"), .is_default = true}};
    struct shop_saved shop = {.head = {.account_id = ACCOUNT, .key = SP_TEXT("3"), .rev = rev},
                              .shop_id = SHOP,
                              .alias = SP_TEXT("shop"),
                              .state = SP_TEXT("CONNECTED"),
                              .warehouse_id = warehouse_id,
                              .reserve_unpaid = reserve_unpaid,
                              .warehouses = warehouses,
                              .warehouses_count = 1};
    feed(worker, &shop_saved_message, &shop, 1);
}

static struct sp_text order_key(int64_t number)
{
    static char keys[4096][24];
    static _Atomic size_t next;
    char *key = keys[next++ % SP_COUNT(keys)];
    (void)snprintf(key, sizeof keys[0], "%d-%lld", SHOP, (long long)number);
    return sp_text_of(key);
}

struct order_mapped world_message(const struct world_order *order)
{
    static struct mapped_line lines[4096][MOST_PARTS];
    static struct line_part parts[4096][MOST_PARTS];
    static _Atomic size_t next;
    size_t slot = next++ % SP_COUNT(lines), count = 0;
    for (size_t i = 0; i < MOST_PARTS; i++) {
        if (order->lines[i].variant == 0)
            continue;
        parts[slot][count] =
            (struct line_part){order->lines[i].variant, 1,
                               sp_text_of(order->supply == NULL ? "STOCKED" : order->supply)};
        lines[slot][count] = (struct mapped_line){.line = (int64_t)i + 1,
                                                  .units = order->lines[i].units,
                                                  .parts = &parts[slot][count],
                                                  .parts_count = 1};
        count++;
    }
    return (struct order_mapped){
        .head = {.account_id = ACCOUNT, .key = order_key(order->number), .rev = order->rev},
        .shop_id = SHOP,
        .channel_status = sp_text_of(order->status == NULL ? "AWAITING_SHIPMENT" : order->status),
        .created_at = order->created_at == 0 ? order->number : order->created_at,
        .paid_at = 1000,
        .deleted = order->deleted,
        .lines = lines[slot],
        .lines_count = count};
}

void world_feed(struct sp_worker *worker, const struct world_order orders[], size_t count)
{
    SP_ASSERT(count <= SP_PARCEL_MESSAGES);
    struct order_mapped messages[SP_PARCEL_MESSAGES];
    for (size_t i = 0; i < count; i++)
        messages[i] = world_message(&orders[i]);
    feed(worker, &order_mapped_message, messages, count);
}

void world_settle(struct sp_worker *worker)
{
    static const char *const jobs[] = {"heal-shops", "serve-waiting"};
    for (size_t i = 0; i < SP_COUNT(jobs); i++) {
        enum sp_result result = SP_AGAIN;
        for (int turns = 0; result == SP_AGAIN; turns++) {
            SP_ASSERT(turns < 10000);
            result = sp_worker_job(worker, jobs[i]);
        }
        SP_ASSERT(result == SP_OK);
    }
}

void world_stock(struct sp_worker *worker, int64_t warehouse_id, int64_t variant_id, int64_t delta)
{
    char body[256];
    const char *answer;
    (void)snprintf(body, sizeof body,
                   "{\"reason\":\"count\",\"lines\":[{\"warehouse_id\":\"%lld\","
                   "\"variant_id\":\"%lld\",\"delta\":%lld}]}",
                   (long long)warehouse_id, (long long)variant_id, (long long)delta);
    int status = test_ask(worker, "inventory.adjust", body, &answer, NULL);
    if (status != 200)
        (void)fprintf(stderr, "adjust: %d %s\n", status, answer);
    SP_ASSERT(status == 200);
    world_settle(worker);
}

int64_t world_figure(struct sp_worker *worker, const char *figure, int64_t variant_id)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "SELECT coalesce(sum(%s), 0)::bigint FROM stock_figure WHERE variant_id = %lld",
                   figure, (long long)variant_id);
    return test_number(worker, sql);
}

void world_check(struct sp_worker *worker)
{
    const char *answer;
    int status = test_ask(worker, "inventory.check", NULL, &answer, NULL);
    bool ok = status == 200 && strstr(answer, "\"violations\" : []") != NULL;
    if (!ok)
        (void)fprintf(stderr, "check: %d %.400s\n", status, answer);
    SP_ASSERT(ok);
}
