"""The checkout clients of the documents, in each language, over a network that a test makes fail."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from tests.acceptance.client import Api, a_name, an_id
from tests.acceptance.stacks import Stack
from tests.engines.scripted import ScriptedRequest, ScriptedResponse, reply, scripted_server

ROOT = Path(__file__).parents[2]
PLAYERS = Path(__file__).parent / "snippets"
COMMANDS = {
    "py": [sys.executable],
    "mjs": [str(Path(sys.executable).parent / "node")],
    "php": [os.environ.get("PHP", "/usr/bin/php")],
}


@dataclass
class Network:
    """Passes requests on to the stack, but for the faults that are to come; a fault of `ever` stays."""

    address: str
    faults: list[str] = field(default_factory=list)
    ever: str = ""
    request_count: int = 0
    over: Event = field(default_factory=Event)

    def __call__(self, request: ScriptedRequest) -> ScriptedResponse:
        self.request_count += 1
        fault = self.faults.pop(0) if self.faults else self.ever
        if fault == "late":
            self.over.wait(60)
        if fault in {"late", "cut"}:
            return ScriptedResponse(cut=True)
        if fault == "busy":
            return reply({"message": "Too many requests"}, 429, cut=True, connection="close")
        if fault == "broken":
            return reply(b"<html>Bad gateway</html>", 502, cut=True, connection="close")
        headers = {name: text for name, text in request.headers.items() if name not in {"host", "content-length"}}
        answer = requests.post(f"{self.address}{request.path}", request.body, headers=headers, timeout=30)
        if fault == "lost":
            return ScriptedResponse(cut=True)
        return reply(answer.content, answer.status_code, cut=True, connection="close")


@dataclass(frozen=True)
class Shop:
    """A checkout that uses a snippet, and the network between it and the stack."""

    process: subprocess.Popen[str]
    network: Network

    def call(self, *words: Any) -> dict[str, Any]:
        """The client's result."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(words)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        answer: dict[str, Any] = json.loads(line)
        return answer


@pytest.fixture(params=COMMANDS)
def shop(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Shop]:
    """A checkout in each language."""
    language = request.param
    (program,) = COMMANDS[language]
    assert shutil.which(program), f"no {program} here: `make test` installs it, or PHP=… says where it is"
    network = Network(stack.address)
    with scripted_server(network) as address:
        snippet = ROOT / "docs" / "snippets" / f"checkout.{language}"
        command = [program, str(PLAYERS / f"play.{language}"), str(snippet), address]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            yield Shop(process, network)
            network.over.set()
            process.communicate(timeout=30)


@pytest.fixture(scope="module")
def items_and_code(stack: Stack) -> tuple[str, str, str]:
    """An item that all may buy, one for the holders of a code, and the code, with many uses."""
    organiser, event = Api(stack.address, "demo-organiser"), an_id("event")
    code, free_item, closed_item = an_id("code"), an_id("free"), an_id("closed")
    organiser.put(f"/v1/events/{event}", {"name": "Gala"})
    for item in (free_item, closed_item):
        organiser.put(f"/v1/sale-items/{item}", {"name": item, "event_id": event})
    record = organiser.import_file(f"Code,Quantity\n{code},100\n".encode(), group=a_name("Friends"))
    organiser.put(f"/v1/sale-items/{closed_item}/restriction", {"group_ids": [record["group_id"]]})
    return free_item, closed_item, code


def purchasable(answer: dict[str, Any]) -> list[bool]:
    return [item["purchasable"] for item in answer["items"]]


def used_and_held(organiser: Api, hold: dict[str, Any]) -> tuple[int, int]:
    (entry,) = organiser.get(f"/v1/groups/{hold['group_id']}/entries")["items"]
    return entry["used"], entry["held"]


def test_a_sale_goes_from_check_to_release(shop: Shop, organiser: Api, items_and_code: tuple[str, str, str]) -> None:
    free_item, closed_item, code = items_and_code
    assert purchasable(shop.call("check", [free_item, closed_item], {})) == [True, False]
    answer = shop.call("check", [free_item, closed_item], {"code": code})
    assert (purchasable(answer), answer["code"]["valid"]) == ([True, True], True)
    order = an_id("order")
    hold = shop.call("hold", order, {"code": code, "sale_item_id": closed_item})
    assert (hold["status"], used_and_held(organiser, hold)) == ("held", (0, 1))
    assert shop.call("confirm", hold["redemption_id"])["status"] == "redeemed"
    assert used_and_held(organiser, hold) == (1, 0)
    for _ in range(2):
        assert shop.call("release", hold["redemption_id"], order)["status"] == "released"
    assert used_and_held(organiser, hold) == (0, 0)
    assert shop.call("hold", an_id("order"), {"code": an_id("nobody")}) == {"refused": "unknown_code"}


@pytest.mark.parametrize("fault", ["late", "cut", "busy", "broken"])
def test_a_request_that_the_network_lost_is_repeated_and_redeems_once(
    shop: Shop, organiser: Api, items_and_code: tuple[str, str, str], fault: str
) -> None:
    free_item, _, code = items_and_code
    shop.network.faults = [fault]
    assert purchasable(shop.call("check", [free_item], {})) == [True]
    shop.network.faults = ["lost", "broken" if fault == "late" else fault]
    hold = shop.call("hold", an_id("order"), {"code": code})
    assert used_and_held(organiser, hold) == (0, 1)
    shop.network.faults = ["lost"]
    assert shop.call("confirm", hold["redemption_id"])["status"] == "redeemed"
    shop.network.faults = ["lost"]
    assert shop.call("release", hold["redemption_id"], an_id("refund"))["status"] == "released"
    assert used_and_held(organiser, hold) == (0, 0)


def test_without_a_response_restricted_items_are_closed_and_the_others_stay_open(
    shop: Shop, items_and_code: tuple[str, str, str]
) -> None:
    free_item, closed_item, code = items_and_code
    shop.call("check", [free_item, closed_item], {"code": code})
    shop.network.ever = "broken"
    before = shop.network.request_count
    answer = shop.call("check", [free_item, closed_item, "never-seen"], {"code": code})
    assert purchasable(answer) == [True, False, False]
    assert answer["code"] == {"valid": False, "reasons": ["unavailable"], "grants": []}
    assert shop.network.request_count - before == 2
    assert shop.call("hold", an_id("order"), {"code": code}) == {"unavailable": True}
    assert shop.network.request_count - before == 5
    shop.network.ever = ""
    assert purchasable(shop.call("check", [free_item, closed_item], {"code": code})) == [True, True]
