"""Counting of uses: a counter per entry, with the unfinished steps on it and notes of holds.

`taken` is the number of uses redeemed and held together. Every change of it belongs to a step of one attempt, which
stays on the counter until the request's redemption is saved. So any request can complete the step of a crashed
attempt, and no change is applied twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.ids import has_keyed_counters

STEP_TIMEOUT = timedelta(minutes=1)
"""After so long the attempt of a step counts as crashed, and others complete the step."""
RETURN_SLOTS = 4
"""Number of return counts on a counter, each shared by the requests of one slot."""


class TakeStep(NamedTuple):
    """Step that has added `redemption.quantity` to `taken`, and ends when that redemption is saved."""

    redemption: Redemption

    @property
    def request(self) -> str:
        """The request that the step belongs to."""
        return self.redemption.request

    @property
    def at(self) -> datetime:
        """The instant at which the step was added."""
        return self.redemption.at


class ReturnStep(NamedTuple):
    """Step that subtracts `quantity` from `taken` once the redemption, at that revision, has committed the return."""

    request: str
    generation: int
    revision: int
    attempt: str
    quantity: int
    at: datetime

    @property
    def name(self) -> str:
        """The name by which a redemption's `committed_return` refers to this step."""
        return f"{self.generation}.{self.revision}.{self.attempt}"


Step = TakeStep | ReturnStep


class Counter(NamedTuple):
    """Counter of one entry: uses taken, and unfinished steps by request.

    `share` is the number of uses given to each part of a split counter, None if it is not split; `cap` is the lower
    limit of a part that has returned the rest. `returns` counts returns of uses, by the slot of the request.
    """

    uses_taken: int = 0
    steps: Mapping[str, Step] = MappingProxyType({})
    share: int | None = None
    cap: int | None = None
    returns: Mapping[int, int] = MappingProxyType({})

    def return_count(self, request: str) -> int:
        """The number of returns in the request's slot; it changes whenever this request returns uses."""
        return self.returns.get(return_slot(request), 0)


def return_slot(request: str) -> int:
    """The slot in which a counter counts returns of this request; few slots, so that the item stays small."""
    return crc32(request.encode()) % RETURN_SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldNote:
    """Note of a hold, saved before its redemption and deleted after its end; the redemption decides if it holds."""

    counter_key: CounterKey
    request: str
    generation: int
    attempt: str
    quantity: int
    until: datetime


class Uses(NamedTuple):
    """The uses of one key: counters, and notes of holds sorted by their ends.

    `lapsed` has all lapsed notes, `open` the others, or only the first of them if `has_more`. No request may be
    refused because of uses that are partly `cached`.
    """

    counters: Mapping[CounterKey, Counter] = MappingProxyType({})
    lapsed: tuple[HoldNote, ...] = ()
    open: tuple[HoldNote, ...] = ()
    has_more: bool = False
    cached: bool = False

    def counter(self, counter_key: CounterKey) -> Counter:
        """The entry's counter; an empty one if nothing was ever taken."""
        return self.counters.get(counter_key, _EMPTY_COUNTER)

    def parts(self, counter_key: CounterKey) -> tuple[CounterKey, ...]:
        """The keys of the entry's counters, the first counter first."""
        is_split = self.counter(counter_key).share is not None
        return (counter_key, *counter_key.parts) if is_split else (counter_key,)

    def uses_taken(self, counter_key: CounterKey) -> int:
        """Number of uses taken of an entry, over all its counters."""
        return sum(self.counter(part).uses_taken for part in self.parts(counter_key))

    def with_partition(self, partition: str, partition_uses: "Uses") -> "Uses":
        """The uses with those of one partition replaced by `partition_uses`."""
        other_counters = {key: counter for key, counter in self.counters.items() if key.partition != partition}
        return partition_uses._replace(counters={**other_counters, **partition_uses.counters}, cached=True)

    def steps(self) -> Iterator[tuple[CounterKey, Step]]:
        """Yield every unfinished step with the key of its counter."""
        return (
            (counter_key, step) for counter_key, counter in self.counters.items() for step in counter.steps.values()
        )


_EMPTY_COUNTER = Counter()
NO_USES = Uses()


def merge_uses(uses: Sequence[Uses]) -> Uses:
    """Merge uses of different keys."""
    if len(uses) == 1:
        return uses[0]
    return Uses(
        counters={key: counter for part_uses in uses for key, counter in part_uses.counters.items()},
        lapsed=tuple(hold for part_uses in uses for hold in part_uses.lapsed),
        open=tuple(hold for part_uses in uses for hold in part_uses.open),
        has_more=any(part_uses.has_more for part_uses in uses),
    )


