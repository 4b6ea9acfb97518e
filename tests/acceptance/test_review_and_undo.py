"""Review before anything is stored, and undo, for every kind of file, on the whole stack."""

from typing import Any

import pytest

from tests.acceptance.client import Api, a_name, an_id
from tests.acceptance.stacks import Stack, StackClock

IN_REVIEW = {"awaiting_review"}


@pytest.fixture
def event(organiser: Api) -> str:
    """The id of an event with ten places and a sale item of the same id."""
    event = an_id("event")
    organiser.put(f"/v1/events/{event}", {"name": "Festival", "capacity": 10})
    organiser.put(f"/v1/sale-items/{event}", {"name": "Ticket", "event_id": event})
    return event


def start_review(organiser: Api, text: str, kind: str = "target_group", **options: Any) -> dict[str, Any]:
    """Start an import of this file and return it once it awaits its review."""
    import_id = organiser.start_import(text.encode(), kind, review=True, **options)
    return organiser.wait_for_status(import_id, {"awaiting_review", "failed", "complete"})


def confirm(organiser: Api, import_id: str, **corrections: Any) -> dict[str, Any]:
    """Confirm an import and return it once it has ended."""
    organiser.post(f"/v1/imports/{import_id}/confirm", corrections)
    return organiser.wait_until_ended(import_id)


def undo(organiser: Api, record: dict[str, Any]) -> dict[str, Any]:
    """Undo an import and return it."""
    answer: dict[str, Any] = organiser.post(f"/v1/imports/{record['import_id']}/undo")
    return answer


def valid(checkout: Api, code: str) -> bool:
    """Whether the code is valid at a checkout."""
    return bool(checkout.post("/v1/check", {"code": code})["code"]["valid"])


# Review


@pytest.mark.behaviour(22, 27, 28)
def test_a_review_shows_how_the_file_was_read_and_stores_nothing(organiser: Api, checkout: Api) -> None:
    code, name = an_id("code"), a_name("Reviewed")
    review = start_review(organiser, f"Barcode;Quantity\n{code};2\nbad;none\n", group=name)
    assert (review["status"], review["reason"]) == ("awaiting_review", None)
    assert review["counts"] == {"total": 2, "imported": 0, "refused": 1, "would_import": 1}
    assert (review["detected"]["delimiter"], review["detected"]["mapping"]) == (";", {"Code": 0, "Quantity": 1})
    assert review["preview"] == [[code, "2"], ["bad", "none"]]
    assert [(problem["line"], problem["code"]) for problem in review["problems"]] == [(3, "bad_quantity")]
    assert review["effect"] == {"added": 1, "changed": 0, "revoked": 0}
    assert not valid(checkout, code)
    assert organiser.get(f"/v1/groups?name={name.split()[1]}")["items"] == []
    record = confirm(organiser, review["import_id"])
    assert (record["status"], record["counts"]) == ("partial", {"total": 2, "imported": 1, "refused": 1})
    assert valid(checkout, code)


def test_a_confirmation_may_correct_what_was_detected(organiser: Api, checkout: Api) -> None:
    wrong, right = an_id("wrong"), an_id("right")
    review = start_review(organiser, f"Code,Number\n{wrong},{right}\n", group=a_name("Corrected"))
    record = confirm(organiser, review["import_id"], mapping={"Code": "Number"})
    assert record["status"] == "complete"
    assert (valid(checkout, wrong), valid(checkout, right)) == (False, True)


def test_a_file_of_unknown_columns_waits_for_a_mapping(organiser: Api, checkout: Api) -> None:
    code = an_id("code")
    review = start_review(organiser, f"Colour,Size\n{code},3\n", group=a_name("Unmapped"))
    assert (review["status"], review["reason"]) == ("awaiting_review", "no_known_column")
    assert confirm(organiser, review["import_id"], mapping={"Code": "Colour"})["status"] == "complete"
    assert valid(checkout, code)


def test_a_file_of_people_waits_until_consent_is_given_with_the_confirmation(organiser: Api) -> None:
    import_id = start_review(organiser, f"Email\n{an_id('ann')}@example.com\n", group=a_name("Consented"))["import_id"]
    organiser.post(f"/v1/imports/{import_id}/confirm", {})
    assert organiser.wait_for_status(import_id, IN_REVIEW)["reason"] == "consent_required"
    record = confirm(organiser, import_id, consent=True)
    assert (record["status"], record["consent"]["by"]) == ("complete", "local organiser")


@pytest.mark.behaviour(28)
def test_a_review_of_tickets_shows_the_places_that_would_be_left(organiser: Api, checkout: Api, event: str) -> None:
    code = an_id("T")
    text = f"Ticket code,Email\n{code},{code}@example.com\n{code},\n"
    review = start_review(organiser, text, "tickets", event_id=event, when_full="stop")
    assert review["effect"] == {"tickets_added": 1, "customers_created": 1, "places_left": 9}
    assert (review["tickets"]["imported"], review["tickets"]["duplicate"]) == (1, 1)
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 0
    assert confirm(organiser, review["import_id"])["tickets"] == review["tickets"]
    assert checkout.post("/v1/scans", {"event_id": event, "code": code})["result"] == "accepted"


