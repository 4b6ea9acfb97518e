"""Journal of the changes that customer imports made, for their undo.

Changes of neighbouring lines are stored together, compressed. An earlier release stored each in its own item, which is
still done if they are too long for one item.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table
from guestlist.customers.importing.names import NameChange
from guestlist.groups.membership import Change
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_LINES_PER_BLOCK = 50
_MAX_BYTES = 300_000

ChangesByName = dict[str, Change]
"""Changes of memberships by group id and folded e-mail."""
Edit = Callable[[ChangesByName], ChangesByName]


class Journal:
    """Changes of memberships and of names, by import."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Save changes before they are made, replacing earlier ones of the same membership."""
        for number, added in _by_block(changes).items():
            self._revise(org, import_id, number, partial(_with, added))

    def remove_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Delete changes that were not made after all."""
        for number, removed in _by_block(changes).items():
            self._revise(org, import_id, number, partial(_without, set(removed)))
        self._table.delete_many(_key(org, import_id, change) for change in changes)

    def erase_person(self, org: str, import_id: str, email: str, group_ids: Sequence[str]) -> None:
        """Delete the changes that an import made to the person's name and to their memberships of these groups."""
        change_keys = [keys.journal_change(org, import_id, email, group_id) for group_id in group_ids]
        items = self._table.get_many([keys.journal_name(org, import_id, email), *change_keys])
        self._table.delete_many(items)
        names_of_person = {f"{group_id}#{fold_email(email)}" for group_id in group_ids}
        for number, journal_changes in self._blocks(org, import_id):
            if not names_of_person.isdisjoint(journal_changes):
                self._revise(org, import_id, number, partial(_without, names_of_person))

    def changes(self, org: str, import_id: str) -> Iterator[Change]:
        """Yield all changes of memberships, unsorted."""
        for item in self._table.query_all(keys.journal_changes(org, import_id)):
            if "change" in item:
                yield _change().validate_json(item["change"])
        for _, changes in self._blocks(org, import_id):
            yield from changes.values()

    def append_names(self, org: str, import_id: str, name_changes: Sequence[NameChange]) -> None:
        """Save changes of names before they are made, replacing earlier ones of the same customer."""
        self._table.put_many(
            {**keys.journal_name(org, import_id, name_change.email)._asdict(), **asdict(name_change)}
            for name_change in name_changes
        )

    def name_changes(self, org: str, import_id: str) -> Iterator[NameChange]:
        """Yield all changes of names, unsorted."""
        for item in self._table.query_all(keys.journal_changes(org, import_id), begins=keys.JOURNAL_NAME):
            yield NameChange(email=item["email"], before=item["before"], after=item["after"])

    def _blocks(self, org: str, import_id: str) -> Iterator[tuple[int, ChangesByName]]:
        for item in self._table.query_all(person_keys.journal_block(org, import_id, 0).pk):
            yield int(item["sk"]), _parse_block(item)

    def _revise(self, org: str, import_id: str, number: int, change: Edit) -> None:
        """Replace the stored changes of a block with what `change` returns for them."""
        retry_on_conflict(partial(self._try_revise, org, import_id, number, change))

    def _try_revise(self, org: str, import_id: str, number: int, change: Edit) -> None:
        key = person_keys.journal_block(org, import_id, number)
        former = self._table.get(key)
        changes = change(_parse_block(former) if former else {})
        content: bytes | None = zlib.compress(_changes().dump_json(changes))
        if (former and "changes" not in former) or len(content or b"") > _MAX_BYTES:
            self._table.put_many(_item(org, import_id, single_change) for single_change in changes.values())
            content = None
        revision = former["revision"] if former else 0
        unchanged = conditions.equals("revision", revision) if former else conditions.absent()
        try:
            self._table.put({**key._asdict(), "changes": content, "revision": revision + 1}, when=unchanged)
        except ConditionFailed as error:
            raise ConcurrentModification from error


def _by_block(changes: Sequence[Change]) -> dict[int, ChangesByName]:
    """Group the changes by the number of their block in the file, and within it by membership."""
    blocks: dict[int, ChangesByName] = defaultdict(dict)
    for change in changes:
        blocks[(change.line or 0) // _LINES_PER_BLOCK][_name(change)] = change
    return blocks


def _with(added: ChangesByName, changes: ChangesByName) -> ChangesByName:
    return {**changes, **added}


def _without(names: set[str], changes: ChangesByName) -> ChangesByName:
    return {name: change for name, change in changes.items() if name not in names}


def _parse_block(item: Item) -> ChangesByName:
    """Parse a block; empty if its changes are stored in items of their own."""
    return _changes().validate_json(zlib.decompress(item["changes"])) if "changes" in item else {}


def _item(org: str, import_id: str, change: Change) -> Item:
    return {**_key(org, import_id, change)._asdict(), "change": _change().dump_json(change).decode()}


def _key(org: str, import_id: str, change: Change) -> keys.Key:
    return keys.journal_change(org, import_id, change.subject.email, change.subject.group_id)


def _name(change: Change) -> str:
    return f"{change.subject.group_id}#{fold_email(change.subject.email)}"


@cache
def _change() -> "TypeAdapter[Change]":
    from pydantic import TypeAdapter

    return TypeAdapter(Change)


@cache
def _changes() -> "TypeAdapter[ChangesByName]":
    from pydantic import TypeAdapter

    return TypeAdapter(ChangesByName)
