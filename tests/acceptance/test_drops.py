"""Files dropped straight into the bucket, of every kind, on the whole stack."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.acceptance.client import FINAL_STATUSES, Api, a_name, an_id, eventually
from tests.acceptance.stacks import Stack


def an_event(organiser: Api, **facts: Any) -> str:
    """The id of a new event, which is also that of its one sale item."""
    event = an_id("event")
    organiser.put(f"/v1/events/{event}", {"name": "Festival", **facts})
    organiser.put(f"/v1/sale-items/{event}", {"name": "Ticket", "event_id": event})
    return event


def drop_file(
    stack: Stack, organiser: Api, place: str, text: str, metadata: Mapping[str, str] | None = None, org: str = "demo"
) -> dict[str, Any]:
    """Drop a file there and return its import, once it has ended or waits for review."""
    name = f"{an_id('file')}.csv"
    key = f"drop/{org}/{place}/{name}"
    stack.aws("s3").put_object(
        Bucket=stack.local()["bucket"], Key=key, Body=text.encode(), Metadata=dict(metadata or {})
    )

    def poll() -> dict[str, Any] | None:
        record = [one for one in organiser.get("/v1/imports?limit=200")["items"] if one["file_name"] == name]
        return record[0] if record and record[0]["status"] in {*FINAL_STATUSES, "awaiting_review"} else None

    record: dict[str, Any] = organiser.get(f"/v1/imports/{eventually(poll)['import_id']}")
    return record


def mails_about(stack: Stack, organiser: Api, import_id: str, to: str | None = None) -> list[dict[str, Any]]:
    """The mails that name this import, by default to the address of the organiser's settings; waits for the first."""
    to = to or organiser.get("/v1/organiser")["notify_email"]

    def poll() -> list[dict[str, Any]] | None:
        return [one for one in stack.local(f"/emails?to={to}")["items"] if import_id in one["text"]] or None

    return eventually(poll)


def test_a_dropped_file_creates_a_list_and_the_next_one_replaces_it(
    stack: Stack, organiser: Api, checkout: Api
) -> None:
    place, old, new = f"target-groups/{a_name('Dropped')}", an_id("old"), an_id("new")
    record = drop_file(stack, organiser, place, f"Code\n{old}\n")
    assert (record["kind"], record["status"], record["group"]) == ("target_group", "complete", place.split("/")[1])
    drop_file(stack, organiser, place, f"Code\n{new}\n")
    good = [checkout.post("/v1/check", {"code": code})["code"]["valid"] for code in (old, new)]
    assert good == [False, True]
    assert len(mails_about(stack, organiser, record["import_id"])) == 1


def test_the_objects_metadata_says_how_to_import_it(stack: Stack, organiser: Api, checkout: Api) -> None:
    place, first, second = f"target-groups/{a_name('Grown')}", an_id("first"), an_id("second")
    address = f"{an_id('boss')}@example.com"
    drop_file(stack, organiser, place, f"Code\n{first}\n")
    text = f"{second}|9\n{an_id('bad')}|none\n"
    metadata = {"mode": "append", "delimiter": "|", "header_rows": "0", "notify": address}
    record = drop_file(stack, organiser, place, text, {**metadata, "mapping": '{"Code": 0, "Quantity": 1}'})
    assert (record["status"], record["counts"]) == ("partial", {"total": 2, "imported": 1, "refused": 1})
    good = [checkout.post("/v1/check", {"code": code})["code"]["valid"] for code in (first, second)]
    assert good == [True, True]
    assert len(mails_about(stack, organiser, record["import_id"], address)) == 1


@pytest.mark.parametrize("when_full", ["continue", "stop"])
def test_the_folder_of_a_dropped_ticket_file_decides_what_happens_when_the_event_is_full(
    stack: Stack, organiser: Api, checkout: Api, when_full: str
) -> None:
    event, word = an_event(organiser, capacity=1), an_id("T")
    record = drop_file(stack, organiser, f"tickets/{event}/{when_full}", f"Ticket code\n{word}-1\n{word}-2\n")
    assert (record["event_id"], record["tickets"]["imported"]) == (event, 2 if when_full == "continue" else 1)
    assert checkout.post("/v1/scans", {"event_id": event, "code": f"{word}-1"})["result"] == "accepted"
    assert len(mails_about(stack, organiser, record["import_id"])) == 1


