"""The names that a customer file states, held against those that the customers have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guestlist.customers.importing.plan import FileRow
from guestlist.customers.model import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What an import changed of a customer's name. `email` is folded."""

    email: str
    before: str
    after: str


class Names(Protocol):
    """The names of an organiser's customers."""

    def rename_each(self, org: str, names: Mapping[str, str]) -> None:
        """Give each of these people, by folded e-mail, another name; who is not known stays unknown."""


class RenamingNotes(Protocol):
    """What an import changed of names, so that it can be taken back."""

    def note_names(self, org: str, import_id: str, renamings: Sequence[Renaming]) -> None:
        """Keep what is about to be changed, in place of what was noted before of the same customer."""

    def noted_names(self, org: str, import_id: str) -> Iterator[Renaming]:
        """All that was noted, in no order."""


def renamings(block: Sequence[FileRow], customers: Mapping[str, Customer]) -> list[Renaming]:
    """The customers for whom the file states another name than they have. An empty cell states none."""
    return [
        Renaming(email=file_row.email, before=customers[file_row.email].name, after=file_row.row.name)
        for file_row in block
        if file_row.row.name and file_row.email in customers and file_row.row.name != customers[file_row.email].name
    ]


def rename(org: str, import_id: str, changed: Sequence[Renaming], names: Names, notes: RenamingNotes) -> None:
    """Note the changes, then make them."""
    if changed:
        notes.note_names(org, import_id, changed)
        names.rename_each(org, {renaming.email: renaming.after for renaming in changed})
