"""An import whose workers run out of time, one after the other, from the file to the mail."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from guestlist.customers.importing import row_pass
from guestlist.purchases.importing import service as purchase_files
from tests.fakes.contexts import context
from tests.quick.api import Api
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
ROWS, BLOCK_SIZE = 60, 10
NOTIFIED = "office@demo.example"


@dataclass(frozen=True)
class File:
    """A file of a kind, and `stored`: what is stored of it, without the word that its names contain."""

    kind: str
    text: str
    stored: Callable[[], Any]


def customers(api: Api, word: str) -> File:
    """People who come into a group, one of them twice."""
    group = api("POST /v1/groups", {"name": word, "type": "manual"}).json["group_id"]
    rows = [f"p{number}.{word}@example.com,{word}" for number in range(ROWS)]

    def stored() -> Any:
        members = api("GET /v1/groups/{group_id}/members", query={"limit": "200"}, group_id=group).json["items"]
        number = api("GET /v1/groups/{group_id}", group_id=group).json["members"]
        return number, [one["email"].replace(word, "") for one in members]

    return File("customers", "\n".join(["Email,Customer groups", *rows, rows[0]]), stored)


def purchases(api: Api, word: str) -> File:
    """Orders of two lines each, and one of nothing that is sold."""
    api("PUT /v1/events/{event_id}", {"name": "Festival"}, event_id=word)
    api("PUT /v1/sale-items/{sale_item_id}", {"name": "Ticket", "event_id": word}, sale_item_id=word)
    rows = [f"{word}-{number // 2},p{number // 2}.{word}@example.com,{word},1" for number in range(2 * ROWS)]
    text = "\n".join(["Order,Email,Sale item,Quantity", *rows, f"{word}-x,x@example.com,nothing,1"])
    return File("purchases", text, lambda: api("GET /v1/events/{event_id}", event_id=word).json["sales"])


def uploaded(stack: Stack, api: Api, file: File) -> str:
    """Create an import, upload its file and return its id, before any worker has run."""
    request = {"kind": file.kind, "file_name": "list.csv", "notify": NOTIFIED}
    created = api("POST /v1/imports", request | ({"consent": True} if file.kind == "customers" else {})).json
    stack.put(created["upload"]["fields"]["key"], file.text.encode())
    return str(created["import_id"])


def worker(number: int) -> SimpleNamespace:
    """The context of that worker, whose time is short from that check of it on."""
    remaining = chain(repeat(240_000, number), repeat(0))
    own = {"aws_request_id": str(number), "get_remaining_time_in_millis": lambda: next(remaining)}
    return SimpleNamespace(**(vars(context("event")) | own))


def visible_result(api: Api, file: File, import_id: str, word: str) -> Any:
    """The import and the data it stored, as the organiser sees them."""
    done = api("GET /v1/imports/{import_id}", import_id=import_id).json
    problems = [(one["line"], one["code"], one["value"].replace(word, "")) for one in done["problems"]]
    return [done.get(name) for name in ("status", "reason", "counts", "effect")], problems, file.stored()


@pytest.mark.parametrize("made", [customers, purchases])
def test_an_import_shared_by_many_workers_ends_like_that_of_one(
    stack: Stack, api: Api, made: Callable[[Api, str], File], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_pass, "BLOCK_SIZE", BLOCK_SIZE)
    monkeypatch.setattr(purchase_files, "BLOCK_SIZE", BLOCK_SIZE)
    file = made(api, "alone")
    import_id = uploaded(stack, api, file)
    stack.run()
    expected = visible_result(api, file, import_id, "alone")
    file = made(api, "together")
    import_id = uploaded(stack, api, file)
    turns = count(1)
    while messages := stack.receive_messages():
        for message in messages:
            stack.deliver(message, worker(next(turns)))
    stack.run()
    assert next(turns) > ROWS / BLOCK_SIZE
    assert visible_result(api, file, import_id, "together") == expected
    assert sum(mail.to == [NOTIFIED] and import_id in mail.text for mail in stack.mails) == 1
