#include "services/inventory/asks.h"

#include "services/inventory/ask_store.h"

enum { MOST_ACCOUNTS = 256, MOST_LISTED = 200, LISTED = 50 };

enum sp_result ask_failure(struct sp_ctx *ctx)
{
    return sp_db_failure(sp_ctx_db(ctx));
}

enum sp_result answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                               struct sp_answer *answer)
{
    if (rows == NULL)
        return ask_failure(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such thing");
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

static enum sp_result ask_warehouses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     struct sp_answer *answer)
{
    return answer_document(ctx, store_ask_warehouses(ctx, ask->account_id), answer);
}

/* "<variant>-<warehouse>": the last row of the page before. */
static bool read_cursor(struct sp_text cursor, struct stock_query *query)
{
    size_t dash = 0;
    if (cursor.size == 0)
        return true;
    while (dash < cursor.size && cursor.data[dash] != '-')
        dash++;
    if (dash == cursor.size)
        return false;
    struct sp_text variant = {cursor.data, dash},
                   warehouse = {cursor.data + dash + 1, cursor.size - dash - 1};
    return sp_text_to_int(variant, &query->after_variant) &&
           sp_text_to_int(warehouse, &query->after_warehouse);
}

static enum sp_result ask_stock(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct stock_query query = {.account_id = ask->account_id, .words = sp_ask_param(ask, "q")};
    if (sp_ask_int(ctx, ask, "warehouse", (struct sp_range){0, 0, INT64_MAX},
                   &query.warehouse_id) != SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){LISTED, 1, MOST_LISTED}, &query.limit) !=
            SP_OK)
        return SP_REJECT;
    if (!read_cursor(sp_ask_param(ask, "cursor"), &query))
        return sp_answer_problem(answer, 400, "BAD_CURSOR", "the cursor is not one of ours");
    return answer_document(ctx, store_ask_stock(ctx, &query), answer);
}

static enum sp_result ask_check(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    return answer_document(ctx, store_ask_check(ctx, ask->account_id), answer);
}

static enum sp_result ask_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    return answer_document(ctx, store_ask_order(ctx, ask->account_id, sp_ask_param(ask, "id")),
                           answer);
}

static enum sp_result ask_push_rule(struct sp_ctx *ctx, const struct sp_ask *ask,
                                    struct sp_answer *answer)
{
    int64_t shop_id;
    if (sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &shop_id) != SP_OK)
        return SP_REJECT;
    return answer_document(ctx, store_ask_push_rule(ctx, ask->account_id, shop_id), answer);
}

static enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct sp_json body, id;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    int64_t accounts[MOST_ACCOUNTS];
    size_t count = 0;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "accounts"));
    while (sp_json_next(&walk, NULL, &id) && count < MOST_ACCOUNTS)
        accounts[count++] = sp_json_int(id, 0);
    return answer_document(ctx, store_ask_changes(ctx, accounts, count), answer);
}

const struct sp_ask_route inventory_asks[] = {
    {.name = "inventory.warehouses", .permission = "stock.read", .run = ask_warehouses},
    {.name = "inventory.stock", .permission = "stock.read", .run = ask_stock},
    {.name = "inventory.check", .permission = "stock.read", .run = ask_check},
    {.name = "inventory.order", .permission = "stock.read", .run = ask_order},
    {.name = "inventory.push-rule", .permission = "stock.read", .run = ask_push_rule},
    {.name = "inventory.changes", .permission = NULL, .run = ask_changes},
    {.name = "inventory.save-warehouse",
     .permission = "stock.write",
     .command = true,
     .run = ask_save_warehouse},
    {.name = "inventory.adjust", .permission = "stock.write", .command = true, .run = ask_adjust},
    {.name = "inventory.issue", .permission = "stock.write", .command = true, .run = ask_issue},
    {.name = "inventory.save-push-rule",
     .permission = "stock.write",
     .command = true,
     .run = ask_save_push_rule},
    {0},
};
