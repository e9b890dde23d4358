/* Taking in orders made by hand: the same way as the marketplace's, in the transaction at hand. */
#include "services/order-ingest/manual.h"

#include <stdlib.h>
#include <string.h>

#include "services/order-ingest/buyer.h"
#include "services/order-ingest/content_hash.h"
#include "services/order-ingest/handlers.h"
#include "services/order-ingest/manual_store.h"

/* What runs through manual_save. */
struct manual_work {
    const struct manual_origin *origin;
    const struct sp_rows *rows; /* of those that are there, ordered by key */
    int64_t now;
    struct channel_order *orders; /* to be taken in */
    size_t count;
};

static struct manual_past find_past(struct sp_ctx *ctx, const struct manual_work *work,
                                    struct sp_text key)
{
    struct sp_json customer;
    size_t row = 0;
    while (row < sp_rows_count(work->rows) &&
           !sp_text_equal(store_manual_key(work->rows, row), key))
        row++;
    if (row == sp_rows_count(work->rows))
        return (struct manual_past){.known = false};
    struct manual_past past = store_manual_past(work->rows, row);
    struct sp_text sealed = store_manual_buyer(work->rows, row);
    if (sealed.size > 0 && ingest_open_buyer(ctx, work->origin->account_id, key, sealed, &customer))
        past.customer = customer.raw;
    return past;
}

void manual_stamp(struct sp_ctx *ctx, const struct manual_origin *origin,
                  const struct manual_past *past, int64_t now, struct channel_order *order)
{
    int64_t floor = sp_rev_floor(ctx), next = past->upstream_rev + 1;
    order->head.account_id = origin->account_id;
    order->head.rev = next > floor ? next : floor;
    order->head.emitted_us = now * 1000000;
    memcpy(order->head.trace, origin->trace, sizeof order->head.trace);
}

static void add_order(struct sp_ctx *ctx, struct manual_work *work, const struct manual_past *past,
                      struct channel_order *order, struct sp_text customer)
{
    manual_stamp(ctx, work->origin, past, work->now, order);
    order->buyer_sealed =
        ingest_seal_buyer(ctx, work->origin->account_id, order->head.key, customer);
    work->orders[work->count++] = *order;
}

static void decide(struct sp_ctx *ctx, struct manual_work *work, struct manual_case *of)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct manual_past past = find_past(ctx, work, of->key);
    struct sp_text customer = manual_customer(of->order, arena);
    struct channel_order order;
    manual_make(of->order, &past, work->now, arena, &order);
    bool same = past.known && past.content_hash == ingest_content_hash(&order);
    if (same && sp_text_equal(customer, past.customer)) {
        of->result = "UNCHANGED";
        return;
    }
    of->code = manual_refusal(of->wish, &past);
    of->result = of->code != NULL ? "REFUSED" : past.known ? "CHANGED" : "CREATED";
    if (of->code != NULL)
        return;
    if (!same)
        order.updated_at = work->now;
    add_order(ctx, work, &past, &order, customer);
}

static int by_key(const void *left, const void *right)
{
    const struct channel_order *a = left, *b = right;
    return sp_text_compare(a->head.key, b->head.key);
}

static enum sp_result decide_all(struct sp_ctx *ctx, struct manual_work *work,
                                 struct manual_case cases[], size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text *keys = sp_arena_array(arena, count, sizeof *keys);
    work->orders = sp_arena_array(arena, count, sizeof *work->orders);
    for (size_t i = 0; i < count; i++)
        keys[i] = cases[i].key = manual_key(cases[i].order->reference, arena);
    work->rows = store_lock_manual(ctx, work->origin->account_id, keys, count, &work->now);
    if (work->rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t i = 0; i < count; i++)
        decide(ctx, work, &cases[i]);
    return SP_OK;
}

enum sp_result manual_look(struct sp_ctx *ctx, const struct manual_origin *origin,
                           struct manual_case cases[], size_t count)
{
    struct manual_work work = {.origin = origin};
    return decide_all(ctx, &work, cases, count);
}

enum sp_result manual_save(struct sp_ctx *ctx, const struct manual_origin *origin,
                           struct manual_case cases[], size_t count)
{
    struct manual_work work = {.origin = origin};
    enum sp_result result = decide_all(ctx, &work, cases, count);
    if (result != SP_OK || work.count == 0)
        return result;
    qsort(work.orders, work.count, sizeof *work.orders, by_key);
    store_note_manual(ctx, origin->account_id, origin->user, work.orders, work.count);
    return ingest_take_orders(ctx, work.orders, work.count);
}
