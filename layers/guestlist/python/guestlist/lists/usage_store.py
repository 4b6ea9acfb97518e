"""Find the entries of a list that are in use, by their counters."""

from collections.abc import Sequence

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity


class Uses:
    """The counters of all organisers, read only."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def used_identities(self, org: str, group_id: str, entries: Sequence[Entry]) -> set[Identity]:
        """The identities of the entries with held or redeemed uses."""
        digest_key = self._table.digest_key
        identities = {keys.counter(org, group_id, entry.identity, digest_key): entry.identity for entry in entries}
        return {
            identities[key]
            for key, item in self._table.get_many(identities).items()
            if item.get("taken") or "share" in item
        }
