/* What was seen of orders and listings, in the database. */
#include "services/connector/order_store.h"

#include <stdlib.h>

#define CLAIM(table, id, unless_equal)                                                             \
    "INSERT INTO " table " AS o (account_id, shop_id, " id ", updated_at, began_at, hash, rev) "   \
    "SELECT r.account_id, r.shop_id, r.id, r.updated_at, r.began_at, r.hash, $2::bigint "          \
    "FROM unnest($1::seen_row[]) r WHERE NOT r.known_only OR EXISTS (SELECT FROM " table " k "     \
    "WHERE k.account_id = r.account_id AND k.shop_id = r.shop_id AND k." id " = r.id) "            \
    "ORDER BY r.account_id, r.shop_id, r.id "                                                      \
    "ON CONFLICT (account_id, shop_id, " id ") DO UPDATE SET updated_at = excluded.updated_at, "   \
    "began_at = excluded.began_at, hash = excluded.hash, rev = greatest(o.rev + 1, excluded.rev) " \
    "WHERE (o.updated_at, o.began_at) < (excluded.updated_at, excluded.began_at)" unless_equal     \
    " RETURNING o.account_id, o.shop_id, o." id ", o.rev, xmax = 0"

static const struct sp_statement claim_orders = {
    CLAIM("seen_order", "channel_order_id", " AND o.hash <> excluded.hash")};
static const struct sp_statement claim_orders_always = {
    CLAIM("seen_order", "channel_order_id", "")};
static const struct sp_statement claim_listings = {
    CLAIM("seen_listing", "product_id", " AND o.hash <> excluded.hash")};
static const struct sp_statement claim_listings_always = {CLAIM("seen_listing", "product_id", "")};
static const struct sp_statement claim_returns = {
    CLAIM("seen_return", "return_id", " AND o.hash <> excluded.hash")};
static const struct sp_statement claim_returns_always = {CLAIM("seen_return", "return_id", "")};

#define FIND_UNCHANGED(table, id)                                                                  \
    "SELECT l." id " FROM " table " l JOIN unnest($3::text[], $4::bigint[]) n(id, hash) "          \
    "ON l." id " = n.id AND l.hash = n.hash "                                                      \
    "WHERE l.account_id = $1::bigint AND l.shop_id = $2::bigint"

static const struct sp_statement find_unchanged_listings = {
    FIND_UNCHANGED("seen_listing", "product_id")};
static const struct sp_statement find_unchanged_returns = {
    FIND_UNCHANGED("seen_return", "return_id")};

static const struct sp_statement take_old_parcels = {
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE type = 'channel.order' "
    "AND made <= now() - $1::bigint * interval '1 millisecond' ORDER BY made LIMIT $2::bigint "
    "FOR UPDATE SKIP LOCKED) RETURNING body"};

static int compare_keys(const struct seen_item *a, const struct seen_item *b)
{
    if (a->shop.account_id != b->shop.account_id)
        return a->shop.account_id < b->shop.account_id ? -1 : 1;
    if (a->shop.shop_id != b->shop.shop_id)
        return a->shop.shop_id < b->shop.shop_id ? -1 : 1;
    return sp_text_compare(a->id, b->id);
}

/* Newest first among equal keys. */
static int compare_items(const void *left, const void *right)
{
    const struct seen_item *a = left, *b = right;
    int order = compare_keys(a, b);
    if (order != 0)
        return order;
    if (a->updated_s != b->updated_s)
        return a->updated_s > b->updated_s ? -1 : 1;
    if (a->began_us == b->began_us)
        return 0;
    return a->began_us > b->began_us ? -1 : 1;
}

static size_t keep_newest(struct seen_item items[], size_t count)
{
    size_t kept = 0;
    qsort(items, count, sizeof items[0], compare_items);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare_keys(&items[kept - 1], &items[i]) == 0) {
            items[kept - 1].always |= items[i].always;
            continue;
        }
        items[kept++] = items[i];
    }
    return kept;
}

