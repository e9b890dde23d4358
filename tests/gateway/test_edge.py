"""The edge of the gateway over HTTP: setting up, signing in, what is refused, what is passed on, events.

The program is the real one, and so are the bus and the database; in the connector's place stands a service that
answers each ask with what it was asked.  Covers: authenticate.c, sign_in.c, setup.c, password_line.c, forward.c, events.c, files.c.
"""
import http.client
import signal
import socket
import threading
import time

from edge_rig import KEY, PASSWORD, cookie_of, expect, run, same, says, wait_until

# ---- before anybody is set up ---------------------------------------------------------------------------

def tells_that_nobody_is_set_up(rig, _):
    answer = rig.ask("GET", "/api/v1/me")
    says(answer, 401, "SIGNED_OUT")
    same(answer.json["set_up"], False)


def keeps_the_set_up_token_out_of_the_log(rig, _):
    expect(rig.setup_token() not in (rig.path / "gateway.err").read_text())
    same(rig.sql("SELECT count(*) FROM setup_link WHERE token_hash::text LIKE '%" + rig.setup_token() + "%'"), "0")


def refuses_set_up_with_a_strange_token(rig, _):
    says(rig.set_up(token="A" * 43), 401, "SETUP_TOKEN_BAD")
    says(rig.set_up(token="short"), 401, "SETUP_TOKEN_BAD")


def refuses_set_up_with_bad_values(rig, _):
    says(rig.set_up(password="password1234"), 422, "PASSWORD_WEAK")
    says(rig.set_up(login="a b"), 422, "LOGIN_BAD")
    for name, value in (("currency", "dong"), ("language", "fr"), ("time_zone", "Asia/Nowhere"), ("name", "")):
        says(rig.set_up(account={**rig.account(), name: value}), 422, "ACCOUNT_BAD")
    says(rig.set_up(account="none"), 422, "ACCOUNT_BAD")


def a_restart_prints_another_link_and_both_work(rig, state):
    first = state["token"] = rig.setup_token()
    same(rig.stop("gateway"), 0)
    rig.start("gateway")
    wait_until("another link", lambda: rig.setup_token() != first)
    same(rig.sql("SELECT count(*) FROM setup_link"), "2")


# ---- setting up ---------------------------------------------------------------------------------------------

def sets_up_the_first_account_and_signs_its_owner_in(rig, state):
    answer = rig.set_up(token=state["token"])
    same(answer.status, 201)
    cookie = answer.headers["Set-Cookie"]
    expect("HttpOnly" in cookie and "SameSite=Lax" in cookie, cookie)
    same(answer.json["role"], "OWNER")
    same(answer.json["account"]["id"], "1")
    state["cookie"] = cookie_of(answer)
    same(rig.ask("GET", "/api/v1/me", cookie=state["cookie"]).json["login"], "owner@shop.vn")


def emits_the_account_to_every_service(rig, _):
    waiting = "SELECT string_agg(dest, ' ' ORDER BY dest) FROM outbox WHERE type = 'account.saved'"
    wait_until("the connector, which is there, has acknowledged",
               lambda: rig.sql(waiting) == "inventory order-ingest placement product-mapper")


def sets_up_once(rig, state):
    says(rig.set_up(token=state["token"]), 409, "ALREADY_SET_UP")
    says(rig.set_up(), 409, "ALREADY_SET_UP")
    same(rig.sql("SELECT count(*) FROM person"), "1")
    same(rig.sql("SELECT count(*) FROM setup_link"), "0")


def stores_no_password_and_no_session_token(rig, state):
    expect(rig.sql("SELECT password_hash FROM person").startswith("$argon2id$"))
    same(rig.sql(f"SELECT count(*) FROM session WHERE session::text LIKE '%{state['cookie']}%'"), "0")
    log = (rig.path / "gateway.err").read_text()
    expect(PASSWORD not in log and state["cookie"] not in log)


# ---- sessions ---------------------------------------------------------------------------------------------------

