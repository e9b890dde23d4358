"""sampan-picture: what it shows, what it refuses, and that no file makes it do anything else.
Covers: boxes.c, cage.c, read_png.c, read_jpeg.c, design_preview.c."""
import argparse
import pathlib
import random
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

import tap
from png_file import chunk, header, png, shown

BROKEN, TOO_LARGE, UNKNOWN = 3, 4, 5
RED, BLUE, CLEAR = b"\xff\0\0\xff", b"\0\0\xff\xff", b"\0\xff\0\0"
PROGRAM = MAKE_JPEG = None


def begin(content, folder):
    """The program at work, with files as it is given them."""
    given, made = folder / "given", folder / "made"
    given.write_bytes(content)
    with open(given, "rb") as source, open(made, "wb") as target:
        return subprocess.Popen([PROGRAM], stdin=source, stdout=target, stderr=subprocess.PIPE, env={}), made


def run(content):
    """Its exit code, and what it made."""
    with tempfile.TemporaryDirectory() as folder:
        process, made = begin(content, pathlib.Path(folder))
        said = process.communicate()[1]
        assert b"Sanitizer" not in said, said.decode()
        return process.returncode, made.read_bytes()


def status_of(process):
    """Of a process at work; empty when it has ended."""
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def most_memory(content):
    """In bytes, as long as it could be seen; and its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        process, _ = begin(content, pathlib.Path(folder))
        most = 0
        while process.poll() is None:
            status = status_of(process)
            if status.get("Seccomp") == "2":
                most = max(most, int(status.get("VmHWM", "0 kB").split()[0]) * 1024)
        process.communicate()
        return most, process.returncode


def jpeg(width, height, kind):
    return subprocess.run([MAKE_JPEG, str(width), str(height), kind], capture_output=True, check=True).stdout


def halves(x, y, width):
    return RED if 2 * x < width else BLUE


def noise(x, y):
    return bytes(((x * 7 + y) % 256, (x * y) % 256, (x + y * 13) % 256, 255))


def pixel(lines, x, y):
    return tuple(lines[y][4 * x:4 * x + 4])


class Picture(unittest.TestCase):
    def made(self, content):
        code, picture = run(content)
        self.assertEqual(code, 0)
        return shown(picture)

    def near(self, found, wanted):
        self.assertTrue(all(abs(a - b) < 12 for a, b in zip(found, wanted)), f"{found} is not {wanted}")

    def test_a_small_one_stays_as_it_is(self):
        width, height, lines = self.made(png(10, 7, noise))
        self.assertEqual((width, height), (10, 7))
        self.assertEqual(lines, [b"".join(noise(x, y) for x in range(10)) for y in range(7)])

    def test_a_large_one_is_shrunk_to_256_pixels(self):
        for size, wanted in (((1000, 500), (256, 128)), ((300, 1200), (64, 256)), ((257, 1), (256, 1)), ((1, 900), (1, 256))):
            found = self.made(png(*size, lambda x, y, width=size[0]: halves(x, y, width)))
            self.assertEqual(found[:2], wanted)
        _, _, lines = self.made(png(1000, 500, lambda x, y: halves(x, y, 1000)))
        self.assertEqual((pixel(lines, 5, 60), pixel(lines, 250, 60)), (tuple(RED), tuple(BLUE)))

    def test_what_is_clear_stays_clear_and_lends_no_colour(self):
        _, _, lines = self.made(png(512, 512, lambda x, y: RED if x % 2 else CLEAR))
        self.assertEqual(pixel(lines, 100, 100), (255, 0, 0, 128))
        _, _, lines = self.made(png(300, 300, lambda x, y: CLEAR))
        self.assertEqual(pixel(lines, 100, 100)[3], 0)

    def test_every_kind_of_png_is_read(self):
        grey = lambda x, y: (x * 3 + y) % 256
        plain = self.made(png(300, 40, lambda x, y: bytes([grey(x, y)] * 3 + [255])))
        palette = chunk(b"PLTE", b"".join(bytes([n] * 3) for n in range(256)))
        kinds = {(8, 0): lambda x, y: bytes([grey(x, y)]), (16, 0): lambda x, y: bytes([grey(x, y)] * 2),
                 (8, 2): lambda x, y: bytes([grey(x, y)] * 3), (8, 3): lambda x, y: bytes([grey(x, y)]),
                 (8, 4): lambda x, y: bytes([grey(x, y), 255]), (16, 6): lambda x, y: bytes([grey(x, y)] * 6 + [255] * 2)}
        for (depth, colour), one in kinds.items():
            extra = palette if colour == 3 else b""
            for interlaced in (False, True):
                self.assertEqual(self.made(png(300, 40, one, depth, colour, interlaced, extra)), plain, (depth, colour))

    def test_an_interlaced_one_is_the_same(self):
        for size in ((1, 1), (3, 2), (5, 9), (400, 301)):
            self.assertEqual(self.made(png(*size, noise)), self.made(png(*size, noise, interlaced=True)), size)

    def test_every_kind_of_jpeg_is_read(self):
        for kind in ("baseline", "progressive", "inks"):
            for size, wanted in (((100, 60), (100, 60)), ((2000, 1000), (256, 128)), ((3000, 160), (256, 14))):
                width, height, lines = self.made(jpeg(*size, kind))
                self.assertEqual((width, height), wanted)
                self.near(pixel(lines, 10, 0), tuple(RED))
                self.near(pixel(lines, width - 10, 0), tuple(BLUE))

    def test_what_is_too_large_is_refused_by_its_header(self):
        for size in ((30000, 30000), (60001, 1), (2**31 - 1, 2**31 - 1)):
            self.assertEqual(run(header(*size) + chunk(b"IDAT", zlib.compress(b"\0" * 99)))[0], TOO_LARGE, size)
        lying = bytearray(jpeg(16, 16, "baseline"))
        at = lying.index(b"\xff\xc0") + 5
        lying[at:at + 4] = struct.pack(">HH", 65000, 65000)
        self.assertEqual(run(bytes(lying))[0], TOO_LARGE)

    def test_a_progressive_one_that_needs_much_memory_is_refused(self):
        lying = bytearray(jpeg(16, 16, "progressive"))
        at = lying.index(b"\xff\xc2") + 5
        lying[at:at + 4] = struct.pack(">HH", 12000, 12000)
        self.assertEqual(run(bytes(lying))[0], TOO_LARGE)

    def test_what_is_neither_is_said_to_be(self):
        for content, code in ((b"%PDF-1.7\n", UNKNOWN), (b"GIF89a", UNKNOWN), (b"", BROKEN), (b"\x89P", BROKEN)):
            self.assertEqual(run(content)[0], code)

    def test_large_chunks_that_nobody_needs_are_passed_by(self):
        profile = chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(100 * 1024 * 1024)))
        text = chunk(b"zTXt", b"t\0\0" + zlib.compress(bytes(100 * 1024 * 1024))) + chunk(b"tEXt", b"t\0" + b"x" * 8000000)
        self.expect_little(png(10, 10, noise, extra=profile + text))

    def expect_little(self, content):
        most, code = most_memory(content)
        self.assertEqual(code, 0)
        if b"__asan_init" not in PROGRAM.read_bytes():
            self.assertLess(most, 16 * 1024 * 1024)
        return most

    def test_memory_does_not_grow_with_the_picture(self):
        line = b"\0" + b"\x55" * (10000 // 8)
        body = zlib.compress(line * 10000, 1)
        content = header(10000, 10000, 1, 0) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
        self.assertEqual(self.made(content)[:2], (256, 256))
        print(f"# 100 million pixels with {self.expect_little(content) / 1048576:.1f} MiB")

    def test_one_that_takes_for_ever_is_ended(self):
        """The same scan of a progressive one again and again: a few hundred KB, minutes of work."""
        whole = jpeg(2400, 2400, "progressive")
        last = whole.rindex(b"\xff\xda")
        self.assertEqual(run(whole[:last] + whole[last:-2] * 5000 + whole[-2:])[0], -signal.SIGXCPU)

    def test_no_file_that_is_cut_or_lies_ends_it_otherwise(self):
        dice = random.Random(7)
        seeds = [png(40, 30, noise), png(33, 21, noise, interlaced=True), jpeg(50, 40, "baseline"), jpeg(50, 40, "progressive"),
                 jpeg(50, 40, "inks")]
        ends = set()
        for seed in seeds:
            for size in range(0, len(seed), len(seed) // 12):
                ends.add(run(seed[:size])[0])
            for _ in range(25):
                lying = bytearray(seed)
                for _ in range(dice.randint(1, 4)):
                    lying[dice.randrange(len(lying))] = dice.randrange(256)
                ends.add(run(bytes(mended(lying)))[0])
        self.assertLessEqual(ends, {0, BROKEN, TOO_LARGE, UNKNOWN})
        self.assertLessEqual({0, BROKEN}, ends)

    def test_it_is_caged_while_it_works(self):
        body = zlib.compress((b"\0" + b"\x55" * 1250) * 10000, 1)
        with tempfile.TemporaryDirectory() as folder:
            process, _ = begin(header(10000, 10000, 1, 0) + chunk(b"IDAT", body), pathlib.Path(folder))
            status, end = {}, time.monotonic() + 10
            while status.get("Seccomp") != "2" and time.monotonic() < end and process.poll() is None:
                status = status_of(process)
            limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
            process.kill()
            process.communicate()
        self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
        self.assertIn("Max cpu time              10                   11", limits)


def mended(lying):
    """A PNG's checksums are made right again, so that what lies behind them is reached."""
    at = 8
    while lying.startswith(b"\x89PNG") and at + 12 <= len(lying):
        size = struct.unpack(">I", lying[at:at + 4])[0]
        if at + 12 + size > len(lying):
            break
        lying[at + 8 + size:at + 12 + size] = struct.pack(">I", zlib.crc32(lying[at + 4:at + 8 + size]))
        at += 12 + size
    return lying


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--make-jpeg", type=pathlib.Path, required=True)
    options, _ = parser.parse_known_args()
    PROGRAM, MAKE_JPEG = options.program, options.make_jpeg
    tap.run("__main__")
