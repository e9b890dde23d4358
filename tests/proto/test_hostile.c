/* Bytes that no honest sender writes: cut, nested, claiming, repeated, changed; and fields of a
 * newer sender. */
#include "tests/proto/sample.h"

#include <criterion/criterion.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static void release(struct sp_text text)
{
    free((char *)(uintptr_t)text.data);
}

/* Reads a record from exactly these bytes; `*left` is what remains. */
static enum sp_result read_exact(const struct sp_record *record, struct sp_text bytes, size_t *left,
                                 struct sp_arena *arena)
{
    struct sp_text exact = sample_exact(bytes.data, bytes.size), in = exact;
    struct sp_error err = {0};
    void *value = sp_arena_alloc(arena, record->size);
    enum sp_result result = sp_record_decode(record, &in, value, arena, &err);
    cr_assert((result == SP_OK) == (err.text[0] == '\0'));
    *left = in.size;
    release(exact);
    return result;
}

Test(hostile, input_cut_at_any_byte_is_refused)
{
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records), left;
    for (size_t i = 0; i < count; i++) {
        struct sp_buffer bytes = {0};
        const void *value = sample_of_names(records[i], arena);
        cr_assert_eq(sp_record_encode(records[i], value, &bytes, NULL), SP_OK);
        for (size_t size = 0; size < bytes.size; size++) {
            struct sp_text cut = {bytes.data, size};
            cr_assert_eq(read_exact(records[i], cut, &left, arena), SP_REJECT, "%s at %zu of %zu",
                         records[i]->name, size, bytes.size);
            cr_assert_eq(left, 0, "nothing can be read behind bytes that are not msgpack");
        }
        sp_buffer_free(&bytes);
        sp_arena_reset(arena);
    }
    sp_arena_close(&arena);
}

Test(hostile, garbage_behind_a_message_is_left_to_the_caller)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer bytes = {0};
    size_t left;
    for (size_t i = 0; sp_messages[i] != NULL; i++) {
        const struct sp_record *record = sp_messages[i]->record;
        sp_buffer_reset(&bytes);
        cr_assert_eq(sp_record_encode(record, sample_of_names(record, arena), &bytes, NULL), SP_OK);
        sp_buffer_put(&bytes, "\xc1\xff\x81", 3);
        cr_assert_eq(read_exact(record, sp_buffer_text(&bytes), &left, arena), SP_OK);
        cr_assert_eq(left, 3);
    }
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

static size_t memory_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

Test(hostile, six_bytes_that_claim_256_gib_allocate_nothing)
{
    /* {12: a list of 2^32 - 1}, the same within 16 bits, a map of 2^32 - 1 pairs, a text of 4 GiB.
     */
    const struct sp_text claims[] = {
        SP_TEXT("\x81\x07\xdd\xff\xff\xff\xff"), SP_TEXT("\x81\x07\xdc\xff\xff"),
        SP_TEXT("\xdf\xff\xff\xff\xff"),         SP_TEXT("\x81\x01\xdb\xff\xff\xff\xff"),
        SP_TEXT("\x81\x05\xc6\xff\xff\xff\xff"), SP_TEXT("\x81\x7f\xdd\xff\xff\xff\xff"),
        SP_TEXT("\x81\x7f\xc9\xff\xff\xff\xff"),
    };
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; i < SP_COUNT(claims); i++) {
        struct ask value = {0};
        struct sp_text in = claims[i];
        size_t before = memory_in_use();
        cr_assert_eq(sp_record_decode(&ask_record, &in, &value, arena, NULL), SP_REJECT);
        cr_assert_eq(memory_in_use(), before, "claim %zu", i);
        cr_assert_eq(in.size, 0);
    }
    sp_arena_close(&arena);
}

Test(hostile, a_list_within_its_limit_may_still_not_be_longer_than_the_input)
{
    struct sp_arena *arena = sp_arena_open();
    struct channel_line value = {0};
    struct sp_text in = SP_TEXT("\x81\x08\xdc\x4e\x20\x80\x80"); /* 20,000 claimed, 2 there */
    size_t before = memory_in_use();
    cr_assert_eq(sp_record_decode(&channel_line_record, &in, &value, arena, NULL), SP_REJECT);
    cr_assert_eq(memory_in_use(), before);
    sp_arena_close(&arena);
}

Test(hostile, unknown_fields_are_skipped_whatever_they_hold)
{
    const struct sp_text values[] = {
        SP_TEXT("\x05"),
        SP_TEXT("\xe0"),
        SP_TEXT("\xc0"),
        SP_TEXT("\xc3"),
        SP_TEXT("\xca\1\2\3\4"),
        SP_TEXT("\xcb\1\2\3\4\5\6\7\x08"),
        SP_TEXT("\xa3\xff\xfe\xfd"),
        SP_TEXT("\xd9\x02hi"),
        SP_TEXT("\xc5\0\x02hi"),
        SP_TEXT("\x93\x01\x92\xa1x\x80\xc0"),
        SP_TEXT("\x82\xa1k\x91\x01\x02\x81\x03\x04"),
        SP_TEXT("\xc7\x03\x01xyz"),
        SP_TEXT("\xd8\x01"
                "0123456789abcdef"),
        SP_TEXT("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
    };
    /* Unknown numbers before, between and behind the known ones, and beyond what a schema may use.
     */
    const struct sp_text keys[] = {SP_TEXT("\0"), SP_TEXT("\x2a"), SP_TEXT("\x7f"), SP_TEXT("\xff"),
                                   SP_TEXT("\xcd\x01\x02")};
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; i < SP_COUNT(values) * SP_COUNT(keys); i++) {
        struct sp_buffer bytes = {0};
        struct sp_error err = {0};
        struct channel_stock read = {0};
        sp_buffer_put(&bytes, "\x83\x01\xa1w", 4);
        sp_buffer_put_text(&bytes, keys[i % SP_COUNT(keys)]);
        sp_buffer_put_text(&bytes, values[i / SP_COUNT(keys)]);
        sp_buffer_put(&bytes, "\x02\x07", 2);
        struct sp_text in = sp_buffer_text(&bytes);
        cr_assert_eq(sp_record_decode(&channel_stock_record, &in, &read, arena, &err), SP_OK,
                     "%zu: %s", i, err.text);
        cr_assert(sp_text_is(read.channel_warehouse_id, "w"));
        cr_assert_eq(read.quantity, 7);
        cr_assert_eq(in.size, 0);
        sp_buffer_free(&bytes);
    }
    sp_arena_close(&arena);
}

