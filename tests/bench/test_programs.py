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

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Authorization"], body))
        signed = self.headers["Authorization"] is not None
        self.send_response(401 if not signed else 503 if len(self.server.got) <= self.server.refuse else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

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

    def storm(self, secret, orders=NOTICES, pace=()):
        listed = "".join(f"{order} {1700000000 + order}\n" for order in range(orders))
        command = [program("--storm"), str(self.server.server_address[1]), str(NOTICES), "app", secret, SHOP, *pace]
        return json.loads(subprocess.run(command, check=True, input=listed, capture_output=True, text=True,
                                         timeout=60).stdout)

    def notices(self, orders=NOTICES, pace=()):
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write(SECRET + "\n")
            secret.flush()
            return self.storm(secret.name, orders, pace)

    def test_each_request_is_another_notice_of_another_order(self):
        self.assertEqual(self.notices()["taken"], NOTICES)
        bodies = [json.loads(body) for _, _, body in self.server.got]
        self.assertEqual({path for path, _, _ in self.server.got}, {"/hooks/tiktok"})
        self.assertEqual(len({body["tts_notification_id"] for body in bodies}), NOTICES)
        self.assertEqual({(body["data"]["order_id"], body["data"]["update_time"]) for body in bodies},
                         {(str(order), 1700000000 + order) for order in range(NOTICES)})
        self.assertEqual({body["shop_id"] for body in bodies}, {SHOP})

    def test_a_pace_sends_each_so_often_in_a_jumble_and_no_faster(self):
        answer = self.notices(pace=("600", "3"))
        self.assertEqual((answer["requests"], answer["taken"]), (3 * NOTICES, 3 * NOTICES))
        self.assertLess(answer["rate"], 610)
        numbers = [json.loads(body)["tts_notification_id"] for _, _, body in self.server.got]
        self.assertEqual({numbers.count(number) for number in numbers}, {3})
        self.assertNotEqual(numbers, sorted(numbers))
        self.assertGreater(len(set(numbers[:NOTICES])), NOTICES // 2)

    def test_a_list_that_is_too_short_is_refused(self):
        with self.assertRaises(subprocess.CalledProcessError):
            self.notices(NOTICES - 1)
        self.assertEqual(self.server.got, [])

    def test_each_is_signed(self):
        self.notices()
        for _, signature, body in self.server.got:
            self.assertEqual(signature, hmac.new(SECRET.encode(), b"app" + body, hashlib.sha256).hexdigest())

    def test_what_is_refused_is_not_counted_as_taken(self):
        self.server.refuse = 7
        answer = self.notices()
        self.assertEqual((answer["requests"], answer["taken"]), (NOTICES, NOTICES - 7))

    def test_unsigned_ones_are_the_same_but_for_the_signature(self):
        answer = self.storm("-")
        self.assertEqual((answer["taken"], answer["refused"], {signature for _, signature, _ in self.server.got}),
                         (0, NOTICES, {None}))
        unsigned = sorted(body for _, _, body in self.server.got)
        self.server.got.clear()
        self.notices()
        self.assertEqual(unsigned, sorted(body for _, _, body in self.server.got))


@unittest.skipUnless(program("--reader"), "built where jsmn is installed, as ./sampan bench does")
class Reader(unittest.TestCase):
    def test_reads_every_order_of_the_shop_and_times_each_step(self):
        command = [program("--reader"), "", str(ORDERS)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
        self.assertEqual(answer["orders"], ORDERS)
        self.assertTrue(all(answer[step] > 0 for step in STEPS), answer)


if __name__ == "__main__":
    tap.run(__name__)
