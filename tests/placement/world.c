#include "tests/placement/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/placement/asks.h"
#include "services/placement/handlers.h"
#include "services/placement/jobs.h"

extern const struct sp_migration placement_migrations[];

const struct sp_service placement_service = {
    .name = "placement",
    .routes = placement_routes,
    .asks = placement_asks,
    .jobs = placement_jobs,
    .migrations = placement_migrations,
};

static void feed(struct sp_worker *worker, const struct sp_message *message, const void *values,
                 size_t count)
{
    SP_ASSERT(sp_worker_feed(worker, message, values, count) == SP_OK);
}

/* Texts of messages: kept for a while, as a frame would. */
static struct sp_text number_text(const char *before, int64_t number)
{
    static char texts[16384][48];
    static _Atomic size_t next;
    char *text = texts[next++ % SP_COUNT(texts)];
    (void)snprintf(text, sizeof texts[0], "%s%lld", before, (long long)number);
    return sp_text_of(text);
}

/* ---- references ------------------------------------------------------------------------------ */

void world_account(struct sp_worker *worker, int64_t account_id, const char *currency)
{
    struct account_saved account = {
        .head = {.account_id = account_id, .key = number_text("", account_id), .rev = 1},
        .name = SP_TEXT("seller"),
        .time_zone = SP_TEXT("Asia/Ho_Chi_Minh"),
        .currency = sp_text_of(currency),
        .language = SP_TEXT("en"),
        .state = SP_TEXT("ACTIVE")};
    feed(worker, &account_saved_message, &account, 1);
}

void world_variant(struct sp_worker *worker, int64_t variant_id, int64_t rev, int64_t cost_minor,
                   const char *currency)
{
    struct variant_saved variant = {
        .head = {.account_id = ACCOUNT, .key = number_text("", variant_id), .rev = rev},
        .variant_id = variant_id,
        .sku = number_text("SKU", variant_id),
        .supply = SP_TEXT("STOCKED"),
        .cost_minor = cost_minor,
        .currency = sp_text_of(currency)};
    feed(worker, &variant_saved_message, &variant, 1);
}

void world_warehouse(struct sp_worker *worker, int64_t warehouse_id, int64_t rev, bool approved)
{
    struct warehouse_saved warehouse = {
        .head = {.account_id = ACCOUNT, .key = number_text("", warehouse_id), .rev = rev},
        .warehouse_id = warehouse_id,
        .name = SP_TEXT("W"),
        .kind = SP_TEXT("OWN"),
        .approved = approved};
    feed(worker, &warehouse_saved_message, &warehouse, 1);
}

struct sp_worker *world_open(const char *currency)
{
    struct sp_worker *worker = test_worker(&placement_service, NULL);
    struct shop_saved shop = {.head = {.account_id = ACCOUNT, .key = SP_TEXT("3"), .rev = 1},
                              .shop_id = SHOP,
                              .channel = SP_TEXT("tiktok"),
                              .alias = SP_TEXT("shop"),
                              .state = SP_TEXT("CONNECTED"),
                              .warehouse_id = WAREHOUSE};
    world_account(worker, ACCOUNT, currency);
    feed(worker, &shop_saved_message, &shop, 1);
    world_warehouse(worker, WAREHOUSE, 1, true);
    for (int64_t i = 1; i <= VARIANTS; i++)
        world_variant(worker, i, 1, i * 100, currency);
    test_sql(worker, "DELETE FROM heal_mark");
    return worker;
}

void world_top_up(struct sp_worker *worker, int64_t amount_minor)
{
    static int references;
    char body[160];
    const char *answer;
    const char *currency = test_text(worker, "SELECT currency FROM setting WHERE account_id = 1");
    (void)snprintf(body, sizeof body,
                   "{\"amount\":\"%lld\",\"currency\":\"%s\",\"reference\":\"bank %d\"}",
                   (long long)amount_minor, currency, ++references);
    SP_ASSERT(test_ask(worker, "placement.top-up", body, &answer, NULL) == 200);
}

