"""Lapsed holds and crashed steps of all organisers, as the timer finds them in the due index."""

from collections.abc import Iterator
from datetime import datetime

from guestlist.aws import conditions, keys
from guestlist.aws.due import DueIndex, instant
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.checkout.counting import Counter
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.ledger_items import HOLDS, counter_of, redemption_of
from guestlist.checkout.redemption import CounterKey, Redemption

COUNTERS = "counter"


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