def refuses_forged_sessions(rig, _):
    for cookie in ("A" * 43, "x", "A" * 5000, "' OR 1=1 --"):
        answer = rig.ask("GET", "/api/v1/shops", cookie=cookie)
        says(answer, 401, "SIGNED_OUT")
    says(rig.ask("GET", "/api/v1/shops"), 401, "SIGNED_OUT")


def signs_in_and_out(rig, _):
    answer = rig.sign_in("OWNER@shop.vn")
    same(answer.status, 201)
    cookie = cookie_of(answer)
    same(rig.ask("GET", "/api/v1/shops", cookie=cookie).status, 200)
    same(rig.ask("DELETE", "/api/v1/session", cookie=cookie).status, 204)
    says(rig.ask("GET", "/api/v1/shops", cookie=cookie), 401, "SIGNED_OUT")
    says(rig.ask("DELETE", "/api/v1/session"), 401, "SIGNED_OUT")


def an_idle_session_ends_when_the_cache_has_forgotten_it(rig, _):
    cookie = cookie_of(rig.sign_in())
    rig.sql("UPDATE session SET seen = now() - interval '31 minutes' WHERE seen = (SELECT max(seen) FROM session)")
    wait_until("the session has ended", lambda: rig.ask("GET", "/api/v1/shops", cookie=cookie).status == 401, 10)


def a_session_in_use_is_kept_alive(rig, state):
    rig.sql("UPDATE session SET seen = now() - interval '20 minutes'")
    wait_until("it was touched", lambda: rig.ask("GET", "/api/v1/shops", cookie=state["cookie"]).status == 200 and
               rig.sql("SELECT max(seen) > now() - interval '1 minute' FROM session") == "t", 10)


def wrong_passwords_slow_down(rig, _):
    for _ in range(5):
        says(rig.sign_in("nobody", "not the password"), 401, "LOGIN_FAILED")
    # A try takes as long as its hash: on a busy machine the first, short delays are over before the next one comes.
    for _ in range(8):
        answer = rig.sign_in("nobody", "not the password")
        if answer.status == 429:
            break
    says(answer, 429, "LOGIN_THROTTLED")
    expect(int(answer.headers["Retry-After"]) >= 1, answer.headers["Retry-After"])
    same(rig.sign_in().status, 201)  # others are not held up


def many_tries_at_once_gain_nothing(rig, _):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(rig.sign_in("victim", "guess guess guess").status))
               for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(answers.count(401) <= 6, f"{answers}")


# ---- what is refused ------------------------------------------------------------------------------------------------

def refuses_what_is_no_change_of_ours(rig, state):
    def post(body="{}", **headers):
        return rig.ask("POST", "/api/v1/shops", body, {"Content-Type": "application/json", **KEY, **headers},
                       state["cookie"])
    says(post(Origin="https://evil.example"), 403, "FOREIGN_ORIGIN")
    says(post(**{"Sec-Fetch-Site": "cross-site"}), 403, "FOREIGN_ORIGIN")
    says(post("<html>sign in</html>"), 400, "BODY_NOT_JSON")
    says(post(**{"Content-Type": "text/plain"}), 415, "CONTENT_TYPE")
    says(post(**{"Idempotency-Key": ""}), 400, "IDEMPOTENCY_KEY_MISSING")
    same(post(Origin=rig.origin).status, 201)


def refuses_oversized_bodies_before_reading_them(rig, state):
    says(rig.ask("POST", "/api/v1/shops", "x" * 20000, {**KEY, "Content-Type": "application/json"},
                 state["cookie"]), 413, "BODY_TOO_LARGE")
    same(rig.ask("POST", "/hooks/tiktok", "x" * 300000, {"Authorization": "good"}).status, 413)
    same(rig.ask("GET", "/healthz").status, 200)


def knows_its_paths_and_methods(rig, state):
    says(rig.ask("GET", "/api/v1/nothing", cookie=state["cookie"]), 404, "NOT_FOUND")
    answer = rig.ask("DELETE", "/api/v1/shops", cookie=state["cookie"])
    says(answer, 405, "METHOD_NOT_ALLOWED")
    same(answer.headers["Allow"], "GET, POST")


