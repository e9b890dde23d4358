"""What the connector sends is what the vendor's description has: paths, names in queries and bodies, types, values.

    test_requests.py --log FILE --connector PROGRAM [--tap FILE]

FILE is the truth log of the sandboxes that PROGRAM, the connector's own test against a marketplace, was run with; it is removed.
Lines older than PROGRAM are not its own.
"""
import argparse
import collections
import json
import pathlib
import unittest

import description
import tap
from deviations import DEVIATIONS

OPTIONS = argparse.ArgumentParser()
for name in ("--log", "--connector", "--tap"):
    OPTIONS.add_argument(name)
# What a connector cannot do without; what else it calls is checked as well.
NEEDED = {"GET /authorization/202309/shops", "POST /order/202309/orders/search", "GET /order/202309/orders",
          "POST /product/202502/products/search", "GET /product/202309/products/{}", "GET /logistics/202309/warehouses",
          "POST /product/202309/products/{}/inventory/update"}


def passed_the_gateway(code):
    """Calls that were refused for their form are wrong on purpose: tests of what the connector makes of an error."""
    return code == 0 or not str(code).startswith(("101", "105", "106", "3600"))


def calls_of(path, since_us):
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            noted = json.loads(line)
            if noted["what"] == "call" and noted["at"] >= since_us and passed_the_gateway(noted["code"]):
                yield f"{noted['method']} {noted['route']}", noted["query"], noted.get("body")


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options = OPTIONS.parse_args()
        log = pathlib.Path(options.log)
        built_us = pathlib.Path(options.connector).stat().st_mtime_ns // 1000
        cls.routes, cls.findings = collections.Counter(), {}
        for route, query, body in calls_of(log, built_us):
            cls.routes[route] += 1
            described = description.operation(*route.split(" "))
            for where, what, why in description.check_call(described, query, body) if described else ():
                cls.findings.setdefault((route, where, what), why)
        log.unlink()
        print(dict(cls.routes))

    def test_the_connector_made_the_calls_it_cannot_do_without(self):
        self.assertEqual(NEEDED - set(self.routes), set())

    def test_every_call_is_in_the_description(self):
        self.assertEqual([route for route in self.routes if description.operation(*route.split(" ")) is None], [])

    def test_calls_are_as_described(self):
        wrong = [f"{' '.join(key)}: {why}" for key, why in self.findings.items() if key not in DEVIATIONS]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_deviations_are_still_ones(self):
        ours = [key for key in DEVIATIONS if key[1].startswith(("query", "body"))]
        self.assertEqual([key for key in ours if key not in self.findings], [])


if __name__ == "__main__":
    tap.run("__main__")
