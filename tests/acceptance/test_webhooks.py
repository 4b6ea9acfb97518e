"""The whole stack delivers events to a real receiver on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from tests.acceptance.client import Api, a_name, an_id, eventually
from tests.acceptance.stack_admin import StackAdmin
from tests.acceptance.stacks import Stack, StackClock
from tests.fakes.receiver import Receiver, answer, receiving

EVENTS = ["member.joined", "code.held", "code.redeemed", "group.expired"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that accepts everything."""
    with receiving() as hook_receiver:
        yield hook_receiver


@pytest.fixture
def hook(organiser: Api, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """A webhook with its secret, deleted afterwards."""
    path = f"/v1/webhooks/{an_id('hook')}"
    yield {**organiser.put(path, {"url": receiver.url, "events": EVENTS, "include_personal": True}), "path": path}
    assert organiser.call("DELETE", path).status_code == 204


def add_member(organiser: Api) -> str:
    """Add a member to a new group and return the address."""
    group_id = organiser.post("/v1/groups", {"name": a_name("Friends"), "type": "manual"})["group_id"]
    email = f"{an_id('ann')}@example.com"
    organiser.post(f"/v1/groups/{group_id}/members", {"customers": [{"email": email}]})
    return email


def latest(organiser: Api, hook: dict[str, Any], status: str) -> dict[str, Any]:
    """The newest delivery once it has that status."""

    def poll() -> dict[str, Any] | None:
        items = organiser.get(f"{hook['path']}/deliveries")["items"]
        return items[0] if items and items[0]["status"] == status and items[0]["attempts"] else None

    return eventually(poll, 120)


def test_a_join_is_delivered_and_its_delivery_is_redacted_after_an_erasure(
    organiser: Api, hook: dict[str, Any], receiver: Receiver
) -> None:
    email = add_member(organiser)
    delivery = latest(organiser, hook, "delivered")
    (request,) = receiver.came
    assert Verifier(hook["secret"]).verify(request.body, request.headers)["data"]["email"] == email
    assert delivery["delivery_id"] == request.headers["webhook-id"]
    assert organiser.call("DELETE", f"/v1/customers/{email}").status_code == 202

    def poll() -> bool | None:
        return email not in str(organiser.get(f"{hook['path']}/deliveries")) or None

    assert eventually(poll, 120)


def test_a_failed_delivery_is_retried_when_due_and_a_gone_receiver_is_disabled_with_a_mail(
    stack: Stack, stack_clock: StackClock, organiser: Api, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.answers = [answer(500)] * 5
    add_member(organiser)
    pending = latest(organiser, hook, "pending")
    # The worker that met the failure asks for the next one as its last.
    eventually(lambda: StackAdmin(stack).message_counts("Webhooks")["Delayed"])
    receiver.answers = []
    stack_clock.advance(1, "days")
    assert stack.local("/schedules/expiry/run", {})["waiting"] == []
    assert latest(organiser, hook, "delivered")["delivery_id"] == pending["delivery_id"]

    receiver.answers = [answer(410)]
    organiser.post(f"{hook['path']}/deliveries/{pending['delivery_id']}/replay")

    def disabled_reason() -> str | None:
        return organiser.get(hook["path"])["disabled_reason"]

    assert eventually(disabled_reason, 120) == "gone"

    def mail_is_sent() -> bool | None:
        subjects = [mail["subject"] for mail in organiser.wait_for_mails("organiser@demo.example")]
        return f"Webhook disabled: {hook['webhook_id']}" in subjects or None

    assert eventually(mail_is_sent, 120)


def test_a_webhook_that_leads_into_a_private_network_is_refused(organiser: Api) -> None:
    for url in ("https://10.0.0.1/", "http://192.168.0.1/", "https://[::ffff:127.0.0.1]/"):
        refusal = organiser.call("PUT", "/v1/webhooks/inside", {"url": url, "events": EVENTS})
        assert (refusal.status_code, refusal.json()["code"]) == (422, "url_not_allowed")
