"""Addresses that no mail may go to any more: what bounced for good, or complained."""

from datetime import datetime

from guestlist.aws import keys
from guestlist.aws.due import instant
from guestlist.aws.table import Table


class Suppressions:
    """The suppression list of each organiser; it holds digests, never addresses."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, org: str, email: str, why: str, at: datetime) -> None:
        """Suppress the address from now on; `why` is a word such as `bounce` or `complaint`."""
        key = keys.suppression(org, email)
        self._table.put({**key._asdict(), "why": why, "at": instant(at)})

    def why(self, org: str, email: str) -> str | None:
        """Why the address is suppressed, or None when it is not."""
        found = self._table.get(keys.suppression(org, email))
        return found["why"] if found else None