def test_a_dropped_customer_file_adds_its_people_to_their_groups(stack: Stack, organiser: Api) -> None:
    name, ann = a_name("Members"), f"{an_id('ann')}@example.com"
    organiser.post("/v1/groups", {"name": name, "type": "manual"})
    record = drop_file(stack, organiser, "customers", f"Email,Customer groups\n{ann},{name}\n")
    assert (record["status"], record["consent"]["by"]) == ("complete", "bucket")
    assert [group["name"] for group in organiser.get(f"/v1/memberships?email={ann}")["groups"]] == [name]
    assert len(mails_about(stack, organiser, record["import_id"])) == 1


def test_a_dropped_purchase_file_is_recorded(stack: Stack, organiser: Api) -> None:
    event, order = an_event(organiser), an_id("o")
    text = f"Order,Email,Sale item,Quantity\n{order},{order}@example.com,{event},2\n"
    record = drop_file(stack, organiser, "purchases", text)
    assert (record["status"], record["counts"]["imported"]) == ("complete", 1)
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 2
    assert len(mails_about(stack, organiser, record["import_id"])) == 1


def test_a_dropped_file_of_people_requires_a_standing_consent_or_one_in_its_metadata(stack: Stack, other: Api) -> None:
    text = f"Email\n{an_id('ann')}@example.com\n"
    record = drop_file(stack, other, "customers", text, org="other")
    assert (record["status"], record["reason"]) == ("failed", "consent_required")
    assert drop_file(stack, other, "customers", text, {"consent": "true"}, org="other")["status"] == "complete"


@pytest.mark.parametrize(
    ("place", "metadata"),
    [
        pytest.param("elsewhere", {}, id="an unknown place"),
        pytest.param("tickets/event/perhaps", {}, id="neither continue nor stop"),
        pytest.param("customers", {"consent": "perhaps"}, id="an option that cannot be read"),
        pytest.param("customers", {"mode": "append"}, id="an option of another kind"),
    ],
)
def test_a_dropped_file_with_an_invalid_place_or_option_fails_with_a_mail(
    stack: Stack, organiser: Api, place: str, metadata: dict[str, str]
) -> None:
    record = drop_file(stack, organiser, place, "Email\nann@example.com\n", metadata)
    assert (record["status"], record["reason"]) == ("failed", "bad_option")
    assert record["detail"]
    assert len(mails_about(stack, organiser, record["import_id"])) == 1


def test_a_dropped_file_with_very_many_removals_waits_for_confirmation(stack: Stack, organiser: Api) -> None:
    group = organiser.post("/v1/groups", {"name": a_name("Crowd"), "type": "manual"})["group_id"]
    emails = [f"{an_id('p')}@example.com" for _ in range(101)]
    organiser.post(f"/v1/groups/{group}/members", {"customers": [{"email": email} for email in emails]})
    text = "Email,Customer groups\n" + "".join(f"{email},\n" for email in emails)
    record = drop_file(stack, organiser, "customers", text)
    assert (record["status"], record["reason"]) == ("awaiting_review", "confirm_removals_required")
    assert organiser.get(f"/v1/groups/{group}")["members"] == 101
    (mail,) = mails_about(stack, organiser, record["import_id"])
    assert mail["subject"].startswith("Your import needs confirmation")
    assert f"{stack.address}/#/imports/{record['import_id']}" in " ".join(mail["text"].split())
    organiser.post(f"/v1/imports/{record['import_id']}/confirm", {"confirm_removals": True})
    assert organiser.wait_until_ended(record["import_id"])["status"] == "complete"
    assert organiser.get(f"/v1/groups/{group}")["members"] == 0
