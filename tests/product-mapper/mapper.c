/* Orders, listings and variants to feed product-mapper with, in tests. */
#include "tests/product-mapper/mapper.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/product-mapper/asks.h"
#include "services/product-mapper/handlers.h"
#include "services/product-mapper/jobs.h"

extern const struct sp_migration product_mapper_migrations[];

const struct sp_service mapper_service = {
    .name = "product-mapper",
    .routes = mapper_routes,
    .asks = mapper_asks,
    .jobs = mapper_jobs,
    .migrations = product_mapper_migrations,
};

struct sp_worker *mapper_worker(void)
{
    static struct sp_worker *worker;
    if (worker == NULL)
        worker = test_worker(&mapper_service, NULL);
    return worker;
}

struct sp_worker *mapper_fresh(void)
{
    struct sp_worker *worker = mapper_worker();
    static int link_rev; /* what the process remembers goes by it */
    char account[96];
    test_sql(worker,
             "TRUNCATE account, shop, variant, product, product_type, attribute, attribute_value, "
             "catalogue_history, sheet_import, sheet_line, sheet_export, sheet_piece, link_job, "
             "link_job_item, healing, design, line_design, design_history, listing, listing_sku, "
             "link_history, mapped_order, heal, "
             "outbox, dead_letter, later");
    (void)snprintf(account, sizeof account,
                   "INSERT INTO account (account_id, link_rev) VALUES (1, %d)", link_rev += 1000);
    test_sql(worker, account);
    return worker;
}

static struct sp_text key_of(const char *id)
{
    static char keys[64][48];
    static size_t used;
    char *key = keys[used++ % SP_COUNT(keys)];
    (void)snprintf(key, sizeof keys[0], "7-%s", id);
    return sp_text_of(key);
}

struct order_recorded an_order(const char *id, int64_t rev, const char *status)
{
    static const struct recorded_line lines[] = {
        {.line = 1,
         .sku_id = LITERAL("s1"),
         .product_id = LITERAL("p1"),
         .units = 2,
         .product_name = LITERAL("Mug"),
         .seller_sku = LITERAL("MUG-1")},
        {.line = 3,
         .sku_id = LITERAL("s2"),
         .product_id = LITERAL("p1"),
         .units = 1,
         .product_name = LITERAL("Shirt"),
         .seller_sku = LITERAL("SHIRT-1")},
    };
    return (struct order_recorded){
        .head = {.trace = {1, 2, 3},
                 .emitted_us = 1700000000000000,
                 .account_id = 1,
                 .key = key_of(id),
                 .rev = rev},
        .shop_id = 7,
        .channel_status = sp_text_of(status),
        .created_at = 1700000000,
        .paid_at = 1700000010,
        .lines = lines,
        .lines_count = 2,
    };
}

struct channel_listing a_listing(int64_t rev)
{
    static const struct channel_stock stock[] = {{LITERAL("w1"), 5}, {LITERAL("w2"), 0}};
    static const struct listing_sku skus[] = {
        {.sku_id = LITERAL("s1"),
         .seller_sku = LITERAL("MUG-1"),
         .title = LITERAL("Blue"),
         .currency = LITERAL("VND"),
         .price_minor = 129000,
         .stock = stock,
         .stock_count = 2},
        {.sku_id = LITERAL("s2"), .seller_sku = LITERAL("SHIRT-1"), .title = LITERAL("M")},
    };
    return (struct channel_listing){
        .head = {.account_id = 1, .key = SP_TEXT("7-p1"), .rev = rev},
        .shop_id = 7,
        .product_id = SP_TEXT("p1"),
        .title = SP_TEXT("Cốc và áo"),
        .state = SP_TEXT("ACTIVATE"),
        .updated_at = 1700000000,
        .skus = skus,
        .skus_count = 2,
    };
}

void feed_order(struct sp_worker *worker, const struct order_recorded *order)
{
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, order, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

void feed_listing(struct sp_worker *worker, const struct channel_listing *listing)
{
    cr_assert_eq(sp_worker_feed(worker, &channel_listing_message, listing, 1), SP_OK, "%s",
                 sp_worker_error(worker)->text);
}

int64_t make_variant(struct sp_worker *worker, const char *sku, const char *supply)
{
    char body[256], query[128];
    const char *text;
    (void)snprintf(
        body, sizeof body,
        "{\"sku\":\"%s\",\"name\":\"Our %s\",\"supply\":\"%s\",\"cost\":{\"amount\":\"50000\","
        "\"currency\":\"VND\"}}",
        sku, sku, supply);
    cr_assert_eq(test_ask(worker, "product-mapper.save-variant", body, &text, NULL), 201, "%s",
                 text);
    (void)snprintf(query, sizeof query, "SELECT variant_id FROM variant WHERE sku = '%s'", sku);
    return test_number(worker, query);
}

const char *map_by_hand(struct sp_worker *worker, const char *sku_id, const char *parts)
{
    char body[512];
    const char *text;
    (void)snprintf(body, sizeof body, "{\"shop_id\":\"7\",\"sku_id\":\"%s\",\"parts\":%s}", sku_id,
                   parts);
    cr_assert_eq(test_ask(worker, "product-mapper.map", body, &text, NULL), 200, "%s", text);
    return text;
}

void heal(struct sp_worker *worker)
{
    int runs = 0;
    while (sp_worker_job(worker, "heal-orders") == SP_AGAIN)
        cr_assert_lt(++runs, 100);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal WHERE due <= now()"), 0, "%s",
                 sp_worker_error(worker)->text);
}

void pass_ten_seconds(struct sp_worker *worker)
{
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM heal WHERE due < now() + interval '10 seconds'"),
        0);
    test_sql(worker, "UPDATE heal SET due = now()");
}

const struct order_mapped *newest_mapped(struct sp_worker *worker, const char *order_id)
{
    size_t count = 0;
    const struct order_mapped *all =
        test_emitted(worker, &order_mapped_message, "inventory", &count);
    const struct order_mapped *newest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (sp_text_is(all[i].head.key, order_id) &&
            (newest == NULL || newest->head.rev < all[i].head.rev))
            newest = &all[i];
    }
    cr_assert_not_null(newest, "nothing mapped of %s", order_id);
    return newest;
}

size_t mapped_count(struct sp_worker *worker)
{
    size_t count = 0;
    (void)test_emitted(worker, &order_mapped_message, "inventory", &count);
    return count;
}
