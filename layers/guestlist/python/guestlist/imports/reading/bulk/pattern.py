"""Regular expression for valid rows of simple form, made from the columns of a file; it matches nothing else.

Cells are matched possessively (`++`, `{…}+`), without backtracking, so that the time is linear in a row's length.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns
from guestlist.model.email_address import PLAIN

DELIMITERS = (None, ",", ";", "\t", "|")
"""The delimiters that no cell of simple form contains."""

_KEYS = {fields.CODE, fields.EMAIL}
_TEXTS = {fields.CATEGORY, fields.SEAT}
_MAX_COLUMNS = 50
_UNREAD = 1_000
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_LATIN = "\xa1-\xac\xae-\xff"
_SEEN_BEYOND = (
    "\xa1-\xac\xae-\u061b\u061d-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufefe\uff00-\uffff"
)
_USUAL_EMAIL = r"[A-Za-z0-9_\-]{1,24}+\.[A-Za-z0-9_\-]{1,39}+@[A-Za-z0-9]{1,40}+\.[A-Za-z]{2,20}+"
"""Most addresses, as a complete cell; `PLAIN` matches them too, but in more steps."""
_QUANTITY = "[1-9][0-9]{0,8}+"
_ROUNDED = r"(?! *+[+-]?[0-9]++(?:[.,][0-9]*+)?[Ee][+-]?[0-9]++ *+(?:[{end}\r]|$)|[0-9]{{15}}0)"


class Quoting(Enum):
    """Whether the cells of a column are quoted: none of them, all of them, or some."""

    NEVER = "never"
    ALWAYS = "always"
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Matches a row from the line end before it up to its own; each of `fields` has one group, in order."""

    expression: re.Pattern[str]
    fields: tuple[str, ...]
    quoted: tuple[str, ...]
    """The fields whose cells may include their quotes, or span lines."""


@dataclass(frozen=True, slots=True)
class SampleFormat:
    """The quoting of each column, whether all characters are ASCII or Latin-1, and the pattern before line feeds."""

    quoting: Sequence[Quoting]
    latin: bool
    line_end: str


def has_pattern(columns: Columns, delimiter: str | None) -> bool:
    """Whether there is a pattern for these columns."""
    keys = _KEYS & columns.mapping.keys()
    return bool(keys) and not columns.count_people and delimiter in DELIMITERS and columns.width <= _MAX_COLUMNS


def row_pattern(columns: Columns, delimiter: str | None, sample: SampleFormat) -> Pattern:
    """The pattern for these columns, for which `has_pattern` must be true."""
    quoting = sample.quoting
    field_names = {index: name for name, index in columns.mapping.items()}
    keys = sorted(index for index, name in field_names.items() if name in _KEYS)
    # In an export an apostrophe may be an escape that must be removed, anywhere in a cell.
    row = _Row(delimiter or "", keys, "'" if columns.is_export else "", latin=sample.latin)
    cells = [row.cell(index, field_names.get(index), quoting[index]) for index in range(columns.width)]
    # As every match begins with the same character, text that does not match is skipped at the speed of memory.
    expression = re.compile(f"\n{re.escape(delimiter or '').join(cells)}{sample.line_end}$", re.MULTILINE)
    read_fields = [name for _, name in sorted(field_names.items())]
    quoted = [name for index, name in sorted(field_names.items()) if _is_uneven(name, quoting[index])]
    return Pattern(expression, tuple(read_fields), tuple(quoted))


def _is_uneven(field: str, quoting: Quoting) -> bool:
    """Whether matched cells may include their quotes, or span lines."""
    return quoting is Quoting.SOMETIMES or (quoting is Quoting.ALWAYS and field in _TEXTS)


def detect_sample_format(sample: str, columns: Columns, delimiter: str | None) -> SampleFormat:
    """Detect the format of sample rows. A wrong result only costs time."""
    returns, feeds = sample.count("\r\n"), sample.count("\n")
    line_end = "\r" if returns == feeds > 0 else "\r?" if returns else ""
    return SampleFormat(_quoting(sample, columns, delimiter), max(sample, default="") <= "\xff", line_end)


