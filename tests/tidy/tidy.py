"""The tidy test: what docs/contributing.md asks of the code, as a test that fails the build.

    python3 tests/tidy/tidy.py [--tap FILE] [ROOT]

One line for each violation, "path:line: what"; exit 1 when there is any.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import c_source

MOST_FUNCTION_LINES = 60
MOST_FILE_LINES = 400
MOST_NESTING = 3
MOST_PARAMETERS = 5
GIVEN_SIGNATURES = {"sp_receive_access"}  # a callback whose parameters a library has decided

SOURCE_FOLDERS = ("common", "services", "proto", "deploy", "tests", "cmake", ".ci")
SKIPPED_PARTS = {"node_modules", "dist", "build", "var", "__pycache__", ".git"}
CODE_ENDINGS = {".c", ".h", ".py", ".sh", ".sql", ".ts", ".tsx", ".css"}
TEXT_ENDINGS = CODE_ENDINGS | {".md", ".txt", ".cmake", ".yaml", ".yml", ".json", ".schema", ".html", ""}
GENERATED = {"package-lock.json", "LICENSE"}

SQL = re.compile(r"\b(SELECT\s+\S|INSERT\s+INTO\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b|TRUNCATE\s+\w|"
                 r"(CREATE|ALTER|DROP)\s+(TABLE|INDEX|TYPE|ROLE|SCHEMA|FUNCTION)\b|LOCK\s+TABLE\b)")
FORBIDDEN = {"strcpy", "strcat", "sprintf", "vsprintf", "atoi", "atol", "atoll", "system", "alloca", "gets", "popen"}
DOUBLES = {"double", "float", "strtod", "strtof", "strtold", "atof"}
UNFINISHED = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|XX" + r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:work|root|home/[a-z]\w*|Users/\w+)(?:/|\b(?=[\"'\s]))")
DOMAIN_FILE = re.compile(r"^(domain|\w+_domain|domain_\w+)\.[ch]$")
DOMAIN_HEADERS = re.compile(r"^(string|stdint|stdbool|stddef|stdlib|stdarg|inttypes|limits|ctype|assert)\.h$|"
                            r"^common/(base|arena|buffer|message|state|json)\.h$|^(proto/)?\w+(_messages?)?\.h$|^messages/")


def files_of(root):
    """Every file that belongs to the project: what git knows or would take; all of it where there is no git."""
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                                capture_output=True, check=True).stdout.decode().split("\0")
        paths = [root / name for name in listed if name]
    except (subprocess.CalledProcessError, FileNotFoundError):
        paths = [path for path in root.rglob("*") if path.is_file()]
    inside = (path for path in paths if not SKIPPED_PARTS & set(path.relative_to(root).parts))
    return sorted(path for path in inside if path.is_file() and not path.is_symlink())


class Tree:
    """The project's files, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.texts, self.tokens = {}, {}
        for path in files_of(self.root):
            name = path.relative_to(self.root).as_posix()
            if path.suffix in TEXT_ENDINGS and path.name not in GENERATED:
                self.texts[name] = path.read_text(encoding="utf-8", errors="replace")
        for name in self.named(".c", ".h"):
            self.tokens[name] = c_source.tokens_of(self.texts[name])

    def named(self, *endings):
        return [name for name in self.texts if name.startswith(SOURCE_FOLDERS) and name.endswith(endings)]

    def lines(self, name):
        return enumerate(self.texts[name].splitlines(), 1)


def check_functions(tree):
    """functions are short, flat and take few parameters"""
    for name, tokens in tree.tokens.items():
        try:
            functions = c_source.functions_of(tokens)
        except (ValueError, IndexError) as problem:
            yield f"{name}:1: cannot be read: {problem}"
            continue
        for function in functions:
            yield from measure(name, function)


def measure(name, function):
    limits = (("lines", function.lines, MOST_FUNCTION_LINES), ("levels of nesting", function.nesting, MOST_NESTING),
              ("parameters", function.parameters, MOST_PARAMETERS))
    for what, value, most in limits:
        given = what == "parameters" and function.name in GIVEN_SIGNATURES
        if value > most and not given:
            yield f"{name}:{function.line}: {function.name} has {value} {what}; the most is {most}"


def check_file_lengths(tree):
    """files are at most 400 lines"""
    for name in tree.named(*CODE_ENDINGS - {""}):
        count = tree.texts[name].count("\n")
        if count > MOST_FILE_LINES:
            yield f"{name}:{count}: has {count} lines; the most is {MOST_FILE_LINES}"


def check_first_lines(tree):
    """every file says on its first line what it is about; a .c file may leave that to its header"""
    starts = {".c": "/*", ".h": "/*", ".py": ('"""', "#!"), ".sh": "#", ".sql": "--"}
    for ending, start in starts.items():
        for name in tree.named(ending):
            header = ending == ".c" and name[:-1] + "h" in tree.texts
            if tree.texts[name] and not header and not tree.texts[name].startswith(start):
                yield f"{name}:1: does not begin with a comment that says what the file is about"


def may_hold_sql(name):
    return not name.startswith("services/") or name.endswith("store.c")


def check_sql(tree):
    """SQL stands in stores and common alone"""
    for name, tokens in tree.tokens.items():
        if may_hold_sql(name):
            continue
        for line, text in c_source.strings_of(tokens):
            if SQL.search(text):
                yield f"{name}:{line}: SQL belongs to a store: {text[:40]}"
        for line, header in c_source.includes_of(tokens):
            if header.startswith("libpq"):
                yield f"{name}:{line}: {header} belongs to a store or to common"


