/* What the columns of a sheet of variants mean, and what one of its lines says. */
#include "services/product-mapper/sheet_columns.h"

#include <string.h>
#include <strings.h>

#include "common/currency.h"
#include "common/json.h"

static const char *const languages[] = {"en", "vi", "th", "zh"};
enum { LANGUAGES = SP_COUNT(languages) };

static const char *const headings[SHEET_COLUMNS][LANGUAGES] = {
    [COLUMN_SKU] = {"SKU", "Mã SKU", "รหัส SKU", "SKU 编码"},
    [COLUMN_NAME] = {"Name", "Tên", "ชื่อ", "名称"},
    [COLUMN_BARCODE] = {"Barcode", "Mã vạch", "บาร์โค้ด", "条形码"},
    [COLUMN_UNIT] = {"Unit", "Đơn vị", "หน่วย", "单位"},
    [COLUMN_IMAGE] = {"Image", "Hình ảnh", "รูปภาพ", "图片"},
    [COLUMN_SOURCE] = {"Source link", "Liên kết nguồn", "ลิงก์แหล่งซื้อ", "采购链接"},
    [COLUMN_SUPPLY] = {"Supply", "Nguồn cung", "การจัดหา", "供货方式"},
    [COLUMN_COST] = {"Cost", "Giá vốn", "ต้นทุน", "成本"},
    [COLUMN_CURRENCY] = {"Currency", "Tiền tệ", "สกุลเงิน", "币种"},
    [COLUMN_WEIGHT] = {"Weight (g)", "Khối lượng (g)", "น้ำหนัก (กรัม)", "重量（克）"},
    [COLUMN_TYPE] = {"Product type", "Loại sản phẩm", "ประเภทสินค้า", "产品类型"},
    [COLUMN_PRODUCT] = {"Product", "Sản phẩm", "สินค้า", "产品"},
    [COLUMN_ATTRIBUTES] = {"Attributes", "Thuộc tính", "คุณสมบัติ", "属性"},
    [COLUMN_PARTS] = {"Bundle parts", "Thành phần combo", "ส่วนประกอบชุด", "组合明细"},
    [COLUMN_COST_MINOR] = {"Cost (minor units)", "Giá vốn (đơn vị nhỏ)", "ต้นทุน (หน่วยย่อย)",
                           "成本（最小单位）"},
};
/* What programs write. */
static const char *const machine_names[SHEET_COLUMNS] = {
    "sku",      "name",     "barcode", "unit",    "image",      "source_link", "supply",     "cost",
    "currency", "weight_g", "type",    "product", "attributes", "parts",       "cost_minor",
};

const char *mapper_heading(enum sheet_column column, struct sp_text language)
{
    int at = sp_text_among(language, languages, LANGUAGES);
    return headings[column][at < 0 ? 0 : at];
}

static bool is_heading(struct sp_text text, const char *name)
{
    return text.size == strlen(name) && strncasecmp(text.data, name, text.size) == 0;
}

static int column_of(struct sp_text text)
{
    for (int column = 0; column < SHEET_COLUMNS; column++) {
        if (is_heading(text, machine_names[column]))
            return column;
        for (size_t i = 0; i < LANGUAGES; i++) {
            if (is_heading(text, headings[column][i]))
                return column;
        }
    }
    return -1;
}

const char *mapper_read_headings(const struct sp_sheet_record *header,
                                 struct sheet_columns *columns, struct sp_text unknown[],
                                 size_t room)
{
    size_t unknown_count = 0;
    memset(unknown, 0, room * sizeof *unknown);
    for (size_t i = 0; i < SHEET_COLUMNS; i++)
        columns->at[i] = -1;
    for (size_t i = 0; i < header->count; i++) {
        struct sp_text text = mapper_trimmed(header->fields[i]);
        int column = column_of(text);
        if (column >= 0 && columns->at[column] >= 0)
            return "HEADINGS_TWICE";
        if (column >= 0)
            columns->at[column] = (int)i;
        else if (text.size > 0 && unknown_count < room)
            unknown[unknown_count++] = text;
    }
    bool types = columns->at[COLUMN_TYPE] >= 0, products = columns->at[COLUMN_PRODUCT] >= 0;
    bool attributes = columns->at[COLUMN_ATTRIBUTES] >= 0;
    if (columns->at[COLUMN_SKU] < 0)
        return "HEADING_SKU_MISSING";
    if (columns->at[COLUMN_COST] >= 0 && columns->at[COLUMN_COST_MINOR] >= 0)
        return "HEADING_COST_TWICE";
    if (types != products || products != attributes)
        return "HEADINGS_APART";
    return NULL;
}

