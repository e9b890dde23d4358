"""The real processes on one machine: a gateway, two replicas of every service that facts pass through, and the local
TikTok Shop.  The second replica of inventory is named inventory-2."""
import random
import signal
import socket
import sys
import types

import demo
from edge_rig import SERVICES, Rig, kept_settings, wait_until
from measure import Server

DOUBLED = [service for service in SERVICES if service != "gateway"]
SECOND = "-2"
APP = {"APP_KEY": "e2e-app", "APP_SECRET": "e2e-app-secret-of-the-test", "SERVICE_ID": "7172000000000000001"}
PRODUCTS = 6


def told(name, otherwise):
    """One of our own words of the command line, which are taken out of it."""
    if name not in sys.argv:
        return otherwise
    at = sys.argv.index(name)
    value = sys.argv[at + 1]
    del sys.argv[at:at + 2]
    return value


def quiet_ports(count):
    """Below those that the system hands out: a process that was killed must find its port free when it comes back."""
    for first in random.sample(range(20000, 32000, count), 100):
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.create_server(("127.0.0.1", port)))
            return range(first, first + count)
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise OSError("no ports are free")


class Databases(Server):
    """For the checker: the services' databases have other names here."""

    def __init__(self, rig):
        super().__init__(rig.server)
        self.name_of = rig.database_of

    def ask(self, database, sql):
        return super().ask(self.name_of(database), sql)


class System(Rig):
    def __init__(self, programs, make_keys, echoes):
        super().__init__(programs, make_keys, echoes)
        self.replicas = [*SERVICES, *(service + SECOND for service in DOUBLED)]
        self.programs |= {name: programs[name.removesuffix(SECOND)] for name in self.replicas}
        ports = iter(quiet_ports(2 * len(self.replicas) + 2))
        self.bus = {name: next(ports) for name in self.replicas}
        self.admin = {name: next(ports) for name in self.replicas}
        self.port, self.shop_port = next(ports), next(ports)
        self.origin, self.shop_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.shop_port}"
        self.checked = Databases(self)
        self.seller = demo.Demo(types.SimpleNamespace(
            gateway=self.origin, sandbox=self.shop_url, gateway_log=self.path / "gateway.out",
            password_file=self.path / "password"))
        self.hub, self.shop = self.seller.hub, self.seller.sandbox

    def addresses(self, service):
        return ",".join(f"127.0.0.1:{self.bus[name]}" for name in (service, service + SECOND) if name in self.bus)

    def settings(self, name):
        if name == "sandbox":
            return self.shop_settings()
        return {**super().settings(name.removesuffix(SECOND)),
                "SAMPAN_BUS_BIND": f"tcp://127.0.0.1:{self.bus[name]}",
                "SAMPAN_ADMIN_BIND": f"127.0.0.1:{self.admin[name]}"}

    def own_settings(self, service):
        told = super().own_settings(service)
        if service != "connector":
            return told
        consent = self.shop_url + "/open/authorize"
        return {**told, **{"SAMPAN_TIKTOK_" + name: value for name, value in APP.items()},
                "SAMPAN_TIKTOK_CALL_RATE": "1000", "SAMPAN_PULL_ORDERS_EVERY": "2s",
                "SAMPAN_TIKTOK_API_URL": self.shop_url, "SAMPAN_TIKTOK_AUTH_URL": self.shop_url,
                "SAMPAN_TIKTOK_CONSENT_URL": consent, "SAMPAN_TIKTOK_CONSENT_US_URL": consent}

    def shop_settings(self):
        return {**kept_settings(), **{"SAMPAN_SANDBOX_" + name: value for name, value in APP.items()},
                "SAMPAN_SANDBOX_BIND": f"127.0.0.1:{self.shop_port}", "SAMPAN_SANDBOX_PRODUCTS": str(PRODUCTS),
                "SAMPAN_SANDBOX_REDIRECT_URL": self.origin + "/oauth/tiktok/callback",
                "SAMPAN_SANDBOX_WEBHOOK_URL": self.origin + "/hooks/tiktok", "SAMPAN_SANDBOX_WEBHOOK_RETRY": "300ms"}

    def begin(self):
        for service in SERVICES:
            self.make_database(service)
            self.migrate(service)
        for name in ("sandbox", *self.replicas):
            self.launch(name)
        for name in self.replicas:
            wait_until(f"{name} is ready", lambda: self.is_ready(name))

    def kill(self, name):
        """As a crash would, at any instruction; somebody starts it again at once."""
        self.stop(name, signal.SIGKILL)
        self.launch(name)
