/* A day as the marketplace lists it: compared with the book, certified, and what is missing asked
 * for. */
#include "services/order-ingest/handlers.h"

#include <string.h>

#include "services/order-ingest/day_store.h"
#include "services/order-ingest/domain.h"

enum { WANTED_MOST = 5000 }; /* orders asked for by one check; the next one is soon */

int claim_day_listed(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_slices(ctx, messages, count);
}

/* One for each id of "7-1,7-2". */
static size_t want_orders(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                          struct order_wanted wanted[])
{
    struct sp_text ids = sp_row_text(rows, row, 5);
    size_t count = 0;
    while (ids.size > 0 && count < WANTED_MOST) {
        const char *comma = memchr(ids.data, ',', ids.size);
        struct sp_text id = {ids.data, comma == NULL ? ids.size : (size_t)(comma - ids.data)};
        size_t used = comma == NULL ? id.size : id.size + 1;
        const char *dash = memchr(id.data, '-', id.size);
        SP_ASSERT(dash != NULL);
        size_t before = (size_t)(dash - id.data) + 1;
        wanted[count++] = (struct order_wanted){
            .head = {.account_id = sp_row_int(rows, row, 0),
                     .key = sp_arena_printf(sp_ctx_arena(ctx), "%.*s/gap", SP_FMT(id)),
                     .rev = sp_rev_floor(ctx) + sp_row_int(rows, row, 3)},
            .shop_id = sp_row_int(rows, row, 1),
            .channel_order_id = {id.data + before, id.size - before},
            .reason = SP_TEXT("gap"),
        };
        ids = (struct sp_text){ids.data + used, ids.size - used};
    }
    return count;
}

static struct day_wanted want_day(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row)
{
    int64_t shop_id = sp_row_int(rows, row, 1), day = sp_row_int(rows, row, 2);
    return (struct day_wanted){
        .head = {.account_id = sp_row_int(rows, row, 0),
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld/%lld", (long long)shop_id,
                                        (long long)day),
                 .rev = sp_rev_floor(ctx) + sp_row_int(rows, row, 3)},
        .shop_id = shop_id,
        .day = day,
        .after_s = ingest_recheck_s(sp_row_int(rows, row, 4)),
    };
}

enum sp_result on_day_listed(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct sp_rows *rows = store_certify(ctx, batch->messages, batch->count, WANTED_MOST);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    struct day_wanted *days = sp_arena_array(arena, sp_rows_count(rows) + 1, sizeof *days);
    size_t day_count = 0;
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        if (sp_row_int(rows, row, 4) == 0)
            continue;
        days[day_count++] = want_day(ctx, rows, row);
        struct order_wanted *wanted = sp_arena_array(arena, WANTED_MOST, sizeof *wanted);
        size_t count = want_orders(ctx, rows, row, wanted);
        enum sp_result result = sp_emit(ctx, &order_wanted_message, wanted, count);
        if (result != SP_OK)
            return result;
    }
    return sp_emit(ctx, &day_wanted_message, days, day_count);
}
