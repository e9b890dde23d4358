/* Packing messages: any generated struct, by its table, through msgpack-c's packer. */
#include "common/message.h"

#include "common/text.h"

#include <msgpack.h>
#include <string.h>

/* Where an encoding stands. */
struct encoder {
    struct sp_buffer *out;
    const struct sp_record *record; /* the one in work, for errors */
    struct sp_error *err;
};

static enum sp_result put_record(struct encoder *to, const struct sp_record *record,
                                 const char *value);

/* msgpack-c's way out.  Never fails: memory that is out aborts. */
static inline int append(void *data, const char *bytes, size_t size)
{
    struct sp_buffer *out = data;
    if (out->capacity - out->size < size)
        (void)sp_buffer_reserve(out, size);
    memcpy(out->data + out->size, bytes, size);
    out->size += size;
    return 0;
}

/* Made anew where it is used, so that the compiler sees what it calls and puts it in line: half
 * the time. */
static inline msgpack_packer packer_of(struct sp_buffer *out)
{
    return (msgpack_packer){.data = out, .callback = append};
}

static struct sp_text text_at(const char *value, const struct sp_field *field)
{
    struct sp_text text;
    memcpy(&text, value + field->offset, sizeof text);
    return text;
}

static int64_t int_at(const char *value, const struct sp_field *field)
{
    int64_t number;
    memcpy(&number, value + field->offset, sizeof number);
    return number;
}

static size_t count_at(const char *value, const struct sp_field *field)
{
    size_t count;
    memcpy(&count, value + field->count_offset, sizeof count);
    return count;
}

static bool any_byte(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return true;
    }
    return false;
}

/* Zero and empty values are not written. */
static bool is_present(const char *value, const struct sp_field *field)
{
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        return int_at(value, field) != 0;
    case SP_BOOL:
        return value[field->offset] != 0;
    case SP_STRING:
    case SP_BYTES:
        return text_at(value, field).size > 0;
    case SP_FIXED:
        return any_byte(value + field->offset, field->max);
    case SP_LIST:
        return count_at(value, field) > 0;
    }
    sp_assert_failed("a kind of field", __FILE__, __LINE__);
}

static enum sp_result put_text(struct encoder *to, const struct sp_field *field,
                               struct sp_text text)
{
    msgpack_packer packer = packer_of(to->out);
    if (text.size > field->max)
        return sp_fail(to->err, SP_REJECT, "%s.%s has %zu bytes, at most %u may be",
                       to->record->name, field->name, text.size, field->max);
    if (field->kind == SP_BYTES) {
        (void)msgpack_pack_bin_with_body(&packer, text.data, text.size);
        return SP_OK;
    }
    if (!sp_text_is_plain(text))
        return sp_fail(to->err, SP_REJECT, "%s.%s is not UTF-8 or holds a control character",
                       to->record->name, field->name);
    (void)msgpack_pack_str_with_body(&packer, text.data, text.size);
    return SP_OK;
}

static enum sp_result put_list(struct encoder *to, const struct sp_field *field, const char *value)
{
    msgpack_packer packer = packer_of(to->out);
    const char *elements;
    memcpy(&elements, value + field->offset, sizeof elements);
    size_t count = count_at(value, field);
    if (count > field->max)
        return sp_fail(to->err, SP_REJECT, "%s.%s has %zu elements, at most %u may be",
                       to->record->name, field->name, count, field->max);
    (void)msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++) {
        enum sp_result result = put_record(to, field->record, elements + i * field->record->size);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

static enum sp_result put_value(struct encoder *to, const struct sp_field *field, const char *value)
{
    msgpack_packer packer = packer_of(to->out);
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        (void)msgpack_pack_int64(&packer, int_at(value, field));
        return SP_OK;
    case SP_BOOL:
        (void)msgpack_pack_true(&packer);
        return SP_OK;
    case SP_STRING:
    case SP_BYTES:
        return put_text(to, field, text_at(value, field));
    case SP_FIXED:
        (void)msgpack_pack_bin_with_body(&packer, value + field->offset, field->max);
        return SP_OK;
    case SP_LIST:
        return put_list(to, field, value);
    }
    sp_assert_failed("a kind of field", __FILE__, __LINE__);
}

/* Two passes: the map's header says how many fields follow.  proto/generate.py sees to it that a
 * record has at most 64 fields and does not hold itself. */
static enum sp_result put_record(struct encoder *to, const struct sp_record *record,
                                 const char *value)
{
    msgpack_packer packer = packer_of(to->out);
    uint64_t present = 0;
    for (size_t i = 0; i < record->field_count; i++)
        present |= (uint64_t)is_present(value, &record->fields[i]) << i;
    (void)msgpack_pack_map(&packer, (size_t)__builtin_popcountll(present));
    for (; present != 0; present &= present - 1) {
        const struct sp_field *field = &record->fields[__builtin_ctzll(present)];
        (void)msgpack_pack_uint8(&packer, field->number);
        to->record = record;
        enum sp_result result = put_value(to, field, value);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

enum sp_result sp_record_encode(const struct sp_record *record, const void *value,
                                struct sp_buffer *out, struct sp_error *err)
{
    struct encoder to = {.out = out, .err = err};
    size_t start = out->size;
    enum sp_result result = put_record(&to, record, value);
    if (result != SP_OK)
        out->size = start;
    return result;
}

static enum sp_result check_head(const struct sp_head *head, struct sp_error *err)
{
    if (head->account_id <= 0)
        return sp_fail(err, SP_REJECT, "account_id is %lld, not above 0",
                       (long long)head->account_id);
    if (head->key.size == 0)
        return sp_fail(err, SP_REJECT, "key is empty");
    if (head->rev <= 0)
        return sp_fail(err, SP_REJECT, "rev is %lld, not above 0", (long long)head->rev);
    return SP_OK;
}

enum sp_result sp_message_encode(const struct sp_message *message, const void *value,
                                 struct sp_buffer *out, struct sp_error *err)
{
    enum sp_result result = check_head(value, err);
    if (result != SP_OK)
        return result;
    size_t start = out->size;
    result = sp_record_encode(message->record, value, out, err);
    if (result != SP_OK)
        return result;
    size_t size = out->size - start;
    if (size <= message->max_bytes)
        return SP_OK;
    out->size = start;
    return sp_fail(err, SP_REJECT, "%s has %zu bytes, at most %zu may be", message->type, size,
                   message->max_bytes);
}

void sp_parcel_begin(struct sp_buffer *out, size_t count)
{
    SP_ASSERT(count <= SP_PARCEL_MESSAGES);
    msgpack_packer packer = packer_of(out);
    (void)msgpack_pack_array(&packer, count);
}
