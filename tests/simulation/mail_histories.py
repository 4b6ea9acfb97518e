"""Random histories of mails that are owed: workers and mailboxes fail, streams and queues tell of a mail again.

What the stream, the queue and the timer do here is what the functions do, each in a process of its own.
"""

from collections import Counter
from contextlib import suppress
from itertools import chain
from typing import Any

from guestlist.aws.items import unmarshal_item
from guestlist.mail.delivery import Deferred, deliver
from guestlist.mail.model import Mail, MailKind, MailStatus, NotSent, OutboxItem
from guestlist.mail.outbox import SORT_KEY, WELCOMES_DUE, Outbox, from_stored, key_of, pending_mail_write
from tests.fakes.mail import a_mail
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG
from tests.simulation.network import Faults, Model
from tests.simulation.virtual_time import Died

STORM = Faults(lost_request=0.03, lost_answer=0.03, dies=0.03, copied=0.03, skew=2)
_MAILS, _TRIES, _TIMER = 8, 3, 300.0
_DAYS = 3 * 24 * 3600.0


class _LostAnswer(Exception):
    """The mailbox did not say whether it took the mail."""


class MailHistory:
    """Some mails that are owed; `run` answers which laws their history broke."""

    def __init__(self, seed: int) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        self.send_counts: Counter[tuple[MailKind, str]] = Counter()
        self.owed: dict[tuple[MailKind, str], OutboxItem] = {}
        self.stormy = True

    def run(self) -> set[str]:
        """The broken laws."""
        model = self.model
        with model.running():
            model.engine.watch, model.network.faults = self._watch, STORM
            for number in range(_MAILS):
                model.time.spawn(lambda number=number: self._owe(number))
            for run in range(1, 4):
                model.time.spawn(self._timer, run * _TIMER)
            model.time.run(4 * _TIMER)
            model.network.faults, self.stormy = Faults(), False
            for _ in range(3):
                model.time.elapse(_DAYS)
                self._timer()
            model.time.run(model.time.now + _TIMER)
            return self._broken()

    def send(self, mail: Mail) -> None:
        """Send as a mailbox does, which may fail before or after it has sent."""
        chance = self.model.time.random.random() if self.stormy else 1.0
        if chance < 0.1:
            raise Deferred(NotSent.THROTTLED)
        if chance < 0.13:
            raise Died
        self.model.time.elapse(0.05)
        self.send_counts[mail.kind, mail.reference] += 1
        if chance < 0.16:
            raise Died
        if chance < 0.2:
            raise _LostAnswer

    # What is done

    def _owe(self, number: int) -> None:
        kind = MailKind.RESULT if number % 2 else MailKind.WELCOME
        self.model.time.elapse(self.model.time.random.expovariate(1))
        with suppress(*FAILURES):
            self.model.table().transact(pending_mail_write(ORG, kind, f"{number}", self.model.time.instant))

    def _watch(self, before: Any, after: Any) -> None:
        if after and not before and after["sk"]["S"] == SORT_KEY:
            item = from_stored(unmarshal_item(after))
            self.owed[item.kind, item.reference] = item
            for _ in range(self.model.time.random.choice([1, 1, 2])):
                self.model.time.spawn(lambda: self._notify(item), self.model.time.now + 0.2)

    def _notify(self, item: OutboxItem) -> None:
        """The stream or the queue tells a worker of a mail, and again where that failed."""
        for _ in range(_TRIES):
            try:
                self._deliver(item)
            except (*FAILURES, _LostAnswer):
                self.model.time.elapse(self.model.time.random.uniform(0.5, 400))
            else:
                return

    def _deliver(self, item: OutboxItem) -> None:
        now = self.model.clock()
        outbox = Outbox(self.model.table(now))
        current = outbox.get_item(key_of(item)) if item.kind is MailKind.WELCOME else item
        if current is not None and current.status in {MailStatus.OWED, MailStatus.SENDING}:
            deliver(current, outbox, self, a_mail, now())

    def _timer(self) -> None:
        now = self.model.clock()
        outbox = Outbox(self.model.table(now))
        with suppress(*FAILURES, _LostAnswer):
            for item in chain(outbox.due(now()), outbox.due(now(), WELCOMES_DUE)):
                if item.kind is MailKind.WELCOME and item.status is MailStatus.OWED:
                    self.model.time.spawn(lambda item=item: self._notify(item), self.model.time.now + 0.1)
                    outbox.mark_queued(item, now())
                else:
                    with suppress(_LostAnswer):
                        deliver(item, outbox, self, a_mail, now())

    # Laws

    def _broken(self) -> set[str]:
        broken = set()
        outbox = Outbox(self.model.table())
        for (kind, reference), item in self.owed.items():
            times, after = self.send_counts[kind, reference], outbox.get_item(key_of(item))
            if kind is MailKind.WELCOME and times > 1:
                broken.add("a welcome is sent at most once")
            if kind is MailKind.RESULT and times < 1:
                broken.add("a result mail is sent at least once")
            if after is None or after.status not in {MailStatus.SENT, MailStatus.GIVEN_UP}:
                broken.add("every mail comes to its end")
        return broken
