/* Lists, counts, one order, and what changed. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/store.h"

enum { CHANGES_ACCOUNTS = 1000 };

enum sp_result ingest_answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                                      struct sp_answer *answer)
{
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such thing");
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result ingest_answer_csv(struct sp_ctx *ctx, const struct sp_rows *rows,
                                 const char *heading, struct sp_answer *answer)
{
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 1));
    sp_buffer_put_string(&answer->body, "\n");
    sp_buffer_put_string(&answer->body, heading);
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

static enum sp_result ask_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct order_filter filter;
    struct sp_error why;
    if (ingest_read_filter(ask, sp_ctx_arena(ctx), &filter, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_orders(ctx, ask->account_id, &filter), answer);
}

static enum sp_result ask_counts(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    int64_t shop_id = 0;
    struct sp_error why;
    if (ingest_read_id(ask, "shop", &shop_id, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_count_orders(ctx, ask->account_id, shop_id), answer);
}

/* ---- one order
 * ------------------------------------------------------------------------------------------ */

static enum sp_result ask_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct sp_text at = sp_ask_param(ask, "at");
    int64_t at_us = 0;
    if (at.size > 0 && ingest_read_time(at, &at_us) != SP_OK)
        return sp_answer_problem(answer, 400, "TIME_BAD", "at is no time");
    if (at.size > 0)
        return ingest_answer_document(
            ctx, store_order_at(ctx, ask->account_id, sp_ask_param(ask, "id"), at_us), answer);
    return ingest_answer_document(ctx, store_order(ctx, ask->account_id, sp_ask_param(ask, "id")),
                                  answer);
}

/* ---- what changed
 * ------------------------------------------------------------------------------------------ */

/* {"accounts": ["1", …], "since": number}: the gateway's question on behalf of its open streams. */
static enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct sp_json body, account;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), CHANGES_ACCOUNTS, sizeof *accounts);
    size_t count = 0;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "accounts"));
    while (sp_json_next(&walk, NULL, &account)) {
        if (count == CHANGES_ACCOUNTS)
            return sp_answer_problem(answer, 400, "TOO_MANY", "at most %d accounts",
                                     CHANGES_ACCOUNTS);
        accounts[count++] = sp_json_int(account, 0);
    }
    int64_t since = sp_json_int(sp_json_get(body, "since"), 0);
    return ingest_answer_document(ctx, store_changes(ctx, accounts, count, since), answer);
}

const struct sp_ask_route ingest_asks[] = {
    {.name = "order-ingest.orders", .permission = "orders.read", .run = ask_orders},
    {.name = "order-ingest.counts", .permission = "orders.read", .run = ask_counts},
    {.name = "order-ingest.order", .permission = "orders.read", .run = ask_order},
    {.name = "order-ingest.add-order",
     .permission = "orders.write",
     .command = true,
     .run = ask_add_order},
    {.name = "order-ingest.change-order",
     .permission = "orders.write",
     .command = true,
     .run = ask_change_order},
    {.name = "order-ingest.import-orders",
     .permission = "orders.write",
     .command = true,
     .run = ask_import_orders},
    {.name = "order-ingest.customer", .permission = "orders.read", .run = ask_customer},
    {.name = "order-ingest.delete-orders",
     .permission = "orders.write",
     .command = true,
     .run = ask_delete_orders},
    {.name = "order-ingest.restore-orders",
     .permission = "orders.write",
     .command = true,
     .run = ask_restore_orders},
    {.name = "order-ingest.load", .permission = "orders.write", .command = true, .run = ask_load},
    {.name = "order-ingest.runs", .permission = "orders.read", .run = ask_runs},
    {.name = "order-ingest.run-lines", .permission = "orders.read", .run = ask_run_lines},
    {.name = "order-ingest.run-lines-csv", .permission = "orders.read", .run = ask_run_lines_csv},
    {.name = "order-ingest.load-again",
     .permission = "orders.write",
     .command = true,
     .run = ask_load_again},
    {.name = "order-ingest.certificates", .permission = "orders.read", .run = ask_certificates},
    {.name = "order-ingest.returns", .permission = "orders.read", .run = ask_returns},
    {.name = "order-ingest.return-counts", .permission = "orders.read", .run = ask_return_counts},
    {.name = "order-ingest.return", .permission = "orders.read", .run = ask_return},
    {.name = "order-ingest.answer-return",
     .permission = "orders.write",
     .command = true,
     .run = ask_answer_return},
    {.name = "order-ingest.cancelling", .permission = "orders.read", .run = ask_cancelling},
    {.name = "order-ingest.cancel-order",
     .permission = "orders.write",
     .command = true,
     .run = ask_cancel_order},
    {.name = "order-ingest.settlements", .permission = "money.read", .run = ask_settlements},
    {.name = "order-ingest.settlement-report",
     .permission = "money.read",
     .run = ask_settlement_report},
    {.name = "order-ingest.settlement-csv", .permission = "money.read", .run = ask_settlement_csv},
    {.name = "order-ingest.buyer", .permission = "pii.read", .run = ask_buyer},
    {.name = "order-ingest.buyer-accesses", .permission = "pii.read", .run = ask_buyer_accesses},
    {.name = "order-ingest.erasures", .permission = "pii.read", .run = ask_erasures},
    {.name = "order-ingest.erase-buyer",
     .permission = "pii.read",
     .command = true,
     .run = ask_erase_buyer},
    {.name = "order-ingest.statuses", .permission = "settings.read", .run = ask_statuses},
    {.name = "order-ingest.status-history",
     .permission = "settings.read",
     .run = ask_status_history},
    {.name = "order-ingest.preview-statuses",
     .permission = "settings.write",
     .command = true,
     .run = ask_preview_statuses},
    {.name = "order-ingest.save-statuses",
     .permission = "settings.write",
     .command = true,
     .run = ask_save_statuses},
    {.name = "order-ingest.notes", .permission = "orders.read", .run = ask_notes},
    {.name = "order-ingest.add-note",
     .permission = "orders.write",
     .command = true,
     .run = ask_add_note},
    {.name = "order-ingest.change-note",
     .permission = "orders.write",
     .command = true,
     .run = ask_change_note},
    {.name = "order-ingest.tags", .permission = "orders.read", .run = ask_tags},
    {.name = "order-ingest.make-tag",
     .permission = "orders.write",
     .command = true,
     .run = ask_make_tag},
    {.name = "order-ingest.change-tag",
     .permission = "orders.write",
     .command = true,
     .run = ask_change_tag},
    {.name = "order-ingest.delete-tag",
     .permission = "orders.write",
     .command = true,
     .run = ask_delete_tag},
    {.name = "order-ingest.tag-orders",
     .permission = "orders.write",
     .command = true,
     .run = ask_tag_orders},
    {.name = "order-ingest.changes", .run = ask_changes},
    {0},
};
