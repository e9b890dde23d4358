"""What the parts of ./sampan tell the services: replicas with places of their own, and everybody's peers."""
import pathlib
import subprocess
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
PARTS = "SAMPAN_ROOT=$1; for part in lib setup build postgres services; do . \"$1/deploy/script/$part.sh\"; done; "


def script(commands):
    return subprocess.run(["bash", "-euc", PARTS + commands, "test", str(ROOT)], check=True, capture_output=True,
                          text=True).stdout.splitlines()


def settings(name, before=""):
    return dict(line.split("=", 1) for line in script(f"{before} service_settings {name}"))


class Replicas(unittest.TestCase):
    three = "SERVICE_REPLICAS[inventory]=3;"

    def test_there_is_one_of_each_unless_more_are_wanted(self):
        self.assertEqual(script("all_replicas"), ["gateway", "connector", "order-ingest", "product-mapper", "inventory",
                                                  "placement"])
        self.assertEqual(script(self.three + "replicas_of inventory"), ["inventory", "inventory-2", "inventory-3"])

    def test_each_has_ports_of_its_own_and_the_database_of_its_service(self):
        told = [settings(name, self.three) for name in script(self.three + "all_replicas")]
        places = [one[name] for one in told for name in ("SAMPAN_BUS_BIND", "SAMPAN_ADMIN_BIND")]
        self.assertEqual(len(set(places)), 2 * 8)
        databases = {settings(name, self.three)["SAMPAN_DATABASE_URL_FILE"] for name in ("inventory", "inventory-3")}
        self.assertEqual({pathlib.Path(path).name for path in databases}, {"inventory.database_url"})

    def test_everybody_is_told_of_all_of_them(self):
        binds = [settings(name, self.three)["SAMPAN_BUS_BIND"] for name in ("inventory", "inventory-2", "inventory-3")]
        wanted = ",".join(bind.removeprefix("tcp://") for bind in binds)
        for name in ("product-mapper", "placement", "inventory-2"):
            self.assertEqual(settings(name, self.three)["SAMPAN_PEER_INVENTORY"], wanted)


class Start(unittest.TestCase):
    waits = "service_answers() { :; }; note() { :; }; now_ms() { echo 3000; }; "

    def slow(self, began):
        places = "".join(f"service_began[{name}]={at};" for name, at in began.items())
        return script(self.waits + places + f"services_wait {' '.join(began)}; services_slow 1000")

    def test_who_is_ready_within_the_limit_is_not_slow(self):
        self.assertEqual(self.slow({"gateway": 2000, "inventory": 2900}), [])

    def test_who_is_ready_later_is_named(self):
        self.assertEqual(self.slow({"gateway": 2000, "connector": 1999, "inventory": 900}), ["connector", "inventory"])

    def test_the_local_shop_does_not_count(self):
        self.assertEqual(self.slow({"sandbox": 0}), [])


if __name__ == "__main__":
    tap.run(__name__)
