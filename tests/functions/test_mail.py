"""The mail function: woken by the stream and by the timer."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import mail
from guestlist.aws.items import packed
from guestlist.aws.outbox import Outbox, as_stored, key_of
from guestlist.aws.table import Table
from guestlist.delivery import LEASE
from guestlist.mail import MailKind, MailStatus, OutboxItem
from tests.engines.tables import new_table
from tests.fakes.mail import NOW, FakeMailbox, a_mail, an_item

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
CONTEXT = SimpleNamespace(
    function_name="send_mail",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:000000000000:function:send_mail",
    aws_request_id="1",
)


@pytest.fixture
def box() -> FakeMailbox:
    """The mailbox that mails land in."""
    return FakeMailbox()


@pytest.fixture
def wired(dynalite: str, box: FakeMailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """The function on a table of its own, with mails that need no composing, at `NOW`."""
    table = new_table(dynalite)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(mail, "_outbox", lambda: Outbox(table))
    monkeypatch.setattr(mail, "mailbox", lambda: box)
    monkeypatch.setattr(mail, "_composers", lambda: dict.fromkeys(MailKind, a_mail))
    monkeypatch.setattr(mail.clock, "now", lambda: NOW)
    return table


def record(item: dict[str, Any], event_name: str = "INSERT", number: str = "1") -> dict[str, Any]:
    image = {"Keys": {}, "NewImage": packed(item), "SequenceNumber": number}
    return {"eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": image}


def woken(*records: dict[str, Any]) -> Any:
    return mail.send_mail({"Records": list(records)}, CONTEXT)


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
    assert mail.send_left() == 0
    assert box.mails == []


def test_a_mail_that_fails_comes_again_without_the_others(wired: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = kept(wired, an_item(reference="good")), kept(wired, an_item(reference="bad"))

    def refuse_bad(sent: Any) -> None:
        if sent.reference == "bad":
            raise TimeoutError

    monkeypatch.setattr(mail, "mailbox", lambda: FakeMailbox(before=refuse_bad))
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

    monkeypatch.setattr(mail, "_composers", lambda: dict.fromkeys(MailKind, compose))
    assert mail.send_left() == 3
    assert sorted(sent.reference for sent in box.mails) == ["a", "c"]


def test_no_address_reaches_the_log(wired: Table, capsys: pytest.CaptureFixture[str]) -> None:
    woken(record(as_stored(kept(wired, an_item()))))
    logged = capsys.readouterr()
    assert "ann@example.org" not in logged.out + logged.err
