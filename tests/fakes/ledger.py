"""A ledger in memory, held to the same contract as the one in the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counter_sharding import MAX_STEPS, Bound
from guestlist.checkout.counting import NO_USES, Counter, HoldNote, ReturnStep, Step, TakeStep, Uses, return_slot
from guestlist.checkout.ledger_items import step_text
from guestlist.checkout.redemption import PARTS, CounterKey, Redemption, RedemptionRequest
from guestlist.checkout.rows import Row

FIRST_HOLDS = 25


class FakeLedger:
    """A ledger in memory, one call at a time."""

    def __init__(self) -> None:
        self.counters: dict[CounterKey, Counter] = {}
        self.made: dict[str, Redemption] = {}
        self.formers: dict[tuple[str, int], Redemption] = {}
        self.notes: dict[tuple[datetime, str, int, str], HoldNote] = {}
        self.names: set[tuple[CounterKey, str]] = set()

    def uses(self, partition: str, now: datetime, *, whole: bool = False) -> Uses:
        notes = [
            hold for _, hold in sorted(self.notes.items()) if hold.counter_key.first_counter.partition == partition
        ]
        upcoming = [hold for hold in notes if hold.until > now]
        first = len(upcoming) if whole else FIRST_HOLDS
        return Uses(
            counters={
                counter_key: counter
                for counter_key, counter in self.counters.items()
                if counter_key.first_counter.partition == partition
            },
            lapsed=tuple(hold for hold in notes if hold.until <= now),
            open=tuple(upcoming[:first]),
            has_more=not whole and len(upcoming) >= first,
        )

    def counter(self, counter_key: CounterKey) -> Counter:
        return self.counters.get(counter_key, Counter())

    def redemption(self, request: str) -> Redemption | None:
        return self.made.get(request)

    def former_redemption(self, request: str, generation: int) -> Redemption | None:
        return self.formers.get((request, generation))

    def redemptions(self, requests: Iterable[str]) -> Mapping[str, Redemption]:
        return {request: self.made[request] for request in requests if request in self.made}

    def begin_take(self, step: TakeStep, bound: Bound | None = None) -> Counter | None:
        redemption, counter = step.redemption, self.counter(step.redemption.counter_key)
        bound = bound or Bound(redemption.counter_key, redemption.limit)
        if (counter.share, counter.cap) != (bound.share, bound.cap) or len(counter.steps) >= MAX_STEPS:
            return None
        if step.request in counter.steps or counter.uses_taken + redemption.quantity > bound.limit:
            return None
        return self._set(
            redemption.counter_key, counter.uses_taken + redemption.quantity, {**counter.steps, step.request: step}
        )

    def begin_return(
        self, counter_key: CounterKey, step: ReturnStep, read: Counter, replaced: TakeStep | None = None
    ) -> bool:
        counter = self.counter(counter_key)
        there = counter.steps.get(step.request)
        if not _same(there, replaced) or (replaced is None and len(counter.steps) >= MAX_STEPS):
            return False
        if counter.return_count(step.request) != read.return_count(step.request):
            return False
        self._set(counter_key, counter.uses_taken, {**counter.steps, step.request: step})
        return True

    def end_step(self, counter_key: CounterKey, step: Step, returned: int = 0, *, keep_name: bool = False) -> bool:
        counter = self.counter(counter_key)
        if not _same(counter.steps.get(step.request), step):
            return False
        steps = {request: one for request, one in counter.steps.items() if request != step.request}
        updated_counter = self._set(counter_key, counter.uses_taken - returned, steps)
        slot = return_slot(step.request)
        returns = (
            {**updated_counter.returns, slot: updated_counter.return_count(step.request) + 1}
            if returned
            else updated_counter.returns
        )
        self.counters[counter_key] = updated_counter._replace(returns=returns)
        self.names -= {(counter_key, step.request)} if returned and isinstance(step, ReturnStep) else set()
        self.names |= {(counter_key, step.request)} if keep_name else set()
        return True

    def named(self, redemption: Redemption) -> bool:
        """Whether the counter of a redemption names its request."""
        name = redemption.counter_key, redemption.request
        return name in self.names or redemption.request in self.counter(redemption.counter_key).steps

    def split_counter(self, counter_key: CounterKey, share: int, quantity: int) -> bool:
        counter = self.counter(counter_key)
        if counter.share is not None or counter.uses_taken > quantity - PARTS * share:
            return False
        self.counters[counter_key] = counter._replace(share=share)
        return True

    def cap_counter(self, counter_key: CounterKey, part: Counter) -> bool:
        counter = self.counter(counter_key)
        if (counter.uses_taken, counter.cap) != (part.uses_taken, part.cap):
            return False
        self.counters[counter_key] = counter._replace(cap=part.uses_taken)
        return True

    def create_redemption(self, redemption: Redemption) -> bool:
        current = self.made.get(redemption.request)
        if current is not None and not (current.is_ended and current.generation == redemption.generation - 1):
            return False
        if current is not None:
            self.formers[current.request, current.generation] = current
        self.made[redemption.request] = redemption
        return True

    def update_redemption(self, redemption: Redemption) -> bool:
        current = self.made.get(redemption.request)
        is_current = current and (current.generation, current.revision) == (redemption.generation, redemption.revision)
        if is_current:
            self.made[redemption.request] = replace(redemption, revision=redemption.revision + 1)
        return bool(is_current)

    def save_hold_note(self, note: HoldNote) -> None:
        self.notes[_name(note)] = note

    def delete_hold_note(self, note: HoldNote) -> None:
        self.notes.pop(_name(note), None)

    def _set(self, counter_key: CounterKey, total: int, steps: Mapping[str, Step]) -> Counter:
        self.counters[counter_key] = self.counter(counter_key)._replace(uses_taken=total, steps=dict(steps))
        return self.counters[counter_key]


def _same(one: Step | None, other: Step | None) -> bool:
    if one is None or other is None:
        return one is other
    return step_text(one) == step_text(other)


def _name(hold: HoldNote) -> tuple[datetime, str, int, str]:
    return hold.until, hold.request, hold.generation, hold.attempt


class FakeLists:
    """Rows that a code or an e-mail finds; `removed_rows` leave their lists between reading and redeeming."""

    def __init__(self, ledger: FakeLedger, rows: Sequence[Row], now: datetime) -> None:
        self._ledger = ledger
        self.list_rows = list(rows)
        self.removed_rows: list[Row] = []
        self._now = now

    def rows(self, request: RedemptionRequest) -> tuple[Sequence[Row], Uses]:
        if not self.list_rows:
            return (), NO_USES
        _ = request
        return self.list_rows, self._ledger.uses(self.list_rows[0].counter_key.partition, self._now)

    def has(self, row: Row) -> bool:
        return row not in self.removed_rows
