/* Reading messages: any generated struct, by its table, bounded. */
#include "common/message.h"

#include "common/message_wire.h"
#include "common/text.h"

#include <string.h>

/* Where a decoding stands. */
struct decoder {
    struct sp_wire in;
    struct sp_arena *arena;
    struct sp_error *err;
    const struct sp_record *record; /* the one in work, for errors */
};

static enum sp_result get_record(struct decoder *from, const struct sp_record *record, char *value);

static enum sp_result fail_short(struct decoder *from)
{
    return sp_fail(from->err, SP_REJECT, "%s ends too early or is not msgpack", from->record->name);
}

static enum sp_result fail_kind(struct decoder *from, const struct sp_field *field)
{
    return sp_fail(from->err, SP_REJECT, "%s.%s is of another kind", from->record->name,
                   field->name);
}

static enum sp_result get_number(struct decoder *from, const struct sp_field *field,
                                 const struct sp_wire_item *item, char *value)
{
    if (item->kind != (field->kind == SP_INT ? SP_WIRE_INT : SP_WIRE_BOOL))
        return fail_kind(from, field);
    if (field->kind == SP_INT) {
        memcpy(value + field->offset, &item->number, sizeof item->number);
        return SP_OK;
    }
    bool is = item->number != 0;
    memcpy(value + field->offset, &is, sizeof is);
    return SP_OK;
}

static enum sp_result get_text(struct decoder *from, const struct sp_field *field,
                               const struct sp_wire_item *item, char *value)
{
    if (item->kind != (field->kind == SP_STRING ? SP_WIRE_STRING : SP_WIRE_BYTES))
        return fail_kind(from, field);
    if (item->size > field->max)
        return sp_fail(from->err, SP_REJECT, "%s.%s has %zu bytes, at most %u may be",
                       from->record->name, field->name, item->size, field->max);
    struct sp_text text = {item->data, item->size};
    if (field->kind == SP_STRING && !sp_text_is_plain(text))
        return sp_fail(from->err, SP_REJECT, "%s.%s is not UTF-8 or holds a control character",
                       from->record->name, field->name);
    memcpy(value + field->offset, &text, sizeof text);
    return SP_OK;
}

static enum sp_result get_fixed(struct decoder *from, const struct sp_field *field,
                                const struct sp_wire_item *item, char *value)
{
    if (item->kind != SP_WIRE_BYTES)
        return fail_kind(from, field);
    if (item->size != field->max)
        return sp_fail(from->err, SP_REJECT, "%s.%s has %zu bytes, not %u", from->record->name,
                       field->name, item->size, field->max);
    memcpy(value + field->offset, item->data, item->size);
    return SP_OK;
}

static enum sp_result get_list(struct decoder *from, const struct sp_field *field,
                               const struct sp_wire_item *item, char *value)
{
    if (item->kind != SP_WIRE_ARRAY)
        return fail_kind(from, field);
    if (item->size > field->max)
        return sp_fail(from->err, SP_REJECT, "%s.%s has %zu elements, at most %u may be",
                       from->record->name, field->name, item->size, field->max);
    if (item->size == 0)
        return SP_OK;
    /* The count is no more than the bytes that are left, so memory is in proportion to the input.
     */
    char *elements = sp_arena_array(from->arena, item->size, field->record->size);
    for (size_t i = 0; i < item->size; i++) {
        enum sp_result result = get_record(from, field->record, elements + i * field->record->size);
        if (result != SP_OK)
            return result;
    }
    memcpy(value + field->offset, &elements, sizeof elements);
    memcpy(value + field->count_offset, &item->size, sizeof item->size);
    return SP_OK;
}

static enum sp_result get_value(struct decoder *from, const struct sp_field *field, char *value)
{
    struct sp_wire_item item;
    if (!sp_wire_next(&from->in, &item))
        return fail_short(from);
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
    case SP_BOOL:
        return get_number(from, field, &item, value);
    case SP_STRING:
    case SP_BYTES:
        return get_text(from, field, &item, value);
    case SP_FIXED:
        return get_fixed(from, field, &item, value);
    case SP_LIST:
        return get_list(from, field, &item, value);
    }
    sp_assert_failed("a kind of field", __FILE__, __LINE__);
}

/* The index of the field with this number, or field_count.  Both sides are in order as a rule, so
 * the search goes on from where the last one ended and starts again only when that found nothing.
 */
static size_t find_field(const struct sp_record *record, int64_t number, size_t next)
{
    if (number < 1 || number > UINT8_MAX)
        return record->field_count;
    if (next > 0 && number <= record->fields[next - 1].number)
        next = 0;
    while (next < record->field_count && record->fields[next].number < number)
        next++;
    if (next < record->field_count && record->fields[next].number != number)
        return record->field_count;
    return next;
}

