"""The demo's own judgement: differences between shop and hub are seen, and equal ones are not called different."""
import contextlib
import http.server
import io
import threading
import types
import unittest

import consent
import demo
import latency
import tap
import truth


def shop_order(key="1", status="AWAITING_SHIPMENT", lines=(("a", 2),)):
    return {"id": key, "status": status, "lines": [{"sku_id": sku, "units": units} for sku, units in lines]}


def hub_order(status="AWAITING_SHIPMENT", lines=(("a", 2),)):
    return {"channel_status": status, "lines": [{"sku_id": sku, "units": units} for sku, units in lines]}


class Orders(unittest.TestCase):
    def compared(self, shop, hub):
        report = truth.Report()
        truth.compare_orders(report, shop, hub)
        return report

    def test_equal_orders_are_equal(self):
        report = self.compared([shop_order()], {"1": hub_order(lines=(("a", 1), ("a", 1)))})
        self.assertTrue(report.good, report.lines)

    def test_a_lost_order_is_seen(self):
        self.assertFalse(self.compared([shop_order("1"), shop_order("2")], {"1": hub_order()}).good)

    def test_an_invented_order_is_seen(self):
        self.assertFalse(self.compared([shop_order("1")], {"1": hub_order(), "2": hub_order()}).good)

    def test_another_status_is_seen(self):
        self.assertFalse(self.compared([shop_order()], {"1": hub_order("CANCELLED")}).good)

    def test_one_unit_too_many_is_seen(self):
        self.assertFalse(self.compared([shop_order()], {"1": hub_order(lines=(("a", 3),))}).good)

    def test_a_swapped_sku_is_seen(self):
        self.assertFalse(self.compared([shop_order()], {"1": hub_order(lines=(("b", 2),))}).good)


class FakeHub:
    """Two listing SKUs: one is 2 × variant 7 and 1 × variant 8, the other is not mapped."""

    def every(self, path, **_):
        if path == "/stock":
            return [{"variant_id": "7", "available": 9}, {"variant_id": "8", "available": 6}]
        return [{"skus": [{"sku_id": "a", "parts": [{"variant_id": "7", "pieces": 2}, {"variant_id": "8", "pieces": 1}]},
                          {"sku_id": "b", "parts": []}]}]


class Stock(unittest.TestCase):
    def good(self, told):
        report = truth.Report()
        truth.compare_stock(report, FakeHub(), told, "1")
        return report.good

    def test_the_scarcest_part_decides(self):
        self.assertTrue(self.good([{"sku_id": "a", "quantity": 4, "told_at": 1}]))

    def test_the_last_word_counts(self):
        self.assertTrue(self.good([{"sku_id": "a", "quantity": 4, "told_at": 2}, {"sku_id": "a", "quantity": 5, "told_at": 1}]))
        self.assertFalse(self.good([{"sku_id": "a", "quantity": 4, "told_at": 1}, {"sku_id": "a", "quantity": 5, "told_at": 2}]))

    def test_silence_is_seen(self):
        self.assertFalse(self.good([]))

    def test_telling_of_what_is_not_mapped_is_seen(self):
        self.assertFalse(self.good([{"sku_id": "a", "quantity": 4, "told_at": 1}, {"sku_id": "b", "quantity": 0, "told_at": 1}]))


class Figures(unittest.TestCase):
    def test_percentiles_are_nearest_ranks(self):
        times = list(range(1, 101))
        self.assertEqual((latency.percentile(times, 50), latency.percentile(times, 99)), (50, 99))
        self.assertEqual(latency.percentile([3], 99), 3)

    def test_nothing_measured_is_no_number(self):
        self.assertNotEqual(latency.percentile([], 50), latency.percentile([], 50))


class Table(unittest.TestCase):
    def printed(self, times):
        run = demo.Demo(types.SimpleNamespace(gateway="http://hub", sandbox="http://shop"))
        run.figures["live"] = times
        run.sandbox = types.SimpleNamespace(truth=lambda: {"stock_pushes": 3})
        now = {"seen": 2, "recorded": 2, "unsynced": 0, "placed": 1, "dead": 0, "stages": {"UNSYNC": 0}}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            run.table(now, {}, 10.0)
        return {" ".join(line.split()) for line in out.getvalue().splitlines()}

    def test_latencies_are_named_by_where_they_begin_and_end(self):
        lines = self.printed([3, 5])
        self.assertIn("created in the shop to seen placed, p50 3.0 ms", lines)
        self.assertIn("created in the shop to seen placed, p99 5.0 ms", lines)


class Consent(unittest.TestCase):
    def test_reads_the_form_and_agrees(self):
        form = consent.Form('<form action="/yes" method="POST"><input type="hidden" name="state" value="s">'
                            '<button name="answer" value="agree">Yes</button><button name="answer" value="no">No</button></form>')
        self.assertEqual((form.action, form.method, form.fields), ("/yes", "post", {"state": "s", "answer": "agree"}))

    def test_leaves_unticked_boxes_alone(self):
        form = consent.Form('<form action="x"><input type="checkbox" name="all" value="1"></form>')
        self.assertEqual(form.fields, {})

    def test_the_session_goes_to_the_hub_alone_and_opens_the_way_back(self):
        with pages() as (hub, seen), pages(hub) as (market, seen_there):
            _, back = consent.agree(market + "/consent", hub, "sampan=mine")
            self.assertEqual(back, hub + "/#/shops/connect/c-1")
            self.assertEqual((seen, seen_there), (["sampan=mine"], [None]))
            with self.assertRaisesRegex(RuntimeError, "CONNECT_ELSEWHERE"):
                consent.agree(market + "/consent", hub, "")


@contextlib.contextmanager
def pages(hub=None):
    """A marketplace whose consent page leads to the hub; without one, the hub, which wants its cookie back."""
    cookies = []

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            cookies.append(self.headers["Cookie"])
            self.send_response(200 if hub else 302)
            if not hub:
                way = "connect/c-1" if self.headers["Cookie"] == "sampan=mine" else "?problem=CONNECT_ELSEWHERE"
                self.send_header("Location", "/#/shops/" + way)
            self.end_headers()
            if hub:
                self.wfile.write(f'<a href="{hub}/back?code=c">Yes</a>'.encode())

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", cookies
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    tap.run(__name__)
