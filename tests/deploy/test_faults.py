"""docs/faults.md names tests; each of them exists."""
import pathlib
import re
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
GUIDE = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(\w+\.\w+)`", GUIDE))
C_TEST = re.compile(r"^Test\((\w+),\s*(\w+)", re.MULTILINE)
PYTHON_TEST = re.compile(r"^\s*def (\w+)\(", re.MULTILINE)


def tests_there_are():
    found = set()
    for path in (ROOT / "tests").rglob("*.c"):
        found |= {".".join(match) for match in C_TEST.findall(path.read_text(encoding="utf-8"))}
    for path in (ROOT / "tests").rglob("*.py"):
        found |= {f"{path.stem}.{name}" for name in PYTHON_TEST.findall(path.read_text(encoding="utf-8"))}
    return found


class Faults(unittest.TestCase):
    def test_the_guide_names_tests(self):
        self.assertGreater(len(NAMED), 40)

    def test_every_test_that_is_named_exists(self):
        self.assertEqual(NAMED - tests_there_are(), set())


if __name__ == "__main__":
    tap.run(__name__)
