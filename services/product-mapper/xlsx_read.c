/* The first sheet of an XLSX workbook, line by line. */
#include "services/product-mapper/xlsx_read.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "common/buffer.h"
#include "services/product-mapper/xlsx_number.h"

enum { BLOCK_BYTES = 64 * 1024, NAME_BYTES = 256 };

enum cell_kind { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_ERROR };

struct workbook {
    zip_t *archive;
    struct sp_error *err;
    enum sp_result result;
    XML_Parser parser;
    char sheet_id[NAME_BYTES], sheet[NAME_BYTES]; /* the first sheet's relation, and its file */
    struct sp_buffer texts;                       /* the shared ones, one behind the other */
    size_t *ends;                                 /* of text i */
    size_t text_count, text_room;
    struct sp_buffer value; /* of the element that is being read */
    bool in_value, in_phonetic;
    enum cell_kind kind;
    size_t column;
    struct sp_buffer line; /* the fields' bytes */
    struct {
        size_t at, size;
    } fields[SP_SHEET_FIELDS];
    struct sp_sheet_record record;
    sheet_taker *take;
    void *owner;
};

/* Ends the reading with the first problem. */
static void stop(struct workbook *book, enum sp_result result, const char *why)
{
    if (book->result != SP_OK || result == SP_OK)
        return;
    book->result = why == NULL ? result : sp_fail(book->err, result, "%s", why);
    (void)XML_StopParser(book->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    }
    return "";
}

/* Names may carry a prefix: "x:row". */
static bool is(const char *element, const char *name)
{
    const char *colon = strrchr(element, ':');
    return strcmp(colon == NULL ? element : colon + 1, name) == 0;
}

static void on_characters(void *context, const char *text, int size)
{
    struct workbook *book = context;
    if (!book->in_value || book->in_phonetic)
        return;
    sp_buffer_put(&book->value, text, (size_t)size);
    if (book->value.size > SP_SHEET_FIELD_BYTES)
        stop(book, SP_REJECT, "CELL_TOO_LONG");
}

/* ---- one file of the archive
 * --------------------------------------------------------------------- */

static void parse_file(struct workbook *book, zip_file_t *file, size_t most)
{
    size_t total = 0;
    for (zip_int64_t size = 1; size > 0 && book->result == SP_OK;) {
        void *block = XML_GetBuffer(book->parser, BLOCK_BYTES);
        SP_ASSERT(block != NULL);
        size = zip_fread(file, block, BLOCK_BYTES);
        total += size > 0 ? (size_t)size : 0;
        if (size < 0)
            stop(book, SP_REJECT, "WORKBOOK_DAMAGED");
        else if (total > most)
            stop(book, SP_REJECT, "WORKBOOK_TOO_BIG");
        else if (XML_ParseBuffer(book->parser, (int)size, size == 0) == XML_STATUS_ERROR)
            stop(book, SP_REJECT, "WORKBOOK_NOT_XML");
    }
}

static void on_doctype(void *context, const char *name, const char *system_id,
                       const char *public_id, int has_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    stop(context, SP_REJECT, "WORKBOOK_WITH_DOCTYPE");
}

/* True when there is such a file. */
static bool read_file(struct workbook *book, const char *name, size_t most,
                      XML_StartElementHandler start, XML_EndElementHandler end)
{
    zip_file_t *file = zip_fopen(book->archive, name, 0);
    if (file == NULL)
        return false;
    book->parser = XML_ParserCreate(NULL);
    SP_ASSERT(book->parser != NULL);
    XML_SetUserData(book->parser, book);
    XML_SetElementHandler(book->parser, start, end);
    XML_SetCharacterDataHandler(book->parser, on_characters);
    XML_SetStartDoctypeDeclHandler(book->parser, on_doctype);
    parse_file(book, file, most);
    XML_ParserFree(book->parser);
    book->parser = NULL;
    (void)zip_fclose(file);
    return true;
}

/* ---- which sheet
 * ---------------------------------------------------------------------------------- */

