"""A checkout without a table: the flows of `Shop`, on a ledger and a list in memory."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from guestlist.aws.keys import counter
from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.checkout.check import check
from guestlist.checkout.counting import NO_USES, balance, requests_to_verify
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.recovery import hold_note
from guestlist.checkout.redeem import Outcome, RedeemAttempt, redeem
from guestlist.checkout.redemption import CounterKey
from guestlist.checkout.release import return_lapsed_hold
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import CheckResponse, RedemptionResult
from guestlist.checkout.rows import Row, sorted_rows
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry, code_key
from tests.fakes.ledger import FakeLedger, FakeLists
from tests.unit.checkout.builders import NOW, group, redemption_request, state


class InMemoryShop:
    """One target group of one organiser."""

    def __init__(self) -> None:
        self.now = NOW
        self.ledger = FakeLedger()
        self._rows: Sequence[Row] = ()
        self._attempts = count()

    def lists(self, *rows: Entry, mode: Mode = Mode.REPLACE) -> None:
        """Replace the list by these rows."""
        _ = mode
        spots = [CounterKey(*counter("demo", "list", entry.identity, b"")) for entry in rows]
        self._rows = sorted_rows(
            Row(group(), entry, counter_key) for entry, counter_key in zip(rows, spots, strict=True)
        )

    def ask(self, **more: Any) -> CheckResponse:
        """The answer to a check."""
        question = CheckRequest(**more)
        rows = self._of(question.code)
        uses = self.ledger.uses(rows[0].counter_key.partition, self.now, whole=True) if rows else NO_USES
        redemptions = self.ledger.redemptions(requests_to_verify(uses, self.now))
        counted_rows = tuple(
            row._replace(balance=balance(uses, row.counter_key, redemptions, self.now)) for row in rows
        )
        return check(question, state(rows=counted_rows), self.now)

    def take(self, order_id: str, **more: Any) -> Outcome:
        """The outcome of a redemption."""
        ask = redemption_request(order_id, **more)
        lists = FakeLists(self.ledger, self._of(ask.code), self.now)
        redeem_attempt = RedeemAttempt(
            request=ask,
            request_key=ask.request(b""),
            ledger=self.ledger,
            lists=lists,
            attempt_id=self.attempt(),
            now=self.now,
        )
        return redeem(redeem_attempt, self.ledger.redemption(ask.request(b"")), RestrictionIndex())

    def confirm(self, redemption_id: str) -> RedemptionResult:
        """The confirmed hold."""
        return confirm(self.ledger, redemption_id, self.now)

    def release(self, redemption_id: str, **more: Any) -> RedemptionResult:
        """The redemption after its release."""
        return release(self.ledger, redemption_id, self.attempt(), self.now, **more)

    def tidy(self) -> None:
        """Run the timer's cleanup of holds."""
        for redemption in list(self.ledger.made.values()):
            hold = hold_note(redemption)
            if hold is not None and redemption.has_lapsed(self.now):
                return_lapsed_hold(self.ledger, hold, self.attempt(), self.now)

    def attempt(self) -> str:
        """An id that no other attempt has."""
        return f"try-{next(self._attempts)}"

    def _of(self, code: str | None) -> list[Row]:
        return [row for row in self._rows if row.entry.key == code_key(code or "")]
