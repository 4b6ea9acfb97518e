"""Deliveries to a real receiver on loopback, which answers late, wrong, never, and twice."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import repeat
from threading import Event, Thread
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from chalicelib.bootstrap import webhook_sender
from chalicelib.bootstrap import webhooks as bootstrap
from chalicelib.bootstrap.webhook_sender import Sender
from chalicelib.events.webhooks import deliver_webhooks, wake_workers
from guestlist.aws.table import Table
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import Outbox
from guestlist.model import clock
from guestlist.webhooks.model import Delivery
from tests.fakes.contexts import context
from tests.fakes.receiver import OK, Receiver, answer, hooks_example, receiving
from tests.fakes.webhooks import a_delivery
from tests.functions.conftest import Api

pytestmark = [pytest.mark.filterwarnings("ignore:No application metrics"), pytest.mark.usefixtures("quick_time")]


class Time:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def quick_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit of half a second, and retries without jitter."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(webhook_sender, "send", Sender(0.5, monotonic, webhook_sender._trust))  # noqa: SLF001
    monkeypatch.setattr(bootstrap, "random", lambda: 0.5)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The pipeline's clock, which stands still."""
    clock_at_rest = Time(clock.now())
    monkeypatch.setattr(clock, "now", clock_at_rest.now)
    return clock_at_rest


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The receiver of the webhook `crm`."""
    with receiving() as hook_receiver:
        yield hook_receiver


@pytest.fixture
def secret(time: Time, call: Api, receiver: Receiver) -> str:
    """The webhook `crm` and its secret; the clock has moved on since."""
    new_secret: str = put(call, receiver)["secret"]
    time.at += timedelta(seconds=1)
    return new_secret


def put(call: Api, receiver: Receiver, webhook_id: str = "crm", **more: object) -> Any:
    return call(f"PUT /v1/webhooks/{webhook_id}", {"url": receiver.url, "events": ["code.held"], **more}).json


def due(subject: str = "order-1", sequence: str = "1", webhook_id: str = "crm") -> Delivery:
    delivery = a_delivery(webhook_id, subject, sequence, created_at=clock.now(), since=clock.now(), due_at=clock.now())
    bootstrap.deliveries().add_delivery(delivery)
    return delivery


def run(webhook_id: str = "crm", number: int = 1) -> None:
    body = json.dumps({"organiser_id": "demo", "webhook_id": webhook_id, "fresh": True})
    record = {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}
    assert deliver_webhooks({"Records": [record]}, context("deliver_webhooks")) == {"batchItemFailures": []}


def shown_delivery(call: Api, delivery: Delivery) -> SimpleNamespace:
    items = call(f"GET /v1/webhooks/{delivery.webhook_id}/deliveries").json["items"]
    return SimpleNamespace(**next(one for one in items if one["delivery_id"] == delivery.delivery_id))


def test_a_delivery_is_a_signed_post_of_its_payload(call: Api, secret: str, receiver: Receiver):
    delivery = due()
    run()
    (request,) = receiver.came
    assert request.line == "POST /hook?a=b HTTP/1.1"
    assert f"http://{request.headers['host']}/hook?a=b" == receiver.url
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == delivery.delivery_id
    assert Verifier(secret).verify(request.body, request.headers) == json.loads(delivery.body)
    view = shown_delivery(call, delivery)
    assert (view.status, view.next_attempt_at, view.answer) == ("delivered", None, "ok")
    assert [one["status_code"] for one in view.attempts] == [200]


@pytest.mark.usefixtures("secret")
def test_a_failed_delivery_is_retried_with_the_same_id_after_its_wait(call: Api, time: Time, receiver: Receiver):
    receiver.answers = [answer(500, b"out of order"), None, b"SSH-2.0-OpenSSH_9.6\r\n", OK]
    delivery = due()
    waits = []
    for _ in range(4):
        run()
        view = shown_delivery(call, delivery)
        run()
        if view.next_attempt_at is not None:
            following = datetime.fromisoformat(view.next_attempt_at)
            waits.append((following - time.at).total_seconds())
            time.at = following
    assert waits == [10, 40, 160]
    assert receiver.ids == [delivery.delivery_id] * 4
    assert [(one["status_code"], one["error"]) for one in view.attempts] == [
        (500, None),
        (None, "There was no response within 0.5 seconds."),
        (None, "The response was not HTTP."),
        (200, None),
    ]
    assert view.status == "delivered"


@pytest.mark.usefixtures("secret")
def test_a_response_that_trickles_in_is_not_awaited(call: Api, receiver: Receiver):
    receiver.answers = [drops(receiver)]
    delivery = due()
    run()
    (attempt,) = shown_delivery(call, delivery).attempts
    assert (attempt["status_code"], attempt["error"]) == (None, "There was no response within 0.5 seconds.")
    assert attempt["reason"] == "timeout"


def drops(receiver: Receiver) -> Iterator[bytes]:
    """An answer whose headers never end."""
    yield b"HTTP/1.1 200 OK\r\nX: "
    while not receiver.released.wait(0.1):
        yield b"x"


@pytest.mark.usefixtures("secret")
def test_one_kilobyte_of_the_response_is_read_and_stored(call: Api, receiver: Receiver):
    endless = (part for part in [b"HTTP/1.1 200 OK\r\n\r\n", *repeat(b"x" * 100, 20)])
    receiver.answers = [endless, answer(500, b"\xff" * 2000)]
    first, second = due("one"), due("two")
    run()
    assert sorted(len(shown_delivery(call, one).answer) for one in (first, second)) == [1024, 1024]


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(call: Api, receiver: Receiver, status: int):
    with receiving() as elsewhere:
        receiver.answers = [answer(status, b"", f"Location: {elsewhere.url}")]
        delivery = due()
        run()
        assert elsewhere.came == []
    assert [one["status_code"] for one in shown_delivery(call, delivery).attempts] == [status]
    assert shown_delivery(call, delivery).status == "pending"


@pytest.mark.usefixtures("secret")
def test_later_deliveries_of_a_subject_wait_for_a_failed_one_and_other_subjects_do_not(time: Time, receiver: Receiver):
    first, second = due("order-1", "1"), due("order-1", "2")
    receiver.answers = [answer(503)]
    run()
    other = due("order-2", "1")
    run(number=2)
    assert receiver.ids == [first.delivery_id, other.delivery_id]
    time.at += timedelta(seconds=10)
    run(number=3)
    assert receiver.ids[2:] == [first.delivery_id, second.delivery_id]


@pytest.mark.usefixtures("secret")
def test_deliveries_of_a_subject_stored_out_of_order_are_sent_in_order(receiver: Receiver):
    deliveries = [due("order-1", sequence) for sequence in ("3", "1", "2")]
    run()
    assert receiver.ids == [deliveries[number].delivery_id for number in (1, 2, 0)]


@pytest.mark.usefixtures("secret")
def test_a_receiver_that_never_answers_delays_no_other(call: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook_sender, "send", Sender(60, monotonic, webhook_sender._trust))  # noqa: SLF001
    with receiving() as quick:
        put(call, quick, "quick")
        receiver.answers = [None] * 20
        slow = [due(f"order-{number}") for number in range(20)]
        waiting = Thread(target=run)
        waiting.start()
        assert receiver.arrived.wait(30)
        fast = [due(f"order-{number}", webhook_id="quick") for number in range(20)]
        run("quick", number=2)
        assert sorted(quick.ids) == sorted(delivery.delivery_id for delivery in fast)
        assert waiting.is_alive()
        assert shown_delivery(call, slow[0]).status == "pending"
        receiver.released.set()
        waiting.join()


@pytest.mark.usefixtures("secret")
def test_one_worker_serves_a_webhook_and_looks_again_after_a_wake_up(receiver: Receiver):
    receiver.answers = [OK]
    hold = bootstrap.workers().claim("demo", "crm", "other", clock.now(), clock.now() + timedelta(minutes=5))
    assert hold is not None
    due()
    run()
    assert receiver.came == []
    assert not bootstrap.workers().release("demo", "crm", "other", hold)
    assert bootstrap.workers().release("demo", "crm", "other", hold)
    run()
    assert len(receiver.came) == 1


@pytest.mark.usefixtures("secret")
def test_a_webhook_whose_worker_died_is_resumed(time: Time, receiver: Receiver, api_table: Table):
    assert api_table
    bootstrap.workers().claim("demo", "crm", "dead", time.at, time.at + timedelta(minutes=5))
    delivery = due()
    time.at += timedelta(minutes=6)
    assert wake_workers(time.at) == 1
    run()
    assert receiver.ids == [delivery.delivery_id]


@pytest.mark.usefixtures("secret")
def test_a_delivery_is_set_aside_after_three_days_and_its_webhook_disabled_with_a_mail(
    call: Api, time: Time, receiver: Receiver, api_table: Table
):
    receiver.answers = [answer(500)] * 100
    delivery, start = due(), time.at
    while (view := shown_delivery(call, delivery)).status == "pending":
        time.at = datetime.fromisoformat(view.next_attempt_at)
        run(number=len(view.attempts))
    assert view.status == "set_aside"
    assert time.at == start + timedelta(days=3)
    webhook = call("GET /v1/webhooks/crm").json
    assert (webhook["enabled"], webhook["disabled_reason"]) == (False, "failing")
    mails = [item for item in Outbox(api_table).due(time.at + timedelta(days=1)) if item.kind is MailKind.WEBHOOK]
    assert [(item.facts["webhook_id"], item.facts["reason"]) for item in mails] == [("crm", "failing")]

    receiver.answers = []
    put(call, receiver)
    second = call(f"POST /v1/webhooks/crm/deliveries/{delivery.delivery_id}/replay")
    assert second.status == 202
    run()
    assert shown_delivery(call, delivery).status == "delivered"
    assert receiver.ids[-1] == delivery.delivery_id


@pytest.mark.usefixtures("secret")
def test_a_webhook_that_accepts_some_deliveries_is_not_disabled(call: Api, time: Time, receiver: Receiver):
    delivery, start = due("refused"), time.at
    while time.at < start + timedelta(days=3):
        receiver.answers = [answer(400)]
        run()
        due(f"accepted at {time.at}")
        run()
        time.at = datetime.fromisoformat(shown_delivery(call, delivery).next_attempt_at)
    receiver.answers = [answer(400)]
    run()
    assert shown_delivery(call, delivery).status == "set_aside"
    assert call("GET /v1/webhooks/crm").json["enabled"]


def test_during_a_rotation_a_delivery_verifies_with_either_secret(
    call: Api, time: Time, receiver: Receiver, secret: str
):
    new = call("POST /v1/webhooks/crm/rotate").json["secret"]
    due("one")
    run()
    time.at += timedelta(hours=24)
    due("two")
    run()
    both, after = (request.headers["webhook-signature"].split(" ") for request in receiver.came)
    assert (len(both), len(after)) == (2, 1)
    for request, secrets in zip(receiver.came, [(secret, new), (new,)], strict=True):
        for one in secrets:
            assert Verifier(one).verify(request.body, request.headers)


@pytest.mark.usefixtures("secret")
def test_nothing_is_sent_to_a_deleted_or_disabled_webhook(call: Api, receiver: Receiver):
    due()
    put(call, receiver, enabled=False)
    run()
    call("DELETE /v1/webhooks/crm")
    run(number=2)
    assert receiver.came == []


def test_a_delivery_connects_to_the_verified_address_and_verifies_the_hosts_certificate(
    time: Time, call: Api, monkeypatch: pytest.MonkeyPatch, tls_contexts: SimpleNamespace
):
    names: list[str | None] = []
    monkeypatch.setattr(webhook_sender, "send", Sender(5, monotonic, lambda: tls_contexts.client))
    monkeypatch.setattr(bootstrap, "resolve", lambda _host, _port: ["127.0.0.1"])
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving(tls_contexts.server, names.append))
        receiver.url = receiver.url.replace("127.0.0.1", "hooks.example")
        put(call, receiver)
        put(call, SimpleNamespace(url=receiver.url.replace("hooks", "wrong")), "wrong")  # type: ignore[arg-type]
        time.at += timedelta(seconds=1)
        good, bad = due(), due(webhook_id="wrong")
        run()
        run("wrong", number=2)
        assert names == ["hooks.example", "wrong.example"]
        assert receiver.came[0].headers["host"].startswith("hooks.example:")
        assert receiver.ids == [good.delivery_id]
    assert "certificate" in shown_delivery(call, bad).attempts[0]["error"]


def test_a_name_server_that_never_answers_is_not_awaited(monkeypatch: pytest.MonkeyPatch):
    answers = Event()
    monkeypatch.setattr(webhook_sender, "DNS_SECONDS", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_how: answers.wait() and [])
    try:
        assert webhook_sender.addresses("never.example", 443) == []
    finally:
        answers.set()


def test_a_host_has_the_addresses_that_it_resolves_to():
    assert set(webhook_sender.addresses("localhost", 443)) & {"127.0.0.1", "::1"}


@pytest.fixture
def tls_contexts() -> SimpleNamespace:
    """Contexts of a server with a certificate for `hooks.example`, and of a client that trusts its authority."""
    return hooks_example()
