/* Real invoices to orders, and their history.  Covers: invoices.c, history.c */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "services/sandbox/history.h"
#include "services/sandbox/invoices.h"

#define HEADER "invoice_no,stock_code,description,quantity,unit_price,customer_id,country\n"

enum { NOW = 1800000000 };

struct loaded {
    struct shop shop;
    struct invoices_report report;
    enum sp_result result;
    struct sp_error err;
};

/* What a test has loaded; freed behind it. */
static struct loaded *kept[4];
static size_t kept_count;

static void free_kept(void)
{
    for (; kept_count > 0; kept_count--) {
        shop_free(&kept[kept_count - 1]->shop);
        invoices_forget(&kept[kept_count - 1]->report);
        free(kept[kept_count - 1]);
    }
}

TestSuite(invoices, .fini = free_kept);
TestSuite(history, .fini = free_kept);

static struct loaded *keep(void)
{
    struct loaded *loaded = sp_alloc(sizeof *loaded);
    SP_ASSERT(kept_count < SP_COUNT(kept));
    kept[kept_count++] = loaded;
    shop_setup(&loaded->shop, 1, 0, 1);
    return loaded;
}

static struct loaded *load(const char *content)
{
    struct loaded *loaded = keep();
    loaded->result =
        invoices_read(&loaded->shop, sp_text_of(content), NOW, &loaded->report, &loaded->err);
    return loaded;
}

static const struct order_line *lines_of(const struct loaded *loaded, size_t order)
{
    return book_lines(&loaded->shop.book, &loaded->shop.book.orders[order]);
}

Test(invoices, makes_one_order_of_an_invoice_and_a_unit_of_each_piece)
{
    struct loaded *loaded = load(HEADER "536365,85123A,HEART,6,2.55,17850,United Kingdom\n"
                                        "536366,22633,WARMER,2,1.8,,EIRE\n"
                                        "536365,71053,LANTERN,4,3.39,17850,United Kingdom\n");
    cr_assert_eq(loaded->result, SP_OK);
    cr_assert_eq(loaded->shop.book.order_count, 2);
    const struct order *first = &loaded->shop.book.orders[0];
    cr_assert_eq(first->line_count, 2);
    cr_assert_eq(first->units, 10);
    cr_assert_eq(first->user, 17850);
    cr_assert_eq(lines_of(loaded, 0)[1].price_minor, 339);
    cr_assert_eq(lines_of(loaded, 1)[0].price_minor, 180);
    cr_assert_str_eq(region_at(loaded->shop.book.orders[1].country)->code, "IE");
    cr_assert_eq(loaded->report.orders, 2);
}

Test(invoices, makes_a_cancelled_order_of_a_cancellation)
{
    struct loaded *loaded = load(HEADER "C536379,D,Discount,-1,27.5,14527,United Kingdom\n");
    const struct order *order = &loaded->shop.book.orders[0];
    cr_assert_eq(order->status, CANCELLED);
    cr_assert_eq(order->units, 1);
    cr_assert_neq(order->initiator, NOBODY);
    cr_assert(order->times.cancelled > order->times.created);
    cr_assert_eq(loaded->report.cancelled, 1);
}

Test(invoices, takes_a_negative_row_of_a_sale_as_a_correction_of_stock)
{
    struct loaded *loaded = load(HEADER "536589,21777,,-10,0,,United Kingdom\n");
    cr_assert_eq(loaded->shop.book.order_count, 0);
    cr_assert_eq(loaded->report.corrections, 1);
    cr_assert_eq(loaded->report.skipped, 0);
    cr_assert_neq(catalogue_find(&loaded->shop.catalogue, SP_TEXT("21777")), NAMES_NONE);
}

Test(invoices, keeps_zero_prices_and_empty_descriptions)
{
    struct loaded *loaded = load(HEADER "536414,22139,,56,0,,United Kingdom\n"
                                        "536415,BANK CHARGES,,1,15,,United Kingdom\n");
    cr_assert_eq(loaded->shop.book.order_count, 2);
    cr_assert_eq(lines_of(loaded, 0)[0].price_minor, 0);
    cr_assert_eq(loaded->shop.catalogue.products[0].title.size, 0);
    cr_assert_eq(lines_of(loaded, 1)[0].price_minor, 1500);
}

