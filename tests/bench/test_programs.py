"""The programs of the bench do what its figures are said to be about: test_programs.py --storm PROGRAM [--reader PROGRAM]."""
import hashlib
import hmac
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

import tap

SECRET, SHOP, NOTICES = "a-secret", "7490000000000000001", 300
ORDERS = 60
STEPS = ("tokenise", "parse", "normalise", "encode")


def program(name):
    """None when it was not built."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Authorization"], body))
        self.answer(503 if len(self.server.got) <= self.server.refuse else 200)

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


class Storm(unittest.TestCase):
    def setUp(self):
        self.server = Server(("127.0.0.1", 0), Hub)
        self.server.got, self.server.refuse = [], 0
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def run_storm(self, *words):
        command = [program("--storm"), str(self.server.server_address[1]), str(NOTICES), *words]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)

    def notices(self):
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write(SECRET + "\n")
            secret.flush()
            return self.run_storm("app", secret.name, SHOP)

    def test_each_request_is_another_notice_of_another_order(self):
        self.assertEqual(self.notices()["taken"], NOTICES)
        bodies = [json.loads(body) for _, _, body in self.server.got]
        self.assertEqual({path for path, _, _ in self.server.got}, {"/hooks/tiktok"})
        self.assertEqual(len({body["tts_notification_id"] for body in bodies}), NOTICES)
        self.assertEqual(len({body["data"]["order_id"] for body in bodies}), NOTICES)
        self.assertEqual({body["shop_id"] for body in bodies}, {SHOP})

    def test_each_is_signed(self):
        self.notices()
        for _, signature, body in self.server.got:
            self.assertEqual(signature, hmac.new(SECRET.encode(), b"app" + body, hashlib.sha256).hexdigest())

    def test_what_is_refused_is_not_counted_as_taken(self):
        self.server.refuse = 7
        answer = self.notices()
        self.assertEqual((answer["requests"], answer["taken"]), (NOTICES, NOTICES - 7))

    def test_asks_without_a_signature_are_answered_at_once(self):
        answer = self.run_storm()
        self.assertEqual((answer["taken"], self.server.got), (NOTICES, []))
        self.assertGreater(answer["rate"], 0)


@unittest.skipUnless(program("--reader"), "built where jsmn is installed, as ./sampan bench does")
class Reader(unittest.TestCase):
    def test_reads_every_order_of_the_shop_and_times_each_step(self):
        command = [program("--reader"), "", str(ORDERS)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
        self.assertEqual(answer["orders"], ORDERS)
        self.assertTrue(all(answer[step] > 0 for step in STEPS), answer)


if __name__ == "__main__":
    tap.run(__name__)
