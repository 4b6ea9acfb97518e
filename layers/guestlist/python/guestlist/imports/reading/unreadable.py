"""Error for a file of which no row can be read."""

from guestlist.imports.model import Reason
from guestlist.messages.message import Message


class Unreadable(Exception):
    """No row of the file can be read: the reason, the messages, and the physical line if one is the cause."""

    def __init__(self, reason: Reason, *messages: Message, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.messages = messages
        self.line = line


def empty_file() -> Unreadable:
    """The error for a file without rows."""
    return Unreadable(Reason.EMPTY_FILE, Message("no_rows"))
