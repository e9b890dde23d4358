"""Every address of the sandbox's Open API answers as the vendor's description says.

    test_answers.py --sandbox PROGRAM --invoices FILE --lacks FILE [--tap FILE]

FILE of --lacks is written: every field that the description has and no case's answer had.
"""
import argparse
import collections
import pathlib
import unittest

import cases
import description
import tap
from deviations import DEVIATIONS
from shop import Shop

OPTIONS = argparse.ArgumentParser()
for name in ("--sandbox", "--invoices", "--lacks", "--tap"):
    OPTIONS.add_argument(name)
TOKEN = {"access_token": str, "access_token_expire_in": int, "refresh_token": str, "refresh_token_expire_in": int,
         "open_id": str, "seller_name": str, "seller_base_region": str, "user_type": int, "granted_scopes": list}


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options = OPTIONS.parse_args()
        cls.lacks = pathlib.Path(options.lacks)
        cls.shop = Shop(options.sandbox, SEED="3", SHOPS="3", WAREHOUSES="2", PRODUCTS="30", INVOICES=options.invoices)
        cls.shop.connect()
        cls.shop.routes = {f"{route['method']} {route['path']}": route for route in cls.shop.control("routes")["routes"]}
        cls.cases = cases.load()
        cls.findings, cls.given = collections.defaultdict(list), collections.defaultdict(set)
        cls.failed = []
        for one in cls.cases:
            cls.look(one)

    @classmethod
    def look(cls, one):
        described = description.operation(*one.route.split(" "))
        try:
            answer = cases.run(cls.shop, one)
        except (AssertionError, KeyError, IndexError) as problem:
            cls.failed.append(f"{one.name}: {problem!r}")
            return
        cls.given[one.route] |= set(description.given_fields(answer))
        for where, what, why in description.check_answer(described, answer, one.must) if described else ():
            cls.findings[one.route, where, what].append(f"{why} ({one.name})")

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def test_every_case_is_answered(self):
        self.assertEqual(self.failed, [])

    def test_every_route_has_a_case_and_every_case_a_route(self):
        self.assertEqual(sorted(self.shop.routes), sorted({one.route for one in self.cases}))

    def test_every_route_is_in_the_description(self):
        unknown = [route for route in self.shop.routes if description.operation(*route.split(" ")) is None]
        self.assertEqual(unknown, [])

    def test_answers_are_as_described(self):
        wrong = [f"{route}: {where}: {what}: {whys[0]}" for (route, where, what), whys in self.findings.items()
                 if (route, where, what) not in DEVIATIONS]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_deviations_are_still_ones(self):
        ours = [key for key in DEVIATIONS if not key[1].startswith(("query", "body"))]
        self.assertEqual([key for key in ours if key not in self.findings], [])

    def test_what_is_lacking_is_listed(self):
        lines, lacking, all_of_them = [], 0, 0
        for route in self.shop.routes:
            described = description.operation(*route.split(" "))
            fields = list(description.fields_of(description.answer_schema(described))) if described else []
            absent = [name for name in fields if name not in self.given[route]]
            lines += [f"{route}: {len(absent)} of {len(fields)}", *("    " + name for name in absent)]
            lacking, all_of_them = lacking + len(absent), all_of_them + len(fields)
        self.lacks.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"fields that no answer had: {lacking} of {all_of_them}; see {self.lacks}")
        self.assertLess(lacking, all_of_them)

    def test_token_answers_have_their_members(self):
        given = self.shop.token_call("refresh", refresh_token=self.shop.refresh_token, grant_type="refresh_token")
        self.shop.token = given["data"]["access_token"]
        self.assertEqual((given["code"], given["message"]), (0, "success"))
        self.assertEqual({name: type(value) for name, value in given["data"].items()}, TOKEN)
        self.assertGreater(given["data"]["access_token_expire_in"], 1_000_000_000)  # a time, whatever its name says
        self.assertEqual(self.shop.token_call("get", auth_code="x", grant_type="authorized_code")["code"], 36004004)


if __name__ == "__main__":
    tap.run("__main__")
