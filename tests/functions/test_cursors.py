"""Cursors of lists: paging, signatures, and validity."""

import base64
import hmac
import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from chalicelib.api import routes
from chalicelib.web.pagination import Page, Paging, cursor, page
from guestlist.aws import secret_keys
from guestlist.aws.digests import digest
from guestlist.aws.secret_keys import signature
from guestlist.aws.table import Table
from guestlist.model.errors import Invalid
from tests.functions.conftest import Api

REQUEST = {"kind": "target_group", "file_name": "list.csv", "group": "Friends"}


def pages(call: Api, path: str) -> list[list[str]]:
    """Every page of a list, as ids."""
    id_pages, cursor = [], ""
    while True:
        answer = call(f"GET {path}{cursor}").json
        id_pages.append([item["import_id"] for item in answer["items"]])
        if answer["next"] is None:
            return id_pages
        cursor = f"&cursor={answer['next']}"


def test_a_list_is_paged_newest_first(call: Api):
    import_ids = [call("POST /v1/imports", REQUEST).json["import_id"] for _ in range(5)]
    assert pages(call, "/v1/imports?limit=2") == [import_ids[:2:-1], import_ids[2:0:-1], import_ids[:1]]


def test_a_full_last_page_has_no_next_one(call: Api):
    call("POST /v1/imports", REQUEST)
    assert call("GET /v1/imports?limit=1").json["next"] is None


def test_an_empty_list_has_no_items(call: Api):
    assert call("GET /v1/imports").json == {"items": [], "next": None}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5", ""])
def test_a_limit_is_1_to_200(call: Api, limit: str):
    answer = call(f"GET /v1/imports?limit={limit}")
    assert [fault["field"] for fault in answer.json["errors"]] == ["limit"]


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "e30", "x" * 5000])
def test_an_invalid_cursor_is_refused(call: Api, token: str):
    answer = call(f"GET /v1/imports?cursor={token}")
    assert [fault["field"] for fault in answer.json["errors"]] == ["cursor"]


@pytest.mark.behaviour(117)
def test_a_cursor_is_valid_for_its_own_list_alone(call: Api):
    for _ in range(2):
        call("POST /v1/imports", REQUEST)
    next_cursor = call("GET /v1/imports?limit=1").json["next"]
    assert call(f"GET /v1/imports?limit=1&kind=tickets&cursor={next_cursor}").status == 422
    assert call.as_("other-organiser")(f"GET /v1/imports?limit=1&cursor={next_cursor}").status == 422


PLACES: list[dict[str, Any]] = [
    {"import_id": "x"},
    {"email": "a@example.com"},
    {"email": 7},
    {"group_id": None},
    {"code": "x" * 2_000},
    {"before": ""},
    {"place": "\0"},
    {"after": []},
    {"bucket": 1, "of": 0, "behind": -1},
    {},
]
LISTS = [route.path for route in routes() if route.endpoint.listed]


def forged_cursors(path: str, real: str) -> Iterator[str]:
    """Cursors that the list never gave: of nothing, of another list, signed as anybody can, and changed somewhere."""
    chance = Random(path)  # noqa: S311 - the same cursors each time
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in PLACES:
        text = json.dumps(place, separators=(",", ":"), sort_keys=True)
        for check in (
            digest(text, "demo", path)[:8],
            "\0" * 16,
            hmac.new(b"", text.encode(), "sha256").hexdigest()[:16],
        ):
            yield base64.urlsafe_b64encode(check.encode() + text.encode()).rstrip(b"=").decode()
    for _ in range(20):
        yield "".join(chance.choices(letters, k=chance.randrange(1, 90)))
        at = chance.randrange(len(real))
        yield real[:at] + chance.choice([letter for letter in letters if letter != real[at]]) + real[at + 1 :]
        yield real[:at] + real[at + 1 :]
        yield real + chance.choice(letters)


@pytest.mark.parametrize("path", LISTS)
def test_a_forged_cursor_is_refused_by_every_list(call: Api, path: str):
    for _ in range(2):
        call("POST /v1/imports", REQUEST)
    real = call("GET /v1/imports?limit=1").json["next"]
    assert call(f"GET /v1/imports?limit=1&cursor={real}").status == 200
    list_path = re.sub("{[^}]*email}", "a@example.com", path)
    list_path = re.sub("{[^}]*}", "x", list_path)
    for forged_cursor in forged_cursors(path, real):
        answer = call(f"GET {list_path}?cursor={forged_cursor}")
        assert (answer.status, answer.code) == (422, "bad_cursor"), forged_cursor
        assert [fault["code"] for fault in answer.json["errors"]] == ["bad_cursor"], forged_cursor


def test_cursors_of_each_organiser_are_signed_with_its_own_key(api_table: Table):
    place = "/v1/imports"
    assert signature(api_table, "demo", "cursors", place) == signature(api_table, "demo", "cursors", place)
    assert signature(api_table, "demo", "cursors", place) != signature(api_table, "other", "cursors", place)


def test_a_cursor_is_valid_in_every_process(call: Api):
    for _ in range(2):
        call("POST /v1/imports", REQUEST)
    next_cursor = call("GET /v1/imports?limit=1").json["next"]
    secret_keys.secret.cache_clear()
    assert call(f"GET /v1/imports?limit=1&cursor={next_cursor}").status == 200


@pytest.mark.usefixtures("api_table")
def test_a_cursor_contains_its_position():
    text = cursor({"import_id": "é/+"}, "demo", "/v1/imports")
    assert page(Paging(limit=7, cursor=text), "demo", "/v1/imports") == Page(7, {"import_id": "é/+"})


@pytest.mark.usefixtures("api_table")
def test_a_changed_cursor_is_refused():
    text = cursor({"import_id": "1"}, "demo", "/v1/imports")
    assert text is not None
    with pytest.raises(Invalid):
        page(Paging(cursor=text[:-1] + ("A" if text[-1] != "A" else "B")), "demo", "/v1/imports")
