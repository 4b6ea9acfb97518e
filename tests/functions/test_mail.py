"""The mail function, invoked by the stream and by the timer."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.bootstrap import webhooks
from chalicelib.events import changes, stream
from guestlist.aws.items import marshal_item
from guestlist.aws.sqs import NotQueued, WelcomeQueue, mails_in
from guestlist.aws.table import Table
from guestlist.mail.delivery import GRACE, LEASE, Deferred, retry_delay
from guestlist.mail.model import MailKind, MailStatus, NotSent, OutboxItem
from guestlist.mail.outbox import WELCOME_GRACE, Outbox, as_stored, key_of, pending_mail_write
from guestlist.mail.sending_rate import SendingRate
from tests.engines.tables import new_table
from tests.fakes.contexts import context
from tests.fakes.mail import NOW, FakeMailbox, a_mail, an_item

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
LONG = 240_000
CONTEXT = context("send_mail")


@pytest.fixture
def box() -> FakeMailbox:
    """The mailbox that mails land in."""
    return FakeMailbox()


class FakeQueue:
    """The queue of welcome mails: the bodies of its messages."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert (QueueUrl, len(Entries) <= 10) == ("welcomes", True)
        self.bodies += [one["MessageBody"] for one in Entries]
        return {}


@pytest.fixture
def waiting() -> FakeQueue:
    """The queue of welcome mails."""
    return FakeQueue()


@pytest.fixture
def waits() -> list[float]:
    """The waiting times of welcome mails for their send slots."""
    return []


@pytest.fixture
def mail_table(
    dynalite: str, box: FakeMailbox, waiting: FakeQueue, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Table]:
    """The functions on a table of their own, with mails that need no composing, at `NOW`."""
    table = new_table(dynalite)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(stream, "_outbox", lambda: Outbox(table))
    monkeypatch.setattr(stream, "mailbox", lambda: box)
    monkeypatch.setattr(stream, "_composers", lambda: dict.fromkeys(MailKind, a_mail))
    monkeypatch.setattr(stream.clock, "now", lambda: NOW)
    for module in (stream, changes):
        monkeypatch.setattr(module, "welcome_queue", lambda: WelcomeQueue(cast("Any", waiting), "welcomes"))
    monkeypatch.setattr(webhooks, "digest_key", lambda: b"")
    monkeypatch.setattr(stream, "sleep", waits.append)
    keep_pace(monkeypatch, table, rate=1000)
    return table


def keep_pace(monkeypatch: pytest.MonkeyPatch, table: Table, rate: float) -> None:
    """Have SES take so many mails in a second."""
    pace = SendingRate(table, rate)
    monkeypatch.setattr(stream, "_sending_rate", lambda: pace)


def welcomes(table: Table, count: int) -> list[OutboxItem]:
    return [store_item(table, an_item(reference=f"r{number:03d}", kind=MailKind.WELCOME)) for number in range(count)]


def spread(*items: OutboxItem) -> Any:
    return changes.route_changes({"Records": [record(as_stored(item)) for item in items]}, CONTEXT)


def deliver_message(body: str, name: str = "m1") -> Any:
    message = {"messageId": name, "body": body, "eventSource": "aws:sqs"}
    return stream.send_welcomes({"Records": [message]}, CONTEXT)


NONE_AGAIN: dict[str, Any] = {"batchItemFailures": []}


def record(item: dict[str, Any], event_name: str = "INSERT", number: str = "1") -> dict[str, Any]:
    image = {"Keys": {}, "NewImage": marshal_item(item), "SequenceNumber": number}
    return {"eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": image}


def deliver_stream(*records: dict[str, Any]) -> Any:
    return stream.send_mail({"Records": list(records)}, CONTEXT)


def store_item(table: Table, item: OutboxItem) -> OutboxItem:
    table.put(as_stored(item))
    return item


@pytest.mark.behaviour(61)
def test_a_mail_is_sent_once_although_the_stream_repeats_its_record(mail_table: Table, box: FakeMailbox) -> None:
    change = record(as_stored(store_item(mail_table, an_item())))
    assert [deliver_stream(change), deliver_stream(change, change)] == [{"batchItemFailures": []}] * 2
    assert [mail.reference for mail in box.mails] == [an_item().reference]


