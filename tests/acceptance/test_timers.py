"""Timers recover dead workers and unsent mails, and end what has expired."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guestlist.aws import keys, person_keys
from guestlist.aws.due import due_attributes
from guestlist.aws.keys import Key
from guestlist.imports.model import Reason, Status
from guestlist.lists.store import PackedListStore
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import DUE, SORT_KEY, WELCOMES_DUE
from tests.acceptance.client import Api, a_name, an_id, eventually
from tests.acceptance.stack_admin import StackAdmin
from tests.acceptance.stacks import Stack, StackClock
from tests.engines.tables import contents

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


def an_email(word: str = "ann") -> str:
    return f"{an_id(word)}@example.com"


@pytest.fixture
def admin(stack: Stack) -> StackAdmin:
    return StackAdmin(stack)


def welcome_of(admin: StackAdmin, email: str) -> Key:
    """The key of this person's welcome mail, whose digest only the stack can compute."""
    (item,) = (
        one for one in contents(admin.table) if one["sk"] == SORT_KEY and one.get("facts", {}).get("email") == email
    )
    return Key(item["pk"], item["sk"])


def crash_and_recover(admin: StackAdmin, import_id: str) -> dict[str, Any]:
    """Crash an import until it fails, and return what the expiry timer undid."""
    admin.save_overdue(import_id, status=Status.FAILED, reason=Reason.CRASHED, worker=None)
    admin.stack.local("/schedules/expiry/run", {})
    record = admin.imports.get_import("demo", import_id)
    assert record.due_at is None
    return {"undone": record.undone, "kept": record.undone.texts() if record.undone else None}


# The watchdog


def test_an_import_whose_worker_died_is_resumed(stack: Stack, admin: StackAdmin, organiser: Api) -> None:
    import_id = admin.import_of_dead_worker(organiser, b"Code\nSPRING\n", "target_group", group=a_name("Left"))
    stack.local("/schedules/expiry/run", {})
    assert organiser.wait_until_ended(import_id)["status"] == "complete"


def test_an_import_that_keeps_crashing_is_undone_and_its_customers_leave_their_groups(
    admin: StackAdmin, organiser: Api
) -> None:
    email, group = an_email(), organiser.post("/v1/groups", {"name": a_name("Members"), "type": "manual"})
    text = f"Email,Customer groups\n{email},{group['name']}\n"
    record = organiser.import_file(text.encode(), "customers", consent=True)
    assert crash_and_recover(admin, record["import_id"])["kept"] == ()
    assert groups_of(organiser, email) == []


def test_tickets_of_an_import_that_keeps_crashing_are_removed_unless_scanned(
    admin: StackAdmin, organiser: Api, checkout: Api
) -> None:
    event, scanned_code, code, email = an_id("event"), an_id("T"), an_id("T"), an_email()
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    text = f"Ticket code,Email\n{scanned_code},{email}\n{code},{email}\n"
    record = organiser.import_file(text.encode(), "tickets", event_id=event, when_full="stop")
    checkout.post("/v1/scans", {"event_id": event, "code": scanned_code})
    assert crash_and_recover(admin, record["import_id"])["undone"]
    assert [one["code"] for one in organiser.get(f"/v1/events/{event}/tickets")["items"]] == [scanned_code]


@pytest.fixture
def item(organiser: Api) -> str:
    """The id of a sale item, which an automatic group follows."""
    event, item = an_id("event"), an_id("item")
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    organiser.put(f"/v1/sale-items/{item}", {"name": "Ticket", "event_id": event})
    return item


@pytest.fixture
def buyers(stack: Stack, organiser: Api, item: str) -> str:
    """The id of a group of all who bought that sale item, in step from now on."""
    rules = {"operator": "any", "rules": [{"type": "sale_item", "id": item, "minimum": 1}]}
    group = organiser.post("/v1/groups", {"name": a_name("Buyers"), "type": "automatic", "rules": rules})
    stack.local("/schedules/resync/run", {})
    return str(group["group_id"])


def buy(checkout: Api, item: str, email: str) -> str:
    """Record a purchase of one item and return its order."""
    order = an_id("o")
    lines = [{"sale_item_id": item, "quantity": 1}]
    checkout.post("/v1/purchases", {"order_id": order, "customer": {"email": email}, "lines": lines})
    return order


def groups_of(checkout: Api, email: str) -> list[str]:
    return [one["group_id"] for one in checkout.get(f"/v1/memberships?email={email}")["groups"]]


def test_purchases_of_an_import_that_keeps_crashing_are_refunded(
    admin: StackAdmin, organiser: Api, checkout: Api, item: str, buyers: str
) -> None:
    email = an_email()
    text = f"Order,Email,Sale item,Quantity,Purchased at\n{an_id('o')},{email},{item},1,2026-01-31T12:00:00Z\n"
    record = organiser.import_file(text.encode(), "purchases")
    assert groups_of(checkout, email) == [buyers]
    assert crash_and_recover(admin, record["import_id"])["undone"]
    assert groups_of(checkout, email) == []


