/* The bytes on the wire stay what they are: every message and frame against golden/<name>.<n>.hex.
 *
 * A golden file is never rewritten: what an older release wrote must be read by this one.  The
 * newest of a name must be what is packed today; after a field has come or gone, run the test with
 * SAMPAN_WRITE_GOLDEN=1 and the next file of that name appears (docs/adding-a-message.md). */
#include "tests/proto/sample.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FILES = 100, LINE_BYTES = 32 };

static void path_of(const struct sp_record *record, int number, char path[512])
{
    (void)snprintf(path, 512, "%s/%s.%d.hex", GOLDEN_FOLDER, record->name, number);
}

/* The bytes of a golden file; false when there is none. */
static bool read_golden(const char *path, struct sp_buffer *bytes)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        cr_assert_eq(errno, ENOENT, "%s cannot be read", path);
        return false;
    }
    unsigned byte;
    while (fscanf(file, "%2x", &byte) == 1)
        *sp_buffer_reserve(bytes, 1) = (char)byte, bytes->size++;
    cr_assert(feof(file), "%s holds something that is not hexadecimal", path);
    (void)fclose(file);
    return true;
}

static void write_golden(const char *path, struct sp_text bytes)
{
    FILE *file = fopen(path, "wxe");
    cr_assert_not_null(file, "%s cannot be written", path);
    for (size_t i = 0; i < bytes.size; i++) {
        bool last = i % LINE_BYTES == LINE_BYTES - 1 || i + 1 == bytes.size;
        (void)fprintf(file, "%02x%s", (unsigned char)bytes.data[i], last ? "\n" : "");
    }
    cr_assert_eq(fclose(file), 0);
}

/* Checks each field that a golden value has, its lists' too, against its name's value. */
static void check_fields(const struct sp_record *record, const void *golden, const void *expected,
                         const char *path)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct sp_field *field = &record->fields[i];
        if (!sample_field_present(field, golden))
            continue;
        if (field->kind != SP_LIST) {
            cr_assert(sample_field_equal(field, golden, expected), "%s: %s.%s has another value",
                      path, record->name, field->name);
            continue;
        }
        size_t count = sample_count(field, golden), size = field->record->size;
        cr_assert_eq(count, sample_count(field, expected), "%s: %s.%s", path, record->name,
                     field->name);
        for (size_t j = 0; j < count; j++)
            check_fields(field->record, sample_elements(field, golden) + j * size,
                         sample_elements(field, expected) + j * size, path);
    }
}

/* Reads one golden file; false when there is none of that number. */
static bool check_file(const struct sp_record *record, int number, struct sp_buffer *bytes,
                       struct sp_arena *arena)
{
    struct sp_error err = {0};
    char path[512];
    path_of(record, number, path);
    sp_buffer_reset(bytes);
    if (!read_golden(path, bytes))
        return false;
    void *golden = sp_arena_alloc(arena, record->size);
    struct sp_text in = sp_arena_copy(arena, sp_buffer_text(bytes));
    cr_assert_eq(sp_record_decode(record, &in, golden, arena, &err), SP_OK, "%s: %s", path,
                 err.text);
    cr_assert_eq(in.size, 0, "%s: %zu bytes are left", path, in.size);
    check_fields(record, golden, sample_of_names(record, arena), path);
    return true;
}

static void check_golden(const struct sp_record *record, struct sp_arena *arena)
{
    struct sp_buffer today = {0}, golden = {0}, newest = {0};
    struct sp_error err = {0};
    char path[512];
    int number = 1;
    for (; number < MOST_FILES && check_file(record, number, &golden, arena); number++) {
        sp_buffer_reset(&newest);
        sp_buffer_put_text(&newest, sp_buffer_text(&golden));
    }
    void *value = sample_of_names(record, arena);
    cr_assert_eq(sp_record_encode(record, value, &today, &err), SP_OK, "%s", err.text);
    if (!sp_text_equal(sp_buffer_text(&today), sp_buffer_text(&newest))) {
        cr_assert_not_null(getenv("SAMPAN_WRITE_GOLDEN"),
                           "%s is packed into other bytes than in its newest golden file; "
                           "docs/adding-a-message.md says what to do",
                           record->name);
        path_of(record, number, path);
        write_golden(path, sp_buffer_text(&today));
    }
    sp_buffer_free(&today);
    sp_buffer_free(&golden);
    sp_buffer_free(&newest);
}

Test(golden, every_message_has_the_bytes_it_always_had)
{
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; sp_messages[i] != NULL; i++)
        check_golden(sp_messages[i]->record, arena);
    check_golden(&ask_record, arena);
    check_golden(&ask_answer_record, arena);
    sp_arena_close(&arena);
}
