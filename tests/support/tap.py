"""Runs a file of unittest cases and notes each result as a line of TAP: tap.run(__file__, sys.argv)."""
import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    """Remembers what passed beside what did not."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = []

    def note(self, test, word):
        self.lines.append(f"{word} - {type(test).__name__}::{test._testMethodName}")

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "not ok")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "not ok")


def run(module):
    """Exit code 1 when a case failed.  `--tap FILE` on the command line names the file."""
    path = sys.argv[sys.argv.index("--tap") + 1] if "--tap" in sys.argv else None
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    result = unittest.TextTestRunner(resultclass=Result, verbosity=1).run(suite)
    if path:
        lines = [f"1..{len(result.lines)}", *result.lines]
        pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(0 if result.wasSuccessful() and result.lines else 1)