/* proto/generate.py sees to it that a record has at most 64 fields and does not hold itself. */
static enum sp_result get_record(struct decoder *from, const struct sp_record *record, char *value)
{
    struct sp_wire_item map, key;
    from->record = record;
    if (!sp_wire_next(&from->in, &map))
        return fail_short(from);
    if (map.kind != SP_WIRE_MAP)
        return sp_fail(from->err, SP_REJECT, "%s is not a map", record->name);
    uint64_t seen = 0;
    size_t next = 0;
    for (size_t i = 0; i < map.size; i++) {
        from->record = record;
        if (!sp_wire_next(&from->in, &key))
            return fail_short(from);
        if (key.kind != SP_WIRE_INT)
            return sp_fail(from->err, SP_REJECT, "%s: a key is not a number", record->name);
        size_t found = find_field(record, key.number, next);
        if (found == record->field_count) {
            if (!sp_wire_skip(&from->in))
                return fail_short(from);
            continue;
        }
        const struct sp_field *field = &record->fields[found];
        if ((seen >> found & 1) != 0)
            return sp_fail(from->err, SP_REJECT, "%s.%s is there twice", record->name, field->name);
        seen |= UINT64_C(1) << found;
        next = found + 1;
        enum sp_result result = get_value(from, field, value);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

/* The first `size` bytes of a text, which may have no address when it is empty. */
static struct sp_wire wire_of(struct sp_text text, size_t size)
{
    const uint8_t *start = (const uint8_t *)(text.size == 0 ? "" : text.data);
    return (struct sp_wire){start, start + size};
}

/* Behind the value at the front, broken limits or not; empty when it is not msgpack. */
static struct sp_text behind(struct sp_text in)
{
    struct sp_wire wire = wire_of(in, in.size);
    if (!sp_wire_skip(&wire))
        return (struct sp_text){in.data, 0};
    return (struct sp_text){(const char *)wire.at, (size_t)(wire.end - wire.at)};
}

static enum sp_result get_bounded(const struct sp_record *record, size_t max_bytes,
                                  struct decoder *from, struct sp_text *in, void *value)
{
    from->record = record;
    from->in = wire_of(*in, in->size < max_bytes ? in->size : max_bytes);
    enum sp_result result = get_record(from, record, value);
    if (result != SP_OK) {
        struct sp_text rest = behind(*in);
        bool too_long = rest.size > 0 && in->size - rest.size > max_bytes;
        *in = rest;
        return too_long ? sp_fail(from->err, SP_REJECT, "%s has more than %zu bytes", record->name,
                                  max_bytes)
                        : result;
    }
    size_t used = (size_t)((const char *)from->in.at - in->data);
    *in = (struct sp_text){in->data + used, in->size - used};
    return SP_OK;
}

enum sp_result sp_record_decode(const struct sp_record *record, struct sp_text *in, void *value,
                                struct sp_arena *arena, struct sp_error *err)
{
    struct decoder from = {.arena = arena, .err = err};
    return get_bounded(record, SIZE_MAX, &from, in, value);
}

enum sp_result sp_message_decode(const struct sp_message *message, struct sp_text *in, void *value,
                                 struct sp_arena *arena, struct sp_error *err)
{
    struct decoder from = {.arena = arena, .err = err};
    enum sp_result result = get_bounded(message->record, message->max_bytes, &from, in, value);
    if (result != SP_OK)
        return result;
    const struct sp_head *head = value;
    if (head->account_id <= 0 || head->rev <= 0)
        return sp_fail(err, SP_REJECT, "%s: account_id and rev must be above 0", message->type);
    if (head->key.size == 0)
        return sp_fail(err, SP_REJECT, "%s: key is empty", message->type);
    return SP_OK;
}

enum sp_result sp_parcel_open(struct sp_text *in, size_t *count, struct sp_error *err)
{
    struct sp_wire wire = wire_of(*in, in->size);
    struct sp_wire_item item;
    if (!sp_wire_next(&wire, &item) || item.kind != SP_WIRE_ARRAY)
        return sp_fail(err, SP_REJECT, "the parcel's body is not an array");
    if (item.size > SP_PARCEL_MESSAGES)
        return sp_fail(err, SP_REJECT, "the parcel holds %zu messages, at most %d may be",
                       item.size, SP_PARCEL_MESSAGES);
    *in = (struct sp_text){(const char *)wire.at, (size_t)(wire.end - wire.at)};
    *count = item.size;
    return SP_OK;
}
