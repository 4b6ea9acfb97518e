"""What imports changed, so that they can be taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.table import Table
from guestlist.customers.importing.names import Renaming
from guestlist.groups.membership import Change

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Journal:
    """Changes of memberships and of names, by import."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Keep what is about to be changed, in place of what was noted before of the same membership."""
        self._table.put_many(_item(org, import_id, change) for change in changes)

    def redact(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Forget what was noted of these memberships: they were not changed after all."""
        self._table.delete_many(_key(org, import_id, change) for change in changes)

    def forget(self, org: str, import_id: str, email: str, group_ids: Sequence[str]) -> None:
        """Forget what an import changed of that person's name and of their memberships of these groups."""
        noted = [keys.noted_change(org, import_id, email, group_id) for group_id in group_ids]
        items = self._table.get_many([keys.noted_name(org, import_id, email), *noted])
        self._table.delete_many(items)

    def noted(self, org: str, import_id: str) -> Iterator[Change]:
        """All that was noted, in no order."""
        for item in self._table.query_all(keys.noted_changes(org, import_id)):
            if "change" in item:
                yield _adapter().validate_json(item["change"])

    def note_names(self, org: str, import_id: str, renamings: Sequence[Renaming]) -> None:
        """Keep what is about to be changed, in place of what was noted before of the same customer."""
        self._table.put_many(
            {**keys.noted_name(org, import_id, renaming.email)._asdict(), **asdict(renaming)} for renaming in renamings
        )

    def noted_names(self, org: str, import_id: str) -> Iterator[Renaming]:
        """All names that were noted, in no order."""
        for item in self._table.query_all(keys.noted_changes(org, import_id), begins=keys.NOTED_NAME):
            yield Renaming(email=item["email"], before=item["before"], after=item["after"])


def _item(org: str, import_id: str, change: Change) -> Item:
    return {**_key(org, import_id, change)._asdict(), "change": _adapter().dump_json(change).decode()}


def _key(org: str, import_id: str, change: Change) -> keys.Key:
    return keys.noted_change(org, import_id, change.subject.email, change.subject.group_id)


@cache
def _adapter() -> "TypeAdapter[Change]":
    from pydantic import TypeAdapter

    return TypeAdapter(Change)
