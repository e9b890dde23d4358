/* Goods as lines of a sheet: what an import takes without changing anything. */
#ifndef MAPPER_GOODS_SHEET_H
#define MAPPER_GOODS_SHEET_H

#include "services/product-mapper/sheet_columns.h"
#include "services/product-mapper/store.h"

enum { GOODS_COST_BYTES = 32 };

struct goods_line {
    struct sp_text fields[COLUMNS_WRITTEN];
    char cost[GOODS_COST_BYTES];
};

void mapper_goods_heading(struct sp_text language, struct goods_line *line);
/* Row `row` of store_read_goods. */
void mapper_goods_line(const struct sp_rows *rows, size_t row, struct goods_line *line);

#endif
