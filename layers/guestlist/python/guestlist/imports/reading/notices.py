"""What an organiser should look at although nothing was refused: counted, with the first lines."""

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

_LINES_NAMED = 5
_SHORTEST_NUMBER = 6


class Notice(Enum):
    """What can be worth a look, each with its sentence; `{rows}` is how many rows and on which lines."""

    QUANTITY_BLANK = "{rows}: the quantity is empty and was read as 1."
    ROUNDED = (
        "{rows}: the code has more than 15 digits and ends in zeros. Spreadsheets keep 15 digits of a number; "
        "compare these codes with their source."
    )
    SPACES = "{rows}: the code begins or ends with a space. It was kept, and must be scanned with it."
    INVISIBLE = (
        "{rows}: the code holds a character that cannot be seen, such as a no-break space. "
        "It was kept; type the code anew if it should not be there."
    )
    UNSEEN = (
        "{rows}: the code holds a character that cannot be seen, such as a zero-width space. "
        "It was taken off, as it is wherever a code is asked for."
    )
    QUANTITY_UNLIMITED = "{rows}: the limit is empty and was read as no limit."
    SEVERAL_ADDRESSES = "{rows}: several e-mail addresses stand in one cell, and the first was taken."
    AROUND_ADDRESS = "{rows}: what a mail program wrote around the e-mail address, such as <…>, was taken off."
    DATE_LEFT_OUT = "{rows}: the original date cannot be read and was left out. Write year-month-day to have it."
    NO_PURCHASE_DATE = "{rows}: nothing says when the order was bought, so it counts as made now."
    NO_ORIGINAL_DATE = "{rows}: there is no original date, so the ticket counts as bought on the day of the import."


_ZERO_LOST = (
    "{rows}: the code has {short} digits where most have {usual}. "
    "Spreadsheets drop a zero at the beginning of a number; compare these codes with their source."
)


@dataclass(slots=True)
class _Seen:
    """How often something was met, and the first lines where it was."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.count += 1
        if len(self.lines) < _LINES_NAMED or line < self.lines[-1]:
            insort(self.lines, line)
            del self.lines[_LINES_NAMED:]

    def full(self, line: int) -> bool:
        """Whether no line from this one on can be among the first."""
        return len(self.lines) == _LINES_NAMED and self.lines[-1] <= line

    @property
    def rows(self) -> str:
        """Such as “3 rows (lines 2, 5, 9)”."""
        more = ", …" if self.count > len(self.lines) else ""
        lines = ", ".join(map(str, self.lines))
        return f"1 row (line {lines})" if self.count == 1 else f"{self.count:,} rows (lines {lines}{more})"


class Notices:
    """What was met in one file, in constant memory."""

    def __init__(self) -> None:
        self._seen: dict[Notice, _Seen] = {}
        self._digits: dict[int, _Seen] = {}

    def add(self, kind: Notice, line: int) -> None:
        """Note that the row on that line is worth a look."""
        self._seen.setdefault(kind, _Seen()).add(line)

    def add_code(self, digits: int, line: int) -> None:
        """Note that the code on that line is a number of so many digits, or 0 when it is none."""
        if (seen := self._digits.get(digits)) is None:
            seen = self._digits[digits] = _Seen()
        seen.add(line)

    def add_codes(self, codes: Sequence[str], lines: Sequence[int]) -> None:
        """The same for many codes and their lines, in the order of the file."""
        if not codes:
            return
        numbers = [len(code) if code.isdecimal() else 0 for code in codes] if any(map(str.isdecimal, codes)) else []
        for digits, count in Counter(numbers).items() if numbers else [(0, len(codes))]:
            of_these = (line for line, found in zip(lines, numbers, strict=True) if found == digits)
            seen = self._digits.setdefault(digits, _Seen())
            first = () if seen.full(lines[0]) else tuple(islice(of_these if numbers else lines, _LINES_NAMED))
            for line in first:
                seen.add(line)
            seen.count += count - len(first)

    def sentences(self) -> tuple[str, ...]:
        """What to look at, in a fixed order; empty when nothing is."""
        said = [kind.value.format(rows=self._seen[kind].rows) for kind in Notice if kind in self._seen]
        return (*said, *self._zeros_lost())

    def _zeros_lost(self) -> list[str]:
        usual = max(sorted(self._digits), key=lambda digits: self._digits[digits].count, default=0)
        short = self._digits.get(usual - 1)
        if usual < _SHORTEST_NUMBER or short is None or 2 * short.count >= self._digits[usual].count:
            return []
        return [_ZERO_LOST.format(rows=short.rows, short=usual - 1, usual=usual)]
