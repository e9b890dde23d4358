"""A seller's first steps on the running system, through the API: account, goods, stock, money, shop."""
import csv
import io
import re
import secrets
import time

CURRENCY = "USD"
SCARCE_EVERY = 9  # of so many SKUs one runs out in the middle of the run


def setup_token(*logs):
    """From the link that one of the gateway's replicas printed once."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for log in logs:
            found = re.search(r"/setup[/?=#\w]*?([A-Za-z0-9_-]{43})(?![\w-])", log.read_text(errors="replace"))
            if found:
                return found.group(1)
        time.sleep(0.1)
    raise RuntimeError("no gateway printed a set-up link")


def wait(until, what, patience=60):
    deadline = time.monotonic() + patience
    while not until():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {patience} s for {what}")
        time.sleep(0.1)


def sign_up(hub, token):
    password = secrets.token_urlsafe(18)
    account = {"name": "Faults", "time_zone": "UTC", "currency": CURRENCY, "language": "en"}
    hub.sign("/setup", {"token": token, "login": "faults", "password": password, "account": account})
    hub.sign("/session", {"login": "faults", "password": password})


def goods(hub, sandbox, server, warehouse):
    """Every SKU of the shop as a variant in the wallet's currency; most with plenty of stock."""
    rows = list(csv.DictReader(io.StringIO(sandbox.text("catalogue.csv"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "currency": CURRENCY} for row in rows)
    hub.import_goods(text.getvalue())
    wait(lambda: server.number("inventory", "SELECT count(*) FROM variant") >= len(rows), "variants in inventory")
    stock = [{"warehouse_id": warehouse, "sku": row["sku"], "delta": 40 if i % SCARCE_EVERY == 0 else 50_000}
             for i, row in enumerate(rows)]
    hub.post("/stock/adjust", {"reason": "opening stock", "lines": stock[:5000]})


def open_shop(hub, sandbox, server, token, consent):
    sign_up(hub, token)
    warehouse = hub.post("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]
    goods(hub, sandbox, server, warehouse)
    wait(lambda: server.number("placement", "SELECT count(*) FROM setting") > 0, "the wallet")
    hub.post("/wallet/top-up", {"amount": "9" * 12, "currency": CURRENCY, "reference": "faults"})
    hub.post("/settings/placement", {"auto_place": True, "currency": CURRENCY, "shipping": {"amount": "0"},
                                    "surcharge": {"amount": "69", "currency": CURRENCY, "per": "unit"}}, "PUT")
    begun = hub.post("/shops", {"alias": "Faults", "region": "VN", "account_type": "SELLER", "email": "f@example.com"})
    consent.agree(begun["consent_url"], hub.url, hub.cookie)
    path = f"/shops/connect/{begun['connect_id']}"
    wait(lambda: hub.get(path)["state"] == "CHOOSING", "the shops of the grant")
    shops = [{"channel_shop_id": shop["channel_shop_id"], "warehouse_id": warehouse,
              "history": {"kind": "days", "days": 60}} for shop in hub.get(path)["shops"]]
    hub.post(path + "/confirm", {"shops": shops})
    wait(lambda: server.number("product_mapper", "SELECT count(*) FROM listing") > 0, "the shop's listings")
