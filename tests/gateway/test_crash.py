"""The gateway is killed in the middle of what it does: nothing half done, nothing lost.  Covers: people_store.c.

A table that is held locked stops it where the test wants it.
"""
import signal
import threading

from edge_rig import KEY, cookie_of, expect, run, same, says, wait_until


def killed_while(rig, table, act):
    """Starts the request, waits until it hangs at the table, kills the gateway, starts it again."""
    def request():
        try:
            act()
        except OSError:
            pass  # the connection dies with the gateway
    with rig.held(table):
        thread = threading.Thread(target=request)
        thread.start()
        rig.wait_until_somebody_waits()
        rig.stop("gateway", signal.SIGKILL)
    thread.join()
    rig.start("gateway")


def set_up_cut_short_leaves_nothing_and_the_link_works(rig, _):
    token = rig.setup_token()
    killed_while(rig, "login", lambda: rig.set_up(token=token))
    same(rig.sql("SELECT (SELECT count(*) FROM account) || ' ' || (SELECT count(*) FROM outbox) || ' ' || "
                 "(SELECT count(*) FROM session)"), "0 0 0")
    same(rig.set_up(token=token).status, 201)


def set_up_that_was_committed_is_there_though_nobody_was_told(rig, _):
    rig.sql("DELETE FROM login; DELETE FROM session; DELETE FROM person; DELETE FROM account; DELETE FROM outbox")
    rig.stop("gateway")
    rig.start("gateway")
    wait_until("a link", lambda: rig.sql("SELECT count(*) FROM setup_link") == "1")
    token = rig.setup_token()
    rig.stop("connector")  # its outbox row stays, as proof of the commit
    reader = threading.Thread(target=lambda: rig.set_up(token=token))
    reader.start()
    wait_until("the commit", lambda: rig.sql("SELECT count(*) FROM person") == "1")
    rig.stop("gateway", signal.SIGKILL)
    reader.join()
    rig.start("gateway")
    rig.start("connector")
    same(rig.sign_in().status, 201)
    wait_until("the account reached the connector",
               lambda: rig.sql("SELECT count(*) FROM outbox WHERE dest = 'connector'") == "0")


def a_try_is_counted_before_the_password_is_looked_at(rig, _):
    killed_while(rig, "login", lambda: rig.sign_in("victim", "guess guess guess"))
    same(rig.sql("SELECT tries FROM sign_in_try WHERE subject = 'victim'"), "1")


def a_session_cut_short_is_known_to_nobody(rig, _):
    before = int(rig.sql("SELECT count(*) FROM session"))
    killed_while(rig, "session", rig.sign_in)
    left = int(rig.sql("SELECT count(*) FROM session")) - before
    expect(left in (0, 1), f"{left}")  # COMMIT may have been on its way: a row whose token nobody has
    same(rig.sign_in().status, 201)


def a_webhook_is_not_taken_while_the_connector_stands_still(rig, _):
    rig.processes["connector"].send_signal(signal.SIGSTOP)
    answer = rig.ask("POST", "/hooks/tiktok", "{}", {"Authorization": "good"})
    rig.processes["connector"].send_signal(signal.SIGCONT)
    same(answer.status, 503)
    wait_until("webhooks are taken", lambda: rig.ask("POST", "/hooks/tiktok", "{}",
                                                     {"Authorization": "good"}).status == 200)


def a_command_without_an_answer_may_be_repeated(rig, _):
    cookie = cookie_of(rig.sign_in())
    rig.processes["connector"].send_signal(signal.SIGSTOP)
    says(rig.ask("POST", "/api/v1/shops", {"alias": "A"}, KEY, cookie), 504, "SERVICE_LATE")
    rig.processes["connector"].send_signal(signal.SIGCONT)
    same(rig.ask("POST", "/api/v1/shops", {"alias": "A"}, KEY, cookie).status, 201)


TESTS = [
    set_up_cut_short_leaves_nothing_and_the_link_works, set_up_that_was_committed_is_there_though_nobody_was_told,
    a_try_is_counted_before_the_password_is_looked_at, a_session_cut_short_is_known_to_nobody,
    a_webhook_is_not_taken_while_the_connector_stands_still, a_command_without_an_answer_may_be_repeated,
]

if __name__ == "__main__":
    run(TESTS)
