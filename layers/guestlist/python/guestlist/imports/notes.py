"""What an import tells beside its numbers: how its file was read, and what had to be kept when it was taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from guestlist.messages.message import Message, texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """How the file was read. `mapping` is field → 0-based column; `notes` are sentences worth showing.

    `messages` are the same as code words and parameters; an earlier version of this program stored none.
    """

    encoding: str
    delimiter: str | None
    header_rows: int
    mapping: Mapping[str, int]
    headers: tuple[str, ...] = ()
    suggested: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()

    def noting(self, *messages: Message) -> "Detected":
        """The same with these notes behind those that it has."""
        notes = (*self.notes, *texts_of("note", messages))
        return replace(self, notes=notes, messages=(*self.messages, *messages))


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """When an import was taken back, and what had to be kept: in sentences, and as code words and parameters."""

    at: datetime
    kept: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


def undo_result(at: datetime, kept: Iterable[Message] = ()) -> UndoResult:
    """An import that was taken back at that instant, but for what was kept."""
    messages = tuple(kept)
    return UndoResult(at=at, kept=texts_of("kept", messages), messages=messages)
