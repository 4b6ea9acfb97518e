"""Names in a customer file that differ from the customers' names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guestlist.customers.importing.plan import FileRow
from guestlist.customers.model import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChange:
    """A change of a customer's name by an import. `email` is folded."""

    email: str
    before: str
    after: str


class CustomerNames(Protocol):
    """The names of an organiser's customers."""

    def rename_each(self, org: str, names: Mapping[str, str]) -> None:
        """Rename customers by folded e-mail; unknown ones are not created."""


class NameChangeJournal(Protocol):
    """Journal of the names that an import changed, for its undo."""

    def append_names(self, org: str, import_id: str, name_changes: Sequence[NameChange]) -> None:
        """Save changes of names before they are made, replacing earlier ones of the same customer."""

    def name_changes(self, org: str, import_id: str) -> Iterator[NameChange]:
        """Yield all changes of names, unsorted."""


def name_changes(block: Sequence[FileRow], customers: Mapping[str, Customer]) -> list[NameChange]:
    """The changes of names in these rows. An empty cell changes nothing."""
    return [
        NameChange(email=file_row.email, before=customers[file_row.email].name, after=file_row.row.name)
        for file_row in block
        if file_row.row.name and file_row.email in customers and file_row.row.name != customers[file_row.email].name
    ]


def rename(
    org: str, import_id: str, changed: Sequence[NameChange], names: CustomerNames, journal: NameChangeJournal
) -> None:
    """Save the changes to the journal, then rename the customers."""
    if changed:
        journal.append_names(org, import_id, changed)
        names.rename_each(org, {name_change.email: name_change.after for name_change in changed})
