/* Orders from a file of real invoices: invoice_no, stock_code, description, quantity, unit_price,
 * customer_id, country.
 *
 * One invoice is one order, its quantities are that many units.  An invoice whose number begins
 * with C is a cancellation: a cancelled order of the positive quantities.  A row without a positive
 * quantity on any other invoice is a correction of stock: its code becomes a SKU, no order.  A row
 * that cannot be read is reported with its line number and left out. */
#ifndef SANDBOX_INVOICES_H
#define SANDBOX_INVOICES_H

#include "common/base.h"
#include "services/sandbox/shop.h"

enum invoices_limits {
    INVOICES_FILE = 256 * 1024 * 1024, /* bytes */
    INVOICES_ROWS = 4000000,
    INVOICES_PROBLEMS = 100, /* kept; more are only counted */
    INVOICES_ROW_UNITS = 80000,
};

struct invoices_problem {
    size_t line; /* in the file, from 1 */
    char what[120];
};

struct invoices_report {
    size_t rows, orders, cancelled, corrections;
    size_t skipped; /* rows left out */
    struct invoices_problem *problems;
    size_t problem_count;
};

/* Fills the catalogue and the order book of an empty shop.  SP_REJECT when the file cannot be read
 * or has another first line. */
enum sp_result invoices_load(struct shop *shop, const char *path, int64_t now,
                             struct invoices_report *report, struct sp_error *err) SP_MUST_USE;
/* The same from memory. */
enum sp_result invoices_read(struct shop *shop, struct sp_text content, int64_t now,
                             struct invoices_report *report, struct sp_error *err) SP_MUST_USE;
void invoices_forget(struct invoices_report *report);

#endif
