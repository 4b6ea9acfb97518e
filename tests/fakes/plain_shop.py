"""A checkout without a table: the same flows as in `Shop`, on a ledger in memory and a list that is a list."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from guestlist.aws.keys import counter
from guestlist.checkout.answer import Answer, Redeemed
from guestlist.checkout.check import check
from guestlist.checkout.counting import NOTHING, balance, doubtful
from guestlist.checkout.give import lapse
from guestlist.checkout.hold import confirm, release
from guestlist.checkout.question import Question
from guestlist.checkout.redeem import Outcome, Till, redeem
from guestlist.checkout.redemption import Spot
from guestlist.checkout.rows import Row, sorted_rows
from guestlist.checkout.settle import noted
from guestlist.entry import Entry, code_key
from guestlist.imports.record import Mode
from guestlist.restriction import RestrictionIndex
from tests.fakes.ledger import FakeLedger, FakeLists
from tests.unit.checkout.build import NOW, group, state, wanted


class PlainShop:
    """One target group of one organiser."""

    def __init__(self) -> None:
        self.now = NOW
        self.ledger = FakeLedger()
        self._rows: Sequence[Row] = ()
        self._attempts = count()

    def lists(self, *rows: Entry, mode: Mode = Mode.REPLACE) -> None:
        """The list has been replaced by these rows."""
        _ = mode
        spots = [Spot(*counter("demo", "list", entry.identity)) for entry in rows]
        self._rows = sorted_rows(Row(group(), entry, spot) for entry, spot in zip(rows, spots, strict=True))

    def ask(self, **more: Any) -> Answer:
        """The answer to a question."""
        question = Question(**more)
        rows = self._of(question.code)
        uses = self.ledger.uses(rows[0].spot.partition, self.now, whole=True) if rows else NOTHING
        known = self.ledger.redemptions(doubtful(uses, self.now))
        seen = tuple(row._replace(balance=balance(uses, row.spot, known, self.now)) for row in rows)
        return check(question, state(rows=seen), self.now)

    def take(self, order_id: str, **more: Any) -> Outcome:
        """What a request for a redemption comes to."""
        ask = wanted(order_id, **more)
        lists = FakeLists(self.ledger, self._of(ask.code), self.now)
        till = Till(ask=ask, ledger=self.ledger, lists=lists, attempt=self.attempt(), now=self.now)
        return redeem(till, self.ledger.redemption(ask.request), RestrictionIndex())

    def confirm(self, redemption_id: str) -> Redeemed:
        """The confirmed hold."""
        return confirm(self.ledger, redemption_id, self.now)

    def release(self, redemption_id: str, **more: Any) -> Redeemed:
        """The redemption after its release."""
        return release(self.ledger, redemption_id, self.attempt(), self.now, **more)

    def tidy(self) -> None:
        """What the timer does about holds."""
        for made in list(self.ledger.made.values()):
            hold = noted(made)
            if hold is not None and made.lapsed(self.now):
                lapse(self.ledger, hold, self.attempt(), self.now)

    def attempt(self) -> str:
        """An id that no other attempt has."""
        return f"try-{next(self._attempts)}"

    def _of(self, code: str | None) -> list[Row]:
        return [row for row in self._rows if row.entry.key == code_key(code or "")]
