/* Reading msgpack, bounded: one item at a time, nothing allocated, no claimed length believed.
 * For message_decode.c only; inline because it is the hottest code there is. */
#ifndef SAMPAN_MESSAGE_WIRE_H
#define SAMPAN_MESSAGE_WIRE_H

#include "common/base.h"

/* Input that is left. */
struct sp_wire {
    const uint8_t *at, *end;
};

enum sp_wire_kind {
    SP_WIRE_INT,
    SP_WIRE_BOOL,
    SP_WIRE_STRING,
    SP_WIRE_BYTES,
    SP_WIRE_ARRAY,
    SP_WIRE_MAP,
    SP_WIRE_OTHER, /* nil, floats, extensions, numbers beyond int64_t: well-formed, used by no field
                    */
};

/* One item: a whole scalar, or the header of a container whose elements follow. */
struct sp_wire_item {
    enum sp_wire_kind kind;
    int64_t number;   /* INT, BOOL */
    const char *data; /* STRING, BYTES */
    size_t size;      /* bytes of a text; elements of an array; pairs of a map */
};

static inline uint64_t sp_wire_big_endian(const uint8_t *at, unsigned bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes; i++)
        number = number << 8 | at[i];
    return number;
}

/* A big-endian number of `bytes` bytes; false when fewer are left. */
static inline bool sp_wire_number(struct sp_wire *in, unsigned bytes, uint64_t *number)
{
    if ((size_t)(in->end - in->at) < bytes)
        return false;
    *number = sp_wire_big_endian(in->at, bytes);
    in->at += bytes;
    return true;
}

/* The payload of a text: `size` bytes that must be there. */
static inline bool sp_wire_payload(struct sp_wire *in, struct sp_wire_item *item,
                                   enum sp_wire_kind kind, uint64_t size)
{
    if ((size_t)(in->end - in->at) < size)
        return false;
    item->kind = kind;
    item->data = (const char *)in->at;
    item->size = (size_t)size;
    in->at += size;
    return true;
}

/* A container of `count` elements or pairs: each takes at least a byte, or two. */
static inline bool sp_wire_container(const struct sp_wire *in, struct sp_wire_item *item,
                                     enum sp_wire_kind kind, uint64_t count)
{
    size_t left = (size_t)(in->end - in->at);
    if (count > (kind == SP_WIRE_MAP ? left / 2 : left))
        return false;
    item->kind = kind;
    item->size = (size_t)count;
    return true;
}

/* An item whose first byte says a kind and the width of a length or number that follows. */
bool sp_wire_wide(struct sp_wire *in, uint8_t first, struct sp_wire_item *item) SP_MUST_USE;

/* The next item; false when the input ends before it does or is not msgpack. */
static inline bool sp_wire_next(struct sp_wire *in, struct sp_wire_item *item)
{
    if (in->at == in->end)
        return false;
    uint8_t first = *in->at++;
    if (first < 0x80 || first >= 0xe0) {
        item->kind = SP_WIRE_INT;
        item->number = (int8_t)first;
        return true;
    }
    if (first >= 0xc0)
        return sp_wire_wide(in, first, item);
    if (first >= 0xa0)
        return sp_wire_payload(in, item, SP_WIRE_STRING, first & 0x1f);
    return sp_wire_container(in, item, first >= 0x90 ? SP_WIRE_ARRAY : SP_WIRE_MAP, first & 0x0f);
}

/* Moves behind one whole value, however it is nested; false when it is not all there. */
bool sp_wire_skip(struct sp_wire *in) SP_MUST_USE;

#endif