@pytest.mark.behaviour(28)
def test_a_review_of_customers_shows_memberships_that_would_begin_and_end(organiser: Api) -> None:
    names, ann = [a_name("Members"), a_name("Press")], f"{an_id('ann')}@example.com"
    for name in names:
        organiser.post("/v1/groups", {"name": name, "type": "manual"})
    organiser.import_file(f"Email,Customer groups\n{ann},{names[0]}\n".encode(), "customers", consent=True)
    review = start_review(organiser, f"Email,Customer groups\n{ann},{names[1]}\n", "customers", consent=True)
    assert (review["effect"]["memberships_added"], review["effect"]["memberships_lost"]) == (1, 1)
    assert review["losses"] == {names[0]: 1}
    assert memberships(organiser, ann) == {names[0]}
    assert confirm(organiser, review["import_id"])["status"] == "complete"
    assert memberships(organiser, ann) == {names[1]}


def memberships(organiser: Api, email: str) -> set[str]:
    """The names of the groups that this person is in."""
    return {group["name"] for group in organiser.get(f"/v1/memberships?email={email}")["groups"]}


@pytest.mark.behaviour(28)
def test_a_review_of_purchases_shows_the_orders_that_would_be_recorded(organiser: Api, event: str) -> None:
    order = an_id("o")
    text = f"Order,Email,Sale item,Quantity\n{order},{order}@example.com,{event},2\n"
    review = start_review(organiser, text, "purchases")
    assert review["effect"] == {"orders_added": 1, "orders_existing": 0}
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 0
    assert confirm(organiser, review["import_id"])["status"] == "complete"
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 2


def test_very_many_removals_wait_for_confirmation_without_a_review(organiser: Api) -> None:
    name = a_name("Crowd")
    group = organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"]
    emails = [f"{an_id('p')}@example.com" for _ in range(101)]
    organiser.post(f"/v1/groups/{group}/members", {"customers": [{"email": email} for email in emails]})
    text = "Email,Customer groups\n" + "".join(f"{email},\n" for email in emails)
    import_id = organiser.start_import(text.encode(), "customers", consent=True)
    review = organiser.wait_for_status(import_id, {"awaiting_review", "complete", "failed"})
    assert (review["status"], review["reason"]) == ("awaiting_review", "confirm_removals_required")
    assert memberships(organiser, emails[0]) == {name}
    record = confirm(organiser, import_id, confirm_removals=True)
    assert (record["status"], record["effect"]["memberships_lost"]) == ("complete", 101)
    assert memberships(organiser, emails[0]) == set()
    undo(organiser, record)
    assert memberships(organiser, emails[0]) == memberships(organiser, emails[100]) == {name}


# Cancelling, and waits that end