void world_auto_place(struct sp_worker *worker, bool on)
{
    char body[256];
    const char *answer;
    const char *currency = test_text(worker, "SELECT currency FROM setting WHERE account_id = 1");
    (void)snprintf(body, sizeof body,
                   "{\"auto_place\":%s,\"currency\":\"%s\",\"surcharge\":{\"amount\":\"%d\","
                   "\"currency\":\"%s\",\"per\":\"unit\"},\"shipping\":{\"amount\":\"0\"}}",
                   on ? "true" : "false", currency, SURCHARGE, currency);
    SP_ASSERT(test_ask(worker, "placement.save-settings", body, &answer, NULL) == 200);
}

/* ---- facts ----------------------------------------------------------------------------------- */

static void fill_lines(const struct world_order *order, struct allocated_line lines[],
                       struct allocated_part parts[], size_t *count)
{
    for (size_t i = 0; i < MOST_LINES; i++) {
        int64_t variant = order->lines[i].variant, units = order->lines[i].units;
        if (variant == 0)
            continue;
        const char *supply = order->lines[i].supply == NULL ? "STOCKED" : order->lines[i].supply;
        int64_t missing = order->lines[i].missing;
        bool stocked = strcmp(supply, "STOCKED") == 0;
        int64_t warehouse = order->lines[i].warehouse == 0 ? WAREHOUSE : order->lines[i].warehouse;
        int64_t reserved = stocked && !order->lines[i].cancelled ? units - missing : 0;
        parts[*count] = (struct allocated_part){.variant_id = variant,
                                                .pieces = 1,
                                                .supply = sp_text_of(supply),
                                                .warehouse_id = reserved > 0 ? warehouse : 0,
                                                .reserved = reserved,
                                                .missing = missing};
        lines[*count] = (struct allocated_line){.line = (int64_t)i + 1,
                                                .units = units,
                                                .cancelled = order->lines[i].cancelled,
                                                .problem = sp_text_of(order->lines[i].problem),
                                                .parts = &parts[*count],
                                                .parts_count = 1,
                                                .subject = SP_TEXT("a mug")};
        ++*count;
    }
}

struct order_allocated world_message(const struct world_order *order)
{
    static struct allocated_line lines[4096][MOST_LINES];
    static struct allocated_part parts[4096][MOST_LINES];
    static _Atomic size_t next;
    size_t slot = next++ % SP_COUNT(lines), count = 0;
    struct world_order filled = *order;
    if (filled.lines[0].variant == 0) {
        filled.lines[0].variant = 1;
        filled.lines[0].units = 1;
    }
    fill_lines(&filled, lines[slot], parts[slot], &count);
    const char *status = order->status == NULL ? "AWAITING_SHIPMENT" : order->status;
    return (struct order_allocated){
        .head = {.account_id = order->account == 0 ? ACCOUNT : order->account,
                 .key = number_text("3-", order->number),
                 .rev = order->rev,
                 .trace = {1, (uint8_t)order->number}},
        .shop_id = SHOP,
        .channel_status = sp_text_of(status),
        .created_at = order->created_at == 0 ? order->number : order->created_at,
        .paid_at = order->unpaid ? 0 : 1000,
        .collected_at = order->collected_at,
        .delivered_at = order->delivered_at,
        .cancelled_at = strcmp(status, "CANCELLED") == 0 ? 2000 : 0,
        .fulfilled_by_channel = order->by_channel,
        .buyer_wants_cancel = order->wants_cancel,
        .is_manual = order->manual,
        .deleted = order->deleted,
        .lines = lines[slot],
        .lines_count = count};
}

void world_feed(struct sp_worker *worker, const struct world_order orders[], size_t count)
{
    SP_ASSERT(count <= SP_PARCEL_MESSAGES);
    struct order_allocated messages[SP_PARCEL_MESSAGES];
    for (size_t i = 0; i < count; i++)
        messages[i] = world_message(&orders[i]);
    feed(worker, &order_allocated_message, messages, count);
}

void world_hear(struct sp_worker *worker, const struct world_answer *answer)
{
    struct sp_text order_key = number_text("3-", answer->number);
    char key[96];
    (void)snprintf(key, sizeof key, "%.*s/%lld/1", SP_FMT(order_key), (long long)answer->attempt);
    struct fulfilment_progressed fact = {
        .head = {.account_id = ACCOUNT, .key = sp_text_of(key), .rev = answer->rev},
        .order_id = order_key,
        .answer = sp_text_of(answer->answer == NULL ? "ACCEPTED" : answer->answer),
        .reason = sp_text_of(answer->reason),
        .asked_rev = answer->rev,
        .issued_at = answer->issued_at,
        .purchased_at = answer->purchased_at,
        .inspected_at = answer->inspected_at,
        .cancelled_at = answer->cancelled_at};
    feed(worker, &fulfilment_progressed_message, &fact, 1);
}

