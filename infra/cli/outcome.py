"""The result of a command: exit codes, and failures reported in one line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The meaning of a command's exit code."""

    DONE = 0
    REFUSED = 1
    """The request was refused, or the answer is negative."""
    WRONG_USAGE = 2
    PARTIAL = 3
    """An import stored some rows and refused others."""
    UNANSWERED = 4
    """There was no response; whether something was done is unknown."""


class Failure(Exception):
    """A failure, described in one line."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.REFUSED) -> None:
        super().__init__(printable(message))
        self.exit_code = exit_code


def printable(value: object) -> str:
    """The text on one line, without terminal control sequences."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value))