def refuses_what_the_role_does_not_include(rig, _):
    cookie = cookie_of(rig.sign_in())
    rig.sql("UPDATE person SET role = 'PACKER'")
    rig.stop("gateway", signal.SIGKILL)  # the cache with it
    rig.start("gateway")
    says(rig.ask("POST", "/api/v1/shops", {}, KEY, cookie), 403, "NOT_ALLOWED")
    says(rig.ask("GET", "/api/v1/wallet", cookie=cookie), 403, "NOT_ALLOWED")
    says(rig.ask("GET", "/api/v1/system", cookie=cookie), 403, "NOT_ALLOWED")
    wait_until("the connector is seen", lambda: rig.ask("GET", "/api/v1/shops", cookie=cookie).status == 200)
    rig.sql("UPDATE person SET role = 'OWNER'")
    wait_until("the role is back", lambda: rig.ask("GET", "/api/v1/system", cookie=cookie).status == 200, 10)


# ---- what is passed on ------------------------------------------------------------------------------------------------

def passes_on_who_asks_what(rig, state):
    seen = rig.ask("GET", "/api/v1/shops/7?limit=5&q=%C3%A1o&id=8", headers={"Accept-Language": "th,en"},
                   cookie=state["cookie"]).json
    same(seen["name"], "connector.shop")
    same((seen["account"], seen["user"], seen["language"]), ("1", "owner@shop.vn", "th"))
    same(seen["params"], {"id": "7", "limit": "5", "q": "áo"})
    same(seen["permissions"], 16)


def passes_on_commands_with_their_key(rig, state):
    answer = rig.ask("POST", "/api/v1/shops", {"alias": "Bé"}, {"Idempotency-Key": "one"}, state["cookie"])
    same(answer.status, 201)
    same((answer.json["key"], answer.json["body"]), ("one", '{"alias": "B\\u00e9"}'))
    again = rig.ask("POST", "/api/v1/shops", {"alias": "Bé"}, {"Idempotency-Key": "one"}, state["cookie"])
    same((again.status, again.text), (answer.status, answer.text))
    other = rig.ask("POST", "/api/v1/shops", {"alias": "B"}, {"Idempotency-Key": "one"}, state["cookie"])
    same(other.status, 422)


def passes_on_problems_and_empty_answers(rig, state):
    says(rig.ask("POST", "/api/v1/shops/7/disconnect", {}, KEY, state["cookie"]), 409, "SHOP_BUSY")
    same(rig.ask("POST", "/api/v1/shops/connect/c-1/decline", None, KEY, state["cookie"]).status, 204)


def tells_when_a_service_is_away(rig, state):
    says(rig.ask("GET", "/api/v1/orders", cookie=state["cookie"]), 503, "SERVICE_AWAY")
    system = rig.ask("GET", "/api/v1/system", cookie=state["cookie"]).json
    states = {service["service"]: service["ready"] for service in system["services"]}
    same(states, {"gateway": True, "connector": True, "order-ingest": False, "product-mapper": False,
                  "inventory": False, "placement": False})
    same(system["ready"], False)


def takes_webhooks_only_when_they_are_stored(rig, _):
    answer = rig.ask("POST", "/hooks/tiktok", "{}", {"Authorization": "good"})
    same((answer.status, answer.text), (200, ""))
    answer = rig.ask("POST", "/hooks/tiktok", "{}", {"Authorization": "bad"})
    same((answer.status, answer.text), (401, ""))
    same(rig.ask("POST", "/hooks/tiktok", "{}").status, 401)


def puts_webhooks_back_while_the_connector_is_away(rig, _):
    rig.stop("connector", signal.SIGKILL)
    same(rig.ask("POST", "/hooks/tiktok", "{}", {"Authorization": "good"}).status, 503)
    rig.start("connector")
    wait_until("webhooks are taken", lambda: rig.ask("POST", "/hooks/tiktok", "{}",
                                                     {"Authorization": "good"}).status == 200)


