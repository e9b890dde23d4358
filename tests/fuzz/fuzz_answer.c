/* Fuzzes what the marketplace answers: the first line says what was asked for, then comes the body.
 * Whatever is accepted of it can be emitted: it keeps every limit of its fact. */
#include "tests/fuzz/fuzz_input.h"

#include "common/crypto.h"
#include "services/connector/content.h"
#include "services/connector/envelope.h"
#include "services/connector/finance_json.h"
#include "services/connector/listing_json.h"
#include "services/connector/order_json.h"
#include "services/connector/return_json.h"
#include "services/connector/stock_json.h"
#include "services/connector/task_json.h"
#include "services/connector/tokens.h"

static void check_fact(const struct sp_message *message, const void *fact)
{
    int64_t hash;
    SP_ASSERT(content_hash(message, fact, (struct sp_text){0}, &hash, NULL) == SP_OK);
}

static void read_order(struct sp_json json, struct sp_arena *arena)
{
    struct tiktok_order order = {0};
    if (tiktok_read_order(json, arena, &order, NULL) != SP_OK)
        return;
    order.fact.head = content_head(1, order.fact.channel_order_id);
    check_fact(&channel_order_message, &order.fact);
}

static void read_listing(struct sp_json json, struct sp_arena *arena)
{
    struct channel_listing fact;
    if (tiktok_read_listing(json, arena, &fact, NULL) != SP_OK)
        return;
    fact.head = content_head(1, fact.product_id);
    check_fact(&channel_listing_message, &fact);
}

static void read_warehouse(struct sp_json json, struct sp_arena *arena)
{
    struct channel_warehouse warehouse;
    struct shop_saved fact = {.warehouses = &warehouse, .warehouses_count = 1};
    if (!tiktok_read_warehouse(json, arena, &warehouse))
        return;
    fact.head = content_head(1, SP_TEXT("1"));
    check_fact(&shop_saved_message, &fact);
}

/* The same element stands for its list, its reasons and its records. */
static void read_case(struct sp_json json, enum return_family family, struct sp_arena *arena)
{
    struct channel_return fact;
    if (tiktok_read_return(json, family, arena, &fact, NULL) != SP_OK)
        return;
    tiktok_read_refusals(sp_json_get(json, "reasons"), arena, &fact);
    tiktok_read_images(sp_json_get(json, "records"), arena, &fact);
    fact.head = content_head(1, fact.return_id);
    check_fact(&channel_return_message, &fact);
}

static void read_return(struct sp_json json, struct sp_arena *arena)
{
    read_case(json, RETURN_GOODS, arena);
}

static void read_cancellation(struct sp_json json, struct sp_arena *arena)
{
    read_case(json, RETURN_CANCELLATION, arena);
}

static void read_statement(struct sp_json json, struct sp_arena *arena)
{
    struct channel_statement fact;
    if (tiktok_read_statement(json, arena, &fact, NULL) != SP_OK)
        return;
    fact.head = content_head(1, fact.statement_id);
    check_fact(&channel_statement_message, &fact);
}

static void read_transaction(struct sp_json json, struct sp_arena *arena)
{
    const struct channel_statement statement = {
        .statement_id = SP_TEXT("7"), .cut_at = 1, .currency = SP_TEXT("GBP")};
    struct channel_settlement fact;
    if (tiktok_read_transaction(json, &statement, arena, &fact, NULL) != SP_OK)
        return;
    fact.head = content_head(1, fact.transaction_id);
    check_fact(&channel_settlement_message, &fact);
}

/* Packages, cancellations, returns and files, as a task asks for or looks at them. */
static void read_task(struct sp_json json, struct sp_arena *arena)
{
    struct package_ref package = {.package_id = SP_TEXT("3")};
    for (int kind = 0; kind < TASK_KINDS; kind++) {
        for (int state = 0; state < 2; state++) {
            struct task task = {.kind = (enum task_kind)kind, .state = state};
            task.shipment.packages = &package;
            task.shipment.packages_count = 1;
            task.action.subject_id = SP_TEXT("4");
            (void)task_read(&task, json, arena);
        }
    }
    (void)tiktok_stock_problem(sp_json_get(json, "errors"), SP_TEXT("101"), arena);
}

static void read_tokens(struct sp_json json, struct sp_arena *arena)
{
    struct token_pair pair;
    if (tiktok_read_tokens(json, 1735600000, arena, &pair, NULL) != SP_OK)
        return;
    SP_ASSERT(pair.access.size > 0 && pair.refresh.size > 0);
    SP_ASSERT(pair.access_ends_s > 1735600000);
}

static const struct {
    const char *list;
    void (*read)(struct sp_json json, struct sp_arena *arena);
} readers[] = {
    {"orders", read_order},
    {"products", read_listing},
    {"warehouses", read_warehouse},
    {"return_orders", read_return},
    {"cancellations", read_cancellation},
    {"statements", read_statement},
    {"transactions", read_transaction},
};

static void read_list(struct sp_text name, struct sp_json data, struct sp_arena *arena)
{
    for (size_t i = 0; i < SP_COUNT(readers); i++) {
        struct sp_json_walk walk = sp_json_each(sp_json_get(data, readers[i].list));
        struct sp_json element;
        while (sp_text_is(name, readers[i].list) && sp_json_next(&walk, NULL, &element))
            readers[i].read(element, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_text input = {(const char *)data, size};
    sp_crypto_setup(); /* the first time */
    struct sp_text name = fuzz_name(&input);
    struct sp_text body = sample_exact(input.data, input.size);
    struct sp_arena *arena = sp_arena_open();
    struct tiktok_answer answer = tiktok_read_answer(200, body, arena);
    if (answer.outcome == TIKTOK_DONE) {
        read_list(name, answer.data, arena);
        if (sp_text_is(name, "task"))
            read_task(answer.data, arena);
        if (sp_text_is(name, "tokens"))
            read_tokens(answer.data, arena);
    }
    sp_arena_close(&arena);
    free((char *)(uintptr_t)body.data);
    return 0;
}
