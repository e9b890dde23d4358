/* Exporting goods, and taking the same sheet in again. */
/* Covers: asks_export.c, export_store.c, jobs_export.c, goods_sheet.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_export, .init = begin);

static void go_on(const char *job)
{
    int runs = 0;
    while (sp_worker_job(worker, job) == SP_AGAIN)
        cr_assert_lt(++runs, 1000);
}

static void make_goods(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.save-type",
                          "{\"name\":\"เสื้อ\",\"attributes\":[{\"name\":\"สี\",\"values\":[{\"name\":"
                          "\"แดง\"}]},{\"name\":\"Size\",\"values\":[{\"name\":\"M\"}]}]}",
                          &text, NULL),
                 201, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.import",
                          "SKU;Name;Cost;Currency;Barcode;Unit;Image;Source link;Supply;Weight "
                          "(g);Product type;Product;Attributes;Bundle parts\n"
                          "=A;\"+84 \"\"cup\"\"\";12.90;USD;'=1;cái;https://a.example/b.png;"
                          "https://c.example;PURCHASED;300;เสื้อ;เสื้อยืด;\"สี=แดง; Size=M\";\n"
                          "B;杯子;0;USD;;;;;STOCKED;;;;;\n"
                          "\"C;D\";Cup;7;USD;;;;;MADE_TO_ORDER;;;;;\n"
                          "SET;Set;;;;;;;;5;;;;\"B*2\nC;D*1\n\"\n",
                          &text, NULL),
                 202, "%s", text);
    go_on("import-sheets");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), 4, "%s",
                 test_text(worker, "SELECT string_agg(code || problem, ' ') FROM sheet_line"));
}

/* All pages of the list as CSV; the caller frees it. */
static struct sp_buffer csv_of(const char *filter, const char *value, int *pages)
{
    struct sp_buffer file = {0};
    char cursor[24] = "";
    *pages = 0;
    do {
        const char *text;
        cr_assert_eq(test_ask(worker, "product-mapper.variants-csv", NULL, &text, "cursor", cursor,
                              filter, value, NULL),
                     200, "%s", text);
        const char *page = strchr(text, '\n');
        (void)snprintf(cursor, sizeof cursor, "%.*s", (int)(page - text), text);
        sp_buffer_put_string(&file, page + 1);
        ++*pages;
    } while (cursor[0] != '\0');
    sp_buffer_put(&file, "", 1);
    return file;
}

static void changes_nothing(const char *query)
{
    go_on("import-sheets");
    cr_assert_eq(test_number(worker, "SELECT unchanged FROM sheet_import ORDER BY import_id DESC "
                                     "LIMIT 1"),
                 4, "%s",
                 test_text(worker, "SELECT problem || (SELECT coalesce(string_agg(line || outcome "
                                   "|| code, ' '), '') FROM sheet_line l WHERE l.import_id = "
                                   "i.import_id) FROM sheet_import i ORDER BY import_id DESC LIMIT "
                                   "1"));
    static char before[64];
    if (before[0] != '\0')
        cr_assert_str_eq(test_text(worker, query), before);
    (void)snprintf(before, sizeof before, "%s", test_text(worker, query));
}

Test(asks_export, changes_nothing_when_it_comes_back)
{
    static const char all[] = "SELECT md5(string_agg(v::text, '' ORDER BY sku)) FROM variant v";
    const char *text;
    int pages = 0;
    make_goods();
    struct sp_buffer file = csv_of("q", "", &pages);
    cr_assert_eq(test_ask(worker, "product-mapper.import", file.data, &text, NULL), 202);
    changes_nothing(all);
    sp_buffer_free(&file);
    cr_assert_eq(test_ask(worker, "product-mapper.workbook", "{}", &text, NULL), 202, "%s", text);
    go_on("write-workbooks");
    /* The workbook as it was written goes in as an upload. */
    test_sql(worker, "INSERT INTO sheet_import (account_id, import_id, check_only, name, language, "
                     "made_by, file) SELECT 1, nextval('sheet_id'), false, 'back', 'en', 'tester', "
                     "string_agg(body, '' ORDER BY piece) FROM sheet_piece");
    changes_nothing(all);
}

