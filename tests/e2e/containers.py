"""The product in containers: up, the main job, more replicas while orders flow, down.  Needs a container engine and root.

    ./sampan setup --secrets && python3 tests/e2e/containers.py [--build]

Uses a project of its own (sampan-e2e), the ports 8080 and 8090 (both moved by PORT_SHIFT), and the secrets of var/compose.
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/demo"))
import demo  # noqa: E402

SCALED = {"inventory": 3, "placement": 2}
FLOW_ORDERS, FLOW_RATE = 1000, 25
HEALTHY_SECONDS = 120
PORT_SHIFT = int(os.environ.get("PORT_SHIFT", "0"))
GATEWAY_PORT, SANDBOX_PORT = 8080 + PORT_SHIFT, 8090 + PORT_SHIFT
GATEWAY_URL, SANDBOX_URL = f"http://127.0.0.1:{GATEWAY_PORT}", f"http://127.0.0.1:{SANDBOX_PORT}"
# Beside what .env says: where the ports are, and so where browsers go.
ENVIRONMENT = {**os.environ, "SAMPAN_HTTP_PORT": str(GATEWAY_PORT), "SANDBOX_PORT": str(SANDBOX_PORT),
               "SAMPAN_PUBLIC_URL": GATEWAY_URL, "SAMPAN_TIKTOK_CONSENT_URL": SANDBOX_URL + "/open/authorize",
               "SAMPAN_TIKTOK_CONSENT_US_URL": SANDBOX_URL + "/open/authorize"}


def compose_command():
    """Compose v2 where there is one."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    sys.exit("there is neither docker compose nor docker-compose")


class Project:
    def __init__(self):
        self.command = [*compose_command(), "-p", "sampan-e2e", "--profile", "demo"]

    def run(self, *words, quiet=True):
        done = subprocess.run([*self.command, *words], cwd=ROOT, env=ENVIRONMENT, text=True, capture_output=quiet)
        if done.returncode:
            sys.exit(f"{' '.join(words)} failed:\n{done.stdout or ''}{done.stderr or ''}")
        return done.stdout

    def containers(self, service):
        return self.run("ps", "-q", service).split()

    def healthy(self, service):
        states = [subprocess.run(["docker", "inspect", "-f", "{{.State.Health.Status}}", one], text=True,
                                 capture_output=True).stdout.strip() for one in self.containers(service)]
        return bool(states) and all(state == "healthy" for state in states), states

    def wait_healthy(self, services):
        until = time.monotonic() + HEALTHY_SECONDS
        for service in services:
            while not (result := self.healthy(service))[0]:
                if time.monotonic() > until:
                    sys.exit(f"{service} did not become healthy: {result[1]}\n{self.run('logs', '--tail', '20', service)}")
                time.sleep(0.5)


def scale_while_orders_flow(project, run):
    """Orders come at a steady rate; half-way through there are more replicas, and one is killed."""
    before = run.sandbox.truth()["orders"]
    flow = threading.Thread(target=run.sandbox.post, args=("orders", {
        "count": FLOW_ORDERS, "at_rate": FLOW_RATE, "skus_per_order": 2, "webhook": True}))
    flow.start()
    time.sleep(3)
    words = [word for service, count in SCALED.items() for word in ("--scale", f"{service}={count}")]
    project.run("up", "-d", "--no-recreate", *words)
    project.wait_healthy(SCALED)
    for service, count in SCALED.items():
        demo.say(f"{service}: {len(project.containers(service))} of {count} replicas are healthy")
    time.sleep(5)
    kill_one(project, "inventory")
    flow.join()
    run.until_at_rest(before + FLOW_ORDERS, time.monotonic())
    project.wait_healthy(SCALED)
    demo.say("the killed replica is back")


def kill_one(project, service):
    """As a crash would: `docker kill` is a person's wish, and the engine would not start that one again."""
    container = project.containers(service)[0]
    first = subprocess.run(["docker", "inspect", "-f", "{{.State.Pid}}", container], check=True, text=True,
                           capture_output=True).stdout
    os.kill(int(first), signal.SIGKILL)
    demo.say(f"killed one replica of {service} with SIGKILL")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", action="store_true", help="build the images first")
    arguments.add_argument("--keep", action="store_true", help="leave it running")
    options = arguments.parse_args()
    project = Project()
    if options.build:
        project.run("build", quiet=False)
    project.run("down", "-v", "--remove-orphans")
    try:
        good = main_job(project)
    finally:
        if not options.keep:
            project.run("down", "-v", "--remove-orphans")
            demo.say("down")
    sys.exit(0 if good else 1)


def main_job(project):
    began = time.monotonic()
    project.run("up", "-d")
    project.wait_healthy(["postgres", "sandbox", "gateway", "connector", "order-ingest", "product-mapper", "inventory",
                          "placement"])
    demo.say(f"everything is healthy {time.monotonic() - began:.0f} s after 'up'")
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "gateway.log"
        log.write_text(project.run("logs", "--no-color", "gateway"))
        run = demo.Demo(types.SimpleNamespace(gateway=GATEWAY_URL, sandbox=SANDBOX_URL, gateway_log=log,
                                              password_file=pathlib.Path(folder) / "password"))
        good = run.run()
        scale_while_orders_flow(project, run)
        again, _ = run.compare()
        run.show_report()
    return good and again


if __name__ == "__main__":
    main()
