"""The real programs, started wrongly: without settings, with wrong ones, where a port is taken.

SAMPAN_PROGRAMS in the environment: the programs' paths, by comma.
"""
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
PROGRAMS = {pathlib.Path(path).name.removeprefix("sampan-"): path
            for path in os.environ.get("SAMPAN_PROGRAMS", "").split(",") if path}
KEPT = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
SERVICES = {name: path for name, path in PROGRAMS.items() if name != "sandbox"}
EVERYBODY_NEEDS = {"SAMPAN_DATABASE_URL", "SAMPAN_KEYS_DIR"}
NEEDS = {"connector": {"SAMPAN_MASTER_KEY", "SAMPAN_TIKTOK_APP_KEY", "SAMPAN_TIKTOK_APP_SECRET",
                       "SAMPAN_TIKTOK_SERVICE_ID"},
         "order-ingest": {"SAMPAN_MASTER_KEY"}}
CONFIG, CANNOT_START = 78, 1


def run(program, command, settings):
    return subprocess.run([program, command], env={**KEPT, **settings}, capture_output=True, text=True, timeout=60)


def of_level(output, level):
    return [line for line in output.splitlines() if line.startswith("{") and json.loads(line)["level"] == level]


class Settings(unittest.TestCase):
    def test_there_are_programs_to_start(self):
        self.assertIn("gateway", PROGRAMS)

    def test_all_that_is_missing_is_said_at_once(self):
        for name, program in SERVICES.items():
            for command in ("run", "migrate"):
                with self.subTest(program=name, command=command):
                    ended = run(program, command, {})
                    self.assertEqual(ended.returncode, CONFIG, ended.stderr)
                    said = {line.split(": ")[1] for line in ended.stderr.splitlines() if "must be set" in line}
                    self.assertEqual(said, EVERYBODY_NEEDS | NEEDS.get(name, set()))

    def test_what_is_wrong_is_said_beside_what_is_missing(self):
        for name, program in SERVICES.items():
            with self.subTest(program=name):
                ended = run(program, "run", {"SAMPAN_WORKERS": "many", "SAMPAN_MASTER_KEY": "half a key",
                                             "SAMPAN_SHUTDOWN_TIMEOUT": "soon"})
                self.assertEqual(ended.returncode, CONFIG, ended.stderr)
                wrong = {"SAMPAN_WORKERS", "SAMPAN_SHUTDOWN_TIMEOUT", "SAMPAN_KEYS_DIR"}
                for setting in wrong | NEEDS.get(name, set()) & {"SAMPAN_MASTER_KEY"}:
                    self.assertIn(f"error: {setting}: ", ended.stderr)
                self.assertNotIn("half a key", ended.stderr)


class Ports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="sampan-start-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.keys = pathlib.Path(cls.folder.name) / "keys"
        services = ("gateway", "connector", "order-ingest", "product-mapper", "inventory", "placement")
        subprocess.run(["bash", ROOT / "deploy/keys/make-keys", cls.keys, *services], check=True)

    def start_where_taken(self, name, taken):
        """Each of the three ports is any free one; `taken` names the setting of the one that is not."""
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            settings = {"SAMPAN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "SAMPAN_KEYS_DIR": str(self.keys),
                        "SAMPAN_BUS_BIND": "tcp://127.0.0.1:*", "SAMPAN_ADMIN_BIND": "127.0.0.1:0",
                        "SAMPAN_HTTP_BIND": "127.0.0.1:0"}
            settings.update({setting: "00" * 32 for setting in NEEDS.get(name, set())})
            settings[taken] = "tcp://" * (taken == "SAMPAN_BUS_BIND") + address
            return address, run(PROGRAMS[name], "run", settings)

    def expect_one_clear_line(self, name, setting):
        address, ended = self.start_where_taken(name, setting)
        self.assertEqual(ended.returncode, CANNOT_START, ended.stderr)
        errors = of_level(ended.stderr, "error")
        self.assertEqual(len(errors), 1, ended.stderr)
        self.assertEqual(of_level(ended.stderr, "warn"), [], ended.stderr)
        line = json.loads(errors[0])
        self.assertEqual(line["event"], "cannot-start")
        self.assertIn(address, line["error"])
        self.assertRegex(line["error"], "in use|is taken by another program")

    def test_a_bus_port_that_is_taken_is_one_clear_line(self):
        for name in SERVICES:
            with self.subTest(program=name):
                self.expect_one_clear_line(name, "SAMPAN_BUS_BIND")

    def test_an_admin_port_that_is_taken_is_one_clear_line(self):
        for name in SERVICES:
            with self.subTest(program=name):
                self.expect_one_clear_line(name, "SAMPAN_ADMIN_BIND")

    def test_the_public_port_that_is_taken_is_one_clear_line(self):
        self.expect_one_clear_line("gateway", "SAMPAN_HTTP_BIND")

    @unittest.skipUnless("sandbox" in PROGRAMS, "the sandbox is not built")
    def test_the_port_of_the_local_shop_that_is_taken_is_one_clear_line(self):
        self.expect_one_clear_line("sandbox", "SAMPAN_SANDBOX_BIND")


if __name__ == "__main__":
    tap.run(__name__)
