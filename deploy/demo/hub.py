"""Talks to the two sides of the demo: the hub's API as a signed-in person, the sandbox as its operator."""
import http.client
import json
import threading
import time
import urllib.parse
import uuid

CALL_SECONDS = 60
BUSY = {429, 502, 503, 504}  # the same call may work in a moment


class Refused(Exception):
    """The other side answered, and the answer was no."""

    def __init__(self, method, path, status, body):
        super().__init__(f"{method} {path} was answered {status}: {body[:400].decode(errors='replace')}")
        self.status = status


class Connection:
    """One address; a connection kept open for each thread that uses it."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.address = urllib.parse.urlsplit(url).netloc
        self.kept = threading.local()

    def send(self, method, path, body, headers):
        """(status, headers, body).  One more try on a new connection when the kept one had been closed."""
        for fresh in (False, True):
            if fresh or not getattr(self.kept, "connection", None):
                self.kept.connection = http.client.HTTPConnection(self.address, timeout=CALL_SECONDS)
                fresh = True
            try:
                self.kept.connection.request(method, path, body, headers)
                answer = self.kept.connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (http.client.HTTPException, ConnectionError, OSError):
                self.kept.connection.close()
                self.kept.connection = None
                if fresh:
                    raise
        raise AssertionError("two tries, then an error")

    def call(self, method, path, body=None, headers=(), patience=10):
        """The answer's body.  Answers that mean "in a moment" are waited out for `patience` seconds."""
        until = time.monotonic() + patience
        while True:
            status, _, answer = self.send(method, path, body, dict(headers))
            if status < 400:
                return answer
            if status not in BUSY or time.monotonic() > until:
                raise Refused(method, path, status, answer)
            time.sleep(0.2)


class Hub(Connection):
    """The hub's API under /api/v1."""

    cookie = ""

    def sign(self, path, body):
        """Set-up or sign-in: keeps the session's cookie."""
        status, headers, answer = self.send("POST", "/api/v1" + path, json.dumps(body), self.headers())
        if status >= 400:
            raise Refused("POST", path, status, answer)
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def headers(self, kind="application/json"):
        return {"Origin": self.url, "Cookie": self.cookie, "Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}

    def get(self, path, **query):
        query = {name: value for name, value in query.items() if value}
        path = "/api/v1" + path + ("?" + urllib.parse.urlencode(query) if query else "")
        return json.loads(self.call("GET", path, None, {"Cookie": self.cookie}))

    def post(self, path, body, method="POST"):
        answer = self.call(method, "/api/v1" + path, json.dumps(body), self.headers())
        return json.loads(answer) if answer else {}

    def import_goods(self, text, patience_s=300):
        """Takes a table of variants in, as a person would, and waits until all its lines are done."""
        answer = self.call("POST", "/api/v1/imports?name=goods.csv", text.encode(), self.headers("text/csv"))
        run, until = json.loads(answer), time.monotonic() + patience_s
        while run["state"] not in ("DONE", "REFUSED"):
            if time.monotonic() > until:
                raise RuntimeError(f"the import does not come to its end: {run}")
            time.sleep(0.2)
            run = self.get(f"/imports/{run['id']}")
        if run["problem"] or run["wrong"]:
            lines = self.get(f"/imports/{run['id']}/lines", outcome="WRONG", limit=3)
            raise RuntimeError(f"the table was not taken whole: {run['problem']} {lines['items']}")

    def every(self, path, **query):
        """All items of a list, page after page."""
        cursor = None
        while True:
            page = self.get(path, limit=200, cursor=cursor, **query)
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return


class Sandbox(Connection):
    """The control side of the local TikTok Shop."""

    def text(self, name):
        return self.call("GET", "/sandbox/" + name).decode()

    def truth(self):
        return json.loads(self.text("truth"))

    def rows(self, name):
        """NDJSON."""
        return [json.loads(line) for line in self.text(name).splitlines() if line]

    def post(self, path, body):
        return json.loads(self.call("POST", "/sandbox/" + path, json.dumps(body), {"Content-Type": "application/json"}))
