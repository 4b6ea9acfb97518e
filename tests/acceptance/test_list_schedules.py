"""Edited entries, generated codes, and scheduled lists and groups, on the whole stack."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
import requests

from guestlist.lists.code_generator import ALPHABET
from tests.acceptance.client import Api, a_name, an_id, eventually
from tests.acceptance.stacks import StackClock


@pytest.fixture
def code() -> str:
    return an_id("ACE").upper()


def a_list(organiser: Api, *codes: str) -> dict[str, Any]:
    """The import of a new list of these codes."""
    return organiser.import_file("\n".join(["Code", *codes, ""]).encode(), group=a_name("Friends"))


def reasons(checkout: Api, code: str) -> list[str]:
    """Why the code is refused; nothing where it is good."""
    refusal_reasons: list[str] = checkout.post("/v1/check", {"code": code})["code"]["reasons"]
    return refusal_reasons


def test_an_entry_is_added_changed_and_removed_at_once_and_that_is_undone(
    organiser: Api, checkout: Api, code: str
) -> None:
    path = f"/v1/groups/{a_list(organiser, an_id('OTHER'))['group_id']}"
    addition = organiser.post(f"{path}/entries", {"entries": [{"code": code, "quantity": 2}]})
    assert (addition["added"], reasons(checkout, code)) == (1, [])
    checkout.post("/v1/redemptions", {"code": code, "order_id": an_id("order")})
    change = organiser.post(f"{path}/entries/change", {"entries": [{"code": code, "quantity": 1}]})
    assert (change["changed"], reasons(checkout, code)) == (1, ["used_up"])
    removal = organiser.post(f"{path}/entries/remove", {"entries": [{"code": code}]})
    assert (removal["removed"], reasons(checkout, code)) == (1, ["unknown_code"])
    history = organiser.get(f"{path}/history")["items"]
    assert [one["what"] for one in history][:3] == ["entries_removed", "entries_changed", "entries_added"]
    for edit in (removal, change):
        organiser.post(f"/v1/imports/{edit['import_id']}/undo")
    assert checkout.post("/v1/check", {"code": code})["code"]["grants"][0]["remaining"] == 1


def test_generated_codes_have_a_check_letter_against_typing_errors(organiser: Api, checkout: Api) -> None:
    group_id = a_list(organiser, an_id("OTHER"))["group_id"]
    job = organiser.post(f"/v1/groups/{group_id}/codes", {"count": 3, "category": "Made"})
    assert organiser.wait_until_ended(job["import_id"])["counts"]["imported"] == 3
    rows = organiser.get(f"/v1/groups/{group_id}/entries?used=none")["items"]
    codes = [row["code"] for row in rows if row["category"] == "Made"]
    assert ([_check_remainder(one) for one in codes], reasons(checkout, codes[0])) == ([0, 0, 0], [])


def _check_remainder(code: str) -> int:
    """The remainder by the documented rule; 0 for a well-formed code."""
    return reduce(lambda remainder, letter: (5 * remainder + ALPHABET.index(letter)) % 23, code, 0)


def test_a_redemption_is_found_by_its_code_and_released(organiser: Api, checkout: Api, code: str) -> None:
    a_list(organiser, code)
    order_id = an_id("order")
    redemption_id = checkout.post("/v1/redemptions", {"code": code, "order_id": order_id})["redemption_id"]
    for query in (f"code={code}", f"order_id={order_id}"):
        (redemption,) = organiser.get(f"/v1/redemptions?{query}")["items"]
        assert (redemption["redemption_id"], redemption["status"], redemption["order_id"]) == (
            redemption_id,
            "redeemed",
            order_id,
        )
    organiser.post(f"/v1/redemptions/{redemption_id}/release")
    (redemption,) = organiser.get(f"/v1/redemptions?code={code}")["items"]
    assert (redemption["status"], redemption["remaining_quantity"], reasons(checkout, code)) == ("released", 0, [])


def test_a_list_becomes_current_at_its_scheduled_time_and_a_former_one_can_be_restored(
    stack_clock: StackClock, organiser: Api, checkout: Api, code: str
) -> None:
    first, group = an_id("OLD"), a_name("Friends")
    group_id = organiser.import_file(f"Code,Quantity\n{first},2\n".encode(), group=group)["group_id"]
    checkout.post("/v1/redemptions", {"code": first, "order_id": an_id("order")})
    at = datetime.now(UTC) + timedelta(hours=1)
    rows = f"Code\n{code}\n".encode()
    organiser.import_file(rows, group=group, mode="replace", publish_at=at.isoformat())
    assert (reasons(checkout, first), reasons(checkout, code)) == ([], ["unknown_code"])
    stack_clock.advance(1, "days")
    assert (reasons(checkout, first), reasons(checkout, code)) == (["unknown_code"], [])
    now, before = organiser.get(f"/v1/groups/{group_id}/versions")["items"]
    assert [(one["state"], one["added"], one["removed"]) for one in (now, before)] == [
        ("current", 1, 1),
        ("former", 1, 0),
    ]
    versions = f"/v1/groups/{group_id}/versions"
    difference = eventually(lambda: _file(organiser, f"{versions}/{now['version_id']}/diff.csv"))
    assert first in difference
    assert code in difference
    organiser.post(f"{versions}/{before['version_id']}/publish")
    assert checkout.post("/v1/check", {"code": first})["code"]["grants"][0]["remaining"] == 1
    organiser.post(f"{versions}/{now['version_id']}/publish")
    assert (reasons(checkout, first), reasons(checkout, code)) == (["unknown_code"], [])


def _file(organiser: Api, path: str) -> str | None:
    """The file to which the call redirects once a worker has made it."""
    answer = organiser.call("GET", path)
    return requests.get(answer.headers["Location"], timeout=30).text if answer.status_code == 302 else None


def test_a_group_grants_nothing_before_it_starts(
    stack_clock: StackClock, organiser: Api, checkout: Api, code: str
) -> None:
    group_id = a_list(organiser, code)["group_id"]
    starts_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert organiser.call("PATCH", f"/v1/groups/{group_id}", {"starts_at": starts_at}).status_code == 200
    assert reasons(checkout, code) == ["not_yet"]
    stack_clock.advance(1, "days")
    assert reasons(checkout, code) == []