def check_domains(tree):
    """domain files do no I/O"""
    for name, tokens in tree.tokens.items():
        path = pathlib.PurePosixPath(name)
        if not name.startswith("services/") or not DOMAIN_FILE.match(path.name):
            continue
        for line, header in c_source.includes_of(tokens):
            own = header.startswith(path.parent.as_posix() + "/") and "store" not in header
            if not own and not DOMAIN_HEADERS.match(header):
                yield f"{name}:{line}: rules are pure; {header} is not for them"
        for token in c_source.code_of(tokens):
            if token.text in ("sp_ctx", "sp_db", "fopen", "printf", "fprintf", "time"):
                yield f"{name}:{token.line}: rules are pure; {token.text} does I/O"


def check_services_apart(tree):
    """no service includes another's header"""
    for name, tokens in tree.tokens.items():
        parts = name.split("/")
        if parts[0] not in ("services", "common", "proto"):
            continue
        for line, header in c_source.includes_of(tokens):
            other = re.match(r"services/([^/]+)/", header)
            if other and (parts[0] != "services" or other.group(1) != parts[1]):
                yield f"{name}:{line}: includes {header}, which is another's"


def check_words(tree):
    """nothing is left unfinished"""
    for name in tree.texts:
        for line, text in tree.lines(name):
            if UNFINISHED.search(text):
                yield f"{name}:{line}: unfinished: {text.strip()[:60]}"


def check_forbidden_functions(tree):
    """functions that invite overflow are not called"""
    for name, tokens in tree.tokens.items():
        code = c_source.code_of(tokens)
        for token, behind in zip(code, code[1:]):
            if token.kind == "word" and token.text in FORBIDDEN and behind.text == "(":
                yield f"{name}:{token.line}: {token.text} is not used here"


def check_doubles(tree):
    """no id and no money ever passes through a double"""
    for name, tokens in tree.tokens.items():
        if name.startswith("tests/"):
            continue
        for token in c_source.code_of(tokens):
            if token.kind == "word" and token.text in DOUBLES:
                yield f"{name}:{token.line}: {token.text} keeps 53 bits; ids are text, money is integers"


def covered_by(tree):
    """For each module ("common", "inventory", …) the stems its test files cover, and what they say they cover."""
    stems = {}
    for name in tree.named(".c", ".py"):
        path = pathlib.PurePosixPath(name)
        if path.parts[0] != "tests" or not path.stem.startswith("test_"):
            continue
        found = stems.setdefault(path.parts[1], set())
        found.add(path.stem[len("test_"):])
        for said in re.findall(r"Covers: ((?:\w+\.c(?:,\s*(?:\*\s*)?)?)+)", tree.texts[name][:2000]):
            found.update(re.findall(r"(\w+)\.c", said))
    return stems


def check_test_partners(tree):
    """every source file has its test partner"""
    stems = covered_by(tree)
    for name in tree.named(".c"):
        path = pathlib.PurePosixPath(name)
        if path.parts[0] not in ("common", "services") or path.name == "main.c":
            continue
        module = path.parts[1] if path.parts[0] == "services" else "common"
        parts = path.stem.split("_")
        names = {"_".join(parts[:n]) for n in range(1, len(parts) + 1)}
        names |= {"_".join(parts[n:]) for n in range(len(parts))}
        if not names & stems.get(module, set()):
            yield f"{name}:1: has no test partner tests/{module}/test_{path.stem}.c"


def check_machine_paths(tree):
    """no path of one machine is written down"""
    for name in tree.texts:
        for line, text in tree.lines(name):
            if MACHINE_PATH.search(text):
                yield f"{name}:{line}: names a place on one machine: {text.strip()[:60]}"


def check_schema(tree):
    """every message says what it is, and field numbers are used once"""
    for name in tree.named(".schema"):
        above, numbers = "", set()
        for line, text in tree.lines(name):
            if re.match(r"message\s", text):
                numbers = {1, 2, 3, 4, 5}  # the head's
                if not above.startswith("#"):
                    yield f"{name}:{line}: a message without a comment above it"
            elif re.match(r"record\s", text):
                numbers = set()
            field = re.match(r"\s+(\d+)\s+\w+\s+\w+", text)
            if field and int(field.group(1)) in numbers:
                yield f"{name}:{line}: field number {field.group(1)} is used twice"
            if field:
                numbers.add(int(field.group(1)))
            above = text


CHECKS = (check_functions, check_file_lengths, check_first_lines, check_sql, check_domains, check_services_apart,
          check_words, check_forbidden_functions, check_doubles, check_test_partners, check_machine_paths,
          check_schema)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tap", help="also write the result of each check to this file")
    arguments.add_argument("root", nargs="?", default=pathlib.Path(__file__).parents[2])
    options = arguments.parse_args()
    tree, tap, failed = Tree(options.root), [], 0
    for check in CHECKS:
        violations = list(check(tree))
        failed += bool(violations)
        tap.append(f"{'not ok' if violations else 'ok'} - tidy::{check.__doc__}")
        print("\n".join(violations), end="\n" if violations else "")
    if options.tap:
        pathlib.Path(options.tap).write_text(f"1..{len(tap)}\n" + "\n".join(tap) + "\n", encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
