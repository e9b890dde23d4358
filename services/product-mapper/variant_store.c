/* Our own catalogue: variants. */
#include "services/product-mapper/store.h"

enum saved_column {
    SAVED_ID,
    SAVED_REV,
    SAVED_SKU,
    SAVED_NAME,
    SAVED_BARCODE,
    SAVED_UNIT,
    SAVED_IMAGE,
    SAVED_SOURCE,
    SAVED_SUPPLY,
    SAVED_COST,
    SAVED_CURRENCY,
    SAVED_WEIGHT,
    SAVED_ARCHIVED,
    SAVED_NEWS,
    SAVED_MADE,
};

#define SAVED_COLUMNS                                                                              \
    "RETURNING t.variant_id, t.rev, t.sku, t.name, t.barcode, t.unit, t.image, t.source_link, "    \
    "t.supply, t.cost_minor, t.currency, t.weight_g, t.archived, t.news, "

/* A barcode of NULL and a weight below 0 mean: leave it.  Without a currency: the account's. */
static const struct sp_statement save_variants = {
    "INSERT INTO variant AS t (account_id, variant_id, rev, sku, name, barcode, supply, "
    "cost_minor, "
    "currency, weight_g, saved_by) SELECT $1::bigint, nextval('variant_id'), greatest(1, "
    "$3::bigint), "
    "u.sku, u.name, coalesce(u.barcode, o.barcode, ''), u.supply, u.cost_minor, "
    "coalesce(nullif(u.currency, ''), o.currency, nullif(a.currency, ''), 'USD'), "
    "CASE WHEN u.weight_g < 0 THEN coalesce(o.weight_g, 0) ELSE u.weight_g END, $4::text "
    "FROM unnest($2::variant_row[]) u LEFT JOIN account a ON a.account_id = $1::bigint "
    "LEFT JOIN variant o ON o.account_id = $1::bigint AND o.sku = u.sku ORDER BY u.sku "
    "ON CONFLICT (account_id, sku) DO UPDATE SET rev = greatest(t.rev + 1, $3::bigint), "
    "name = excluded.name, barcode = excluded.barcode, supply = excluded.supply, "
    "cost_minor = excluded.cost_minor, currency = excluded.currency, weight_g = excluded.weight_g, "
    "news = (t.supply <> excluded.supply)::integer, saved_at = now(), saved_by = excluded.saved_by "
    "WHERE (t.name, t.barcode, t.supply, t.cost_minor, t.currency, t.weight_g) IS DISTINCT FROM "
    "(excluded.name, excluded.barcode, excluded.supply, excluded.cost_minor, excluded.currency, "
    "excluded.weight_g) " SAVED_COLUMNS "t.xmax = 0"};

static const struct sp_statement change_variant = {
    "UPDATE variant t SET rev = greatest(t.rev + 1, $3::bigint), sku = u.sku, name = u.name, "
    "barcode = coalesce(u.barcode, t.barcode), supply = u.supply, cost_minor = u.cost_minor, "
    "currency = coalesce(nullif(u.currency, ''), t.currency), "
    "weight_g = CASE WHEN u.weight_g < 0 THEN t.weight_g ELSE u.weight_g END, "
    "news = (t.supply <> u.supply)::integer, saved_at = now(), saved_by = $4::text "
    "FROM unnest($2::variant_row[]) u WHERE t.account_id = $1::bigint "
    "AND t.variant_id = u.variant_id " SAVED_COLUMNS "false"};

static const struct sp_statement find_variants = {
    "SELECT variant_id, sku, name, archived, parts <> '[]' FROM variant WHERE account_id = "
    "$1::bigint "
    "AND (variant_id = ANY($2::bigint[]) OR sku = ANY($3::text[]))"};

#define VARIANT_DOCUMENT                                                                           \
    "json_build_object('id', variant_id::text, 'sku', sku, 'name', name, "                         \
    "'barcode', nullif(barcode, ''), 'supply', supply, 'cost', json_build_object("                 \
    "'amount', cost_minor::text, 'currency', currency), 'weight_g', nullif(weight_g, 0), "         \
    "'archived', archived)"

