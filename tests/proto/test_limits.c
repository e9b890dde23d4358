/* The limits of the schemas, from both sides: what is at one passes, what is beyond is refused,
 * whether it is being packed or read. */
#include "tests/proto/sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *letters(size_t size)
{
    char *text = sp_alloc(size + 1);
    memset(text, 'x', size);
    return text;
}

/* Sets the field to `size` bytes or elements; the memory is the arena's or `text`'s. */
static void fill(const struct sp_field *field, void *value, size_t size, const char *text,
                 struct sp_arena *arena)
{
    if (field->kind == SP_LIST)
        sample_set_list(field, value, sp_arena_array(arena, size, field->record->size), size);
    else
        *sample_text(field, value) = (struct sp_text){text, size};
}

static void check_limit(const struct sp_record *record, const struct sp_field *field,
                        const char *text, struct sp_arena *arena)
{
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    void *value = sp_arena_alloc(arena, record->size), *read = sp_arena_alloc(arena, record->size);

    fill(field, value, field->max, text, arena);
    cr_assert_eq(sp_record_encode(record, value, &bytes, &err), SP_OK, "%s.%s: %s", record->name,
                 field->name, err.text);
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_record_decode(record, &in, read, arena, &err), SP_OK, "%s.%s: %s", record->name,
                 field->name, err.text);
    cr_assert(sample_equal(record, value, read));

    sp_buffer_reset(&bytes);
    fill(field, value, field->max + 1, text, arena);
    cr_assert_eq(sp_record_encode(record, value, &bytes, &err), SP_REJECT, "%s.%s", record->name,
                 field->name);
    cr_assert_eq(bytes.size, 0, "nothing is appended");
    cr_assert_not_null(strstr(err.text, field->name), "%s", err.text);

    sample_encode_unlimited(record, value, &bytes);
    sp_buffer_put_string(&bytes, "rest");
    in = sp_buffer_text(&bytes);
    memset(read, 0, record->size);
    cr_assert_eq(sp_record_decode(record, &in, read, arena, &err), SP_REJECT, "%s.%s", record->name,
                 field->name);
    cr_assert(sp_text_is(in, "rest"), "the input has moved behind what was refused");
    sp_buffer_free(&bytes);
}

Test(limits, of_every_text_and_list)
{
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records);
    char *text = letters(32U << 20);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < records[i]->field_count; j++) {
            const struct sp_field *field = &records[i]->fields[j];
            if (field->kind == SP_STRING || field->kind == SP_BYTES || field->kind == SP_LIST)
                check_limit(records[i], field, text, arena);
            sp_arena_reset(arena);
        }
    }
    free(text);
    sp_arena_close(&arena);
}

Test(limits, take_every_whole_number)
{
    static const int64_t numbers[] = {
        1,          -1,        31,         -32,       -33,       127,        128,        -128,
        -129,       255,       256,        32767,     -32768,    -32769,     65535,      65536,
        2147483647, INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN, 4294967296, -2147483649};
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; i < SP_COUNT(numbers); i++) {
        struct sp_buffer bytes = {0};
        struct channel_stock value = {.quantity = numbers[i]}, read = {0};
        cr_assert_eq(sp_record_encode(&channel_stock_record, &value, &bytes, NULL), SP_OK);
        struct sp_text in = sp_buffer_text(&bytes);
        cr_assert_eq(sp_record_decode(&channel_stock_record, &in, &read, arena, NULL), SP_OK);
        cr_assert_eq(read.quantity, numbers[i], "%lld", (long long)numbers[i]);
        sp_buffer_free(&bytes);
    }
    sp_arena_close(&arena);
}

/* Reads {number: …} with the value's bytes given. */
static enum sp_result read_field(const struct sp_record *record, int number, struct sp_text bytes,
                                 struct sp_error *err)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer all = {0};
    char head[] = {(char)0x81, (char)number};
    sp_buffer_put(&all, head, sizeof head);
    sp_buffer_put_text(&all, bytes);
    struct sp_text in = sp_buffer_text(&all);
    enum sp_result result =
        sp_record_decode(record, &in, sp_arena_alloc(arena, record->size), arena, err);
    cr_assert_eq(in.size, 0);
    sp_buffer_free(&all);
    sp_arena_close(&arena);
    return result;
}

Test(limits, refuse_a_number_beyond_64_bits_with_sign)
{
    struct sp_error err = {0};
    cr_assert_eq(read_field(&ask_record, 2, SP_TEXT("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"), &err),
                 SP_OK, "%s", err.text);
    cr_assert_eq(read_field(&ask_record, 2, SP_TEXT("\xcf\x80\0\0\0\0\0\0\0"), &err), SP_REJECT);
}

