/* Stands where the connector stands: emits made-up orders as fast as the bus takes them, and takes
 * the stock levels that come back.  It is a service like any other, so what it emits takes the real
 * way: outbox, parcels, acknowledgements.
 *
 * The bench asks for orders by a row in `bench_wish`; what was emitted is in `bench_done`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/service.h"
#include "proto/messages.h"

enum { ACCOUNT = 1, SHOP = 1, SKUS_OF_A_LISTING = 100 };
#define SHOP_KEY "1-" /* before what belongs to SHOP */

/* Lines of an order: 1 to 4, 2.3 on average; baseline.sql has the same row. */
static const uint8_t line_counts[] = {1, 1, 1, 2, 2, 2, 3, 3, 4, 4};

static const struct sp_migration migrations[] = {
    {"0001_bench",
     "CREATE TABLE bench_wish (first bigint, orders bigint, at_once bigint, status text);"
     "CREATE TABLE bench_done (orders bigint NOT NULL);"
     "INSERT INTO bench_done VALUES (0);"
     "CREATE TABLE level (account_id bigint, key text, rev bigint NOT NULL, quantity bigint NOT "
     "NULL, PRIMARY KEY (account_id, key));"
     "CREATE TYPE level_row AS (account_id bigint, key text, rev bigint, quantity bigint);"},
    {0},
};

static const struct sp_statement take_wish = {
    "DELETE FROM bench_wish WHERE ctid = (SELECT min(ctid) FROM bench_wish) "
    "RETURNING first, orders, at_once, status"};
static const struct sp_statement keep_rest = {
    "INSERT INTO bench_wish SELECT $1::bigint, $2::bigint, $3::bigint, $4::text "
    "WHERE $2::bigint > 0"};
static const struct sp_statement note_done = {"UPDATE bench_done SET orders = orders + $1::bigint"};
static const struct sp_statement claim_levels = {
    "INSERT INTO level AS t SELECT * FROM unnest($1::level_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET rev = excluded.rev, quantity = excluded.quantity "
    "WHERE t.rev < excluded.rev RETURNING account_id, key, rev"};

/* The same order for the same number, always: a generator of its own, not rand(). */
static uint64_t mix(uint64_t value)
{
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ (value >> 33);
}

/* `before`, then the number in so many digits.  Names are most of what making an order costs:
 * printf took half of it. */
static struct sp_text named(struct sp_arena *arena, const char *before, uint64_t number,
                            size_t digits)
{
    size_t size = strlen(before);
    char *name = sp_arena_alloc(arena, size + digits);
    memcpy(name, before, size);
    for (size_t i = digits; i > 0; i--, number /= 10)
        name[size + i - 1] = (char)('0' + number % 10);
    SP_ASSERT(number == 0);
    return (struct sp_text){name, size + digits};
}

/* The status "HOT" makes orders of one unit of the last SKU, all of them. */
static bool is_hot(const struct channel_order *order)
{
    return sp_text_is(order->status, "HOT");
}

static void make_lines(struct sp_ctx *ctx, uint64_t number, struct channel_order *order)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    int64_t skus = sp_config_int(sp_ctx_config(ctx), "SAMPAN_BENCH_SKUS");
    size_t count = is_hot(order) ? 1 : line_counts[mix(number) % SP_COUNT(line_counts)];
    struct channel_line *lines = sp_arena_array(arena, count, sizeof *lines);
    for (size_t i = 0; i < count; i++) {
        uint64_t random = mix(number * 8 + i + 1);
        /* One SKU in ten gets half of the lines, as sellers know it. */
        uint64_t among = (uint64_t)(random % 2 == 0 ? skus : (skus + 9) / 10);
        uint64_t sku = is_hot(order) ? (uint64_t)skus - 1 : (random >> 8) % among;
        int64_t units = is_hot(order) || random % 10 < 7 ? 1 : 2;
        struct unit_id *ids = sp_arena_array(arena, (size_t)units, sizeof *ids);
        for (int64_t u = 0; u < units; u++)
            ids[u].id = named(arena, "5771", (number * 16 + i * 2) * 10 + (uint64_t)u, 13);
        lines[i] =
            (struct channel_line){.line = (int64_t)i + 1,
                                  .product_id = named(arena, "1729", sku / SKUS_OF_A_LISTING, 15),
                                  .sku_id = named(arena, "1730", sku, 15),
                                  .seller_sku = named(arena, "SKU-", sku, 5),
                                  .product_name = SP_TEXT("White hanging heart t-light holder"),
                                  .sku_name = SP_TEXT("Default"),
                                  .units = units,
                                  .unit_ids = ids,
                                  .unit_ids_count = (size_t)units,
                                  .price_minor = 255,
                                  .status = SP_TEXT("AWAITING_SHIPMENT"),
                                  .package_id = named(arena, "1153", number, 15)};
    }
    order->lines = lines;
    order->lines_count = count;
}

