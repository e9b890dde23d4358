"""Gateway and connector, the real ones, while a database is away or not ready: 503, nothing lost, and on it goes.

Covers: authenticate.c, sign_in.c.
"""
import hashlib
import hmac
import json
import signal

from edge_rig import KEY, PASSWORD, cookie_of, expect, run, same, says, wait_until

APP_KEY, APP_SECRET = b"app", b"s" * 32  # edge_rig's settings of the connector


def shut(rig, service):
    """Lets nobody in to its database and ends every connection, also one that was just being made."""
    name = rig.database_of(service)
    rig.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")

    def says_why():
        rig.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        return "not currently accepting" in rig.readiness(service)[1]
    wait_until(f"{service} says why", says_why)
    same(rig.readiness(service)[0], 503)


def reopen(rig, service):
    rig.psql(f"ALTER DATABASE {rig.database_of(service)} ALLOW_CONNECTIONS true")
    wait_until(f"{service} is ready", lambda: rig.is_ready(service))


def notice(number):
    body = json.dumps({"type": 1, "tts_notification_id": str(number), "shop_id": "7490", "timestamp": 1735689600,
                       "data": {"order_id": str(576499999999999000 + number), "update_time": 17}})
    return body, hmac.new(APP_SECRET, APP_KEY + body.encode(), hashlib.sha256).hexdigest()


def tell(rig, number):
    body, signature = notice(number)
    return rig.ask("POST", "/hooks/tiktok", body, {"Authorization": signature}).status


def notices(rig):
    return rig.psql("SELECT count(*) FROM notice", rig.database_of("connector"))


# ---- before its tables are there ----------------------------------------------------------------------------

def a_gateway_that_came_before_its_tables_waits_and_then_works(rig, state):
    rig.stop("gateway", signal.SIGKILL)
    rig.psql(f"DROP DATABASE {rig.database_of('gateway')} WITH (FORCE)")
    rig.make_database("gateway")
    printed = rig.setup_token()
    rig.launch("gateway")
    wait_until("it says what is missing", lambda: "no migration has been applied" in rig.readiness("gateway")[1])
    same(rig.readiness("gateway")[0], 503)
    same(rig.ask("GET", "/healthz").status, 200)
    rig.migrate("gateway")
    wait_until("gateway is ready", lambda: rig.is_ready("gateway"))
    wait_until("a set-up link", lambda: rig.setup_token() != printed)
    answer = rig.set_up()
    same(answer.status, 201)
    state["cookie"] = cookie_of(answer)
    same(rig.ask("GET", "/api/v1/me", cookie=state["cookie"]).status, 200)


# ---- away ------------------------------------------------------------------------------------------------------

def connect_a_shop(rig):
    for sql in ("INSERT INTO seller_grant (account_id, grant_id, open_id, seller_name, region, state, access_sealed, "
                "refresh_sealed, access_ends_at, ends_at, refresh_at) VALUES (1, nextval('grant_number'), 'o', 'Seller', "
                "'VN', 'LIVE', 'a', 'r', now() + interval '7 days', now() + interval '300 days', now() + interval '4 days')",
                "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, state, grant_id, warehouse_id) "
                "VALUES (1, '7490', 'ROW_c', 'Shop', 'My shop', 'VN', 'CONNECTED', 1, 7)",
                "INSERT INTO shop_count (account_id, shop_id) VALUES (1, 1)"):
        rig.psql(sql, rig.database_of("connector"))


def without_the_connectors_database_webhooks_are_put_back(rig, _):
    connect_a_shop(rig)
    same(tell(rig, 1), 200)
    shut(rig, "connector")
    for _ in range(3):
        same(tell(rig, 2), 503)
    same(tell(rig, 3), 503)
    reopen(rig, "connector")
    same(notices(rig), "1")
    same([tell(rig, 2), tell(rig, 3), tell(rig, 3)], [200, 200, 200])  # the marketplace tells again
    same(notices(rig), "3")


def without_the_connectors_database_screens_say_so(rig, state):
    shut(rig, "connector")
    says(rig.ask("GET", "/api/v1/shops", cookie=state["cookie"]), 503, "TRY_AGAIN")
    shop = {"alias": "Bé", "region": "VN", "account_type": "SELLER", "email": "b@example.com"}
    says(rig.ask("POST", "/api/v1/shops", shop, {"Idempotency-Key": "one"}, state["cookie"]), 503, "TRY_AGAIN")
    reopen(rig, "connector")
    same(rig.ask("GET", "/api/v1/shops", cookie=state["cookie"]).status, 200)
    for _ in range(2):  # the same key: done once
        same(rig.ask("POST", "/api/v1/shops", shop, {"Idempotency-Key": "one"}, state["cookie"]).status, 201)
    same(rig.psql("SELECT count(*) FROM connect", rig.database_of("connector")), "1")


def without_the_gateways_database_nobody_signs_in_and_webhooks_go_on(rig, state):
    shut(rig, "gateway")
    same(rig.ask("GET", "/healthz").status, 200)
    says(rig.sign_in(), 503, "SERVICE_AWAY")
    says(rig.ask("GET", "/api/v1/shops", cookie="B" * 43), 503, "SERVICE_AWAY")
    same(tell(rig, 4), 200)  # the connector is well
    reopen(rig, "gateway")
    same(rig.sign_in("owner@shop.vn", PASSWORD).status, 201)
    same(rig.ask("GET", "/api/v1/me", cookie=state["cookie"]).status, 200)
    same(notices(rig), "4")


def a_forged_webhook_leaves_no_trace(rig, _):
    body, signature = notice(9)
    forged = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    for headers in ({"Authorization": forged}, {"Authorization": signature.upper()}, {"Authorization": "x"}, {}):
        same(rig.ask("POST", "/hooks/tiktok", body, headers).status, 401)
    same(rig.ask("POST", "/hooks/tiktok", body + " ", {"Authorization": signature}).status, 401)
    same(notices(rig), "4")


TESTS = [
    a_gateway_that_came_before_its_tables_waits_and_then_works,
    without_the_connectors_database_webhooks_are_put_back,
    without_the_connectors_database_screens_say_so,
    without_the_gateways_database_nobody_signs_in_and_webhooks_go_on,
    a_forged_webhook_leaves_no_trace,
]

if __name__ == "__main__":
    run(TESTS)
