/* SQL about stock: figures under lock, what changes them, the ledger, and the marks that go with a
 * change. */
#include <stdlib.h>
#include <string.h>

#include "services/inventory/store.h"

static const struct sp_statement read_shops = {
    "SELECT s.account_id, s.shop_id, s.warehouse_id, s.reserve_unpaid "
    "FROM unnest($1::shop_key[]) k "
    "JOIN shop s ON s.account_id = k.account_id AND s.shop_id = k.shop_id "
    "ORDER BY s.account_id, s.shop_id"};

static const struct sp_statement read_places = {
    "SELECT account_id, warehouse_id, approved AND kind <> 'CLOUD_CONSOLIDATION' FROM warehouse "
    "WHERE account_id = ANY ($1::bigint[]) ORDER BY account_id, priority, warehouse_id"};

/* One account at a time, in (warehouse, variant) order. */
static const struct sp_statement lock_stock = {
    "SELECT variant_id, warehouse_id, on_hand - held - quarantined, waiting "
    "FROM stock WHERE account_id = $1::bigint AND variant_id = ANY ($2::bigint[]) "
    "ORDER BY warehouse_id, variant_id FOR NO KEY UPDATE"};

/* Lock, check and reservation in one, in the order of the array.  Those who wait come first, and
 * all or nothing is taken of a variant: the rest is for the decision. */
#define FITS                                                                                       \
    "CASE WHEN s.waiting = 0 AND d.wanted <= s.on_hand - s.held - s.quarantined THEN d.wanted "    \
    "ELSE 0 END"
static const struct sp_statement take_stock = {
    "UPDATE stock s SET last_take = (" FITS ")::integer, held = (s.held + " FITS ")::integer "
    "FROM unnest($1::stock_want[]) d WHERE s.account_id = d.account_id "
    "AND s.variant_id = d.variant_id AND s.warehouse_id = d.warehouse_id "
    "RETURNING s.variant_id, s.warehouse_id, "
    "s.on_hand - s.held - s.quarantined + s.last_take, s.waiting, s.last_take"};

static const struct sp_statement change_stock = {
    "UPDATE stock s SET on_hand = (s.on_hand + d.on_hand)::integer, "
    "held = (s.held + d.held)::integer, "
    "quarantined = (s.quarantined + d.quarantined)::integer, waiting = s.waiting + d.waiting "
    "FROM unnest($1::stock_change[]) d WHERE s.account_id = d.account_id "
    "AND s.variant_id = d.variant_id AND s.warehouse_id = d.warehouse_id"};

static const struct sp_statement make_stock = {
    "INSERT INTO stock (account_id, variant_id, warehouse_id) "
    "SELECT account_id, variant_id, warehouse_id FROM unnest($1::stock_change[]) "
    "ON CONFLICT DO NOTHING"};

static const struct sp_statement book_movements = {
    "INSERT INTO stock_entry (account_id, variant_id, warehouse_id, delta, cause, document, "
    "reason, "
    "user_name) SELECT account_id, variant_id, warehouse_id, delta::integer, cause, document, "
    "reason, user_name FROM unnest($1::stock_entry_row[])"};

static const struct sp_statement mark_levels = {
    "INSERT INTO level_mark (account_id, variants) VALUES ($1::bigint, $2::bigint[])"};

static const struct sp_statement mark_refills = {
    "INSERT INTO refill_mark (account_id, variant_id) "
    "SELECT v.account_id, v.variant_id FROM unnest($1::variant_key[]) v WHERE EXISTS "
    "(SELECT FROM waiting w WHERE w.account_id = v.account_id AND w.variant_id = v.variant_id)"};

/* ---- reading ----------------------------------------------------------------------- */

static int queue_shops(struct sp_ctx *ctx, const struct ground_query *query)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "shop_key");
    for (size_t i = 0; i < query->shop_count; i++) {
        sp_set_row(set);
        sp_set_int(set, query->shops[i].account_id);
        sp_set_int(set, query->shops[i].shop_id);
    }
    return sp_queue(sp_ctx_db(ctx), &read_shops, SP_PARAMS(sp_set(set)));
}

