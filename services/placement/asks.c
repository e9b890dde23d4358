#include "services/placement/asks.h"

#include "services/placement/ask_store.h"

enum { MOST_ACCOUNTS = 256 };

enum sp_result answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
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

/* A number, as the last answer gave it. */
static bool is_since(struct sp_text since)
{
    int64_t number;
    return since.size == 0 || (sp_text_to_int(since, &number) && number >= 0);
}

static enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct sp_json body, id;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct sp_text since = sp_json_text(sp_json_get(body, "since"), sp_ctx_arena(ctx));
    if (!is_since(since))
        return sp_answer_problem(answer, 400, "BAD_SINCE", "since is not one of ours");
    int64_t accounts[MOST_ACCOUNTS];
    size_t count = 0;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "accounts"));
    while (sp_json_next(&walk, NULL, &id) && count < MOST_ACCOUNTS)
        accounts[count++] = sp_json_int(id, 0);
    return answer_document(ctx, store_ask_changes(ctx, accounts, count, since), answer);
}

const struct sp_ask_route placement_asks[] = {
    {.name = "placement.place", .permission = "orders.place", .command = true, .run = ask_place},
    {.name = "placement.returned",
     .permission = "orders.write",
     .command = true,
     .run = ask_returned},
    {.name = "placement.explain", .permission = "orders.read", .run = ask_explain},
    {.name = "placement.wallet", .permission = "money.read", .run = ask_wallet},
    {.name = "placement.wallet-entries", .permission = "money.read", .run = ask_wallet_entries},
    {.name = "placement.top-up", .permission = "money.write", .command = true, .run = ask_top_up},
    {.name = "placement.settings", .permission = "settings.read", .run = ask_settings},
    {.name = "placement.save-settings",
     .permission = "settings.write",
     .command = true,
     .run = ask_save_settings},
    {.name = "placement.changes", .permission = NULL, .run = ask_changes},
    {0},
};
