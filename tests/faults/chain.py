"""What each service holds of an order beside what the one before it last said: the newest revision, and all of it.

A fact is kept as it came, in msgpack; the numbers of its fields are those of proto/*.schema.
"""
import json
import struct

# Fields that order.recorded, order.mapped and order.allocated have in common: from shop_id to is_manual, and deleted.
SHOP, STATUS, CREATED, PAID, COLLECTED, DELIVERED, CANCELLED = 6, 7, 8, 9, 10, 11, 12
COMMON, LINES = (*range(6, 20), 21), 20
RECORDED_LINE, MAPPED_LINE = (1, 4, 5), (1, 2, 3)  # line, units, cancelled

BOOK = ("SELECT order_id, rev, json_build_array(shop_id, channel_status, extract(epoch FROM created_at)::bigint, "
        "extract(epoch FROM paid_at)::bigint, extract(epoch FROM collected_at)::bigint, "
        "extract(epoch FROM delivered_at)::bigint, extract(epoch FROM cancelled_at)::bigint), (SELECT "
        "json_agg(json_build_array(l.line->'line', l.line->'units', l.line->'status', l.line->'apart') ORDER BY l.n) "
        "FROM order_line_seen l WHERE (l.account_id, l.order_id) = (o.account_id, o.order_id)) FROM orders o")
MAPPED = "SELECT order_id, upstream_rev, rev, encode(body, 'hex') FROM mapped_order"
RESERVED = ("SELECT r.key, r.upstream_rev, r.rev, encode(r.fact, 'hex'), (SELECT count(*) FROM kept_part k WHERE "
            "(k.account_id, k.key) = (r.account_id, r.key) AND (k.reserved > 0 OR k.issuing > 0)) FROM reservation r")
ALLOCATED = "SELECT key, upstream_rev, encode(fact, 'hex') FROM decision"
STAGED, SHOWN = "SELECT key, rev FROM decision", "SELECT order_id, upstream_rev FROM order_stage"

SIZES = {0xc4: ">B", 0xc5: ">H", 0xc6: ">I", 0xd9: ">B", 0xda: ">H", 0xdb: ">I",
         0xdc: ">H", 0xdd: ">I", 0xde: ">H", 0xdf: ">I"}
NUMBERS = {0xcc: ">B", 0xcd: ">H", 0xce: ">I", 0xcf: ">Q", 0xd0: ">b", 0xd1: ">h", 0xd2: ">i", 0xd3: ">q"}
CONSTANTS = {0xc0: None, 0xc2: False, 0xc3: True}


def unpack(data, at=0):
    """(value, where it ends) of one msgpack value, of the kinds that facts are made of."""
    kind, at = data[at], at + 1
    if kind < 0x80 or kind >= 0xe0:
        return (kind if kind < 0x80 else kind - 0x100), at
    if kind in CONSTANTS:
        return CONSTANTS[kind], at
    if kind in NUMBERS:
        form = NUMBERS[kind]
        return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)
    if kind in SIZES:
        size, at = struct.unpack_from(SIZES[kind], data, at)[0], at + struct.calcsize(SIZES[kind])
    elif kind < 0xa0:
        size = kind & 0x0f
    elif kind < 0xc0:
        size = kind & 0x1f
    else:
        raise ValueError(f"no fact holds a value of kind {kind:#x}")
    if 0x80 <= kind < 0x90 or kind >= 0xde:
        return unpack_map(data, at, size)
    if 0x90 <= kind < 0xa0 or kind >= 0xdc:
        return unpack_list(data, at, size)
    return data[at:at + size], at + size


def unpack_map(data, at, size):
    value = {}
    for _ in range(size):
        key, at = unpack(data, at)
        value[key], at = unpack(data, at)
    return value, at


def unpack_list(data, at, size):
    value = []
    for _ in range(size):
        one, at = unpack(data, at)
        value.append(one)
    return value, at


def content(fact, line_fields):
    """What the fact says of the order; a field that is not there is one that is zero, false or empty."""
    lines = tuple(tuple(line.get(number) or None for number in line_fields) for line in fact.get(LINES) or ())
    return tuple(fact.get(number) or None for number in COMMON), lines


def read(text, line_fields):
    return content(unpack(bytes.fromhex(text))[0], line_fields)


def outline(said):
    """Of a fact's content what the book has in columns as well."""
    fields, lines = said
    return tuple(fields[number - SHOP] for number in range(SHOP, CANCELLED + 1)), tuple(line[:2] for line in lines)


def live_units(units, status, apart):
    """Of a line those that are not cancelled; some may stand otherwise than the rest."""
    groups = [(one["units"], one.get("status")) for one in apart or ()]
    groups.append((units - sum(count for count, _ in groups), status))
    return sum(count for count, status in groups if status != "CANCELLED")


def read_book(fields, lines):
    fields = [field.encode() if isinstance(field, str) else field for field in json.loads(fields)]
    return (tuple(field or None for field in fields),
            tuple((line, live_units(*standing) or None) for line, *standing in json.loads(lines or "[]")))


def differing(left, right):
    """Keys of both whose values are not equal; who has no such key is told of elsewhere."""
    return {key for key in left.keys() & right.keys() if left[key] != right[key]}


def compare(rows, named):
    """Findings; `rows(database, sql)` gives lists of texts, `named(keys)` a short text."""
    book = {row[0]: (int(row[1]), read_book(row[2], row[3])) for row in rows("order_ingest", BOOK)}
    mapped = {row[0]: (int(row[1]), int(row[2]), read(row[3], RECORDED_LINE)) for row in rows("product_mapper", MAPPED)}
    reserved = {row[0]: (int(row[1]), int(row[2]), read(row[3], MAPPED_LINE), int(row[4]))
                for row in rows("inventory", RESERVED)}
    allocated = {row[0]: (int(row[1]), read(row[2], MAPPED_LINE)) for row in rows("placement", ALLOCATED)}
    staged = dict(rows("placement", STAGED))
    shown = dict(rows("order_ingest", SHOWN))
    wrong = {
        "product-mapper holds another order than the book":
            differing({key: said for key, (_, said) in book.items()},
                      {key: outline(said) for key, (_, _, said) in mapped.items()}),
        "product-mapper holds a revision that the book has not come to":
            {key for key in mapped.keys() & book.keys() if mapped[key][0] > book[key][0]},
        "inventory holds another order than product-mapper":
            differing({key: said for key, (_, _, said) in mapped.items()},
                      {key: said for key, (_, _, said, _) in reserved.items()}),
        "inventory holds another revision than product-mapper last emitted":
            differing({key: rev for key, (_, rev, _) in mapped.items()},
                      {key: rev for key, (rev, _, _, _) in reserved.items()}),
        "placement was told another order than inventory holds":
            differing({key: said for key, (_, _, said, _) in reserved.items()},
                      {key: said for key, (_, said) in allocated.items()}),
        "placement holds another revision than inventory last emitted":
            differing({key: rev for key, (_, rev, _, _) in reserved.items()},
                      {key: rev for key, (rev, _) in allocated.items()}),
        "the book holds another revision of the stage than placement last emitted": differing(staged, shown),
        "stock is kept though the book says cancelled":
            {key for key in reserved.keys() & book.keys()
             if reserved[key][3] > 0 and book[key][1][0][STATUS - SHOP] == b"CANCELLED"},
    }
    return [f"{len(keys)} orders: {what}: {named(keys)}" for what, keys in wrong.items() if keys]