static void on_workbook_start(void *context, const char *name, const char **attributes)
{
    struct workbook *book = context;
    if (is(name, "sheet") && book->sheet_id[0] == '\0')
        (void)snprintf(book->sheet_id, sizeof book->sheet_id, "%s", attribute(attributes, "r:id"));
}

static void on_relation_start(void *context, const char *name, const char **attributes)
{
    struct workbook *book = context;
    const char *target = attribute(attributes, "Target");
    if (!is(name, "Relationship") || strcmp(attribute(attributes, "Id"), book->sheet_id) != 0)
        return;
    if (target[0] == '/')
        (void)snprintf(book->sheet, sizeof book->sheet, "%s", target + 1);
    else
        (void)snprintf(book->sheet, sizeof book->sheet, "xl/%s", target);
}

static void on_ignored_end(void *context, const char *name)
{
    (void)context, (void)name;
}

/* ---- shared texts
 * --------------------------------------------------------------------------------- */

static void on_text_start(void *context, const char *name, const char **attributes)
{
    struct workbook *book = context;
    (void)attributes;
    if (is(name, "si"))
        sp_buffer_reset(&book->value);
    book->in_phonetic = book->in_phonetic || is(name, "rPh");
    book->in_value = is(name, "t");
}

static void on_text_end(void *context, const char *name)
{
    struct workbook *book = context;
    book->in_value = false;
    if (is(name, "rPh"))
        book->in_phonetic = false;
    if (!is(name, "si"))
        return;
    if (book->text_count == book->text_room) {
        book->text_room = book->text_room == 0 ? 1024 : 2 * book->text_room;
        book->ends = sp_realloc(book->ends, book->text_room * sizeof *book->ends);
    }
    sp_buffer_put(&book->texts, book->value.data, book->value.size);
    book->ends[book->text_count++] = book->texts.size;
}

static struct sp_text shared_text(const struct workbook *book, int64_t index)
{
    if (index < 0 || (size_t)index >= book->text_count)
        return (struct sp_text){0};
    size_t start = index == 0 ? 0 : book->ends[index - 1];
    return (struct sp_text){book->texts.data + start, book->ends[index] - start};
}

/* ---- cells
 * ---------------------------------------------------------------------------------------- */

/* "BC12" is column 54, counted from 0. */
static size_t column_of(const char *reference, size_t otherwise)
{
    size_t column = 0;
    if (*reference < 'A' || *reference > 'Z')
        return otherwise;
    for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
        column = 26 * column + (size_t)(*reference - 'A') + 1;
    return column - 1;
}

static enum cell_kind kind_of(const char *type)
{
    static const struct {
        const char *type;
        enum cell_kind kind;
    } kinds[] = {{"s", CELL_SHARED}, {"str", CELL_TEXT}, {"inlineStr", CELL_TEXT},
                 {"b", CELL_BOOL},   {"e", CELL_ERROR},  {"d", CELL_TEXT}};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].kind;
    }
    return CELL_NUMBER;
}

static struct sp_text number_text(struct workbook *book, char text[XLSX_NUMBER_BYTES])
{
    struct sp_text number;
    if (!mapper_xlsx_number(sp_buffer_text(&book->value), text, &number))
        book->record.problem = "a number has more than 15 digits: make its cell a text";
    return number;
}

static void put_cell(struct workbook *book)
{
    char number[XLSX_NUMBER_BYTES];
    struct sp_text text = sp_buffer_text(&book->value);
    int64_t index = -1;
    if (book->column >= SP_SHEET_FIELDS) {
        if (text.size > 0)
            book->record.problem = "too many fields";
        return;
    }
    if (book->kind == CELL_SHARED)
        text = sp_text_to_int(text, &index) ? shared_text(book, index) : (struct sp_text){0};
    else if (book->kind == CELL_NUMBER)
        text = number_text(book, number);
    else if (book->kind == CELL_ERROR)
        book->record.problem = "a formula has an error";
    book->fields[book->column].at = book->line.size;
    book->fields[book->column].size = text.size;
    sp_buffer_put_text(&book->line, text);
    if (book->column >= book->record.count)
        book->record.count = book->column + 1;
}

