"""The checker's own controls: each difference along an order's way is seen, and equal copies are not called different."""
import json
import unittest

import chain
import tap

KEY = "1-5001"


def pack(value):
    """msgpack, the long forms of everything, so that reading does not depend on who wrote."""
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return b"\xd3" + value.to_bytes(8, "big", signed=True)
    if isinstance(value, str):
        return b"\xd9" + bytes([len(value)]) + value.encode()
    if isinstance(value, list):
        return b"\xdc" + len(value).to_bytes(2, "big") + b"".join(pack(one) for one in value)
    return b"\xde" + len(value).to_bytes(2, "big") + b"".join(pack(key) + pack(one) for key, one in value.items())


def fact(status, line, units=2):
    """An order with one line; `line` names the numbers of line, units, cancelled."""
    cancelled = status == "CANCELLED"
    lines = [dict(zip(line, (1, 0 if cancelled else units, cancelled)))]
    return {6: 1, 7: status, 8: 1700, 9: 1710, 15: False, 20: lines}


def book(status, units, apart=None):
    return json.dumps([1, status, 1700, 1710, None, None, None]), json.dumps([[1, units, status, apart]])


class World:
    """One order as every service holds it; a test spoils one of them."""

    def __init__(self, status="AWAITING_SHIPMENT"):
        self.book = [KEY, "7", *book(status, 2)]
        self.mapped = [KEY, "7", "3", pack(fact(status, (1, 4, 5))).hex()]
        self.reserved = [KEY, "3", "5", pack(fact(status, (1, 2, 3))).hex(), "0" if status == "CANCELLED" else "2"]
        self.allocated = [KEY, "5", pack(fact(status, (1, 2, 3))).hex()]
        self.staged, self.shown = [KEY, "9"], [KEY, "9"]

    def rows(self, database, sql):
        return {chain.BOOK: [self.book], chain.MAPPED: [self.mapped], chain.RESERVED: [self.reserved],
                chain.ALLOCATED: [self.allocated], chain.STAGED: [self.staged], chain.SHOWN: [self.shown]}[sql]

    def findings(self):
        return chain.compare(self.rows, lambda keys: ", ".join(sorted(keys)))


class Unpack(unittest.TestCase):
    def test_long_forms(self):
        value = {1: [True, None, -5, 2**40], 2: "x"}
        self.assertEqual(chain.unpack(pack(value))[0], {1: [True, None, -5, 2**40], 2: b"x"})

    def test_short_forms(self):
        self.assertEqual(chain.unpack(bytes.fromhex("8201a3616263029307ffc3"))[0], {1: b"abc", 2: [7, -1, True]})

    def test_what_no_fact_holds_is_refused(self):
        with self.assertRaises(ValueError):
            chain.unpack(b"\xcb" + bytes(8))


class Compare(unittest.TestCase):
    def found(self, spoil, text, status="AWAITING_SHIPMENT"):
        world = World(status)
        spoil(world)
        findings = world.findings()
        self.assertEqual(len(findings), 1, findings)
        self.assertIn(text, findings[0])
        self.assertIn(KEY, findings[0])

    def test_equal_copies_are_equal(self):
        self.assertEqual(World().findings(), [])
        self.assertEqual(World("CANCELLED").findings(), [])

    def test_a_repeat_that_the_book_did_not_pass_on_is_no_difference(self):
        world = World()
        world.book[1] = "8"
        self.assertEqual(world.findings(), [])

    def test_a_revision_from_nowhere_is_seen(self):
        def spoil(world):
            world.mapped[1] = "8"
        self.found(spoil, "has not come to")

    def test_an_old_status_behind_the_book_is_seen(self):
        def spoil(world):
            world.book[2:] = book("CANCELLED", 2)
            world.reserved[4] = "0"
        self.found(spoil, "another order than the book")

    def test_other_units_behind_the_book_are_seen(self):
        def spoil(world):
            world.book[2:] = book("AWAITING_SHIPMENT", 3)
        self.found(spoil, "another order than the book")

    def test_a_cancelled_unit_of_a_line_is_no_difference(self):
        world = World()
        world.book[2:] = book("AWAITING_SHIPMENT", 3, [{"units": 1, "status": "CANCELLED"}])
        self.assertEqual(world.findings(), [])

    def test_a_cancelled_unit_that_went_unnoticed_is_seen(self):
        def spoil(world):
            world.book[2:] = book("AWAITING_SHIPMENT", 2, [{"units": 1, "status": "CANCELLED"}])
        self.found(spoil, "another order than the book")

    def test_an_old_order_in_inventory_is_seen(self):
        def spoil(world):
            world.reserved[3] = world.allocated[2] = pack(fact("ON_HOLD", (1, 2, 3))).hex()
        self.found(spoil, "than product-mapper")

    def test_an_old_revision_in_inventory_is_seen(self):
        def spoil(world):
            world.reserved[1] = "2"
        self.found(spoil, "another revision than product-mapper")

    def test_a_decision_about_an_old_order_is_seen(self):
        def spoil(world):
            world.allocated[2] = pack(fact("ON_HOLD", (1, 2, 3))).hex()
        self.found(spoil, "placement was told another order")

    def test_a_decision_that_placement_never_heard_of_is_seen(self):
        def spoil(world):
            world.reserved[2] = "6"
        self.found(spoil, "another revision than inventory")

    def test_an_old_stage_in_the_book_is_seen(self):
        def spoil(world):
            world.shown[1] = "8"
        self.found(spoil, "revision of the stage")

    def test_stock_kept_for_a_cancelled_order_is_seen(self):
        def spoil(world):
            world.reserved[4] = "1"
        self.found(spoil, "stock is kept", "CANCELLED")


if __name__ == "__main__":
    tap.run(__name__)
