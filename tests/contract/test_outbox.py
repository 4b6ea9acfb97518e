"""The outbox keeps promises the same way in memory and in the table of both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from guestlist.aws.table import ConditionFailed, Table
from guestlist.mail.delivery import GRACE, Outcome, deliver
from guestlist.mail.model import MailKind, MailStatus, NotSent, OutboxItem
from guestlist.mail.outbox import Outbox, as_stored, from_stored, key_of, pending_mail_write
from tests.engines.tables import new_table
from tests.fakes.mail import NOW, FakeMailbox, FakeOutbox, a_mail, an_item

OutboxAndReader = tuple[FakeOutbox | Outbox, Callable[[OutboxItem], OutboxItem]]


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def outbox_and_reader(request: pytest.FixtureRequest) -> OutboxAndReader:
    """An outbox that holds `an_item()`, and a function that reads an item as it is stored."""
    if request.param == "memory":
        fake = FakeOutbox(an_item())
        return fake, fake.now
    table = new_table(request.getfixturevalue(request.param))
    table.put(as_stored(an_item()))
    return Outbox(table), lambda item: from_stored(table.get(key_of(item)))


def test_a_claimed_mail_counts_an_attempt_and_is_due_when_the_claim_ends(outbox_and_reader: OutboxAndReader) -> None:
    outbox, now = outbox_and_reader
    until = NOW + timedelta(minutes=5)
    claimed_item = outbox.claim(an_item(), until)
    assert claimed_item == now(an_item()) == an_item(status=MailStatus.SENDING, attempts=1, due_at=until)


def test_a_claimed_mail_cannot_be_claimed_again(outbox_and_reader: OutboxAndReader) -> None:
    outbox, _ = outbox_and_reader
    outbox.claim(an_item(), NOW)
    assert outbox.claim(an_item(), NOW) is None


def test_a_worker_whose_claim_was_taken_over_cannot_record_a_result(outbox_and_reader: OutboxAndReader) -> None:
    outbox, now = outbox_and_reader
    first = outbox.claim(an_item(), NOW)
    assert first is not None
    second = outbox.claim(first, NOW + timedelta(minutes=5))
    assert second is not None
    assert (outbox.record_sent(first, NOW), outbox.put_back(first, NOW), outbox.give_up(first, NotSent.THROTTLED)) == (
        None,
        None,
        None,
    )
    assert now(an_item()) == second


def test_a_sent_mail_is_not_due(outbox_and_reader: OutboxAndReader) -> None:
    outbox, now = outbox_and_reader
    claimed_item = outbox.claim(an_item(), NOW)
    assert claimed_item is not None
    outbox.record_sent(claimed_item, NOW)
    assert now(an_item()) == an_item(status=MailStatus.SENT, attempts=1, sent_at=NOW, due_at=None)


def test_a_mail_given_up_records_why(outbox_and_reader: OutboxAndReader) -> None:
    outbox, now = outbox_and_reader
    outbox.give_up(an_item(), NotSent.NO_RECIPIENT)
    assert now(an_item()) == an_item(status=MailStatus.GIVEN_UP, given_up=NotSent.NO_RECIPIENT, due_at=None)


def test_a_mail_given_up_by_an_earlier_version_has_its_reason_as_a_sentence() -> None:
    stored = {**as_stored(an_item(status=MailStatus.GIVEN_UP)), "given_up": "there is nobody to send it to"}
    assert from_stored(stored).given_up == "there is nobody to send it to"


def test_a_deferred_mail_is_due_from_its_new_time(outbox_and_reader: OutboxAndReader) -> None:
    outbox, now = outbox_and_reader
    claimed_item = outbox.claim(an_item(), NOW)
    assert claimed_item is not None
    later = NOW + timedelta(hours=1)
    outbox.put_back(claimed_item, later)
    assert now(an_item()) == an_item(attempts=1, due_at=later)


def test_a_mail_is_added_once(table: Table) -> None:
    write = pending_mail_write("demo", MailKind.RESULT, "01h2x", NOW)
    assert write.put is not None
    table.put(write.put, when=write.when)
    with pytest.raises(ConditionFailed):
        table.put(write.put, when=write.when)


def test_a_pending_mail_stores_its_reference_and_no_name(table: Table) -> None:
    write = pending_mail_write("demo", MailKind.RESULT, "01h2x", NOW)
    assert write.put is not None
    table.put(write.put, when=write.when)
    assert sorted(table.get(key_of(an_item())) or {}) == sorted(
        ["pk", "sk", "organiser_id", "kind", "reference", "owed_at", "status", "attempts", "due_pk", "due_at", "facts"]
    )


def test_the_timer_finds_only_mails_that_the_stream_left(table: Table) -> None:
    outbox = Outbox(table)
    for reference in ("left", "sent", "fresh"):
        at = NOW if reference != "fresh" else NOW + timedelta(minutes=1)
        write = pending_mail_write("demo", MailKind.RESULT, reference, at)
        assert write.put is not None
        table.put(write.put, when=write.when)
    sent_item = outbox.get_item(key_of(an_item(reference="sent")))
    assert sent_item is not None
    deliver(sent_item, outbox, FakeMailbox(), a_mail, NOW)
    assert [item.reference for item in outbox.due(NOW + GRACE)] == ["left"]
    assert list(outbox.due(NOW + GRACE - timedelta(microseconds=1))) == []


@pytest.mark.behaviour(61)
def test_of_eight_concurrent_workers_one_sends(table: Table) -> None:
    table.put(as_stored(an_item()))
    mailbox = FakeMailbox()

    def work(_number: int) -> Outcome:
        return deliver(an_item(), Outbox(table), mailbox, a_mail, NOW)

    with ThreadPoolExecutor(8) as workers:
        outcomes = list(workers.map(work, range(8)))
    assert (outcomes.count(Outcome.SENT), outcomes.count(Outcome.TAKEN), len(mailbox.mails)) == (1, 7, 1)
