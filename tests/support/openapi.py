"""Reads docs/api/openapi.yaml and checks answers against it, with nothing but Python.

The reader knows the YAML that file is written in: block mappings and sequences, flow collections, single quotes,
literal blocks.  The checker knows the keywords the file uses; a schema with another one is refused.
"""
import pathlib
import re

FILE = pathlib.Path(__file__).resolve().parents[2] / "docs/api/openapi.yaml"
CHECKED = {"type", "required", "properties", "items", "enum", "const", "pattern", "oneOf", "allOf", "minItems", "maxItems",
           "minLength", "maxLength", "minimum", "maximum", "additionalProperties", "$ref"}
SAID = {"description", "examples", "format", "default"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


# ---- reading -----------------------------------------------------------------------------------------------

def scalar(text):
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


class Flow:
    """{a: b, c: [d]} and 'quoted' text."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def blanks(self):
        while self.text[self.at:self.at + 1].isspace():
            self.at += 1

    def value(self, ends=",]}"):
        self.blanks()
        start = self.text[self.at]
        if start == "{":
            return dict(self.members("}", self.pair))
        if start == "[":
            return list(self.members("]", self.value))
        if start == "'":
            match = re.compile(r"'((?:[^']|'')*)'").match(self.text, self.at)
            self.at = match.end()
            return match[1].replace("''", "'")
        match = re.compile(f"[^{re.escape(ends)}]*").match(self.text, self.at)
        self.at = match.end()
        return scalar(match[0].strip())

    def pair(self):
        name = self.value(":")
        self.blanks()
        assert self.text[self.at] == ":", self.text
        self.at += 1
        return name, self.value()

    def members(self, end, read):
        self.at += 1
        self.blanks()
        while self.text[self.at] != end:
            yield read()
            self.blanks()
            if self.text[self.at] == ",":
                self.at += 1
                self.blanks()
        self.at += 1


class Block:
    """Lines by their indentation."""

    def __init__(self, text):
        self.lines = [line for line in text.splitlines() if line.strip()]
        self.at = 0

    def indent(self):
        line = self.lines[self.at] if self.at < len(self.lines) else ""
        return len(line) - len(line.lstrip()) if line else -1

    def value(self, indent):
        if self.lines[self.at].lstrip().startswith("- "):
            return list(self.elements(indent))
        return dict(self.pairs(indent))

    def pairs(self, indent):
        while self.indent() == indent:
            match = re.match(r"\s*('[^']*'|[^\s:{'][^:]*|/[^:]*):(?: (.*))?$", self.lines[self.at])
            assert match, self.lines[self.at]
            self.at += 1
            yield str(match[1]).strip("'"), self.behind(match[2], indent)

    def elements(self, indent):
        while self.indent() == indent and self.lines[self.at].lstrip().startswith("- "):
            rest = self.lines[self.at].lstrip()[2:]
            if rest.startswith(("{", "[", "'")):
                self.at += 1
                yield self.behind(rest, indent)
            elif re.match(r"[\w$]+:", rest):
                self.lines[self.at] = " " * (indent + 2) + rest
                yield self.value(indent + 2)
            else:
                self.at += 1
                yield scalar(rest)

    def behind(self, rest, indent):
        if rest is None:
            return self.value(self.indent())
        if rest in ("|", ">-"):
            start = self.at
            while self.indent() > indent:
                self.at += 1
            return "\n".join(line.strip() for line in self.lines[start:self.at])
        if rest[0] not in "{['":
            return scalar(rest)
        while rest.count("{") + rest.count("[") > rest.count("}") + rest.count("]"):
            rest += " " + self.lines[self.at].strip()
            self.at += 1
        return Flow(rest).value()


# ---- checking ------------------------------------------------------------------------------------------------

def is_type(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Description:
    def __init__(self, text=None):
        self.root = Block(text or FILE.read_text(encoding="utf-8")).value(0)

    def resolved(self, node):
        while "$ref" in node:
            at = self.root
            for part in node["$ref"][2:].split("/"):
                at = at[part]
            node = {**at, **{name: value for name, value in node.items() if name != "$ref"}}
        return node

    def operation(self, method, path):
        """The operation of a request, or None; fixed parts win over {parameters}."""
        found = [pattern for pattern in self.root["paths"]
                 if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path.split("?")[0])]
        found.sort(key=lambda pattern: pattern.count("{"))
        return self.root["paths"][found[0]].get(method.lower()) if found else None

    def schema(self, operation, status):
        responses = {str(code): answer for code, answer in operation["responses"].items()}
        answer = self.resolved(responses.get(str(status)) or responses.get("default") or {})
        content = list(answer.get("content", {}).values())
        return content[0].get("schema") if content else None

    def problems(self, value, schema, where="answer"):
        """What is wrong with a value, a line each."""
        schema = self.resolved(schema)
        unknown = set(schema) - CHECKED - SAID
        assert not unknown, f"{where}: the checker does not know {unknown}"
        types = schema.get("type", [])
        types = types if isinstance(types, list) else [types]
        if types and not any(is_type(value, "null" if name is None else name) for name in types):
            return [f"{where} is no {' or '.join(map(str, types))}: {value!r}"]
        found = [f"{where}: {text}" for text in self.plain_problems(value, schema)]
        for part in schema.get("allOf", []):
            found += self.problems(value, part, where)
        if "oneOf" in schema and sum(not self.problems(value, one, where) for one in schema["oneOf"]) != 1:
            found.append(f"{where} is none, or several, of what it may be: {value!r}")
        if isinstance(value, dict):
            found += self.member_problems(value, schema, where)
        if isinstance(value, list) and "items" in schema:
            for i, element in enumerate(value):
                found += self.problems(element, schema["items"], f"{where}[{i}]")
        return found

    def plain_problems(self, value, schema):
        if "const" in schema and value != schema["const"]:
            yield f"{value!r} is not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{value!r} is none of {schema['enum']}"
        if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
            yield f"{value!r} does not match {schema['pattern']}"
        for size, least, most in ((str, "minLength", "maxLength"), (list, "minItems", "maxItems")):
            if isinstance(value, size) and not schema.get(least, 0) <= len(value) <= schema.get(most, len(value)):
                yield f"{len(value)} characters or elements"
        if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{value} is out of range"

    def member_problems(self, value, schema, where):
        found = [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        for name, member in value.items():
            if name in known:
                found += self.problems(member, known[name], f"{where}.{name}")
            elif isinstance(other, dict):
                found += self.problems(member, other, f"{where}.{name}")
        return found