static void make_order(struct sp_ctx *ctx, uint64_t number, struct sp_text status,
                       struct channel_order *order)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    int64_t now = sp_now_us() / 1000000;
    struct channel_package *package = sp_arena_alloc(arena, sizeof *package);
    package->package_id = named(arena, "1153", number, 15);
    *order = (struct channel_order){.head = {.account_id = ACCOUNT, .rev = sp_rev_floor(ctx) + 1},
                                    .shop_id = SHOP,
                                    .channel_order_id = named(arena, "5764", number, 14),
                                    .status = status,
                                    .created_at = now - 60,
                                    .updated_at = now,
                                    .paid_at = now - 30,
                                    .ship_by = now + 2 * 86400,
                                    .shipping_type = SP_TEXT("TIKTOK"),
                                    .delivery_option_id = SP_TEXT("7091000000000000001"),
                                    .channel_warehouse_id = SP_TEXT("7068000000000000001"),
                                    .currency = SP_TEXT("USD"),
                                    .total_minor = 1290,
                                    .subtotal_minor = 1000,
                                    .shipping_minor = 290,
                                    .packages = package,
                                    .packages_count = 1};
    order->head.key = named(arena, SHOP_KEY "5764", number, 14);
    make_lines(ctx, number, order);
    if (is_hot(order))
        order->status = SP_TEXT("AWAITING_SHIPMENT");
}

static enum sp_result emit_orders(struct sp_ctx *ctx, int64_t first, int64_t count,
                                  struct sp_text status)
{
    struct channel_order *orders = sp_arena_array(sp_ctx_arena(ctx), (size_t)count, sizeof *orders);
    for (int64_t i = 0; i < count; i++)
        make_order(ctx, (uint64_t)(first + i), status, &orders[i]);
    return sp_emit(ctx, &channel_order_message, orders, (size_t)count);
}

static enum sp_result inject(struct sp_ctx *ctx)
{
    struct sp_db *db = sp_ctx_db(ctx);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_query(db, sp_ctx_error(ctx), &take_wish, SP_NO_PARAMS);
    if (sp_rows_count(rows) != 1) {
        sp_rollback(ctx);
        return rows == NULL ? SP_RETRY : SP_OK;
    }
    int64_t first = sp_row_int(rows, 0, 0), wanted = sp_row_int(rows, 0, 1);
    int64_t at_once = sp_row_int(rows, 0, 2);
    int64_t count = wanted < at_once ? wanted : at_once;
    struct sp_text status = sp_row_text(rows, 0, 3);
    (void)sp_queue(db, &keep_rest,
                   SP_PARAMS(sp_int(first + count), sp_int(wanted - count), sp_int(at_once),
                             sp_string(status)));
    (void)sp_queue(db, &note_done, SP_PARAMS(sp_int(count)));
    result = emit_orders(ctx, first, count, status);
    if (result == SP_OK)
        result = sp_commit(ctx);
    return result == SP_OK ? SP_AGAIN : result;
}

/* ---- the shop and its listings, once
 * ------------------------------------------------------------------ */

static enum sp_result emit_shop(struct sp_ctx *ctx)
{
    static const struct channel_warehouse warehouse = {
        .channel_warehouse_id = {"7068000000000000001", 19},
        .name = {"Main", 4},
        .is_default = true};
    struct shop_saved shop = {
        .head = {.account_id = ACCOUNT, .key = SP_TEXT("1"), .rev = sp_rev_floor(ctx) + 1},
        .shop_id = SHOP,
        .channel = SP_TEXT("tiktok"),
        .channel_shop_id = SP_TEXT("7490000000000000001"),
        .alias = SP_TEXT("Bench"),
        .region = SP_TEXT("US"),
        .state = SP_TEXT("CONNECTED"),
        .reserve_unpaid = true,
        .warehouses = &warehouse,
        .warehouses_count = 1};
    return sp_emit(ctx, &shop_saved_message, &shop, 1);
}

