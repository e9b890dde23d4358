/* What the columns of a sheet mean, and what a line says. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/product-mapper/sheet_columns.h"

static struct sp_sheet_record record_of(const char *const fields[], size_t count)
{
    struct sp_sheet_record record = {.count = count, .line = 2};
    for (size_t i = 0; i < count; i++)
        record.fields[i] = sp_text_of(fields[i]);
    return record;
}

static const char *heading(struct sheet_columns *columns, const char *const fields[], size_t count)
{
    static struct sp_text unknown[4];
    struct sp_sheet_record record = record_of(fields, count);
    return mapper_read_headings(&record, columns, unknown, SP_COUNT(unknown));
}

Test(sheet_columns, knows_its_own_headings_in_four_languages)
{
    static const char *const languages[] = {"vi", "th", "zh", "en"};
    for (size_t i = 0; i < SP_COUNT(languages); i++) {
        const char *fields[COLUMNS_WRITTEN];
        struct sheet_columns columns;
        for (int column = 0; column < COLUMNS_WRITTEN; column++)
            fields[column] = mapper_heading((enum sheet_column)column, sp_text_of(languages[i]));
        cr_assert_null(heading(&columns, fields, COLUMNS_WRITTEN));
        for (int column = 0; column < COLUMNS_WRITTEN; column++)
            cr_assert_eq(columns.at[column], column, "%s %s", languages[i], fields[column]);
    }
}

Test(sheet_columns, refuses_headings_that_contradict_and_tells_what_it_ignores)
{
    static const char *const no_sku[] = {"name"};
    static const char *const twice[] = {"sku", "SKU"};
    static const char *const costs[] = {"sku", "cost", "cost_minor"};
    static const char *const halves[] = {"sku", "product"};
    static const char *const colour[] = {" SKU ", "Colour", "", "TÊN"};
    struct sheet_columns columns;
    struct sp_text unknown[4];
    cr_assert_not_null(heading(&columns, no_sku, 1));
    cr_assert_not_null(heading(&columns, twice, 2));
    cr_assert_not_null(heading(&columns, costs, 3));
    cr_assert_not_null(heading(&columns, halves, 2));
    struct sp_sheet_record record = record_of(colour, 4);
    cr_assert_null(mapper_read_headings(&record, &columns, unknown, SP_COUNT(unknown)));
    cr_assert(sp_text_is(unknown[0], "Colour"));
    cr_assert_eq(columns.at[COLUMN_SKU], 0);
}

static const char *const all[] = {"sku",      "name", "supply",  "cost",       "currency",
                                  "weight_g", "type", "product", "attributes", "parts"};
enum { ALL = SP_COUNT(all) };

static const struct variant_problem *read(const char *const fields[], struct sheet_line *line)
{
    struct sheet_columns columns;
    cr_assert_null(heading(&columns, all, ALL));
    struct sp_sheet_record record = record_of(fields, ALL);
    return mapper_read_line(&record, &columns, SP_TEXT("VND"), line);
}

Test(sheet_columns, reads_a_variant_of_a_product)
{
    static const char *const fields[ALL] = {" S-1 ", "Shirt", "STOCKED",
                                            "12.90", "USD",   "300",
                                            "Shirt", "Plain", "Colour=Red; Size = M",
                                            ""};
    struct sheet_line line;
    cr_assert_null(read(fields, &line));
    cr_assert(sp_text_is(line.input.sku, "S-1"));
    cr_assert_eq(line.input.cost_minor, 1290);
    cr_assert_eq(line.value_count, 2);
    cr_assert(sp_text_is(line.attributes[1], "Size") && sp_text_is(line.values[1], "M"));
    cr_assert((line.input.said & SAYS_PRODUCT) != 0);
    cr_assert((line.input.said & SAYS_BARCODE) == 0, "no such column");
}

Test(sheet_columns, reads_a_bundle_whose_skus_have_any_letter)
{
    static const char *const fields[ALL] = {"SET", "Set", "", "", "",
                                            "",    "",    "", "", "A*B*2\nC;D*1"};
    struct sheet_line line;
    cr_assert_null(read(fields, &line));
    cr_assert_eq(line.part_count, 2);
    cr_assert(sp_text_is(line.part_skus[0], "A*B") && line.pieces[0] == 2);
    cr_assert(sp_text_is(line.part_skus[1], "C;D"));
    cr_assert_eq(line.input.said & (SAYS_COST | SAYS_WEIGHT | SAYS_SUPPLY | SAYS_CURRENCY), 0);
}

Test(sheet_columns, says_what_is_wrong_with_a_line)
{
    static const struct {
        const char *fields[ALL], *code;
    } cases[] = {
        {{"", "Cup"}, "SKU_BAD"},
        {{"CUP", ""}, "NAME_BAD"},
        {{"CUP", "Cup", "MAGIC"}, "SUPPLY_BAD"},
        {{"CUP", "Cup", "", "12,90"}, "COST_NOT_NUMBER"},
        {{"CUP", "Cup", "", "12.5"}, "COST_NOT_NUMBER"},
        {{"CUP", "Cup", "", "-1"}, "COST_BAD"},
        {{"CUP", "Cup", "", "1", "dong"}, "CURRENCY_BAD"},
        {{"CUP", "Cup", "", "1", "", "heavy"}, "WEIGHT_NOT_NUMBER"},
        {{"CUP", "Cup", "", "1", "", "", "Mug"}, "PRODUCT_WITHOUT_TYPE"},
        {{"CUP", "Cup", "", "1", "", "", "", "", "Colour=Red"}, "PRODUCT_WITHOUT_TYPE"},
        {{"CUP", "Cup", "", "1", "", "", "Mug", "Mug", "Red"}, "ATTRIBUTES_BAD"},
        {{"CUP", "Cup", "", "1", "", "", "Mug", "Mug", "A=1;A=2"}, "ATTRIBUTES_BAD"},
        {{"CUP", "Cup", "", "", "", "", "", "", "", "TRAY"}, "PARTS_BAD"},
        {{"CUP", "Cup", "", "", "", "", "", "", "", "TRAY*1; TRAY*2"}, "PARTS_BAD"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sheet_line line;
        const struct variant_problem *problem = read(cases[i].fields, &line);
        cr_assert_not_null(problem, "case %zu", i);
        cr_assert_str_eq(problem->code, cases[i].code, "case %zu", i);
    }
}
