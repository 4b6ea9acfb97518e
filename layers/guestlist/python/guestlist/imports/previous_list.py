"""The list that an import replaced."""

from dataclasses import dataclass

from guestlist.groups.index import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousList:
    """The list before an import published, which an undo restores; `created` if the import created the group."""

    base: Version | None = None
    overlay: Version | None = None
    entries: int = 0
    created: bool = False