/* ---- one line
 * ------------------------------------------------------------------------------------ */

static const struct variant_problem line_bad = {"LINE_BAD", "the line cannot be read"};
static const struct variant_problem cost_bad = {
    "COST_NOT_NUMBER", "the cost is a number such as 12.90, with a point and no more digits than "
                       "the currency has"};
static const struct variant_problem weight_bad = {"WEIGHT_NOT_NUMBER",
                                                  "the weight is a whole number of grams"};
static const struct variant_problem attributes_bad = {
    "ATTRIBUTES_BAD", "attributes are written as Colour=Red; Size=M, each once, at most 10"};
static const struct variant_problem parts_bad = {
    "PARTS_BAD", "parts are written as SKU*pieces; SKU*pieces, each once, at most 20"};
static const struct variant_problem product_bad = {
    "PRODUCT_WITHOUT_TYPE", "a product has a type, and attributes have a product"};

static struct sp_text field(const struct sp_sheet_record *record,
                            const struct sheet_columns *columns, enum sheet_column column)
{
    int at = columns->at[column];
    bool there = at >= 0 && (size_t)at < record->count;
    return there ? mapper_trimmed(record->fields[at]) : (struct sp_text){0};
}

/* The next of "a; b", or of lines within the cell: then a semicolon is a letter as any other. */
static bool next_item(struct sp_text *rest, char separator, struct sp_text *item)
{
    if (rest->size == 0)
        return false;
    const char *end = memchr(rest->data, separator, rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->data);
    *item = mapper_trimmed((struct sp_text){rest->data, size});
    size += end != NULL;
    *rest = (struct sp_text){rest->data + size, rest->size - size};
    return true;
}

static char separator_of(struct sp_text cell)
{
    return sp_text_holds(cell, "\n") ? '\n' : ';';
}

/* Cuts the text at the last (first) `mark`; false without one. */
static bool cut(struct sp_text text, const char *at, struct sp_text *left, struct sp_text *right)
{
    if (at == NULL)
        return false;
    size_t size = (size_t)(at - text.data);
    *left = mapper_trimmed((struct sp_text){text.data, size});
    *right = mapper_trimmed((struct sp_text){at + 1, text.size - size - 1});
    return true;
}

static const struct variant_problem *read_attributes(struct sp_text cell, struct sheet_line *line)
{
    char separator = separator_of(cell);
    struct sp_text item, name, value;
    while (next_item(&cell, separator, &item)) {
        if (item.size == 0)
            continue;
        if (!cut(item, memchr(item.data, '=', item.size), &name, &value) ||
            line->value_count == ATTRIBUTES_MOST)
            return &attributes_bad;
        for (size_t i = 0; i < line->value_count; i++) {
            if (sp_text_equal(line->attributes[i], name))
                return &attributes_bad;
        }
        line->attributes[line->value_count] = name;
        line->values[line->value_count++] = value;
    }
    return NULL;
}

static const struct variant_problem *read_parts(struct sp_text cell, struct sheet_line *line)
{
    char separator = separator_of(cell);
    struct sp_text item, pieces;
    while (next_item(&cell, separator, &item)) {
        if (item.size == 0)
            continue;
        if (line->part_count == PARTS_MOST)
            return &parts_bad;
        struct sp_text *sku = &line->part_skus[line->part_count];
        if (!cut(item, memrchr(item.data, '*', item.size), sku, &pieces) ||
            !sp_text_to_int(pieces, &line->pieces[line->part_count]))
            return &parts_bad;
        for (size_t i = 0; i < line->part_count; i++) {
            if (sp_text_equal(line->part_skus[i], *sku))
                return &parts_bad;
        }
        line->part_count++;
    }
    return NULL;
}

