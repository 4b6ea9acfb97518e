"""The mail function: woken by the stream and by the timer."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.events import stream
from guestlist.aws.items import packed
from guestlist.aws.table import Table
from guestlist.mail.delivery import LEASE, Deferred, pause
from guestlist.mail.model import MailKind, MailStatus, OutboxItem
from guestlist.mail.outbox import Outbox, as_stored, key_of
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


@pytest.fixture
def wired(dynalite: str, box: FakeMailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """The function on a table of its own, with mails that need no composing, at `NOW`."""
    table = new_table(dynalite)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(stream, "_outbox", lambda: Outbox(table))
    monkeypatch.setattr(stream, "mailbox", lambda: box)
    monkeypatch.setattr(stream, "_composers", lambda: dict.fromkeys(MailKind, a_mail))
    monkeypatch.setattr(stream.clock, "now", lambda: NOW)
    return table


def record(item: dict[str, Any], event_name: str = "INSERT", number: str = "1") -> dict[str, Any]:
    image = {"Keys": {}, "NewImage": packed(item), "SequenceNumber": number}
    return {"eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": image}


def woken(*records: dict[str, Any]) -> Any:
    return stream.send_mail({"Records": list(records)}, CONTEXT)


def kept(table: Table, item: OutboxItem) -> OutboxItem:
    table.put(as_stored(item))
    return item


@pytest.mark.behaviour(61)
def test_a_new_item_is_sent_once_however_often_the_stream_tells_of_it(wired: Table, box: FakeMailbox) -> None:
    told = record(as_stored(kept(wired, an_item())))
    assert [woken(told), woken(told, told)] == [{"batchItemFailures": []}] * 2
    assert [sent.reference for sent in box.mails] == [an_item().reference]


@pytest.mark.usefixtures("wired")
def test_records_of_other_items_are_passed_over(box: FakeMailbox) -> None:
    assert woken(record({"pk": "O#demo", "sk": "ORGANISER"})) == {"batchItemFailures": []}
    assert box.mails == []


def test_an_item_that_is_put_back_is_left_to_the_timer(wired: Table, box: FakeMailbox) -> None:
    item = kept(wired, an_item(due_at=NOW + LEASE))
    woken(record(as_stored(item), "MODIFY"))
    assert stream.send_left(CONTEXT) == 0
    assert box.mails == []


def test_a_mail_that_fails_comes_again_without_the_others(wired: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = kept(wired, an_item(reference="good")), kept(wired, an_item(reference="bad"))

    def refuse_bad(sent: Any) -> None:
        if sent.reference == "bad":
            raise TimeoutError

    monkeypatch.setattr(stream, "mailbox", lambda: FakeMailbox(before=refuse_bad))
    answer = woken(record(as_stored(good), number="1"), record(as_stored(bad), number="2"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert Outbox(wired).read(key_of(good)).status is MailStatus.SENT  # type: ignore[union-attr]


def test_the_timer_sends_what_is_due_though_one_of_them_fails(
    wired: Table, box: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reference in ("a", "broken", "c"):
        kept(wired, an_item(reference=reference))

    def compose(item: OutboxItem) -> Any:
        if item.reference == "broken":
            raise TimeoutError
        return a_mail(item)

    monkeypatch.setattr(stream, "_composers", lambda: dict.fromkeys(MailKind, compose))
    assert stream.send_left(CONTEXT) == 3
    assert sorted(sent.reference for sent in box.mails) == ["a", "c"]


def test_the_timer_leaves_to_the_next_one_what_it_has_no_time_for(wired: Table, box: FakeMailbox) -> None:
    for reference in ("a", "b", "c"):
        kept(wired, an_item(reference=reference))
    left = iter([LONG, LONG, 59_000])
    short = SimpleNamespace(get_remaining_time_in_millis=lambda: next(left))
    assert stream.send_left(short) == 2
    assert len(box.mails) == 2
    assert stream.send_left(CONTEXT) == 1
    assert len(box.mails) == 3


def test_a_wave_that_the_mailbox_slows_down_is_put_back_and_sent_later(
    wired: Table, box: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [kept(wired, an_item(reference=f"r{n}", kind=MailKind.WELCOME)) for n in range(5)]

    def too_often(_sent: Any) -> None:
        raise Deferred("the mailbox is asked too often")

    monkeypatch.setattr(stream, "mailbox", lambda: FakeMailbox(before=too_often))
    assert woken(*(record(as_stored(item), number=str(n)) for n, item in enumerate(items))) == {"batchItemFailures": []}
    monkeypatch.setattr(stream, "mailbox", lambda: box)
    assert stream.send_left(CONTEXT) == 0
    monkeypatch.setattr(stream.clock, "now", lambda: NOW + pause(1))
    assert stream.send_left(CONTEXT) == 5
    assert sorted(sent.reference for sent in box.mails) == [item.reference for item in items]


@pytest.mark.usefixtures("stored")
def test_there_is_somebody_to_write_each_kind_of_mail() -> None:
    assert set(stream._composers()) == set(MailKind)  # noqa: SLF001 - what the tests above replace


def test_no_address_reaches_the_log(wired: Table, caplog: pytest.LogCaptureFixture) -> None:
    woken(record(as_stored(kept(wired, an_item()))))
    logged = str([vars(one) for one in caplog.records])
    assert an_item().reference in logged
    assert "ann@example.org" not in logged
