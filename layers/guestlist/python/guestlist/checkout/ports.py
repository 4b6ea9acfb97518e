"""What the flows of the checkout need from outside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from guestlist.checkout.context import CheckContext
from guestlist.checkout.counting import Counter, Give, Hold, Step, Take, Uses
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.parts import Bound
from guestlist.checkout.redemption import CounterKey, Redemption, RedemptionRequest
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.rows import Row


class Ledger(Protocol):
    """The counters and redemptions of one organiser.

    Every read sees all writes that were answered before it. Every write is of one item, under one
    condition; where it answers False, nothing was written, or it was written by an earlier try of the
    same call whose answer was lost.
    """

    def uses(self, partition: str, now: datetime, *, whole: bool = False) -> Uses:
        """All that is counted under one key; of many open holds only the first ones, unless the `whole` is wanted."""

    def counter(self, counter_key: CounterKey) -> Counter:
        """One entry's counter."""

    def redemption(self, request: str) -> Redemption | None:
        """What became of a request; None when it never came to anything."""

    def former(self, request: str, generation: int) -> Redemption | None:
        """What became of a request before it took anew; None for a redemption that an earlier version recorded."""

    def redemptions(self, requests: Iterable[str]) -> Mapping[str, Redemption]:
        """What became of several requests, of those that came to anything."""

    def take(self, take: Take, bound: Bound | None = None) -> Counter | None:
        """Add the quantity to `taken` and begin the step, if no more than the bound, or the limit, is taken then.

        None when there is not enough, when the request has begun a step there already, or too many others have.
        """

    def begin(self, counter_key: CounterKey, give: Give, counter: Counter, instead: Take | None = None) -> bool:
        """Begin the step, if the request has none there, there is room, and it gave nothing back since that reading.

        With a step to begin it `instead` of, if that very one is still there.
        """

    def end(self, counter_key: CounterKey, step: Step, returned: int = 0) -> bool:
        """Take the step off the counter and `returned` off what is taken, if this very step is still there."""

    def split(self, counter_key: CounterKey, share: int, quantity: int) -> bool:
        """Give each part of the counter its share, if it has none and that many are free."""

    def cap(self, counter_key: CounterKey, part: Counter) -> bool:
        """Give back what the part has left, if it stands as it was read."""

    def record(self, redemption: Redemption) -> bool:
        """Keep it, if the request has none, or if its former generation is over."""

    def revise(self, redemption: Redemption) -> bool:
        """Keep it under the next revision, if it stands in the generation and revision that it says."""

    def note(self, hold: Hold) -> None:
        """Keep the note, in place of a former one of the same hold."""

    def forget(self, hold: Hold) -> None:
        """Remove the note, if it is there."""


class Lists(Protocol):
    """The target groups of one organiser, as one call sees them."""

    def rows(self, ask: RedemptionRequest) -> tuple[Sequence[Row], Uses]:
        """The rows that the code finds, or without one the e-mail, and all that is counted under that key.

        With a group id only that group's. Raises `Conflict` for a deleted group, `Unknown` for one that never was.
        """

    def has(self, row: Row) -> bool:
        """Whether the row is still in the current list of a group that is there: read again, now."""


class Reading(Protocol):
    """What the two questions read: at most twice, one after the other, where nothing is unusual."""

    def open(self, bearer: str, question: CheckRequest, now: datetime) -> FirstRead:
        """The first reading of a check; the token is checked with it. Raises `Unauthenticated`."""

    def state(self, first_read: FirstRead, question: CheckRequest, now: datetime) -> CheckContext:
        """The second reading of a check."""

    def retry_deadline(self) -> AbstractContextManager[None]:
        """A deadline for retries, within which a table that is too busy is given up, until a use is taken."""

    def begin(self, bearer: str, request: RedemptionRequest, now: datetime) -> FirstRead:
        """The first reading of a redemption. Raises `Unauthenticated`."""

    def lists(self, first_read: FirstRead, now: datetime) -> Lists:
        """The second reading of a redemption."""

    def ledger(self, first_read: FirstRead) -> Ledger:
        """The organiser's ledger."""

    def guessed(self, first_read: FirstRead, tries: int, now: datetime) -> FirstRead:
        """Count so many wrong tries; answers the first read with them counted."""


class Overdue(Protocol):
    """What a timer finds, over all organisers."""

    def holds(self, now: datetime) -> Iterator[tuple[Ledger, Redemption]]:
        """Holds whose end has come and that nobody has given back yet."""

    def counters(self, now: datetime) -> Iterator[tuple[Ledger, CounterKey, Counter]]:
        """Counters that an earlier version noted for the timer; asking for the next is done with one."""
