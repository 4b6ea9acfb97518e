"""How a command ends: its exit codes, and failures that are told in one line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    REFUSED = 1
    """Guestlist refused it, or the answer is no."""
    WRONG_USAGE = 2
    PARTIAL = 3
    """An import stored some rows and refused others."""
    UNANSWERED = 4
    """There was no answer; whether something was done is not known."""


class Failure(Exception):
    """What went wrong, in one line."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.REFUSED) -> None:
        super().__init__(printable(message))
        self.exit_code = exit_code


def printable(value: object) -> str:
    """The text on one line, without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value))