Test(invoices, leaves_broken_rows_out_and_says_which_lines_they_were)
{
    struct loaded *loaded = load(HEADER "1,A,x,1,1,,UK\n"
                                        "2,A,x,one,1,,UK\n"
                                        "3,A,\"x,1,1,,UK\n"
                                        "4,A,x,1,1,UK\n"
                                        "\n"
                                        "5,,x,1,1,,UK\n"
                                        "6,A,x,0,1,,UK\n"
                                        "7,A,x,1,1.234,,UK\n"
                                        "8,A,x,1,-1,,UK\n"
                                        "9,A,x\xff,1,1,,UK\n"
                                        "C10,A,x,1,1,,UK\n"
                                        "11,A,x,1,1,me,UK\n"
                                        "12,A,x,99999999999999999999,1,,UK\n"
                                        "13,A,x,1,1,,UK");
    static const size_t lines[] = {3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14};
    cr_assert_eq(loaded->result, SP_OK);
    cr_assert_eq(loaded->shop.book.order_count, 2);
    cr_assert_eq(loaded->report.skipped, SP_COUNT(lines));
    for (size_t i = 0; i < SP_COUNT(lines); i++) {
        cr_assert_eq(loaded->report.problems[i].line, lines[i]);
        cr_assert(loaded->report.problems[i].what[0] != '\0');
    }
}

Test(invoices, refuses_a_file_that_is_none)
{
    cr_assert_eq(load("")->result, SP_REJECT);
    cr_assert_eq(load("sku,name\n1,2\n")->result, SP_REJECT);
    struct loaded *loaded = load(HEADER);
    cr_assert_eq(loaded->result, SP_OK);
    cr_assert_eq(
        invoices_load(&loaded->shop, "/nowhere/invoices.csv", NOW, &loaded->report, &loaded->err),
        SP_REJECT);
}

/* ---- the extract that comes with the sandbox
 * ------------------------------------------------------- */

static struct loaded *load_real(void)
{
    struct loaded *loaded = keep();
    loaded->result =
        invoices_load(&loaded->shop, SANDBOX_INVOICES, NOW, &loaded->report, &loaded->err);
    cr_assert_eq(loaded->result, SP_OK, "%s", loaded->err.text);
    return loaded;
}

Test(invoices, reads_a_thousand_real_sales_whole)
{
    struct loaded *loaded = load_real();
    cr_assert_eq(loaded->report.skipped, 0);
    cr_assert_eq(loaded->report.orders - loaded->report.cancelled, 1000);
    cr_assert(loaded->report.cancelled > 100);
    cr_assert(loaded->shop.book.units > 200000);
    uint32_t most = 0;
    for (size_t i = 0; i < loaded->shop.book.order_count; i++)
        most = loaded->shop.book.orders[i].units > most ? loaded->shop.book.orders[i].units : most;
    cr_assert(most > 2000);
}

Test(history, leaves_at_least_70_in_100_awaiting_shipment_and_some_in_every_other_status)
{
    struct loaded *loaded = load_real();
    const struct order_book *book = &loaded->shop.book;
    cr_assert(book->by_status[AWAITING_SHIPMENT] * 100 >= book->order_count * 70);
    for (int i = 0; i < ORDER_STATUSES; i++)
        cr_assert(book->by_status[i] > 0, "%s", life_status_name((enum order_status)i));
}

Test(history, spreads_orders_over_fifty_days_in_the_order_of_the_file)
{
    struct loaded *loaded = load_real();
    const struct order_book *book = &loaded->shop.book;
    int64_t before = NOW - (int64_t)HISTORY_DAYS * 86400;
    for (size_t i = 0; i < book->order_count; i++) {
        const struct order_times *times = &book->orders[i].times;
        cr_assert(times->created >= before && times->created < NOW);
        cr_assert(times->updated >= times->created && times->updated < NOW);
        before = times->created;
    }
    cr_assert(book->orders[0].times.created < NOW - 49 * 86400);
    cr_assert(before > NOW - 3600);
}

Test(history, is_the_same_from_the_same_seed)
{
    struct loaded *first = load_real(), *again = load_real();
    for (size_t i = 0; i < first->shop.book.order_count; i++) {
        cr_assert_eq(first->shop.book.orders[i].status, again->shop.book.orders[i].status);
        cr_assert_eq(first->shop.book.orders[i].times.updated,
                     again->shop.book.orders[i].times.updated);
    }
}

Test(history, commits_the_units_of_open_orders)
{
    struct loaded *loaded = load_real();
    const struct shop *shop = &loaded->shop;
    uint64_t open = 0, committed = 0;
    for (size_t i = 0; i < shop->book.order_count; i++)
        open += life_is_open((enum order_status)shop->book.orders[i].status)
                    ? shop->book.orders[i].units
                    : 0;
    for (uint32_t i = 0; i < shop->catalogue.sku_count; i++)
        committed += (uint64_t)catalogue_stock(&shop->catalogue, i, 0)->committed;
    cr_assert_eq(open, committed);
}
