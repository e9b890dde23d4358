/* Parameters: numbers, texts, and sets of rows, in PostgreSQL's binary form. */
#include <endian.h>
#include <string.h>

#include "common/db_internal.h"

/* Type numbers of pg_type that never change. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
};

/* PostgreSQL counts microseconds from the year 2000. */
#define EPOCH_2000_US INT64_C(946684800000000)

static void put_be32(char *to, uint32_t value)
{
    uint32_t big = htobe32(value);
    memcpy(to, &big, sizeof big);
}

static struct sp_param number_param(int64_t value, size_t size)
{
    struct sp_param param = {.is_number = true, .size = size};
    uint64_t big = htobe64((uint64_t)value);
    memcpy(param.number, (const char *)&big + sizeof big - size, size);
    return param;
}

struct sp_param sp_int(int64_t value)
{
    return number_param(value, 8);
}

struct sp_param sp_int4(int32_t value)
{
    return number_param(value, 4);
}

struct sp_param sp_boolean(bool value)
{
    return number_param(value ? 1 : 0, 1);
}

struct sp_param sp_string(struct sp_text text)
{
    return (struct sp_param){.data = text.size == 0 ? "" : text.data, .size = text.size};
}

struct sp_param sp_cstring(const char *string)
{
    return sp_string(sp_text_of(string));
}

struct sp_param sp_time(int64_t us)
{
    return us == 0 ? sp_null() : number_param(us - EPOCH_2000_US, 8);
}

struct sp_param sp_null(void)
{
    return (struct sp_param){.data = NULL};
}

/* ---- arrays
 * -------------------------------------------------------------------------------------- */

enum { ARRAY_HEADER = 20, COUNT_AT = 12 };

static void put32(struct sp_buffer *buffer, uint32_t value)
{
    put_be32(sp_buffer_reserve(buffer, 4), value);
    buffer->size += 4;
}

/* One dimension, no nulls, lower bound 1.  An array of no elements has no dimension, which `count`
 * = 0 with ndim = 1 expresses as well. */
static void begin_array(struct sp_buffer *buffer, uint32_t element_oid, uint32_t count)
{
    put32(buffer, 1);
    put32(buffer, 0);
    put32(buffer, element_oid);
    put32(buffer, count);
    put32(buffer, 1);
}

static struct sp_set *take_set(struct sp_db *db)
{
    if (db->set_used == db->set_count) {
        db->sets = sp_realloc(db->sets, (db->set_count + 1) * sizeof(struct sp_set *));
        db->sets[db->set_count++] = sp_alloc(sizeof(struct sp_set));
    }
    struct sp_set *set = db->sets[db->set_used++];
    sp_buffer_reset(&set->bytes);
    set->count = 0;
    set->columns = 0;
    return set;
}

static uint32_t type_oid(const struct sp_db *db, const char *name)
{
    for (size_t i = 0; i < db->type_count; i++) {
        if (strcmp(db->types[i].name, name) == 0)
            return db->types[i].oid;
    }
    /* Never connected yet: what is queued will fail as not connected.  Connected, it is our
     * mistake. */
    SP_ASSERT(db->conn == NULL);
    return 0;
}

struct sp_set *sp_set_open(struct sp_db *db, const char *type)
{
    uint32_t oid = type_oid(db, type);
    struct sp_set *set = take_set(db);
    begin_array(&set->bytes, oid, 0);
    return set;
}

void sp_set_row(struct sp_set *set)
{
    set->count++;
    set->columns = 0;
    put_be32(set->bytes.data + COUNT_AT, set->count);
    set->row_at = set->bytes.size;
    put32(&set->bytes, 4); /* bytes of the row: so far only the column count */
    put32(&set->bytes, 0);
}

static char *column(struct sp_set *set, uint32_t oid, size_t size)
{
    SP_ASSERT(set->count > 0);
    char *to = sp_buffer_reserve(&set->bytes, 8 + size);
    put_be32(to, oid);
    put_be32(to + 4, (uint32_t)size);
    set->bytes.size += 8 + size;
    char *row = set->bytes.data + set->row_at;
    put_be32(row, (uint32_t)(set->bytes.size - set->row_at - 4));
    put_be32(row + 4, ++set->columns);
    return to + 8;
}

static void put_column(struct sp_set *set, uint32_t oid, const void *bytes, size_t size)
{
    char *to = column(set, oid, size);
    if (size > 0)
        memcpy(to, bytes, size);
}

