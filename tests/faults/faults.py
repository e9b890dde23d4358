"""Two replicas of everything, orders coming in, faults from one seed; then rest, then the checker."""
import argparse
import json
import pathlib
import random
import signal
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "deploy" / "demo"), str(ROOT / "tests" / "bench")]

import check  # noqa: E402
import consent  # noqa: E402
import seller  # noqa: E402
from hub import Hub, Refused, Sandbox  # noqa: E402
from measure import Server  # noqa: E402
from system import SHIFT, System  # noqa: E402

REST_SECONDS, QUIET_LOOKS = 180, 3  # how long it is waited for; so many looks in a row at which nothing is owed
REST_WANTED = 30  # seconds; longer means that something sleeps though nothing is broken any more
GOOD, FOUND, LATE = 0, 3, 4  # exit codes, apart from those of a run that fell over
TICK = 0.1
CANCEL_SHARE, RESTLESS_SHARE = 0.05, 0.05
RESTLESS_WAYS = (("ON_HOLD", "AWAITING_SHIPMENT"), ("ON_HOLD", "AWAITING_SHIPMENT", "CANCELLED"))
SLOWEST = 4  # of what was waited for, in the report


def interval(text):
    least, most = text.split("-")
    return float(least), float(most)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=400, help="orders a second")
    parser.add_argument("--kinds", default="kill,stop,postgres,backend", help="F1, F3, F4 (restart, backend)")
    parser.add_argument("--parcels", default="drop=3,twice=3,lose-ack=3,later=3,slow=3", help="F7, of a hundred")
    parser.add_argument("--shops", type=int, default=1, help="of the one seller, each with its share of the orders")
    parser.add_argument("--connectors", type=int, default=2, help="replicas of the connector")
    parser.add_argument("--call-rate", type=int, default=0, help="calls a second for each shop; 0: as set up")
    parser.add_argument("--rest", type=int, default=REST_WANTED, help="seconds it may take to rest; a small budget needs more")
    parser.add_argument("--victims", default="", help="services that are killed and stopped; all of them unless given")
    parser.add_argument("--every", type=interval, default=(0.3, 1.2), help="seconds between two faults: least-most")
    parser.add_argument("--bin", required=True)
    parser.add_argument("--settings", required=True)
    parser.add_argument("--var", required=True)
    parser.add_argument("--superuser", required=True)
    parser.add_argument("--pg-data", required=True)
    return parser.parse_args()


class Load(threading.Thread):
    """Buyers: orders at a steady rate.  Some are cancelled at once; some are restless and take every step a tenth of a
    second after the one before, so that revisions of one order are under way side by side."""

    def __init__(self, sandbox, options):
        super().__init__()
        self.sandbox, self.rate, self.seconds, self.shops = sandbox, options.rate, options.seconds, options.shops
        self.random = random.Random(options.seed)
        self.created, self.cancelled, self.problems = [], [], []
        self.restless = []  # (order, the steps before it)

    def run(self):
        deadline, due = time.monotonic() + self.seconds, time.monotonic()
        while time.monotonic() < deadline or self.restless:
            time.sleep(max(0.0, due - time.monotonic()))
            due += TICK
            try:
                self.tick(time.monotonic() < deadline)
            except (OSError, Refused) as problem:
                self.problems.append(str(problem))

    def tick(self, buys):
        moving, self.restless = self.restless, []
        for order, steps in moving:
            self.move(order, steps[0])
            if steps[1:]:
                self.restless.append((order, steps[1:]))
        if not buys:
            return
        batch = max(2, int(self.rate * TICK))
        restless = max(1, int(batch * RESTLESS_SHARE))
        self.restless += [(order, self.random.choice(RESTLESS_WAYS)) for order in self.buy(restless, "UNPAID")]
        for order in self.buy(batch - restless, "AWAITING_SHIPMENT"):
            if self.random.random() < CANCEL_SHARE:
                self.move(order, "CANCELLED")

    def buy(self, count, status):
        ids = []
        for shop in range(self.shops):
            share = (count + shop) // self.shops
            order = {"count": share, "skus_per_order": 2, "status": status, "webhook": True, "shop": shop + 1}
            ids += self.sandbox.post("orders", order)["ids"] if share > 0 else []
        self.created += ids
        return ids

    def move(self, order, status):
        self.sandbox.post(f"orders/{order}/status", {"status": status, "initiator": "BUYER"})
        if status == "CANCELLED":
            self.cancelled.append(order)


class Faults(threading.Thread):
    """One after the other, every 0.3 to 1.2 seconds."""

    def __init__(self, system, server, options):
        super().__init__()
        self.system, self.server, self.options = system, server, options
        self.random = random.Random(options.seed * 7 + 1)
        self.kinds = options.kinds.split(",") if options.kinds else []
        self.count = {kind: 0 for kind in self.kinds}
        self.quit = threading.Event()

    def run(self):
        while self.kinds and not self.quit.wait(self.random.uniform(*self.options.every)):
            kind = self.random.choices(self.kinds, [self.weight(kind) for kind in self.kinds])[0]
            getattr(self, kind)()
            self.count[kind] += 1

    @staticmethod
    def weight(kind):
        return {"kill": 20, "stop": 4, "postgres": 1, "backend": 3}[kind]

    def kill(self):
        process = self.random.choice(self.system.victims())
        process.kill()
        process.start()

    def stop(self):
        process = self.random.choice(self.system.victims())
        process.kill(signal.SIGSTOP)
        self.quit.wait(self.random.uniform(0.1, 6.0))
        process.kill(signal.SIGCONT)

    def postgres(self):
        self.system.restart_postgres()

    def backend(self):
        try:
            self.server.ask("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> "
                            "'postgres' AND backend_type = 'client backend' ORDER BY random() LIMIT 1")
        except OSError:
            pass


