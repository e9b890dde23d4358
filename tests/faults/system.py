"""The processes of a fault run: two replicas of every service and the sandbox, started, killed, started again."""
import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.request

SERVICES = ("gateway", "connector", "order-ingest", "product-mapper", "inventory", "placement")
REPLICAS = 2  # of a service, unless it is said otherwise
WEBHOOK_RETRY = "100ms"  # for the marketplace's two minutes; the next tries come after 15, 90 and 360 times as long
PG_CTL = "/usr/lib/postgresql/15/bin/pg_ctl"


SHIFT = int(os.environ.get("PORT_SHIFT", "0"))


def ports(service, replica):
    """(bus, admin, public): the second replica's are a little further on."""
    number = SERVICES.index(service) + SHIFT
    return 7200 + number + 20 * replica, 7100 + number + 20 * replica, 8080 + SHIFT + replica


class Process:
    """One replica; whoever kills it must start it again."""

    def __init__(self, name, command, environment, log):
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.popen, self.starts = None, 0
        self.lock = threading.Lock()

    def start(self):
        self.popen = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL,
                                      stdout=self.log, stderr=self.log, start_new_session=True)
        self.starts += 1

    def kill(self, how=signal.SIGKILL):
        if self.popen.poll() is None:
            self.popen.send_signal(how)
        if how == signal.SIGKILL:
            self.popen.wait()

    def alive(self):
        return self.popen is not None and self.popen.poll() is None

    def stop(self):
        if not self.alive():
            return
        self.popen.send_signal(signal.SIGCONT)
        self.popen.send_signal(signal.SIGTERM)
        try:
            self.popen.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()


class System:
    def __init__(self, options):
        self.options = options
        self.processes, self.sandbox = [], None
        self.logs = pathlib.Path(options.var) / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.faulty = pathlib.Path(options.var) / "faulty"  # parcels suffer while it is there
        self.faulty.touch()
        peers = {}
        for service in SERVICES:
            name = "SAMPAN_PEER_" + service.upper().replace("-", "_")
            peers[name] = ",".join(f"127.0.0.1:{ports(service, replica)[0]}" for replica in range(self.replicas(service)))
        self.sandbox = self.process("sandbox", 0, {})
        for service in SERVICES:
            for replica in range(self.replicas(service)):
                self.processes.append(self.process(service, replica, peers))

    def replicas(self, service):
        return self.options.connectors if service == "connector" else REPLICAS

    def victims(self):
        names = self.options.victims.split(",") if self.options.victims else SERVICES
        return [process for process in self.processes if process.name.rsplit("-", 1)[0] in names]

    def settings(self, service):
        text = (pathlib.Path(self.options.settings) / service).read_text()
        settings = dict(line.split("=", 1) for line in text.splitlines() if line)
        if service == "connector" and self.options.call_rate:
            settings["SAMPAN_TIKTOK_CALL_RATE"] = str(self.options.call_rate)
        return settings

    def process(self, service, replica, peers):
        environment = self.settings(service)
        if service != "sandbox":
            bus, admin, public = ports(service, replica)
            environment |= peers
            environment |= {"SAMPAN_BUS_BIND": f"tcp://127.0.0.1:{bus}", "SAMPAN_ADMIN_BIND": f"127.0.0.1:{admin}",
                            "SAMPAN_FAULT_PARCELS": self.options.parcels, "SAMPAN_FAULT_WHILE": str(self.faulty),
                            "SAMPAN_FAULT_SEED": str(self.options.seed * 100 + bus)}
            if service == "gateway":
                environment["SAMPAN_HTTP_BIND"] = f"127.0.0.1:{public}"
        else:
            environment.pop("SAMPAN_SANDBOX_INVOICES", None)
            environment |= {"SAMPAN_SANDBOX_WEBHOOK_RETRY": WEBHOOK_RETRY,
                            "SAMPAN_SANDBOX_SHOPS": str(self.options.shops)}
        log = open(self.logs / f"{service}-{replica}.log", "wb")  # the process's for as long as we live
        command = [os.path.join(self.options.bin, f"sampan-{service}"), "run"]
        return Process(f"{service}-{replica}", command, environment, log)

    def start(self):
        for process in [self.sandbox, *self.processes]:
            process.start()
        self.wait_ready()

    def wait_ready(self, patience=60):
        deadline = time.monotonic() + patience
        for process in self.processes:
            service, replica = process.name.rsplit("-", 1)
            while not self.ready(ports(service, int(replica))[1]):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{process.name} is not ready: see {self.logs / (process.name + '.log')}")
                time.sleep(0.05)

    @staticmethod
    def ready(port):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self):
        for process in [*self.processes, self.sandbox]:
            process.stop()

    def restart_postgres(self):
        """As if the power had gone: no shutdown, recovery from the log."""
        command = [PG_CTL, "-D", self.options.pg_data, "-m", "immediate", "-w", "restart"]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", *command]
        with open(self.logs / "postgres-restart.log", "ab") as log:
            subprocess.run(command, check=True, cwd="/", stdout=log, stderr=log, stdin=subprocess.DEVNULL)
