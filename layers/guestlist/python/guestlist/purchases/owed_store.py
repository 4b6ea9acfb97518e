"""Buyers of many orders at once whose groups are to follow them: one item tells of them all until that is done."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import Due, due_attributes, instant
from guestlist.aws.table import ConditionFailed, Table

OWED, OWED_TOGETHER = "customer", "customers"
"""The kinds of work that one customer is, and many of one note."""
GRACE = timedelta(minutes=20)
"""Longer than a worker lives: none is about to record the orders of a note that a timer finds."""


class OwedBuyers:
    """Notes of buyers, each in the due index; whoever follows all of a note's buyers takes it away again."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Keep that these customers' groups are to follow what they are about to buy; answers the note's name."""
        name = digest(instant(now), *emails, key=self._table.digest_key)
        key = person_keys.owed_buyers(org, name)
        self._table.put(
            {**key._asdict(), "emails": json.dumps(emails), **due_attributes(OWED_TOGETHER, key, now + GRACE)}
        )
        return name

    def settle(self, org: str, name: str) -> None:
        """Forget the note: all of its buyers were followed."""
        self._table.delete(person_keys.owed_buyers(org, name))

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Organiser and e-mail of the buyers of notes that nobody took away.

        Each buyer falls due by themselves before the note goes, so that whoever breaks off in between loses nobody.
        """
        for key in Due(self._table, OWED_TOGETHER).keys(now):
            emails = json.loads((self._table.get(key) or {}).get("emails", "[]"))
            org = keys.organiser_of(key.pk)
            for email in emails:
                self._fall_due(person_keys.profile(org, email), now)
            self._table.delete(key)
            yield from ((org, email) for email in emails)

    def _fall_due(self, key: keys.Key, now: datetime) -> None:
        with suppress(ConditionFailed):
            self._table.update(key, due_attributes(OWED, key, now), when=conditions.present("email"))
