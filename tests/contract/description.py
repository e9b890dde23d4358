"""The vendor's machine-readable description of the Open API, out of the npm package beside this file, and what of a
call or an answer does not fit it.

A finding is (where, what, why): ("data.orders[].status", "enum", "'PAID'").  What can be wrong:
    unknown   a name that the description does not have
    type      another JSON type
    enum      a value that is not in the field's list of values (the lists stand in the prose of the description)
    id        an id that is not digits, though the description's example is
    money     an amount that is no decimal, though the description's example is
    missing   a name that must be there
"""
import functools
import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent / "node_modules" / "@tts-open-toolkit" / "cli"
PATHS = FOLDER / "skills" / "tts-openapi-guide" / "references" / "oas" / "paths"
if not PATHS.exists():
    raise SystemExit(f"{PATHS} is not there: ./sampan test fetches it, and so does npm install in tests/contract")
KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}
LISTED = re.compile(r"^[ \t]*[-*•][ \t]*`?\"?([A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)*)`?\"?[ \t]*(?=$|[:：,.(-])", re.MULTILINE)
LONG_ID, DECIMAL = re.compile(r"\d{15,20}"), re.compile(r"-?\d+(\.\d+)?")
ID = re.compile(r"(^|[._])ids?(\[\])?$")  # a tracking number's example is digits too
AMOUNT = re.compile(r"(amount|price|fee|tax|discount|total)$")
GATEWAY = {"app_key", "sign", "timestamp", "shop_cipher", "access_token"}  # of every call, whatever the description says
MAYBE_ABSENT = (None, "", [], {})


@functools.cache
def module(name):
    path = PATHS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["paths"] if path.exists() else {}


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


@functools.cache
def operation(method, path):
    """What is said about a route such as GET /product/202309/products/{}; None when nothing is."""
    for known, methods in module(path.split("/")[1]).items():
        if shape(known) == shape(path):
            return methods.get(method.lower())
    return None


def values_of(schema):
    """The values a field may have, as its prose lists them; empty when there is no list."""
    if schema.get("type") == "array":
        return set()
    found = set(LISTED.findall(schema.get("description") or ""))
    return found if len(found) > 1 else set()


def check_text(value, schema, where):
    example = str(schema.get("example") or "")
    values = values_of(schema)
    if value and values and value not in values:
        yield where, "enum", repr(value)
    if value and ID.search(where) and LONG_ID.fullmatch(example) and not value.isdecimal():
        yield where, "id", repr(value)
    amount = re.fullmatch(r"-?\d+\.\d+", example) or (AMOUNT.search(where) and DECIMAL.fullmatch(example))
    if value and amount and not DECIMAL.fullmatch(value):
        yield where, "money", repr(value)


def check_value(value, schema, where):
    """Every finding in a value; absent values may be null anywhere."""
    kind = schema.get("type")
    if value is None:
        return
    right = isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if not right:
        yield where, "type", f"{type(value).__name__} is no {kind}"
    elif kind == "object":
        for name, member in value.items():
            inside = (schema.get("properties") or {}).get(name)
            if inside is None:
                yield f"{where}.{name}".lstrip("."), "unknown", json.dumps(member)[:60]
            else:
                yield from check_value(member, inside, f"{where}.{name}".lstrip("."))
    elif kind == "array":
        for member in value:
            yield from check_value(member, schema["items"], where + "[]")
    elif kind == "string":
        yield from check_text(value, schema, where)


def answer_schema(described):
    return described["responses"]["200"]["content"]["application/json"]["schema"]


def fields_of(schema, where=""):
    """Every name that the description has below here: "data.orders[].id"."""
    if schema.get("type") == "array":
        yield from fields_of(schema["items"], where + "[]")
    for name, inside in (schema.get("properties") or {}).items():
        yield f"{where}.{name}".lstrip(".")
        yield from fields_of(inside, f"{where}.{name}".lstrip("."))


def given_fields(value, where=""):
    """The names that a value has, and that are not empty."""
    if isinstance(value, list):
        for member in value:
            yield from given_fields(member, where + "[]")
    if isinstance(value, dict):
        for name, member in value.items():
            if member not in MAYBE_ABSENT:
                yield f"{where}.{name}".lstrip(".")
            yield from given_fields(member, f"{where}.{name}".lstrip("."))


def without(value, path):
    """Whether a path such as "orders[].line_items[].id" is missing somewhere: everywhere on the way it must be there,
    and each list have an element."""
    if not path:
        return False
    name, _, rest = path.partition(".")
    bare = name.removesuffix("[]")
    inside = value.get(bare) if isinstance(value, dict) else None
    if inside in (None, "", [], {}):
        return True
    if bare == name:
        return without(inside, rest)
    return any(without(member, rest) for member in inside)


def check_answer(described, answer, must):
    yield from check_value(answer, answer_schema(described), "")
    for name in ("code", "message", "request_id"):
        if name not in answer:
            yield name, "missing", "of every answer"
    for path in must:
        if without(answer.get("data"), path):
            yield "data." + path, "missing", "or empty"


def check_query(described, query):
    known = {parameter["name"]: parameter for parameter in described.get("parameters", []) if parameter["in"] == "query"}
    for name, value in query.items():
        if name in GATEWAY:
            continue
        if name not in known:
            yield "query." + name, "unknown", repr(value)
            continue
        schema = {**known[name]["schema"], "description": known[name].get("description", "")}
        if schema.get("type") == "integer" and not re.fullmatch(r"-?\d+", value):
            yield "query." + name, "type", f"{value!r} is no integer"
        elif schema.get("type") == "string":
            yield from check_text(value, schema, "query." + name)
    for name, parameter in known.items():
        if parameter.get("required") and name not in query:
            yield "query." + name, "missing", "required"


def check_call(described, query, body):
    """What a client sends: the query's names and values as text, the body as JSON or None."""
    yield from check_query(described, query)
    content = (described.get("requestBody") or {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if body not in MAYBE_ABSENT and not content:
        yield "body", "unknown", "this call has none"
    elif body is not None and schema:
        yield from check_value(body, schema, "body")
