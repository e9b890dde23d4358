/* Orders made by hand, as lines of a file. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/order-ingest/manual_sheet.h"

#define HEAD "reference,currency,sku,units,product,price,cod,shipping,note,customer,phone,address\n"

static struct sp_arena *arena;
static struct manual_sheet sheet;
static struct sp_error why;

static void begin(void)
{
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(manual_sheet, .init = begin, .fini = end);

static enum sp_result read_text(const char *text)
{
    return manual_sheet_read(sp_text_of(text), arena, &sheet, &why);
}

/* What is wrong with each order, "CODE@line": "" of those with nothing. */
static const char *faults(const char *text)
{
    static char said[512];
    cr_assert_eq(read_text(text), SP_OK, "%s", why.text);
    said[0] = '\0';
    for (size_t i = 0; i < sheet.count; i++) {
        const struct manual_fault *fault = &sheet.orders[i].fault;
        size_t used = strlen(said);
        (void)snprintf(said + used, sizeof said - used, "%s%s@%zu", i > 0 ? " " : "",
                       fault->code == NULL ? "" : fault->code, fault->line);
    }
    return said;
}

Test(manual_sheet, gathers_the_lines_of_an_order)
{
    cr_assert_str_eq(faults(HEAD "M-1,USD,MUG,2,Mug,12.90,yes,3,ring,Ana,'+84 91,\"1, Main St\"\n"
                                 "M-2,VND,TEE,1,,129000,,,,,,\n"
                                 "M-1,,CUP,1,Cup,0.5,,,,,,\n"),
                     "@0 @0");
    const struct manual_order *order = &sheet.orders[0].order;
    cr_assert_eq(order->line_count, 2);
    cr_assert(order->is_cod && order->shipping_minor == 300);
    cr_assert_eq(order->lines[0].price_minor, 1290);
    cr_assert_eq(order->lines[1].price_minor, 50);
    cr_assert(sp_text_is(order->phone, "+84 91") && sp_text_is(order->address, "1, Main St"));
    cr_assert_eq(sheet.orders[0].lines_at[1], 4);
    cr_assert_eq(sheet.orders[1].order.lines[0].price_minor, 129000, "dong have no cents");
    cr_assert_eq(sheet.orders[1].line, 3);
    cr_assert_eq(sheet.lines, 3);
}

Test(manual_sheet, knows_its_columns_in_every_language_and_order)
{
    cr_assert_str_eq(faults("SKU;Số lượng;mã đơn;tiền tệ;anything\nMUG;2;M-1;VND;x\n"), "@0");
    cr_assert_str_eq(faults("编号\t币种\t货号\t数量\t单价\nM-1\tCNY\tMUG\t2\t9.9\n"), "@0");
    cr_assert_eq(sheet.orders[0].order.lines[0].price_minor, 990);
    cr_assert_eq(read_text("reference,currency,sku\nM-1,USD,MUG\n"), SP_REJECT);
    cr_assert(strstr(why.text, "units") != NULL, "%s", why.text);
    cr_assert_eq(read_text(""), SP_REJECT);
}

Test(manual_sheet, says_of_each_order_what_is_wrong_and_in_which_line)
{
    cr_expect_str_eq(
        faults(HEAD "M-1,USD,MUG,2,,,,,,,,\n"
                    "M-1,EUR,MUG,1,,,,,,,,\n"
                    "M-2,USD,MUG,0,,,,,,,,\n"
                    "M-3,USD,MUG,1,,12.901,,,,,,\n"
                    "M-4,USD,MUG,1,,,maybe,,,,,\n"
                    ",USD,MUG,1,,,,,,,,\n"
                    "M-5,USD,MUG,1,\"x\" y,,,,,,,\n"
                    "M-6,USD,MUG,1,,,,,,,,\n"
                    "M-6,USD,,1,,,,,,,,\n"
                    "M/7,USD,MUG,1,,,,,,,,\n"),
        "ORDER_DIFFERS@3 LINE_UNITS_BAD@4 PRICE_BAD@5 COD_BAD@6 REFERENCE_BAD@7 LINE_BAD@8 "
        "SKU_BAD@10 REFERENCE_BAD@11");
}

Test(manual_sheet, has_a_limit)
{
    struct sp_buffer text = {0};
    for (int orders = MANUAL_SHEET_ORDERS; orders <= MANUAL_SHEET_ORDERS + 1; orders++) {
        sp_buffer_reset(&text);
        sp_buffer_put_string(&text, "reference,currency,sku,units\n");
        for (int i = 0; i < orders; i++)
            sp_buffer_printf(&text, "M-%d,USD,MUG,1\n", i);
        cr_assert_eq(manual_sheet_read(sp_buffer_text(&text), arena, &sheet, &why),
                     orders == MANUAL_SHEET_ORDERS ? SP_OK : SP_REJECT);
    }
    sp_buffer_reset(&text);
    sp_buffer_put_string(&text, "reference,currency,sku,units\n");
    for (int i = 0; i <= MANUAL_LINES; i++)
        sp_buffer_put_string(&text, "M-1,USD,MUG,1\n");
    cr_assert_eq(manual_sheet_read(sp_buffer_text(&text), arena, &sheet, &why), SP_OK);
    cr_assert_str_eq(sheet.orders[0].fault.code, "LINES_BAD");
    sp_buffer_free(&text);
}
