"""The ledger in the table: counters, redemptions and notes of holds. Each write is conditional, on one item."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from guestlist.aws import conditions, keys, person_keys, retry_deadline
from guestlist.aws.conditions import Condition
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.aws.table_reads import Page, Query, Reading, join_readings
from guestlist.checkout.counter_sharding import MAX_STEPS, Bound
from guestlist.checkout.counting import (
    NO_USES,
    Counter,
    HoldNote,
    ReturnStep,
    Step,
    TakeStep,
    Uses,
    merge_uses,
    return_slot,
)
from guestlist.checkout.ledger_items import (
    RETURNS,
    STEP,
    USE,
    counter_of,
    former_step_text,
    hold_note_item,
    hold_note_key,
    redemption_item,
    redemption_of,
    step_text,
    uses_of,
)
from guestlist.checkout.redemption import PARTS, CounterKey, Redemption, Status, partitions_of

FIRST_HOLDS = 25
"""Number of open holds of a key that are read unless all are needed."""
MAX_COUNTERS_PER_QUERY = 35
"""Most counters of a key that are read in one query together with the holds."""
_OPEN = "open"
_ROOM = conditions.absent(_OPEN) | conditions.at_most(_OPEN, MAX_STEPS - 1)
_ENDED_STATUSES = [Status.RELEASED.value, Status.LAPSED.value]


class Ledger:
    """The counters and redemptions of one organiser."""

    def __init__(self, table: Table, org: str) -> None:
        self._table = table
        self._org = org

    # Reading

    def uses(self, partition: str, now: datetime, *, whole: bool = False) -> Uses:
        """The uses of one key; of many open holds only the first ones unless `whole`."""
        return self._table.read(self.reading(partition, now, whole=whole))

    def reading(
        self, partition: str, now: datetime, *, whole: bool = False, single_query: bool = False
    ) -> Reading[Uses]:
        """A read of `uses`, to be combined with others.

        With `single_query`, counters and notes are read together, which is cheaper for few counters; if there are many,
        another round trip reads all.
        """
        uses = (
            self._single_query_reading(partition, now)
            if single_query
            else self._two_query_reading(partition, now, whole=whole)
        )
        return uses.then(lambda uses: self._with_parts(uses, now, whole=whole))

    def readings(self, partitions: Sequence[str], now: datetime, *, single_query: bool = False) -> Reading[Uses]:
        """A read of the uses of several keys."""
        return join_readings(
            [self.reading(partition, now, single_query=single_query) for partition in partitions]
        ).then(merge_uses)

    def part_reading(self, cached: Uses, partition: str, number: int, now: datetime) -> Reading[Uses]:
        """Cached uses of a key with split counters, with one part of each counter read again."""
        part = CounterKey(partition, "").counters[number].partition
        return self._single_query_reading(part, now).then(lambda part_uses: cached.with_partition(part, part_uses))

    def _single_query_reading(self, partition: str, now: datetime) -> Reading[Uses]:
        between = keys.counter_range(instant(now))[0], keys.open_hold_range(instant(now))[1]
        query = Query(partition, between=between, limit=MAX_COUNTERS_PER_QUERY + FIRST_HOLDS)
        return Reading(lambda _, pages: self._uses_of_page(pages[0], partition, now), queries=[query])

    def _two_query_reading(self, partition: str, now: datetime, *, whole: bool) -> Reading[Uses]:
        open_holds = Query(partition, between=keys.open_hold_range(instant(now)), limit=None if whole else FIRST_HOLDS)
        queries = (Query(partition, between=keys.counter_range(instant(now))), open_holds)
        return Reading(lambda _, pages: self._uses_of_pages(queries, pages, now), queries=queries)

    def _with_parts(self, uses: Uses, now: datetime, *, whole: bool) -> Uses:
        """Add the parts of split counters to the uses, with another round trip."""
        split_keys = [key for key, counter in uses.counters.items() if counter.share is not None]
        partitions = sorted({part.partition for key in split_keys for part in key.parts})
        if not partitions:
            return uses
        uses_of_parts = self._table.read(
            join_readings(
                [self.reading(partition, now, whole=whole, single_query=not whole) for partition in partitions]
            )
        )
        return merge_uses([uses, *uses_of_parts])

    def uses_expecting_none(self, counter_keys: Sequence[CounterKey], now: datetime) -> Reading[Uses]:
        """The uses of these counters, expecting that none exists; if one does, it takes another round trip."""
        counters = [Key(*counter_key) for counter_key in counter_keys]

        def build(items: Mapping[Key, Item], _: Sequence[Page]) -> Uses:
            if any(key in items for key in counters):
                return self._table.read(self.readings(partitions_of(counter_keys), now, single_query=True))
            return NO_USES

        return Reading(build, counters)

    def _uses_of_page(self, page: Page, partition: str, now: datetime) -> Uses:
        """The uses in a page of counters and notes; if it lacks counters, another round trip reads all."""
        _, end = keys.counter_range(instant(now))
        if page.next is None or page.items[-1]["sk"] > end:
            return _uses(page, now)
        return self._table.read(self._two_query_reading(partition, now, whole=False))

    def _uses_of_pages(self, queries: Sequence[Query], pages: Sequence[Page], now: datetime) -> Uses:
        counters, holds = map(self._with_following_pages, queries, pages)
        return _uses(Page(counters.items + holds.items, holds.next), now)

    def _with_following_pages(self, query: Query, page: Page) -> Page:
        """The page with all that follow it, unless the query has a limit."""
        if query.limit is not None or page.next is None:
            return page
        return Page([*page.items, *self._table.query_all(query.pk, between=query.between, start=page.next)])

    def counter(self, counter_key: CounterKey) -> Counter:
        """The counter of one entry; an empty one if it does not exist."""
        item = self._table.get(Key(*counter_key))
        return counter_of(item) if item else Counter()

    def redemption(self, request: str) -> Redemption | None:
        """The redemption of a request; None if there is none."""
        item = self._table.get(keys.redemption(self._org, request))
        return redemption_of(item) if item else None

    def former_redemption(self, request: str, generation: int) -> Redemption | None:
        """A former redemption of a request; None if an earlier release overwrote it."""
        item = self._table.get(keys.former_redemption(self._org, request, generation))
        return redemption_of(item) if item else None

    def redemptions(self, requests: Iterable[str]) -> Mapping[str, Redemption]:
        """The redemptions of several requests, by request."""
        items = self._table.get_many(keys.redemption(self._org, request) for request in requests)
        return {redemption.request: redemption for redemption in map(redemption_of, items.values())}

    # Counters

    def begin_take(self, step: TakeStep, bound: Bound | None = None) -> Counter | None:
        """Add the quantity to `taken` and add the step; None if that would exceed the limit."""
        redemption, step_name = step.redemption, f"{STEP}{step.request}"
        bound = bound or Bound(redemption.counter_key, redemption.limit)
        if redemption.quantity > bound.limit:
            return None
        has_room = conditions.absent("taken") | conditions.at_most("taken", bound.limit - redemption.quantity)
        is_unchanged = _equals_or_absent("share", bound.share) & _equals_or_absent("cap", bound.cap)
        try:
            item = self._table.update(
                Key(*redemption.counter_key),
                {step_name: step_text(step)},
                add={"taken": redemption.quantity, _OPEN: 1},
                when=has_room & is_unchanged & _ROOM & conditions.absent(step_name),
            )
        except ConditionFailed:
            return None
        retry_deadline.lift()
        return counter_of(item)

    def begin_return(
        self, counter_key: CounterKey, step: ReturnStep, counter: Counter, replaced: TakeStep | None = None
    ) -> bool:
        """Add the step, if the request has none and returned nothing since `counter` was read.

        With `replaced`, replace that step, if it is still there. Without the condition on returns, a delayed duplicate
        of this write would add a step again that has ended.
        """
        name = f"{STEP}{step.request}"
        is_unchanged = _equals_or_absent(_returns_attribute(step), counter.return_count(step.request) or None)
        can_add = conditions.absent(name) & _ROOM if replaced is None else conditions.equals(name, step_text(replaced))
        changes, increments = {name: step_text(step)}, {_OPEN: 1 if replaced is None else 0}
        return self._try_write(
            lambda: self._table.update(Key(*counter_key), changes, add=increments, when=can_add & is_unchanged)
        )

    def end_step(self, counter_key: CounterKey, step: Step, returned: int = 0, *, keep_name: bool = False) -> bool:
        """Remove the step and subtract `returned` from `taken`, if this very step is still there.

        With `keep_name` the name of its request stays, until uses of its redemption are returned.
        """
        name, use = f"{STEP}{step.request}", f"{USE}{step.request}"
        is_there = conditions.one_of(name, [step_text(step), former_step_text(step)])
        decrements = {_OPEN: -1, **({"taken": -returned, _returns_attribute(step): 1} if returned else {})}
        remove = [name, use] if returned and isinstance(step, ReturnStep) else [name]
        name_mark = {use: 1} if keep_name else {}
        return self._try_write(
            lambda: self._table.update(Key(*counter_key), name_mark, add=decrements, remove=remove, when=is_there)
        )

    def split_counter(self, counter_key: CounterKey, share: int, quantity: int) -> bool:
        """Give each part of the counter its share, if it is not split and has that many free."""
        when = conditions.absent("share") & conditions.at_most("taken", quantity - PARTS * share)
        return self._try_write(lambda: self._table.update(Key(*counter_key), {"share": share}, when=when))

    def cap_counter(self, counter_key: CounterKey, part: Counter) -> bool:
        """Return the part's unused uses to the first counter, if the part is as read."""
        when = conditions.equals("taken", part.uses_taken)
        when = (when if part.uses_taken else when | conditions.absent("taken")) & _equals_or_absent("cap", part.cap)
        changes, no_uses = {"cap": part.uses_taken}, {"taken": 0}
        return self._try_write(lambda: self._table.update(Key(*counter_key), changes, add=no_uses, when=when))

    # Redemptions and notes

    def create_redemption(self, redemption: Redemption) -> bool:
        """Save the redemption if the request has none, or only an ended former one, which is stored beside it.

        A note of a redemption with an e-mail is saved in the person's partition first, for lookup and erasure.
        """
        if redemption.generation > 1:
            self._save_former(redemption)
        self._save_person_note(redemption, redemption.request)
        is_ended_former = conditions.equals("generation", redemption.generation - 1) & conditions.one_of(
            "status", _ENDED_STATUSES
        )
        return self._try_save(redemption, conditions.absent() | is_ended_former)

    def _save_former(self, redemption: Redemption) -> None:
        former = self.redemption(redemption.request)
        if former is not None and former.is_ended and former.generation == redemption.generation - 1:
            self._save_person_note(former, former.redemption_id)
            key = keys.former_redemption(self._org, former.request, former.generation)
            self._table.put({**redemption_item(self._org, former), **key._asdict()})

    def _save_person_note(self, redemption: Redemption, name: str) -> None:
        if redemption.email:
            self._table.put(person_keys.redemption_note(self._org, redemption.email, name)._asdict())

    def update_redemption(self, redemption: Redemption) -> bool:
        """Save the redemption with the next revision, if its generation and revision are current."""
        when = conditions.equals("generation", redemption.generation)
        when &= conditions.equals("revision", redemption.revision)
        return self._try_save(replace(redemption, revision=redemption.revision + 1), when)

    def save_hold_note(self, note: HoldNote) -> None:
        """Save the note, which replaces a former one of the same hold."""
        self._table.put(hold_note_item(note))

    def delete_hold_note(self, note: HoldNote) -> None:
        """Delete the note, if it exists."""
        self._table.delete(hold_note_key(note))

    def _try_save(self, redemption: Redemption, when: Condition) -> bool:
        return self._try_write(lambda: self._table.put(redemption_item(self._org, redemption), when=when))

    def _try_write(self, write: Callable[[], Any]) -> bool:
        try:
            write()
        except ConditionFailed:
            return False
        return True


def _uses(page: Page, now: datetime) -> Uses:
    """Parse the items that were read of one key."""
    _, end = keys.counter_range(instant(now))
    counter_items = [item for item in page.items if item["sk"] <= end]
    return uses_of(counter_items, page.items[len(counter_items) :], has_more=page.next is not None)


def _returns_attribute(step: Step) -> str:
    return f"{RETURNS}{return_slot(step.request)}"


def _equals_or_absent(name: str, value: int | None) -> Condition:
    return conditions.absent(name) if value is None else conditions.equals(name, value)