static struct sp_set *set_of(struct sp_db *db, const struct seen_item items[], size_t count,
                             bool always)
{
    struct sp_set *set = sp_set_open(db, "seen_row");
    for (size_t i = 0; i < count; i++) {
        if (items[i].always != always)
            continue;
        sp_set_row(set);
        sp_set_int(set, items[i].shop.account_id);
        sp_set_int(set, items[i].shop.shop_id);
        sp_set_string(set, items[i].id);
        sp_set_time(set, items[i].updated_s * 1000000);
        sp_set_time(set, items[i].began_us);
        sp_set_int(set, items[i].hash);
        sp_set_bool(set, items[i].known_only);
    }
    return set;
}

static int cmp_bsearch(const void *key, const void *item)
{
    return compare_keys(key, item);
}

static void take_accepted(const struct sp_rows *rows, struct seen_item items[], size_t count)
{
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        struct seen_item key = {
            .shop = {sp_row_int(rows, row, 0), sp_row_int(rows, row, 1)},
            .id = sp_row_text(rows, row, 2),
        };
        struct seen_item *item = bsearch(&key, items, count, sizeof items[0], cmp_bsearch);
        SP_ASSERT(item != NULL);
        item->accepted = true;
        item->rev = sp_row_int(rows, row, 3);
        item->first = sp_row_bool(rows, row, 4);
    }
}

static enum sp_result claim(struct sp_ctx *ctx, const struct sp_statement *const statements[2],
                            struct seen_item items[], size_t *count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    *count = keep_newest(items, *count);
    int slots[2] = {-1, -1};
    for (int always = 0; always < 2; always++) {
        struct sp_set *set = set_of(db, items, *count, always == 1);
        if (sp_set_count(set) > 0)
            slots[always] =
                sp_queue(db, statements[always], SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
    }
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    for (int i = 0; i < 2 && result == SP_OK; i++) {
        if (slots[i] >= 0)
            take_accepted(sp_result(db, slots[i]), items, *count);
    }
    return result;
}

enum sp_result store_claim_orders(struct sp_ctx *ctx, struct seen_item items[], size_t *count)
{
    static const struct sp_statement *const statements[2] = {&claim_orders, &claim_orders_always};
    return claim(ctx, statements, items, count);
}

enum sp_result store_claim_listings(struct sp_ctx *ctx, struct seen_item items[], size_t *count)
{
    static const struct sp_statement *const statements[2] = {&claim_listings,
                                                             &claim_listings_always};
    return claim(ctx, statements, items, count);
}

enum sp_result store_claim_returns(struct sp_ctx *ctx, struct seen_item items[], size_t *count)
{
    static const struct sp_statement *const statements[2] = {&claim_returns, &claim_returns_always};
    return claim(ctx, statements, items, count);
}

static enum sp_result find_changed(struct sp_ctx *ctx, const struct sp_statement *find_unchanged,
                                   struct shop_key shop, struct changed_thing things[],
                                   size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_text *ids = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *ids);
    int64_t *hashes = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *hashes);
    for (size_t i = 0; i < count; i++) {
        ids[i] = things[i].id;
        hashes[i] = things[i].hash;
        things[i].changed = true;
    }
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), find_unchanged,
                 SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id),
                           sp_strings(db, ids, count), sp_ints(db, hashes, count)));
    if (rows == NULL)
        return SP_RETRY;
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        for (size_t i = 0; i < count; i++) {
            if (sp_text_equal(things[i].id, sp_row_text(rows, row, 0)))
                things[i].changed = false;
        }
    }
    return SP_OK;
}

enum sp_result store_find_changed_listings(struct sp_ctx *ctx, struct shop_key shop,
                                           struct changed_thing things[], size_t count)
{
    return find_changed(ctx, &find_unchanged_listings, shop, things, count);
}

enum sp_result store_find_changed_returns(struct sp_ctx *ctx, struct shop_key shop,
                                          struct changed_thing things[], size_t count)
{
    return find_changed(ctx, &find_unchanged_returns, shop, things, count);
}

const struct sp_rows *store_take_old_parcels(struct sp_ctx *ctx, int64_t keep_ms, size_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_old_parcels,
                    SP_PARAMS(sp_int(keep_ms), sp_int((int64_t)most)));
}
