"""The generator: what it writes for a schema, and what it says of a wrong one."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402

GOOD = """\
# A thing.  Key: its number.
message thing.saved from inventory to placement gateway limit 4KiB
    gone 8
    6  name    string 64   # what it is called
    7  parts   list part 3
    9  hash    fixed 16

record part
    1  pieces  int         # in one thing
    2  sealed  bytes 1MiB
    3  is_new  bool
"""


class Generate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_with(self, text, output="out"):
        schema = self.folder / "one.schema"
        schema.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, str(ROOT / "proto" / "generate.py"), str(self.folder / output), str(schema)],
                              capture_output=True, text=True, check=False)

    def refuse(self, text, line, reason):
        done = self.run_with(text)
        self.assertNotEqual(done.returncode, 0, text)
        self.assertIn(f"one.schema:{line}: ", done.stderr)
        self.assertIn(reason, done.stderr)
        self.assertFalse((self.folder / "out").exists(), "nothing is written")

    def test_writes_structs_with_their_meaning_and_limits(self):
        self.assertEqual(self.run_with(GOOD).returncode, 0)
        header = (self.folder / "out" / "messages.h").read_text(encoding="utf-8")
        for line in ("struct thing_saved {", "struct sp_head head;",
                     "struct sp_text name; /* what it is called; at most 64 bytes */",
                     "const struct part *parts; /* at most 3 */", "size_t parts_count;", "uint8_t hash[16];",
                     "int64_t pieces; /* in one thing */", "bool is_new;",
                     "extern const struct sp_message thing_saved_message;", "extern const struct sp_record part_record;",
                     "A thing.  Key: its number."):
            self.assertIn(line, header)

    def test_what_it_writes_compiles(self):
        self.run_with(GOOD, "proto")
        source = self.folder / "proto" / "messages.c"
        done = subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only",
                               f"-I{ROOT}", f"-I{self.folder}", str(source)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_refuses_a_number_twice(self):
        self.refuse(GOOD.replace("2  sealed", "1  sealed"), 10, "number 1 is taken by pieces")

    def test_refuses_a_number_that_is_gone(self):
        self.refuse(GOOD.replace("9  hash", "8  hash"), 6, "number 8 of thing.saved is gone")
        self.refuse(GOOD + "    gone 2\n", 10, "number 2 of part is gone")

    def test_refuses_numbers_outside_their_range(self):
        self.refuse(GOOD.replace("1  pieces", "0  pieces"), 9, "outside 1 to 127")
        self.refuse(GOOD.replace("3  is_new", "128  is_new"), 11, "outside 1 to 127")
        self.refuse(GOOD.replace("gone 8", "gone 128"), 3, "outside 1 to 127")

    def test_refuses_the_numbers_of_the_head_in_a_message(self):
        self.refuse(GOOD.replace("6  name", "5  name"), 4, "number 5 is the head's")

    def test_refuses_numbers_out_of_order(self):
        self.refuse(GOOD.replace("6  name", "20  name"), 5, "keep them in order")

    def test_refuses_unknown_records(self):
        self.refuse(GOOD.replace("list part 3", "list piece 3"), 5, "no record is called “piece”")
        self.refuse(GOOD.replace("list part 3", "list thing.saved 3"), 5, "no record is called “thing.saved”")

    def test_refuses_what_has_no_limit(self):
        self.refuse(GOOD.replace("string 64", "string"), 4, "a string needs its limit")
        self.refuse(GOOD.replace("bytes 1MiB", "bytes"), 10, "a bytes needs its limit")
        self.refuse(GOOD.replace("fixed 16", "fixed"), 6, "a fixed needs its limit")
        self.refuse(GOOD.replace("list part 3", "list part"), 5, "list RECORD LIMIT")
        self.refuse(GOOD.replace(" limit 4KiB", ""), 2, "a message reads")

    def test_refuses_limits_that_are_none(self):
        self.refuse(GOOD.replace("string 64", "string many"), 4, "must be a number")
        self.refuse(GOOD.replace("string 64", "string 0"), 4, "the limit must be 1 to")
        self.refuse(GOOD.replace("4KiB", "2MiB"), 2, "must be 1 to 1048576 bytes")
        self.refuse(GOOD.replace("pieces  int ", "pieces  int 5 "), 9, "int has no limit")

    def test_refuses_unknown_types_and_services(self):
        self.refuse(GOOD.replace("bool", "boolean"), 11, "no type is called “boolean”")
        self.refuse(GOOD.replace("gateway", "gatewey"), 2, "no service is called “gatewey”")
        self.refuse(GOOD.replace("placement gateway", "gateway gateway"), 2, "names a receiver twice")

    def test_refuses_names_that_cannot_be(self):
        self.refuse(GOOD.replace("pieces", "short "), 9, "“short” cannot be a name in C")
        self.refuse(GOOD.replace("pieces", "Pieces"), 9, "is no name")
        self.refuse(GOOD.replace("thing.saved", "thing"), 2, "is no name")
        self.refuse(GOOD.replace("is_new", "pieces"), 11, "has pieces already")
        self.refuse(GOOD.replace("hash    fixed", "parts_count fixed"), 6, "has parts_count already")

    def test_refuses_records_that_hold_themselves(self):
        self.refuse(GOOD + "    4  parts list part 3\n", 8, "part holds itself")

    def test_refuses_one_name_twice(self):
        self.refuse(GOOD + "\nrecord part\n    1  pieces int\n", 13, "part is described already")
        self.refuse(GOOD + "\nrecord thing_saved\n    1  pieces int\n", 13, "thing_saved is described already")

    def test_refuses_what_it_does_not_understand(self):
        self.refuse("    1 name int\n" + GOOD, 1, "before the first message")
        self.refuse(GOOD + "    4 alone\n", 12, "a field reads")
        self.refuse(GOOD.replace("record part", "record part again"), 8, "a record reads")
        self.refuse(GOOD + "\nrecord empty\n", 13, "empty has no fields")

    def test_the_schemas_of_the_project_are_right(self):
        schemas = sorted((ROOT / "proto").glob("*.schema"))
        self.assertTrue(schemas)
        done = subprocess.run([sys.executable, str(ROOT / "proto" / "generate.py"), str(self.folder / "all"), *map(str, schemas)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    tap.run(__name__)
