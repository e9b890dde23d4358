/* Agreement with msgpack-c: it reads what we pack as we mean it, and we read what it packs. */
#include "tests/proto/sample.h"

#include <criterion/criterion.h>
#include <msgpack.h>
#include <string.h>

enum { ROUNDS = 100 };

static bool object_is_text(const msgpack_object *object, const struct sp_field *field,
                           const void *value)
{
    struct sp_text text;
    memcpy(&text, (const char *)value + field->offset, sizeof text);
    if (field->kind == SP_STRING)
        return object->type == MSGPACK_OBJECT_STR &&
               sp_text_equal(text, (struct sp_text){object->via.str.ptr, object->via.str.size});
    return object->type == MSGPACK_OBJECT_BIN &&
           sp_text_equal(text, (struct sp_text){object->via.bin.ptr, object->via.bin.size});
}

static bool object_is_int(const msgpack_object *object, const struct sp_field *field,
                          const void *value)
{
    int64_t number;
    memcpy(&number, (const char *)value + field->offset, sizeof number);
    if (number < 0)
        return object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER && object->via.i64 == number;
    return object->type == MSGPACK_OBJECT_POSITIVE_INTEGER && object->via.u64 == (uint64_t)number;
}

static bool object_is_record(const msgpack_object *object, const struct sp_record *record,
                             const void *value);

static bool object_is_list(const msgpack_object *object, const struct sp_field *field,
                           const void *value)
{
    size_t count = sample_count(field, value);
    if (object->type != MSGPACK_OBJECT_ARRAY || object->via.array.size != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!object_is_record(&object->via.array.ptr[i], field->record,
                              sample_elements(field, value) + i * field->record->size))
            return false;
    }
    return true;
}

static bool object_is_field(const msgpack_object *object, const struct sp_field *field,
                            const void *value)
{
    const char *at = (const char *)value + field->offset;
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        return object_is_int(object, field, value);
    case SP_BOOL:
        return object->type == MSGPACK_OBJECT_BOOLEAN && object->via.boolean == (*at != 0);
    case SP_STRING:
    case SP_BYTES:
        return object_is_text(object, field, value);
    case SP_FIXED:
        return object->type == MSGPACK_OBJECT_BIN && object->via.bin.size == field->max &&
               memcmp(object->via.bin.ptr, at, field->max) == 0;
    case SP_LIST:
        return object_is_list(object, field, value);
    }
    return false;
}

/* A map of exactly the fields that are present, in order. */
static bool object_is_record(const msgpack_object *object, const struct sp_record *record,
                             const void *value)
{
    if (object->type != MSGPACK_OBJECT_MAP)
        return false;
    const msgpack_object_kv *pair = object->via.map.ptr, *end = pair + object->via.map.size;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct sp_field *field = &record->fields[i];
        if (!sample_field_present(field, value))
            continue;
        if (pair == end || pair->key.type != MSGPACK_OBJECT_POSITIVE_INTEGER ||
            pair->key.via.u64 != field->number || !object_is_field(&pair->val, field, value))
            return false;
        pair++;
    }
    return pair == end;
}

/* Our bytes through msgpack-c's unpacker and packer and back through our decoder. */
static void check_agreement(const struct sp_record *record, const void *value,
                            struct sp_arena *arena)
{
    struct sp_buffer bytes = {0};
    struct sp_error err = {0};
    size_t at = 0;
    msgpack_unpacked unpacked;
    msgpack_sbuffer theirs;
    msgpack_packer packer;
    cr_assert_eq(sp_record_encode(record, value, &bytes, &err), SP_OK, "%s", err.text);
    msgpack_unpacked_init(&unpacked);
    cr_assert_eq(msgpack_unpack_next(&unpacked, bytes.data, bytes.size, &at),
                 MSGPACK_UNPACK_SUCCESS, "%s", record->name);
    cr_assert_eq(at, bytes.size);
    cr_assert(object_is_record(&unpacked.data, record, value), "%s", record->name);

    msgpack_sbuffer_init(&theirs);
    msgpack_packer_init(&packer, &theirs, msgpack_sbuffer_write);
    cr_assert_eq(msgpack_pack_object(&packer, unpacked.data), 0);
    void *read = sp_arena_alloc(arena, record->size);
    struct sp_text in = {theirs.data, theirs.size};
    cr_assert_eq(sp_record_decode(record, &in, read, arena, &err), SP_OK, "%s: %s", record->name,
                 err.text);
    cr_assert_eq(in.size, 0);
    cr_assert(sample_equal(record, value, read), "%s", record->name);
    msgpack_sbuffer_destroy(&theirs);
    msgpack_unpacked_destroy(&unpacked);
    sp_buffer_free(&bytes);
}

Test(msgpack_c, agrees_on_every_record)
{
    struct sp_arena *arena = sp_arena_open();
    const struct sp_record *records[SAMPLE_RECORDS];
    size_t count = sample_records(records);
    uint64_t seed = 42;
    for (size_t i = 0; i < count; i++)
        check_agreement(records[i], sample_of_names(records[i], arena), arena);
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            check_agreement(records[i], sample_at_random(records[i], arena, &seed), arena);
        sp_arena_reset(arena);
    }
    sp_arena_close(&arena);
}

Test(msgpack_c, may_pack_fields_in_any_order_and_numbers_in_any_width)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_error err = {0};
    struct stock_level read = {0};
    msgpack_sbuffer theirs;
    msgpack_packer packer;
    msgpack_sbuffer_init(&theirs);
    msgpack_packer_init(&packer, &theirs, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 5);
    msgpack_pack_fix_int64(&packer, 10);
    msgpack_pack_fix_int64(&packer, -3);
    msgpack_pack_fix_uint16(&packer, 4);
    msgpack_pack_str_with_body(&packer, "7-1-2", 5);
    msgpack_pack_int(&packer, 5);
    msgpack_pack_fix_int8(&packer, 9);
    msgpack_pack_fix_uint8(&packer, 3);
    msgpack_pack_fix_uint32(&packer, 1);
    msgpack_pack_fix_int32(&packer, 8);
    msgpack_pack_str(&packer, 32);
    msgpack_pack_str_body(&packer, "01234567890123456789012345678901", 32);
    struct sp_text in = {theirs.data, theirs.size};
    cr_assert_eq(sp_message_decode(&stock_level_message, &in, &read, arena, &err), SP_OK, "%s",
                 err.text);
    cr_assert_eq(read.quantity, -3);
    cr_assert_eq(read.head.rev, 9);
    cr_assert_eq(read.head.account_id, 1);
    cr_assert(sp_text_is(read.head.key, "7-1-2"));
    cr_assert_eq(read.sku_id.size, 32);
    msgpack_sbuffer_destroy(&theirs);
    sp_arena_close(&arena);
}
