"""The names by which the connector reads and writes the marketplace's JSON are names that the vendor's description has.

A misspelt name is read as absent, and no test of our own sandbox finds it when both are written by one hand.

    test_names.py --connector FOLDER [--tap FILE]
"""
import argparse
import pathlib
import re
import unittest

import description
import tap

OPTIONS = argparse.ArgumentParser()
for name in ("--connector", "--tap"):
    OPTIONS.add_argument(name)
NAME = re.compile(r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"')
MODULES = ("authorization", "order", "product", "fulfillment", "return_refund", "logistics", "event")
FILES = {  # and the strings in them that are not the marketplace's
    "order_json.c": {"note", "email", "nickname"},  # what is sealed of a buyer
    "listing_json.c": set(),
    "stock_json.c": set(),
    "task_json.c": set(),
    "task_request.c": {"approve", "reject", "returns", "cancellations"},  # parts of paths
}


def names_in(schema):
    """Every name of a schema, however deep."""
    for name, inside in (schema.get("properties") or {}).items():
        yield name
        yield from names_in(inside)
    if "items" in schema:
        yield from names_in(schema["items"])


def described_names():
    for module in MODULES:
        for methods in description.module(module).values():
            for operation in methods.values():
                yield from (parameter["name"] for parameter in operation.get("parameters", []))
                yield from names_in(description.answer_schema(operation))
                for content in (operation.get("requestBody") or {}).get("content", {}).values():
                    yield from names_in(content["schema"])


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(OPTIONS.parse_args().connector)
        cls.known = set(described_names())
        cls.used = {name: set(NAME.findall((folder / name).read_text(encoding="utf-8"))) for name in FILES}

    def test_every_name_is_in_the_description(self):
        wrong = {file: sorted(names - self.known - FILES[file]) for file, names in self.used.items()}
        self.assertEqual({file: names for file, names in wrong.items() if names}, {})

    def test_what_is_left_out_still_stands_there(self):
        self.assertEqual({file: ours - self.used[file] for file, ours in FILES.items() if ours - self.used[file]}, {})

    def test_names_were_found(self):
        self.assertGreater(len(self.used["order_json.c"]), 40)
        self.assertIn("line_items", self.used["order_json.c"])


if __name__ == "__main__":
    tap.run("__main__")