static int queue_places(struct sp_ctx *ctx, const struct ground_query *query)
{
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), query->shop_count, sizeof *accounts);
    size_t count = 0;
    for (size_t i = 0; i < query->shop_count; i++) {
        if (count == 0 || accounts[count - 1] != query->shops[i].account_id)
            accounts[count++] = query->shops[i].account_id;
    }
    return sp_queue(sp_ctx_db(ctx), &read_places,
                    SP_PARAMS(sp_ints(sp_ctx_db(ctx), accounts, count)));
}

struct stock_slot {
    int64_t account_id;
    int slot;
    bool took;
};

/* The account's only warehouse that gives; 0: there is none, or a choice. */
static int64_t only_place(const struct ground *ground, int64_t account_id)
{
    int64_t only = 0;
    for (size_t i = 0; i < ground->place_count; i++) {
        const struct warehouse_place *place = &ground->places[i];
        if (place->account_id != account_id || !place->gives)
            continue;
        if (only != 0)
            return 0;
        only = place->warehouse_id;
    }
    return only;
}

static int queue_lock(struct sp_ctx *ctx, const struct ground_query *query, size_t from, size_t to)
{
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), to - from, sizeof *ids);
    for (size_t i = from; i < to; i++)
        ids[i - from] = query->variants[i].variant_id;
    return sp_queue(sp_ctx_db(ctx), &lock_stock,
                    SP_PARAMS(sp_int(query->variants[from].account_id),
                              sp_ints(sp_ctx_db(ctx), ids, to - from)));
}

static int queue_take(struct sp_ctx *ctx, const struct ground_query *query, size_t from, size_t to,
                      int64_t warehouse_id)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "stock_want");
    for (size_t i = from; i < to; i++) {
        sp_set_row(set);
        sp_set_int(set, query->variants[i].account_id);
        sp_set_int(set, query->variants[i].variant_id);
        sp_set_int(set, warehouse_id);
        sp_set_int(set, query->wanted[i]);
    }
    return sp_queue(sp_ctx_db(ctx), &take_stock, SP_PARAMS(sp_set(set)));
}

static size_t queue_stock(struct sp_ctx *ctx, const struct ground_query *query,
                          const struct ground *ground, struct stock_slot slots[])
{
    size_t count = 0;
    for (size_t from = 0, to; from < query->variant_count; from = to) {
        int64_t account_id = query->variants[from].account_id;
        for (to = from; to < query->variant_count && query->variants[to].account_id == account_id;)
            to++;
        int64_t only = query->wanted == NULL ? 0 : only_place(ground, account_id);
        int slot =
            only == 0 ? queue_lock(ctx, query, from, to) : queue_take(ctx, query, from, to, only);
        slots[count++] = (struct stock_slot){account_id, slot, only != 0};
    }
    return count;
}

static void read_ground(struct sp_ctx *ctx, int shops, int places, struct ground *ground)
{
    const struct sp_rows *rows = sp_result(sp_ctx_db(ctx), shops);
    ground->shop_count = sp_rows_count(rows);
    ground->shops = sp_arena_array(sp_ctx_arena(ctx), ground->shop_count, sizeof *ground->shops);
    for (size_t i = 0; i < ground->shop_count; i++)
        ground->shops[i] = (struct shop_row){{sp_row_int(rows, i, 0), sp_row_int(rows, i, 1)},
                                             {sp_row_int(rows, i, 2), sp_row_bool(rows, i, 3)}};
    rows = sp_result(sp_ctx_db(ctx), places);
    ground->place_count = sp_rows_count(rows);
    ground->places = sp_arena_array(sp_ctx_arena(ctx), ground->place_count, sizeof *ground->places);
    for (size_t i = 0; i < ground->place_count; i++)
        ground->places[i] = (struct warehouse_place){sp_row_int(rows, i, 0), sp_row_int(rows, i, 1),
                                                     sp_row_bool(rows, i, 2)};
}

