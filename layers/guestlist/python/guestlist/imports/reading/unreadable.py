"""A file that cannot be read as a whole."""

from guestlist.imports.model import Reason
from guestlist.messages.message import Message


class Unreadable(Exception):
    """Why no row of the file can be read: the word, the messages, and the physical line where one is to blame."""

    def __init__(self, reason: Reason, *messages: Message, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.messages = messages
        self.line = line


def empty_file() -> Unreadable:
    """The error for a file without rows."""
    return Unreadable(Reason.EMPTY_FILE, Message("no_rows"))
