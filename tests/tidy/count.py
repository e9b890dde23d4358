"""Counts the real tests of a run: python3 count.py FOLDER

FOLDER holds ctest.xml (ctest --output-junit) and a <program>.tap for each program that says what became of its single
tests.  A program without one counts as one test.  A program that failed though none of its tests did (a crash, a
time-out, a leak at exit) adds one failure.  The last line printed is "N passed, N failed"; exit 1 when any failed
or nothing ran.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

LINE = re.compile(r"^(?P<not>not )?ok\b(?P<name>[^#\n]*)(?P<skip>#\s*SKIP)?", re.IGNORECASE | re.MULTILINE)


def read_tap(path):
    """(names passed, names failed); skipped tests are neither."""
    passed, failed = [], []
    for match in LINE.finditer(path.read_text(encoding="utf-8", errors="replace")):
        if match["skip"] and not match["not"]:
            continue
        name = match["name"].strip(" -0123456789") or path.stem
        (failed if match["not"] else passed).append(f"{path.stem}: {name}")
    return passed, failed


def read_ctest(path):
    """Program → whether it passed; those that were not run at all are left out."""
    programs = {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.get("status") != "disabled":
            programs[case.get("name")] = case.get("status") == "run"
    return programs


def count(folder):
    passed, failed = [], []
    programs = read_ctest(folder / "ctest.xml") if (folder / "ctest.xml").exists() else {"ctest": False}
    taps = {path.stem: read_tap(path) for path in folder.glob("*.tap")}
    for name, succeeded in programs.items():
        good, bad = taps.pop(name, ([], []))
        if succeeded and not good and not bad:
            good = [name]
        if not succeeded and not bad:
            bad = [f"{name}: ended badly"]
        passed += good
        failed += bad
    for good, bad in taps.values():
        passed += good
        failed += bad
    return passed, failed


def main():
    passed, failed = count(pathlib.Path(sys.argv[1]))
    for name in failed:
        print(f"failed: {name}")
    print(f"{len(passed)} passed, {len(failed)} failed")
    sys.exit(0 if passed and not failed else 1)


if __name__ == "__main__":
    main()