static void make_listing(struct sp_ctx *ctx, int64_t number, struct channel_listing *listing)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct listing_sku *skus = sp_arena_array(arena, SKUS_OF_A_LISTING, sizeof *skus);
    for (int64_t i = 0; i < SKUS_OF_A_LISTING; i++) {
        uint64_t sku = (uint64_t)(number * SKUS_OF_A_LISTING + i);
        struct channel_stock *stock = sp_arena_alloc(arena, sizeof *stock);
        *stock = (struct channel_stock){SP_TEXT("7068000000000000001"), 0};
        skus[i] = (struct listing_sku){.sku_id = named(arena, "1730", sku, 15),
                                       .seller_sku = named(arena, "SKU-", sku, 5),
                                       .title = SP_TEXT("Default"),
                                       .currency = SP_TEXT("USD"),
                                       .price_minor = 255,
                                       .stock = stock,
                                       .stock_count = 1};
    }
    *listing =
        (struct channel_listing){.head = {.account_id = ACCOUNT, .rev = sp_rev_floor(ctx) + 1},
                                 .shop_id = SHOP,
                                 .product_id = named(arena, "1729", (uint64_t)number, 15),
                                 .title = SP_TEXT("Bench listing"),
                                 .state = SP_TEXT("ACTIVATE"),
                                 .updated_at = sp_now_us() / 1000000,
                                 .skus = skus,
                                 .skus_count = SKUS_OF_A_LISTING};
    listing->head.key = named(arena, SHOP_KEY "1729", (uint64_t)number, 15);
}

static enum sp_result set_up(struct sp_ctx *ctx)
{
    static _Atomic bool done;
    if (done)
        return SP_OK;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = emit_shop(ctx);
    int64_t listings = sp_config_int(sp_ctx_config(ctx), "SAMPAN_BENCH_SKUS") / SKUS_OF_A_LISTING;
    struct channel_listing listing;
    for (int64_t i = 0; result == SP_OK && i < listings; i++) {
        make_listing(ctx, i, &listing);
        result = sp_emit(ctx, &channel_listing_message, &listing, 1);
    }
    if (result == SP_OK)
        result = sp_commit(ctx);
    done = result == SP_OK;
    return result;
}

/* ---- the sink
 * ---------------------------------------------------------------------------------------------- */

static int claim(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct stock_level *levels = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "level_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, levels[i].head.account_id);
        sp_set_string(set, levels[i].head.key);
        sp_set_int(set, levels[i].head.rev);
        sp_set_int(set, levels[i].quantity);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_levels, SP_PARAMS(sp_set(set)));
}

static int claim_nothing(struct sp_ctx *ctx, const void *messages, size_t count)
{
    (void)messages;
    (void)count;
    static const struct sp_statement nothing = {"SELECT 1::bigint, ''::text, 1::bigint LIMIT 0"};
    return sp_queue(sp_ctx_db(ctx), &nothing, SP_NO_PARAMS);
}

static enum sp_result ignore(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}

static const struct sp_route routes[] = {
    {&stock_level_message, claim, ignore},
    {&account_saved_message, claim_nothing, ignore},
    {&import_requested_message, claim_nothing, ignore},
    {&order_wanted_message, claim_nothing, ignore},
    {0},
};

static const struct sp_job jobs[] = {
    {"set-up", 1000, set_up},
    {"inject", 50, inject},
    {0},
};

static const struct sp_setting settings[] = {
    {"SAMPAN_BENCH_SKUS", SP_SETTING_INT, "10000", 100, 100000, NULL, "different SKUs"},
    {0},
};

int main(int argc, char **argv)
{
    static const struct sp_service service = {.name = "connector",
                                              .routes = routes,
                                              .jobs = jobs,
                                              .settings = settings,
                                              .migrations = migrations};
    return sp_service_main(&service, argc, argv);
}
