/* What a statement that saves variants ends with: their history, and the columns that
 * store_read_saved reads, from "WITH saved AS (… RETURNING t.*, … AS made)". */
#ifndef MAPPER_VARIANT_SAVED_COLUMNS_H
#define MAPPER_VARIANT_SAVED_COLUMNS_H

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
    SAVED_PARTS,
};

#define SAVED_COLUMNS                                                                              \
    "SELECT variant_id, rev, sku, name, barcode, unit, image, source_link, supply, cost_minor, "   \
    "currency, weight_g, archived, news, made, parts::text FROM saved"

/* The state after the change goes into the history with it. */
#define KEEP_HISTORY                                                                               \
    ", kept AS (INSERT INTO catalogue_history (account_id, kind, id, rev, by_whom, state) "        \
    "SELECT account_id, 'variant', variant_id, rev, saved_by, to_jsonb(saved) - '{account_id, "    \
    "variant_id, rev, news, saved_at, saved_by, search, made}'::text[] FROM saved) "

#endif
