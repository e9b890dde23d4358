"""Reads C far enough to measure it: comments, strings, functions, nesting, parameters.

Not a compiler: the code is laid out by clang-format, and what this file cannot read it reports as broken.
"""
import re
from typing import NamedTuple

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<char>'(?:\\.|[^'\\\n])+')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\.?\d[\w.]*)
  | (?P<newline>\n)
  | (?P<space>[ \t\r\f]+)
  | (?P<mark>\.\.\.|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

FOREIGN = re.compile(r"\w's signature\b")  # said of a callback whose parameters a library chose
CONTROL = {"if", "for", "while", "switch"}
OPEN, CLOSE = "([{", ")]}"


class Token(NamedTuple):
    kind: str
    text: str
    line: int


class Function(NamedTuple):
    name: str
    line: int        # where its body opens
    lines: int       # from the opening brace to the closing one
    nesting: int     # control statements within each other
    parameters: int


def tokens_of(text):
    """Every token but spaces, with its line."""
    found, line = [], 1
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind not in ("newline", "space"):
            found.append(Token(kind, match.group(), line))
        line += match.group().count("\n")
    return found


def code_of(tokens):
    return [token for token in tokens if token.kind not in ("comment", "directive")]


def strings_of(tokens):
    """String literals with their line; neighbours are joined as the compiler joins them."""
    joined = []
    previous = None
    for token in code_of(tokens):
        if token.kind == "string":
            if previous == "string":
                line, text = joined[-1]
                joined[-1] = (line, text + token.text[1:-1])
            else:
                joined.append((token.line, token.text[1:-1]))
        previous = token.kind
    return joined


def includes_of(tokens):
    """(line, name) of every #include."""
    found = []
    for token in tokens:
        match = token.kind == "directive" and re.match(r'\s*#\s*include\s*[<"]([^>"]+)', token.text)
        if match:
            found.append((token.line, match.group(1)))
    return found


def closing(code, at):
    """Index of the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(code)):
        if code[i].kind == "mark":
            depth += (code[i].text in OPEN) - (code[i].text in CLOSE)
            if depth == 0:
                return i
    raise ValueError(f"line {code[at].line}: '{code[at].text}' is never closed")


def opening(code, at):
    """Index of the bracket that is closed at `at`."""
    depth = 0
    for i in range(at, -1, -1):
        if code[i].kind == "mark":
            depth += (code[i].text in CLOSE) - (code[i].text in OPEN)
            if depth == 0:
                return i
    raise ValueError(f"line {code[at].line}: '{code[at].text}' was never opened")


class Nesting:
    """Walks the statements of one body; `deepest` is how many control statements stand within each other."""

    def __init__(self, code):
        self.code = code
        self.deepest = 0

    def block(self, at, depth):
        at += 1
        while self.code[at].text != "}":
            at = self.statement(at, depth)
        return at + 1

    def statement(self, at, depth):
        """Index behind the statement at `at`, which has `depth` control statements around it."""
        word = self.code[at].text
        if word == "{":
            return self.block(at, depth)
        if word in CONTROL or word == "do":
            return self.control(at, depth + 1)
        if word in ("case", "default"):
            return self.label(at)
        return self.simple(at)

    def control(self, at, depth):
        self.deepest = max(self.deepest, depth)
        word = self.code[at].text
        if word == "do":
            return self.simple(self.statement(at + 1, depth))
        at = self.statement(closing(self.code, at + 1) + 1, depth)
        if word != "if" or self.code[at].text != "else":
            return at
        if self.code[at + 1].text == "if":  # a chain is one statement
            return self.control(at + 1, depth)
        return self.statement(at + 1, depth)

    def label(self, at):
        while self.code[at].text != ":":
            at += 1
        return at + 1

    def simple(self, at):
        while self.code[at].text != ";":
            if self.code[at].text == "}":  # a macro that brings its own semicolon
                return at
            at = closing(self.code, at) if self.code[at].text in OPEN else at
            at += 1
        return at + 1


def parameters_of(code, start, end):
    """How many parameters stand between the parentheses; `...` is not one."""
    inner = code[start + 1:end]
    if not inner or (len(inner) == 1 and inner[0].text == "void"):
        return 0
    depth, count = 0, 1
    for token in inner:
        depth += (token.text in OPEN) - (token.text in CLOSE) if token.kind == "mark" else 0
        count += token.text == "," and depth == 0
    return count - (inner[-1].text == "...")


def functions_of(tokens):
    """Every function with a body.  Criterion's Test(suite, name) counts as one without parameters, and so does a function
    under a comment that says whose signature it has."""
    code, found, i = code_of(tokens), [], 0
    foreign = {token.line + token.text.count("\n") + 1 for token in tokens
               if token.kind == "comment" and FOREIGN.search(token.text)}
    while i < len(code):
        if code[i].text != "{":
            i += 1
            continue
        end = closing(code, i)
        if i > 0 and code[i - 1].text == ")":
            found.append(function_at(code, i, end, foreign))
        i = end + 1
    return found


def function_at(code, start, end, foreign):
    head = opening(code, start - 1)
    name = code[head - 1].text
    first = head
    while first > 0 and code[first - 1].text not in (";", "}"):
        first -= 1
    parameters = 0 if code[first].line in foreign else parameters_of(code, head, start - 1)
    if name in ("Test", "ParameterizedTest", "ParameterizedTestParameters", "Theory", "TheoryDataPoints"):
        name, parameters = " ".join(token.text for token in code[head + 1:start - 1]), 0
    nesting = Nesting(code[start:end + 1])
    nesting.block(0, 0)
    return Function(name, code[start].line, code[end].line - code[start].line + 1, nesting.deepest, parameters)
