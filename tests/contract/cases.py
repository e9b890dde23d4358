"""A case for each address of the sandbox's Open API: a call that is answered with something.

To add one, write a function in a file cases_<area>.py:

    @case("GET /fulfillment/202309/packages/{}", must="id orders[].id")
    def a_package_in_detail(shop):
        return {"path": [shop.kept["package"]]}          # and "query", "body", "form", or the "region" of another shop

The function gets the connected shop (shop.py): what it needs first it orders from the control side with
shop.control("orders", {...}), asks for with shop.call("GET", "/…", query, body)["data"], or finds in shop.kept, where
other cases have put it.  `must` names what has to be in the answer's data, non-empty: "orders[].id" wants a list with at least one
element, and an id in each.  A `keep` function may look at the answer's data to remember something.  `code` other than 0 is for
calls that have no good answer in this market.  Cases run in the order of their files' names, and in the order in which they stand.
Every answer is compared with the vendor's description (description.py); deviations.py lists what may differ, and why.
"""
import importlib
import pathlib
from dataclasses import dataclass, field
from typing import Callable

CASES = []


@dataclass
class Case:
    route: str
    name: str
    make: Callable
    must: list = field(default_factory=list)
    keep: Callable | None = None
    code: int = 0


def case(route, must="", keep=None, code=0):
    def note(make):
        CASES.append(Case(route, make.__name__, make, must.split(), keep, code))
        return make
    return note


def load():
    for path in sorted(pathlib.Path(__file__).parent.glob("cases_*.py")):
        importlib.import_module(path.stem)
    return CASES


def fill(path, values):
    """/a/{}/b and ["1"] to /a/1/b."""
    for value in values:
        path = path.replace("{}", value, 1)
    return path


def run(shop, one):
    """The whole answer of a case's call."""
    method, path = one.route.split(" ")
    call = one.make(shop) or {}
    wants_cipher = shop.routes[one.route]["cipher"] and shop.ciphers.get(call.get("region"), True)
    told = {name: call.get(name) for name in ("query", "body", "form")}
    answer = shop.call(method, fill(path, call.get("path", [])), cipher=wants_cipher, **told)
    if answer.get("code") != one.code:
        raise AssertionError(f"{one.route} ({one.name}) was answered {answer}")
    if one.keep:
        one.keep(shop, answer["data"])
    return answer
