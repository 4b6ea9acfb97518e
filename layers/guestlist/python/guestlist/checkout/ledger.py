"""The ledger in the table: counters, redemptions and notes of holds. Each write is conditional, on one item."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from guestlist.aws import conditions, keys, person_keys, retry_deadline
from guestlist.aws.conditions import Condition
from guestlist.aws.due import DueIndex, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.aws.table_reads import Page, Query, Reading, join_readings
from guestlist.checkout.counting import NO_USES, Counter, Give, Hold, Step, Take, Uses, merge_uses, return_slot
from guestlist.checkout.ledger_items import (
    HOLDS,
    RETURNS,
    STEP,
    USE,
    counter_of,
    former_step_text,
    hold_item,
    hold_key,
    redemption_item,
    redemption_of,
    step_text,
    uses_of,
)
from guestlist.checkout.parts import MAX_STEPS, Bound
from guestlist.checkout.redemption import PARTS, CounterKey, Redemption, Status, partitions_of

COUNTERS = "counter"
FIRST_HOLDS = 25
MAX_FEW_COUNTERS = 35
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

    def reading(self, partition: str, now: datetime, *, whole: bool = False, few: bool = False) -> Reading[Uses]:
        """A read of `uses`, to be combined with others.

        `few` expects few counters and reads them in one query; if there are more, it takes another round trip.
        """
        uses = self._few_reading(partition, now) if few else self._all_reading(partition, now, whole=whole)
        return uses.then(lambda uses: self._with_parts(uses, now, whole=whole))

    def readings(self, partitions: Sequence[str], now: datetime, *, few: bool = False) -> Reading[Uses]:
        """One read of several partitions."""
        return join_readings([self.reading(partition, now, few=few) for partition in partitions]).then(merge_uses)

    def part_reading(self, cached: Uses, partition: str, number: int, now: datetime) -> Reading[Uses]:
        """Cached uses of a key with split counters, with one part of each counter read again."""
        place = CounterKey(partition, "").counters[number].partition
        return self._few_reading(place, now).then(lambda part_uses: cached.with_partition(place, part_uses))

    def _few_reading(self, partition: str, now: datetime) -> Reading[Uses]:
        between = keys.counter_range(instant(now))[0], keys.open_hold_range(instant(now))[1]
        query = Query(partition, between=between, limit=MAX_FEW_COUNTERS + FIRST_HOLDS)
        return Reading(lambda _, pages: self._few(pages[0], partition, now), queries=[query])

    def _all_reading(self, partition: str, now: datetime, *, whole: bool) -> Reading[Uses]:
        upcoming = Query(partition, between=keys.open_hold_range(instant(now)), limit=None if whole else FIRST_HOLDS)
        queries = (Query(partition, between=keys.counter_range(instant(now))), upcoming)
        return Reading(lambda _, pages: self._uses_of_pages(queries, pages, now), queries=queries)

    def _with_parts(self, uses: Uses, now: datetime, *, whole: bool) -> Uses:
        """Add the parts of split counters to the uses, with another round trip."""
        split_keys = [key for key, counter in uses.counters.items() if counter.share is not None]
        partitions = sorted({part.partition for key in split_keys for part in key.parts})
        if not partitions:
            return uses
        uses_of_parts = self._table.read(
            join_readings([self.reading(partition, now, whole=whole, few=not whole) for partition in partitions])
        )
        return merge_uses([uses, *uses_of_parts])

    def uses_if_none(self, counter_keys: Sequence[CounterKey], now: datetime) -> Reading[Uses]:
        """The uses of these counters, expecting that none exists; if one does, it takes another round trip."""
        counters = [Key(*counter_key) for counter_key in counter_keys]

        def build(items: Mapping[Key, Item], _: Sequence[Page]) -> Uses:
            if any(key in items for key in counters):
                return self._table.read(self.readings(partitions_of(counter_keys), now, few=True))
            return NO_USES

        return Reading(build, counters)

    def _few(self, page: Page, partition: str, now: datetime) -> Uses:
        _, end = keys.counter_range(instant(now))
        if page.next is None or page.items[-1]["sk"] > end:
            return _uses(page, now)
        return self._table.read(self._all_reading(partition, now, whole=False))

    def _uses_of_pages(self, queries: Sequence[Query], pages: Sequence[Page], now: datetime) -> Uses:
        with_steps, holds = map(self._to_its_end, queries, pages)
        return _uses(Page(with_steps.items + holds.items, holds.next), now)

    def _to_its_end(self, query: Query, page: Page) -> Page:
        """The page with all that follow it, unless the query has a limit."""
        if query.limit is not None or page.next is None:
            return page
        return Page([*page.items, *self._table.query_all(query.pk, between=query.between, start=page.next)])

    def counter(self, counter_key: CounterKey) -> Counter:
        """One entry's counter."""
        item = self._table.get(Key(*counter_key))
        return counter_of(item) if item else Counter()

    def redemption(self, request: str) -> Redemption | None:
        """The redemption of a request; None if there is none."""
        item = self._table.get(keys.redemption(self._org, request))
        return redemption_of(item) if item else None

    def former(self, request: str, generation: int) -> Redemption | None:
        """A former redemption of a request; None if an earlier release overwrote it."""
        item = self._table.get(keys.former_redemption(self._org, request, generation))
        return redemption_of(item) if item else None

    def redemptions(self, requests: Iterable[str]) -> Mapping[str, Redemption]:
        """The redemptions of several requests, by request."""
        items = self._table.get_many(keys.redemption(self._org, request) for request in requests)
        return {redemption.request: redemption for redemption in map(redemption_of, items.values())}

    # Counters

    def take(self, take: Take, bound: Bound | None = None) -> Counter | None:
        """Add the quantity to `taken` and add the step; None if that would exceed the limit."""
        redemption, step = take.redemption, f"{STEP}{take.request}"
        bound = bound or Bound(redemption.counter_key, redemption.limit)
        if redemption.quantity > bound.limit:
            return None
        has_room = conditions.absent("taken") | conditions.at_most("taken", bound.limit - redemption.quantity)
        is_unchanged = _equals_or_absent("share", bound.share) & _equals_or_absent("cap", bound.cap)
        try:
            item = self._table.update(
                Key(*redemption.counter_key),
                {step: step_text(take)},
                add={"taken": redemption.quantity, _OPEN: 1},
                when=has_room & is_unchanged & _ROOM & conditions.absent(step),
            )
        except ConditionFailed:
            return None
        retry_deadline.lift()
        return counter_of(item)

    def begin(self, counter_key: CounterKey, give: Give, counter: Counter, instead: Take | None = None) -> bool:
        """Add the step, if the request has none and returned nothing since `counter` was read.

        With `instead`, replace that step if it is still there. Without the condition on returns, a delayed duplicate
        of this write would add a step again that has ended.
        """
        step = f"{STEP}{give.request}"
        is_unchanged = _equals_or_absent(_returns_attribute(give), counter.returned(give.request) or None)
        place = conditions.absent(step) & _ROOM if instead is None else conditions.equals(step, step_text(instead))
        changes, increments = {step: step_text(give)}, {_OPEN: 1 if instead is None else 0}
        return self._try_write(
            lambda: self._table.update(Key(*counter_key), changes, add=increments, when=place & is_unchanged)
        )

    def end(self, counter_key: CounterKey, step: Step, returned: int = 0, *, keep_name: bool = False) -> bool:
        """Remove the step and subtract `returned` from `taken`, if this very step is still there.

        With `keep_name` the name of its request stays, until uses of its redemption are returned.
        """
        name, use = f"{STEP}{step.request}", f"{USE}{step.request}"
        is_there = conditions.one_of(name, [step_text(step), former_step_text(step)])
        decrements = {_OPEN: -1, **({"taken": -returned, _returns_attribute(step): 1} if returned else {})}
        remove = [name, use] if returned and isinstance(step, Give) else [name]
        name_mark = {use: 1} if keep_name else {}
        return self._try_write(
            lambda: self._table.update(Key(*counter_key), name_mark, add=decrements, remove=remove, when=is_there)
        )

    def split(self, counter_key: CounterKey, share: int, quantity: int) -> bool:
        """Give each part of the counter its share, if it is not split and has that many free."""
        when = conditions.absent("share") & conditions.at_most("taken", quantity - PARTS * share)
        return self._try_write(lambda: self._table.update(Key(*counter_key), {"share": share}, when=when))

    def cap(self, counter_key: CounterKey, part: Counter) -> bool:
        """Return the part's unused uses to the first counter, if the part is as read."""
        when = conditions.equals("taken", part.uses_taken)
        when = (when if part.uses_taken else when | conditions.absent("taken")) & _equals_or_absent("cap", part.cap)
        changes, no_uses = {"cap": part.uses_taken}, {"taken": 0}
        return self._try_write(lambda: self._table.update(Key(*counter_key), changes, add=no_uses, when=when))

    # Redemptions and notes

    def record(self, redemption: Redemption) -> bool:
        """Save the redemption if the request has none, or only an ended former one, which is stored beside it.

        A redemption with an e-mail is noted in the person's partition first, for the lookup and for an erasure.
        """
        if redemption.generation > 1:
            self._keep_former(redemption)
        self._note_person(redemption, redemption.request)
        is_ended_former = conditions.equals("generation", redemption.generation - 1) & conditions.one_of(
            "status", _ENDED_STATUSES
        )
        return self._try_save(redemption, conditions.absent() | is_ended_former)

    def _keep_former(self, redemption: Redemption) -> None:
        former = self.redemption(redemption.request)
        if former is not None and former.is_ended and former.generation == redemption.generation - 1:
            self._note_person(former, former.redemption_id)
            key = keys.former_redemption(self._org, former.request, former.generation)
            self._table.put({**redemption_item(self._org, former), **key._asdict()})

    def _note_person(self, redemption: Redemption, name: str) -> None:
        if redemption.email:
            self._table.put(person_keys.redemption_note(self._org, redemption.email, name)._asdict())

    def revise(self, redemption: Redemption) -> bool:
        """Save it with the next revision, if its generation and revision are current."""
        when = conditions.equals("generation", redemption.generation)
        when &= conditions.equals("revision", redemption.revision)
        return self._try_save(replace(redemption, revision=redemption.revision + 1), when)

    def note(self, hold: Hold) -> None:
        """Save the note, replacing a former one of the same hold."""
        self._table.put(hold_item(hold))

    def forget(self, hold: Hold) -> None:
        """Delete the note, if it exists."""
        self._table.delete(hold_key(hold))

    def _try_save(self, redemption: Redemption, when: Condition) -> bool:
        return self._try_write(lambda: self._table.put(redemption_item(self._org, redemption), when=when))

    def _try_write(self, write: Callable[[], Any]) -> bool:
        try:
            write()
        except ConditionFailed:
            return False
        return True


