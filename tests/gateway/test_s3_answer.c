/* The XML of an S3-compatible store, also when it is cut or none. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "services/gateway/s3_answer.h"

#define PAGE                                                                                       \
    "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><IsTruncated>true</IsTruncated>"         \
    "<Contents><Key>1/ab/c.png</Key><Size>3</Size></Contents><Contents><Key>1/ab/d.png</Key>"      \
    "</Contents></ListBucketResult>"

Test(s3_answer, elements_are_found_by_their_names)
{
    struct sp_text page = SP_TEXT(PAGE);
    cr_assert(sp_text_is(s3_element(page, "IsTruncated"), "true"));
    cr_assert(sp_text_is(s3_element(page, "Key"), "1/ab/c.png"));
    cr_assert_eq(s3_element(page, "NoSuch").size, 0);
    cr_assert_eq(s3_element((struct sp_text){0}, "Key").size, 0);
}

Test(s3_answer, and_one_after_the_other)
{
    struct sp_text page = SP_TEXT(PAGE), entry;
    cr_assert(s3_next(&page, "Contents", &entry) &&
              sp_text_is(s3_element(entry, "Key"), "1/ab/c.png"));
    cr_assert(s3_next(&page, "Contents", &entry) &&
              sp_text_is(s3_element(entry, "Key"), "1/ab/d.png"));
    cr_assert_not(s3_next(&page, "Contents", &entry));
}

Test(s3_answer, what_is_cut_anywhere_is_read_within_its_end)
{
    for (size_t size = 0; size < strlen(PAGE); size++) {
        char *copy = malloc(size + 1); /* so that the sanitiser knows its end */
        memcpy(copy, PAGE, size);
        struct sp_text rest = {copy, size}, entry;
        size_t entries = 0;
        while (s3_next(&rest, "Contents", &entry))
            entries++;
        cr_assert_leq(entries, 2);
        free(copy);
    }
}

Test(s3_answer, times_are_seconds)
{
    cr_assert_eq(s3_time(SP_TEXT("2026-11-21T22:30:00.000Z")), 1795300200);
    cr_assert_eq(s3_time(SP_TEXT("2026-11-21T22:30:00Z")), 1795300200);
    static const char *const bad[] = {"", "yesterday", "2026-11-21",
                                      "2026-11-21T22:30:00.0000000000000000Z"};
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_assert_eq(s3_time(sp_text_of(bad[i])), 0, "%s", bad[i]);
}
