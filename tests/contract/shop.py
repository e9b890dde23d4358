"""The real sandbox as a process, and an app that a seller let in: unsigned token calls, signed calls to the Open API.
Written from the reference alone, not from the sandbox's code: the signature here is a second opinion."""
import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import time
import urllib.parse

APP = {"APP_KEY": "contract-app", "APP_SECRET": "contract-app-secret-of-the-test", "SERVICE_ID": "7172000000000000002"}
KEPT = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
START_SECONDS = 30


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def signature(path, query, body):
    pieces = "".join(name + query[name] for name in sorted(query) if name not in ("sign", "access_token"))
    secret = APP["APP_SECRET"].encode()
    return hmac.new(secret, secret + path.encode() + pieces.encode() + body + secret, hashlib.sha256).hexdigest()


def form_data(form):
    """(content type, body) of {name: bytes}."""
    boundary = "f0" * 16
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode() + value
             for name, value in form.items()]
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join([*parts, f"--{boundary}--\r\n".encode()])


class Shop:
    """`ids` and what else cases remember for those behind them is kept in `kept`."""

    def __init__(self, program, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.kept, self.token, self.cipher = {}, "", ""
        told = {**APP, "BIND": f"127.0.0.1:{self.port}", "REDIRECT_URL": "http://127.0.0.1:1/return", **settings}
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"SAMPAN_SANDBOX_" + name: value for name, value in told.items()}
        environment["SAMPAN_LOG_LEVEL"] = "error"
        self.process = subprocess.Popen([program, "run"], env=environment)
        self.wait()

    def wait(self):
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.send("GET", "/healthz")
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def close(self):
        self.process.terminate()
        code = self.process.wait(30)
        if code != 0:
            raise AssertionError(f"the sandbox ended with {code}")

    def send(self, method, target, body=None, headers=None):
        """(status, headers, bytes)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def control(self, path, body=None, method=None):
        """The sandbox's own side: GET, or POST when there is a body."""
        method = method or ("GET" if body is None else "POST")
        status, _, text = self.send(method, f"/sandbox/{path}".rstrip("/"), None if body is None else json.dumps(body))
        if status >= 300:
            raise AssertionError(f"{method} /sandbox/{path}: {status} {text[:300]}")
        return json.loads(text)

    # What an app does ----------------------------------------------------------------------------------------------

    def consent(self):
        """The code that the seller's browser brings back."""
        form = urllib.parse.urlencode({"service_id": APP["SERVICE_ID"], "state": "s" * 32, "answer": "authorize"})
        status, headers, page = self.send("POST", "/open/authorize", form,
                                          {"Content-Type": "application/x-www-form-urlencoded"})
        if status not in (302, 303):
            raise AssertionError(f"the consent page: {status} {page[:300]}")
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))["code"]

    def token_call(self, path, **query):
        told = {"app_key": APP["APP_KEY"], "app_secret": APP["APP_SECRET"], **query}
        return json.loads(self.send("GET", f"/api/v2/token/{path}?{urllib.parse.urlencode(told)}")[2])

    def connect(self):
        given = self.token_call("get", auth_code=self.consent(), grant_type="authorized_code")
        self.token = given["data"]["access_token"]
        self.refresh_token = given["data"]["refresh_token"]
        shops = self.call("GET", "/authorization/202309/shops", cipher=False)["data"]["shops"]
        self.cipher = shops[0]["cipher"]
        self.ciphers = {one["region"]: one["cipher"] for one in shops}
        return given

    def call(self, method, path, query=None, body=None, cipher=True, form=None):
        """A signed call, for the first shop or for that of a cipher; the answer's JSON.  A form is sent as multipart/form-data, and not signed."""
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        content_type = "application/json"
        told = {**(query or {}), "app_key": APP["APP_KEY"], "timestamp": str(int(time.time()))}
        if cipher:
            told["shop_cipher"] = self.cipher if cipher is True else cipher
        told["sign"] = signature(path, told, data)
        if form:
            content_type, data = form_data(form)
        headers = {"Content-Type": content_type, "x-tts-access-token": self.token}
        target = path + "?" + urllib.parse.urlencode(told)
        return json.loads(self.send(method, target, data or None, headers)[2])
