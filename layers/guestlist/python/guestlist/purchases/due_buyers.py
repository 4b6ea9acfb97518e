"""Notes of buyers who are due for a reevaluation: one item lists the buyers of many orders until that is done."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.table import ConditionFailed, Table

DUE_CUSTOMER, DUE_NOTE = "customer", "customers"
"""Kinds of due work: one customer, and the customers of a note."""
GRACE = timedelta(minutes=20)
"""Longer than the lifetime of a worker, so that no worker still records the orders of a note that a timer finds."""


class DueBuyers:
    """Notes of buyers, each in the due index until its buyers are reevaluated."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def save_note(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Save a note of customers to reevaluate, before their orders are recorded; returns the note's name."""
        name = digest(instant(now), *emails, key=self._table.digest_key)
        key = person_keys.pending_buyers(org, name)
        self._table.put({**key._asdict(), "emails": json.dumps(emails), **due_attributes(DUE_NOTE, key, now + GRACE)})
        return name

    def delete_note(self, org: str, name: str) -> None:
        """Delete the note after its buyers were reevaluated."""
        self._table.delete(person_keys.pending_buyers(org, name))

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Yield organiser and e-mail of the buyers of overdue notes.

        Each buyer is made due one by one before the note is deleted, so that a crash in between loses none.
        """
        for key in DueIndex(self._table, DUE_NOTE).keys(now):
            emails = json.loads((self._table.get(key) or {}).get("emails", "[]"))
            org = keys.organiser_of(key.pk)
            for email in emails:
                self._make_due(person_keys.profile(org, email), now)
            self._table.delete(key)
            yield from ((org, email) for email in emails)

    def _make_due(self, key: keys.Key, now: datetime) -> None:
        with suppress(ConditionFailed):
            self._table.update(key, due_attributes(DUE_CUSTOMER, key, now), when=conditions.present("email"))
