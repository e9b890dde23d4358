/* The budgets of shops in the database. */
#include "services/connector/budget_store.h"

/* A crash forgets the calls of a few milliseconds; a flush would cost every call its time. */
static const struct sp_statement no_flush = {"SET LOCAL synchronous_commit = off"};

static const struct sp_statement lock_budgets = {
    "SELECT b.shop_id, b.used_micro, b.rate_micro, b.at_us, b.slowed_us, b.gate_used_micro, "
    "b.gate_paused_us, b.gate_busy, b.gate_failures FROM call_budget b "
    "WHERE b.shop_id = ANY($1::bigint[]) ORDER BY b.shop_id FOR UPDATE"};

static const struct sp_statement read_clock = {
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"};

static const struct sp_statement save_budgets = {
    "INSERT INTO call_budget AS b SELECT * FROM unnest($1::budget_row[]) ORDER BY shop_id "
    "ON CONFLICT (shop_id) DO UPDATE SET used_micro = excluded.used_micro, "
    "rate_micro = excluded.rate_micro, at_us = excluded.at_us, "
    "slowed_us = excluded.slowed_us, gate_used_micro = excluded.gate_used_micro, "
    "gate_paused_us = excluded.gate_paused_us, gate_busy = excluded.gate_busy, "
    "gate_failures = excluded.gate_failures"};

static void read_gates(const struct sp_rows *rows, size_t row, struct budget *budget)
{
    enum { FULL = 5, PAUSED, BUSY, FAILURES };
    /* A row that was written before a kind was added has fewer. */
    for (size_t i = 0; i < sp_row_ints(rows, row, FULL) && i < TIKTOK_CLASSES; i++) {
        budget->gates[i] = (struct budget_gate){
            .used_micro = sp_row_int_at(rows, row, FULL, i),
            .paused_us = sp_row_int_at(rows, row, PAUSED, i),
            .busy = sp_row_int_at(rows, row, BUSY, i),
            .failures = sp_row_int_at(rows, row, FAILURES, i),
        };
    }
}

static void read_budget(const struct sp_rows *rows, size_t row, struct budget *budget)
{
    *budget = (struct budget){
        .used_micro = sp_row_int(rows, row, 1),
        .rate_micro = sp_row_int(rows, row, 2),
        .at_us = sp_row_int(rows, row, 3),
        .slowed_us = sp_row_int(rows, row, 4),
    };
    read_gates(rows, row, budget);
}

enum sp_result store_lock_budgets(struct sp_ctx *ctx, struct shop_budget budgets[], size_t count,
                                  int64_t *now_us)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = budgets[i].shop_id;
    (void)sp_queue(db, &no_flush, SP_NO_PARAMS);
    int locked = sp_queue(db, &lock_budgets, SP_PARAMS(sp_ints(db, ids, count)));
    int clock = sp_queue(db, &read_clock, SP_NO_PARAMS);
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(db, locked);
    for (size_t i = 0, row = 0; i < count; i++) {
        budgets[i].budget = (struct budget){0};
        if (row < sp_rows_count(rows) && sp_row_int(rows, row, 0) == budgets[i].shop_id)
            read_budget(rows, row++, &budgets[i].budget);
    }
    *now_us = sp_row_int(sp_result(db, clock), 0, 0);
    return SP_OK;
}

static void put_budget(struct sp_set *set, const struct shop_budget *shop)
{
    const struct budget *budget = &shop->budget;
    int64_t columns[4][TIKTOK_CLASSES];
    for (size_t i = 0; i < TIKTOK_CLASSES; i++) {
        columns[0][i] = budget->gates[i].used_micro;
        columns[1][i] = budget->gates[i].paused_us;
        columns[2][i] = budget->gates[i].busy;
        columns[3][i] = budget->gates[i].failures;
    }
    sp_set_row(set);
    sp_set_int(set, shop->shop_id);
    sp_set_int(set, budget->used_micro);
    sp_set_int(set, budget->rate_micro);
    sp_set_int(set, budget->at_us);
    sp_set_int(set, budget->slowed_us);
    for (size_t column = 0; column < SP_COUNT(columns); column++)
        sp_set_ints(set, columns[column], TIKTOK_CLASSES);
}

void store_save_budgets(struct sp_ctx *ctx, const struct shop_budget budgets[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "budget_row");
    for (size_t i = 0; i < count; i++)
        put_budget(set, &budgets[i]);
    (void)sp_queue(sp_ctx_db(ctx), &save_budgets, SP_PARAMS(sp_set(set)));
}
