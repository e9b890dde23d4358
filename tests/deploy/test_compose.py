"""compose.yaml keeps what was decided: confined containers, one published port, every secret made by the script.

Judged by docker-compose, else read as text: Python's standard library has no YAML, and the file is laid out evenly.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES = re.search(r"readonly SERVICES=\(([^)]*)\)", (ROOT / "deploy/script/build.sh").read_text()).group(1).split()
BLOCKS = dict(re.findall(r"^  ([a-z-]+):(.*?)(?=^  [a-z-]+:|^\w|\Z)", TEXT.split("\nservices:")[1].split("\nnetworks:")[0],
                         re.MULTILINE | re.DOTALL))


def docker_compose(text):
    """(exit code, what it complained of) of `docker-compose config` on this file, with its demo; it asks no engine."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "compose.yaml").write_text(text)
        done = subprocess.run(["docker-compose", "--profile", "demo", "config", "-q"], cwd=folder, capture_output=True,
                              text=True, env={"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"})
    return done.returncode, done.stderr


class Compose(unittest.TestCase):
    def test_has_every_service_and_its_migration(self):
        for name in SERVICES:
            self.assertIn(f"command: [sampan-{name}, run]", BLOCKS[name])
            self.assertIn(f"command: [sampan-{name}, migrate]", BLOCKS[name + "-migrate"])
            self.assertIn(f'["CMD", "sampan-{name}", "health"]', BLOCKS[name])

    def test_docker_compose_takes_it_as_it_stands(self):
        """The schema of Debian's docker-compose (1.29.2), with what .env may leave out left out."""
        self.assertEqual(docker_compose(TEXT), (0, ""))

    def test_docker_compose_does_look(self):
        for good, bad in (("    pids_limit: 1024", "    pids_limt: 1024"), ("{file: var/compose/master_key}", "{path: x}"),
                          ("condition: service_healthy", "condition: healthy"), ("    shm_size: 256m", "    shm_size: []")):
            self.assertIn(good, TEXT)
            self.assertNotEqual(docker_compose(TEXT.replace(good, bad, 1))[0], 0, bad)

    def test_leaves_out_what_only_one_of_1_29_2_and_v2_takes(self):
        self.assertNotRegex(TEXT, r"(?m)^(name|version):")
        self.assertNotIn("container_name", TEXT)

    def test_every_container_is_confined(self):
        for name, block in BLOCKS.items():
            self.assertRegex(block, r"<<: \*(service|confined)", name)
        for word in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", 'user: "10001:10001"'):
            self.assertIn(word, TEXT)

    def test_only_the_gateway_and_the_sandbox_publish_a_port(self):
        self.assertEqual([name for name, block in BLOCKS.items() if "ports:" in block], ["gateway", "sandbox"])

    def test_only_the_connector_reaches_out(self):
        product = [name for name, block in BLOCKS.items() if "egress" in block and "profiles" not in block]
        self.assertEqual(product, ["connector"])

    def test_a_service_reads_its_own_secrets_alone(self):
        for name in SERVICES:
            for other in set(SERVICES) - {name}:
                for kind in ("secret", "password", "database_url", "owner_database_url"):
                    self.assertNotRegex(BLOCKS[name], rf"- {other}\.{kind}\b", name)
            self.assertNotIn("owner_database_url", BLOCKS[name])

    def test_only_who_seals_and_who_opens_has_the_master_key(self):
        for block in ("connector", "order-ingest"):
            self.assertIn("SAMPAN_MASTER_KEY_FILE: /run/secrets/master_key", BLOCKS[block])
        holders = {name for name, block in BLOCKS.items() if "- master_key" in block}
        self.assertEqual(holders, {"connector", "connector-migrate", "order-ingest", "order-ingest-migrate"})

    def test_every_container_has_limits_and_tells_its_health(self):
        service = TEXT.split("x-service:")[1].split("\nx-environment:")[0]
        for name, block in BLOCKS.items():
            limits = block if "<<: *confined" in block else block + service
            for word in ("mem_limit:", "pids_limit:"):
                self.assertIn(word, limits, name)
            if 'restart: "no"' not in block:  # a migration ends by itself
                self.assertIn("healthcheck:", block, name)

    def test_every_secret_used_is_declared(self):
        declared = set(re.findall(r"^  ([\w.-]+): \{file:", TEXT, re.MULTILINE))
        used = {secret for block in BLOCKS.values() for secret in re.findall(r"^      - ([\w.-]+)$", block, re.MULTILINE)}
        self.assertEqual(used - declared, set())
        self.assertEqual(declared - used, set())


if __name__ == "__main__":
    tap.run(__name__)