static void on_cell_start(void *context, const char *name, const char **attributes)
{
    struct workbook *book = context;
    int64_t line = 0;
    if (is(name, "row")) {
        const char *number = attribute(attributes, "r");
        book->record = (struct sp_sheet_record){.line = book->record.line + 1};
        if (sp_text_to_int(sp_text_of(number), &line) && line >= book->record.line)
            book->record.line = line;
        memset(book->fields, 0, sizeof book->fields);
        sp_buffer_reset(&book->line);
        book->column = SIZE_MAX;
    } else if (is(name, "c")) {
        book->column = column_of(attribute(attributes, "r"), book->column + 1);
        book->kind = kind_of(attribute(attributes, "t"));
        sp_buffer_reset(&book->value);
    }
    book->in_phonetic = book->in_phonetic || is(name, "rPh");
    book->in_value = is(name, "v") || is(name, "t");
}

static void on_cell_end(void *context, const char *name)
{
    struct workbook *book = context;
    book->in_value = false;
    if (is(name, "rPh"))
        book->in_phonetic = false;
    if (is(name, "c"))
        put_cell(book);
    if (!is(name, "row"))
        return;
    size_t filled = 0;
    for (size_t i = 0; i < book->record.count; i++) {
        book->record.fields[i] =
            (struct sp_text){book->line.data + book->fields[i].at, book->fields[i].size};
        filled += book->fields[i].size;
    }
    if (filled > 0 || book->record.problem != NULL)
        stop(book, book->take(book->owner, &book->record), NULL);
}

/* ---- the workbook
 * ------------------------------------------------------------------------------- */

static void read_workbook(struct workbook *book)
{
    enum { SMALL = 1024 * 1024 };
    bool is_book =
        zip_get_num_entries(book->archive, 0) <= XLSX_ENTRIES &&
        read_file(book, "xl/workbook.xml", SMALL, on_workbook_start, on_ignored_end) &&
        read_file(book, "xl/_rels/workbook.xml.rels", SMALL, on_relation_start, on_ignored_end);
    if (book->result != SP_OK)
        return;
    if (!is_book) {
        book->result = sp_fail(book->err, SP_REJECT, "NOT_A_WORKBOOK");
        return;
    }
    (void)read_file(book, "xl/sharedStrings.xml", XLSX_STRING_BYTES, on_text_start, on_text_end);
    if (book->result == SP_OK &&
        !read_file(book, book->sheet, XLSX_SHEET_BYTES, on_cell_start, on_cell_end))
        book->result = sp_fail(book->err, SP_REJECT, "WORKBOOK_WITHOUT_SHEET");
}

bool mapper_is_xlsx(struct sp_text file)
{
    return file.size >= 4 && memcmp(file.data, "PK\3\4", 4) == 0;
}

enum sp_result mapper_read_xlsx(struct sp_text file, sheet_taker *take, void *owner,
                                struct sp_error *err)
{
    zip_error_t why;
    struct workbook *book = sp_alloc(sizeof *book);
    *book = (struct workbook){.err = err, .take = take, .owner = owner};
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(file.data, file.size, 0, &why);
    SP_ASSERT(source != NULL);
    book->archive = zip_open_from_source(source, ZIP_RDONLY, &why);
    enum sp_result result = SP_OK;
    if (book->archive == NULL) {
        zip_source_free(source);
        result = sp_fail(err, SP_REJECT, "WORKBOOK_UNOPENED %s", zip_error_strerror(&why));
    } else {
        read_workbook(book);
        zip_discard(book->archive);
        result = book->result;
    }
    zip_error_fini(&why);
    sp_buffer_free(&book->texts);
    sp_buffer_free(&book->value);
    sp_buffer_free(&book->line);
    free(book->ends);
    free(book);
    return result;
}