static struct sp_text said(const struct sp_sheet_record *record,
                           const struct sheet_columns *columns, enum sheet_column column,
                           unsigned what, struct variant_input *input)
{
    input->said |= columns->at[column] >= 0 ? what : 0;
    return field(record, columns, column);
}

/* An empty cell says nothing of a cost, a weight or a supply. */
static const struct variant_problem *read_numbers(const struct sp_sheet_record *record,
                                                  const struct sheet_columns *columns,
                                                  struct sp_text currency,
                                                  struct variant_input *input)
{
    struct sp_text cost = field(record, columns, COLUMN_COST);
    struct sp_text minor = field(record, columns, COLUMN_COST_MINOR);
    struct sp_text weight = field(record, columns, COLUMN_WEIGHT);
    struct sp_json amount = {SP_JSON_NUMBER, cost};
    int digits = sp_currency_digits(input->currency.size > 0 ? input->currency : currency);
    if (cost.size > 0 && sp_json_minor(amount, digits, &input->cost_minor) != SP_OK)
        return &cost_bad;
    if (minor.size > 0 && !sp_text_to_int(minor, &input->cost_minor))
        return &cost_bad;
    if (weight.size > 0 && !sp_text_to_int(weight, &input->weight_g))
        return &weight_bad;
    input->said |= cost.size + minor.size > 0 ? SAYS_COST : 0;
    input->said |= weight.size > 0 ? SAYS_WEIGHT : 0;
    return NULL;
}

/* What may hold several lines has none when it is copied into the variant. */
static const struct variant_problem *read_references(const struct sp_sheet_record *record,
                                                     const struct sheet_columns *columns,
                                                     struct sheet_line *line)
{
    line->type = field(record, columns, COLUMN_TYPE);
    line->product = said(record, columns, COLUMN_PRODUCT, SAYS_PRODUCT, &line->input);
    struct sp_text attributes = field(record, columns, COLUMN_ATTRIBUTES);
    const struct variant_problem *problem = read_attributes(attributes, line);
    if (problem == NULL)
        problem = read_parts(said(record, columns, COLUMN_PARTS, SAYS_PARTS, &line->input), line);
    bool whole = (line->type.size > 0) == (line->product.size > 0) &&
                 (line->value_count == 0 || line->product.size > 0);
    return problem == NULL && !whole ? &product_bad : problem;
}

const struct variant_problem *mapper_read_line(const struct sp_sheet_record *record,
                                               const struct sheet_columns *columns,
                                               struct sp_text currency, struct sheet_line *line)
{
    *line = (struct sheet_line){0};
    struct variant_input *input = &line->input;
    if (record->problem != NULL)
        return &line_bad;
    input->sku = said(record, columns, COLUMN_SKU, SAYS_SKU, input);
    input->name = said(record, columns, COLUMN_NAME, SAYS_NAME, input);
    input->barcode = said(record, columns, COLUMN_BARCODE, SAYS_BARCODE, input);
    input->unit = said(record, columns, COLUMN_UNIT, SAYS_UNIT, input);
    input->image = said(record, columns, COLUMN_IMAGE, SAYS_IMAGE, input);
    input->source_link = said(record, columns, COLUMN_SOURCE, SAYS_SOURCE, input);
    input->supply = field(record, columns, COLUMN_SUPPLY);
    input->currency = field(record, columns, COLUMN_CURRENCY);
    input->said |= input->supply.size > 0 ? SAYS_SUPPLY : 0;
    input->said |= input->currency.size > 0 ? SAYS_CURRENCY : 0;
    const struct variant_problem *problem = read_numbers(record, columns, currency, input);
    if (problem == NULL)
        problem = read_references(record, columns, line);
    return problem == NULL ? mapper_check_variant(input) : problem;
}

bool mapper_line_is_bundle(const struct sp_sheet_record *record,
                           const struct sheet_columns *columns)
{
    return field(record, columns, COLUMN_PARTS).size > 0;
}
