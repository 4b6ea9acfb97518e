"""Lists, page by page."""

import pytest

from chalicelib.web.pagination import Page, Paging, cursor, page
from guestlist.model.errors import Invalid
from tests.functions.conftest import Api

ASKED = {"kind": "target_group", "file_name": "list.csv", "group": "Friends"}


def pages(call: Api, path: str) -> list[list[str]]:
    """Every page of a list, as ids."""
    found, cursor = [], ""
    while True:
        answer = call(f"GET {path}{cursor}").json
        found.append([item["import_id"] for item in answer["items"]])
        if answer["next"] is None:
            return found
        cursor = f"&cursor={answer['next']}"


def test_a_list_is_told_in_pages_newest_first(call: Api):
    made = [call("POST /v1/imports", ASKED).json["import_id"] for _ in range(5)]
    assert pages(call, "/v1/imports?limit=2") == [made[:2:-1], made[2:0:-1], made[:1]]


def test_a_list_that_just_fills_its_page_has_no_other(call: Api):
    call("POST /v1/imports", ASKED)
    assert call("GET /v1/imports?limit=1").json["next"] is None


def test_an_empty_list_has_no_items(call: Api):
    assert call("GET /v1/imports").json == {"items": [], "next": None}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5", ""])
def test_a_limit_is_1_to_200(call: Api, limit: str):
    answer = call(f"GET /v1/imports?limit={limit}")
    assert [fault["field"] for fault in answer.json["errors"]] == ["limit"]


@pytest.mark.parametrize("given", ["", "x", "AAAA", "é", "e30", "x" * 5000])
def test_a_cursor_that_the_list_never_gave_is_refused(call: Api, given: str):
    answer = call(f"GET /v1/imports?cursor={given}")
    assert [fault["field"] for fault in answer.json["errors"]] == ["cursor"]


@pytest.mark.behaviour(117)
def test_a_cursor_is_good_for_its_own_list_alone(call: Api):
    for _ in range(2):
        call("POST /v1/imports", ASKED)
    given = call("GET /v1/imports?limit=1").json["next"]
    assert call(f"GET /v1/imports?limit=1&kind=tickets&cursor={given}").status == 422
    assert call.as_("other-organiser")(f"GET /v1/imports?limit=1&cursor={given}").status == 422


def test_a_cursor_gives_the_place_back():
    given = cursor({"import_id": "é/+"}, "demo", "/v1/imports")
    assert page(Paging(limit=7, cursor=given), "demo", "/v1/imports") == Page(7, {"import_id": "é/+"})


def test_a_changed_cursor_is_refused():
    given = cursor({"import_id": "1"}, "demo", "/v1/imports")
    assert given is not None
    with pytest.raises(Invalid):
        page(Paging(cursor=given[:-1] + ("A" if given[-1] != "A" else "B")), "demo", "/v1/imports")
