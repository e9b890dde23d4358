/* What is packed is read back: for every message and record, for many values. */
#include "tests/proto/sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { ROUNDS = 300 };

static void check_round_trip(const struct sp_record *record, const void *value,
                             struct sp_arena *arena)
{
    struct sp_buffer bytes = {0}, again = {0};
    struct sp_error err = {0};
    cr_assert_eq(sp_record_encode(record, value, &bytes, &err), SP_OK, "%s: %s", record->name,
                 err.text);
    void *read = sp_arena_alloc(arena, record->size);
    struct sp_text exact = sample_exact(bytes.data, bytes.size), in = exact;
    cr_assert_eq(sp_record_decode(record, &in, read, arena, &err), SP_OK, "%s: %s", record->name,
                 err.text);
    cr_assert_eq(in.size, 0);
    cr_assert(sample_equal(record, value, read), "%s", record->name);
    cr_assert_eq(sp_record_encode(record, read, &again, &err), SP_OK);
    cr_assert(sp_text_equal(exact, sp_buffer_text(&again)), "%s", record->name);
    free((char *)(uintptr_t)exact.data);
    sp_buffer_free(&bytes);
    sp_buffer_free(&again);
}

Test(round_trip, of_every_record_with_every_field)
{
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records);
    for (size_t i = 0; i < count; i++)
        check_round_trip(records[i], sample_of_names(records[i], arena), arena);
    sp_arena_close(&arena);
}

Test(round_trip, of_every_record_with_any_values)
{
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records);
    uint64_t seed = 20260117;
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            check_round_trip(records[i], sample_at_random(records[i], arena, &seed), arena);
        sp_arena_reset(arena);
    }
    sp_arena_close(&arena);
}

Test(round_trip, of_a_parcel)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer body = {0};
    struct sp_error err = {0};
    uint64_t seed = 7;
    size_t count, sent = SP_PARCEL_MESSAGES;
    const struct sp_message *message = &order_recorded_message;
    const void **values = sp_arena_array(arena, sent, sizeof *values);
    sp_parcel_begin(&body, sent);
    for (size_t i = 0; i < sent; i++) {
        values[i] = sample_at_random(message->record, arena, &seed);
        cr_assert_eq(sp_message_encode(message, values[i], &body, &err), SP_OK, "%s", err.text);
    }
    struct sp_text in = sp_buffer_text(&body);
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_OK, "%s", err.text);
    cr_assert_eq(count, sent);
    for (size_t i = 0; i < count; i++) {
        struct order_recorded read = {0};
        cr_assert_eq(sp_message_decode(message, &in, &read, arena, &err), SP_OK, "%s", err.text);
        cr_assert(sample_equal(message->record, values[i], &read));
    }
    cr_assert_eq(in.size, 0);
    sp_buffer_free(&body);
    sp_arena_close(&arena);
}

Test(round_trip, leaves_the_texts_in_the_input)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer bytes = {0};
    struct stock_level value = {.head = {.account_id = 1, .key = SP_TEXT("7-1-2"), .rev = 1},
                                .sku_id = SP_TEXT("172938")};
    struct stock_level read = {0};
    cr_assert_eq(sp_message_encode(&stock_level_message, &value, &bytes, NULL), SP_OK);
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_message_decode(&stock_level_message, &in, &read, arena, NULL), SP_OK);
    cr_assert(read.sku_id.data > bytes.data && read.sku_id.data < bytes.data + bytes.size);
    cr_assert(read.head.key.data > bytes.data && read.head.key.data < bytes.data + bytes.size);
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

Test(round_trip, does_not_write_what_is_zero)
{
    struct sp_buffer bytes = {0};
    struct ask empty = {0};
    cr_assert_eq(sp_record_encode(&ask_record, &empty, &bytes, NULL), SP_OK);
    cr_assert_eq(bytes.size, 1);
    cr_assert_eq((unsigned char)bytes.data[0], 0x80, "an empty map");
    sp_buffer_free(&bytes);
}