Test(limits, take_a_fixed_field_of_its_size_only)
{
    struct sp_error err = {0};
    cr_assert_eq(read_field(&ask_record, 10,
                            SP_TEXT("\xc4\x10"
                                    "0123456789abcdef"),
                            &err),
                 SP_OK, "%s", err.text);
    cr_assert_eq(read_field(&ask_record, 10,
                            SP_TEXT("\xc4\x0f"
                                    "0123456789abcde"),
                            &err),
                 SP_REJECT);
    cr_assert_eq(read_field(&ask_record, 10,
                            SP_TEXT("\xc4\x11"
                                    "0123456789abcdefg"),
                            &err),
                 SP_REJECT);
    cr_assert_eq(read_field(&ask_record, 10, SP_TEXT("\xc4\0"), &err), SP_REJECT);
}

Test(limits, take_values_of_the_right_kind_only)
{
    /* One value of each kind on the wire, and beside it the fields of an ask that take it. */
    const struct {
        struct sp_text bytes;
        int takes[3];
    } values[] = {
        {SP_TEXT("\x07"), {2, 9}},
        {SP_TEXT("\xa1x"), {1, 3}},
        {SP_TEXT("\xc4\x01x"), {5}},
        {SP_TEXT("\x90"), {7, 8}},
        {SP_TEXT("\x80"), {0}},
        {SP_TEXT("\xc0"), {0}},
        {SP_TEXT("\xc2"), {0}},
        {SP_TEXT("\xca\0\0\0\0"), {0}},
        {SP_TEXT("\xcb\0\0\0\0\0\0\0\0"), {0}},
        {SP_TEXT("\xd4\x01x"), {0}},
        {SP_TEXT("\xc7\x01\x01x"), {0}},
    };
    static const int numbers[] = {1, 2, 3, 5, 7, 8, 9, 10};
    struct sp_error err;
    for (size_t i = 0; i < SP_COUNT(values); i++) {
        for (size_t j = 0; j < SP_COUNT(numbers); j++) {
            bool taken = false;
            for (size_t k = 0; k < SP_COUNT(values[i].takes); k++)
                taken = taken || values[i].takes[k] == numbers[j];
            cr_assert_eq(read_field(&ask_record, numbers[j], values[i].bytes, &err),
                         taken ? SP_OK : SP_REJECT, "value %zu as field %d", i, numbers[j]);
        }
    }
    cr_assert_eq(read_field(&channel_warehouse_record, 3, SP_TEXT("\xc3"), &err), SP_OK);
    cr_assert_eq(read_field(&channel_warehouse_record, 3, SP_TEXT("\xc2"), &err), SP_OK);
    cr_assert_eq(read_field(&channel_warehouse_record, 3, SP_TEXT("\x01"), &err), SP_REJECT);
}

static void check_text(struct sp_text text, enum sp_result expected)
{
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    struct sp_arena *arena = sp_arena_open();
    struct ask_permission value = {.name = text}, read = {0};
    cr_assert_eq(sp_record_encode(&ask_permission_record, &value, &bytes, &err), expected, "%s",
                 err.text);
    sp_buffer_reset(&bytes);
    sp_buffer_put(&bytes, (char[]){(char)0x81, 1, (char)(0xa0 + text.size)}, 3);
    sp_buffer_put_text(&bytes, text);
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_record_decode(&ask_permission_record, &in, &read, arena, &err), expected, "%s",
                 err.text);
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

Test(limits, take_plain_utf8_only)
{
    check_text(SP_TEXT("Áo thun\n\tđỏ 😀 ~"), SP_OK);
    check_text(SP_TEXT("nul\0"), SP_REJECT);
    check_text(SP_TEXT("return\r"), SP_REJECT);
    check_text(SP_TEXT("escape\x1b["), SP_REJECT);
    check_text(SP_TEXT("delete\x7f"), SP_REJECT);
    check_text(SP_TEXT("c1 \xc2\x9b"), SP_REJECT);
    check_text(SP_TEXT("not \xff"), SP_REJECT);
    check_text(SP_TEXT("half \xc3"), SP_REJECT);
    check_text(SP_TEXT("overlong \xc0\xaf"), SP_REJECT);
    check_text(SP_TEXT("surrogate \xed\xa0\x80"), SP_REJECT);
}

