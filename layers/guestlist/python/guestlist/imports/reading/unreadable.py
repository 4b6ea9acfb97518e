"""A file that cannot be read as a whole."""

from guestlist.imports.model import Reason


class Unreadable(Exception):
    """Why no row of the file can be read: the word, the sentence, and the physical line where one is to blame."""

    def __init__(self, reason: Reason, detail: str, line: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.line = line


def empty_file() -> Unreadable:
    """The error for a file without rows."""
    return Unreadable(Reason.EMPTY_FILE, "The file holds no rows at all. Check that the right one was sent.")
