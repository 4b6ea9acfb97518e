"""Delivery of a mail: sent, deferred or given up."""

from datetime import timedelta

import pytest

from guestlist.mail.delivery import GRACE, LEASE, MAX_ATTEMPTS, Deferred, Outcome, Refused, deliver, retry_delay
from guestlist.mail.model import Mail, MailKind, MailStatus, NotSent, OutboxItem
from tests.fakes.crash_injection import Killed
from tests.fakes.mail import NOW, FakeMailbox, FakeOutbox, a_mail, an_item

BOTH = pytest.mark.parametrize("kind", list(MailKind))


def died(_mail: object) -> None:
    raise Killed


def raises(error: Exception):
    def raise_it(_mail: Mail) -> None:
        raise error

    return raise_it


@BOTH
def test_a_due_mail_is_sent_once_and_recorded(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    assert deliver(item, outbox, mailbox, a_mail, NOW) is Outcome.SENT
    assert [mail.reference for mail in mailbox.mails] == [item.reference]
    assert (outbox.now(item).status, outbox.now(item).sent_at, outbox.now(item).due_at) == (MailStatus.SENT, NOW, None)


@BOTH
@pytest.mark.behaviour(61)
def test_the_same_stream_record_again_sends_nothing(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    deliver(item, outbox, mailbox, a_mail, NOW)
    assert deliver(item, outbox, mailbox, a_mail, NOW) is Outcome.TAKEN
    assert len(mailbox.mails) == 1


@BOTH
def test_of_two_workers_at_once_one_sends(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox = FakeOutbox(item)
    second = FakeMailbox()
    inner = []
    first = FakeMailbox(before=lambda _mail: inner.append(deliver(item, outbox, second, a_mail, NOW)))
    assert deliver(item, outbox, first, a_mail, NOW) is Outcome.SENT
    assert (inner, len(first.mails), len(second.mails)) == ([Outcome.TAKEN], 1, 0)


@pytest.mark.behaviour(61)
def test_a_result_mail_whose_worker_died_before_sending_is_sent_when_its_lease_ends() -> None:
    item = an_item()
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    with pytest.raises(Killed):
        deliver(item, outbox, FakeMailbox(before=died), a_mail, NOW)
    remaining = outbox.now(item)
    assert deliver(remaining, outbox, mailbox, a_mail, NOW + LEASE / 2) is Outcome.TAKEN
    assert deliver(remaining, outbox, mailbox, a_mail, NOW + LEASE) is Outcome.SENT
    assert len(mailbox.mails) == 1


def test_a_result_mail_whose_worker_died_before_its_note_goes_out_again_under_the_same_reference() -> None:
    item = an_item()
    outbox, first, second = FakeOutbox(item), FakeMailbox(after=died), FakeMailbox()
    with pytest.raises(Killed):
        deliver(item, outbox, first, a_mail, NOW)
    assert deliver(outbox.now(item), outbox, second, a_mail, NOW + LEASE) is Outcome.SENT
    assert [mail.reference for mail in first.mails + second.mails] == [item.reference] * 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_welcome_mail_whose_worker_died_is_never_sent_again(when: str) -> None:
    item = an_item(kind=MailKind.WELCOME)
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    with pytest.raises(Killed):
        deliver(item, outbox, FakeMailbox(**{when: died}), a_mail, NOW)
    assert deliver(outbox.now(item), outbox, mailbox, a_mail, NOW + LEASE) is Outcome.GIVEN_UP
    assert deliver(outbox.now(item), outbox, mailbox, a_mail, NOW + 2 * LEASE) is Outcome.TAKEN
    assert mailbox.mails == []


@BOTH
def test_a_mail_stays_due_if_a_worker_dies_composing_it(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    with pytest.raises(Killed):
        deliver(item, outbox, mailbox, died, NOW)
    assert deliver(outbox.now(item), outbox, mailbox, a_mail, NOW) is Outcome.SENT


@BOTH
def test_a_deferred_mail_is_due_again_later(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox = FakeOutbox(item)
    busy = FakeMailbox(before=raises(Deferred(NotSent.THROTTLED)))
    assert deliver(item, outbox, busy, a_mail, NOW) is Outcome.PUT_BACK
    assert outbox.now(item).due_at == NOW + retry_delay(1)
    assert deliver(outbox.now(item), outbox, FakeMailbox(), a_mail, NOW + retry_delay(1)) is Outcome.SENT


def test_a_mail_deferred_for_about_a_day_is_given_up() -> None:
    item = an_item(attempts=MAX_ATTEMPTS - 1)
    outbox = FakeOutbox(item)
    busy = FakeMailbox(before=raises(Deferred(NotSent.SENDING_PAUSED)))
    assert deliver(item, outbox, busy, a_mail, NOW) is Outcome.GIVEN_UP
    assert outbox.now(item).given_up == NotSent.SENDING_PAUSED
    total = sum((retry_delay(attempt) for attempt in range(1, MAX_ATTEMPTS)), timedelta())
    assert timedelta(hours=23) < total < timedelta(hours=26)


@BOTH
def test_a_refused_mail_is_given_up_with_the_reason(kind: MailKind) -> None:
    item = an_item(kind=kind)
    outbox = FakeOutbox(item)
    mailbox = FakeMailbox(before=raises(Refused(NotSent.BOUNCED)))
    assert deliver(item, outbox, mailbox, a_mail, NOW) is Outcome.GIVEN_UP
    assert outbox.now(item).given_up == NotSent.BOUNCED


def test_a_lost_response_repeats_a_result_mail_only_after_its_lease() -> None:
    item = an_item()
    outbox, mailbox = FakeOutbox(item), FakeMailbox()
    with pytest.raises(TimeoutError):
        deliver(item, outbox, FakeMailbox(before=raises(TimeoutError())), a_mail, NOW)
    assert deliver(outbox.now(item), outbox, mailbox, a_mail, NOW) is Outcome.TAKEN
    assert deliver(outbox.now(item), outbox, mailbox, a_mail, NOW + LEASE) is Outcome.SENT


def test_a_mail_without_a_recipient_is_given_up() -> None:
    item = an_item()
    outbox, mailbox = FakeOutbox(item), FakeMailbox()

    def nobody(_item: OutboxItem) -> None:
        return None

    assert deliver(item, outbox, mailbox, nobody, NOW) is Outcome.GIVEN_UP
    assert mailbox.mails == []


def test_the_timers_grace_is_shorter_than_a_lease() -> None:
    assert timedelta() < GRACE < LEASE
