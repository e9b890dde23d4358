"""Every service behind the gateway: each answer of the API is as docs/api/openapi.yaml says.  Covers: export.c.

The rig checks each answer; the tests only ask, and look at what matters beyond the shape.
"""
import itertools
import signal
import time
import urllib.parse

from edge_rig import cookie_of, expect, run, same, says, wait_until

KEYS = itertools.count(1)
LISTS = ("/shops", "/orders", "/orders/counts", "/import-runs", "/listings", "/variants", "/warehouses", "/stock",
         "/stock/check", "/returns", "/returns/counts", "/settlements", "/settlements/report", "/buyers/accesses",
         "/buyers/erasures", "/wallet", "/wallet/entries", "/settings/placement", "/settings/statuses", "/settings/statuses/history",
         "/orders/99-1/timeline", "/tags", "/notices", "/system")
STRANGERS = ("/shops/99", "/shops/connect/none", "/orders/99-1", "/orders/99-1/conditions", "/orders/99-1/stock",
             "/orders/99-1/cancel", "/orders/99-1/buyer", "/orders/99-1/notes", "/returns/99-1",
             "/push-rules/99")
CSV = "sku,name,cost_minor,currency,supply\nA-1,Alpha,100,VND,STOCKED\nA-2,Beta,much,VND,STOCKED\n"


def get(rig, state, path):
    return rig.ask("GET", "/api/v1" + path, cookie=state["cookie"])


def send(rig, state, path, body, method="POST", **headers):
    return rig.ask(method, "/api/v1" + path, body, {"Idempotency-Key": f"k{next(KEYS)}", **headers}, state["cookie"])


def every_service_is_ready(rig, state):
    state["cookie"] = cookie_of(rig.set_up())
    wait_until("all services are ready", lambda: get(rig, state, "/system").json["ready"])


def the_account_reaches_every_service(rig, _):
    wait_until("all have acknowledged", lambda: rig.sql("SELECT count(*) FROM outbox") == "0")


def lists_are_as_described_when_empty(rig, state):
    for path in LISTS:
        same((path, get(rig, state, path).status), (path, 200))


def things_nobody_knows_are_not_found(rig, state):
    for path in STRANGERS:
        same((path, get(rig, state, path).status), (path, 404))


