"""Compares the hub with the marketplace, to the unit: orders, statuses, units of each SKU, stock told, stock sums."""
import collections
import concurrent.futures

THREADS = 2
SHOWN = 5  # differences of one kind that are printed


class Report:
    """What was compared, and what did not agree."""

    def __init__(self):
        self.lines, self.good = [], True

    def compare(self, what, differences, count):
        if not differences:
            self.lines.append(f"  equal      {what}: {count}")
            return
        self.good = False
        self.lines.append(f"  DIFFERENT  {what}: {len(differences)} of {count}")
        self.lines += [f"               {text}" for text in differences[:SHOWN]]


def fetch_orders(hub):
    """Every order of the hub with its lines, by the marketplace's id."""
    ids = [order["id"] for order in hub.every("/orders")]
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        orders = pool.map(lambda order_id: hub.get(f"/orders/{order_id}"), ids)
        return {order["channel_order_id"]: order for order in orders}


def units_by_sku(lines):
    units = collections.Counter()
    for line in lines:
        units[line["sku_id"]] += line["units"]
    return units


def compare_orders(report, shop_orders, hub_orders):
    shop = {order["id"]: order for order in shop_orders}
    missing = [f"{key} is not in the hub" for key in shop.keys() - hub_orders.keys()]
    extra = [f"{key} is not in the shop" for key in hub_orders.keys() - shop.keys()]
    report.compare("order ids", missing + extra, len(shop))
    both = sorted(shop.keys() & hub_orders.keys())
    report.compare("statuses", [
        f"{key}: shop {shop[key]['status']}, hub {hub_orders[key]['channel_status']}"
        for key in both if shop[key]["status"] != hub_orders[key]["channel_status"]], len(both))
    units = {key: (units_by_sku(shop[key]["lines"]), units_by_sku(hub_orders[key]["lines"])) for key in both}
    report.compare("units of each SKU in each order", [
        f"{key}: shop {dict(there)}, hub {dict(here)}" for key, (there, here) in units.items() if there != here],
        sum(sum(there.values()) for there, _ in units.values()))


def available_by_variant(hub, warehouse_id):
    return {level["variant_id"]: level["available"] for level in hub.every("/stock", warehouse=warehouse_id)}


def expected_stock(listings, available):
    """Listing SKU -> what the shop should show: the scarcest part decides."""
    expected = {}
    for listing in listings:
        for sku in listing["skus"]:
            if sku.get("parts"):
                expected[sku["sku_id"]] = max(0, min(
                    available.get(part["variant_id"], 0) // part["pieces"] for part in sku["parts"]))
    return expected


def compare_stock(report, hub, told, warehouse_id):
    shown = {}
    for row in sorted(told, key=lambda row: row.get("told_at") or 0):
        shown[row["sku_id"]] = row["quantity"]
    expected = expected_stock(hub.every("/listings"), available_by_variant(hub, warehouse_id))
    differences = [f"SKU {sku}: hub has {quantity}, shop was told {shown.get(sku, 'nothing')}"
                   for sku, quantity in sorted(expected.items()) if shown.get(sku) != quantity]
    differences += [f"SKU {sku}: not mapped, but the shop was told {shown[sku]}" for sku in shown.keys() - expected.keys()]
    report.compare("stock shown by the shop", differences, len(expected))
    return expected


def compare_all(hub, sandbox, warehouse_id):
    """(report, the hub's orders)."""
    report = Report()
    orders = fetch_orders(hub)
    compare_orders(report, sandbox.rows("truth/orders"), orders)
    compare_stock(report, hub, sandbox.rows("truth/stock"), warehouse_id)
    check = hub.get("/stock/check")
    report.compare("stock identities (on hand = available + reserved + pending out = ledger)",
                   [str(violation) for violation in check["violations"]] or ([] if check["ok"] else ["not ok"]),
                   "all rows")
    return report, orders
