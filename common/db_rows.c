/* Results: binary columns read as what they are. */
#include <endian.h>
#include <string.h>

#include "common/db_internal.h"

enum { OID_JSONB = 3802 };

#define EPOCH_2000_US INT64_C(946684800000000)

const struct sp_rows *sp_result(struct sp_db *db, int slot)
{
    SP_ASSERT(slot >= 0 && slot < db->slot_count);
    return &db->slots[slot].rows;
}

size_t sp_rows_count(const struct sp_rows *rows)
{
    return rows == NULL || rows->result == NULL ? 0 : (size_t)PQntuples(rows->result);
}

size_t sp_rows_affected(const struct sp_rows *rows)
{
    if (rows == NULL || rows->result == NULL)
        return 0;
    int64_t count = 0;
    if (!sp_text_to_int(sp_text_of(PQcmdTuples(rows->result)), &count))
        return 0;
    return (size_t)count;
}

static void check(const struct sp_rows *rows, size_t row, int column)
{
    SP_ASSERT(row < sp_rows_count(rows) && column >= 0 && column < PQnfields(rows->result));
}

bool sp_row_null(const struct sp_rows *rows, size_t row, int column)
{
    check(rows, row, column);
    return PQgetisnull(rows->result, (int)row, column) == 1;
}

struct sp_text sp_row_text(const struct sp_rows *rows, size_t row, int column)
{
    check(rows, row, column);
    const char *data = PQgetvalue(rows->result, (int)row, column);
    size_t size = (size_t)PQgetlength(rows->result, (int)row, column);
    /* jsonb travels behind a version byte. */
    if (PQftype(rows->result, column) == OID_JSONB && size > 0)
        return (struct sp_text){data + 1, size - 1};
    return (struct sp_text){data, size};
}

int64_t sp_row_int(const struct sp_rows *rows, size_t row, int column)
{
    struct sp_text text = sp_row_text(rows, row, column);
    if (sp_row_null(rows, row, column))
        return 0;
    uint64_t big = 0;
    SP_ASSERT(text.size == 2 || text.size == 4 || text.size == 8);
    memcpy((char *)&big + sizeof big - text.size, text.data, text.size);
    uint64_t value = be64toh(big);
    if (text.size == 2)
        return (int16_t)(uint16_t)value;
    if (text.size == 4)
        return (int32_t)(uint32_t)value;
    return (int64_t)value;
}

bool sp_row_bool(const struct sp_rows *rows, size_t row, int column)
{
    struct sp_text text = sp_row_text(rows, row, column);
    return text.size == 1 && text.data[0] != 0;
}

int64_t sp_row_time(const struct sp_rows *rows, size_t row, int column)
{
    return sp_row_null(rows, row, column) ? 0 : sp_row_int(rows, row, column) + EPOCH_2000_US;
}

/* As it travels: dimensions, flags and type; count and lower bound when there is a dimension; then
 * the elements, each behind its size. */
enum { DIMENSIONS_BYTES = 12, ARRAY_HEADER = 20, ELEMENT = 4 + 8 };

size_t sp_row_ints(const struct sp_rows *rows, size_t row, int column)
{
    struct sp_text array = sp_row_text(rows, row, column);
    if (array.size <= DIMENSIONS_BYTES)
        return 0;
    SP_ASSERT((array.size - ARRAY_HEADER) % ELEMENT == 0); /* no nulls, eight bytes each */
    return (array.size - ARRAY_HEADER) / ELEMENT;
}

int64_t sp_row_int_at(const struct sp_rows *rows, size_t row, int column, size_t i)
{
    struct sp_text array = sp_row_text(rows, row, column);
    size_t at = ARRAY_HEADER + i * ELEMENT + 4;
    uint64_t big;
    SP_ASSERT(at + sizeof big <= array.size);
    memcpy(&big, array.data + at, sizeof big);
    return (int64_t)be64toh(big);
}
