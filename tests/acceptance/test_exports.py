"""Each type of group as a file, and the same file imported again, on the whole stack."""

import csv
from io import StringIO
from typing import Any

import pytest
import requests

from tests.acceptance.client import Api, a_name, eventually

# As they stand in the first file; codes, categories and seats alike.
TRICKY = ("=1+1", "+31 6", "-7", "@home", " @spaced", '="\'=quoted"', "o'neil", "0012", "a,b", 'say "x"', "ß é;|")


def export(organiser: Api, group_id: str) -> bytes:
    """Export a group and return the file."""

    def poll() -> bytes | None:
        answer = organiser.call("GET", f"/v1/groups/{group_id}/export.csv")
        if answer.status_code == 202:
            assert int(answer.headers["Retry-After"]) > 0
            return None
        assert answer.status_code == 302, answer.text
        file = requests.get(answer.headers["Location"], timeout=60)
        assert file.status_code == 200, file.text
        return file.content

    return eventually(poll)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def entries(organiser: Api, group_id: str) -> list[tuple[Any, ...]]:
    """All rows of a target group, in an order of their own."""
    rows_read, cursor = [], ""
    while cursor is not None:
        page = organiser.get(f"/v1/groups/{group_id}/entries?limit=200{cursor}")
        rows_read += [
            (one["code"], one["email"], one["category"], one["seat"], one["quantity"]) for one in page["items"]
        ]
        cursor = page["next"] and f"&cursor={page['next']}"
    return sorted(rows_read, key=str)


def members(organiser: Api, group_id: str) -> list[tuple[str, str, str]]:
    items = organiser.get(f"/v1/groups/{group_id}/members")["items"]
    return [(one["email"], one["name"], one["removal_date"]) for one in items]


def test_an_exported_list_is_imported_again_as_it_was(organiser: Api) -> None:
    content = StringIO(newline="")
    csv.writer(content).writerows(
        [("Code", "Email", "Category", "Seat", "Quantity")]
        + [(cell, "", cell, cell, 1 + at) for at, cell in enumerate(TRICKY)]
        + [("", "=ann@example.com", "", "", 2), ("P-1", "+bo@example.com", "VIP", "", 1)]
    )
    first = organiser.import_file(content.getvalue().encode(), group=a_name("Tricky"), consent=True)
    assert (first["status"], first["counts"]["imported"]) == ("complete", len(TRICKY) + 2), first["problems"]
    data = export(organiser, first["group_id"])
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows(data) for cell in row.values())
    second = organiser.import_file(data, group=a_name("Tricky"), consent=True)
    assert (second["status"], second["problems"]) == ("complete", [])
    assert entries(organiser, second["group_id"]) == entries(organiser, first["group_id"])
    assert export(organiser, second["group_id"]) == data


@pytest.mark.behaviour(216)
def test_a_list_too_large_for_one_answer_is_exported_whole(organiser: Api) -> None:
    codes = [f"C-{number:05d}" for number in range(5_000)]
    record = organiser.import_file("\n".join(["Code", *codes]).encode(), group=a_name("Many"))
    response = organiser.call("GET", f"/v1/groups/{record['group_id']}/export.csv")
    assert response.status_code == 202
    assert sorted(row["Code"] for row in rows(export(organiser, record["group_id"]))) == codes


@pytest.mark.behaviour(215, 216)
def test_an_exported_manual_group_is_imported_again_as_it_was(organiser: Api) -> None:
    name, other = f"={a_name('Members')}", a_name('Press; "all"')
    group_id = organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"]
    other_id = organiser.post("/v1/groups", {"name": other, "type": "manual"})["group_id"]
    word = a_name("p").replace(" ", "-")
    people = [
        {"email": f"={word}@example.com", "name": "=Ann"},
        {"email": f"a{word}@example.com", "name": "@Bo", "removal_date": "2099-12-31"},
        {"email": f"b{word}@example.com"},
    ]
    organiser.post(f"/v1/groups/{group_id}/members", {"customers": people})
    organiser.post(f"/v1/groups/{other_id}/members", {"customers": people[:1]})
    before, data = (members(organiser, group_id), members(organiser, other_id)), export(organiser, group_id)
    for one in (group_id, other_id):
        organiser.post(f"/v1/groups/{one}/members/remove", {"emails": [person["email"] for person in people]})
    record = organiser.import_file(data, "customers", consent=True)
    assert (record["status"], record["problems"]) == ("complete", [])
    assert (members(organiser, group_id), members(organiser, other_id)) == before
    second = organiser.import_file(data, "customers", consent=True)
    assert (second["effect"]["memberships_added"], second["effect"]["memberships_lost"]) == (0, 0)


@pytest.mark.behaviour(215)
def test_an_exported_automatic_group_is_imported_and_changes_nothing(organiser: Api) -> None:
    word = a_name("x").replace(" ", "-")
    organiser.put(f"/v1/events/{word}", {"name": "Gala"})
    organiser.put(f"/v1/sale-items/{word}", {"name": "Early", "event_id": word})
    email = f"{word}@example.com"
    order = {"customer": {"email": email}, "lines": [{"sale_item_id": word, "quantity": 1}]}
    organiser.post("/v1/purchases", {"order_id": word, **order})
    rules = {"operator": "any", "rules": [{"type": "event", "id": word, "minimum": 1}]}
    request = {"name": a_name("Fans"), "type": "automatic", "rules": rules, "lifetime": {"value": 2, "unit": "weeks"}}
    group_id = organiser.post("/v1/groups", request)["group_id"]
    organiser.post(f"/v1/groups/{group_id}/resync")
    eventually(lambda: members(organiser, group_id) or None)
    data, before = export(organiser, group_id), members(organiser, group_id)
    assert [(row["Email"], row["Source"]) for row in rows(data)] == [(email, "rule")]
    assert rows(data)[0]["Stays until"]
    record = organiser.import_file(data, "customers", consent=True)
    assert (record["status"], record["problems"]) == ("complete", [])
    assert (record["effect"]["memberships_added"], record["effect"]["memberships_lost"]) == (0, 0)
    assert members(organiser, group_id) == before


def test_the_url_of_an_export_is_valid_for_its_own_object_alone(organiser: Api, other: Api) -> None:
    record = organiser.import_file(b"Code\nMINE\n", group=a_name("Mine"))
    path = f"/v1/groups/{record['group_id']}/export.csv"
    assert other.call("GET", path).status_code == 404
    link = organiser.call("GET", path).headers["Location"]
    for forged_link in (link.replace("exports/demo/", "exports/other/"), link.partition("?")[0]):
        assert requests.get(forged_link, timeout=30).status_code in {403, 404}
