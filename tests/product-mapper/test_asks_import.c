/* Saving variants from a file. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_import, .init = begin);

static int import(const char *file, const char **text)
{
    return test_ask(worker, "product-mapper.import-variants", file, text, NULL);
}

#define HEADER "sku,name,cost_minor,currency,supply,barcode,weight_g\r\n"

Test(asks_import, keeps_good_lines_and_lists_the_others)
{
    const char *text;
    const char *file = HEADER "CUP,\"Cup, \"\"blue\"\"\",50000,VND,STOCKED,893,300\r\n"
                              "BOWL,Bowl,many,VND,STOCKED,,\r\n"
                              "TRAY,\"Two\r\nlines\",1,VND,STOCKED,,\r\n"
                              "LAMP,Lamp,70000,VND,MADE_TO_ORDER,,\r\n"
                              "CUP,Cup again,1,VND,STOCKED,,\r\n"
                              ",No SKU,1,VND,STOCKED,,\r\n";
    cr_assert_eq(import(file, &text), 200, "%s", text);
    cr_assert(strstr(text, "\"created\":2,\"updated\":0,\"unchanged\":0,\"error_count\":4") != NULL,
              "%s", text);
    cr_assert(strstr(text, "{\"line\":3,\"problem\":\"cost_minor") != NULL, "%s", text);
    cr_assert(strstr(text, "{\"line\":4,") != NULL && strstr(text, "{\"line\":7,") != NULL, "%s",
              text);
    cr_assert(strstr(text, "{\"line\":8,") != NULL, "%s", text);
    cr_assert_str_eq(test_text(worker, "SELECT name FROM variant WHERE sku = 'CUP'"),
                     "Cup, \"blue\"");
    size_t count = 0;
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 2);
}

Test(asks_import, says_what_it_changed_and_emits_only_that)
{
    const char *text;
    cr_assert_eq(import(HEADER "CUP,Cup,1,VND,STOCKED,893,300\nBOWL,Bowl,2,VND,STOCKED,,\n", &text),
                 200);
    test_clear_outbox(worker);
    cr_assert_eq(
        import(
            "sku,name,cost_minor,currency,supply\nCUP,Cup,1,VND,STOCKED\nBOWL,Bowl,3,VND,STOCKED\n"
            "TRAY,Tray,4,VND,STOCKED\n",
            &text),
        200, "%s", text);
    cr_assert(strstr(text, "\"created\":1,\"updated\":1,\"unchanged\":1") != NULL, "%s", text);
    cr_assert_str_eq(test_text(worker, "SELECT barcode FROM variant WHERE sku = 'CUP'"), "893",
                     "no such column: kept");
    size_t count = 0;
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 2);
}

Test(asks_import, refuses_files_it_cannot_read)
{
    const char *text;
    cr_assert_eq(import("", &text), 422);
    cr_assert_eq(import("sku,name\nA,B\n", &text), 422);
    cr_assert(strstr(text, "COLUMNS_BAD") != NULL);
    cr_assert_eq(import(HEADER, &text), 200, "nothing in it: nothing done");
}

Test(asks_import, links_what_it_brings)
{
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    const char *text;
    cr_assert_eq(import(HEADER "MUG-1,Mug,1,VND,STOCKED,,\nSHIRT-1,Shirt,2,VND,STOCKED,,\n", &text),
                 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE problem = ''"), 2);
}

Test(asks_import, takes_ten_thousand_lines)
{
    enum { LINES = 10000 };
    static char file[LINES * 48 + 64];
    size_t at = (size_t)snprintf(file, sizeof file, HEADER);
    for (int i = 0; i < LINES; i++)
        at += (size_t)snprintf(file + at, sizeof file - at, "SKU-%05d,Name %d,%d,VND,STOCKED,,\n",
                               i, i, i);
    const char *text;
    cr_assert_eq(import(file, &text), 200, "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), LINES);
}