def a_warehouse_is_made_and_listed(rig, state):
    answer = send(rig, state, "/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})
    same(answer.status, 201)
    state["warehouse"] = answer.json["id"]
    same([one["id"] for one in get(rig, state, "/warehouses").json["items"]], [state["warehouse"]])


def variants_are_made_one_by_one_and_from_a_file(rig, state):
    same(send(rig, state, "/variants", {"sku": "S-1", "name": "Áo thun", "supply": "STOCKED",
                                        "cost": {"amount": "1200", "currency": "VND"}}).status, 201)
    run = send(rig, state, "/imports?name=goods.csv", CSV, **{"Content-Type": "text/csv"}).json
    path = f"/imports/{run['id']}"
    wait_until("all lines are done", lambda: get(rig, state, path).json["state"] == "DONE")
    run = get(rig, state, path).json
    same((run["created"], run["wrong"]), (1, 1))
    same([line["line"] for line in get(rig, state, path + "/lines?outcome=WRONG").json["items"]], [3])
    same([one["sku"] for one in get(rig, state, "/variants?q=ao").json["items"]], ["S-1"])


def goods_come_back_as_files(rig, state):
    run = get(rig, state, "/imports").json["items"][0]
    answer = get(rig, state, f"/imports/{run['id']}/errors.csv")
    same(answer.status, 200)
    expect("COST_NOT_NUMBER" in answer.text, answer.text)
    answer = get(rig, state, "/variants.csv?q=ao")
    expect("text/csv" in answer.headers["Content-Type"] and '"S-1","Áo thun"' in answer.text, answer.text)
    job = send(rig, state, "/workbooks", {}).json
    wait_until("it is written", lambda: get(rig, state, f"/workbooks/{job['id']}").json["state"] == "DONE")
    answer = get(rig, state, f"/workbooks/{job['id']}/goods.xlsx")
    same((answer.status, answer.headers["Content-Disposition"]), (200, 'attachment; filename="sampan.xlsx"'))
    expect(answer.text.startswith("PK"), answer.text[:20])
    same(get(rig, state, "/workbooks/999/goods.xlsx").status, 404)


def an_import_goes_on_after_a_crash(rig, state):
    """Killed in the middle: no line is lost, none is done twice."""
    lines = 3000
    text = "sku,name,cost\n" + "".join(f"C-{n},Thing {n},5\n" for n in range(lines))
    run = send(rig, state, "/imports", text, **{"Content-Type": "text/csv"}).json
    path = f"/imports/{run['id']}"
    wait_until("some lines are done", lambda: get(rig, state, path).json["done"] > 0)
    rig.stop("product-mapper", signal.SIGKILL)
    rig.start("product-mapper")
    wait_until("all lines are done", lambda: get(rig, state, path).json.get("state") == "DONE", 60)
    run = get(rig, state, path).json
    same((run["created"], run["updated"], run["wrong"]), (lines, 0, 0))
    database = rig.database_of("product-mapper")
    same(rig.psql("SELECT count(*), max(rev % 1099511627776) FROM variant WHERE sku LIKE 'C-%'", database), f"{lines}|0")
    same(rig.psql("SELECT count(*) FROM catalogue_history WHERE state->>'sku' LIKE 'C-%'", database), str(lines))


def stock_is_adjusted_once_however_often_it_is_asked(rig, state):
    body = {"reason": "opening", "lines": [{"warehouse_id": state["warehouse"], "sku": "S-1", "delta": 5}]}
    until = time.monotonic() + 10
    while (first := send(rig, state, "/stock/adjust", body, **{"Idempotency-Key": f"a{time.time()}"})).status != 200:
        expect(time.monotonic() < until, first.text)  # inventory hears of the variant a moment later
        time.sleep(0.1)
    for _ in range(2):
        same(send(rig, state, "/stock/adjust", body, **{"Idempotency-Key": "again"}).status, 200)
    same([(one["sku"], one["on_hand"]) for one in get(rig, state, "/stock").json["items"]], [("S-1", 10)])
    same(get(rig, state, "/stock/check").json["ok"], True)


def money_is_topped_up_once(rig, state):
    body = {"amount": "5000", "currency": "VND", "reference": "bank 17"}
    for _ in range(2):
        same(send(rig, state, "/wallet/top-up", body, **{"Idempotency-Key": "top-1"}).status, 200)
    same(get(rig, state, "/wallet").json["balance"], {"amount": "5000", "currency": "VND"})
    same(len(get(rig, state, "/wallet/entries").json["items"]), 1)


def settings_are_saved_and_read(rig, state):
    settings = {"auto_place": True, "currency": "VND", "shipping": {"amount": "0"},
                "surcharge": {"amount": "69", "currency": "VND", "per": "unit"}}
    same(send(rig, state, "/settings/placement", settings, method="PUT").status, 200)
    seen = get(rig, state, "/settings/placement").json
    same({name: seen[name] for name in ("auto_place", "currency")}, {"auto_place": True, "currency": "VND"})


def tags_are_made_changed_put_on_and_deleted(rig, state):
    answer = send(rig, state, "/tags", {"name": "Gift", "colour": "pink"})
    same(answer.status, 201)
    tag = answer.json["id"]
    same(send(rig, state, f"/tags/{tag}", {"name": "Gấp", "colour": "red"}, method="PUT").status, 200)
    same(get(rig, state, "/tags").json["items"], [{"id": tag, "name": "Gấp", "colour": "red"}])
    same(send(rig, state, "/orders/tags", {"ids": ["99-1"], "put": [tag]}).json["items"],
         [{"id": "99-1", "result": "NOT_FOUND"}])
    same(get(rig, state, f"/orders?tag={tag}").json["items"], [])
    same(send(rig, state, f"/tags/{tag}", None, method="DELETE").status, 200)
    same(get(rig, state, "/tags").json["items"], [])


def lines_of_an_import_run_come_as_a_file(rig, state):
    answer = get(rig, state, "/import-runs/99/lines.csv?result=FAILED,PENDING")
    expect("text/csv" in answer.headers["Content-Type"] and "order,result," in answer.text, answer.text)
    same(get(rig, state, "/import-runs/99/lines.csv?result=LOST").status, 400)


def commands_on_strangers_are_refused_with_a_reason(rig, state):
    same(send(rig, state, "/orders/place", {"ids": ["99-1"]}).json["items"][0]["result"], "REFUSED")
    for path, body in (("/mappings", {"shop_id": "99", "sku_id": "1", "parts": []}), ("/shops/99/pull", {"on": True}),
                       ("/orders/99-1/cancel", {"reason": "x"}), ("/orders/99-1/notes", {"text": "x"}),
                       ("/import-runs/99/again", {}), ("/orders/99-1/returned", {}),
                       ("/returns/99-1/answer", {"accept": True, "wants": "x"}),
                       ("/buyers/erasures", {"order_id": "99-1", "reason": "x"}),
                       ("/shops/99/disconnect", {}), ("/shops/connect/none/decline", {}),
                       ("/shops/99/load", {"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"})):
        answer = send(rig, state, path, body)
        expect(answer.status in (404, 409, 422), f"{path} {answer.status} {answer.text}")


def connecting_a_shop_begins_with_a_consent_address(rig, state):
    answer = send(rig, state, "/shops", {"alias": "A", "region": "VN", "account_type": "SELLER",
                                         "email": "owner@shop.vn"})
    same(answer.status, 201)
    path = f"/shops/connect/{answer.json['connect_id']}"
    same(get(rig, state, path).json["state"], "WAITING")
    says(get(rig, {"cookie": None}, path), 401, "SIGNED_OUT")
    state["begun"] = path
    state["word"] = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.json["consent_url"]).query)["state"][0]


