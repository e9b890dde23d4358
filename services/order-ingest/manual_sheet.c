/* Orders made by hand, as lines of a file. */
#include "services/order-ingest/manual_sheet.h"

#include <string.h>
#include <strings.h>

#include "common/csv.h"
#include "common/currency.h"

enum column {
    REFERENCE,
    CURRENCY,
    SKU,
    UNITS,
    PRODUCT,
    PRICE,
    COD,
    SHIPPING,
    NOTE,
    CUSTOMER,
    PHONE,
    ADDRESS,
    COLUMNS,
    LAST_NEEDED = UNITS,
};

enum { LANGUAGES = 4, NOWHERE = -1 };

static const char *const headings[COLUMNS][LANGUAGES] = {
    [REFERENCE] = {"reference", "mã đơn", "เลขอ้างอิง", "编号"},
    [CURRENCY] = {"currency", "tiền tệ", "สกุลเงิน", "币种"},
    [SKU] = {"sku", "mã hàng", "รหัสสินค้า", "货号"},
    [UNITS] = {"units", "số lượng", "จำนวน", "数量"},
    [PRODUCT] = {"product", "sản phẩm", "สินค้า", "商品"},
    [PRICE] = {"price", "đơn giá", "ราคา", "单价"},
    [COD] = {"cod", "thu hộ", "เก็บเงินปลายทาง", "货到付款"},
    [SHIPPING] = {"shipping", "phí giao hàng", "ค่าจัดส่ง", "运费"},
    [NOTE] = {"note", "ghi chú", "หมายเหตุ", "备注"},
    [CUSTOMER] = {"customer", "khách hàng", "ลูกค้า", "客户"},
    [PHONE] = {"phone", "điện thoại", "โทรศัพท์", "电话"},
    [ADDRESS] = {"address", "địa chỉ", "ที่อยู่", "地址"},
};

static const struct manual_fault line_bad = {"LINE_BAD", "the line cannot be read", 0};
static const struct manual_fault cod_bad = {"COD_BAD", "cod is yes or no", 0};
static const struct manual_fault order_differs = {
    "ORDER_DIFFERS", "the order's own fields are another thing than in its first line", 0};

/* Where each column is in a line. */
struct columns {
    int at[COLUMNS];
};

/* ---- cells -----------------------------------------------------------------------------------
 */

static struct sp_text trimmed(struct sp_text text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = (struct sp_text){text.data + 1, text.size - 1};
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

static struct sp_text cell(const struct sp_sheet_record *record, const struct columns *columns,
                           enum column column)
{
    int at = columns->at[column];
    bool there = at != NOWHERE && (size_t)at < record->count;
    return there ? trimmed(sp_csv_plain(record->fields[at])) : (struct sp_text){0};
}

static bool is_word(struct sp_text text, const char *word)
{
    return text.size == strlen(word) &&
           (text.size == 0 || strncasecmp(text.data, word, text.size) == 0);
}

static bool is_any(struct sp_text text, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_word(text, words[i]))
            return true;
    }
    return false;
}

static enum sp_result read_headings(const struct sp_sheet_record *record, struct columns *columns,
                                    struct sp_error *err)
{
    for (int column = 0; column < COLUMNS; column++) {
        columns->at[column] = NOWHERE;
        for (size_t i = 0; i < record->count; i++) {
            struct sp_text heading = trimmed(record->fields[i]);
            if (is_any(heading, headings[column], LANGUAGES))
                columns->at[column] = (int)i;
        }
        if (column <= LAST_NEEDED && columns->at[column] == NOWHERE)
            return sp_fail(err, SP_REJECT, "the file has no column %s", headings[column][0]);
    }
    return SP_OK;
}

/* What is no amount is below 0, where no price is. */
static int64_t amount(struct sp_text text, struct sp_text currency)
{
    struct sp_json number = {SP_JSON_NUMBER, text};
    int64_t minor = 0;
    if (text.size == 0)
        return 0;
    return sp_json_minor(number, sp_currency_digits(currency), &minor) == SP_OK ? minor : -1;
}

/* ---- orders ----------------------------------------------------------------------------------
 */

static void set_fault(struct manual_sheet_order *of, const struct manual_fault *fault, int64_t line)
{
    if (of->fault.code != NULL)
        return;
    of->fault = *fault;
    of->fault.line = (size_t)line;
}

static bool reads_cod(struct sp_text text, bool *is_cod)
{
    static const char *const yes[] = {"yes", "true", "1", "x", "có", "ใช่", "是"};
    static const char *const no[] = {"", "no", "false", "0", "không", "ไม่", "否"};
    *is_cod = is_any(text, yes, SP_COUNT(yes));
    return *is_cod || is_any(text, no, SP_COUNT(no));
}

static struct manual_sheet_order *add_order(struct manual_sheet *sheet, struct sp_arena *arena,
                                            int64_t line)
{
    struct manual_sheet_order *of = &sheet->orders[sheet->count++];
    *of = (struct manual_sheet_order){.line = line};
    of->order.lines = sp_arena_array(arena, MANUAL_LINES + 1, sizeof *of->order.lines);
    of->lines_at = sp_arena_array(arena, MANUAL_LINES + 1, sizeof *of->lines_at);
    return of;
}

