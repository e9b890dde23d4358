/* SQL about marks: lines to be served because stock came free, shops whose orders are decided
 * again. */
#include <stdlib.h>

#include "services/inventory/store.h"

static const struct sp_statement take_refills = {
    "SELECT mark_id, account_id, variant_id, after_since, after_key FROM refill_mark "
    "ORDER BY mark_id LIMIT $1::bigint FOR UPDATE SKIP LOCKED"};

/* Each place in line takes at least one piece, so no more are looked at than pieces are free. */
static const struct sp_statement next_in_line = {
    "SELECT m.account_id, m.variant_id, l.since, l.order_key FROM unnest($1::refill_row[]) m "
    "CROSS JOIN LATERAL (SELECT w.since, w.order_key FROM waiting w "
    "WHERE w.account_id = m.account_id AND w.variant_id = m.variant_id "
    "AND (w.since, w.order_key) > (m.after_since, m.after_key) "
    "ORDER BY w.since, w.order_key LIMIT least($2::bigint, "
    "(SELECT greatest(coalesce(sum(s.on_hand - s.held - s.quarantined), 0), 0) "
    "FROM stock s WHERE s.account_id = m.account_id AND s.variant_id = m.variant_id))) l "
    "ORDER BY 1, 2, 3, 4"};

static const struct sp_statement move_refills = {
    "UPDATE refill_mark m SET after_since = r.after_since, after_key = r.after_key "
    "FROM unnest($1::refill_row[]) r WHERE m.mark_id = r.mark_id"};

static const struct sp_statement end_refills = {
    "DELETE FROM refill_mark WHERE mark_id = ANY ($1::bigint[])"};

static const struct sp_statement mark_heal = {
    "INSERT INTO heal_mark (account_id, shop_id) "
    "SELECT account_id, shop_id FROM unnest($1::shop_key[])"};

static const struct sp_statement take_heal = {
    "SELECT mark_id, account_id, shop_id, round, after_key FROM heal_mark WHERE due <= now() "
    "ORDER BY mark_id LIMIT 1 FOR UPDATE SKIP LOCKED"};

/* An order's key begins with its shop's number and '-', and '.' follows '-' in byte order.  Orders
 * that hold nothing and whose goods may leave are past taking stock, whatever the shop says. */
static const struct sp_statement next_of_shop = {
    "SELECT account_id, key FROM reservation WHERE account_id = $1::bigint "
    "AND key > greatest($2::text || '-', $3::text) AND key < $2::text || '.' "
    "AND (takes OR NOT may_issue) ORDER BY key LIMIT $4::bigint"};

static const struct sp_statement move_heal = {
    "UPDATE heal_mark SET after_key = $2::text WHERE mark_id = $1::bigint"};

static const struct sp_statement end_heal = {
    "WITH ended AS (DELETE FROM heal_mark WHERE mark_id = $1::bigint RETURNING *) "
    "INSERT INTO heal_mark (account_id, shop_id, round, due) "
    "SELECT account_id, shop_id, 2, now() + interval '10 seconds' FROM ended WHERE round = 1"};

static const struct sp_statement mark_shop_levels = {
    "INSERT INTO level_mark (account_id, variants, listings) "
    "SELECT $1::bigint, '{}', array_agg(key) FROM listing WHERE account_id = $1::bigint "
    "AND key > $2::text || '-' AND key < $2::text || '.' HAVING count(*) > 0"};

static struct sp_set *set_of_marks(struct sp_ctx *ctx, const struct refill_mark marks[],
                                   size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "refill_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, marks[i].mark_id);
        sp_set_int(set, marks[i].variant.account_id);
        sp_set_int(set, marks[i].variant.variant_id);
        sp_set_int(set, marks[i].after_since);
        sp_set_string(set, marks[i].after_key);
    }
    return set;
}

