/* Importing sheets: checked, done, interrupted, refused. */
/* Covers: asks_import.c, import_store.c, import_job_store.c, jobs_import.c, sheet_stage.c,
 * sheet_batch.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/product-mapper/import_store.h"
#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_import, .init = begin);

static void go_on(void)
{
    int runs = 0;
    while (sp_worker_job(worker, "import-sheets") == SP_AGAIN)
        cr_assert_lt(++runs, 1000);
}

static const char *state_of(int64_t id)
{
    char number[24];
    const char *text;
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    cr_assert_eq(test_ask(worker, "product-mapper.import-state", NULL, &text, "id", number, NULL),
                 200);
    return text;
}

static int64_t upload(const char *file, const char *check)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.import", file, &text, "name", "goods.csv",
                          "check", check, NULL),
                 202, "%s", text);
    return test_number(worker, "SELECT max(import_id) FROM sheet_import");
}

/* Uploads, does all of it, and returns what became of it. */
static const char *import(const char *file)
{
    int64_t id = upload(file, "false");
    go_on();
    return state_of(id);
}

static void says(const char *text, const char *part)
{
    cr_assert(strstr(text, part) != NULL, "no %s in %s", part, text);
}

static size_t emitted(void)
{
    size_t count = 0;
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    return count;
}

#define HEADER "sku,name,cost_minor,currency,supply,barcode,weight_g\r\n"

Test(asks_import, keeps_good_lines_and_lists_the_others)
{
    const char *text = import(HEADER "CUP,\"Cup, \"\"blue\"\"\",50000,VND,STOCKED,893,300\r\n"
                                     "BOWL,Bowl,many,VND,STOCKED,,\r\n"
                                     "TRAY,\"Two\r\nlines\",1,VND,STOCKED,,\r\n"
                                     "LAMP,Lamp,70000,VND,MADE_TO_ORDER,,\r\n"
                                     "CUP,Cup again,1,VND,STOCKED,,\r\n"
                                     ",No SKU,1,VND,STOCKED,,\r\n");
    says(text, "\"state\" : \"DONE\"");
    says(text, "\"lines\" : 6, \"done\" : 6, \"created\" : 2");
    says(text, "\"wrong\" : 4");
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(line || code, ' ' ORDER BY line) FROM "
                                       "sheet_line WHERE outcome = 'WRONG'"),
                     "3COST_NOT_NUMBER 4TEXT_BAD 7SKU_TWICE 8SKU_BAD");
    cr_assert_str_eq(test_text(worker, "SELECT name FROM variant WHERE sku = 'CUP'"),
                     "Cup, \"blue\"");
    cr_assert_eq(emitted(), 2);
}

Test(asks_import, checks_without_doing_and_then_does_it)
{
    const char *text;
    (void)import(HEADER "CUP,Cup,1,VND,STOCKED,,\n");
    test_clear_outbox(worker);
    int64_t id = upload(HEADER "CUP,New name,1,VND,STOCKED,,\nBOWL,Bowl,2,VND,STOCKED,,\n"
                               "LAMP,Lamp,?,VND,STOCKED,,\n",
                        "true");
    go_on();
    text = state_of(id);
    says(text, "\"state\" : \"CHECKED\"");
    says(text, "\"created\" : 1, \"updated\" : 1, \"unchanged\" : 0, \"wrong\" : 1");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM catalogue_history"), 1);
    cr_assert_eq(emitted(), 0);
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    cr_assert_eq(test_ask(worker, "product-mapper.run-import", NULL, &text, "id", number, NULL),
                 202, "%s", text);
    go_on();
    says(state_of(id), "\"state\" : \"DONE\"");
    says(state_of(id), "\"created\" : 1, \"updated\" : 1, \"unchanged\" : 0, \"wrong\" : 1");
    cr_assert_eq(emitted(), 2);
    cr_assert_eq(test_ask(worker, "product-mapper.run-import", NULL, &text, "id", number, NULL),
                 409);
}

Test(asks_import, says_what_it_changed_and_emits_only_that)
{
    (void)import(HEADER "CUP,Cup,1,VND,STOCKED,893,300\nBOWL,Bowl,2,VND,STOCKED,,\n");
    test_clear_outbox(worker);
    says(import("sku;name;cost_minor\nCUP;Cup;1\nBOWL;Bowl;3\nTRAY;Tray;4\n"),
         "\"created\" : 1, \"updated\" : 1, \"unchanged\" : 1");
    cr_assert_str_eq(test_text(worker, "SELECT barcode FROM variant WHERE sku = 'CUP'"), "893",
                     "no such column: kept");
    cr_assert_eq(emitted(), 2);
}

