/* Workbooks: what is written is read, and what is hostile is refused. */
/* Covers: xlsx_number.c, xlsx_read.c, xlsx_write.c. */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "services/product-mapper/xlsx_read.h"
#include "services/product-mapper/xlsx_write.h"

static struct sp_error err;

/* Each line as "line:field|field", one after the other. */
static enum sp_result note(void *owner, const struct sp_sheet_record *record)
{
    struct sp_buffer *out = owner;
    sp_buffer_printf(out, "%lld:", (long long)record->line);
    for (size_t i = 0; i < record->count; i++)
        sp_buffer_printf(out, "%s%.*s", i > 0 ? "|" : "", SP_FMT(record->fields[i]));
    sp_buffer_printf(out, "%s\n", record->problem == NULL ? "" : "!");
    return SP_OK;
}

static const char *read_all(struct sp_text file)
{
    static struct sp_buffer out;
    sp_buffer_reset(&out);
    err.text[0] = '\0';
    enum sp_result result = mapper_read_xlsx(file, note, &out, &err);
    if (result != SP_OK)
        return err.text;
    sp_buffer_put(&out, "", 1);
    return out.data;
}

Test(xlsx, reads_what_it_writes)
{
    const struct sp_text lines[][3] = {
        {SP_TEXT("SKU"), SP_TEXT("Tên"), SP_TEXT("名称")},
        {SP_TEXT("123456789012345678"), {0}, SP_TEXT("=1+1")},
        {SP_TEXT("a\nb"), SP_TEXT("<&>\""), {0}},
    };
    struct xlsx_writer *writer = mapper_xlsx_open();
    struct sp_buffer file = {0};
    for (size_t i = 0; i < SP_COUNT(lines); i++)
        mapper_xlsx_put(writer, lines[i], 3);
    cr_assert_eq(mapper_xlsx_close(&writer, &file, &err), SP_OK, "%s", err.text);
    cr_assert(mapper_is_xlsx(sp_buffer_text(&file)));
    cr_assert_str_eq(read_all(sp_buffer_text(&file)),
                     "1:SKU|Tên|名称\n2:123456789012345678||=1+1\n3:a\nb|<&>\"\n");
    sp_buffer_free(&file);
}

/* What has a name, and would stay when we died. */
static size_t left_behind(void)
{
    glob_t found = {0};
    (void)glob("/tmp/sampan-??????", 0, NULL, &found);
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

Test(xlsx, is_written_without_a_name)
{
    size_t before = left_behind();
    struct sp_buffer file = {0};
    struct xlsx_writer *writer = mapper_xlsx_open();
    mapper_xlsx_put(writer, &SP_TEXT("SKU"), 1);
    cr_assert_eq(left_behind(), before);
    cr_assert_eq(mapper_xlsx_close(&writer, &file, &err), SP_OK, "%s", err.text);
    cr_assert_eq(left_behind(), before);
    sp_buffer_free(&file);
}

struct entry {
    const char *name, *text;
};
#define BOOK                                                                                       \
    {"xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet r:id=\"r2\"/><sheet "              \
                        "r:id=\"r1\"/></sheets></workbook>"},                                      \
    {                                                                                              \
        "xl/_rels/workbook.xml.rels",                                                              \
            "<Relationships><Relationship Id=\"r1\" Target=\"no.xml\"/>"                           \
            "<Relationship Id=\"r2\" Target=\"/xl/worksheets/two.xml\"/></Relationships>"          \
    }

/* An archive of these; the caller frees it. */
static struct sp_text packed(const struct entry entries[], size_t count)
{
    char path[] = "/tmp/sampan-xlsx-XXXXXX";
    int made = mkstemp(path), failed = 0;
    cr_assert_geq(made, 0);
    zip_t *archive = zip_open(path, ZIP_TRUNCATE, &failed);
    cr_assert_not_null(archive);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source =
            zip_source_buffer(archive, entries[i].text, strlen(entries[i].text), 0);
        cr_assert_geq(zip_file_add(archive, entries[i].name, source, 0), 0);
    }
    cr_assert_eq(zip_close(archive), 0);
    FILE *file = fopen(path, "rb");
    char *data = sp_alloc(4 * 1024 * 1024);
    size_t size = fread(data, 1, 4 * 1024 * 1024, file);
    (void)fclose(file);
    (void)remove(path);
    return (struct sp_text){data, size};
}

