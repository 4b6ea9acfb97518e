"""Notes of an import: on the reading of its file, and on data that an undo kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from guestlist.messages.language import ENGLISH, Language
from guestlist.messages.message import Message, texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """The detected format of the file. `mapping` is field → 0-based column; `messages` are notes for the organiser.

    `notes` are the English sentences that an earlier version stored, the oldest ones without messages.
    """

    encoding: str
    delimiter: str | None
    header_rows: int
    mapping: Mapping[str, int]
    headers: tuple[str, ...] = ()
    suggested: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()

    def with_notes(self, *messages: Message) -> "Detected":
        """A copy with these notes appended."""
        return replace(self, messages=(*self.messages, *messages))

    def texts(self, language: Language = ENGLISH) -> tuple[str, ...]:
        """The notes as sentences in that language."""
        return texts_of("note", self.messages, language) or self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """The instant at which an import was undone, and messages on data that was kept.

    `kept` are the English sentences that an earlier version stored, the oldest ones without messages.
    """

    at: datetime
    kept: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()

    def texts(self, language: Language = ENGLISH) -> tuple[str, ...]:
        """The messages on data that was kept, as sentences in that language."""
        return texts_of("kept", self.messages, language) or self.kept


def undo_result(at: datetime, kept_items: Iterable[Message] = ()) -> UndoResult:
    """Create the result of an undo at that instant, with messages on data that was kept."""
    return UndoResult(at=at, messages=tuple(kept_items))
