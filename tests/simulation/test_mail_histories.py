"""Histories of mails on the model: a welcome at most once, a result mail at least once."""

from dataclasses import replace

import pytest

from guestlist.mail.model import MailKind
from guestlist.mail.outbox import Outbox
from tests.simulation.laws import broken_laws, broken_laws_by_seed
from tests.simulation.mail_histories import MailHistory

SEEDS = range(20)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_mails_breaks_a_law() -> None:
    assert broken_laws_by_seed(MailHistory, range(30)) == {}


def test_a_result_mail_may_be_repeated_and_a_welcome_mail_may_be_lost() -> None:
    histories = [MailHistory(seed) for seed in range(20)]
    for post in histories:
        post.run()
    times = {
        kind: {post.send_counts[one] for post in histories for one in post.owed if one[0] is kind} for kind in MailKind
    }
    assert max(times[MailKind.RESULT]) > 1
    assert times[MailKind.WELCOME] == {0, 1}


def test_a_mail_that_is_sent_without_being_claimed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outbox, "claim", lambda _self, item, _until: replace(item, attempts=1))
    assert "a welcome is sent at most once" in broken_laws(MailHistory, SEEDS)


def test_a_result_mail_that_is_given_up_with_its_worker_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MailKind, "is_repeatable", property(lambda _: False))
    assert "a result mail is sent at least once" in broken_laws(MailHistory, SEEDS)