def test_a_cancelled_review_stores_nothing_and_cannot_be_confirmed(organiser: Api, checkout: Api) -> None:
    code = an_id("code")
    review = start_review(organiser, f"Code\n{code}\n", group=a_name("Cancelled"))
    for _ in range(2):
        assert organiser.post(f"/v1/imports/{review['import_id']}/cancel")["status"] == "cancelled"
    answer = organiser.call("POST", f"/v1/imports/{review['import_id']}/confirm", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_review")
    assert not valid(checkout, code)


def test_an_import_that_has_ended_is_not_cancelled(organiser: Api) -> None:
    record = organiser.import_file(b"Code\nended\n", group=a_name("Ended"))
    answer = organiser.call("POST", f"/v1/imports/{record['import_id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_ended")


def test_a_review_that_nobody_confirms_in_time_is_cancelled_with_one_mail(
    organiser: Api, stack: Stack, stack_clock: StackClock
) -> None:
    address = f"{an_id('late')}@example.com"
    review = start_review(organiser, "Code\nlate\n", group=a_name("Late"), notify=address)
    stack_clock.advance(8, "days")
    record = organiser.get(f"/v1/imports/{review['import_id']}")
    assert (record["status"], record["finished_at"]) == ("cancelled", review["expires_at"])
    answer = organiser.call("POST", f"/v1/imports/{review['import_id']}/confirm", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_review")
    for _ in range(2):
        stack.local("/schedules/expiry/run", {})
    assert len(organiser.wait_for_mails(address)) == 1
    assert organiser.get(f"/v1/imports/{review['import_id']}")["status"] == "cancelled"


def test_an_import_whose_file_never_comes_is_cancelled_without_a_mail(
    organiser: Api, stack: Stack, stack_clock: StackClock
) -> None:
    address = f"{an_id('never')}@example.com"
    request = {"kind": "target_group", "file_name": "never.csv", "group": a_name("Never"), "notify": address}
    import_id = organiser.post("/v1/imports", request)["import_id"]
    assert organiser.get(f"/v1/imports/{import_id}")["status"] == "awaiting_upload"
    stack_clock.advance(1, "days")
    stack.local("/schedules/expiry/run", {})
    assert organiser.get(f"/v1/imports/{import_id}")["status"] == "cancelled"
    assert stack.local(f"/emails?to={address}")["items"] == []


# Undo


def test_undoing_a_new_list_removes_all_but_its_used_entries(organiser: Api, checkout: Api) -> None:
    used_code, unused_code = an_id("used"), an_id("unused")
    record = organiser.import_file(f"Code\n{used_code}\n{unused_code}\n".encode(), group=a_name("Made"))
    checkout.post("/v1/redemptions", {"code": used_code, "order_id": "o"})
    (sentence,) = undo(organiser, record)["undone"]["kept"]
    assert used_code in sentence
    entries = organiser.get(f"/v1/groups/{record['group_id']}/entries")["items"]
    assert [entry["code"] for entry in entries] == [used_code]
    assert not valid(checkout, unused_code)


def test_undoing_an_unused_list_removes_it_and_a_repeat_changes_nothing(organiser: Api, checkout: Api) -> None:
    code = an_id("code")
    record = organiser.import_file(f"Code\n{code}\n".encode(), group=a_name("Gone"))
    first, second = undo(organiser, record), undo(organiser, record)
    assert (first["status"], first["undone"]["kept"]) == ("complete", [])
    assert second == first
    assert not valid(checkout, code)
    assert organiser.get(f"/v1/groups/{record['group_id']}")["status"] == "deleted"


@pytest.mark.parametrize("mode", ["replace", "append", "remove"])
def test_undoing_a_change_restores_the_former_list(organiser: Api, checkout: Api, mode: str) -> None:
    name, first, second = a_name("Changed"), an_id("first"), an_id("second")
    organiser.import_file(f"Code\n{first}\n".encode(), group=name)
    file_code = first if mode == "remove" else second
    record = organiser.import_file(f"Code\n{file_code}\n".encode(), group=name, mode=mode)
    assert [valid(checkout, code) for code in (first, second)] == [mode == "append", mode != "remove"]
    undo(organiser, record)
    assert [valid(checkout, code) for code in (first, second)] == [True, False]


def test_an_import_that_a_later_one_superseded_is_not_undone(organiser: Api, checkout: Api) -> None:
    name, code = a_name("Overwritten"), an_id("code")
    record = organiser.import_file(f"Code\n{an_id('old')}\n".encode(), group=name)
    organiser.import_file(f"Code\n{code}\n".encode(), group=name, mode="replace")
    answer = organiser.call("POST", f"/v1/imports/{record['import_id']}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "superseded")
    assert valid(checkout, code)


def test_a_failed_import_has_nothing_to_undo(organiser: Api) -> None:
    record = organiser.import_file(b"", group=a_name("Failed"))
    answer = organiser.call("POST", f"/v1/imports/{record['import_id']}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_stored")


def test_undoing_tickets_removes_the_unscanned_ones_and_frees_their_places(
    organiser: Api, checkout: Api, event: str
) -> None:
    word = an_id("T")
    text = f"Ticket code\n{word}-1\n{word}-2\n{word}-3\n"
    record = organiser.import_file(text.encode(), "tickets", event_id=event, when_full="stop")
    checkout.post("/v1/scans", {"event_id": event, "code": f"{word}-2"})
    first, second = undo(organiser, record), undo(organiser, record)
    (sentence,) = first["undone"]["kept"]
    assert f"{word}-2" in sentence
    assert second == first
    assert organiser.get(f"/v1/events/{event}")["sales"] == {"capacity": 10, "sold": 1, "imported": 1}
    remaining = organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]
    assert [ticket["code"] for ticket in remaining] == [f"{word}-2"]
    scan = {"event_id": event, "code": f"{word}-1"}
    assert checkout.post("/v1/scans", scan)["result"] == "unknown"
    third = organiser.import_file(text.encode(), "tickets", event_id=event, when_full="stop")
    assert (third["tickets"]["imported"], third["tickets"]["duplicate"]) == (2, 1)


def test_undoing_purchases_refunds_them(organiser: Api, event: str) -> None:
    order = an_id("o")
    text = f"Order,Email,Sale item,Quantity\n{order},{order}@example.com,{event},2\n"
    record = organiser.import_file(text.encode(), "purchases")
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 2
    first, second = undo(organiser, record), undo(organiser, record)
    assert (first["undone"]["kept"], second) == ([], first)
    assert first["undone_by"] == "local organiser"
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 0
    # The file, mended, may come again.
    organiser.import_file(text.replace(",2\n", ",3\n").encode(), "purchases")
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 3


def test_an_undo_keeps_and_names_a_membership_that_changed_since(organiser: Api) -> None:
    name, ann, bob = a_name("Members"), f"{an_id('ann')}@example.com", f"{an_id('bob')}@example.com"
    group = organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"]
    text = f"Email,Customer groups\n{ann},{name}\n{bob},{name}\n"
    record = organiser.import_file(text.encode(), "customers", consent=True)
    organiser.call("PATCH", f"/v1/groups/{group}/members/{ann}", {"removal_date": "2031-01-31"})
    first, second = undo(organiser, record), undo(organiser, record)
    (sentence,) = first["undone"]["kept"]
    assert ann in sentence
    assert second == first
    assert (memberships(organiser, ann), memberships(organiser, bob)) == ({name}, set())
