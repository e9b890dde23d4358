"""docs/architecture.md says of each service which facts it takes in and passes on, as its routes and its calls have it."""
import pathlib
import re
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
ROUTE = re.compile(r"\{&(\w+)_message, \w+, \w+\}")
EMIT = re.compile(r"sp_emit\(\s*ctx,\s*&(\w+)_message,")


def facts(cell):
    return set(re.findall(r"`([a-z]+\.[a-z]+)`", cell))


def names(pattern, service):
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "services" / service).glob("*.c"))
    return {name.replace("_", ".", 1) for source in sources for name in pattern.findall(source)}


class Messages(unittest.TestCase):
    def test_the_table_says_what_the_code_does(self):
        rows = {service: (facts(taken), facts(passed)) for service, _, taken, passed in ROW.findall(TEXT)}
        for service in ("connector", "order-ingest", "product-mapper", "inventory", "placement", "gateway"):
            self.assertEqual(rows[service][0], names(ROUTE, service), f"{service} takes in")
            self.assertEqual(rows[service][1], names(EMIT, service), f"{service} passes on")

    def test_every_call_was_found(self):
        for source in (ROOT / "services").glob("*/*.c"):
            text = source.read_text(encoding="utf-8")
            self.assertEqual(len(EMIT.findall(text)), len(re.findall(r"\bsp_emit\(", text)), source.name)


if __name__ == "__main__":
    tap.run(__name__)