def _quoting(sample: str, columns: Columns, delimiter: str | None) -> list[Quoting]:
    quoted_cells: list[set[bool]] = [set() for _ in range(columns.width)]
    for line in sample.split("\n"):
        for index, cell in zip(range(columns.width), _split(line, delimiter), strict=False):
            quoted_cells[index].add(cell.startswith('"'))
    quotings: Mapping[bool, Quoting] = {True: Quoting.ALWAYS, False: Quoting.NEVER}
    return [quotings[column.pop()] if len(column) == 1 else Quoting.SOMETIMES for column in quoted_cells]


def _split(line: str, delimiter: str | None) -> list[str]:
    if '"' not in line or delimiter is None:
        return line.split(delimiter) if delimiter else [line]
    parts = line.split(delimiter)
    # Only the first piece of a quoted cell that contains delimiters begins with a quote.
    cells: list[str] = []
    for part in parts:
        if cells and cells[-1].startswith('"') and cells[-1].count('"') % 2:
            cells[-1] += delimiter + part
        else:
            cells.append(part)
    return cells


class _Row:
    """Makes the patterns of the cells of one row, which never contain the characters `never`.

    `keys` are the columns of code and e-mail, of which at least one must be filled.
    """

    def __init__(self, delimiter: str, keys: Sequence[int], never: str, *, latin: bool) -> None:
        self._never = never
        self._delimiter = delimiter
        self._latin = latin
        self._keys = keys

    def cell(self, index: int, field: str | None, quoting: Quoting) -> str:
        """The pattern of the cell, with a group if its column is read; alternatives are not nested, for speed."""
        bare = self._body(field, f'"{self._delimiter}{self._never}')
        quoted = self._body(field, f'"{self._never}', quoted=True)
        empty = self._or_empty(index, '"' if quoting is Quoting.ALWAYS else "")
        if field is None:
            return f'(?:{bare}|"{quoted}")'
        match quoting:
            case Quoting.NEVER:
                return f"({bare}{empty})"
            case Quoting.ALWAYS:
                return f'"({quoted}{empty})"'
            case Quoting.SOMETIMES:
                return f'({bare}|"(?:{quoted})"{empty})'

    def _or_empty(self, index: int, quote: str) -> str:
        """The alternative for an empty cell; the first of two keys may be empty only if the second is not."""
        if index not in self._keys[:1]:
            return "|"
        if len(self._keys) == 1:
            return ""
        delimiter = re.escape(self._delimiter)
        between = f'(?:[^{delimiter}"\r\n]*+{delimiter}){{{self._keys[1] - index - 1}}}'
        return f'|(?={quote}{delimiter}{between}(?:[^{delimiter}"\r\n]|"[^"]))'

    def _body(self, field: str | None, without: str, *, quoted: bool = False) -> str:
        """The pattern of the content of the cell, without the characters `without`."""
        match field:
            case None:
                return rf"[^{without}\r\n]{{0,{_UNREAD}}}+"
            case fields.CODE:
                return self._code(without)
            case fields.EMAIL:
                return f"{_USUAL_EMAIL}|{PLAIN}"
            case fields.QUANTITY:
                return _QUANTITY
            case _:
                first = f"'#{without} "
                beginning, more = (_LATIN, "\xa0-\xff") if self._latin else (_SEEN_BEYOND, "\xa0-\uffff")
                control = r"\t\n" if quoted else ""
                return f"{_letters(first, beginning)}{_letters(without, more + control)}{{0,199}}+"

    def _code(self, without: str) -> str:
        """The pattern of a code; most begin with a letter or a short number, and cannot be a rounded number."""
        first = f"'#@{without}{'' if self._delimiter else ',;|'} "
        letter, letters = _letters(f"{first}+-0123456789", _LATIN), _letters(without, _LATIN)
        further = "0-9.Ee" if "," in without else "0-9.,Ee"
        short = f"[0-9][0-9]{{0,14}}+(?![{further}]){letters}{{0,180}}+"
        rounded = _ROUNDED.format(end=f'"{self._delimiter}')
        other = rf"(?=[ +\-0-9]){rounded} {{0,9}}+{_letters(first, _LATIN)}{letters}{{0,189}}+"
        return f"{letter}{letters}{{0,199}}+|(?>{short}|{other})"


def _letters(without: str, more: str) -> str:
    """The class of printable ASCII characters and the space, except these, and of the characters `more`."""
    return f"[{''.join(re.escape(letter) for letter in _ASCII if letter not in without)}{more}]"