static void begin_order(struct manual_sheet_order *of, const struct sp_sheet_record *record,
                        const struct columns *columns)
{
    struct manual_order *order = &of->order;
    order->reference = cell(record, columns, REFERENCE);
    order->currency = cell(record, columns, CURRENCY);
    order->note = cell(record, columns, NOTE);
    order->shipping_minor = amount(cell(record, columns, SHIPPING), order->currency);
    order->customer = cell(record, columns, CUSTOMER);
    order->phone = cell(record, columns, PHONE);
    order->address = cell(record, columns, ADDRESS);
    if (!reads_cod(cell(record, columns, COD), &order->is_cod))
        set_fault(of, &cod_bad, record->line);
}

static bool is_same(struct sp_text later, struct sp_text first)
{
    return later.size == 0 || sp_text_equal(later, first);
}

/* What a further line of an order says of the order is nothing, or the same. */
static void compare_order(struct manual_sheet_order *of, const struct sp_sheet_record *record,
                          const struct columns *columns)
{
    const struct manual_order *order = &of->order;
    struct sp_text cod = cell(record, columns, COD), shipping = cell(record, columns, SHIPPING);
    bool is_cod = false;
    bool same =
        is_same(cell(record, columns, CURRENCY), order->currency) &&
        is_same(cell(record, columns, NOTE), order->note) &&
        is_same(cell(record, columns, CUSTOMER), order->customer) &&
        is_same(cell(record, columns, PHONE), order->phone) &&
        is_same(cell(record, columns, ADDRESS), order->address) &&
        (shipping.size == 0 || amount(shipping, order->currency) == order->shipping_minor) &&
        (cod.size == 0 || (reads_cod(cod, &is_cod) && is_cod == order->is_cod));
    if (!same)
        set_fault(of, &order_differs, record->line);
}

static void add_line(struct manual_sheet_order *of, const struct sp_sheet_record *record,
                     const struct columns *columns)
{
    struct manual_order *order = &of->order;
    struct manual_line line = {.sku = cell(record, columns, SKU),
                               .name = cell(record, columns, PRODUCT),
                               .price_minor =
                                   amount(cell(record, columns, PRICE), order->currency)};
    if (!sp_text_to_int(cell(record, columns, UNITS), &line.units))
        line.units = 0;
    if (order->line_count > MANUAL_LINES)
        return; /* one too many is enough to say so */
    of->lines_at[order->line_count] = record->line;
    order->lines[order->line_count++] = line;
}

static struct manual_sheet_order *find_order(const struct manual_sheet *sheet,
                                             struct sp_text reference)
{
    for (size_t i = sheet->count; i-- > 0;) {
        if (sp_text_equal(sheet->orders[i].order.reference, reference))
            return &sheet->orders[i];
    }
    return NULL;
}

static void take_record(struct manual_sheet *sheet, struct sp_arena *arena,
                        const struct sp_sheet_record *record, const struct columns *columns)
{
    struct sp_text reference = cell(record, columns, REFERENCE);
    struct manual_sheet_order *of =
        record->problem != NULL || reference.size == 0 ? NULL : find_order(sheet, reference);
    if (of != NULL) {
        compare_order(of, record, columns);
        add_line(of, record, columns);
        return;
    }
    of = add_order(sheet, arena, record->line);
    if (record->problem != NULL) {
        set_fault(of, &line_bad, record->line);
        return;
    }
    begin_order(of, record, columns);
    add_line(of, record, columns);
}

static void check_orders(struct manual_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        struct manual_sheet_order *of = &sheet->orders[i];
        struct manual_fault fault = manual_check(&of->order);
        if (fault.code != NULL)
            set_fault(of, &fault, fault.line == 0 ? of->line : of->lines_at[fault.line - 1]);
    }
}

enum sp_result manual_sheet_read(struct sp_text text, struct sp_arena *arena,
                                 struct manual_sheet *sheet, struct sp_error *err)
{
    struct sp_csv reader = sp_csv_open(text);
    struct sp_sheet_record *record = sp_arena_alloc(arena, sizeof *record);
    struct columns columns;
    *sheet = (struct manual_sheet){
        .orders = sp_arena_array(arena, MANUAL_SHEET_ORDERS + 1, sizeof *sheet->orders)};
    if (!sp_csv_next(&reader, arena, record))
        return sp_fail(err, SP_REJECT, "the file is empty");
    if (read_headings(record, &columns, err) != SP_OK)
        return SP_REJECT;
    while (sp_csv_next(&reader, arena, record)) {
        take_record(sheet, arena, record, &columns);
        if (sheet->count > MANUAL_SHEET_ORDERS || ++sheet->lines > MANUAL_SHEET_LINES)
            return sp_fail(err, SP_REJECT, "at most %d orders and %d lines in a file",
                           MANUAL_SHEET_ORDERS, MANUAL_SHEET_LINES);
    }
    check_orders(sheet);
    return SP_OK;
}