Test(asks_export, comes_page_by_page_and_takes_the_lists_filter)
{
    int pages = 0;
    test_sql(worker, "INSERT INTO variant (account_id, variant_id, rev, sku, name, supply, "
                     "cost_minor, currency, saved_by) SELECT 1, n, 1, 'S' || n, 'Name', CASE WHEN "
                     "n > 3 THEN 'STOCKED' ELSE 'PURCHASED' END, 5, 'VND', 'x' FROM "
                     "generate_series(1, 2500) n");
    struct sp_buffer file = csv_of("supply", "STOCKED", &pages);
    size_t lines = 0;
    for (const char *at = file.data; (at = strstr(at, "\r\n")) != NULL; at += 2)
        lines++;
    cr_assert_eq(pages, 3);
    cr_assert_eq(lines, 2500 - 3 + 1);
    sp_buffer_free(&file);
}

Test(asks_export, gives_a_workbook_in_pieces)
{
    const char *text;
    char id[24];
    make_goods();
    cr_assert_eq(
        test_ask(worker, "product-mapper.workbook", "{\"supply\":\"STOCKED\"}", &text, NULL), 202);
    go_on("write-workbooks");
    (void)snprintf(id, sizeof id, "%lld",
                   (long long)test_number(worker, "SELECT export_id FROM sheet_export"));
    cr_assert_eq(test_ask(worker, "product-mapper.workbook-state", NULL, &text, "id", id, NULL),
                 200);
    cr_assert(strstr(text, "\"state\" : \"DONE\", \"lines\" : 2") != NULL, "%s", text);
    test_sql(worker, "INSERT INTO sheet_piece SELECT account_id, export_id, 2, 'last' FROM "
                     "sheet_export");
    cr_assert_eq(test_ask(worker, "product-mapper.workbook-file", NULL, &text, "id", id, NULL),
                 200);
    cr_assert(strncmp(text, "2\nPK", 4) == 0, "%.8s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.workbook-file", NULL, &text, "id", id, "cursor",
                          "2", NULL),
                 200);
    cr_assert_str_eq(text, "\nlast");
}

Test(asks_export, begins_anew_when_its_writer_died_and_refuses_what_it_cannot_do)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.workbook", "[]", &text, NULL), 400);
    cr_assert_eq(test_ask(worker, "product-mapper.workbook-file", NULL, &text, "id", "99", NULL),
                 404);
    cr_assert_eq(test_ask(worker, "product-mapper.workbook", "{}", &text, NULL), 202);
    test_sql(worker, "INSERT INTO sheet_piece SELECT account_id, export_id, 1, 'half' FROM "
                     "sheet_export");
    test_sql(worker, "UPDATE sheet_export SET attempt = 1, due = now() + interval '1 hour'");
    cr_assert_eq(sp_worker_job(worker, "write-workbooks"), SP_OK, "it has a writer");
    test_sql(worker, "UPDATE sheet_export SET due = now()");
    go_on("write-workbooks");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM sheet_piece WHERE body <> 'half'"), 1);
    test_sql(worker, "UPDATE sheet_export SET made_at = now() - interval '2 days'");
    cr_assert_eq(sp_worker_job(worker, "forget-sheets"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM sheet_piece"), 0);
}

Test(asks_export, ends_with_the_reason_when_the_database_never_gives_it)
{
    const char *text;
    char id[24];
    cr_assert_eq(test_ask(worker, "product-mapper.workbook", "{}", &text, NULL), 202);
    (void)snprintf(id, sizeof id, "%lld",
                   (long long)test_number(worker, "SELECT export_id FROM sheet_export"));
    test_sql(worker, "ALTER TABLE product RENAME COLUMN name TO gone");
    go_on("write-workbooks");
    cr_assert_eq(test_ask(worker, "product-mapper.workbook-state", NULL, &text, "id", id, NULL),
                 200);
    cr_assert(strstr(text, "\"state\" : \"REFUSED\"") != NULL, "%s", text);
    cr_assert(strstr(text, "name") != NULL, "the reason: %s", text);
}