static void check_head(struct sp_head head, enum sp_result expected)
{
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    struct sp_arena *arena = sp_arena_open();
    struct stock_level value = {.head = head, .quantity = 1}, read = {0};
    cr_assert_eq(sp_message_encode(&stock_level_message, &value, &bytes, &err), expected, "%s",
                 err.text);
    sp_buffer_reset(&bytes);
    sample_encode_unlimited(stock_level_message.record, &value, &bytes);
    sp_buffer_put_string(&bytes, "rest");
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_message_decode(&stock_level_message, &in, &read, arena, &err), expected, "%s",
                 err.text);
    cr_assert(sp_text_is(in, "rest"));
    sp_buffer_free(&bytes);
    sp_arena_close(&arena);
}

Test(limits, of_the_head)
{
    char key[SP_KEY_BYTES + 1];
    memset(key, 'k', sizeof key);
    const struct sp_head good = {.account_id = 1, .key = {key, SP_KEY_BYTES}, .rev = 1};
    struct sp_head head = good;
    check_head(head, SP_OK);
    head.key.size = SP_KEY_BYTES + 1;
    check_head(head, SP_REJECT);
    head.key.size = 0;
    check_head(head, SP_REJECT);
    head = good;
    head.account_id = 0;
    check_head(head, SP_REJECT);
    head.account_id = -1;
    check_head(head, SP_REJECT);
    head = good;
    head.rev = 0;
    check_head(head, SP_REJECT);
    head.rev = INT64_MIN;
    check_head(head, SP_REJECT);
}

/* A warehouse.saved of exactly `size` bytes: `name` holds what the rest leaves. */
static struct warehouse_saved sized(const struct sp_record *record, size_t size, const char *text)
{
    struct sp_buffer bytes = {0};
    struct warehouse_saved value = {.head = {.account_id = 1, .key = SP_TEXT("1"), .rev = 1},
                                    .name = {text, size / 2}};
    cr_assert_eq(sp_record_encode(record, &value, &bytes, NULL), SP_OK);
    value.name.size += size - bytes.size;
    sp_buffer_free(&bytes);
    return value;
}

Test(limits, of_a_whole_message)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_message message = warehouse_saved_message;
    struct sp_record record = *message.record;
    struct sp_field *fields = sp_arena_array(arena, record.field_count, sizeof *fields);
    char *text = letters(message.max_bytes);
    for (size_t i = 0; i < record.field_count; i++) {
        fields[i] = record.fields[i];
        if (fields[i].kind == SP_STRING)
            fields[i].max = UINT32_MAX; /* so that only the whole is too long */
    }
    record.fields = fields;
    message.record = &record;
    for (size_t size = message.max_bytes - 1; size <= message.max_bytes + 1; size++) {
        enum sp_result expected = size <= message.max_bytes ? SP_OK : SP_REJECT;
        struct warehouse_saved value = sized(&record, size, text), read = {0};
        struct sp_buffer bytes = {0};
        struct sp_error err = {0};
        cr_assert_eq(sp_message_encode(&message, &value, &bytes, &err), expected, "%zu", size);
        cr_assert_eq(bytes.size, expected == SP_OK ? size : 0);
        sp_buffer_reset(&bytes);
        cr_assert_eq(sp_record_encode(&record, &value, &bytes, &err), SP_OK);
        sp_buffer_put_string(&bytes, "rest");
        struct sp_text in = sp_buffer_text(&bytes);
        cr_assert_eq(sp_message_decode(&message, &in, &read, arena, &err), expected, "%zu", size);
        cr_assert(sp_text_is(in, "rest"));
        sp_buffer_free(&bytes);
    }
    free(text);
    sp_arena_close(&arena);
}

Test(limits, of_a_parcel)
{
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    size_t count = 0;
    sp_parcel_begin(&bytes, SP_PARCEL_MESSAGES);
    memset(sp_buffer_reserve(&bytes, 300), 'x', 300);
    bytes.size += 300;
    struct sp_text in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_OK, "%s", err.text);
    cr_assert_eq(count, SP_PARCEL_MESSAGES);
    cr_assert_eq(in.size, 300);
    bytes.data[2]++;
    in = sp_buffer_text(&bytes);
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_REJECT, "one message too many");
    in = SP_TEXT("");
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_REJECT);
    in = SP_TEXT("\xdd\xff\xff\xff\xff");
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_REJECT);
    in = SP_TEXT("\x93\x80");
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_REJECT, "more claimed than there are bytes");
    in = SP_TEXT("\x80");
    cr_assert_eq(sp_parcel_open(&in, &count, &err), SP_REJECT, "a map is no parcel");
    sp_buffer_free(&bytes);
}