void world_settle(struct sp_worker *worker)
{
    for (int round = 0; round < 3; round++) {
        enum sp_result result = SP_AGAIN;
        test_sql(worker, "UPDATE heal_mark SET due = now()");
        for (int turns = 0; result == SP_AGAIN; turns++) {
            SP_ASSERT(turns < 10000);
            result = sp_worker_job(worker, "heal-drafts");
        }
        SP_ASSERT(result == SP_OK);
    }
    SP_ASSERT(test_number(worker, "SELECT count(*) FROM heal_mark") == 0);
}

/* ---- looking --------------------------------------------------------------------------------- */

const char *world_stage(struct sp_worker *worker, int64_t number)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SELECT stage FROM decision WHERE account_id = 1 AND key = '%d-%lld'", SHOP,
                   (long long)number);
    return test_text(worker, sql);
}

const char *world_open_codes(struct sp_worker *worker, int64_t number)
{
    char sql[320];
    (void)snprintf(sql, sizeof sql,
                   "SELECT coalesce(string_agg(c->>'code', ',' ORDER BY c->>'code'), '') "
                   "FROM decision, json_array_elements(conditions) c "
                   "WHERE account_id = 1 AND key = '%d-%lld'",
                   SHOP, (long long)number);
    return test_text(worker, sql);
}

int64_t world_balance(struct sp_worker *worker)
{
    return test_number(worker, "SELECT balance_minor FROM ledger_balance "
                               "WHERE account_id = 1 AND ledger = 'WALLET'");
}

const char *world_rows(struct sp_worker *worker)
{
    return test_text(
        worker,
        "SELECT (SELECT coalesce(string_agg(concat_ws(' ', account_id, key, stage, attempt, "
        "charged_minor, answer, conditions, upstream_rev, fact), E'\\n' ORDER BY account_id, key), "
        "'') "
        "FROM decision) "
        "|| (SELECT coalesce(string_agg(concat_ws(' ', entry_key, kind, amount_minor), E'\\n' "
        "ORDER BY account_id, entry_key), '') FROM wallet_entry) "
        "|| (SELECT coalesce(string_agg(concat_ws(' ', ledger, balance_minor), E'\\n' "
        "ORDER BY account_id, ledger), '') FROM ledger_balance)");
}

void world_check(struct sp_worker *worker)
{
    SP_ASSERT(test_number(worker, "SELECT count(*) FROM ledger_balance WHERE ledger = 'WALLET' "
                                  "AND balance_minor < 0") == 0);
    SP_ASSERT(test_number(worker, "SELECT coalesce(sum(balance_minor), 0)::bigint "
                                  "FROM ledger_balance") == 0);
    SP_ASSERT(test_number(worker,
                          "SELECT count(*) FROM ledger_balance b WHERE balance_minor <> "
                          "(SELECT coalesce(sum(CASE WHEN target = b.ledger THEN amount_minor "
                          "WHEN source = b.ledger THEN -amount_minor ELSE 0 END), 0) "
                          "FROM wallet_entry e WHERE e.account_id = b.account_id)") == 0);
    SP_ASSERT(test_number(worker,
                          "SELECT count(*) FROM decision d WHERE charged_minor <> "
                          "(SELECT coalesce(sum(CASE kind WHEN 'DEBIT' THEN amount_minor "
                          "ELSE -amount_minor END), 0) FROM wallet_entry e "
                          "WHERE e.account_id = d.account_id AND e.order_key = d.key)") == 0);
    SP_ASSERT(
        test_number(worker,
                    "SELECT count(*) FROM (SELECT balance_minor, "
                    "sum(CASE WHEN target = 'WALLET' THEN amount_minor "
                    "ELSE -amount_minor END) OVER (PARTITION BY account_id ORDER BY entry_id) "
                    "AS summed FROM wallet_entry) e WHERE balance_minor <> summed") == 0);
}

size_t world_emitted(struct sp_worker *worker, const struct sp_message *message)
{
    size_t count = 0;
    (void)test_emitted(worker, message, NULL, &count);
    return count;
}
