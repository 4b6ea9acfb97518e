"""Notes of an import: how its file was read, and what an undo could not remove."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from guestlist.messages.message import Message, texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """The detected format of the file. `mapping` is field → 0-based column; `notes` are English sentences.

    `messages` are the notes as codes and parameters; records of an earlier release have none.
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
        notes = (*self.notes, *texts_of("note", messages))
        return replace(self, notes=notes, messages=(*self.messages, *messages))


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """When an import was undone, and what was kept: as sentences, and as codes and parameters."""

    at: datetime
    kept: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


def undo_result(at: datetime, kept: Iterable[Message] = ()) -> UndoResult:
    """Create the result of an undo at that instant that kept these."""
    messages = tuple(kept)
    return UndoResult(at=at, kept=texts_of("kept", messages), messages=messages)