static const char *read_entries(const struct entry entries[], size_t count)
{
    struct sp_text file = packed(entries, count);
    const char *result = read_all(file);
    free((void *)(uintptr_t)file.data);
    return result;
}

Test(xlsx, reads_what_other_programs_write)
{
    const struct entry entries[] = {
        BOOK,
        {"xl/sharedStrings.xml",
         "<x:sst xmlns:x=\"m\"><x:si><x:t>Cup</x:t></x:si><x:si><x:r><x:t>Ti</x:t></x:r><x:r><x:t>"
         "n</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si></x:sst>"},
        {"xl/worksheets/two.xml",
         "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
         "t=\"s\"><v>1</v></c></row><row r=\"2\"/><row r=\"4\"><c "
         "r=\"A4\"><v>12.900000000000000355</v></c><c><f>1+1</f><v>2</v></c><c "
         "t=\"inlineStr\"><is><t>in</t></is></c><c t=\"str\"><f>A1</f><v>Cup</v></c></row>"
         "<row><c><v>-0.30000000000000004</v></c><c><v>1.5E3</v></c><c><v>99999999999999.99</v></"
         "c><c><v>2.7755575615628914E-17</v></c></row><row><c><v>1.23456789012345678E+17</v></c></"
         "row><row><c "
         "t=\"e\"><v>#REF!</v></c></row></sheetData></worksheet>"},
    };
    cr_assert_str_eq(read_entries(entries, SP_COUNT(entries)),
                     "1:Cup||Tin\n4:12.9|2|in|Cup\n5:-0.3|1500|100000000000000|0\n6:!\n7:#REF!!\n");
}

Test(xlsx, refuses_what_is_no_workbook_or_means_harm)
{
    const struct entry other[] = {{"readme.txt", "hello"}};
    const struct entry no_sheet[] = {BOOK};
    const struct entry no_xml[] = {BOOK, {"xl/worksheets/two.xml", "<worksheet><row>"}};
    const struct entry billion[] = {
        BOOK,
        {"xl/worksheets/two.xml",
         "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>"}};
    cr_assert(strstr(read_entries(other, SP_COUNT(other)), "NOT_A_WORKBOOK") != NULL);
    cr_assert(strstr(read_entries(no_sheet, SP_COUNT(no_sheet)), "WORKBOOK_WITHOUT_SHEET") != NULL);
    cr_assert(strstr(read_entries(no_xml, SP_COUNT(no_xml)), "WORKBOOK_NOT_XML") != NULL);
    cr_assert(strstr(read_entries(billion, SP_COUNT(billion)), "WORKBOOK_WITH_DOCTYPE") != NULL);
    cr_assert(strstr(read_all(SP_TEXT("PK\3\4nothing")), "WORKBOOK_UNOPENED") != NULL);
}

Test(xlsx, refuses_texts_that_unpack_to_too_much)
{
    static const char open[] = "<sst><si><t>", close[] = "</t></si></sst>";
    size_t size = XLSX_STRING_BYTES + 1024;
    char *bomb = sp_alloc(size + sizeof open + sizeof close);
    memcpy(bomb, open, sizeof open - 1);
    for (size_t at = sizeof open - 1; at < size; at++)
        bomb[at] = at % 1000 == 0 ? '\0' : 'x';
    for (size_t at = 1000; at + 20 < size; at += 1000)
        memcpy(bomb + at, "</t></si><si><t>", 16);
    memcpy(bomb + size, close, sizeof close);
    const struct entry entries[] = {BOOK, {"xl/sharedStrings.xml", bomb}};
    struct sp_text file = packed(entries, SP_COUNT(entries));
    cr_assert_lt(file.size, 1024 * 1024, "it is a bomb: %zu bytes", file.size);
    cr_assert(strstr(read_all(file), "WORKBOOK_TOO_BIG") != NULL, "%s", err.text);
    free((void *)(uintptr_t)file.data);
    free(bomb);
}