class Cursors(threading.Thread):
    """Watches how far each shop is read: between two windows that is the beginning of the next one, which only grows."""

    def __init__(self, superuser):
        super().__init__()
        self.server, self.quit = Server(superuser), threading.Event()
        self.furthest, self.looks, self.findings = {}, 0, []

    def run(self):
        while not self.quit.wait(0.05):
            try:
                self.look()
            except OSError:
                continue  # PostgreSQL is among the victims

    def look(self):
        for shop, kind, at in check.rows(self.server, "connector", "SELECT shop_id, kind, extract(epoch FROM from_at)::bigint "
                                         "FROM pull WHERE until_at IS NULL AND run_id = 0"):
            self.looks += 1
            before = self.furthest.get((shop, kind), 0)
            if int(at) < before:
                self.findings.append(f"the cursor of shop {shop} ({kind}) went from {before} back to {at}")
            self.furthest[shop, kind] = max(before, int(at))


def wait_for_notices(sandbox):
    """Until the shop has told again what it could not tell during the faults, which it does at its own pace."""
    began = time.monotonic()
    while time.monotonic() < began + REST_SECONDS and json.loads(sandbox.call("GET", "/sandbox"))["webhooks"]["waiting"]:
        time.sleep(0.2)
    return time.monotonic() - began


def wait_for_rest(system, server, sandbox, began):
    """Until the hub has every order and nothing is on its way: seconds it took, or None; and until when what was owed."""
    last, quiet = {}, []
    while time.monotonic() < began + REST_SECONDS:
        for process in system.processes:
            if not process.alive():
                process.start()
        now, owed = time.monotonic() - began, check.owed(server, sandbox)
        last.update({what: (round(now, 1), count) for what, count in owed.items()})
        quiet = [] if owed else [*quiet, now]
        if len(quiet) == QUIET_LOOKS:
            return quiet[0], last
        time.sleep(0.5)
    return None, last


def connect(options, hub, sandbox, server):
    token = seller.setup_token(pathlib.Path(options.var) / "log" / "gateway-0.log",
                               pathlib.Path(options.var) / "log" / "gateway-1.log")
    return seller.open_shop(hub, sandbox, server, token, consent)


def verdict(rested, findings, wanted):
    """Exit code and words."""
    if findings:
        return FOUND, f"{len(findings)} findings"
    if rested is None or rested > wanted:
        return LATE, f"nothing lost, nothing twice, nothing oversold, but not at rest after {wanted} s"
    return GOOD, "nothing lost, nothing twice, nothing oversold"


def report(options, load, faults, rest, findings, facts):
    rested = rest["rested"]
    print(f"seed {options.seed}: {len(load.created)} orders ({len(load.cancelled)} cancelled) in {options.seconds} s, "
          + ", ".join(f"{count} {kind}" for kind, count in faults.count.items()) + f"; parcels {options.parcels}")
    print(f"  {options.shops} shops, {options.connectors} connectors")
    print(f"  the shop had told everything after {rest['told']:.0f} s")
    print(f"  at rest {rested:.0f} s later" if rested is not None else f"  NOT at rest after {REST_SECONDS} s")
    for what, (seconds, count) in sorted(rest["waited"].items(), key=lambda one: -one[1][0])[:SLOWEST]:
        print(f"    until {seconds:5.1f} s: {count} {what}")
    for name, value in facts.items():
        print(f"  {name:<34} {value}")
    for finding in findings:
        print(f"  WRONG: {finding}")
    code, words = verdict(rested, findings, options.rest)
    print(f"  result: {words}")
    path = pathlib.Path(options.var) / f"faults-{options.seed}.json"
    path.write_text(json.dumps({"seed": options.seed, "faults": faults.count, **rest, "facts": facts,
                                "findings": findings}, indent=1) + "\n")
    return code


def main():
    options = arguments()
    server, hub, sandbox = Server(options.superuser), Hub(f"http://127.0.0.1:{8080 + SHIFT}"), Sandbox(f"http://127.0.0.1:{8090 + SHIFT}")
    system = System(options)
    system.start()
    try:
        connect(options, hub, sandbox, server)
        load, faults, cursors = Load(sandbox, options), Faults(system, server, options), Cursors(options.superuser)
        load.start()
        cursors.start()
        faults.start()
        load.join()
        faults.quit.set()
        faults.join()
        system.faulty.unlink()
        told = wait_for_notices(sandbox)
        rested, waited = wait_for_rest(system, server, sandbox, time.monotonic())
        cursors.quit.set()
        cursors.join()
        facts, findings = check.check(server, hub, sandbox)
        findings += cursors.findings[:check.SHOWN]
        facts["looks at cursors"] = cursors.looks
        check.compare_calls(system, facts, findings)
        if load.problems:
            findings.append(f"{len(load.problems)} calls of the buyers failed: {load.problems[0]}")
        return report(options, load, faults, {"told": told, "rested": rested, "waited": waited}, findings, facts)
    finally:
        system.stop()


sys.exit(main())
