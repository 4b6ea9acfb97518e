"""Notes on suspicious rows that are not refused, with their number and first lines."""

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from guestlist.messages.message import Message

_LINES_NAMED = 5
_SHORTEST_NUMBER = 6


class RowNote(Enum):
    """A kind of note on rows; the value is the code of its message."""

    QUANTITY_BLANK = "quantity_blank"
    ROUNDED = "rounded"
    SPACES = "spaces"
    INVISIBLE = "invisible"
    UNSEEN = "unseen"
    QUANTITY_UNLIMITED = "quantity_unlimited"
    SEVERAL_ADDRESSES = "several_addresses"
    AROUND_ADDRESS = "around_address"
    COMPANIONS = "companions"
    ENCODED_TWICE = "encoded_twice"
    UNMAILABLE = "unmailable"
    DATE_LEFT_OUT = "date_left_out"
    NO_PURCHASE_DATE = "no_purchase_date"
    NO_ORIGINAL_DATE = "date_missing"
    NO_LINE = "no_line"


@dataclass(slots=True)
class _Occurrences:
    """Number of occurrences, and the lowest line numbers in ascending order."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.count += 1
        if len(self.lines) < _LINES_NAMED or line < self.lines[-1]:
            self.keep(line)

    def keep(self, line: int) -> None:
        """Store the line among the lowest ones."""
        insort(self.lines, line)
        del self.lines[_LINES_NAMED:]

    def full(self, line: int) -> bool:
        """Whether no line from this one on would be stored."""
        return len(self.lines) == _LINES_NAMED and self.lines[-1] <= line

    def message(self, code: str, **more: int) -> Message:
        """The message with the number of rows and their first lines."""
        return Message(code, {"n": self.count, "lines": tuple(self.lines), **more})


class RowNotes:
    """Collects the notes on the rows of one file, in constant memory."""

    def __init__(self) -> None:
        self._seen: dict[RowNote, _Occurrences] = {}
        self._digits: dict[int, _Occurrences] = {}

    def add(self, kind: RowNote, line: int) -> None:
        """Add a note on the row at that line."""
        self._seen.setdefault(kind, _Occurrences()).add(line)

    def add_code(self, digits: int, line: int) -> None:
        """Add the code on that line as a number with that many digits, 0 for a code that is not a number."""
        if (occurrences := self._digits.get(digits)) is None:
            occurrences = self._digits[digits] = _Occurrences()
        occurrences.count += 1
        lines = occurrences.lines
        if len(lines) < _LINES_NAMED or line < lines[-1]:
            occurrences.keep(line)

    def add_codes(self, codes: Sequence[str], lines: Sequence[int]) -> None:
        """Add many codes with their lines, in the order of the file."""
        if not codes:
            return
        numbers = [len(code) if code.isdecimal() else 0 for code in codes] if any(map(str.isdecimal, codes)) else []
        for digits, count in Counter(numbers).items() if numbers else [(0, len(codes))]:
            selected = (line for line, number in zip(lines, numbers, strict=True) if number == digits)
            occurrences = self._digits.setdefault(digits, _Occurrences())
            first = () if occurrences.full(lines[0]) else tuple(islice(selected if numbers else lines, _LINES_NAMED))
            for line in first:
                occurrences.add(line)
            occurrences.count += count - len(first)

    def messages(self) -> tuple[Message, ...]:
        """The notes as messages in a fixed order, then the one on numbers that lost a leading zero."""
        messages = [self._seen[kind].message(kind.value) for kind in RowNote if kind in self._seen]
        return (*messages, *self._zeros_lost())

    def _zeros_lost(self) -> list[Message]:
        usual = max(sorted(self._digits), key=lambda digits: self._digits[digits].count, default=0)
        short = self._digits.get(usual - 1)
        if usual < _SHORTEST_NUMBER or short is None or 2 * short.count >= self._digits[usual].count:
            return []
        return [short.message("zero_lost", short=usual - 1, usual=usual)]
