"""Welcome mails on the whole stack: recipients, text, and suppressed addresses."""

import json
import re
from typing import Any

import pytest

from tests.acceptance.client import Api, a_name, eventually
from tests.acceptance.stacks import Stack

UNSUBSCRIBE = re.compile(r"<p[^>]*><a[^>]* href=\"[^\"]*/v1/unsubscribe/[^\"]+\">Unsubscribe</a></p>")
TEXTS = {
    "subject": "Hi {name}, {group} is yours",
    "header": "Welcome to the club of {organiser}",
    "greeting": "Dear {name},",
    "body": "Presale opens <soon>.\nBring a friend.",
}


def a_word(word: str) -> str:
    return a_name(word).replace(" ", "-")


def an_email() -> str:
    return f"{a_word('ann')}@example.com"


@pytest.fixture
def group(organiser: Api) -> dict[str, Any]:
    """A manual group that welcomes with words of its own."""
    new_group = organiser.post("/v1/groups", {"name": a_name("Friends"), "type": "manual"})
    return change(organiser, new_group, welcome_email={"enabled": True, **TEXTS})


def change(organiser: Api, group: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Change settings of a group and return it."""
    answer = organiser.call("PATCH", f"/v1/groups/{group['group_id']}", settings)
    assert answer.status_code == 200, answer.text
    updated_group: dict[str, Any] = answer.json()
    return updated_group


def add(organiser: Api, group: dict[str, Any], email: str) -> None:
    organiser.post(f"/v1/groups/{group['group_id']}/members", {"customers": [{"email": email, "name": "Ann Example"}]})


def remove(organiser: Api, group: dict[str, Any], email: str) -> None:
    organiser.post(f"/v1/groups/{group['group_id']}/members/remove", {"emails": [email]})


def delivered_mails(stack: Stack, email: str) -> list[Any]:
    """The mails to that address, once the expiry timer has sent all that wait."""
    assert stack.local("/schedules/expiry/run", {})["waiting"] == []
    mails: list[Any] = stack.local(f"/emails?to={email}")["items"]
    return mails


@pytest.mark.behaviour(122, 224, 227, 229, 230, 231, 232, 233, 234)
def test_a_new_member_gets_the_previewed_mail_once(organiser: Api, stack: Stack, group: dict[str, Any]) -> None:
    email = an_email()
    add(organiser, group, email)
    add(organiser, group, email.upper())
    (mail,) = delivered_mails(stack, email)
    preview = organiser.get(f"/v1/groups/{group['group_id']}/welcome-email/preview")
    assert mail["subject"] == f"Hi Ann Example, {group['name']} is yours"
    for words in ("Welcome to the club of Demo Hall", "Dear Ann Example,", "Presale opens <soon>.", group["name"]):
        assert words in mail["text"]
    assert "Presale opens &lt;soon&gt;." in mail["html"]
    html, links = UNSUBSCRIBE.subn("", mail["html"])  # which only a mail to somebody has
    assert (mail["from"], mail["subject"], html, links) == (preview["from"], preview["subject"], preview["html"], 1)
    for part in ("header", "greeting", "body"):
        assert all(line in mail["text"] for line in preview[part].splitlines())


def test_a_test_mail_goes_to_the_organiser_alone_and_is_no_members_welcome(
    organiser: Api, stack: Stack, group: dict[str, Any]
) -> None:
    trial = organiser.post(f"/v1/groups/{group['group_id']}/welcome-email/test")
    assert trial["to"] == organiser.get("/v1/organiser")["notify_email"]
    mails = [mail for mail in delivered_mails(stack, trial["to"]) if group["name"] in mail["subject"]]
    assert [mail["subject"] for mail in mails] == [f"Hi Ann Example, {group['name']} is yours"]
    email = an_email()
    add(organiser, group, email)
    assert len(delivered_mails(stack, email)) == 1


@pytest.mark.behaviour(225)
def test_a_member_added_again_by_hand_by_file_or_after_a_restore_gets_no_second_mail(
    organiser: Api, stack: Stack, group: dict[str, Any]
) -> None:
    email = an_email()
    add(organiser, group, email)
    assert len(delivered_mails(stack, email)) == 1
    remove(organiser, group, email)
    add(organiser, group, email)
    organiser.call("DELETE", f"/v1/groups/{group['group_id']}")
    organiser.post(f"/v1/groups/{group['group_id']}/restore", {})
    remove(organiser, group, email)
    organiser.import_file(f"Email,Customer groups\n{email},{group['name']}\n".encode(), "customers", consent=True)
    assert len(delivered_mails(stack, email)) == 1


@pytest.mark.behaviour(226, 235)
def test_members_added_while_welcome_mails_are_off_never_get_one(
    organiser: Api, stack: Stack, group: dict[str, Any]
) -> None:
    early, late = an_email(), an_email()
    change(organiser, group, welcome_email={"enabled": False})
    add(organiser, group, early)
    change(organiser, group, welcome_email={"enabled": True})
    add(organiser, group, early)
    add(organiser, group, late)
    assert len(delivered_mails(stack, late)) == 1
    assert delivered_mails(stack, early) == []


@pytest.mark.behaviour(228)
def test_joining_an_automatic_group_by_purchase_and_by_sync_sends_one_mail(
    organiser: Api, checkout: Api, stack: Stack
) -> None:
    event, item = a_word("event"), a_word("item")
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    organiser.put(f"/v1/sale-items/{item}", {"name": "Ticket", "event_id": event})
    rules = {"operator": "any", "rules": [{"type": "event", "id": event, "minimum": 1}]}
    buyers_group = organiser.post("/v1/groups", {"name": a_name("Buyers"), "type": "automatic", "rules": rules})
    before, after = an_email(), an_email()
    buy(checkout, item, before)
    change(organiser, buyers_group, welcome_email={"enabled": True})
    stack.local("/schedules/resync/run", {})
    buy(checkout, item, after)
    for _ in range(2):
        organiser.call("POST", f"/v1/groups/{buyers_group['group_id']}/resync")
        stack.local("/schedules/resync/run", {})
    for email in (before, after):
        (mail,) = delivered_mails(stack, email)
        assert mail["subject"] == f"Welcome to {buyers_group['name']}"


def buy(checkout: Api, item: str, email: str) -> None:
    lines = [{"sale_item_id": item, "quantity": 1}]
    checkout.post("/v1/purchases", {"order_id": a_word("o"), "customer": {"email": email}, "lines": lines})


def test_an_import_may_suppress_its_welcome_mails(organiser: Api, stack: Stack, group: dict[str, Any]) -> None:
    quiet_email, greeted_email = an_email(), an_email()
    for email, suppress in ((quiet_email, True), (greeted_email, False)):
        text = f"Email,Customer groups\n{email},{group['name']}\n"
        organiser.import_file(text.encode(), "customers", consent=True, suppress_welcome=suppress)
    assert len(delivered_mails(stack, greeted_email)) == 1
    assert delivered_mails(stack, quiet_email) == []


@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_an_address_that_bounced_or_complained_gets_no_welcome(
    organiser: Api, stack: Stack, group: dict[str, Any], kind: str
) -> None:
    email, other = an_email(), an_email()
    notify(stack, kind, email)
    add(organiser, group, email)
    add(organiser, group, other)
    assert len(delivered_mails(stack, other)) == 1
    assert delivered_mails(stack, email) == []


def notify(stack: Stack, kind: str, email: str) -> None:
    """Publish what SES would publish, and wait until the address is suppressed."""
    notifications = {
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": email}]},
        "complaint": {"complainedRecipients": [{"emailAddress": email}]},
    }
    mail = {"destination": [email], "tags": {"organiser": [b"demo".hex()]}}
    message = json.dumps({"eventType": kind.title(), "mail": mail, kind: notifications[kind]})
    sns = stack.aws("sns")
    (topic,) = (one["TopicArn"] for one in sns.list_topics()["Topics"] if "Bounces" in one["TopicArn"])
    sns.publish(TopicArn=topic, Subject="Amazon SES Email Event Notification", Message=message)
    eventually(lambda: is_suppressed(stack, email) or None)


def is_suppressed(stack: Stack, email: str) -> bool:
    items = Api(stack.address, "demo-organiser").get(f"/v1/suppressions?q={email}")["items"]
    return [one["email"] for one in items] == [email.lower()]