def come_back(rig, state, cookie, **query):
    """Where the browser with this cookie is sent."""
    query = urllib.parse.urlencode({"state": state["word"], **query})
    answer = rig.ask("GET", "/oauth/tiktok/callback?" + query, cookie=cookie)
    same(answer.status, 302)
    return answer.headers["Location"]


def a_return_is_taken_only_in_the_session_that_began(rig, state):
    elsewhere = "/#/shops?problem=CONNECT_ELSEWHERE"
    same(come_back(rig, state, None, code="c"), elsewhere)
    same(come_back(rig, state, cookie_of(rig.sign_in()), code="c"), elsewhere)  # the same person, another browser
    same(come_back(rig, state, stranger(rig), code="c"), elsewhere)
    same(come_back(rig, state, stranger(rig)), elsewhere)  # not even to refuse it for others
    same(get(rig, state, state["begun"]).json["state"], "WAITING")
    same(come_back(rig, state, state["cookie"]), "/#" + state["begun"])
    same(get(rig, state, state["begun"]).json["state"], "FAILED")


def stranger(rig):
    """A session in another account, which no page of ours can make yet."""
    rig.sql("INSERT INTO account SELECT 2, 'Other', time_zone, currency, language, state, rev, made FROM account "
            "WHERE account_id = 1 ON CONFLICT DO NOTHING; INSERT INTO person SELECT 2, 1, role, password_hash, made "
            "FROM person WHERE account_id = 1 ON CONFLICT DO NOTHING; "
            "INSERT INTO login VALUES ('stranger@shop.vn', 2, 1) ON CONFLICT DO NOTHING")
    return cookie_of(rig.sign_in("stranger@shop.vn"))


def dead_letters_are_listed_for_each_service(rig, state):
    for service in rig.programs:
        same(get(rig, state, f"/dead-letters?service={service}").json["items"], [])
        same(send(rig, state, "/dead-letters/replay", {"service": service, "ids": ["1"]}).json["replayed"], 0)


def a_file_is_as_long_as_what_it_is_of(rig, state):
    """More than two pages of it, and none of them before it is asked for."""
    rig.psql("INSERT INTO settlement SELECT 1, '7-1/' || n, 1, gen_random_uuid(), now(), 7, '1', '7-1/' || n, '', "
             "'PENALTY', now() - interval '1 hour', 'VND', -n, 0, -n, 0, '', NULL, '[]' FROM generate_series(1, 2500) n",
             rig.database_of("order-ingest"))
    answer = get(rig, state, "/settlements.csv?state=NO_ORDER&cursor=1.x")
    same((answer.status, answer.headers["Content-Type"]), (200, "text/csv; charset=utf-8"))
    lines = answer.text.splitlines()
    same((len(lines), len(set(lines)), lines[0][:11]), (2501, 2501, "settled_at,"))
    says(get(rig, state, "/settlements.csv?from=yesterday"), 400, "FILTER_BAD")
    same(get(rig, {"cookie": None}, "/settlements.csv").status, 401)


def forged_webhooks_are_told_nothing(rig, _):
    answer = rig.ask("POST", "/hooks/tiktok", "{}", {"Authorization": "00" * 32})
    same((answer.status, answer.text), (401, ""))


TESTS = [
    every_service_is_ready, the_account_reaches_every_service, lists_are_as_described_when_empty,
    things_nobody_knows_are_not_found, a_warehouse_is_made_and_listed, variants_are_made_one_by_one_and_from_a_file,
    goods_come_back_as_files, an_import_goes_on_after_a_crash,
    stock_is_adjusted_once_however_often_it_is_asked, money_is_topped_up_once, settings_are_saved_and_read,
    tags_are_made_changed_put_on_and_deleted, lines_of_an_import_run_come_as_a_file,
    commands_on_strangers_are_refused_with_a_reason, connecting_a_shop_begins_with_a_consent_address,
    a_return_is_taken_only_in_the_session_that_began, dead_letters_are_listed_for_each_service,
    a_file_is_as_long_as_what_it_is_of,
    forged_webhooks_are_told_nothing,
]

if __name__ == "__main__":
    run(TESTS)
