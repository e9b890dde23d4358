/* Our own catalogue: variants. */
#include "services/product-mapper/store.h"
#include "services/product-mapper/variant_saved_columns.h"

#define EXCLUDED_VALUES                                                                            \
    "(excluded.name, excluded.barcode, excluded.unit, excluded.image, excluded.source_link, "      \
    "excluded.supply, excluded.cost_minor, excluded.currency, excluded.weight_g, "                 \
    "excluded.product_id, excluded.value_ids, excluded.parts)"

/* NULL, and of a number what is below 0, means: as it is; of a new one, nothing.  Without a
 * currency: the account's. */
static const struct sp_statement save_variants = {
    "WITH saved AS (INSERT INTO variant AS t (account_id, variant_id, rev, sku, name, barcode, "
    "unit, image, source_link, supply, cost_minor, currency, weight_g, product_id, value_ids, "
    "parts, saved_by) SELECT $1::bigint, nextval('variant_id'), greatest(1, $3::bigint), u.sku, "
    "coalesce(u.name, o.name), coalesce(u.barcode, o.barcode, ''), coalesce(u.unit, o.unit, ''), "
    "coalesce(u.image, o.image, ''), coalesce(u.source_link, o.source_link, ''), "
    "coalesce(u.supply, o.supply, 'STOCKED'), "
    "CASE WHEN u.cost_minor < 0 THEN coalesce(o.cost_minor, 0) ELSE u.cost_minor END, "
    "coalesce(u.currency, o.currency, nullif(a.currency, ''), 'USD'), "
    "CASE WHEN u.weight_g < 0 THEN coalesce(o.weight_g, 0) ELSE u.weight_g END, "
    "CASE WHEN u.product_id < 0 THEN o.product_id ELSE nullif(u.product_id, 0) END, "
    "CASE WHEN u.product_id < 0 THEN coalesce(o.value_ids, '{}') ELSE u.value_ids END, "
    "coalesce(u.parts::jsonb, o.parts, '[]'), $4::text "
    "FROM unnest($2::variant_row[]) u LEFT JOIN account a ON a.account_id = $1::bigint "
    "LEFT JOIN variant o ON o.account_id = $1::bigint AND o.sku = u.sku ORDER BY u.sku "
    "ON CONFLICT (account_id, sku) DO UPDATE SET rev = greatest(t.rev + 1, $3::bigint), "
    "(name, barcode, unit, image, source_link, supply, cost_minor, currency, weight_g, "
    "product_id, value_ids, parts) = " EXCLUDED_VALUES ", "
    "news = ((t.supply, t.product_id, t.value_ids, t.parts) IS DISTINCT FROM (excluded.supply, "
    "excluded.product_id, excluded.value_ids, excluded.parts))::integer, "
    "saved_at = now(), saved_by = excluded.saved_by "
    "WHERE (t.name, t.barcode, t.unit, t.image, t.source_link, t.supply, t.cost_minor, "
    "t.currency, t.weight_g, t.product_id, t.value_ids, t.parts) IS DISTINCT FROM " EXCLUDED_VALUES
    " RETURNING t.*, t.xmax = 0 AS made)" KEEP_HISTORY SAVED_COLUMNS};