class OverdueWork:
    """Due work of all organisers for the timer."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def holds(self, now: datetime) -> Iterator[tuple[Ledger, Redemption]]:
        """Yield lapsed holds whose uses were not returned yet."""
        for key in DueIndex(self._table, HOLDS).keys(now):
            item = self._table.get(key)
            redemption = redemption_of(item) if item else None
            if redemption is not None and redemption.has_lapsed(now):
                yield self._ledger(key), redemption

    def counters(self, now: datetime) -> Iterator[tuple[Ledger, CounterKey, Counter]]:
        """Yield the counters that an earlier release noted for the timer; advancing deletes the note."""
        for key in DueIndex(self._table, COUNTERS).keys(now):
            item = self._table.get(key)
            if item and "due_at" in item and item["due_at"] <= instant(now):
                yield self._ledger(key), CounterKey(*key), counter_of(item)
                self._remove_from_index(key, item["due_at"])

    def _remove_from_index(self, key: Key, due_at: str) -> None:
        try:
            self._table.update(key, remove=["due_pk", "due_at"], when=conditions.equals("due_at", due_at))
        except ConditionFailed:
            return

    def _ledger(self, key: Key) -> Ledger:
        return Ledger(self._table, keys.organiser_of(key.pk))


def _uses(page: Page, now: datetime) -> Uses:
    """Parse the items that were read of one key."""
    _, end = keys.counter_range(instant(now))
    counter_items = [item for item in page.items if item["sk"] <= end]
    return uses_of(counter_items, page.items[len(counter_items) :], more=page.next is not None)


def _returns_attribute(step: Step) -> str:
    return f"{RETURNS}{return_slot(step.request)}"


def _equals_or_absent(name: str, value: int | None) -> Condition:
    return conditions.absent(name) if value is None else conditions.equals(name, value)
