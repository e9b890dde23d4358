"""The real gateway on a private database, a web folder, and behind it other services or the one that echoes."""
import argparse
import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

from openapi import Description

SERVICES = ("gateway", "connector", "order-ingest", "product-mapper", "inventory", "placement")
PASSWORD = "a sunny tuesday"
KEY = {"Idempotency-Key": "k-1"}


def expect(truth, what=""):
    if not truth:
        raise AssertionError(what)


def same(found, wanted):
    expect(found == wanted, f"{found!r} is not {wanted!r}")


def says(answer, status, code):
    expect((answer.status, answer.code) == (status, code), f"{answer.status} {answer.text[:300]}")
    same(answer.headers["Content-Type"], "application/problem+json")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_until(what, truth, seconds=20):
    end = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def kept_settings():
    """What of our own environment a program gets."""
    return {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
                                                "SAMPAN_DATABASE_UNSAFE") if name in os.environ}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        return self.json.get("code")


class Rig:
    def __init__(self, programs, make_keys, echoes=True):
        self.programs, self.echoes = programs, echoes  # whether the connector is the echo service
        self.server = os.environ["SAMPAN_TEST_DATABASE_URL"]
        self.folder = tempfile.TemporaryDirectory(prefix="sampan-edge-")
        self.path = pathlib.Path(self.folder.name)
        self.processes, self.databases = {}, []
        ports = free_ports(2 * len(SERVICES) + 1)
        self.bus = dict(zip(SERVICES, ports))
        self.admin = dict(zip(SERVICES, ports[len(SERVICES):]))
        self.port = ports[-1]
        self.origin = f"http://127.0.0.1:{self.port}"
        subprocess.run(["bash", make_keys, self.path / "keys", *SERVICES], check=True)
        self.description = Description()
        self.write_web()

    def write_web(self):
        web = self.path / "web"
        (web / "assets").mkdir(parents=True)
        (web / "index.html").write_text("<!doctype html>the page")
        (web / "assets" / "app.js").write_text("the script")
        (self.path / "secret.txt").write_text("not for anybody")

    def psql(self, sql, database=None):
        address = urllib.parse.urlsplit(self.server)
        if database:
            address = address._replace(path="/" + database)
        return subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", address.geturl(), "-c", sql],
                              check=True, capture_output=True, text=True).stdout.strip()

    def sql(self, sql):
        return self.psql(sql, self.database_of("gateway"))

    @contextlib.contextmanager
    def held(self, table):
        """While this lasts nobody reads or writes the table: whoever wants to waits in the middle of its work."""
        address = urllib.parse.urlsplit(self.server)._replace(path="/" + self.database_of("gateway")).geturl()
        process = subprocess.Popen(["psql", "-qAtX", address], stdin=subprocess.PIPE, text=True)
        process.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;\n")
        process.stdin.flush()
        wait_until("the lock is held", lambda: self.sql(
            f"SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND mode = 'AccessExclusiveLock' "
            "AND granted") == "1")
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(10)

    def wait_until_somebody_waits(self):
        wait_until("somebody waits for the lock", lambda: self.sql(
            "SELECT count(*) FROM pg_locks WHERE NOT granted") != "0")

    def database_of(self, service):
        return f"edge_{service.replace('-', '_')}_{os.getpid()}"

    def addresses(self, service):
        return f"127.0.0.1:{self.bus[service]}"

    def settings(self, service):
        url = urllib.parse.urlsplit(self.server)._replace(path="/" + self.database_of(service)).geturl()
        peers = {f"SAMPAN_PEER_{name.upper().replace('-', '_')}": self.addresses(name) for name in SERVICES}
        own = self.own_settings(service)
        return {**kept_settings(), **peers, **own, "SAMPAN_DATABASE_URL": url, "SAMPAN_KEYS_DIR": str(self.path / "keys"),
                "SAMPAN_BUS_BIND": f"tcp://127.0.0.1:{self.bus[service]}", "SAMPAN_ADMIN_BIND": f"127.0.0.1:{self.admin[service]}"}

    def own_settings(self, service):
        nowhere = "http://127.0.0.1:9"
        return {
            "gateway": {"SAMPAN_HTTP_BIND": f"127.0.0.1:{self.port}", "SAMPAN_PUBLIC_URL": self.origin,
                        "SAMPAN_WEB_DIR": str(self.path / "web")},
            "order-ingest": {"SAMPAN_MASTER_KEY": "00" * 32},
            "connector": {} if self.echoes else {
                "SAMPAN_MASTER_KEY": "00" * 32,
                "SAMPAN_TIKTOK_APP_KEY": "app", "SAMPAN_TIKTOK_APP_SECRET": "s" * 32, "SAMPAN_TIKTOK_SERVICE_ID": "1",
                "SAMPAN_TIKTOK_API_URL": nowhere, "SAMPAN_TIKTOK_AUTH_URL": nowhere,
                "SAMPAN_TIKTOK_CONSENT_URL": nowhere, "SAMPAN_TIKTOK_CONSENT_US_URL": nowhere},
        }.get(service, {})

    def make_database(self, service):
        name = self.database_of(service)
        self.psql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
        self.databases.append(name)

    def migrate(self, service):
        settings = self.settings(service)
        settings["SAMPAN_OWNER_DATABASE_URL"] = settings["SAMPAN_DATABASE_URL"]
        subprocess.run([self.programs[service], "migrate"], env=settings, check=True, stdout=subprocess.DEVNULL)

    def launch(self, service):
        with open(self.path / f"{service}.out", "a") as out, open(self.path / f"{service}.err", "a") as err:
            self.processes[service] = subprocess.Popen([self.programs[service], "run"], env=self.settings(service),
                                                       stdout=out, stderr=err)

    def start(self, service):
        self.launch(service)
        wait_until(f"{service} is ready", lambda: self.is_ready(service))

    def begin(self):
        for service in self.programs:
            self.make_database(service)
            self.migrate(service)
            self.start(service)

    def is_ready(self, service):
        return self.readiness(service)[0] == 200

    def readiness(self, service):
        """The status of /readyz and its text; 0 while nobody answers."""
        if self.processes[service].poll() is not None:
            raise AssertionError(f"{service} ended: " + (self.path / f"{service}.err").read_text()[-2000:])
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.admin[service], timeout=5)
            connection.request("GET", "/readyz")
            answer = Answer(connection.getresponse())
            return answer.status, answer.text
        except OSError:
            return 0, ""

    def stop(self, service, how=signal.SIGTERM):
        process = self.processes.pop(service)
        process.send_signal(how)
        return process.wait(30)

    def close(self):
        for service in list(self.processes):
            self.stop(service, signal.SIGKILL)
        for database in self.databases:
            self.psql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        self.folder.cleanup()

    # ---- requests ----------------------------------------------------------------------------------------

    def ask(self, method, path, body=None, headers=None, cookie=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        all_headers = dict(headers or {})
        if cookie:
            all_headers["Cookie"] = f"sampan={cookie}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            all_headers.setdefault("Content-Type", "application/json")
        connection.request(method, path, body=body, headers=all_headers)
        answer = Answer(connection.getresponse())
        connection.close()
        self.check(method, path, answer)
        return answer

    def check(self, method, path, answer):
        """Every JSON answer is as the API's description says; but for those of the echo service."""
        operation = self.description.operation(method, path) if path.startswith("/api/") else None
        echoed = operation and "x-service" in operation and self.echoes and answer.status < 400
        is_file = "Content-Disposition" in answer.headers
        if operation is None or echoed or is_file or not answer.text:
            return
        schema = self.description.schema(operation, answer.status)
        wrong = ["no JSON is described"] if schema is None else self.description.problems(answer.json, schema)
        expect(not wrong, f"{method} {path} {answer.status}: {wrong[:5]}")

    def setup_token(self):
        return (self.path / "gateway.out").read_text().rsplit("token=", 1)[1].strip()

    def account(self):
        return {"name": "Cửa hàng", "time_zone": "Asia/Ho_Chi_Minh", "currency": "VND", "language": "vi"}

    def set_up(self, **other):
        body = {"token": self.setup_token(), "login": "owner@shop.vn", "password": PASSWORD,
                "account": self.account(), **other}
        return self.ask("POST", "/api/v1/setup", body)

    def sign_in(self, login="owner@shop.vn", password=PASSWORD):
        return self.ask("POST", "/api/v1/session", {"login": login, "password": password})


def cookie_of(answer):
    return answer.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]


