"""The API's description and the gateway's table say the same: paths, methods, services, rights, keys.

Reads the description by its layout (two, four, six blanks), so that nothing but Python is needed.
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r'^\s*\{"(?P<method>[A-Z]+)", "(?P<path>[^"]+)", (?P<service>\S+), (?:NULL|"(?P<ask>[^"]+)"), '
                 r'(?:NULL|"(?P<permission>[^"]+)"), (?P<flags>[^,]+), \S+, \w+\},$')


def table():
    """{(method, path): route} of routes.c."""
    text = (ROOT / "services/gateway/routes.c").read_text(encoding="utf-8")
    names = dict(re.findall(r'#define (\w+) ("[\w-]+")', text))
    routes = {}
    for line in text.splitlines():
        match = ROW.match(line)
        if not match:
            continue
        service = names.get(match["service"], match["service"]).strip('"')
        routes[match["method"], match["path"]] = {
            "service": None if service in ("NULL", "gateway") else service, "permission": match["permission"],
            "public": "PUBLIC" in match["flags"], "key": "COMMAND" in match["flags"] and match["method"] == "POST"}
    return routes


def operations():
    """{(method, path): operation} of openapi.yaml."""
    found, path, operation = {}, None, None
    for line in (ROOT / "docs/api/openapi.yaml").read_text(encoding="utf-8").split("\ncomponents:")[0].splitlines():
        if match := re.match(r"  (/\S*):$", line):
            path = match[1]
        elif match := re.match(r"    (get|post|put|delete):$", line):
            operation = {"service": None, "permission": None, "public": False, "key": False, "id": None}
            found[match[1].upper(), path] = operation
        elif match := re.match(r"      x-(service|permission): (\S+)$", line):
            operation[match[1]] = match[2]
        elif line == "      security: []":
            operation["public"] = True
        elif match := re.match(r"      operationId: (\w+)$", line):
            operation["id"] = match[1]
        elif "parameters/idempotencyKey" in line:
            operation["key"] = True
    return found


def check():
    """(name, what is wrong or None) of each test."""
    routes, described = table(), operations()
    yield "the_table_was_read", None if len(routes) > 40 else f"only {len(routes)} rows"
    yield "every_route_is_described", sorted(set(routes) - set(described)) or None
    yield "every_description_has_a_route", sorted(set(described) - set(routes)) or None
    ids = [operation["id"] for operation in described.values()]
    yield "every_operation_has_its_own_id", [i for i in ids if i is None or ids.count(i) > 1] or None
    for what in ("service", "permission", "key"):
        wrong = [(key, routes[key][what], described[key][what]) for key in routes.keys() & described.keys()
                 if routes[key][what] != described[key][what]]
        yield f"{what}_is_the_same_in_both", wrong or None
    wrong = [key for key in routes.keys() & described.keys()
             if routes[key]["public"] != described[key]["public"] and key != ("GET", "/api/v1/me")]
    yield "both_agree_on_who_needs_no_session", wrong or None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tap", type=pathlib.Path)
    tap, lines, failed = parser.parse_args().tap, [], 0
    for number, (name, problem) in enumerate(check(), 1):
        lines.append(f"{'not ok' if problem else 'ok'} {number} - {name}" + (f": {problem}" if problem else ""))
        failed += problem is not None
    text = f"1..{len(lines)}\n" + "\n".join(lines) + "\n"
    if tap:
        tap.parent.mkdir(parents=True, exist_ok=True)
        tap.write_text(text, encoding="utf-8")
    print(text, end="")
    sys.exit(1 if failed else 0)


main()
