"""A small S3-compatible store for tests: one bucket in memory, path addressing, and every signature worked out anew.

What it cannot do it refuses, so that a request that would only pass here fails here too."""
import datetime
import hashlib
import hmac
import http.server
import threading
import urllib.parse

NOTHING = hashlib.sha256(b"").hexdigest()
OLD = datetime.datetime(2001, 9, 9, tzinfo=datetime.timezone.utc)


class Refusal(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class Stored:
    def __init__(self, content):
        self.content = content
        self.made = datetime.datetime.now(datetime.timezone.utc)


class Store:
    """Runs between `open` and `close`; the fields below are its switches."""

    region, bucket, key_id, secret = "eu-test-1", "print-files", "AKIATEST", "a secret/with+signs="

    def __init__(self, port):
        self.port = port
        self.objects = {}  # key → Stored
        self.calls = []  # (method, key, query, Range)
        self.cut_after = None  # bytes of a PUT's body, then the connection ends
        self.hold = None  # an Event: a PUT is answered when it is set
        self.server = None

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def settings(self, folder):
        (folder / "s3_secret").write_text(self.secret + "\n")
        return {"SAMPAN_DESIGN_S3_ENDPOINT": self.endpoint, "SAMPAN_DESIGN_S3_REGION": self.region,
                "SAMPAN_DESIGN_S3_BUCKET": self.bucket, "SAMPAN_DESIGN_S3_KEY_ID": self.key_id,
                "SAMPAN_DESIGN_S3_SECRET_FILE": str(folder / "s3_secret")}

    def open(self):
        handler = type("Bound", (Handler,), {"store": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    def count(self, method):
        return sum(call[0] == method for call in self.calls)

    # ---- signatures ------------------------------------------------------------------------------------------

    def signature(self, stamp, text):
        key = ("AWS4" + self.secret).encode()
        for part in (stamp[:8], self.region, "s3", "aws4_request", text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()

    def check(self, method, path, query, headers):
        given = headers.get("Authorization", "")
        if not given.startswith("AWS4-HMAC-SHA256 "):
            raise Refusal(403, "AccessDenied", "nobody has signed this")
        parts = dict(part.strip().split("=", 1) for part in given.split(" ", 1)[1].split(","))
        key_id, day, region, *rest = parts["Credential"].split("/")
        signed, stamp = parts["SignedHeaders"].split(";"), headers.get("x-amz-date", "")
        if key_id != self.key_id:
            raise Refusal(403, "InvalidAccessKeyId", "nobody has this key")
        if region != self.region:
            raise Refusal(400, "AuthorizationHeaderMalformed", f"the region {region!r} is wrong; expecting {self.region!r}")
        must = {"host"} | {name.lower() for name in headers if name.lower().startswith("x-amz-")}
        if not must <= set(signed) or signed != sorted(signed) or rest != ["s3", "aws4_request"] or day != stamp[:8]:
            raise Refusal(403, "AccessDenied", f"signed are {signed}")
        if any(name not in headers for name in signed):
            raise Refusal(403, "AccessDenied", f"of {signed} some were not sent")
        made = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        if abs(datetime.datetime.now(datetime.timezone.utc) - made) > datetime.timedelta(minutes=15):
            raise Refusal(403, "RequestTimeTooSkewed")
        pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
        canonical = "\n".join([
            method, path, "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed), "", ";".join(signed),
            headers["x-amz-content-sha256"]])
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, f"{day}/{region}/s3/aws4_request",
                          hashlib.sha256(canonical.encode()).hexdigest()])
        if not hmac.compare_digest(self.signature(stamp, text), parts["Signature"]):
            raise Refusal(403, "SignatureDoesNotMatch", "the signature does not match the key that was given")


def quoted(text):
    return urllib.parse.quote(text, safe="~")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def log_message(self, *_):
        pass

    def parse(self):
        path, _, query = self.path.partition("?")
        self.store.check(self.command, path, query, self.headers)
        bucket, _, key = path[1:].partition("/")
        self.store.calls.append((self.command, key, query, self.headers.get("Range")))
        if bucket != self.store.bucket:
            raise Refusal(404, "NoSuchBucket", "there is no such bucket")
        return key, dict(urllib.parse.parse_qsl(query))

    def serve(self, work):
        if self.store.server is None:  # closed, but for connections that were kept
            self.close_connection = True
            return
        try:
            work(*self.parse())
        except Refusal as refusal:
            self.close_connection = True  # the rest of a body is not read
            self.say(refusal.status, f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>".encode())

    def say(self, status, content=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def handle_expect_100(self):
        """Who may not is told before the body comes."""
        try:
            path, _, query = self.path.partition("?")
            self.store.check(self.command, path, query, self.headers)
        except Refusal:
            return True  # do_PUT says it
        return super().handle_expect_100()

    def do_PUT(self):
        self.serve(self.take)

    def take(self, key, _query):
        size, digest = int(self.headers["Content-Length"]), hashlib.sha256()
        parts, left = [], size
        while left > 0:
            if self.store.cut_after is not None and size - left >= self.store.cut_after:
                self.close_connection = True
                return
            part = self.rfile.read(min(left, 64 * 1024))
            if not part:
                return
            parts.append(part)
            digest.update(part)
            left -= len(part)
        if digest.hexdigest() != self.headers["x-amz-content-sha256"]:
            raise Refusal(400, "XAmzContentSHA256Mismatch", "the content is another one")
        self.store.objects[key] = Stored(b"".join(parts))
        if self.store.hold is not None:
            self.store.hold.wait(30)
        self.say(200)

    def do_GET(self):
        self.serve(lambda key, query: self.give(key) if key else self.list(query))

    do_HEAD = do_GET

    def give(self, key):
        stored = self.store.objects.get(key)
        if stored is None:
            raise Refusal(404, "NoSuchKey")
        whole, asked = len(stored.content), self.headers.get("Range")
        if asked is None:
            self.say(200, stored.content)
            return
        first, last = asked.removeprefix("bytes=").split("-")
        begin = int(first) if first else max(0, whole - int(last))
        end = min(int(last), whole - 1) if first and last else whole - 1
        if begin > end:
            self.say(416, b"<Error><Code>InvalidRange</Code></Error>", [("Content-Range", f"bytes */{whole}")])
            return
        self.say(206, stored.content[begin:end + 1], [("Content-Range", f"bytes {begin}-{end}/{whole}")])

    def list(self, query):
        if query.get("list-type") != "2":
            raise Refusal(501, "NotImplemented")
        most, behind = int(query["max-keys"]), query.get("start-after", "")
        keys = sorted(key for key in self.store.objects if key.startswith(query.get("prefix", "")) and key > behind)
        entries = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{self.store.objects[key].made:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>&quot;x&quot;</ETag><Size>{len(self.store.objects[key].content)}</Size></Contents>" for key in keys[:most])
        cut = "true" if len(keys) > most else "false"
        self.say(200, ('<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                       f"<IsTruncated>{cut}</IsTruncated>{entries}</ListBucketResult>").encode())

    def do_DELETE(self):
        self.serve(self.drop)

    def drop(self, key, _query):
        self.store.objects.pop(key, None)
        self.say(204)
