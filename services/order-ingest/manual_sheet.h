/* Orders made by hand, as lines of a file: one for each line of an order, the order's own fields in
 * its first.  Pure. */
#ifndef INGEST_MANUAL_SHEET_H
#define INGEST_MANUAL_SHEET_H

#include "services/order-ingest/manual_rules.h"

enum {
    MANUAL_SHEET_ORDERS = 1000, /* in one file, which is one transaction */
    MANUAL_SHEET_LINES = 5000,
};

struct manual_sheet_order {
    struct manual_order order;
    int64_t *lines_at;         /* of the file, for each of its lines */
    int64_t line;              /* of the file, where it begins */
    struct manual_fault fault; /* its line is the file's */
};

struct manual_sheet {
    struct manual_sheet_order *orders; /* in the file's order; what is no order stands for itself */
    size_t count;
    size_t lines;
};

/* Reads and checks a CSV file in UTF-8.  The first line names the columns in any of the four
 * languages: reference, currency, sku, units, and any of product, price, cod, shipping, note,
 * customer, phone, address.  Amounts are in major units ("12.90").  SP_REJECT: it is no such file,
 * or too long. */
enum sp_result manual_sheet_read(struct sp_text text, struct sp_arena *arena,
                                 struct manual_sheet *sheet, struct sp_error *err) SP_MUST_USE;

#endif
