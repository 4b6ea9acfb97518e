"""What imports changed, so that they can be taken back."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table
from guestlist.membership import Change

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Journal:
    """Changes of memberships, by import."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Keep what is about to be changed; what was noted before of the same membership stays."""
        for change in changes:
            key = keys.noted_change(org, import_id, change.subject.email, change.subject.group_id)
            item = {**key._asdict(), "change": _adapter().dump_json(change).decode()}
            try:
                self._table.put(item, when=conditions.absent())
            except ConditionFailed:
                continue

    def noted(self, org: str, import_id: str) -> Iterator[Change]:
        """All that was noted, in no order."""
        for item in self._table.query_all(keys.noted_changes(org, import_id)):
            yield _adapter().validate_json(item["change"])


@cache
def _adapter() -> "TypeAdapter[Change]":
    from pydantic import TypeAdapter

    return TypeAdapter(Change)
