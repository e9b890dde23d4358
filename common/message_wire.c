#include "common/message_wire.h"

static bool text_item(struct sp_wire *in, struct sp_wire_item *item, enum sp_wire_kind kind,
                      unsigned width)
{
    uint64_t size;
    return sp_wire_number(in, width, &size) && sp_wire_payload(in, item, kind, size);
}

static bool container_item(struct sp_wire *in, struct sp_wire_item *item, enum sp_wire_kind kind,
                           unsigned width)
{
    uint64_t count;
    return sp_wire_number(in, width, &count) && sp_wire_container(in, item, kind, count);
}

static bool unsigned_number(struct sp_wire *in, struct sp_wire_item *item, unsigned width)
{
    uint64_t number;
    if (!sp_wire_number(in, width, &number))
        return false;
    item->kind = number > INT64_MAX ? SP_WIRE_OTHER : SP_WIRE_INT;
    item->number = (int64_t)number;
    return true;
}

static bool signed_number(struct sp_wire *in, struct sp_wire_item *item, unsigned width)
{
    uint64_t number;
    if (!sp_wire_number(in, width, &number))
        return false;
    unsigned unused = 64 - 8 * width;
    item->kind = SP_WIRE_INT;
    item->number = (int64_t)(number << unused) >> unused;
    return true;
}

/* An extension: a type byte, then the payload. */
static bool extension(struct sp_wire *in, struct sp_wire_item *item, unsigned width)
{
    uint64_t size;
    return sp_wire_number(in, width, &size) && sp_wire_payload(in, item, SP_WIRE_OTHER, size + 1);
}

bool sp_wire_wide(struct sp_wire *in, uint8_t first, struct sp_wire_item *item)
{
    switch (first) {
    case 0xc0: /* nil */
        return sp_wire_payload(in, item, SP_WIRE_OTHER, 0);
    case 0xc2:
    case 0xc3:
        item->kind = SP_WIRE_BOOL;
        item->number = first & 1;
        return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return text_item(in, item, SP_WIRE_BYTES, 1U << (first - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9:
        return extension(in, item, 1U << (first - 0xc7));
    case 0xca: /* floats */
    case 0xcb:
        return sp_wire_payload(in, item, SP_WIRE_OTHER, 4U << (first - 0xca));
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return unsigned_number(in, item, 1U << (first - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return signed_number(in, item, 1U << (first - 0xd0));
    case 0xd4: /* extensions of 1, 2, 4, 8 and 16 bytes */
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return sp_wire_payload(in, item, SP_WIRE_OTHER, 1 + (1U << (first - 0xd4)));
    case 0xd9:
    case 0xda:
    case 0xdb:
        return text_item(in, item, SP_WIRE_STRING, 1U << (first - 0xd9));
    case 0xdc:
    case 0xdd:
        return container_item(in, item, SP_WIRE_ARRAY, 2U << (first - 0xdc));
    case 0xde:
    case 0xdf:
        return container_item(in, item, SP_WIRE_MAP, 2U << (first - 0xde));
    default: /* 0xc1 is not msgpack */
        return false;
    }
}

bool sp_wire_skip(struct sp_wire *in)
{
    /* Values still to pass; each takes a byte at least, so the input bounds the loop and no nesting
     * is too deep. */
    for (uint64_t left = 1; left > 0; left--) {
        struct sp_wire_item item;
        if (!sp_wire_next(in, &item))
            return false;
        if (item.kind == SP_WIRE_ARRAY)
            left += item.size;
        else if (item.kind == SP_WIRE_MAP)
            left += 2 * (uint64_t)item.size;
        if (left > (uint64_t)(in->end - in->at) + 1)
            return false;
    }
    return true;
}