def test_a_mail_that_its_worker_left_unsent_is_sent_by_the_watchdog(
    stack: Stack, admin: StackAdmin, organiser: Api
) -> None:
    email = an_email()
    record = organiser.import_file(b"Code\nSPRING\n", group=a_name("Told"), notify=email)
    organiser.wait_for_mails(email)
    place = keys.mail("demo", MailKind.RESULT, record["import_id"])
    eventually(lambda: (admin.table.get(place) or {}).get("status") == "sent" or None)
    admin.table.update(place, {"status": "owed", **due_attributes(DUE, place, LONG_AGO)})
    stack.local("/schedules/expiry/run", {})
    assert len(organiser.wait_for_mails(email)) == 2


def test_a_welcome_mail_that_its_queue_lost_is_queued_again_by_the_watchdog(
    stack: Stack, admin: StackAdmin, organiser: Api
) -> None:
    email, group = an_email(), organiser.post("/v1/groups", {"name": a_name("Members"), "type": "manual"})
    group_path = f"/v1/groups/{group['group_id']}"
    assert organiser.call("PATCH", group_path, {"welcome_email": {"enabled": True}}).status_code == 200
    organiser.post(f"{group_path}/members", {"customers": [{"email": email}]})
    organiser.wait_for_mails(email)
    place = welcome_of(admin, email)
    eventually(lambda: (admin.table.get(place) or {}).get("status") == "sent")
    admin.table.update(place, {"status": "owed", **due_attributes(WELCOMES_DUE, place, LONG_AGO)})
    stack.local("/schedules/expiry/run", {})
    eventually(lambda: len(organiser.wait_for_mails(email)) == 2)


# Expiry


def test_a_member_is_removed_after_the_removal_date(
    stack: Stack, stack_clock: StackClock, admin: StackAdmin, organiser: Api
) -> None:
    email, group = an_email(), organiser.post("/v1/groups", {"name": a_name("Members"), "type": "manual"})
    removed_on = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    customers = [{"email": email, "removal_date": removed_on}]
    organiser.post(f"/v1/groups/{group['group_id']}/members", {"customers": customers})
    stack_clock.advance(1, "weeks")
    stack.local("/schedules/expiry/run", {})
    assert admin.table.get(person_keys.membership("demo", email, group["group_id"])) is None


def test_a_lapsed_hold_is_released_by_the_timer(
    stack: Stack, stack_clock: StackClock, organiser: Api, checkout: Api
) -> None:
    word = an_id("hold")
    organiser.import_file(f"Code\n{word}\n".encode(), group=a_name("Held"))
    hold = checkout.post("/v1/redemptions", {"code": word, "order_id": word, "hold_seconds": 60})
    stack_clock.advance(1, "days")
    stack.local("/schedules/expiry/run", {})
    second = checkout.post("/v1/redemptions", {"code": word, "order_id": f"{word}-2"})
    assert second["redemption_id"] != hold["redemption_id"]


def test_a_replaced_list_is_deleted_once_it_can_no_longer_be_restored(
    stack: Stack, stack_clock: StackClock, admin: StackAdmin, organiser: Api
) -> None:
    name = a_name("Replaced")
    first = organiser.import_file(b"Code\nFORMER\n", group=name)
    organiser.import_file(b"Code\nPRESENT\n", group=name, mode="replace")
    list_store = PackedListStore(admin.table, "demo", first["group_id"])
    assert len(list_store.versions()) == 2
    stack_clock.advance(5, "weeks")
    stack.local("/schedules/expiry/run", {})
    assert len(list_store.versions()) == 1


# Resync


@pytest.mark.parametrize("on_request", [True, False], ids=["when a pass is asked for", "by the pass of the next day"])
def test_a_membership_left_by_an_incomplete_erasure_is_removed(
    stack_clock: StackClock,
    admin: StackAdmin,
    organiser: Api,
    checkout: Api,
    item: str,
    buyers: str,
    *,
    on_request: bool,
) -> None:
    email = an_email()
    buy(checkout, item, email)
    assert groups_of(checkout, email) == [buyers]
    erase_all_but_memberships(admin, email)
    if on_request:
        organiser.call("POST", f"/v1/groups/{buyers}/resync")
    else:
        stack_clock.advance(2, "days")
    stack_clock.stack.local("/schedules/resync/run", {})
    assert groups_of(checkout, email) == []


def erase_all_but_memberships(admin: StackAdmin, email: str) -> None:
    """As an erasure leaves a person that breaks off."""
    for one in list(admin.table.query_all(person_keys.customer("demo", email))):
        if not one["sk"].startswith("M#"):
            admin.table.delete(keys.Key(one["pk"], one["sk"]))


# A worker's own time


def test_a_worker_short_of_time_leaves_the_rest_to_another(stack: Stack, admin: StackAdmin, organiser: Api) -> None:
    functions, name = stack.aws("lambda"), admin.resource_name("ImportFiles")
    functions.update_function_configuration(FunctionName=name, Timeout=59)
    try:
        import_id = organiser.start_import(b"Code\nSPRING\n", group=a_name("Short"))
        eventually(lambda: (admin.imports.get_import("demo", import_id).attempts > 1) or None)
        organiser.post(f"/v1/imports/{import_id}/cancel")
        # To change the function ends its processes; what one had taken would come again after an hour and a half.
        eventually(lambda: not any(admin.message_counts("Uploads").values()))
    finally:
        functions.update_function_configuration(FunctionName=name, Timeout=900)
