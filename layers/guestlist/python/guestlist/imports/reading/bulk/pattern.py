"""The regular expression of a row that is plainly good: made from the columns of a file, it matches nothing else.

Cells are matched without a way back (`++`, `{…}+`), so that a row costs what it is long, whatever is in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from guestlist.imports.reading import words
from guestlist.imports.reading.columns import Columns

DELIMITERS = (None, ",", ";", "\t", "|")
"""Those that no plain cell needs for anything else."""

_KEYS = {words.CODE, words.EMAIL}
_TEXTS = {words.CATEGORY, words.SEAT}
_MOST_COLUMNS = 50
_UNREAD = 1_000
_CONTROL = r"\x00-\x1f\x7f-\x9f"
_CONTROL_IN_TEXT = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_LATIN = "\xa1-\xac\xae-\xff"
_SPACE = r"\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LOCAL, _DOMAIN = r"A-Za-z0-9!#$&*+\-.=?^_{}~", r"A-Za-z0-9_\-"
_EMAIL = rf"[{_LOCAL}]{{1,64}}+@[{_DOMAIN}]{{1,40}}+\.[{_DOMAIN}]{{1,40}}+(?:\.[{_DOMAIN}]{{1,40}}+)?"
_QUANTITY = "[1-9][0-9]{0,8}+"
_ROUNDED = r"(?!(?=[ +\-0-9])(?: *+[+-]?[0-9]++(?:[.,][0-9]*+)?[Ee][+-]?[0-9]++ *+[{end}\r\n]|[0-9]{{15}}0))"


class Quoting(Enum):
    """Whether the cells of a column stand between quotes: none of them, all of them, or some."""

    NEVER = "never"
    ALWAYS = "always"
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Matches a row from its beginning to its line end; each field in `fields` has one group, in their order."""

    expression: re.Pattern[str]
    fields: tuple[str, ...]
    quoted: tuple[str, ...]
    """The fields whose cells may come with their quotes."""
    wrapped: tuple[str, ...]
    """The fields whose cells may run over lines."""


def has_pattern(columns: Columns, delimiter: str | None) -> bool:
    """Whether a row of these columns can be plainly good."""
    keys = _KEYS & columns.mapping.keys()
    return bool(keys) and delimiter in DELIMITERS and columns.width <= _MOST_COLUMNS


def row_pattern(columns: Columns, delimiter: str | None, quoting: Sequence[Quoting]) -> Pattern:
    """The pattern for these columns, which have one."""
    meant = {index: name for name, index in columns.mapping.items()}
    row = _Row(delimiter or "", sorted(index for index, name in meant.items() if name in _KEYS))
    cells = [row.cell(index, meant.get(index), quoting[index]) for index in range(columns.width)]
    expression = re.compile(f"^{re.escape(delimiter or '').join(cells)}\r?\n", re.MULTILINE)
    fields = [name for _, name in sorted(meant.items())]
    quoted = [name for index, name in sorted(meant.items()) if quoting[index] is Quoting.SOMETIMES]
    texts = [name for index, name in meant.items() if name in _TEXTS and quoting[index] is not Quoting.NEVER]
    return Pattern(expression, tuple(fields), tuple(quoted), tuple(texts))


def seen_quoting(sample: str, columns: Columns, delimiter: str | None) -> list[Quoting]:
    """How the columns are quoted in some rows. A wrong answer costs time and nothing else."""
    seen: list[set[bool]] = [set() for _ in range(columns.width)]
    for line in sample.split("\n"):
        for index, cell in zip(range(columns.width), _split(line, delimiter), strict=False):
            seen[index].add(cell.startswith('"'))
    known: Mapping[bool, Quoting] = {True: Quoting.ALWAYS, False: Quoting.NEVER}
    return [known[found.pop()] if len(found) == 1 else Quoting.SOMETIMES for found in seen]


def _split(line: str, delimiter: str | None) -> list[str]:
    if '"' not in line or delimiter is None:
        return line.split(delimiter) if delimiter else [line]
    parts = line.split(delimiter)
    # Of a quoted cell with separators in it only the first piece begins with a quote.
    cells: list[str] = []
    for part in parts:
        if cells and cells[-1].startswith('"') and cells[-1].count('"') % 2:
            cells[-1] += delimiter + part
        else:
            cells.append(part)
    return cells


class _Row:
    """Makes the cells of one row. `keys` are the columns of code and e-mail, of which one must hold something."""

    def __init__(self, delimiter: str, keys: Sequence[int]) -> None:
        self._delimiter = delimiter
        self._keys = keys

    def cell(self, index: int, meant: str | None, quoting: Quoting) -> str:
        """The pattern of the cell, with a group if its column is read."""
        bare, quoted = self._body(meant, f'"{self._delimiter}'), self._body(meant, '"', quoted=True)
        empty = self._or_empty(index, '"' if quoting is Quoting.ALWAYS else "")
        if meant is None:
            return f'(?:{bare}|"{quoted}")'
        match quoting:
            case Quoting.NEVER:
                return f"({bare}{empty})"
            case Quoting.ALWAYS:
                return f'"({quoted}{empty})"'
            case Quoting.SOMETIMES:
                return f'({bare}|"{quoted}"{empty})'

    def _or_empty(self, index: int, quote: str) -> str:
        """An empty cell; of the first of two keys only before one that is not."""
        if index not in self._keys[:1]:
            return "|"
        if len(self._keys) == 1:
            return ""
        delimiter = re.escape(self._delimiter)
        between = f'(?:[^{delimiter}"\r\n]*+{delimiter}){{{self._keys[1] - index - 1}}}'
        return f'|(?={quote}{delimiter}{between}(?:[^{delimiter}"\r\n]|"[^"]))'

    def _body(self, meant: str | None, without: str, *, quoted: bool = False) -> str:
        """What the cell holds: none of the letters `without`."""
        match meant:
            case None:
                return rf"[^{without}\r\n]{{0,{_UNREAD}}}+"
            case words.CODE:
                first = f"'@{without}{'' if self._delimiter else ',;|'} "
                rounded = _ROUNDED.format(end=f'"{self._delimiter}')
                return rf"{rounded} {{0,9}}+{_printable(first)}{_printable(without)}{{0,189}}+"
            case words.EMAIL:
                return _EMAIL
            case words.QUANTITY:
                return _QUANTITY
            case _:
                control = _CONTROL_IN_TEXT if quoted else _CONTROL
                return rf"[^{_SPACE}{_CONTROL}'{without}][^{control}{without}]{{0,199}}+"


def _printable(without: str) -> str:
    """The class of what can be seen, a space included, in ASCII and Latin; never a letter of these."""
    return f"[{''.join(re.escape(chr(code)) for code in range(32, 127) if chr(code) not in without)}{_LATIN}]"
