#include "tests/proto/sample.h"

#include "common/text.h"

#include <stdlib.h>
#include <string.h>

static void add_record(const struct sp_record *record, const struct sp_record *records[],
                       size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (records[i] == record)
            return;
    }
    SP_ASSERT(*count < SAMPLE_RECORDS);
    records[(*count)++] = record;
}

size_t sample_records(const struct sp_record *records[SAMPLE_RECORDS])
{
    size_t count = 0;
    for (size_t i = 0; sp_messages[i] != NULL; i++)
        add_record(sp_messages[i]->record, records, &count);
    add_record(&ask_record, records, &count);
    add_record(&ask_answer_record, records, &count);
    /* The list grows while it is walked: elements of elements come in too. */
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < records[i]->field_count; j++) {
            if (records[i]->fields[j].kind == SP_LIST)
                add_record(records[i]->fields[j].record, records, &count);
        }
    }
    return count;
}

int64_t *sample_int(const struct sp_field *field, void *value)
{
    return (void *)((char *)value + field->offset);
}

struct sp_text *sample_text(const struct sp_field *field, void *value)
{
    return (void *)((char *)value + field->offset);
}

void sample_set_list(const struct sp_field *field, void *value, const void *elements, size_t count)
{
    memcpy((char *)value + field->offset, &elements, sizeof elements);
    memcpy((char *)value + field->count_offset, &count, sizeof count);
}

size_t sample_count(const struct sp_field *field, const void *value)
{
    size_t count;
    memcpy(&count, (const char *)value + field->count_offset, sizeof count);
    return count;
}

const char *sample_elements(const struct sp_field *field, const void *value)
{
    const char *elements;
    memcpy(&elements, (const char *)value + field->offset, sizeof elements);
    return elements;
}

static uint64_t hash_of(const char *name, size_t salt)
{
    uint64_t hash = UINT64_C(14695981039346656037) + salt;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return hash;
}

static void *named(const struct sp_record *record, struct sp_arena *arena, size_t salt);

static void set_by_name(const struct sp_field *field, void *value, struct sp_arena *arena,
                        size_t salt)
{
    uint64_t hash = hash_of(field->name, salt);
    struct sp_text text;
    char *elements;
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        *sample_int(field, value) = (int64_t)(hash >> (1 + hash % 60)) + 1;
        return;
    case SP_BOOL:
        ((char *)value)[field->offset] = 1;
        return;
    case SP_STRING:
        text = sp_arena_printf(arena, "%zu%s, thân áo", salt, field->name);
        *sample_text(field, value) = sp_text_fit(text, field->max, arena);
        return;
    case SP_BYTES:
        *sample_text(field, value) = sp_arena_printf(arena, "%s\xff%zu", field->name, salt);
        return;
    case SP_FIXED:
        for (size_t i = 0; i < field->max; i++)
            ((char *)value)[field->offset + i] = (char)(hash >> (i % 8));
        return;
    case SP_LIST:
        elements = sp_arena_array(arena, 2, field->record->size);
        for (size_t i = 0; i < 2; i++)
            memcpy(elements + i * field->record->size, named(field->record, arena, salt + i + 1),
                   field->record->size);
        sample_set_list(field, value, elements, 2);
        return;
    }
}

static void *named(const struct sp_record *record, struct sp_arena *arena, size_t salt)
{
    void *value = sp_arena_alloc(arena, record->size);
    for (size_t i = 0; i < record->field_count; i++)
        set_by_name(&record->fields[i], value, arena, salt);
    return value;
}

void *sample_of_names(const struct sp_record *record, struct sp_arena *arena)
{
    return named(record, arena, 0);
}

uint64_t sample_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static struct sp_text random_text(const struct sp_field *field, struct sp_arena *arena,
                                  uint64_t *seed)
{
    static const char *const pieces[] = {"a", "Z", "\n", "\t", "é", "ở", "漢", "😀", "\x7e", " "};
    size_t wanted = sample_next(seed) % (field->max < 600 ? field->max + 1 : 600);
    char *data = sp_arena_alloc(arena, wanted + 1);
    size_t size = 0;
    while (size < wanted) {
        const char *piece = pieces[sample_next(seed) % SP_COUNT(pieces)];
        size_t length = strlen(piece);
        if (field->kind == SP_BYTES) {
            data[size++] = (char)sample_next(seed);
        } else if (size + length <= wanted) {
            memcpy(data + size, piece, length);
            size += length;
        } else {
            break;
        }
    }
    return (struct sp_text){data, size};
}

