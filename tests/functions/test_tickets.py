"""Tickets that are added alone, listed and scanned."""

import pytest

from chalicelib.bootstrap import adapters
from guestlist.checkout import guess_limits
from guestlist.model import clock
from guestlist.tickets.contact import Contact
from tests.functions.conftest import Api

ALONE = {"code": " *123* ", "when_full": "stop", "name": "Anna", "email": "Anna@Example.com"}


@pytest.fixture
def gala(call: Api) -> str:
    """An event with two places."""
    call("PUT /v1/events/gala", {"name": "Gala", "capacity": 2})
    call("PUT /v1/events/other", {"name": "Other"})
    return "/v1/events/gala"


@pytest.mark.behaviour(87, 93, 103)
def test_a_ticket_is_added_alone_and_listed(call: Api, gala: str):
    response = call(f"POST {gala}/tickets", ALONE)
    assert response.status == 201
    assert (response.json["code"], response.json["import_id"], response.json["imported"]) == (" *123* ", None, True)
    assert call(f"GET {gala}/tickets?imported=true").json == {"items": [response.json], "next": None}
    assert call(f"GET {gala}/tickets?imported=false").json["items"] == []
    assert call(f"GET {gala}").json["sales"] == {"capacity": 2, "sold": 1, "imported": 1}


@pytest.mark.behaviour(88, 89)
def test_a_full_event_accepts_a_ticket_only_with_the_option_to_continue(call: Api, gala: str):
    for code in ("1", "2"):
        call(f"POST {gala}/tickets", {"code": code, "when_full": "stop"})
    refusal = call(f"POST {gala}/tickets", {"code": "3", "when_full": "stop"})
    assert (refusal.status, refusal.code) == (409, "no_capacity")
    assert call("POST /v1/scans", {"event_id": "gala", "code": "3"}).json == {"result": "unknown"}
    assert call(f"POST {gala}/tickets", {"code": "3", "when_full": "continue"}).status == 201
    assert call(f"GET {gala}").json["sales"] == {"capacity": 2, "sold": 3, "imported": 3}


@pytest.mark.behaviour(81, 84)
def test_a_code_exists_once_per_organiser(call: Api, gala: str):
    call(f"POST {gala}/tickets", ALONE)
    second = call("POST /v1/events/other/tickets", ALONE)
    assert (second.status, second.code) == (409, "duplicate_existing")
    other = call.as_("other-organiser")
    other("PUT /v1/events/gala", {"name": "Theirs"})
    assert other(f"POST {gala}/tickets", ALONE).status == 201


@pytest.mark.parametrize(
    "change",
    [
        {"email": "nobody"},
        {"code": ""},
        {"code": "   "},
        {"code": "1\n2"},
        {"when_full": "maybe"},
        {"when_full": None},
    ],
)
def test_an_invalid_ticket_is_refused(call: Api, gala: str, change: dict):
    answer = call(f"POST {gala}/tickets", {**ALONE, **change})
    assert [fault["field"] for fault in answer.json["errors"]] == list(change)


def test_tickets_of_an_unknown_event_are_answered_with_404(call: Api):
    assert call("GET /v1/events/none/tickets").status == 404
    assert call("POST /v1/events/none/tickets", ALONE).status == 404


def test_tickets_are_paged_newest_first(call: Api, gala: str):
    for code in ("1", "2", "3"):
        call(f"POST {gala}/tickets", {"code": code, "when_full": "continue"})
    first = call(f"GET {gala}/tickets?limit=2").json
    second = call(f"GET {gala}/tickets?limit=2&cursor={first['next']}").json
    assert [one["code"] for one in [*first["items"], *second["items"]]] == ["3", "2", "1"]
    assert second["next"] is None


@pytest.mark.behaviour(90, 91, 92)
def test_a_ticket_is_admitted_once_at_its_event(call: Api, gala: str):
    call(f"POST {gala}/tickets", ALONE)
    checkout = call.as_("demo-checkout")

    def scan(event_id: str, **more: bool) -> str:
        return checkout("POST /v1/scans", {"event_id": event_id, "code": " *123* ", **more}).json["result"]

    assert scan("other") == "other_event"
    assert scan("gala", dry_run=True) == "accepted"
    assert scan("gala") == "accepted"
    assert scan("gala") == "already_scanned"
    assert checkout("POST /v1/scans", {"event_id": "gala", "code": "*123*"}).json == {"result": "unknown"}


def test_only_dry_runs_of_unknown_tickets_are_rate_limited(call: Api, gala: str, monkeypatch: pytest.MonkeyPatch):
    now, event_id, checkout = clock.now(), gala.rpartition("/")[2], call.as_("demo-checkout")
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(guess_limits, "_MAX_SCANS_PER_TOKEN", 2)
    guess = {"event_id": event_id, "code": "4711"}
    dry_runs = [checkout("POST /v1/scans", {**guess, "dry_run": True}) for _ in range(3)]
    assert [one.status for one in dry_runs] == [200, 200, 429]
    assert 1 <= int(dry_runs[2].headers["Retry-After"]) <= 60
    assert checkout("POST /v1/scans", guess).json == {"result": "unknown"}
    assert checkout("POST /v1/check", {"code": "x"}).json["code"]["reasons"] == ["unknown_code"]


@pytest.mark.behaviour(91)
@pytest.mark.parametrize("code", ["4711", "https://example.com/" + "x" * 600], ids=["a code", "another picture"])
def test_an_unknown_ticket_scans_as_unknown(call: Api, gala: str, code: str):
    answer = call.as_("demo-checkout")("POST /v1/scans", {"event_id": gala.rpartition("/")[2], "code": code})
    assert (answer.status, answer.json) == (200, {"result": "unknown"})


@pytest.mark.behaviour(84)
def test_another_organisers_ticket_scans_as_unknown(call: Api, gala: str):
    call(f"POST {gala}/tickets", ALONE)
    answer = call.as_("other-checkout")("POST /v1/scans", {"event_id": "gala", "code": " *123* "})
    assert answer.json == {"result": "unknown"}


def test_an_import_lists_its_tickets_and_contacts(call: Api, gala: str):
    request = {"kind": "tickets", "file_name": "t.csv", "event_id": gala.rpartition("/")[2], "when_full": "stop"}
    import_id = call("POST /v1/imports", request).json["import_id"]
    assert call(f"GET /v1/imports/{import_id}/tickets").json["items"] == []
    people = [Contact(import_id=import_id, email=f"{name}@example.com", line=2) for name in ("Anna", "bo", "cy")]
    adapters.contacts().ensure_contacts("demo", people)
    first = call(f"GET /v1/imports/{import_id}/contacts?limit=2").json
    second = call(f"GET /v1/imports/{import_id}/contacts?limit=2&cursor={first['next']}").json
    assert [one["email"] for one in [*first["items"], *second["items"]]] == [one.email for one in people]
    assert first["items"][0] == {"email": "Anna@example.com", "name": "", "line": 2, "created": False}
