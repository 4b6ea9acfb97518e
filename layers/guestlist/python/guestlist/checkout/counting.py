"""How uses are counted: a counter for each entry, and beside it what is begun and what is held.

`taken` of a counter is what is used and held together. Every change of it belongs to a step that one
attempt began: the step stands on the counter from the change, or from before it, until the request's
redemption agrees. So whoever finds a step can bring it to its end, and no change is made twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from guestlist.checkout.redemption import CounterKey, Redemption, Status

PATIENCE = timedelta(minutes=1)
RETURN_SLOTS = 4


class Take(NamedTuple):
    """A step that has added `redemption.quantity` to `taken`, and ends when that redemption is recorded."""

    redemption: Redemption

    @property
    def request(self) -> str:
        """Whose step it is."""
        return self.redemption.request

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return self.redemption.at


class Give(NamedTuple):
    """A step that will take `quantity` off `taken` once the redemption of that revision has agreed to it."""

    request: str
    generation: int
    revision: int
    attempt: str
    quantity: int
    at: datetime

    @property
    def name(self) -> str:
        """By what the redemption says that it agreed to this very step."""
        return f"{self.generation}.{self.revision}.{self.attempt}"


Step = Take | Give


class Counter(NamedTuple):
    """The uses of one entry: how many are taken, and the steps begun, by request.

    With a `share`, so many uses were given to each of its parts; `cap` is what a part has left of them.
    `returns` has how often uses came back, by the slot of the request.
    """

    taken: int = 0
    steps: Mapping[str, Step] = MappingProxyType({})
    share: int | None = None
    cap: int | None = None
    returns: Mapping[int, int] = MappingProxyType({})

    def returned(self, request: str) -> int:
        """A number that changes whenever this request gives uses back."""
        return self.returns.get(return_slot(request), 0)


def return_slot(request: str) -> int:
    """Under which number of a counter this request's givings back are counted: few, for the counter to stay small."""
    return crc32(request.encode()) % RETURN_SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The note of a hold, kept from before it is recorded until after it is over: what it says must be looked up."""

    counter_key: CounterKey
    request: str
    generation: int
    attempt: str
    quantity: int
    until: datetime


class Uses(NamedTuple):
    """All that is counted under one key: counters, and notes of holds by their ends.

    `lapsed` has every note whose end has come, `open` the others, or the first of them when there are `more`.
    Where some of it is `remembered` from a moment ago, nothing may be refused by it.
    """

    counters: Mapping[CounterKey, Counter] = MappingProxyType({})
    lapsed: tuple[Hold, ...] = ()
    open: tuple[Hold, ...] = ()
    more: bool = False
    remembered: bool = False

    def counter(self, counter_key: CounterKey) -> Counter:
        """The entry's counter; one that nothing was ever taken from stands at 0."""
        return self.counters.get(counter_key, _UNUSED)

    def parts(self, counter_key: CounterKey) -> tuple[CounterKey, ...]:
        """The counters that have the uses of an entry, its own first."""
        split = self.counter(counter_key).share is not None
        return (counter_key, *counter_key.parts) if split else (counter_key,)

    def taken(self, counter_key: CounterKey) -> int:
        """How many uses of an entry are taken, in all its parts."""
        return sum(self.counter(part).taken for part in self.parts(counter_key))

    def with_fresh(self, partition: str, fresh: "Uses") -> "Uses":
        """The same, with what was now read of one partition in place of what is remembered of it."""
        others = {key: counter for key, counter in self.counters.items() if key.partition != partition}
        return fresh._replace(counters={**others, **fresh.counters}, remembered=True)

    def steps(self) -> Iterator[tuple[CounterKey, Step]]:
        """Every step that is begun, and where."""
        return (
            (counter_key, step) for counter_key, counter in self.counters.items() for step in counter.steps.values()
        )


_UNUSED = Counter()
NOTHING = Uses()


def merged(uses: Sequence[Uses]) -> Uses:
    """All of them together, which are of different keys."""
    if len(uses) == 1:
        return uses[0]
    return Uses(
        counters={key: counter for one in uses for key, counter in one.counters.items()},
        lapsed=tuple(hold for one in uses for hold in one.lapsed),
        open=tuple(hold for one in uses for hold in one.open),
        more=any(one.more for one in uses),
    )


