"""A history is loaded on real processes while the shop answers badly and the connector is killed again and again: nothing
is missing, nothing is there twice, every day is certified; a gap is found and healed.  BACKFILL_ORDERS makes it larger."""
import itertools
import json
import os
import threading
import time

from edge_rig import expect, run, same, wait_until
from hub import Refused
from rig import SECOND, System

ORDERS = int(os.environ.get("BACKFILL_ORDERS", "2000"))
DAYS, HISTORY = 62, 60      # the shop's orders go back further than what is loaded
DAY = 86400
PAGE = 50
CALLS = max(20, ORDERS // 100)  # a second
PATIENCE = 90 + ORDERS / 100
SEARCH = "/order/202309/orders/search"
FAULTS = ("omit", "500", "change", "429", "repeat", "drop", "html", "timeout")
FAULT_EVERY = max(100, ORDERS // 100)  # orders
KILLS = 2 if ORDERS < 10000 else 12  # each costs a lease
CONNECTORS = ("connector", "connector" + SECOND)


class Backfill(System):
    def own_settings(self, service):
        told = super().own_settings(service)
        if service == "connector":
            told |= {"SAMPAN_TIKTOK_CALL_RATE": str(CALLS), "SAMPAN_DAY_CHECK_EVERY": "1s"}
        return told

    def shop_settings(self):
        return {**super().shop_settings(), "SAMPAN_SANDBOX_ORDERS": str(ORDERS), "SAMPAN_SANDBOX_ORDER_DAYS": str(DAYS),
                "SAMPAN_SANDBOX_TIMEOUT_FAULT": "2s"}

    def ask(self, service, sql):
        return self.psql(sql, self.database_of(service))

    def shop_row(self):
        return self.hub.get("/shops")["items"][0]

    def certificates(self):
        return {day["day"]: day for day in self.hub.every(f"/shops/{self.shop_row()['id']}/certificates")}

    def book(self):
        return self.ask("order-ingest", "SELECT substr(order_id, strpos(order_id, '-') + 1) FROM orders").split()


class Trouble(threading.Thread):
    """Faults of the shop's answers and kills of the connectors, both evenly over the load; until it is told to end."""

    def __init__(self, rig):
        super().__init__()
        self.rig, self.kinds, self.end = rig, itertools.cycle(FAULTS), threading.Event()
        self.kills, self.faults, self.not_offered, self.problem = 0, {}, set(), None

    def run(self):
        try:
            fault_at = 0
            while not self.end.wait(0.02):
                loaded = self.loaded()
                if loaded >= fault_at:
                    self.fault()
                    fault_at = loaded + FAULT_EVERY
                if self.kills < KILLS and loaded > ORDERS * self.kills // (KILLS + 1):
                    self.kill()
        except Exception as problem:
            self.problem = problem

    def loaded(self):
        return int(self.rig.ask("connector", "SELECT coalesce(sum(seen), 0) FROM pull WHERE kind = 'run'"))

    def kill(self):
        """Both: whichever of them was at it, it dies between two pages or within one."""
        for name in CONNECTORS:
            self.rig.stop(name, 9)
        for name in CONNECTORS:
            self.rig.launch(name)
        self.kills += 1

    def fault(self):
        """One waits at most, but for those of pages that are asked for by token, which are few."""
        waiting = {fault["kind"] for fault in json.loads(self.rig.shop.text("faults"))["next"]}
        if waiting - {"repeat", "change"}:
            return
        kind = next(self.kinds)
        try:
            self.rig.shop.post("faults", {"next": [{"path": SEARCH, "kind": kind, "count": 1}]})
            self.faults[kind] = self.faults.get(kind, 0) + 1
        except Refused:
            self.not_offered.add(kind)


def a_seller_signs_up(rig, state):
    rig.seller.sign_up("GBP")
    rig.seller.warehouse_id = rig.seller.when_known("/warehouses", {"name": "Main", "kind": "OWN", "priority": 1})["id"]


def sixty_days_are_loaded_in_spite_of_faults_and_kills(rig, state):
    state["click"] = time.time()
    rig.seller.connect()
    trouble, began, seen = Trouble(rig), time.monotonic(), []
    trouble.start()
    try:
        def finished():
            progress = rig.shop_row()["progress"]
            seen.append((progress["percent"], progress["orders_seen"], progress.get("ends_at")))
            return progress["finished"]
        wait_until("the history", finished, PATIENCE)
    finally:
        trouble.end.set()
        trouble.join()
    rig.shop.call("DELETE", "/sandbox/faults")
    state["trouble"], state["load_s"] = trouble, time.monotonic() - began
    same(trouble.problem, None)
    expect(trouble.kills >= 2, f"{trouble.kills} kills")
    same(seen[-1][0], 100)
    expect(any(0 < percent < 100 and ends for percent, _, ends in seen), f"no progress was to be seen: {seen[-5:]}")
    same([one[1] for one in seen], sorted(one[1] for one in seen))


def what_is_sixty_days_old_is_there_and_what_is_older_is_not(rig, state):
    first = (state["click"] - HISTORY * DAY) // DAY * DAY
    truth = {row["id"]: row["create_time"] for row in rig.shop.rows("truth/orders")}
    state["wanted"] = {id for id, created in truth.items() if created >= first}
    expect(0 < len(state["wanted"]) < len(truth), "the shop has older orders as well")
    wait_until("the orders", lambda: len(rig.book()) >= len(state["wanted"]), PATIENCE)
    held = rig.book()
    same(len(held), len(set(held)))
    same(set(held) ^ state["wanted"], set())
    ages = {int((state["click"] - truth[id]) // DAY) for id in held}
    expect({59, 60} >= ages & {59, 60, 61} >= {59}, ages)


def no_page_that_was_stored_was_loaded_again(rig, state):
    """What a run has seen is counted with each page that is stored: a page stored twice would show."""
    seen = int(rig.ask("connector", "SELECT seen FROM pull WHERE kind = 'run'"))
    told = state["trouble"].faults
    expect(abs(seen - len(state["wanted"])) <= told.get("omit", 0) + PAGE * told.get("repeat", 0),
           f"{seen} were seen of {len(state['wanted'])}")
    if not told.get("change"):
        same(rig.ask("order-ingest", "SELECT count(*) FROM order_history"), "0")


def each_order_has_one_line_of_the_run(rig, state):
    [load] = [one for one in rig.hub.every("/import-runs") if one["reason"] == "backfill"]
    same(load["state"], "FINISHED")
    expect(load["orders_total"] >= len(state["wanted"]), load)
    lines = [line["channel_order_id"] for line in rig.hub.every(f"/import-runs/{load['id']}/lines")]
    same(len(lines), len(set(lines)))
    expect(set(lines) <= state["wanted"], "lines of other orders")
    # What the shop left out of a page had its day's list find it.
    expect(len(state["wanted"] - set(lines)) <= state["trouble"].faults.get("omit", 0), "orders without a line")


def every_day_is_certified(rig, state):
    def certified():
        days = rig.certificates()
        return len(days) >= HISTORY + 1 and all(day["difference"] == 0 for day in days.values())
    wait_until("certificates", certified, PATIENCE)
    state["days"] = rig.certificates()
    settled = time.time() - 330
    truth = {row["id"]: row["create_time"] for row in rig.shop.rows("truth/orders")}
    listed = sum(day["listed"] for day in state["days"].values())
    expect(listed >= sum(truth[id] < settled for id in state["wanted"]), f"only {listed} were listed")


def an_artificial_gap_is_found_and_healed(rig, state):
    gone = rig.ask("order-ingest", "DELETE FROM orders WHERE order_id = (SELECT order_id FROM orders WHERE created_at < "
                   "now() - interval '1 day' ORDER BY created_at DESC LIMIT 1) RETURNING order_id || ' ' || "
                   "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
    order, day = gone.split()
    began = time.monotonic()
    wait_until("the gap is found", lambda: rig.certificates()[day]["found"] > state["days"][day]["found"], 60)
    found = time.monotonic() - began
    wait_until("it is back", lambda: rig.ask("order-ingest", f"SELECT count(*) FROM orders WHERE order_id = '{order}'") == "1")
    wait_until("the day is certified again", lambda: rig.certificates()[day]["difference"] == 0, 60)
    state["gap"] = (found, time.monotonic() - began)


def all_pressed_twice_is_loaded_once_and_refreshes_what_is_known(rig, state):
    path = f"/shops/{rig.shop_row()['id']}/load"
    load = rig.hub.post(path, {"all": True})["run_id"]
    same(rig.hub.post(path, {"all": True})["run_id"], load)
    wait_until("it is loaded", lambda: next(one for one in rig.hub.every("/import-runs") if one["id"] == load)["state"]
               == "FINISHED", PATIENCE)
    same(len(rig.book()), len(state["wanted"]))
    lines = [line["result"] for line in rig.hub.every(f"/import-runs/{load}/lines")]
    same(len(lines), len(state["wanted"]))
    same(rig.ask("order-ingest", "SELECT count(*) FROM orders GROUP BY shop_id, order_id HAVING count(*) > 1"), "")


def nothing_is_pulled_while_the_switch_is_off(rig, state):
    path = f"/shops/{rig.shop_row()['id']}/pull"
    same(rig.hub.post(path, {"on": False})["freshness"], "OFF")
    time.sleep(3)  # whoever was at it has ended
    order = rig.shop.post("orders", {"count": 1, "webhook": True})["ids"][0]
    time.sleep(5)
    expect(order not in rig.book(), "it was pulled")
    rig.hub.post(path, {"on": True})
    wait_until("it is pulled", lambda: order in rig.book())
    wait_until("it is fresh", lambda: rig.shop_row()["freshness"] == "FRESH")


def the_figures(rig, state):
    trouble = state["trouble"]
    print(f"# {len(state['wanted'])} orders in {state['load_s']:.1f} s at {CALLS} calls/s, {trouble.kills} kills, faults "
          f"{trouble.faults}, not offered {sorted(trouble.not_offered)}; {len(state['days'])} days certified; "
          f"found by them {sum(day['found'] for day in state['days'].values())}; a gap found after {state['gap'][0]:.0f} s, "
          f"certified again after {state['gap'][1]:.0f} s")


TESTS = [
    a_seller_signs_up, sixty_days_are_loaded_in_spite_of_faults_and_kills,
    what_is_sixty_days_old_is_there_and_what_is_older_is_not, no_page_that_was_stored_was_loaded_again,
    each_order_has_one_line_of_the_run, every_day_is_certified, an_artificial_gap_is_found_and_healed,
    all_pressed_twice_is_loaded_once_and_refreshes_what_is_known, nothing_is_pulled_while_the_switch_is_off, the_figures,
]

if __name__ == "__main__":
    run(TESTS, Backfill)