static const struct sp_statement change_variant = {
    "WITH wanted AS (SELECT t.variant_id, coalesce(u.sku, t.sku) AS sku, coalesce(u.name, t.name) "
    "AS name, coalesce(u.barcode, t.barcode) AS barcode, coalesce(u.unit, t.unit) AS unit, "
    "coalesce(u.image, t.image) AS image, coalesce(u.source_link, t.source_link) AS source_link, "
    "coalesce(u.supply, t.supply) AS supply, CASE WHEN u.cost_minor < 0 THEN t.cost_minor ELSE "
    "u.cost_minor END AS cost_minor, coalesce(u.currency, t.currency) AS currency, "
    "CASE WHEN u.weight_g < 0 THEN t.weight_g ELSE u.weight_g END AS weight_g, "
    "CASE WHEN u.product_id < 0 THEN t.product_id ELSE nullif(u.product_id, 0) END AS product_id, "
    "CASE WHEN u.product_id < 0 THEN t.value_ids ELSE u.value_ids END AS value_ids, "
    "coalesce(u.parts::jsonb, t.parts) AS parts FROM unnest($2::variant_row[]) u "
    "JOIN variant t ON t.account_id = $1::bigint AND t.variant_id = u.variant_id), "
    "saved AS (UPDATE variant t SET rev = greatest(t.rev + 1, $3::bigint), sku = w.sku, "
    "name = w.name, barcode = w.barcode, unit = w.unit, image = w.image, "
    "source_link = w.source_link, supply = w.supply, cost_minor = w.cost_minor, "
    "currency = w.currency, weight_g = w.weight_g, product_id = w.product_id, "
    "value_ids = w.value_ids, parts = w.parts, "
    "news = ((t.supply, t.product_id, t.value_ids, t.parts) IS DISTINCT FROM "
    "(w.supply, w.product_id, w.value_ids, w.parts))::integer, saved_at = now(), "
    "saved_by = $4::text FROM wanted w WHERE t.account_id = $1::bigint "
    "AND t.variant_id = w.variant_id AND (t.sku, t.name, t.barcode, t.unit, t.image, "
    "t.source_link, t.supply, t.cost_minor, t.currency, t.weight_g, t.product_id, t.value_ids, "
    "t.parts) IS DISTINCT FROM (w.sku, w.name, w.barcode, w.unit, w.image, w.source_link, "
    "w.supply, w.cost_minor, w.currency, w.weight_g, w.product_id, w.value_ids, w.parts) "
    "RETURNING t.*, false AS made)" KEEP_HISTORY SAVED_COLUMNS};

static void set_text(struct sp_set *set, const struct variant_input *input, unsigned field,
                     struct sp_text text)
{
    if ((input->said & field) != 0)
        sp_set_string(set, text);
    else
        sp_set_null(set);
}

static void set_variant(struct sp_ctx *ctx, struct sp_set *set, const struct variant_input *input)
{
    sp_set_row(set);
    sp_set_int(set, input->variant_id);
    set_text(set, input, SAYS_SKU, input->sku);
    set_text(set, input, SAYS_NAME, input->name);
    set_text(set, input, SAYS_BARCODE, input->barcode);
    set_text(set, input, SAYS_UNIT, input->unit);
    set_text(set, input, SAYS_IMAGE, input->image);
    set_text(set, input, SAYS_SOURCE, input->source_link);
    set_text(set, input, SAYS_SUPPLY, input->supply);
    sp_set_int(set, (input->said & SAYS_COST) != 0 ? input->cost_minor : -1);
    set_text(set, input, SAYS_CURRENCY, input->currency);
    sp_set_int(set, (input->said & SAYS_WEIGHT) != 0 ? input->weight_g : -1);
    sp_set_int(set, (input->said & SAYS_PRODUCT) != 0 ? input->product_id : -1);
    sp_set_ints(set, input->value_ids, input->value_count);
    set_text(set, input, SAYS_PARTS, mapper_parts_text(&input->parts, sp_ctx_arena(ctx)));
}

static const struct sp_rows *save(struct sp_ctx *ctx, const struct link_origin *origin,
                                  const struct sp_statement *statement, const struct sp_set *set)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(origin->account_id), sp_set(set), sp_int(sp_rev_floor(ctx)),
                              sp_string(origin->user)));
}

struct sp_set *store_variant_set(struct sp_ctx *ctx, const struct variant_input inputs[],
                                 size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_row");
    for (size_t i = 0; i < count; i++)
        set_variant(ctx, set, &inputs[i]);
    return set;
}

const struct sp_rows *store_save_variants(struct sp_ctx *ctx, const struct link_origin *origin,
                                          const struct variant_input inputs[], size_t count)
{
    return save(ctx, origin, &save_variants, store_variant_set(ctx, inputs, count));
}

const struct sp_rows *store_change_variant(struct sp_ctx *ctx, const struct link_origin *origin,
                                           const struct variant_input *input)
{
    return save(ctx, origin, &change_variant, store_variant_set(ctx, input, 1));
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

struct sp_text store_saved_parts(const struct sp_rows *rows, size_t row)
{
    return sp_row_text(rows, row, SAVED_PARTS);
}

bool store_saved_is_new(const struct sp_rows *rows, size_t row)
{
    return sp_row_bool(rows, row, SAVED_MADE);
}

bool store_saved_means_more(const struct sp_rows *rows, size_t row)
{
    return !store_saved_is_new(rows, row) && sp_row_int(rows, row, SAVED_NEWS) != 0;
}
