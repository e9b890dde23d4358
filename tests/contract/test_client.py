"""A client that strangers wrote, unchanged, drives the sandbox: see client.mjs.

    test_client.py --sandbox PROGRAM [--tap FILE]
"""
import argparse
import json
import os
import pathlib
import subprocess
import unittest

import tap
from shop import APP, Shop

OPTIONS = argparse.ArgumentParser()
for name in ("--sandbox", "--tap"):
    OPTIONS.add_argument(name)
CLIENT = pathlib.Path(__file__).parent / "client.mjs"
PRODUCTS, TO_SHIP, UNPAID, SENT, WAREHOUSES = 5, 5, 2, 3, 2


class Client(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(OPTIONS.parse_args().sandbox, PRODUCTS=str(PRODUCTS), WAREHOUSES=str(WAREHOUSES))
        cls.ids = cls.shop.control("orders", {"count": TO_SHIP, "units_per_sku": 2})["ids"]
        cls.shop.control("orders", {"count": UNPAID, "status": "UNPAID"})
        cls.shop.control("orders", {"count": SENT, "status": "IN_TRANSIT"})
        given = {"PATH": os.environ["PATH"], "SHOP_URL": cls.shop.url, "APP_KEY": APP["APP_KEY"],
                 "APP_SECRET": APP["APP_SECRET"], "AUTH_CODE": cls.shop.consent()}
        done = subprocess.run(["node", CLIENT], env=given, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            cls.shop.close()
            raise AssertionError(done.stderr)
        cls.got = json.loads(done.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def test_tokens_are_got_and_refreshed(self):
        self.assertTrue(self.got["tokens"]["access_token"].startswith("ROW_"))
        self.assertIn("seller.order.info", self.got["tokens"]["granted_scopes"])
        self.assertEqual(self.got["used_code"]["code"], 36004004)

    def test_shops_are_listed(self):
        self.assertEqual([shop["id"] for shop in self.got["shops"]], [shop["id"] for shop in self.got["active"]])
        self.assertEqual(self.got["shops"][0]["id"], self.shop.control("")["shops"][0]["id"])

    def test_orders_are_walked_and_fetched_by_ids_joined_with_commas(self):
        self.assertEqual(sorted(self.got["found"]), sorted(self.ids))
        self.assertEqual([order["id"] for order in self.got["orders"]], self.got["found"])
        self.assertEqual({order["status"] for order in self.got["orders"]}, {"AWAITING_SHIPMENT"})

    def test_an_empty_body_signed_as_none_is_taken(self):
        self.assertEqual(self.got["unfiltered"], TO_SHIP + UNPAID + SENT)

    def test_packages_are_found_and_an_order_is_split(self):
        self.assertTrue(self.got["slots"]["can_drop_off"] or self.got["slots"]["can_pickup"])
        self.assertEqual([one["order_id"] for one in self.got["splittable"]], self.got["found"])
        self.assertEqual(len(self.got["parts"]), self.got["units"])
        self.assertEqual((len(self.got["packages"]), len(set(self.got["packages"]))), (SENT, SENT))

    def test_products_are_walked(self):
        self.assertEqual((len(self.got["products"]), len(set(self.got["products"]))), (PRODUCTS, PRODUCTS))

    def test_a_product_and_the_warehouses_are_shown(self):
        self.assertIn(self.got["product"]["id"], self.got["products"])
        self.assertEqual(len([one for one in self.got["warehouses"] if one["type"] == "SALES_WAREHOUSE"]), WAREHOUSES)

    def test_stock_is_set_and_what_is_wrong_stands_in_a_good_answer(self):
        self.assertEqual(self.got["updated"].get("errors", []), [])
        self.assertEqual(self.got["stock"]["total_available_quantity"], 77 * WAREHOUSES)
        self.assertEqual([error["detail"]["sku_id"] for error in self.got["refused_in_part"]], [self.got["stock"]["id"]])

    def test_webhooks_are_registered_with_a_body_beyond_ascii(self):
        self.assertEqual([hook["address"] for hook in self.got["webhooks"]], ["https://hub.example.com/größe"])
        self.assertEqual(self.got["webhooks_left"], [])

    def test_errors_reach_the_clients_own_exceptions(self):
        self.assertEqual(self.got["foreign_order"]["code"], 21008111)
        self.assertEqual(self.got["foreign_shop"]["code"], 101000)
        self.assertEqual(self.got["unknown_token"]["code"], 36009004)
        self.assertIn("x-tts-access-token", self.got["unknown_token"]["message"])


if __name__ == "__main__":
    tap.run("__main__")
