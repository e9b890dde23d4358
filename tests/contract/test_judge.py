"""The judge of the contract tests finds what is wrong: each kind of finding, in answers and in calls.  Covers: description.py"""
import unittest

import description
import tap

SEARCH = ("POST", "/order/202309/orders/search")
UPDATE = ("POST", "/product/202309/products/{}/inventory/update")


def answer(**order):
    good = {"id": "576460000000000001", "status": "UNPAID", "payment": {"total_amount": "12.90"}}
    return {"code": 0, "message": "Success", "request_id": "r", "data": {"orders": [{**good, **order}]}}


def judge(given, must=()):
    return [finding[:2] for finding in description.check_answer(description.operation(*SEARCH), given, must)]


def judge_call(query, body, call=SEARCH):
    return [finding[:2] for finding in description.check_call(description.operation(*call), query, body)]


class Judge(unittest.TestCase):
    def test_good_answers_have_no_findings(self):
        self.assertEqual(judge(answer(), ["orders[].id"]), [])
        self.assertEqual(judge(answer(status="", paid_time=None)), [])

    def test_unknown_names_are_found(self):
        self.assertEqual(judge(answer(colour="blue")), [("data.orders[].colour", "unknown")])
        self.assertEqual(judge({**answer(), "extra": 1}), [("extra", "unknown")])

    def test_wrong_types_are_found(self):
        self.assertEqual(judge(answer(create_time="12")), [("data.orders[].create_time", "type")])
        self.assertEqual(judge(answer(create_time=True)), [("data.orders[].create_time", "type")])
        self.assertEqual(judge(answer(is_cod=0)), [("data.orders[].is_cod", "type")])
        self.assertEqual(judge(answer(line_items={})), [("data.orders[].line_items", "type")])
        self.assertEqual(judge(answer(id=576460000000000001)), [("data.orders[].id", "type")])

    def test_values_outside_the_list_are_found(self):
        self.assertEqual(judge(answer(status="PAID")), [("data.orders[].status", "enum")])

    def test_ids_and_amounts_are_looked_at(self):
        self.assertEqual(judge(answer(id="none")), [("data.orders[].id", "id")])
        self.assertEqual(judge(answer(payment={"total_amount": "12,90"})), [("data.orders[].payment.total_amount", "money")])

    def test_what_must_be_there_is_missed(self):
        self.assertEqual(judge(answer(), ["orders[].line_items[].id"]), [("data.orders[].line_items[].id", "missing")])
        self.assertEqual(judge(answer(line_items=[]), ["orders[].line_items[].id"]),
                         [("data.orders[].line_items[].id", "missing")])
        nameless = answer()
        del nameless["request_id"]
        self.assertEqual(judge(nameless), [("request_id", "missing")])

    def test_calls_are_judged_too(self):
        self.assertEqual(judge_call({"page_size": "20", "sign": "x"}, {"order_status": "UNPAID"}), [])
        self.assertEqual(judge_call({}, None), [("query.page_size", "missing")])
        self.assertEqual(judge_call({"page_size": "x", "page": "1"}, None), [("query.page_size", "type"),
                                                                           ("query.page", "unknown")])
        self.assertEqual(judge_call({"page_size": "1"}, {"status": "UNPAID"}), [("body.status", "unknown")])
        self.assertEqual(judge_call({"page_size": "1"}, {"order_status": 100}), [("body.order_status", "type")])
        body = {"skus": [{"id": "1729000000000000101", "inventory": [{"warehouse_id": "7068000000000000001", "quantity": "1"}]}]}
        self.assertEqual(judge_call({}, body, UPDATE), [("body.skus[].inventory[].quantity", "type")])

    def test_lists_of_values_are_read_out_of_prose(self):
        described = description.answer_schema(description.operation(*SEARCH))
        order = described["properties"]["data"]["properties"]["orders"]["items"]["properties"]
        self.assertEqual(description.values_of(order["shipping_type"]), {"TIKTOK", "SELLER"})
        self.assertEqual(len(description.values_of(order["status"])), 9)
        self.assertEqual(description.values_of(order["buyer_message"]), set())


if __name__ == "__main__":
    tap.run("__main__")
