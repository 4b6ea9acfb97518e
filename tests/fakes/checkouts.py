"""Checkouts that use a code with two rows on a ledger, and the conditions that must hold afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guestlist.aws.keys import counter
from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.checkout.counting import Step, TakeStep, Uses
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.ports import Ledger
from guestlist.checkout.recovery import complete_step, hold_note, hold_of_step
from guestlist.checkout.redeem import RedeemAttempt, redeem
from guestlist.checkout.redemption import CounterKey, RedemptionRequest
from guestlist.checkout.release import return_lapsed_hold
from guestlist.checkout.response import RedemptionResult
from guestlist.checkout.rows import Row
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry
from tests.fakes.interleaving import Interleaving
from tests.fakes.ledger import FakeLedger, FakeLists
from tests.unit.checkout.builders import NOW, group, redemption_request

LIST, KEYED_LIST = group("list"), group("list-k")
SEATS = ("", "North-1")
ORDERS = 3
HOLD = 30
LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Action:
    """A call of a checkout, `after` so many seconds; it confirms or releases the first redemption of its order."""

    kind: str
    order: int = 0
    quantity: int = 1
    hold: int | None = None
    after: int = 0
    call: str | None = None

    @property
    def ask(self) -> RedemptionRequest:
        return redemption_request(f"order-{self.order}", quantity=self.quantity, hold_seconds=self.hold)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.after)


class World:
    """The code `testing1` with a row for any seat and a row for one, each with its quantity."""

    def __init__(
        self, ledger: Any, quantities: tuple[int, int] = (2, 1), org: str = "demo", owner: IndexedGroup = LIST
    ) -> None:
        self.ledger = ledger
        self.rows = [_row(org, owner, seat, quantity) for seat, quantity in zip(SEATS, quantities, strict=True)]
        self.attempts = 0

    def flow(self, action: Action) -> Callable[[Callable[[Any], Any]], Any]:
        """The action as a flow for an `Interleaving`; each time it is another attempt."""
        self.attempts += 1
        attempt = f"try-{self.attempts}"

        def run(in_line: Callable[[Any], Any]) -> Any:
            ledger: Ledger = in_line(self.ledger)
            if action.kind == "confirm":
                return confirm(ledger, f"{action.ask.request(b'')}-1", action.now)
            if action.kind == "release":
                return release(
                    ledger,
                    f"{action.ask.request(b'')}-1",
                    attempt,
                    action.now,
                    quantity=action.quantity,
                    call=action.call,
                )
            lists = in_line(FakeLists(self.ledger, self.rows, action.now))
            redeem_attempt = RedeemAttempt(
                request=action.ask,
                request_key=action.ask.request(b""),
                ledger=ledger,
                lists=lists,
                attempt_id=attempt,
                now=action.now,
            )
            return redeem(redeem_attempt, ledger.redemption(action.ask.request(b"")), RestrictionIndex())

        return run

    def does(self, *actions: Action) -> list[Any]:
        """The responses or errors of undisturbed actions in sequence."""
        calm = Interleaving(lambda _: (0, ""))
        return [calm.run(self.flow(action))[0] for action in actions]

    def result_of(self, action: Action) -> RedemptionResult:
        """The result of an undisturbed action."""
        (outcome,) = self.does(action)
        answer: RedemptionResult = getattr(outcome, "result", outcome)
        return answer

    def sums(self, one: Row) -> tuple[int, int]:
        """The uses by the row's counter, and by its redemptions."""
        requests = [Action("take", order).ask.request(b"") for order in range(ORDERS)]
        redemptions = self.ledger.redemptions(requests).values()
        return self.ledger.counter(one.counter_key).uses_taken, sum(
            each.outstanding for each in redemptions if each.counter_key == one.counter_key
        )

    def uses(self, now: datetime) -> Uses:
        """All uses of the code."""
        uses: Uses = self.ledger.uses(self.rows[0].counter_key.partition, now, whole=True)
        return uses

    def never_too_many(self) -> None:
        """Check that no row was ever redeemed beyond its quantity."""
        for one in self.rows:
            counted, outstanding = self.sums(one)
            assert outstanding <= counted <= one.entry.quantity
        if isinstance(self.ledger, FakeLedger):
            assert [one for one in self.ledger.made.values() if one.is_on_counter and not self.ledger.named(one)] == []

    def mended(self, now: datetime) -> None:
        """Run the timer later, repeatedly, as one step may reveal another."""
        for _ in range(2):
            for counter_key, step in self.uses(now).steps():
                redemption = hold_of_step(self.ledger, step)
                if redemption is None:
                    complete_step(self.ledger, counter_key, step)
                elif redemption.has_lapsed(now):
                    return_lapsed_hold(self.ledger, hold_note(redemption), "timer", now)
            for hold in self.uses(now).lapsed:
                return_lapsed_hold(self.ledger, hold, "timer", now)

    def exact(self, now: datetime) -> None:
        """Check that no step is unfinished, no hold lapsed unnoticed, and counters agree with redemptions."""
        uses = self.uses(now)
        assert [step for _, step in uses.steps() if not self._keeps_step(step, now)] == []
        assert uses.lapsed == ()
        assert [counted for counted, _ in map(self.sums, self.rows)] == [had for _, had in map(self.sums, self.rows)]

    def _keeps_step(self, step: Step, now: datetime) -> bool:
        redemption = self.ledger.redemption(step.request)
        is_active = redemption is not None and redemption.is_active(now)
        return is_active and isinstance(step, TakeStep) and redemption.keeps_step(step.redemption)


def _row(org: str, owner: IndexedGroup, seat: str, quantity: int) -> Row:
    entry = Entry("testing1", seat=seat, quantity=quantity)
    return Row(owner, entry, CounterKey(*counter(org, owner.group_id, entry.identity, b"")))