def last_words(folder):
    """What the programs had to say beside their daily business."""
    for path in sorted(folder.glob("*.err")):
        lines = [line for line in path.read_text(errors="replace").splitlines() if '"level":"info"' not in line]
        yield from (f"{path.stem}: {line}" for line in lines[-15:])


def run_all(rig, tests):
    """TAP lines and the number of failures; later tests build on what earlier ones made."""
    rig.begin()
    wait_until("a set-up link", lambda: "token=" in (rig.path / "gateway.out").read_text())
    lines, failed, state = [], 0, {}
    for number, test in enumerate(tests, 1):
        try:
            test(rig, state)
            lines.append(f"ok {number} - {test.__name__}")
        except Exception:
            failed += 1
            lines.append(f"not ok {number} - {test.__name__}")
            lines += ["# " + line for line in traceback.format_exc().splitlines()[-4:]]
    if failed:
        lines += ["# " + line for line in last_words(rig.path)]
    return [f"1..{len(tests)}"] + lines, failed


def run(tests, make_rig=Rig):
    parser = argparse.ArgumentParser()
    for name in ("--services", "--programs", "--keys"):
        parser.add_argument(name, required=True)
    parser.add_argument("--echoes", action="store_true")
    parser.add_argument("--tap", type=pathlib.Path)
    options = parser.parse_args()
    programs = dict(zip(options.services.split(","), options.programs.split(",")))
    rig = make_rig(programs, options.keys, options.echoes)
    try:
        lines, failed = run_all(rig, tests)
    finally:
        rig.close()
    text = "\n".join(lines) + "\n"
    if options.tap:
        options.tap.parent.mkdir(parents=True, exist_ok=True)
        options.tap.write_text(text, encoding="utf-8")
    print(text, end="")
    sys.exit(1 if failed else 0)
