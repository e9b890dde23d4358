"""The demo: connects a local TikTok Shop to the hub as a seller would, imports its orders, and compares the two.

Run by ./sampan demo, which has started everything.  Exit code 0 only when shop and hub agree to the unit.
"""
import argparse
import collections
import csv
import io
import pathlib
import re
import secrets
import sys
import time

import consent
import latency
import truth
from hub import Hub, Refused, Sandbox

HISTORY_DAYS = 60
LIVE_ORDERS, LIVE_RATE = 300, 20  # orders, orders a second
LEFT_OUT_EVERY, SHORT_EVERY = 300, 150  # SKUs kept out of the catalogue, SKUs with half of what is ordered
SPARE_UNITS = 500  # of every other SKU, for the live orders
QUIET_SECONDS, PATIENCE_SECONDS = 3, 600
OPEN_STATUSES = {"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING"}
PLACED_STAGES = {"TO_PURCHASE", "PURCHASED", "AWAITING_SHIPMENT", "CONFIRMED", "PACKING", "PACKED", "AWAITING_PICKUP"}


def say(text):
    print(text, flush=True)


class Failed(Exception):
    """The demo cannot go on; the text says why."""


def setup_token(log_path):
    """From the link that the gateway printed once, at its first start."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = re.search(r"/setup[/?=#\w]*?([A-Za-z0-9_-]{43})(?![\w-])", log_path.read_text(errors="replace"))
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise Failed(f"the gateway printed no set-up link: see {log_path}")


class Demo:
    def __init__(self, options):
        self.hub, self.sandbox = Hub(options.gateway), Sandbox(options.sandbox)
        self.options = options
        self.password = secrets.token_urlsafe(18)
        self.warehouse_id, self.moved_at, self.figures = None, 0.0, {}

    # Before the shop is connected -------------------------------------------------------------------------

    def sign_up(self, currency):
        token = setup_token(self.options.gateway_log)
        account = {"name": "Demo", "time_zone": "Europe/London", "currency": currency, "language": "en"}
        self.hub.sign("/setup", {"token": token, "login": "demo", "password": self.password, "account": account})
        self.hub.sign("/session", {"login": "demo", "password": self.password})
        self.options.password_file.unlink(missing_ok=True)
        self.options.password_file.touch(mode=0o600)
        self.options.password_file.write_text(self.password + "\n")
        say("signed up with the one-time link, and signed in")

    def catalogue(self):
        """The shop's goods as (header, rows); some are kept back so that orders with unknown goods show up."""
        rows = list(csv.DictReader(io.StringIO(self.sandbox.text("catalogue.csv"))))
        if not rows:
            raise Failed("the sandbox has no catalogue")
        return rows, [row for i, row in enumerate(rows, 1) if i % LEFT_OUT_EVERY]

    def import_catalogue(self, rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.hub.import_goods(text.getvalue())
        say(f"imported {len(rows)} variants")

    def stock_up(self, rows):
        """What is ordered and something to spare; of some SKUs only half of what is ordered."""
        demand = {row["seller_sku"]: row["units"] for row in self.sandbox.rows("demand")}
        lines, short = [], 0
        for i, row in enumerate(rows, 1):
            wanted = demand.get(row["sku"], 0)
            scarce = i % SHORT_EVERY == 0 and wanted > 1
            short += scarce
            delta = wanted // 2 if scarce else wanted + SPARE_UNITS
            lines.append({"warehouse_id": self.warehouse_id, "sku": row["sku"], "delta": delta})
        for at in range(0, len(lines), 5000):
            self.when_known("/stock/adjust", {"reason": "opening stock", "lines": lines[at:at + 5000]})
        say(f"stocked {len(lines)} SKUs in the warehouse, {short} of them short on purpose")

    def when_known(self, path, body, method="POST"):
        """A service hears of an account or a variant a moment after it was saved elsewhere."""
        until = time.monotonic() + 15
        while True:
            try:
                return self.hub.post(path, body, method)
            except Refused as refused:
                if refused.status not in (404, 409, 422) or time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def fund(self, currency):
        self.when_known("/wallet/top-up", {"amount": "9" * 11, "currency": currency, "reference": "demo"})
        self.when_known("/settings/placement", {
            "auto_place": True, "currency": currency, "shipping": {"amount": "0"},
            "surcharge": {"amount": "69", "currency": currency, "per": "unit"}}, "PUT")
        say(f"topped the wallet up; auto-place is on, surcharge 69 minor {currency} per unit")

    # The shop -----------------------------------------------------------------------------------------------

    def connect(self):
        begun = self.hub.post("/shops", {"alias": "Demo shop", "region": "GB", "account_type": "SELLER",
                                         "email": "demo@example.com"})
        visited, back = consent.agree(begun["consent_url"], self.hub.url, self.hub.cookie)
        if begun["connect_id"] not in back:
            raise Failed(f"the consent came back to {back}")
        say(f"the seller agreed on {visited[0]} and came back to {back}")
        until = time.monotonic() + 30
        path = f"/shops/connect/{begun['connect_id']}"
        while (state := self.hub.get(path))["state"] == "WAITING" and time.monotonic() < until:
            time.sleep(0.1)
        if state["state"] != "CHOOSING":
            raise Failed(f"the connection stopped at {state}")
        shops = [{"channel_shop_id": shop["channel_shop_id"], "warehouse_id": self.warehouse_id,
                  "history": {"kind": "days", "days": HISTORY_DAYS}} for shop in state["shops"]]
        self.hub.post(path + "/confirm", {"shops": shops})
        say(f"connected {', '.join(shop['name'] for shop in state['shops'])} with {HISTORY_DAYS} days of history")

    def snapshot(self):
        counts = self.hub.get("/orders/counts")
        shops = self.hub.get("/shops")["items"]
        services = self.hub.get("/system")["services"]
        stages = counts["by_stage"]
        return {
            "recorded": counts["total"], "staged": sum(stages.values()), "unsynced": stages.get("UNSYNC", 0),
            "placed": sum(stages.get(stage, 0) for stage in PLACED_STAGES), "stages": stages,
            "seen": sum(shop.get("orders_seen") or 0 for shop in shops),
            "listings": sum(shop.get("listings") or 0 for shop in shops),
            "waiting": sum(box["depth"] for service in services for box in (service.get("outbox") or {}).values()),
            "healing": sum((service.get("later") or 0) + (service.get("heal") or 0) for service in services),
            "fetches": sum(shop.get("pending_fetches") or 0 for shop in shops),
            "unfinished": sum(not (shop.get("progress") or {}).get("finished", True) for shop in shops),
            "dead": sum(service.get("dead_letters") or 0 for service in services),
        }

    def until_at_rest(self, orders, began):
        """Shows progress until every order of the shop is recorded and staged and nothing moves any more.  The time when
        the last one was staged."""
        last, quiet_since, shown_at, staged_at = None, time.monotonic(), 0.0, None
        before = self.snapshot()["staged"]
        while True:
            now, at = self.snapshot(), time.monotonic()
            moving = {**now, "told": len(self.sandbox.text("truth/stock"))}
            if moving != last:
                last, quiet_since = moving, at
            if staged_at is None and now["staged"] >= orders:
                staged_at = at
            if at - shown_at >= (1 if staged_at is None else 5):
                shown_at = at
                self.show(now, orders, (now["staged"] - before) / max(at - began, 0.001))
            done = (now["recorded"] == now["staged"] >= orders
                    and not (now["waiting"] or now["healing"] or now["fetches"] or now["unfinished"]))
            if done and at - quiet_since >= QUIET_SECONDS:
                return staged_at
            if at - quiet_since > 60 or at - began > PATIENCE_SECONDS:
                raise Failed(f"the system came to no rest: {now}")
            time.sleep(0.1)

    def show(self, now, orders, rate):
        text = (f"  orders seen {now['seen']}/{orders}, recorded {now['recorded']}, staged {now['staged']}, "
                f"placed {now['placed']}; listings {now['listings']}")
        if now["staged"] >= orders:
            say(f"{text}; waiting until nothing moves ({now['waiting']} parcels, {now['healing']} to look at again)")
            return
        left = f", about {(orders - now['staged']) / rate:.0f} s left" if rate else ""
        say(f"{text}; {rate:.0f} orders/s{left}")

    def match(self, known):
        """By SKU; what the hub will not decide (SKUs that differ in upper and lower case alone) by hand, as a seller does."""
        result = self.hub.post("/mappings/match", {})
        ours, by_hand = {row["sku"] for row in known}, 0
        for listing in self.hub.every("/listings", state="UNMAPPED"):
            for sku in listing["skus"]:
                if not sku.get("parts") and sku.get("seller_sku") in ours:
                    self.hub.post("/mappings", {"shop_id": listing["shop_id"], "sku_id": sku["sku_id"],
                                                "parts": [{"sku": sku["seller_sku"], "pieces": 1}]})
                    by_hand += 1
        say(f"matched by SKU: {result['linked']} linked, {result['unknown']} unknown; {by_hand} linked by hand")

    # The end ------------------------------------------------------------------------------------------------

    def live(self):
        say(f"{LIVE_ORDERS} live orders at {LIVE_RATE} a second …")
        times = latency.measure(self.hub, self.sandbox, LIVE_ORDERS, LIVE_RATE)
        self.figures["live"] = times
        if len(times) < LIVE_ORDERS * 0.9:
            say(f"  only {len(times)} of them were placed")

    def table(self, now, orders, rate):
        codes = {key: {condition["code"] for condition in order.get("open_conditions") or []}
                 for key, order in orders.items()}
        to_ship = [key for key, order in orders.items()
                   if order["channel_status"] in OPEN_STATUSES and order["stage"] != "UNSYNC"]
        short = sum("STOCK_SHORT" in found for found in codes.values())
        times = self.figures["live"]
        rows = [
            ("orders seen in the shop", now["seen"]), ("recorded", now["recorded"]),
            ("mapped", now["recorded"] - now["unsynced"]),
            ("allocated (of those still to ship)", sum("STOCK_SHORT" not in codes[key] for key in to_ship)),
            ("placed", now["placed"]), ("short", short), ("unsynced", now["unsynced"]),
            ("stock levels told to the shop", self.sandbox.truth()["stock_pushes"]),
            ("orders per second, import", f"{rate:.0f}"),
            ("created in the shop to seen placed, p50", f"{latency.percentile(times, 50):.1f} ms"),
            ("created in the shop to seen placed, p99", f"{latency.percentile(times, 99):.1f} ms"),
            ("dead letters", now["dead"]),
        ]
        say("")
        for name, value in rows:
            say(f"  {name:42} {value:>12}")
        self.count("stages", now["stages"])
        self.count("open conditions", collections.Counter(code for found in codes.values() for code in found))

    @staticmethod
    def count(name, counts):
        say(f"  {name}: " + ", ".join(f"{what} {count}" for what, count in collections.Counter(counts).most_common()))

    def compare(self):
        """(equal, the hub's orders)."""
        report, orders = truth.compare_all(self.hub, self.sandbox, self.warehouse_id)
        self.figures["report"] = report
        return report.good, orders

    def show_report(self):
        say("\nshop compared with hub:")
        say("\n".join(self.figures["report"].lines))

    def run(self):
        rows, known = self.catalogue()
        currency = rows[0]["currency"]
        self.sign_up(currency)
        warehouse = self.when_known("/warehouses", {"name": "Main warehouse", "kind": "OWN", "priority": 1})
        self.warehouse_id = warehouse["id"]
        self.import_catalogue(known)
        self.stock_up(known)
        self.fund(currency)
        orders, began = self.sandbox.truth()["orders"], time.monotonic()
        self.connect()
        ended = self.until_at_rest(orders, began)
        rate = orders / max(ended - began, 0.001)
        self.match(known)
        self.until_at_rest(orders, began)
        self.live()
        self.until_at_rest(self.sandbox.truth()["orders"], time.monotonic())
        good, hub_orders = self.compare()
        self.table(self.snapshot(), hub_orders, rate)
        self.show_report()
        say(f"\ndashboard: {self.hub.url}/    login: demo    password: {self.password}")
        return good


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--gateway", required=True)
    arguments.add_argument("--sandbox", required=True)
    arguments.add_argument("--gateway-log", required=True, type=pathlib.Path)
    arguments.add_argument("--password-file", required=True, type=pathlib.Path)
    try:
        good = Demo(arguments.parse_args()).run()
    except (Failed, Refused, RuntimeError, OSError) as problem:
        say(f"demo: {problem}")
        sys.exit(1)
    say("the hub holds exactly what the shop has" if good else "the hub and the shop differ: see above")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