class Balance(NamedTuple):
    """The uses of one entry as they are at an instant; a hold whose end has come is neither used nor held."""

    used: int = 0
    held: int = 0

    def remaining(self, quantity: int) -> int:
        """How many of `quantity` can still be taken; never below 0, though a list may have been cut down."""
        return max(0, quantity - self.used - self.held)


def overdue(step: Step, now: datetime) -> bool:
    """Whether whoever began the step has had time enough, or its hold is over: it may be brought to its end."""
    if isinstance(step, Take) and step.redemption.lapsed(now):
        return True
    return now >= step.at + PATIENCE


def doubtful(uses: Uses, now: datetime) -> set[str]:
    """The requests whose redemptions must be read to know what is free."""
    open_requests = {step.request for _, step in uses.steps() if overdue(step, now)}
    return open_requests | {hold.request for hold in uses.lapsed}


def balance(
    uses: Uses, counter_key: CounterKey, redemptions: Mapping[str, Redemption], now: datetime, order: str | None = None
) -> Balance:
    """What is used and held of one entry; `redemptions` has those of all `doubtful` requests.

    What an `order` of these digits holds counts as used: it does not come back to it from others.
    """
    taken = uses.taken(counter_key)
    steps = [step for part in uses.parts(counter_key) for step in uses.counter(part).steps.values()]
    holds_by_step = {
        step.request: step.redemption for step in steps if isinstance(step, Take) and tells(step, redemptions)
    }
    free = sum(_free(step, redemptions.get(step.request), now) for step in steps if overdue(step, now))
    lapsed = [hold for hold in _at(counter_key, uses.lapsed) if hold.request not in holds_by_step]
    free += sum(_lapsed(hold, redemptions.get(hold.request), now) for hold in lapsed)
    upcoming = [hold for hold in _at(counter_key, uses.open) if hold.request not in holds_by_step]
    held = sum(hold.quantity for hold in upcoming if not _of_order(hold.request, order))
    held += sum(
        redemption.quantity
        for redemption in holds_by_step.values()
        if not redemption.lapsed(now) and not _of_order(redemption.request, order)
    )
    held = min(held, taken - free)
    return Balance(taken - free - held, held)


def _of_order(request: str, order: str | None) -> bool:
    return order is not None and request.startswith(order)


def tells(step: Step, redemptions: Mapping[str, Redemption]) -> bool:
    """Whether the step stands in place of a hold's note; one whose redemption nobody looked up does, as it is young."""
    if not isinstance(step, Take):
        return False
    return redemptions.get(step.request, step.redemption).held_by(step.redemption)


def left_over(uses: Uses, redemptions: Mapping[str, Redemption]) -> list[Hold]:
    """Notes of lapsed holds that are over already: whoever should have removed them died, and nobody else will look."""
    return [hold for hold in uses.lapsed if hold.request in redemptions and _is_over(hold, redemptions[hold.request])]


def _is_over(hold: Hold, redemption: Redemption) -> bool:
    if redemption.generation != hold.generation:
        return redemption.generation > hold.generation
    return redemption.attempt != hold.attempt or redemption.status is not Status.HELD


def _at(counter_key: CounterKey, holds: Iterable[Hold]) -> Iterator[Hold]:
    return (hold for hold in holds if hold.counter_key.whole == counter_key)


def _free(step: Step, redemption: Redemption | None, now: datetime) -> int:
    """How many of the uses in a step that nobody ended are free."""
    if isinstance(step, Give):
        return step.quantity if redemption is not None and redemption.agreed == step.name else 0
    recorded = step.redemption
    if redemption is None or redemption.generation < recorded.generation or redemption.held_by(recorded):
        return recorded.quantity if recorded.lapsed(now) else 0
    return 0 if redemption.accounts_for(recorded) else recorded.quantity


def _lapsed(hold: Hold, redemption: Redemption | None, now: datetime) -> int:
    """How many uses a note of a lapsed hold stands for."""
    if redemption is None or redemption.status is not Status.HELD or not redemption.lapsed(now):
        return 0
    is_same = (redemption.generation, redemption.attempt) == (hold.generation, hold.attempt)
    return redemption.outstanding if is_same else 0