enum sp_result store_take_refills(struct sp_ctx *ctx, struct refill_mark marks[STORE_REFILL_MARKS],
                                  size_t *count)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_refills,
                                          SP_PARAMS(sp_int(STORE_REFILL_MARKS)));
    *count = sp_rows_count(rows);
    for (size_t i = 0; i < *count; i++)
        marks[i] = (struct refill_mark){sp_row_int(rows, i, 0),
                                        {sp_row_int(rows, i, 1), sp_row_int(rows, i, 2)},
                                        sp_row_int(rows, i, 3),
                                        sp_row_text(rows, i, 4)};
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}

enum sp_result store_next_in_line(struct sp_ctx *ctx, const struct refill_mark marks[],
                                  size_t count, struct waiting_place **places, size_t *place_count)
{
    struct sp_set *set = set_of_marks(ctx, marks, count);
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &next_in_line,
                                          SP_PARAMS(sp_set(set), sp_int(STORE_WALK_ORDERS)));
    *place_count = sp_rows_count(rows);
    *places = sp_arena_array(sp_ctx_arena(ctx), *place_count, sizeof **places);
    for (size_t i = 0; i < *place_count; i++)
        (*places)[i] = (struct waiting_place){sp_row_int(rows, i, 0), sp_row_int(rows, i, 1),
                                              sp_row_int(rows, i, 2), sp_row_text(rows, i, 3)};
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}

void store_move_refills(struct sp_ctx *ctx, const struct refill_mark marks[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = set_of_marks(ctx, marks, count);
    (void)sp_queue(sp_ctx_db(ctx), &move_refills, SP_PARAMS(sp_set(set)));
}

void store_end_refills(struct sp_ctx *ctx, const struct refill_mark marks[], size_t count)
{
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = marks[i].mark_id;
    (void)sp_queue(sp_ctx_db(ctx), &end_refills, SP_PARAMS(sp_ints(sp_ctx_db(ctx), ids, count)));
}

/* ---- shops that changed ------------------------------------------------------------ */

void store_mark_heal(struct sp_ctx *ctx, const struct shop_ref shops[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "shop_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, shops[i].account_id);
        sp_set_int(set, shops[i].shop_id);
    }
    (void)sp_queue(sp_ctx_db(ctx), &mark_heal, SP_PARAMS(sp_set(set)));
}

enum sp_result store_take_heal(struct sp_ctx *ctx, struct heal_mark *mark)
{
    *mark = (struct heal_mark){.mark_id = 0};
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_heal, SP_NO_PARAMS);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 1)
        *mark = (struct heal_mark){sp_row_int(rows, 0, 0),
                                   {sp_row_int(rows, 0, 1), sp_row_int(rows, 0, 2)},
                                   sp_row_int(rows, 0, 3),
                                   sp_row_text(rows, 0, 4)};
    return SP_OK;
}

static struct sp_text shop_prefix(struct sp_ctx *ctx, const struct shop_ref *shop)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)shop->shop_id);
}

enum sp_result store_next_of_shop(struct sp_ctx *ctx, const struct heal_mark *mark,
                                  struct order_ref **refs, size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &next_of_shop,
                 SP_PARAMS(sp_int(mark->shop.account_id), sp_string(shop_prefix(ctx, &mark->shop)),
                           sp_string(mark->after_key), sp_int(STORE_WALK_ORDERS)));
    *count = sp_rows_count(rows);
    *refs = sp_arena_array(sp_ctx_arena(ctx), *count, sizeof **refs);
    for (size_t i = 0; i < *count; i++)
        (*refs)[i] = (struct order_ref){sp_row_int(rows, i, 0), sp_row_text(rows, i, 1)};
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}

void store_move_heal(struct sp_ctx *ctx, const struct heal_mark *mark)
{
    (void)sp_queue(sp_ctx_db(ctx), &move_heal,
                   SP_PARAMS(sp_int(mark->mark_id), sp_string(mark->after_key)));
}

void store_end_heal(struct sp_ctx *ctx, const struct heal_mark *mark)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_heal, SP_PARAMS(sp_int(mark->mark_id)));
}

void store_mark_shop_levels(struct sp_ctx *ctx, const struct shop_ref *shop)
{
    (void)sp_queue(sp_ctx_db(ctx), &mark_shop_levels,
                   SP_PARAMS(sp_int(shop->account_id), sp_string(shop_prefix(ctx, shop))));
}