Test(hostile, an_unknown_field_may_be_nested_without_end)
{
    enum { DEPTH = 1000000 };
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer bytes = {0};
    struct channel_stock read = {0};
    sp_buffer_put(&bytes, "\x82\x30", 2);
    memset(sp_buffer_reserve(&bytes, DEPTH), 0x91, DEPTH);
    bytes.size += DEPTH;
    sp_buffer_put(&bytes, "\xc0\x02\x07", 3);
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_record_decode(&channel_stock_record, &in, &read, arena, NULL), SP_OK);
    cr_assert_eq(read.quantity, 7);
    in = (struct sp_text){bytes.data, bytes.size - 3};
    cr_assert_eq(sp_record_decode(&channel_stock_record, &in, &read, arena, NULL), SP_REJECT);
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

Test(hostile, forms_that_no_record_has_are_refused)
{
    const struct {
        struct sp_text bytes;
        size_t left; /* well-formed ones are passed */
    } cases[] = {
        {SP_TEXT("\x90rest"), 4},                 /* not a map */
        {SP_TEXT("\xc0rest"), 4},                 /* nil */
        {SP_TEXT("\x81\xa1k\x01rest"), 4},        /* a key that is no number */
        {SP_TEXT("\x82\x02\x05\x02\x06rest"), 4}, /* a field twice */
        {SP_TEXT("\x81\xc1\x01rest"), 0},         /* 0xc1 is never used */
        {SP_TEXT("\x81\x30\xc1rest"), 0},
        {SP_TEXT("\xc1"), 0},
        {SP_TEXT(""), 0},
    };
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        size_t left;
        cr_assert_eq(read_exact(&channel_stock_record, cases[i].bytes, &left, arena), SP_REJECT);
        cr_assert_eq(left, cases[i].left, "case %zu: %zu are left", i, left);
    }
    sp_arena_close(&arena);
}

Test(hostile, after_a_broken_limit_the_next_message_is_read)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    struct stock_level good = {.head = {.account_id = 1, .key = SP_TEXT("a"), .rev = 1}};
    struct stock_level bad = {.head = {.account_id = 1, .key = SP_TEXT("b"), .rev = 1},
                              .sku_id = SP_TEXT("far too long for the number of any SKU")};
    sp_parcel_begin(&bytes, 3);
    cr_assert_eq(sp_message_encode(&stock_level_message, &good, &bytes, &err), SP_OK);
    sample_encode_unlimited(stock_level_message.record, &bad, &bytes);
    cr_assert_eq(sp_message_encode(&stock_level_message, &good, &bytes, &err), SP_OK);
    struct sp_text in = sp_buffer_text(&bytes);
    size_t count;
    static const enum sp_result expected[] = {SP_OK, SP_REJECT, SP_OK};
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_OK);
    cr_assert_eq(count, SP_COUNT(expected));
    for (size_t i = 0; i < count; i++) {
        struct stock_level read = {0};
        cr_assert_eq(sp_message_decode(&stock_level_message, &in, &read, arena, &err), expected[i]);
    }
    cr_assert_eq(in.size, 0);
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

/* What is accepted after bytes were changed is within the limits: it packs and reads back equal. */
static void check_changed(const struct sp_record *record, struct sp_text bytes,
                          struct sp_arena *arena)
{
    struct sp_text exact = sample_exact(bytes.data, bytes.size), in = exact;
    void *value = sp_arena_alloc(arena, record->size), *again = sp_arena_alloc(arena, record->size);
    if (sp_record_decode(record, &in, value, arena, NULL) == SP_OK) {
        struct sp_buffer packed = {0};
        struct sp_error err = {0};
        cr_assert_eq(sp_record_encode(record, value, &packed, &err), SP_OK, "%s", err.text);
        in = sp_buffer_text(&packed);
        cr_assert_eq(sp_record_decode(record, &in, again, arena, &err), SP_OK, "%s", err.text);
        cr_assert(sample_equal(record, value, again));
        sp_buffer_free(&packed);
    }
    release(exact);
}

Test(hostile, changed_bytes_do_no_harm)
{
    enum { ROUNDS = 400 };
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records);
    uint64_t seed = 99;
    for (size_t i = 0; i < count; i++) {
        struct sp_buffer bytes = {0};
        cr_assert_eq(sp_record_encode(records[i], sample_of_names(records[i], arena), &bytes, NULL),
                     SP_OK);
        for (size_t round = 0; round < ROUNDS; round++) {
            char *at = bytes.data + sample_next(&seed) % bytes.size, old = *at;
            *at = (char)sample_next(&seed);
            check_changed(records[i], sp_buffer_text(&bytes), arena);
            *at = round % 8 == 0 ? *at : old; /* some changes stay */
        }
        sp_buffer_free(&bytes);
        sp_arena_reset(arena);
    }
    sp_arena_close(&arena);
}