Test(asks_import, makes_products_variants_and_bundles_by_name)
{
    const char *text;
    cr_assert_eq(
        test_ask(worker, "product-mapper.save-type",
                 "{\"name\":\"Áo\",\"attributes\":[{\"name\":\"Màu\",\"values\":[{\"name\":"
                 "\"Đỏ\"},{\"name\":\"Xanh\"}]}]}",
                 &text, NULL),
        201, "%s", text);
    static const char sheet[] = "Mã SKU,Tên,Loại sản phẩm,Sản phẩm,Thuộc tính,Thành phần combo\n"
                                "SET,Bộ,,,,A-1*2; A-2*1\n"
                                "A-1,Áo đỏ,Áo,Áo thun,Màu=Đỏ,\n"
                                "A-2,Áo xanh,Áo,Áo thun,Màu=Xanh,\n"
                                "A-3,Áo đỏ nữa,Áo,Áo thun,Màu=Đỏ,\n"
                                "A-4,Áo tím,Áo,Áo thun,Màu=Tím,\n"
                                "A-5,Mũ,Mũ,Mũ len,,\n"
                                "SET-2,Bộ bộ,,,,SET*1\n"
                                "SET-3,Bộ,,,,NONE*1\n";
    int64_t id = upload(sheet, "true");
    go_on();
    says(state_of(id), "\"created\" : 3");
    says(import(sheet), "\"created\" : 3");
    says(import(sheet), "\"created\" : 0, \"updated\" : 0, \"unchanged\" : 3");
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(sku || ' ' || code, ', ' ORDER BY line) "
                                       "FROM sheet_line WHERE outcome = 'WRONG' AND import_id = "
                                       "(SELECT max(import_id) FROM sheet_import)"),
                     "A-3 VALUES_TAKEN, A-4 REFERENCE_UNKNOWN, A-5 REFERENCE_UNKNOWN, "
                     "SET-2 PART_IS_BUNDLE, SET-3 PART_UNKNOWN");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM product"), 1);
    cr_assert_eq(test_number(worker, "SELECT jsonb_array_length(parts) FROM variant WHERE sku = "
                                     "'SET'"),
                 2);
}

Test(asks_import, gives_the_wrong_lines_back_as_a_file)
{
    char number[24];
    const char *text;
    int64_t id = upload("sku,name\nCUP,Cup\n,\"=Nameless\"\n", "false");
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    go_on();
    cr_assert_eq(test_ask(worker, "product-mapper.import-errors", NULL, &text, "id", number, NULL),
                 200);
    says(text, "\n\xEF\xBB\xBF\"line\",\"problem\",\"sku\",\"name\"\r\n\"3\",\"SKU_BAD: ");
    says(text, ",,\"'=Nameless\"\r\n");
    cr_assert_eq(test_ask(worker, "product-mapper.import-lines", NULL, &text, "id", number,
                          "outcome", "WRONG", NULL),
                 200);
    says(text, "\"line\" : 3");
    cr_assert(strstr(text, "CUP") == NULL, "%s", text);
}

Test(asks_import, refuses_files_it_cannot_read_and_says_why)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.import", NULL, &text, NULL), 422);
    static const char *const files[] = {"\xEF\xBB\xBF", "name\nA\n", "sku,name\n\x81\xFF\xFF,x\n",
                                        "PK\3\4 no workbook"};
    static const char *const why[] = {"FILE_EMPTY", "HEADING_SKU_MISSING", "ENCODING_UNKNOWN",
                                      "WORKBOOK_UNOPENED"};
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        text = import(files[i]);
        says(text, "\"state\" : \"REFUSED\"");
        says(text, why[i]);
    }
    says(import(HEADER), "\"state\" : \"DONE\"");
}

Test(asks_import, links_what_it_brings)
{
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    (void)import("sku,name\nMUG-1,Mug\nSHIRT-1,Shirt\n");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE problem = ''"), 2);
}

Test(asks_import, reads_again_what_a_dead_reader_left_and_goes_on_where_it_was)
{
    enum { LINES = 1200 };
    static char file[LINES * 32 + 64];
    size_t at = (size_t)snprintf(file, sizeof file, "sku,name\n");
    for (int i = 0; i < LINES; i++)
        at += (size_t)snprintf(file + at, sizeof file - at, "SKU-%05d,Name %d\n", i, i);
    int64_t id = upload(file, "false");
    test_sql(worker, "INSERT INTO sheet_line (account_id, import_id, position, line, sku, fields, "
                     "readable) SELECT 1, import_id, 1, 2, 'HALF', '{HALF}', true FROM "
                     "sheet_import");
    test_sql(worker, "UPDATE sheet_import SET due = now() + interval '1 hour', attempt = 1");
    cr_assert_eq(sp_worker_job(worker, "import-sheets"), SP_OK, "it has a reader");
    test_sql(worker, "UPDATE sheet_import SET due = now()");
    cr_assert_eq(sp_worker_job(worker, "import-sheets"), SP_AGAIN, "read");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM sheet_line"), LINES);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM sheet_import WHERE file IS NULL"), 1);
    cr_assert_eq(sp_worker_job(worker, "import-sheets"), SP_AGAIN, "some lines");
    says(state_of(id), "\"done\" : 500");
    go_on();
    says(state_of(id), "\"created\" : 1200");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), LINES);
    cr_assert_eq(emitted(), LINES);
}

