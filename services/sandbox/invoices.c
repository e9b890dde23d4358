#include "services/sandbox/invoices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/log.h"
#include "common/text.h"
#include "services/sandbox/csv.h"
#include "services/sandbox/history.h"
#include "services/sandbox/seed.h"
#include "services/sandbox/whole_file.h"

enum column {
    INVOICE_NO,
    STOCK_CODE,
    DESCRIPTION,
    QUANTITY,
    UNIT_PRICE,
    CUSTOMER,
    COUNTRY,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    "invoice_no", "stock_code", "description", "quantity", "unit_price", "customer_id", "country",
};

enum { PRICE_DIGITS = 9, INVOICE_NO_BYTES = 20, MOST_STOCK = 1000, NEVER = -1 };

/* One row that is an order's line. */
struct entry {
    uint32_t invoice, sku, units;
    int64_t price_minor;
};

struct invoice {
    uint64_t user;
    uint32_t lines, units;
    uint8_t country;
    bool cancelled;
};

/* What has been read so far. */
struct reader {
    struct shop *shop;
    struct invoices_report *report;
    struct sp_arena *row; /* one row's */
    struct sp_arena *kept;
    struct names invoice_numbers;
    struct invoice *invoices;
    size_t invoice_count, invoice_capacity;
    struct entry *entries;
    size_t entry_count, entry_capacity;
    int64_t first_day;
};

static void report_problem(struct invoices_report *report, size_t line, const struct sp_error *why)
{
    report->skipped++;
    if (report->problem_count == INVOICES_PROBLEMS)
        return;
    report->problems =
        sp_realloc(report->problems, (report->problem_count + 1) * sizeof *report->problems);
    struct invoices_problem *problem = &report->problems[report->problem_count++];
    problem->line = line;
    (void)snprintf(problem->what, sizeof problem->what, "%.*s", (int)sizeof problem->what - 1,
                   why->text);
    sp_logf(SP_WARN, "invoice-row-skipped", "line", "%zu: %s", line, problem->what);
}

/* "2.55", "2.1", "3" with the currency's digits; no sign. */
static enum sp_result read_price(struct sp_text text, int digits, int64_t *minor)
{
    int64_t sum = 0;
    int behind = NEVER;
    if (text.size == 0 || text.size > PRICE_DIGITS)
        return SP_REJECT;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.' && behind == NEVER && i > 0) {
            behind = 0;
            continue;
        }
        if (c < '0' || c > '9' || behind == digits)
            return SP_REJECT;
        sum = sum * 10 + (c - '0');
        behind += behind == NEVER ? 0 : 1;
    }
    for (int i = behind == NEVER ? 0 : behind; i < digits; i++)
        sum *= 10;
    *minor = sum;
    return SP_OK;
}

struct row {
    struct sp_text field[COLUMNS];
    int64_t quantity, price_minor, customer;
};

static enum sp_result read_numbers(struct row *row, int digits, struct sp_error *err)
{
    if (!sp_text_to_int(row->field[QUANTITY], &row->quantity))
        return sp_fail(err, SP_REJECT, "quantity is not a whole number");
    if (row->quantity == 0 || row->quantity > INVOICES_ROW_UNITS ||
        row->quantity < -INVOICES_ROW_UNITS)
        return sp_fail(err, SP_REJECT, "quantity must be 1 to %d, or negative", INVOICES_ROW_UNITS);
    if (read_price(row->field[UNIT_PRICE], digits, &row->price_minor) != SP_OK)
        return sp_fail(err, SP_REJECT, "unit_price is not an amount");
    row->customer = 0;
    if (row->field[CUSTOMER].size > 0 && (!sp_text_to_int(row->field[CUSTOMER], &row->customer) ||
                                          row->customer <= 0 || row->customer >= ID_COUNTERS))
        return sp_fail(err, SP_REJECT, "customer_id is not a number");
    return SP_OK;
}

