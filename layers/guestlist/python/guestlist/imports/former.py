"""What an import took the place of."""

from dataclasses import dataclass

from guestlist.groups.index import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousList:
    """The list as it was before an import published: what an undo goes back to."""

    base: Version | None = None
    overlay: Version | None = None
    entries: int = 0
    created: bool = False