Test(asks_import, reads_no_file_for_ever_that_ends_its_readers)
{
    int64_t id = upload("sku,name\nCUP,Cup\n", "false");
    test_sql(worker, "UPDATE sheet_import SET attempt = 10");
    go_on();
    says(state_of(id), "\"state\" : \"REFUSED\"");
    says(state_of(id), "READ_NEVER_ENDED");
    id = upload("sku,name\nCUP,Cup\n", "false");
    test_sql(worker, "UPDATE sheet_import SET attempt = 9 WHERE state = 'READING'");
    go_on();
    says(state_of(id), "\"state\" : \"DONE\"");
}

Test(asks_import, refuses_more_lines_than_it_takes)
{
    enum { LINES = 100001 };
    struct sp_buffer file = {0};
    sp_buffer_put_string(&file, "sku\n");
    for (int i = 0; i < LINES; i++)
        sp_buffer_printf(&file, "%d\n", i);
    sp_buffer_put(&file, "", 1);
    says(import(file.data), "SHEET_TOO_LONG");
    sp_buffer_free(&file);
}

Test(asks_import, a_sku_longer_than_any_is_one_wrong_line)
{
    enum { SKU_BYTES = 8000 }; /* that do not pack: an index takes a third of them */
    struct sp_buffer file = {0};
    uint32_t seed = 1;
    sp_buffer_put_string(&file, "sku,name\nCUP,Cup\n");
    for (int i = 0; i < SKU_BYTES; i++) {
        seed = seed * 1664525 + 1013904223;
        sp_buffer_put(
            &file, &"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"[seed >> 26],
            1);
    }
    sp_buffer_put_string(&file, ",Bowl\n");
    sp_buffer_put(&file, "", 1);
    const char *text = import(file.data);
    says(text, "\"state\" : \"DONE\"");
    says(text, "\"created\" : 1, \"updated\" : 0, \"unchanged\" : 0, \"wrong\" : 1");
    sp_buffer_free(&file);
}

Test(asks_import, lines_that_the_database_never_takes_end_it_with_the_reason)
{
    test_sql(worker, "ALTER TABLE sheet_line ADD CONSTRAINT no_poison CHECK (sku <> 'POISON') "
                     "NOT VALID");
    test_sql(worker,
             "ALTER TABLE variant ADD CONSTRAINT no_venom CHECK (sku <> 'VENOM') NOT VALID");
    const char *text = import("sku,name\nPOISON,Cup\n");
    says(text, "\"state\" : \"REFUSED\"");
    says(text, "no_poison");
    text = import("sku,name\nVENOM,Cup\n");
    says(text, "\"state\" : \"REFUSED\"");
    says(text, "no_venom");
}

/* What a replica had found that slept since, while another went on and a person said: do it. */
static enum sp_result write_late(struct sp_ctx *ctx, void *context)
{
    struct import_place *place = context;
    const struct line_outcome outcome = {1, "CREATED", "", ""};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *held = store_put_outcomes(ctx, place, &outcome, 1);
    cr_assert_not_null(held);
    cr_assert_eq(sp_rows_count(held), 0);
    store_refuse_import(ctx, place, SP_TEXT("late"));
    return sp_commit(ctx);
}

Test(asks_import, a_replica_that_is_late_changes_nothing)
{
    const char *text;
    char number[24];
    int64_t id = upload("sku,name\nCUP,Cup\n", "true");
    struct import_place place = {{1, id}, true, 0};
    go_on();
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    cr_assert_eq(test_ask(worker, "product-mapper.run-import", NULL, &text, "id", number, NULL),
                 202);
    cr_assert_eq(sp_worker_call(worker, write_late, &place), SP_OK);
    go_on();
    cr_assert_eq(sp_worker_call(worker, write_late, &place), SP_OK);
    says(state_of(id), "\"state\" : \"DONE\"");
    says(state_of(id), "\"created\" : 1, \"updated\" : 0");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), 1);
}

/* Another replica took the file when this one had been silent for too long. */
static enum sp_result read_late(struct sp_ctx *ctx, void *context)
{
    const struct import_key *key = context;
    const struct staged_line line = {.position = 1, .line = 2};
    const struct import_reading reading = {.lines = 1};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *held = store_stage_lines(ctx, *key, 1, &line, 1);
    cr_assert_not_null(held);
    cr_assert_eq(sp_rows_count(held), 0);
    store_end_reading(ctx, *key, 1, &reading);
    return sp_commit(ctx);
}

Test(asks_import, a_reader_that_is_late_writes_nothing)
{
    struct import_key key = {1, upload("sku,name\nCUP,Cup\n", "false")};
    test_sql(worker, "UPDATE sheet_import SET attempt = 2");
    cr_assert_eq(sp_worker_call(worker, read_late, &key), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM sheet_line"), 0);
    says(state_of(key.import_id), "\"state\" : \"READING\"");
    go_on();
    says(state_of(key.import_id), "\"created\" : 1");
}
