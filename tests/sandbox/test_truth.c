/* The truth log. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/sandbox/truth.h"

static void write_seven(struct sp_json_writer *json, const void *about)
{
    sp_json_put_int(json, "seven", *(const int *)about);
}

Test(truth, appends_one_object_a_line)
{
    char path[] = "/tmp/sandbox-truth-XXXXXX", line[200];
    int fd = mkstemp(path), seven = 7;
    cr_assert(fd >= 0);
    (void)close(fd);
    for (int round = 0; round < 2; round++) {
        struct truth *truth = NULL;
        cr_assert_eq(truth_open(&truth, path, NULL), SP_OK);
        truth_note(truth, "thing", write_seven, &seven);
        truth_note(truth, "end", NULL, NULL);
        cr_assert_eq(truth_lines(truth), 2);
        truth_close(&truth);
    }
    FILE *file = fopen(path, "r");
    cr_assert(file != NULL);
    size_t lines = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        struct sp_json value;
        cr_assert_eq(sp_json_parse(sp_text_of(line), &value, NULL), SP_OK, "%s", line);
        cr_assert(sp_json_int(sp_json_get(value, "at"), 0) > 0);
        cr_assert_eq(sp_json_int(sp_json_get(value, "seven"), 0), lines % 2 == 0 ? 7 : 0);
        lines++;
    }
    (void)fclose(file);
    (void)unlink(path);
    cr_assert_eq(lines, 4);
}

Test(truth, counts_without_a_file_and_refuses_one_that_cannot_be)
{
    struct truth *truth = NULL;
    struct sp_error err;
    cr_assert_eq(truth_open(&truth, "", &err), SP_OK);
    truth_note(truth, "thing", NULL, NULL);
    cr_assert_eq(truth_lines(truth), 1);
    truth_flush(truth);
    truth_close(&truth);
    cr_assert_eq(truth_open(&truth, "/nowhere/at/all", &err), SP_REJECT);
}