static void set_at_random(const struct sp_field *field, void *value, struct sp_arena *arena,
                          uint64_t *seed)
{
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        *sample_int(field, value) = (int64_t)sample_next(seed) >> sample_next(seed) % 64;
        return;
    case SP_BOOL:
        ((char *)value)[field->offset] = (char)(sample_next(seed) & 1);
        return;
    case SP_STRING:
    case SP_BYTES:
        *sample_text(field, value) = random_text(field, arena, seed);
        return;
    case SP_FIXED:
        for (size_t i = 0; i < field->max; i++)
            ((char *)value)[field->offset + i] = (char)sample_next(seed);
        return;
    case SP_LIST:
        break;
    }
    size_t count = sample_next(seed) % 4;
    char *elements = sp_arena_array(arena, count, field->record->size);
    for (size_t i = 0; i < count; i++)
        memcpy(elements + i * field->record->size, sample_at_random(field->record, arena, seed),
               field->record->size);
    sample_set_list(field, value, elements, count);
}

static bool is_message(const struct sp_record *record)
{
    for (size_t i = 0; sp_messages[i] != NULL; i++) {
        if (sp_messages[i]->record == record)
            return true;
    }
    return false;
}

void *sample_at_random(const struct sp_record *record, struct sp_arena *arena, uint64_t *seed)
{
    void *value = sp_arena_alloc(arena, record->size);
    for (size_t i = 0; i < record->field_count; i++) {
        if (sample_next(seed) % 4 != 0)
            set_at_random(&record->fields[i], value, arena, seed);
    }
    if (is_message(record)) {
        struct sp_head *head = value;
        head->account_id = 1 + (int64_t)(sample_next(seed) >> 1 >> sample_next(seed) % 62);
        head->rev = 1 + (int64_t)(sample_next(seed) >> 1 >> sample_next(seed) % 62);
        head->key = sp_arena_printf(arena, "%u", (unsigned)sample_next(seed));
    }
    return value;
}

bool sample_field_present(const struct sp_field *field, const void *value)
{
    struct sp_text text;
    const char *at = (const char *)value + field->offset;
    int64_t number;
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        memcpy(&number, at, sizeof number);
        return number != 0;
    case SP_BOOL:
        return *at != 0;
    case SP_STRING:
    case SP_BYTES:
        memcpy(&text, at, sizeof text);
        return text.size > 0;
    case SP_FIXED:
        for (size_t i = 0; i < field->max; i++) {
            if (at[i] != 0)
                return true;
        }
        return false;
    case SP_LIST:
        return sample_count(field, value) > 0;
    }
    return false;
}

bool sample_field_equal(const struct sp_field *field, const void *a, const void *b)
{
    struct sp_text of_a, of_b;
    const char *at_a = (const char *)a + field->offset, *at_b = (const char *)b + field->offset;
    switch ((enum sp_kind)field->kind) {
    case SP_INT:
        return memcmp(at_a, at_b, sizeof(int64_t)) == 0;
    case SP_BOOL:
        return *at_a == *at_b;
    case SP_STRING:
    case SP_BYTES:
        memcpy(&of_a, at_a, sizeof of_a);
        memcpy(&of_b, at_b, sizeof of_b);
        return sp_text_equal(of_a, of_b);
    case SP_FIXED:
        return memcmp(at_a, at_b, field->max) == 0;
    case SP_LIST:
        break;
    }
    size_t count = sample_count(field, a), size = field->record->size;
    if (count != sample_count(field, b))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!sample_equal(field->record, sample_elements(field, a) + i * size,
                          sample_elements(field, b) + i * size))
            return false;
    }
    return true;
}

bool sample_equal(const struct sp_record *record, const void *a, const void *b)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (!sample_field_equal(&record->fields[i], a, b))
            return false;
    }
    return true;
}

void sample_encode_unlimited(const struct sp_record *record, const void *value,
                             struct sp_buffer *out)
{
    struct sp_field fields[64];
    struct sp_record wide = *record;
    struct sp_error err;
    memcpy(fields, record->fields, record->field_count * sizeof *fields);
    for (size_t i = 0; i < record->field_count; i++) {
        if (fields[i].kind != SP_FIXED)
            fields[i].max = UINT32_MAX;
    }
    wide.fields = fields;
    SP_ASSERT(sp_record_encode(&wide, value, out, &err) == SP_OK);
}

struct sp_text sample_exact(const char *bytes, size_t size)
{
    char *copy = size == 0 ? NULL : malloc(size);
    SP_ASSERT(copy != NULL || size == 0);
    if (size > 0)
        memcpy(copy, bytes, size);
    return (struct sp_text){copy, size};
}
