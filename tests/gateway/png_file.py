"""PNG files for tests, of every kind, and what such a file shows."""
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width, height, depth=8, colour=6, interlaced=False):
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def rows(width, height, pixel, interlaced):
    """Each row of each pass, as the bytes of its pixels."""
    for left, top, right, down in PASSES if interlaced else ((0, 0, 1, 1),):
        for y in range(top, height, down):
            line = b"".join(pixel(x, y) for x in range(left, width, right))
            if line:
                yield b"\0" + line


def png(width, height, pixel, depth=8, colour=6, interlaced=False, extra=b""):
    """`pixel(x, y)` gives the bytes of one, of whole bytes; `extra`: chunks before the pixels."""
    data = zlib.compress(b"".join(rows(width, height, pixel, interlaced)), 1)
    return header(width, height, depth, colour, interlaced) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def unfilter(kind, line, above):
    out = bytearray()
    for i, value in enumerate(line):
        a, b, c = (out[i - 4] if i >= 4 else 0), above[i], (above[i - 4] if i >= 4 else 0)
        nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
        out.append((value + (0, a, b, (a + b) // 2, nearest)[kind]) % 256)
    return bytes(out)


def shown(content):
    """Width, height, and the rows of a file of four bytes a pixel."""
    assert content.startswith(SIGNATURE)
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    assert (depth, colour) == (8, 6)
    data, at = b"", 8
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        data += content[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw, lines, above = zlib.decompress(data), [], bytes(width * 4)
    for y in range(height):
        line = raw[y * (width * 4 + 1):(y + 1) * (width * 4 + 1)]
        above = unfilter(line[0], line[1:], above)
        lines.append(above)
    return width, height, lines