static enum sp_result read_row(struct reader *reader, struct sp_text line, struct row *row,
                               struct sp_error *err)
{
    size_t count;
    if (!sp_text_is_plain(line))
        return sp_fail(err, SP_REJECT, "not UTF-8 text, or control characters");
    if (csv_split(line, reader->row, row->field, COLUMNS, &count) != SP_OK)
        return sp_fail(err, SP_REJECT, "quotes do not match, or more than %d fields", COLUMNS);
    if (count != COLUMNS)
        return sp_fail(err, SP_REJECT, "%zu fields in place of %d", count, COLUMNS);
    if (row->field[INVOICE_NO].size == 0 || row->field[INVOICE_NO].size > INVOICE_NO_BYTES)
        return sp_fail(err, SP_REJECT, "invoice_no is empty or too long");
    if (row->field[STOCK_CODE].size == 0 || row->field[STOCK_CODE].size > SELLER_SKU_BYTES)
        return sp_fail(err, SP_REJECT, "stock_code is empty or too long");
    if (row->field[DESCRIPTION].size > TITLE_BYTES)
        return sp_fail(err, SP_REJECT, "description is too long");
    return read_numbers(row, reader->shop->region->digits, err);
}

static uint32_t sku_of(struct reader *reader, const struct row *row)
{
    struct catalogue *catalogue = &reader->shop->catalogue;
    struct catalogue_entry entry = {
        .seller_sku = row->field[STOCK_CODE],
        .name = row->field[DESCRIPTION],
        .price_minor = row->price_minor,
        .create_time = reader->first_day,
        .available =
            (int32_t)seed_below(reader->shop->seed, SEED_STOCK, catalogue->sku_count, MOST_STOCK),
    };
    return catalogue_add(catalogue, &entry);
}

static uint32_t invoice_of(struct reader *reader, const struct row *row)
{
    struct sp_text number = row->field[INVOICE_NO];
    uint32_t at = names_find(&reader->invoice_numbers, number);
    if (at != NAMES_NONE)
        return at;
    if (reader->invoice_count == reader->invoice_capacity) {
        reader->invoice_capacity =
            reader->invoice_capacity == 0 ? 256 : reader->invoice_capacity * 2;
        reader->invoices =
            sp_realloc(reader->invoices, reader->invoice_capacity * sizeof *reader->invoices);
    }
    at = (uint32_t)reader->invoice_count++;
    reader->invoices[at] = (struct invoice){
        .user = (uint64_t)row->customer,
        .country = region_index(region_of_country(row->field[COUNTRY])),
        .cancelled = number.data[0] == 'C',
    };
    names_put(&reader->invoice_numbers, sp_arena_copy(reader->kept, number), at);
    return at;
}

static void push_entry(struct reader *reader, const struct entry *entry)
{
    if (reader->entry_count == reader->entry_capacity) {
        reader->entry_capacity = reader->entry_capacity == 0 ? 1024 : reader->entry_capacity * 2;
        reader->entries =
            sp_realloc(reader->entries, reader->entry_capacity * sizeof *reader->entries);
    }
    reader->entries[reader->entry_count++] = *entry;
}

static enum sp_result take_row(struct reader *reader, const struct row *row, struct sp_error *err)
{
    bool cancels = row->field[INVOICE_NO].data[0] == 'C';
    uint32_t sku = sku_of(reader, row);
    if (cancels == (row->quantity > 0)) {
        if (cancels)
            return sp_fail(err, SP_REJECT, "a cancellation with a positive quantity");
        reader->report->corrections++;
        return SP_OK;
    }
    uint32_t units = (uint32_t)(cancels ? -row->quantity : row->quantity);
    uint32_t at = invoice_of(reader, row);
    struct invoice *invoice = &reader->invoices[at];
    if (invoice->lines == BOOK_ORDER_LINES || invoice->units + units > BOOK_ORDER_UNITS)
        return sp_fail(err, SP_REJECT, "the invoice is larger than %d lines or %d units",
                       BOOK_ORDER_LINES, BOOK_ORDER_UNITS);
    invoice->lines++;
    invoice->units += units;
    push_entry(reader, &(struct entry){at, sku, units, row->price_minor});
    return SP_OK;
}

