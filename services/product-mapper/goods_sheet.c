/* Goods as lines of a sheet. */
#include "services/product-mapper/goods_sheet.h"

#include <stdio.h>

#include "common/currency.h"

void mapper_goods_heading(struct sp_text language, struct goods_line *line)
{
    for (int column = 0; column < COLUMNS_WRITTEN; column++)
        line->fields[column] = sp_text_of(mapper_heading((enum sheet_column)column, language));
}

/* In major units; empty for a bundle. */
static struct sp_text cost_text(int64_t minor, struct sp_text currency, char text[GOODS_COST_BYTES])
{
    int digits = sp_currency_digits(currency), length = 0;
    int64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    if (minor < 0)
        return (struct sp_text){0};
    if (digits == 0)
        length = snprintf(text, GOODS_COST_BYTES, "%lld", (long long)minor);
    else
        length = snprintf(text, GOODS_COST_BYTES, "%lld.%0*lld", (long long)(minor / unit), digits,
                          (long long)(minor % unit));
    return (struct sp_text){text, (size_t)length};
}

void mapper_goods_line(const struct sp_rows *rows, size_t row, struct goods_line *line)
{
    for (int column = 0; column < COLUMNS_WRITTEN; column++) {
        if (column != COLUMN_COST)
            line->fields[column] = sp_row_text(rows, row, column + 1);
    }
    line->fields[COLUMN_COST] = cost_text(sp_row_int(rows, row, COLUMN_COST + 1),
                                          line->fields[COLUMN_CURRENCY], line->cost);
}
