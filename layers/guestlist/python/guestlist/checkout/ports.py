"""Ports of the checkout service."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from guestlist.checkout.context import CheckContext
from guestlist.checkout.counter_sharding import Bound
from guestlist.checkout.counting import Counter, HoldNote, ReturnStep, Step, TakeStep, Uses
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.redemption import CounterKey, Redemption, RedemptionRequest
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.rows import Row


class Ledger(Protocol):
    """The counters and redemptions of one organiser.

    Reads are strongly consistent. Every write is a conditional write of one item; False means that nothing was
    written, or that an earlier attempt of the same call wrote it and its response was lost.
    """

    def uses(self, partition: str, now: datetime, *, whole: bool = False) -> Uses:
        """The uses of one key; of many open holds only the first ones unless `whole`."""

    def counter(self, counter_key: CounterKey) -> Counter:
        """The counter of one entry; an empty one if it does not exist."""

    def redemption(self, request: str) -> Redemption | None:
        """The redemption of a request; None if there is none."""

    def former_redemption(self, request: str, generation: int) -> Redemption | None:
        """A former redemption of a request; None if an earlier release overwrote it."""

    def redemptions(self, requests: Iterable[str]) -> Mapping[str, Redemption]:
        """The redemptions of several requests, by request."""

    def begin_take(self, step: TakeStep, bound: Bound | None = None) -> Counter | None:
        """Add the quantity to `taken` and add the step, unless that would exceed the bound, or the limit without one.

        None if it would, if the request has a step there already, or if there are too many steps.
        """

    def begin_return(
        self, counter_key: CounterKey, step: ReturnStep, counter: Counter, replaced: TakeStep | None = None
    ) -> bool:
        """Add the step if the request has none, there is room, and it returned nothing since `counter` was read.

        With `replaced`, replace that step, if it is still there.
        """

    def end_step(self, counter_key: CounterKey, step: Step, returned: int = 0, *, keep_name: bool = False) -> bool:
        """Remove the step and subtract `returned` from `taken`, if this very step is still there.

        With `keep_name` the name of its request stays, until uses of its redemption are returned.
        """

    def split_counter(self, counter_key: CounterKey, share: int, quantity: int) -> bool:
        """Give each part of the counter its share, if it is not split and has that many free."""

    def cap_counter(self, counter_key: CounterKey, part: Counter) -> bool:
        """Return the part's unused uses to the first counter, if the part is as read."""

    def create_redemption(self, redemption: Redemption) -> bool:
        """Save the redemption if the request has none, or only an ended former one."""

    def update_redemption(self, redemption: Redemption) -> bool:
        """Save the redemption with the next revision, if its generation and revision are current."""

    def save_hold_note(self, note: HoldNote) -> None:
        """Save the note, which replaces a former one of the same hold."""

    def delete_hold_note(self, note: HoldNote) -> None:
        """Delete the note, if it exists."""


class Lists(Protocol):
    """Reader of one organiser's lists for one redemption."""

    def rows(self, request: RedemptionRequest) -> tuple[Sequence[Row], Uses]:
        """The rows that match the code, or without a code the e-mail, and the uses of that key.

        With a group id only that group's. Raises `Conflict` for a deleted group, `Unknown` for an unknown one.
        """

    def has(self, row: Row) -> bool:
        """Whether the row is still in the current list of its group; reads the index again."""


class CheckoutReads(Protocol):
    """Reads of a check and of a redemption, each usually in at most two round trips."""

    def read_check(self, bearer: str, request: CheckRequest, now: datetime) -> FirstRead:
        """The first read of a check, which verifies the token. Raises `Unauthenticated`."""

    def read_context(self, first_read: FirstRead, request: CheckRequest, now: datetime) -> CheckContext:
        """The second read of a check."""

    def load_shedding(
        self, bearer: str, request: RedemptionRequest, attempt: str, now: datetime
    ) -> AbstractContextManager[None]:
        """Context of an attempt at a redemption, which records its result. Raises `Unavailable` if it is shed."""

    def retry_deadline(self) -> AbstractContextManager[None]:
        """A deadline for retries of throttled requests, in force until a use is taken."""

    def read_redemption(self, bearer: str, request: RedemptionRequest, now: datetime) -> FirstRead:
        """The first read of a redemption. Raises `Unauthenticated`."""

    def lists(self, first_read: FirstRead, now: datetime) -> Lists:
        """The second read of a redemption."""

    def ledger(self, first_read: FirstRead) -> Ledger:
        """The organiser's ledger."""

    def count_wrong_tries(self, first_read: FirstRead, tries: int, now: datetime) -> FirstRead:
        """Count wrong tries, and return the first read with them added."""


class OverdueWork(Protocol):
    """Due work of all organisers for the timer."""

    def holds(self, now: datetime) -> Iterator[tuple[Ledger, Redemption]]:
        """Yield lapsed holds whose uses were not returned yet."""

    def counters(self, now: datetime) -> Iterator[tuple[Ledger, CounterKey, Counter]]:
        """Yield the counters that an earlier release noted for the timer; advancing deletes the note."""
