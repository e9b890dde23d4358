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

REST_SECONDS = 180
CANCEL_SHARE = 0.05


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=400, help="orders a second")
    parser.add_argument("--kinds", default="kill,stop,postgres,backend", help="F1, F3, F4 (restart, backend)")
    parser.add_argument("--parcels", default="drop=3,twice=3,lose-ack=3,later=3", help="F7, of a hundred")
    parser.add_argument("--bin", required=True)
    parser.add_argument("--settings", required=True)
    parser.add_argument("--var", required=True)
    parser.add_argument("--superuser", required=True)
    parser.add_argument("--pg-data", required=True)
    return parser.parse_args()


class Load(threading.Thread):
    """Buyers: orders at a steady rate, some of them cancelled a little later."""

    def __init__(self, sandbox, options):
        super().__init__()
        self.sandbox, self.rate, self.seconds = sandbox, options.rate, options.seconds
        self.random = random.Random(options.seed)
        self.created, self.cancelled, self.problems = [], [], []

    def run(self):
        deadline, due = time.monotonic() + self.seconds, time.monotonic()
        batch = max(1, self.rate // 10)
        while time.monotonic() < deadline:
            time.sleep(max(0.0, due - time.monotonic()))
            due += batch / self.rate
            try:
                order = {"count": batch, "skus_per_order": 2, "status": "AWAITING_SHIPMENT", "webhook": True}
                ids = self.sandbox.post("orders", order)["ids"]
                self.created += ids
                self.cancel_some(ids)
            except (OSError, Refused) as problem:
                self.problems.append(str(problem))

    def cancel_some(self, ids):
        for order in ids:
            if self.random.random() < CANCEL_SHARE:
                self.sandbox.post(f"orders/{order}/status", {"status": "CANCELLED", "initiator": "BUYER"})
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
        while self.kinds and not self.quit.wait(self.random.uniform(0.3, 1.2)):
            kind = self.random.choices(self.kinds, [self.weight(kind) for kind in self.kinds])[0]
            getattr(self, kind)()
            self.count[kind] += 1

    @staticmethod
    def weight(kind):
        return {"kill": 20, "stop": 4, "postgres": 1, "backend": 3}[kind]

    def kill(self):
        process = self.random.choice(self.system.processes)
        process.kill()
        process.start()

    def stop(self):
        process = self.random.choice(self.system.processes)
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


def wait_for_rest(system, server, sandbox, began):
    """Until the hub has every order and nothing is on its way; seconds it took, or None."""
    deadline = time.monotonic() + REST_SECONDS
    quiet = 0
    while time.monotonic() < deadline:
        for process in system.processes:
            if not process.alive():
                process.start()
        quiet = quiet + 1 if check.at_rest(server, sandbox) else 0
        if quiet >= 3:
            return time.monotonic() - began
        time.sleep(1)
    return None


def connect(options, hub, sandbox, server):
    token = seller.setup_token(pathlib.Path(options.var) / "log" / "gateway-0.log",
                               pathlib.Path(options.var) / "log" / "gateway-1.log")
    return seller.open_shop(hub, sandbox, server, token, consent)


def report(options, load, faults, rested, findings, facts):
    print(f"seed {options.seed}: {len(load.created)} orders ({len(load.cancelled)} cancelled) in {options.seconds} s, "
          + ", ".join(f"{count} {kind}" for kind, count in faults.count.items()) + f"; parcels {options.parcels}")
    print(f"  at rest after {rested:.0f} s" if rested is not None else f"  NOT at rest after {REST_SECONDS} s")
    for name, value in facts.items():
        print(f"  {name:<34} {value}")
    for finding in findings:
        print(f"  WRONG: {finding}")
    print("  result: " + ("nothing lost, nothing twice, nothing oversold" if not findings and rested is not None
                          else f"{len(findings)} findings"))
    path = pathlib.Path(options.var) / f"faults-{options.seed}.json"
    path.write_text(json.dumps({"seed": options.seed, "faults": faults.count, "rested": rested, "facts": facts,
                                "findings": findings}, indent=1) + "\n")


def main():
    options = arguments()
    server, hub, sandbox = Server(options.superuser), Hub(f"http://127.0.0.1:{8080 + SHIFT}"), Sandbox(f"http://127.0.0.1:{8090 + SHIFT}")
    system = System(options)
    system.start()
    try:
        connect(options, hub, sandbox, server)
        load, faults = Load(sandbox, options), Faults(system, server, options)
        load.start()
        faults.start()
        load.join()
        faults.quit.set()
        faults.join()
        began = time.monotonic()
        rested = wait_for_rest(system, server, sandbox, began)
        facts, findings = check.check(server, hub, sandbox)
        report(options, load, faults, rested, findings, facts)
        return 0 if rested is not None and not findings and not load.problems else 1
    finally:
        system.stop()


sys.exit(main())