static const struct sp_statement list_variants = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY variant_id) AS n, * FROM "
    "(SELECT * "
    "FROM variant WHERE account_id = $1::bigint AND ($2::text = '' OR strpos(search, "
    "folded($2::text)) > 0) "
    "AND variant_id > $3::bigint ORDER BY variant_id LIMIT $4::bigint + 1) v) "
    "SELECT json_build_object('items', coalesce(json_agg(" VARIANT_DOCUMENT " ORDER BY n) "
    "FILTER (WHERE n <= $4::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $4::bigint "
    "THEN (max(variant_id) FILTER (WHERE n = $4::bigint))::text END)::text FROM page"};

static const struct sp_statement read_variant = {
    "SELECT " VARIANT_DOCUMENT "::text FROM variant "
    "WHERE account_id = $1::bigint AND variant_id = $2::bigint"};

static void set_variant(struct sp_set *set, const struct variant_input *input)
{
    sp_set_row(set);
    sp_set_int(set, input->variant_id);
    sp_set_string(set, input->sku);
    sp_set_string(set, input->name);
    if (input->keep_barcode)
        sp_set_null(set);
    else
        sp_set_string(set, input->barcode);
    sp_set_string(set, input->supply);
    sp_set_int(set, input->cost_minor);
    sp_set_string(set, input->currency);
    sp_set_int(set, input->keep_weight ? -1 : input->weight_g);
}

static const struct sp_rows *save(struct sp_ctx *ctx, const struct link_origin *origin,
                                  const struct sp_statement *statement, struct sp_set *set)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(origin->account_id), sp_set(set), sp_int(sp_rev_floor(ctx)),
                              sp_string(origin->user)));
}

const struct sp_rows *store_save_variants(struct sp_ctx *ctx, const struct link_origin *origin,
                                          const struct variant_input inputs[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_row");
    for (size_t i = 0; i < count; i++)
        set_variant(set, &inputs[i]);
    return save(ctx, origin, &save_variants, set);
}

const struct sp_rows *store_change_variant(struct sp_ctx *ctx, const struct link_origin *origin,
                                           const struct variant_input *input)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_row");
    set_variant(set, input);
    return save(ctx, origin, &change_variant, set);
}

void store_read_saved(const struct sp_rows *rows, size_t row, struct variant_saved *saved)
{
    *saved = (struct variant_saved){
        .variant_id = sp_row_int(rows, row, SAVED_ID),
        .sku = sp_row_text(rows, row, SAVED_SKU),
        .barcode = sp_row_text(rows, row, SAVED_BARCODE),
        .name = sp_row_text(rows, row, SAVED_NAME),
        .unit = sp_row_text(rows, row, SAVED_UNIT),
        .image = sp_row_text(rows, row, SAVED_IMAGE),
        .supply = sp_row_text(rows, row, SAVED_SUPPLY),
        .cost_minor = sp_row_int(rows, row, SAVED_COST),
        .currency = sp_row_text(rows, row, SAVED_CURRENCY),
        .weight_g = sp_row_int(rows, row, SAVED_WEIGHT),
        .source_link = sp_row_text(rows, row, SAVED_SOURCE),
        .archived = sp_row_bool(rows, row, SAVED_ARCHIVED),
    };
    saved->head.rev = sp_row_int(rows, row, SAVED_REV);
}

bool store_saved_is_new(const struct sp_rows *rows, size_t row)
{
    return sp_row_bool(rows, row, SAVED_MADE);
}

bool store_saved_means_more(const struct sp_rows *rows, size_t row)
{
    return !store_saved_is_new(rows, row) && sp_row_int(rows, row, SAVED_NEWS) != 0;
}

const struct sp_rows *store_find_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_refs *refs)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &find_variants,
                    SP_PARAMS(sp_int(account_id), sp_ints(db, refs->ids, refs->id_count),
                              sp_strings(db, refs->skus, refs->sku_count)));
}

const struct sp_rows *store_list_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_query *query)
{
    int64_t after = 0;
    if (query->after.size > 0 && !sp_text_to_int(query->after, &after))
        after = INT64_MAX;
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &list_variants,
        SP_PARAMS(sp_int(account_id), sp_string(query->q), sp_int(after), sp_int(query->limit)));
}

const struct sp_rows *store_read_variant(struct sp_ctx *ctx, int64_t account_id, int64_t variant_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_variant,
                    SP_PARAMS(sp_int(account_id), sp_int(variant_id)));
}