/* Rows of an invoice may stand apart in the file: they are brought together, in their order. */
static void fill_book(struct reader *reader, int64_t now)
{
    struct past_order *orders = sp_alloc(reader->invoice_count * sizeof *orders);
    struct order_line *lines = sp_alloc(reader->entry_count * sizeof *lines);
    uint32_t first = 0;
    for (size_t i = 0; i < reader->invoice_count; i++) {
        const struct invoice *invoice = &reader->invoices[i];
        orders[i] = (struct past_order){.first_line = first,
                                        .user = invoice->user,
                                        .country = invoice->country,
                                        .cancelled = invoice->cancelled};
        first += invoice->lines;
        reader->report->cancelled += invoice->cancelled ? 1 : 0;
    }
    for (size_t i = 0; i < reader->entry_count; i++) {
        const struct entry *entry = &reader->entries[i];
        struct past_order *order = &orders[entry->invoice];
        lines[order->first_line + order->line_count++] = (struct order_line){
            .sku = entry->sku, .units = entry->units, .price_minor = entry->price_minor};
    }
    reader->report->orders = reader->invoice_count;
    struct past past = {orders, reader->invoice_count, lines};
    history_fill(reader->shop, &past, now);
    free(orders);
    free(lines);
}

static bool is_header(struct reader *reader, struct sp_text line)
{
    struct sp_text fields[COLUMNS];
    size_t count;
    if (csv_split(line, reader->row, fields, COLUMNS, &count) != SP_OK || count != COLUMNS)
        return false;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!sp_text_is(fields[i], column_names[i]))
            return false;
    }
    return true;
}

static enum sp_result read_all(struct reader *reader, struct sp_text content, struct sp_error *err)
{
    struct sp_text line;
    if (!csv_next_line(&content, &line) || !is_header(reader, line))
        return sp_fail(err, SP_REJECT,
                       "the first line must be invoice_no,stock_code,description,quantity,"
                       "unit_price,customer_id,country");
    for (size_t number = 2; csv_next_line(&content, &line); number++) {
        struct row row;
        struct sp_error why;
        if (line.size == 0)
            continue;
        if (reader->report->rows == INVOICES_ROWS)
            return sp_fail(err, SP_REJECT, "more than %d rows", INVOICES_ROWS);
        reader->report->rows++;
        sp_arena_reset(reader->row);
        if (read_row(reader, line, &row, &why) != SP_OK || take_row(reader, &row, &why) != SP_OK)
            report_problem(reader->report, number, &why);
    }
    return SP_OK;
}

enum sp_result invoices_read(struct shop *shop, struct sp_text content, int64_t now,
                             struct invoices_report *report, struct sp_error *err)
{
    struct reader reader = {.shop = shop, .report = report};
    reader.row = sp_arena_open();
    reader.kept = sp_arena_open();
    reader.first_day = now - (int64_t)HISTORY_DAYS * 86400;
    *report = (struct invoices_report){0};
    enum sp_result result = read_all(&reader, content, err);
    if (result == SP_OK && reader.invoice_count > 0)
        fill_book(&reader, now);
    sp_arena_close(&reader.row);
    sp_arena_close(&reader.kept);
    names_free(&reader.invoice_numbers);
    free(reader.invoices);
    free(reader.entries);
    return result;
}

enum sp_result invoices_load(struct shop *shop, const char *path, int64_t now,
                             struct invoices_report *report, struct sp_error *err)
{
    struct sp_buffer content = {0};
    struct sp_error why;
    enum sp_result result = whole_file_read(path, INVOICES_FILE, &content, &why);
    if (result != SP_OK)
        (void)sp_fail(err, result, "cannot read the invoices %s: %s", path, why.text);
    if (result == SP_OK)
        result = invoices_read(shop, sp_buffer_text(&content), now, report, err);
    sp_buffer_free(&content);
    return result;
}

void invoices_forget(struct invoices_report *report)
{
    free(report->problems);
    *report = (struct invoices_report){0};
}