@pytest.mark.usefixtures("mail_table")
def test_records_of_other_items_are_ignored(box: FakeMailbox) -> None:
    assert deliver_stream(record({"pk": "O#demo", "sk": "ORGANISER"})) == {"batchItemFailures": []}
    assert box.mails == []


def test_a_deferred_mail_is_left_to_the_timer(mail_table: Table, box: FakeMailbox) -> None:
    item = store_item(mail_table, an_item(due_at=NOW + LEASE))
    deliver_stream(record(as_stored(item), "MODIFY"))
    assert stream.send_due_mails(CONTEXT) == 0
    assert box.mails == []


def test_a_failed_mail_is_retried_without_the_others(mail_table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = store_item(mail_table, an_item(reference="good")), store_item(mail_table, an_item(reference="bad"))

    def refuse_bad(mail: Any) -> None:
        if mail.reference == "bad":
            raise TimeoutError

    monkeypatch.setattr(stream, "mailbox", lambda: FakeMailbox(before=refuse_bad))
    answer = deliver_stream(record(as_stored(good), number="1"), record(as_stored(bad), number="2"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert Outbox(mail_table).get_item(key_of(good)).status is MailStatus.SENT  # type: ignore[union-attr]


def test_the_timer_sends_due_mails_although_one_fails(
    mail_table: Table, box: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reference in ("a", "broken", "c"):
        store_item(mail_table, an_item(reference=reference))

    def compose(item: OutboxItem) -> Any:
        if item.reference == "broken":
            raise TimeoutError
        return a_mail(item)

    monkeypatch.setattr(stream, "_composers", lambda: dict.fromkeys(MailKind, compose))
    assert stream.send_due_mails(CONTEXT) == 3
    assert sorted(mail.reference for mail in box.mails) == ["a", "c"]


def test_a_timer_short_of_time_leaves_mails_to_the_next_run(mail_table: Table, box: FakeMailbox) -> None:
    for reference in ("a", "b", "c"):
        store_item(mail_table, an_item(reference=reference))
    remaining_times = iter([LONG, LONG, 59_000])
    short = SimpleNamespace(get_remaining_time_in_millis=lambda: next(remaining_times))
    assert stream.send_due_mails(short) == 2
    assert len(box.mails) == 2
    assert stream.send_due_mails(CONTEXT) == 1
    assert len(box.mails) == 3


def test_welcome_mails_go_through_their_own_queue(mail_table: Table, box: FakeMailbox, waiting: FakeQueue) -> None:
    items = welcomes(mail_table, 120)
    spread(*items)
    assert (len(waiting.bodies), box.mails) == (12, [])
    assert [deliver_message(body) for body in waiting.bodies * 2] == [NONE_AGAIN] * 24
    assert [mail.reference for mail in box.mails] == [item.reference for item in items]


def test_a_failing_queue_makes_the_stream_repeat_the_records(
    mail_table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(FakeQueue):
        def send_message_batch(self, **_request: Any) -> dict[str, Any]:
            return {"Failed": [{"Id": "0"}]}

    monkeypatch.setattr(changes, "welcome_queue", lambda: WelcomeQueue(cast("Any", Full()), "welcomes"))
    with pytest.raises(NotQueued):
        spread(*welcomes(mail_table, 1))


def test_welcome_workers_together_leave_a_part_of_the_send_rate_to_other_mails(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    spread(*welcomes(mail_table, 40))
    for body in waiting.bodies:
        keep_pace(monkeypatch, mail_table, rate=10)  # each a worker of its own
        assert deliver_message(body) == NONE_AGAIN
    assert len(box.mails) == 40
    # Twos, of which four are four fifths of ten a second.
    assert waits == [second for second in range(5) for _ in range(4)]


def test_welcome_mails_without_a_send_slot_soon_are_queued_again_unsent(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_pace(monkeypatch, mail_table, rate=1)
    spread(*welcomes(mail_table, 30))
    answers = [deliver_message(body) for body in waiting.bodies]
    assert answers == [NONE_AGAIN, NONE_AGAIN, {"batchItemFailures": [{"itemIdentifier": "m1"}]}]
    assert len(box.mails) == 20


def test_send_slots_booked_in_the_future_delay_no_welcome_mail_after_the_clock_goes_back(mail_table: Table) -> None:
    pace, tomorrow = SendingRate(mail_table, rate=1), NOW + timedelta(days=1)
    while pace.book(1, tomorrow):
        pass
    assert pace.book(1, NOW) == NOW


def test_a_result_mail_does_not_wait_behind_a_million_welcome_mails(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_pace(monkeypatch, mail_table, rate=1)
    spread(*welcomes(mail_table, 30))
    for body in waiting.bodies:
        deliver_message(body)
    before = list(waits)
    assert deliver_stream(record(as_stored(store_item(mail_table, an_item(reference="result"))))) == NONE_AGAIN
    assert (box.mails[-1].reference, waits) == ("result", before)


def test_the_timer_sends_other_mails_before_it_queues_welcome_mails(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = welcomes(mail_table, 25)
    store_item(mail_table, an_item(reference="result"))
    remaining_times = iter([LONG, 59_000])
    assert stream.send_due_mails(SimpleNamespace(get_remaining_time_in_millis=lambda: next(remaining_times))) == 1
    assert [mail.reference for mail in box.mails] == ["result"]
    assert stream.send_due_mails(CONTEXT) == 25
    assert stream.send_due_mails(CONTEXT) == 0  # they are the queue's, for hours
    assert [len(mails_in(body)) for body in waiting.bodies] == [10, 10, 5]
    for body in waiting.bodies:
        deliver_message(body)
    assert len(box.mails) == 1 + len(items)
    monkeypatch.setattr(stream.clock, "now", lambda: NOW + WELCOME_GRACE)
    assert stream.send_due_mails(CONTEXT) == 0


def test_a_welcome_mail_that_the_queue_lost_is_queued_again_after_hours(
    mail_table: Table, waiting: FakeQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pending_mail_write("demo", MailKind.WELCOME, "lost", NOW, facts={"email": "ann@example.org"})
    mail_table.put(write.put or {})
    for after, count in ((GRACE, 0), (WELCOME_GRACE, 1)):
        monkeypatch.setattr(stream.clock, "now", lambda after=after: NOW + after)
        assert stream.send_due_mails(CONTEXT) == count
    assert len(waiting.bodies) == 1


def test_mails_that_the_mailbox_throttles_are_deferred_and_sent_later(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = welcomes(mail_table, 5)

    def too_often(_mail: Any) -> None:
        raise Deferred(NotSent.THROTTLED)

    monkeypatch.setattr(stream, "mailbox", lambda: FakeMailbox(before=too_often))
    spread(*items)
    assert deliver_message(waiting.bodies.pop()) == NONE_AGAIN
    monkeypatch.setattr(stream, "mailbox", lambda: box)
    assert stream.send_due_mails(CONTEXT) == 0
    monkeypatch.setattr(stream.clock, "now", lambda: NOW + retry_delay(1))
    assert stream.send_due_mails(CONTEXT) == 5
    deliver_message(waiting.bodies.pop())
    assert sorted(mail.reference for mail in box.mails) == [item.reference for item in items]


def test_a_welcome_mail_whose_worker_died_is_given_up_by_the_timer(
    mail_table: Table, box: FakeMailbox, waiting: FakeQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = welcomes(mail_table, 1)
    assert Outbox(mail_table).claim(item, NOW + LEASE)
    monkeypatch.setattr(stream.clock, "now", lambda: NOW + LEASE)
    assert stream.send_due_mails(CONTEXT) == 1
    assert Outbox(mail_table).get_item(key_of(item)).status is MailStatus.GIVEN_UP  # type: ignore[union-attr]
    assert (box.mails, waiting.bodies) == ([], [])


@pytest.mark.usefixtures("api_table")
def test_each_kind_of_mail_has_a_composer() -> None:
    assert set(stream._composers()) == set(MailKind)  # noqa: SLF001 - what the tests above replace


def test_no_address_reaches_the_log(mail_table: Table, caplog: pytest.LogCaptureFixture) -> None:
    deliver_stream(record(as_stored(store_item(mail_table, an_item()))))
    log_text = str([vars(one) for one in caplog.records])
    assert an_item().reference in log_text
    assert "ann@example.org" not in log_text