static void read_stock(const struct sp_rows *rows, const struct stock_slot *slot,
                       struct stock_book *book)
{
    for (size_t i = 0; i < sp_rows_count(rows); i++) {
        struct stock_figure *figure =
            stock_book_at(book, slot->account_id, sp_row_int(rows, i, 0), sp_row_int(rows, i, 1));
        figure->available = sp_row_int(rows, i, 2);
        figure->waiting = sp_row_int(rows, i, 3);
        figure->taken = slot->took ? sp_row_int(rows, i, 4) : 0;
        figure->stored = true;
    }
}

/* Shops and warehouses share the round trip with the locks unless they tell where to take from. */
enum sp_result store_load_ground(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground)
{
    int shops = queue_shops(ctx, query), places = queue_places(ctx, query);
    struct stock_slot *slots =
        sp_arena_array(sp_ctx_arena(ctx), query->variant_count, sizeof *slots);
    if (query->wanted != NULL) {
        enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
        if (result != SP_OK)
            return result;
        read_ground(ctx, shops, places, ground);
    }
    size_t count = queue_stock(ctx, query, ground, slots);
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    if (query->wanted == NULL)
        read_ground(ctx, shops, places, ground);
    ground->book = stock_book_open(sp_ctx_arena(ctx));
    for (size_t i = 0; i < count; i++)
        read_stock(sp_result(sp_ctx_db(ctx), slots[i].slot), &slots[i], ground->book);
    return SP_OK;
}

/* ---- writing ----------------------------------------------------------------------- */

static struct sp_set *set_of_effects(struct sp_ctx *ctx, const struct stock_effect effects[],
                                     size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "stock_change");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, effects[i].account_id);
        sp_set_int(set, effects[i].variant_id);
        sp_set_int(set, effects[i].warehouse_id);
        sp_set_int(set, effects[i].on_hand);
        sp_set_int(set, effects[i].held);
        sp_set_int(set, effects[i].quarantined);
        sp_set_int(set, effects[i].waiting);
    }
    return set;
}

void store_change_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count)
{
    if (count > 0)
        (void)sp_queue(sp_ctx_db(ctx), &change_stock,
                       SP_PARAMS(sp_set(set_of_effects(ctx, effects, count))));
}

/* An upsert would check the change as if it were a row: nothing may be taken from one that is not
 * there. */
void store_add_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = set_of_effects(ctx, effects, count);
    (void)sp_queue(sp_ctx_db(ctx), &make_stock, SP_PARAMS(sp_set(set)));
    (void)sp_queue(sp_ctx_db(ctx), &change_stock, SP_PARAMS(sp_set(set)));
}

void store_book_movements(struct sp_ctx *ctx, const struct stock_movement movements[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "stock_entry_row");
    for (size_t i = 0; i < count; i++) {
        const struct stock_movement *movement = &movements[i];
        sp_set_row(set);
        sp_set_int(set, movement->variant.account_id);
        sp_set_int(set, movement->variant.variant_id);
        sp_set_int(set, movement->warehouse_id);
        sp_set_int(set, movement->delta);
        sp_set_string(set, sp_text_of(movement->cause));
        sp_set_string(set, movement->document);
        sp_set_string(set, movement->reason);
        sp_set_string(set, movement->user);
    }
    (void)sp_queue(sp_ctx_db(ctx), &book_movements, SP_PARAMS(sp_set(set)));
}

/* One row for an account and transaction, however many variants: 0.1 us an order instead of 8. */
void store_mark_levels(struct sp_ctx *ctx, const struct variant_ref variants[], size_t count)
{
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *ids);
    for (size_t from = 0, to; from < count; from = to) {
        int64_t account_id = variants[from].account_id;
        for (to = from; to < count && variants[to].account_id == account_id; to++)
            ids[to - from] = variants[to].variant_id;
        (void)sp_queue(sp_ctx_db(ctx), &mark_levels,
                       SP_PARAMS(sp_int(account_id), sp_ints(sp_ctx_db(ctx), ids, to - from)));
    }
}

void store_mark_refills(struct sp_ctx *ctx, const struct variant_ref variants[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, variants[i].account_id);
        sp_set_int(set, variants[i].variant_id);
    }
    (void)sp_queue(sp_ctx_db(ctx), &mark_refills, SP_PARAMS(sp_set(set)));
}
