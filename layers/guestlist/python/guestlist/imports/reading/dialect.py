"""Detection of the delimiter; a file of one column has none."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from guestlist.imports.file_options import separator
from guestlist.imports.model import Reason
from guestlist.imports.reading.columns import find_problem_columns
from guestlist.imports.reading.records import split_records
from guestlist.imports.reading.schemas import Schema
from guestlist.imports.reading.unreadable import Unreadable
from guestlist.messages.message import Message

DELIMITERS = ("\t", ",", ";", "|")
"""Delimiters that are detected; the first wins a tie, the tab above all, as nobody types one into a cell."""

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_DECLARATION = re.compile(r'"?sep=([^\w\r\n\0"])"?[\r\n]*', re.IGNORECASE)
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_SEPARATOR_LIKE = re.compile(r"[^\w\s\"'.-]|\s")
_COMMENT = re.compile(r"#(?!\w)")
_MAX_HEADER_ROWS = 11
_MAX_ROWS = 200
_MAJORITY = 0.5


@dataclass(frozen=True, slots=True)
class _Trial:
    """The result of splitting the first rows by one delimiter.

    `known_columns` is the number of known headers, `width` the most frequent number of cells, `share` that of rows
    with it.
    """

    delimiter: str
    known_columns: int
    header_width: int
    width: int
    share: float

    @property
    def has_header(self) -> bool:
        return self.known_columns > 0 and self.header_width > 1

    @property
    def separates(self) -> bool:
        return self.width > 1 and self.share > _MAJORITY


def declared_delimiter(line: str) -> str | None:
    """The delimiter that a first line such as `sep=;` declares; None for any other line."""
    match = _DECLARATION.fullmatch(line)
    return match[1] if match else None


def delimiter_message(delimiter: str) -> Message:
    """The message that names the delimiter of the file."""
    name = _NAMES.get(delimiter)
    return Message("separated", {"reason": name} if name else {"character": delimiter})


def validated_delimiter(delimiter: str) -> str:
    """The requested delimiter as one character. Raises `Unreadable` if it cannot be one."""
    character = separator(delimiter)
    if character is None:
        raise Unreadable(Reason.BAD_OPTION, Message("bad_delimiter", {"delimiter": delimiter[:20]}))
    return character


def other_separator(header: str, schema: Schema) -> str | None:
    """A character that is not in `DELIMITERS` but separates at least two known headers, if any."""
    others = dict.fromkeys(_SEPARATOR_LIKE.findall(header[:1000]))
    return next((other for other in others if schema.count_known(header[:1000].split(other)) > 1), None)


def find_delimiter(lines: Sequence[str], schema: Schema, headers: Sequence[str] = ()) -> str | None:
    """The delimiter of a file that begins with these lines; None if it has one column.

    The delimiter that gives the most known headers wins, those in `headers` included; without a header, the one that
    gives the most rows the same number of cells. The comma is excluded if all commas are between digits and another
    delimiter is possible.
    """
    trials = [_try(lines, delimiter, schema, headers) for delimiter in DELIMITERS]
    with_header = [trial for trial in trials if trial.has_header]
    if with_header:
        return max(with_header, key=lambda trial: (trial.known_columns, trial.share)).delimiter
    candidates = [trial for trial in trials if trial.separates]
    if len(candidates) > 1 and _commas_are_decimal(lines):
        candidates = [trial for trial in candidates if trial.delimiter != ","]
    best = max(candidates, key=lambda trial: (trial.share, trial.width), default=None)
    return best.delimiter if best else None


def _try(lines: Sequence[str], delimiter: str, schema: Schema, headers: Sequence[str]) -> _Trial:
    rows = []
    for record in split_records(lines, delimiter):
        if record.fault is None:
            rows.append(record.cells)
        if len(rows) == _MAX_ROWS:
            break
    rows = list(dropwhile(is_comment, rows)) or rows
    counts = [_known_headers(row, schema, headers) for row in rows[:_MAX_HEADER_ROWS]]
    best = max(counts, default=0)
    at = counts.index(best) if best else 0
    widths = Counter(len(row) for row in rows[at + 1 if best else 0 :])
    width, share = widths.most_common(1)[0] if widths else (1, 0)
    return _Trial(delimiter, best, len(rows[at]) if rows else 0, width, share / max(widths.total(), 1))


def is_comment(row: Sequence[str]) -> bool:
    """Whether a row above the header is a comment of a script."""
    return len(row) == 1 and _COMMENT.match(row[0]) is not None


def _known_headers(row: Sequence[str], schema: Schema, headers: Sequence[str]) -> int:
    names = [cell for cell in row if "@" not in cell and not cell.isdecimal()]
    return (
        schema.count_known(names) + sum(header in row for header in headers) + (find_problem_columns(row) is not None)
    )


def _commas_are_decimal(lines: Sequence[str]) -> bool:
    return all(line.count(",") == len(_DECIMAL.findall(line)) for line in lines)