def leads_sellers_back_to_the_dashboard(rig, state):
    for word, cookie, there in (("good", state["cookie"], "/#/shops/connect/c-1"),
                                ("bad", state["cookie"], "/#/shops?problem=STATE_BAD"),
                                ("good", None, "/#/shops?problem=CONNECT_ELSEWHERE"),
                                ("good", "A" * 43, "/#/shops?problem=CONNECT_ELSEWHERE")):
        answer = rig.ask("GET", f"/oauth/tiktok/callback?code=c&state={word}", cookie=cookie)
        same((answer.status, answer.headers["Location"]), (302, there))


def serves_the_dashboard(rig, _):
    for path in ("/", "/orders", "/shops/7"):
        answer = rig.ask("GET", path)
        same((answer.status, answer.text), (200, "<!doctype html>the page"))
    same(rig.ask("GET", "/assets/app.js").text, "the script")
    same(rig.ask("GET", "/assets/none.js").status, 404)
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"):
        expect("not for anybody" not in rig.ask("GET", path).text, path)


# ---- events -----------------------------------------------------------------------------------------------------------

def stream(rig, cookie):
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=10)
    connection.request("GET", "/api/v1/events", headers={"Cookie": f"sampan={cookie}", "Last-Event-ID": "17"})
    return connection.getresponse()


def events_of(response, count):
    found, event = [], {}
    while len(found) < count:
        line = response.readline().decode().rstrip("\n")
        if line.startswith(("event: ", "data: ", "id: ")):
            name, value = line.split(": ", 1)
            event[name] = value
        elif not line and event:
            found.append(event)
            event = {}
    return found


def pushes_what_changed_to_open_streams(rig, state):
    response = stream(rig, state["cookie"])
    same((response.status, response.headers["Content-Type"]), (200, "text/event-stream"))
    events = events_of(response, 3)
    same([event["event"] for event in events], ["hello", "shops", "shops"])
    expect('"account_id":"1"' in events[1]["data"], "one's own account alone")
    response.close()


def needs_a_session_for_events(rig, _):
    same(rig.ask("GET", "/api/v1/events").status, 401)


# ---- the end ------------------------------------------------------------------------------------------------------------

def stops_within_a_second_with_streams_open(rig, state):
    response = stream(rig, state["cookie"])
    began = time.monotonic()
    same(rig.stop("gateway"), 0)
    expect(time.monotonic() - began < 5)
    response.read()
    try:
        socket.create_connection(("127.0.0.1", rig.port), 1).close()
        expect(False, "the port is still open")
    except ConnectionRefusedError:
        pass


TESTS = [
    tells_that_nobody_is_set_up, keeps_the_set_up_token_out_of_the_log, refuses_set_up_with_a_strange_token,
    refuses_set_up_with_bad_values, a_restart_prints_another_link_and_both_work,
    sets_up_the_first_account_and_signs_its_owner_in, emits_the_account_to_every_service, sets_up_once,
    stores_no_password_and_no_session_token, refuses_forged_sessions, signs_in_and_out,
    an_idle_session_ends_when_the_cache_has_forgotten_it, a_session_in_use_is_kept_alive, wrong_passwords_slow_down,
    many_tries_at_once_gain_nothing, refuses_what_is_no_change_of_ours, refuses_oversized_bodies_before_reading_them,
    knows_its_paths_and_methods, refuses_what_the_role_does_not_include, passes_on_who_asks_what,
    passes_on_commands_with_their_key, passes_on_problems_and_empty_answers, tells_when_a_service_is_away,
    takes_webhooks_only_when_they_are_stored, puts_webhooks_back_while_the_connector_is_away,
    leads_sellers_back_to_the_dashboard, serves_the_dashboard, pushes_what_changed_to_open_streams,
    needs_a_session_for_events, stops_within_a_second_with_streams_open,
]

if __name__ == "__main__":
    run(TESTS)