class Balance(NamedTuple):
    """The uses of one entry at an instant; those of a lapsed hold are free."""

    used_quantity: int = 0
    held_quantity: int = 0

    def remaining(self, quantity: int) -> int:
        """Number of free uses of `quantity`; 0 also if the list has reduced the quantity below what is used."""
        return max(0, quantity - self.used_quantity - self.held_quantity)


def is_overdue(step: Step, now: datetime) -> bool:
    """Whether the step's attempt has timed out, or its hold has lapsed, so that others may complete it."""
    if isinstance(step, TakeStep) and step.redemption.has_lapsed(now):
        return True
    return now >= step.at + STEP_TIMEOUT


def _may_be_confirmed(step: Step) -> bool:
    """Whether the step is that of a hold that is kept as a step, also after its confirmation."""
    if not isinstance(step, TakeStep) or not step.redemption.by_step or step.redemption.until is None:
        return False
    return has_keyed_counters(step.redemption.group_id)


def requests_to_verify(uses: Uses, now: datetime) -> set[str]:
    """The requests whose redemptions must be read to compute a balance."""
    open_requests = {step.request for _, step in uses.steps() if is_overdue(step, now) or _may_be_confirmed(step)}
    return open_requests | {hold.request for hold in uses.lapsed}


def balance(
    uses: Uses, counter_key: CounterKey, redemptions: Mapping[str, Redemption], now: datetime, order: str | None = None
) -> Balance:
    """The balance of one entry; `redemptions` must have those of all `requests_to_verify`.

    Holds of the `order` with these digits count as used, because their lapse frees nothing for the order itself.
    """
    uses_taken = uses.uses_taken(counter_key)
    steps = [step for part in uses.parts(counter_key) for step in uses.counter(part).steps.values()]
    holds_by_step = {
        step.request: step.redemption
        for step in steps
        if isinstance(step, TakeStep) and records_hold(step, redemptions)
    }
    free = sum(_free_quantity(step, redemptions.get(step.request), now) for step in steps if is_overdue(step, now))
    lapsed = [hold for hold in _holds_on(counter_key, uses.lapsed) if hold.request not in holds_by_step]
    free += sum(_lapsed_quantity(hold, redemptions.get(hold.request), now) for hold in lapsed)
    open_holds = [hold for hold in _holds_on(counter_key, uses.open) if hold.request not in holds_by_step]
    held_quantity = sum(hold.quantity for hold in open_holds if not _belongs_to_order(hold.request, order))
    held_quantity += sum(
        redemption.quantity
        for redemption in holds_by_step.values()
        if not redemption.has_lapsed(now) and not _belongs_to_order(redemption.request, order)
    )
    held_quantity = min(held_quantity, uses_taken - free)
    return Balance(uses_taken - free - held_quantity, held_quantity)


def _belongs_to_order(request: str, order: str | None) -> bool:
    return order is not None and request.startswith(order)


def records_hold(step: Step, redemptions: Mapping[str, Redemption]) -> bool:
    """Whether the step records a hold in place of a note; also if its redemption was not read, as it is recent."""
    if not isinstance(step, TakeStep):
        return False
    return redemptions.get(step.request, step.redemption).is_held_by(step.redemption)


def leftover_notes(uses: Uses, redemptions: Mapping[str, Redemption]) -> list[HoldNote]:
    """Notes of lapsed holds that have ended, left over by crashed attempts."""
    return [hold for hold in uses.lapsed if hold.request in redemptions and _is_over(hold, redemptions[hold.request])]


def _is_over(hold: HoldNote, redemption: Redemption) -> bool:
    if redemption.generation != hold.generation:
        return redemption.generation > hold.generation
    return redemption.attempt != hold.attempt or redemption.status is not Status.HELD


def _holds_on(counter_key: CounterKey, holds: Iterable[HoldNote]) -> Iterator[HoldNote]:
    return (hold for hold in holds if hold.counter_key.first_counter == counter_key)


def _free_quantity(step: Step, redemption: Redemption | None, now: datetime) -> int:
    """Number of free uses in an overdue step."""
    if isinstance(step, ReturnStep):
        return step.quantity if redemption is not None and redemption.committed_return == step.name else 0
    step_redemption = step.redemption
    if (
        redemption is None
        or redemption.generation < step_redemption.generation
        or redemption.is_held_by(step_redemption)
    ):
        return step_redemption.quantity if step_redemption.has_lapsed(now) else 0
    return 0 if redemption.accounts_for(step_redemption) else step_redemption.quantity


def _lapsed_quantity(hold: HoldNote, redemption: Redemption | None, now: datetime) -> int:
    """Number of uses that a note of a lapsed hold frees."""
    if redemption is None or redemption.status is not Status.HELD or not redemption.has_lapsed(now):
        return 0
    is_same = (redemption.generation, redemption.attempt) == (hold.generation, hold.attempt)
    return redemption.outstanding if is_same else 0
