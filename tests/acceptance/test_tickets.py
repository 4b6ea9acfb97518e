"""Tickets sold elsewhere, from the organiser's file to the entrance, on the whole stack."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.acceptance.client import Api, a_name, an_id

SAMPLES = Path(__file__).parents[2] / "samplecsv"


def an_event(organiser: Api, **facts: Any) -> str:
    """The id of a new event."""
    event = an_id("event")
    organiser.put(f"/v1/events/{event}", {"name": "Festival", **facts})
    return event


def tickets(organiser: Api, text: str, event: str, when_full: str = "stop", **options: Any) -> dict[str, Any]:
    """The import of a ticket file once it has ended."""
    return organiser.import_file(text.encode(), "tickets", event_id=event, when_full=when_full, **options)


def scan(door: Api, event: str, code: str, **more: Any) -> str:
    """Scan a code and return the result."""
    return str(door.post("/v1/scans", {"event_id": event, "code": code, **more})["result"])


def codes(organiser: Api, path: str) -> list[str]:
    """The codes of a list of tickets, as the list has them."""
    return [ticket["code"] for ticket in organiser.get(path)["items"]]


def rows(*codes: str) -> str:
    """A file of nothing but codes."""
    return "".join(f"{row}\n" for row in ("Ticket code", *codes))


@pytest.mark.behaviour(63, 79, 90, 91, 92, 97, 99)
def test_an_imported_ticket_is_accepted_exactly_once_at_its_own_event(organiser: Api, checkout: Api) -> None:
    event, elsewhere, code = an_event(organiser), an_event(organiser), an_id("T")
    record = tickets(organiser, rows(code), event)
    assert (record["status"], record["tickets"]["imported"], record["tickets"]["total"]) == ("complete", 1, 1)
    assert scan(checkout, event, code, dry_run=True) == "accepted"
    assert scan(checkout, elsewhere, code) == "other_event"
    assert scan(checkout, event, f"{code}x") == "unknown"
    assert [scan(checkout, event, code) for _ in range(2)] == ["accepted", "already_scanned"]
    assert organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"][0]["imported"]
    assert codes(organiser, f"/v1/imports/{record['import_id']}/tickets") == [code]


def test_of_many_concurrent_scans_one_admits_the_ticket(organiser: Api, checkout: Api) -> None:
    event, code = an_event(organiser), an_id("T")
    tickets(organiser, rows(code), event)
    with ThreadPoolExecutor(16) as doors:
        results = list(doors.map(lambda _: scan(checkout, event, code), range(16)))
    assert sorted(results) == ["accepted"] + ["already_scanned"] * 15


def test_an_offline_device_scans_with_a_snapshot_and_sends_its_scans_later(organiser: Api) -> None:
    event, code, door = an_event(organiser), an_id("T"), Api(organiser.address, "demo-door")
    tickets(organiser, rows(code), event)
    response = door.call("GET", f"/v1/events/{event}/snapshot")
    key = bytes.fromhex(response.headers["Snapshot-Key"])
    file = requests.get(response.headers["Location"], timeout=30).text.splitlines()
    assert file[1] == hmac.digest(key, code.encode(), "sha256")[:16].hex()
    assert json.loads(file[0])["key_id"] in [one["kid"] for one in door.get("/v1/keys")["keys"]]
    second = door.call("GET", f"/v1/events/{event}/snapshot", **{"If-None-Match": response.headers["ETag"]})
    assert second.status_code == 304
    now = datetime.now(UTC).isoformat()
    scans = [{"event_id": event, "code": code, "scanned_at": now, "device": name} for name in ("west", "east")]
    results = door.post("/v1/scans/batch", {"scans": scans})["results"]
    assert [one["result"] for one in results] == ["already_scanned", "accepted"]
    (conflict,) = organiser.get(f"/v1/events/{event}/scan-conflicts")["items"]
    assert conflict["scanned_by"] == "west"


@pytest.mark.behaviour(64)
def test_tickets_of_several_imports_are_scanned_at_one_event(organiser: Api, checkout: Api) -> None:
    event, first, second = an_event(organiser), an_id("hall"), an_id("box")
    for code in (first, second):
        tickets(organiser, rows(code), event)
    assert [scan(checkout, event, code) for code in (first, second)] == ["accepted", "accepted"]
    assert organiser.get(f"/v1/events/{event}")["sales"]["imported"] == 2


@pytest.mark.behaviour(65)
def test_an_event_that_does_not_exist_fails_the_file(organiser: Api) -> None:
    record = tickets(organiser, rows("T"), an_id("nowhere"))
    assert (record["status"], record["reason"]) == ("failed", "unknown_event")


@pytest.mark.behaviour(66)
@pytest.mark.parametrize("lacking", ["event_id", "when_full"])
def test_the_event_and_what_to_do_when_it_is_full_must_be_chosen(organiser: Api, lacking: str) -> None:
    request = {"kind": "tickets", "file_name": "t.csv", "event_id": "e", "when_full": "stop"}
    answer = organiser.call("POST", "/v1/imports", {name: value for name, value in request.items() if name != lacking})
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (422, [lacking])


@pytest.mark.behaviour(68, 69)
def test_with_n_places_left_exactly_the_first_n_good_rows_are_imported(organiser: Api) -> None:
    event, word = an_event(organiser, capacity=3), an_id("T")
    organiser.post(f"/v1/events/{event}/tickets", {"code": f"{word}-sold", "when_full": "stop"})
    text = rows(f"{word}-1", f"{word}-1", f"{word}-2", f"{word}-3", f"{word}-4")
    record = tickets(organiser, text, event)
    assert record["status"] == "partial"
    assert record["tickets"] == {"total": 5, "imported": 2, "duplicate": 1, "invalid": 0, "no_capacity": 2}
    problems = [(problem["line"], problem["code"]) for problem in record["problems"]]
    assert problems == [(3, "duplicate_in_file"), (5, "no_capacity"), (6, "no_capacity")]
    assert codes(organiser, f"/v1/imports/{record['import_id']}/tickets") == [f"{word}-2", f"{word}-1"]
    assert organiser.get(f"/v1/events/{event}")["sales"] == {"capacity": 3, "sold": 3, "imported": 3}


def test_tickets_added_during_an_import_share_the_capacity_with_it(organiser: Api) -> None:
    event, word = an_event(organiser, capacity=40), an_id("T")
    import_id = organiser.start_import(rows(*(f"{word}-{n}" for n in range(60))).encode(), "tickets", **_stop(event))
    with ThreadPoolExecutor(4) as tills:
        statuses = list(tills.map(lambda n: _add_ticket(organiser, event, f"{word}-live-{n}"), range(20)))
    record = organiser.wait_until_ended(import_id)
    assert statuses.count(201) + record["tickets"]["imported"] == 40
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 40


def _stop(event: str) -> dict[str, str]:
    return {"event_id": event, "when_full": "stop"}


def _add_ticket(organiser: Api, event: str, code: str, when_full: str = "stop") -> int:
    body = {"code": code, "when_full": when_full}
    return organiser.call("POST", f"/v1/events/{event}/tickets", body).status_code


@pytest.mark.behaviour(67, 70, 80)
def test_an_import_past_the_capacity_shows_in_the_sales(organiser: Api) -> None:
    event, word = an_event(organiser, capacity=1), an_id("T")
    record = tickets(organiser, rows(f"{word}-1", f"{word}-2"), event, "continue")
    assert (record["status"], record["tickets"]["imported"]) == ("complete", 2)
    assert organiser.get(f"/v1/events/{event}")["sales"] == {"capacity": 1, "sold": 2, "imported": 2}


@pytest.mark.behaviour(81, 82, 83)
def test_a_duplicate_names_its_first_line_or_the_import_that_has_the_code(organiser: Api) -> None:
    event, other, code, new = an_event(organiser), an_event(organiser), an_id("T"), an_id("N")
    first = tickets(organiser, rows(code), event)
    record = tickets(organiser, rows(code, new, new), other)
    in_store, in_file = record["problems"]
    assert (in_store["line"], in_store["code"], in_file["line"], in_file["code"]) == (
        *(2, "duplicate_existing"),
        *(4, "duplicate_in_file"),
    )
    assert event in in_store["detail"]
    assert first["import_id"] in in_store["detail"]
    assert "line 3" in in_file["detail"]
    assert codes(organiser, f"/v1/events/{other}/tickets") == [new]


@pytest.mark.behaviour(84)
def test_another_organiser_may_have_the_same_code(
    organiser: Api, checkout: Api, other: Api, other_checkout: Api
) -> None:
    code, mine, theirs = an_id("T"), an_event(organiser), an_event(other)
    assert [tickets(api, rows(code), event)["status"] for api, event in ((organiser, mine), (other, theirs))] == [
        "complete",
        "complete",
    ]
    assert [scan(checkout, mine, code), scan(other_checkout, theirs, code)] == ["accepted", "accepted"]


@pytest.mark.behaviour(71, 73, 74, 75, 76, 98, 100)
def test_buyers_become_customers_once_and_are_never_overwritten(organiser: Api) -> None:
    event, word = an_event(organiser), an_id("T")
    ann, bob = f"Ann.{word}@example.com", f"Bob.{word}@example.com"
    tickets(organiser, f"Ticket code,Name,Email\n{word}-0,Ann First,{ann}\n", event)
    text = (
        "Ticket code,Name,Email\n"
        f"{word}-1,Ann Other,{ann.upper()}\n{word}-2,Bob {word},{bob}\n{word}-3,Bobby,{bob}\n{word}-4,Nobody,\n"
    )
    record = tickets(organiser, text, event)
    assert (record["status"], record["contacts"]) == (
        "complete",
        {"total": 2, "imported": 1, "existed": 1, "no_email": 1},
    )
    contacts = organiser.get(f"/v1/imports/{record['import_id']}/contacts")["items"]
    assert {(one["email"].casefold(), one["created"]) for one in contacts} == {
        (ann.casefold(), False),
        (bob.casefold(), True),
    }
    search_results = [organiser.get(f"/v1/customers?q={email}")["items"] for email in (ann, bob)]
    assert [[one["name"] for one in people] for people in search_results] == [["Ann First"], [f"Bob {word}"]]
    assert search_results[1][0]["email"] == bob


@pytest.mark.behaviour(77, 78)
def test_a_buyers_tickets_of_an_import_are_one_order_that_rules_count(organiser: Api) -> None:
    event, word = an_event(organiser), an_id("T")
    ann = f"ann.{word}@example.com"
    text = f"Ticket code,Name,Email,Original date\n{word}-1,Ann,{ann},\n{word}-2,Ann,{ann},\n{word}-3,,,2025-05-14\n"
    record = tickets(organiser, text, event)
    items = organiser.get(f"/v1/imports/{record['import_id']}/tickets")["items"]
    assert [one["order_id"] for one in items[1:]] == [items[1]["order_id"]] * 2
    assert items[0]["order_id"] != items[1]["order_id"]
    assert [one["imported_at"] for one in items] == [record["created_at"]] * 3
    assert items[0]["original_at"].startswith("2025-05-1")
    rules = {"operator": "any", "rules": [{"type": "event", "id": event, "minimum": 2}]}
    assert organiser.post("/v1/rules/preview", {"rules": rules})["sample"] == [ann.lower()]


@pytest.mark.behaviour(87, 88, 89, 93, 95)
def test_a_ticket_added_alone_is_listed_with_imported_ones_but_is_no_import(organiser: Api) -> None:
    event, word = an_event(organiser, capacity=2), an_id("T")
    record = tickets(organiser, rows(f"{word}-file"), event)
    assert [_add_ticket(organiser, event, f"{word}-{n}") for n in (1, 1, 2)] == [201, 409, 409]
    assert _add_ticket(organiser, event, f"{word}-3", "continue") == 201
    items = organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]
    assert {one["code"]: one["import_id"] for one in items} == {
        f"{word}-file": record["import_id"],
        f"{word}-1": None,
        f"{word}-3": None,
    }
    assert [one["import_id"] for one in organiser.get("/v1/imports?kind=tickets&limit=1")["items"]] == [
        record["import_id"]
    ]


@pytest.mark.behaviour(94, 96, 99)
def test_previous_imports_are_listed_newest_first_with_status_and_counts(organiser: Api) -> None:
    event, word = an_event(organiser), an_id("T")
    good = tickets(organiser, rows(f"{word}-1"), event)
    bad = tickets(organiser, rows(f"{word}-1", f"{word}-2"), event)
    items = organiser.get("/v1/imports?kind=tickets&limit=2")["items"]
    assert [(one["import_id"], one["status"]) for one in items] == [
        (bad["import_id"], "partial"),
        (good["import_id"], "complete"),
    ]
    assert items[0]["counts"] == {"total": 2, "imported": 1, "refused": 1}
    assert (items[0]["file_name"], items[0]["tickets"]["duplicate"]) == ("list.csv", 1)


BARCODES = [
    pytest.param("{} 7", "{} 7", id="a space inside", marks=pytest.mark.behaviour(101, 105)),
    pytest.param("{} ", "{} ", id="a space at the end", marks=pytest.mark.behaviour(102, 105)),
    pytest.param(" {}", " {}", id="a space before", marks=pytest.mark.behaviour(104, 105)),
    pytest.param("+{}", "+{}", id="plus", marks=pytest.mark.behaviour(106)),
    pytest.param("-{}", "-{}", id="minus", marks=pytest.mark.behaviour(107)),
    pytest.param("={}", "={}", id="equals", marks=pytest.mark.behaviour(108)),
    pytest.param("'={}", "={}", id="an apostrophe of Excel's", marks=pytest.mark.behaviour(109)),
    pytest.param("'{}", "'{}", id="an apostrophe of its own", marks=pytest.mark.behaviour(110)),
    pytest.param("o'{}", "o'{}", id="an apostrophe inside", marks=pytest.mark.behaviour(110)),
    pytest.param("*{}*", "*{}*", id="stars", marks=pytest.mark.behaviour(85)),
    pytest.param("00{}", "00{}", id="zeros before"),
    pytest.param("É{}ß", "É{}ß", id="other letters"),
]


@pytest.mark.behaviour(111)
@pytest.mark.parametrize(("file_code", "stored_code"), BARCODES)
def test_a_barcode_scans_exactly_as_written_in_the_file(
    organiser: Api, checkout: Api, file_code: str, stored_code: str
) -> None:
    event, word = an_event(organiser), an_id("T")
    file_code, stored_code = file_code.format(word), stored_code.format(word)
    record = tickets(organiser, rows(file_code), event)
    assert codes(organiser, f"/v1/imports/{record['import_id']}/tickets") == [stored_code]
    strangers = {
        stored_code.strip(),
        f"'{stored_code}",
        f"{stored_code} ",
        stored_code.strip("*"),
        stored_code.lower(),
    } - {stored_code}
    assert {scan(checkout, event, code) for code in strangers} == {"unknown"}
    assert scan(checkout, event, stored_code) == "accepted"


@pytest.mark.behaviour(86)
def test_asterisks_are_part_of_a_code(organiser: Api, checkout: Api) -> None:
    event, code = an_event(organiser), an_id("T")
    assert tickets(organiser, rows(code, f"*{code}*"), event)["counts"]["imported"] == 2
    assert [scan(checkout, event, one) for one in (f"*{code}*", code)] == ["accepted", "accepted"]


@pytest.mark.behaviour(103, 112)
def test_a_code_with_a_leading_space_is_added_alone_and_checked_in_a_dry_run(organiser: Api, checkout: Api) -> None:
    event, code = an_event(organiser), f" {an_id('T')}"
    assert _add_ticket(organiser, event, code) == 201
    assert [scan(checkout, event, code, dry_run=True) for _ in range(2)] == ["accepted", "accepted"]
    assert scan(checkout, event, code.strip(), dry_run=True) == "unknown"


@pytest.mark.behaviour(23, 25)
@pytest.mark.parametrize("delimiter", ["%2C", "%3B", "tab"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("kind", ["target_group", "customers", "tickets", "purchases"])
def test_a_downloaded_sample_is_imported_without_a_refused_row(organiser: Api, kind: str, delimiter: str) -> None:
    event = an_event(organiser)
    organiser.put(f"/v1/sale-items/{event}", {"name": "Ticket", "event_id": event})
    options = {
        "target_group": {"group": a_name("Sample"), "consent": True},
        "customers": {"consent": True},
        "tickets": {"event_id": event, "when_full": "stop"},
        "purchases": {},
    }
    sample = organiser.call("GET", f"/v1/samples/{kind}.csv?delimiter={delimiter}")
    assert sample.headers["Content-Type"].startswith("text/csv")
    record = organiser.import_file(sample.content, kind, **options[kind])
    assert (record["status"], record["counts"]["refused"], record["problems"]) == ("complete", 0, [])
    assert record["counts"]["imported"] == record["counts"]["total"] > 0
