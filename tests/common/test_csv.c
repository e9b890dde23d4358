/* RFC 4180 and what people make of it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/csv.h"

static struct sp_arena *arena;

static void begin(void)
{
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(csv, .init = begin, .fini = end);

/* Each record as "line:field|field" or "line!problem", one after the other. */
static const char *read_all(const char *text)
{
    static char out[4096];
    struct sp_csv reader = sp_csv_open(sp_text_of(text));
    struct sp_sheet_record record;
    size_t at = 0;
    out[0] = '\0';
    while (sp_csv_next(&reader, arena, &record)) {
        at += (size_t)snprintf(out + at, sizeof out - at, "%lld", (long long)record.line);
        if (record.problem != NULL) {
            at += (size_t)snprintf(out + at, sizeof out - at, "! ");
            continue;
        }
        for (size_t i = 0; i < record.count; i++)
            at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s", i == 0 ? ":" : "|",
                                   SP_FMT(record.fields[i]));
        at += (size_t)snprintf(out + at, sizeof out - at, " ");
    }
    return out;
}

Test(csv, reads_plain_fields_with_any_line_end)
{
    cr_assert_str_eq(read_all("a,b\r\nc,d\ne,f"), "1:a|b 2:c|d 3:e|f ");
    cr_assert_str_eq(read_all("\xEF\xBB\xBF"
                              "a,,b,\n"),
                     "1:a||b| ");
    cr_assert_str_eq(read_all("\n\na\n\n"), "3:a ");
    cr_assert_str_eq(read_all(""), "");
}

Test(csv, reads_quoted_fields_and_counts_lines_within)
{
    cr_assert_str_eq(read_all("\"a,\"\"b\"\"\",c\n\"two\nlines\",d\ne\n"),
                     "1:a,\"b\"|c 2:two\nlines|d 4:e ");
    cr_assert_str_eq(read_all("\"\",\"\"\n"), "1:| ");
}

Test(csv, goes_on_behind_what_it_cannot_read)
{
    cr_assert_str_eq(read_all("a\"b,c\nd\n"), "1! 2:d ");
    cr_assert_str_eq(read_all("\"a\"b,c\nd\n"), "1! 2:d ");
    cr_assert_str_eq(read_all("a\n\"never closed\nb\n"), "1:a 2! ");
}

Test(csv, bounds_the_number_of_fields)
{
    char line[2 * SP_SHEET_FIELDS + 8];
    for (size_t i = 0; i < SP_SHEET_FIELDS; i++)
        memcpy(line + 2 * i, "x,", 2);
    line[2 * SP_SHEET_FIELDS - 1] = '\0';
    struct sp_csv reader = sp_csv_open(sp_text_of(line));
    struct sp_sheet_record record;
    cr_assert(sp_csv_next(&reader, arena, &record));
    cr_assert_null(record.problem);
    cr_assert_eq(record.count, SP_SHEET_FIELDS);
    memcpy(line + 2 * SP_SHEET_FIELDS - 1, ",x", 3);
    reader = sp_csv_open(sp_text_of(line));
    cr_assert(sp_csv_next(&reader, arena, &record));
    cr_assert_not_null(record.problem);
}

Test(csv, finds_out_what_separates_fields)
{
    static const char *const files[] = {"a,b\n1,2", "a;b;\"x,y,z\"\n1;2", "a\tb\n1\t2"};
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        struct sp_sheet_record record;
        struct sp_csv reader = sp_csv_open(sp_text_of(files[i]));
        cr_assert(sp_csv_next(&reader, arena, &record));
        cr_assert_geq(record.count, 2, "file %zu", i);
        cr_assert(sp_text_is(record.fields[0], "a") && sp_text_is(record.fields[1], "b"));
    }
}

Test(csv, writes_what_it_reads_and_no_formula)
{
    const struct sp_text fields[] = {SP_TEXT("a,b"),  SP_TEXT("say \"hi\""), SP_TEXT(""),
                                     SP_TEXT("=1+1"), SP_TEXT("+84"),        SP_TEXT("@x"),
                                     SP_TEXT("'=x"),  SP_TEXT("'tis"),       SP_TEXT("two\nlines"),
                                     SP_TEXT("-1")};
    struct sp_buffer out = {0};
    struct sp_sheet_record record;
    sp_csv_put(&out, fields, SP_COUNT(fields));
    cr_assert(sp_text_holds(sp_buffer_text(&out), "\"'=1+1\"") &&
              sp_text_holds(sp_buffer_text(&out), "\"''=x\""));
    struct sp_csv reader = sp_csv_open(sp_buffer_text(&out));
    cr_assert(sp_csv_next(&reader, arena, &record));
    cr_assert_eq(record.count, SP_COUNT(fields));
    for (size_t i = 0; i < SP_COUNT(fields); i++)
        cr_assert(sp_text_equal(sp_csv_plain(record.fields[i]), fields[i]), "field %zu", i);
    sp_buffer_free(&out);
}
