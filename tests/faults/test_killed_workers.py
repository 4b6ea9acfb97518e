"""A worker is killed while it imports, on the whole stack: the import ends all the same."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from infra.local.timers import fired
from tests.acceptance.client import FINAL_STATUSES, Api, a_name, eventually
from tests.acceptance.stacks import Stack, running_stack

ROWS = 200
TRIES = 5


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of our own, whose clock is moved."""
    with running_stack(tmp_path_factory.mktemp("killed"), "--no-samples") as stack:
        yield stack


@pytest.fixture
def organiser(stack: Stack) -> Api:
    """The API for the organiser `demo`."""
    return Api(stack.address, "demo-organiser")


@dataclass(frozen=True)
class File:
    """A file of a kind with what it needs, and `left`: what is stored of it, told without the word it is made with."""

    kind: str
    text: str
    options: dict[str, Any]
    visible_state: Callable[[], Any]


def tickets(organiser: Api, word: str) -> File:
    """More tickets than there are places, two for each buyer."""
    organiser.put(f"/v1/events/{word}", {"name": "Festival", "capacity": ROWS - 20})
    rows = [f"{word}-{number},Ann,p{number // 2}.{word}@example.com" for number in range(ROWS)]
    text = "\n".join(["Ticket code,Name,Email", *rows, rows[0]])

    def visible_state() -> Any:
        items = everything(organiser, f"/v1/events/{word}/tickets?imported=true")
        return organiser.get(f"/v1/events/{word}")["sales"], [one["code"].replace(word, "") for one in items]

    return File("tickets", text, {"event_id": word, "when_full": "stop"}, visible_state)


def customers(organiser: Api, word: str) -> File:
    """People who come into a group, one of them twice."""
    group = organiser.post("/v1/groups", {"name": word, "type": "manual"})["group_id"]
    rows = [f"p{number}.{word}@example.com,{word}" for number in range(ROWS)]
    text = "\n".join(["Email,Customer groups", *rows, rows[0]])

    def visible_state() -> Any:
        members = everything(organiser, f"/v1/groups/{group}/members")
        return organiser.get(f"/v1/groups/{group}")["members"], [one["email"].replace(word, "") for one in members]

    return File("customers", text, {"consent": True}, visible_state)


def purchases(organiser: Api, word: str) -> File:
    """Orders of two lines each, and one of nothing that is sold."""
    organiser.put(f"/v1/events/{word}", {"name": "Festival"})
    organiser.put(f"/v1/sale-items/{word}", {"name": "Ticket", "event_id": word})
    rows = [f"{word}-{number // 2},p{number // 2}.{word}@example.com,{word},1" for number in range(ROWS)]
    text = "\n".join(["Order,Email,Sale item,Quantity", *rows, f"{word}-x,x@example.com,nothing,1"])
    return File("purchases", text, {}, lambda: organiser.get(f"/v1/events/{word}")["sales"])


def target_group(organiser: Api, word: str) -> File:
    """A list of codes, one of them twice."""
    rows = [f"{word}-{number},2" for number in range(500 * ROWS)]
    text = "\n".join(["Code,Quantity", *rows, rows[0]])

    def visible_state() -> Any:
        (group,) = organiser.get(f"/v1/groups?name={word}")["items"]
        return group["members"]

    return File("target_group", text, {"group": word}, visible_state)


def everything(organiser: Api, path: str) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    with_limit = f"{path}{'&' if '?' in path else '?'}limit=200"
    page = organiser.get(with_limit)
    items = list(page["items"])
    for _ in range(ROWS):
        if page["next"] is None:
            break
        page = organiser.get(f"{with_limit}&cursor={page['next']}")
        items += page["items"]
    return items


def workers(stack: Stack) -> set[int]:
    """The processes of the function that imports files."""
    return {pid for pid in stack.processes() if "ImportFiles" in _command(pid)}


def _command(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text()
    except OSError:
        return ""


def kill_worker(stack: Stack, organiser: Api, import_id: str, by: signal.Signals) -> bool:
    """End the worker so as soon as it has begun to store; False if the import ended before."""

    def poll() -> str | None:
        status: str = organiser.get(f"/v1/imports/{import_id}")["status"]
        return status if status == "importing" or status in FINAL_STATUSES else None

    eventually(poll, max_pause=0.05)  # it does not store for long
    for pid in workers(stack):
        os.kill(pid, by)
    return bool(organiser.get(f"/v1/imports/{import_id}")["status"] == "importing")


def recover(stack: Stack, organiser: Api, import_id: str) -> dict[str, Any]:
    """Let the watchdog finish an import a day later, and return it."""
    stack.local("/clock", {"advance": {"value": 1, "unit": "days"}})
    functions = stack.aws("lambda")
    names = [one["FunctionName"] for one in functions.list_functions()["Functions"]]
    (watchdog,) = [name for name in names if "Watchdog" in name]
    looks = count()

    def poll() -> dict[str, Any] | None:
        # Whenever it runs it hands the import to one more worker, which has to start.
        if next(looks) % 20 == 0:
            answer = functions.invoke(FunctionName=watchdog, Payload=json.dumps(fired()).encode())
            assert "FunctionError" not in answer
        record: dict[str, Any] = organiser.get(f"/v1/imports/{import_id}")
        return record if record["status"] in FINAL_STATUSES else None

    return eventually(poll)


def visible_result(file: File, record: dict[str, Any], word: str) -> Any:
    """All that an organiser sees of the import, and of what it stored."""
    problems = [(one["line"], one["code"], one["value"].replace(word, "")) for one in record["problems"]]
    facts = [record.get(name) for name in ("status", "reason", "counts", "effect", "refused_file")]
    return facts, record.get("tickets"), record.get("contacts"), problems, file.visible_state()


KINDS = [tickets, customers, purchases, target_group]
ENDS = [(make_file, signal.SIGKILL) for make_file in KINDS] + [
    (make_file, signal.SIGINT) for make_file in (customers, purchases)
]
"""A process that is killed says nothing more; one that is interrupted raises an exception wherever it stands."""


@pytest.mark.behaviour(61)
@pytest.mark.parametrize(("make_file", "by"), ENDS)
def test_an_import_whose_worker_is_killed_ends_like_an_undisturbed_one(
    stack: Stack, organiser: Api, make_file: Callable[[Api, str], File], by: signal.Signals
) -> None:
    peaceful_name = a_name(make_file.__name__).replace(" ", "-")
    file = make_file(organiser, peaceful_name)
    expected = visible_result(file, organiser.import_file(file.text.encode(), file.kind, **file.options), peaceful_name)
    for _ in range(TRIES):
        disturbed_name = a_name(make_file.__name__).replace(" ", "-")
        address = f"{disturbed_name}@example.com"
        file = make_file(organiser, disturbed_name)
        import_id = organiser.start_import(file.text.encode(), file.kind, notify=address, **file.options)
        if kill_worker(stack, organiser, import_id, by):
            break
    else:
        raise AssertionError("each import ended before its worker")
    assert visible_result(file, recover(stack, organiser, import_id), disturbed_name) == expected
    assert len(organiser.wait_for_mails(address)) == 1