void sp_set_string(struct sp_set *set, struct sp_text text)
{
    put_column(set, OID_TEXT, text.data, text.size);
}

void sp_set_bytes(struct sp_set *set, struct sp_text bytes)
{
    put_column(set, OID_BYTEA, bytes.data, bytes.size);
}

void sp_set_int(struct sp_set *set, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    put_column(set, OID_INT8, &big, sizeof big);
}

void sp_set_int4(struct sp_set *set, int32_t value)
{
    uint32_t big = htobe32((uint32_t)value);
    put_column(set, OID_INT4, &big, sizeof big);
}

void sp_set_bool(struct sp_set *set, bool value)
{
    char byte = value ? 1 : 0;
    put_column(set, OID_BOOL, &byte, 1);
}

static void null_column(struct sp_set *set, uint32_t oid)
{
    char *to = column(set, oid, 0);
    put_be32(to - 4, UINT32_MAX);
}

void sp_set_time(struct sp_set *set, int64_t us)
{
    if (us == 0) {
        null_column(set, OID_TIMESTAMPTZ);
        return;
    }
    uint64_t big = htobe64((uint64_t)(us - EPOCH_2000_US));
    put_column(set, OID_TIMESTAMPTZ, &big, sizeof big);
}

void sp_set_uuid(struct sp_set *set, const uint8_t uuid[16])
{
    put_column(set, OID_UUID, uuid, 16);
}

void sp_set_null(struct sp_set *set)
{
    /* The server compares a column's type even when it is null. */
    null_column(set, OID_TEXT);
}

/* Returns where the elements go. */
static char *array_column(struct sp_set *set, uint32_t oid, uint32_t element_oid, size_t size,
                          size_t count)
{
    char *to = column(set, oid, size);
    put_be32(to, 1);
    put_be32(to + 4, 0);
    put_be32(to + 8, element_oid);
    put_be32(to + 12, (uint32_t)count);
    put_be32(to + 16, 1);
    return to + ARRAY_HEADER;
}

void sp_set_ints(struct sp_set *set, const int64_t values[], size_t count)
{
    enum { ELEMENT = 4 + 8 };
    char *to = array_column(set, OID_INT8_ARRAY, OID_INT8, ARRAY_HEADER + count * ELEMENT, count);
    for (size_t i = 0; i < count; i++, to += ELEMENT) {
        uint64_t big = htobe64((uint64_t)values[i]);
        put_be32(to, sizeof big);
        memcpy(to + 4, &big, sizeof big);
    }
}

void sp_set_strings(struct sp_set *set, const struct sp_text texts[], size_t count)
{
    size_t size = ARRAY_HEADER;
    for (size_t i = 0; i < count; i++)
        size += 4 + texts[i].size;
    char *to = array_column(set, OID_TEXT_ARRAY, OID_TEXT, size, count);
    for (size_t i = 0; i < count; i++) {
        put_be32(to, (uint32_t)texts[i].size);
        if (texts[i].size > 0)
            memcpy(to + 4, texts[i].data, texts[i].size);
        to += 4 + texts[i].size;
    }
}

size_t sp_set_count(const struct sp_set *set)
{
    return set->count;
}

static struct sp_param buffer_param(const struct sp_buffer *bytes)
{
    return (struct sp_param){.data = bytes->data, .size = bytes->size};
}

struct sp_param sp_set(const struct sp_set *set)
{
    return buffer_param(&set->bytes);
}

struct sp_param sp_ints(struct sp_db *db, const int64_t values[], size_t count)
{
    struct sp_buffer *bytes = &take_set(db)->bytes;
    begin_array(bytes, OID_INT8, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        uint64_t big = htobe64((uint64_t)values[i]);
        put32(bytes, sizeof big);
        sp_buffer_put(bytes, &big, sizeof big);
    }
    return buffer_param(bytes);
}

struct sp_param sp_strings(struct sp_db *db, const struct sp_text texts[], size_t count)
{
    struct sp_buffer *bytes = &take_set(db)->bytes;
    begin_array(bytes, OID_TEXT, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        put32(bytes, (uint32_t)texts[i].size);
        sp_buffer_put_text(bytes, texts[i]);
    }
    return buffer_param(bytes);
}

struct sp_param sp_uuids(struct sp_db *db, const uint8_t (*uuids)[16], size_t count)
{
    struct sp_buffer *bytes = &take_set(db)->bytes;
    begin_array(bytes, OID_UUID, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        put32(bytes, 16);
        sp_buffer_put(bytes, uuids[i], 16);
    }
    return buffer_param(bytes);
}
