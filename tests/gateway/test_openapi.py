"""The API's description and the gateway's table say the same: paths, methods, services, rights, keys.

Reads the description by its layout (two, four, six blanks), so that nothing but Python is needed.
"""
import pathlib
import re
import unittest

import tap

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


class Description(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.routes, cls.described = table(), operations()
        cls.both = cls.routes.keys() & cls.described.keys()

    def same(self, what, but=()):
        wrong = [(key, self.routes[key][what], self.described[key][what]) for key in self.both - set(but)
                 if self.routes[key][what] != self.described[key][what]]
        self.assertEqual(wrong, [])

    def test_the_table_was_read(self):
        self.assertGreater(len(self.routes), 40)

    def test_every_route_is_described_and_every_description_has_a_route(self):
        self.assertEqual(set(self.routes), set(self.described))

    def test_every_operation_has_its_own_id(self):
        ids = [operation["id"] for operation in self.described.values()]
        self.assertEqual([i for i in ids if i is None or ids.count(i) > 1], [])

    def test_every_schema_is_described_once(self):
        text = (ROOT / "docs/api/openapi.yaml").read_text(encoding="utf-8").split("\n  schemas:\n")[1]
        names = re.findall(r"^    (\w+):", re.split(r"^  \w", text, flags=re.M)[0], re.M)
        self.assertGreater(len(names), 80)
        self.assertEqual([name for name in set(names) if names.count(name) > 1], [])

    def test_both_name_the_same_service(self):
        self.same("service")

    def test_both_want_the_same_right(self):
        self.same("permission")

    def test_both_want_a_key_for_the_same_commands(self):
        self.same("key")

    def test_both_agree_on_who_needs_no_session(self):
        self.same("public", but=[("GET", "/api/v1/me")])  # public, and answers 401


if __name__ == "__main__":
    tap.run(__name__)
