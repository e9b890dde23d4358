/* What the columns of a sheet of variants mean, and what one of its lines says.  Pure. */
#ifndef MAPPER_SHEET_COLUMNS_H
#define MAPPER_SHEET_COLUMNS_H

#include "common/sheet.h"
#include "services/product-mapper/type_rules.h"
#include "services/product-mapper/variant_rules.h"

enum sheet_column {
    COLUMN_SKU,
    COLUMN_NAME,
    COLUMN_BARCODE,
    COLUMN_UNIT,
    COLUMN_IMAGE,
    COLUMN_SOURCE,
    COLUMN_SUPPLY,
    COLUMN_COST,
    COLUMN_CURRENCY,
    COLUMN_WEIGHT,
    COLUMN_TYPE,
    COLUMN_PRODUCT,
    COLUMN_ATTRIBUTES,
    COLUMN_PARTS,
    COLUMNS_WRITTEN,                     /* the ones above, in this order */
    COLUMN_COST_MINOR = COLUMNS_WRITTEN, /* instead of the cost: in minor units */
    SHEET_COLUMNS,
};

/* Which field of a line is what; -1: the sheet does not have it. */
struct sheet_columns {
    int at[SHEET_COLUMNS];
};

/* The column's heading in a language: what an export has, and an import knows. */
const char *mapper_heading(enum sheet_column column, struct sp_text language);
/* From the first line, in any of the languages.  NULL, or what is wrong with it; `unknown` gets the
 * headings that mean nothing here, as far as there is room. */
const char *mapper_read_headings(const struct sp_sheet_record *header,
                                 struct sheet_columns *columns, struct sp_text unknown[],
                                 size_t room);

/* One line: the variant, and by name what it refers to. */
struct sheet_line {
    struct variant_input input;
    struct sp_text type, product;
    struct sp_text attributes[ATTRIBUTES_MOST], values[ATTRIBUTES_MOST];
    size_t value_count;
    struct sp_text part_skus[PARTS_MOST];
    int64_t pieces[PARTS_MOST];
    size_t part_count;
};
/* `currency`: the account's, for costs without one.  NULL, or what is wrong. */
const struct variant_problem *mapper_read_line(const struct sp_sheet_record *record,
                                               const struct sheet_columns *columns,
                                               struct sp_text currency, struct sheet_line *line);
/* Whether the line is one of a bundle, whatever else it says. */
bool mapper_line_is_bundle(const struct sp_sheet_record *record,
                           const struct sheet_columns *columns);

#endif
