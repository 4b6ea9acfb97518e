"""Rows among the data that are none: sums of others, remarks, and the header once more."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guestlist.imports.model import Kind
from guestlist.imports.reading import words
from guestlist.imports.reading.footer import is_total
from guestlist.imports.reading.layout import Layout
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.text import Text
from guestlist.messages.message import Message

_PIECE = 1 << 16
_LOOKED_AT = 1 << 20
"""How much of a file is looked at, unless every row of it may open a door: files with remarks are made by hand."""
_TOTALS = r"grand|sub|tot|sum|gesamt|i[ .]?alt|eind|yht|samman|tils"
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])")
_WORDS_OF_A_REMARK = 3
_FEW = 2
"""Remarks are fewer than one in so many codes; otherwise the codes are made of words."""


@dataclass(slots=True)
class NoData:
    """Tells rows that are no data, of which the file has some: on these lines first, by what they are."""

    header: Sequence[str]
    code: int | None
    totals: bool
    first: dict[str, int] = field(default_factory=dict)

    def why(self, cells: Sequence[str]) -> str:
        """What the row is, if it is no data; else nothing."""
        if self._is_header(cells):
            return "header_again"
        if self.totals and is_total(cells):
            return "totals"
        return "remarks" if self._is_remark(cells) else ""

    @property
    def said(self) -> Iterator[Message]:
        """What is to be said of these rows."""
        return (Message(why, {"line": line}) for why, line in self.first.items())

    def _is_header(self, cells: Sequence[str]) -> bool:
        held = [(cell.strip("\ufeff \t"), name.strip()) for cell, name in zip(cells, self.header, strict=False)]
        return any(cell for cell, _ in held) and all(cell in ("", name) for cell, name in held)

    def _is_remark(self, cells: Sequence[str]) -> bool:
        at = self.code
        if at is None or at >= len(cells) or len(cells) < 2 or "@" in cells[at]:
            return False
        return (
            len(_WORD.findall(cells[at])) >= _WORDS_OF_A_REMARK
            and not "".join(cell for index, cell in enumerate(cells) if index != at).strip()
        )


def find_no_data(text: Text, layout: Layout, kind: Kind, ends_at: int | None) -> NoData | None:
    """What tells the rows that are no data; None where the file has none of them.

    A word for a sum may be a code of a list, and is no barcode; other rows with it are refused for what they lack.
    """
    columns = layout.columns
    tickets = kind is Kind.TICKETS
    code = columns.mapping.get(words.TICKET_CODE if tickets else words.CODE)
    header = columns.headers if layout.header_ends else ()
    found = NoData(header, code, tickets and columns.width > 1)
    if not _may_have(text, found, whole=tickets):
        return None
    spaced = total = 0
    for record in _below(text, layout, ends_at):
        held = record.cells[code].strip() if code is not None and code < len(record.cells) else ""
        total += bool(held)
        spaced += " " in held
        if why := found.why(record.cells):
            found.first.setdefault(why, record.line)
    if spaced * _FEW >= total:
        found.code = None
        found.first.pop("remarks", None)
    return found if found.first else None


def _below(text: Text, layout: Layout, ends_at: int | None) -> Iterator[Record]:
    for record in text.records():
        if ends_at is not None and record.line >= ends_at:
            return
        if record.row > layout.header_ends:
            yield record


def _may_have(text: Text, found: NoData, *, whole: bool) -> bool:
    """Whether any line looks like such a row; nearly no file has one, which is seen without splitting its cells."""
    pattern, headers, looked_at, rest = _pattern(text.delimiter, found), 0, 0, ""
    for piece in text.pieces(_PIECE):
        looked_at += len(piece)
        lines, _, rest = (rest + piece.replace("\r", "\n")).rpartition("\n")
        for match in pattern.finditer(f"{lines}\n"):
            headers += match["header"] is not None
            if match["header"] is None or headers > 1:
                return True
        if not whole and looked_at > _LOOKED_AT:
            return False
    return pattern.search(f"{rest}\n") is not None


def _pattern(delimiter: str | None, found: NoData) -> re.Pattern[str]:
    """Matches the beginning of a line that may be such a row, and of the header itself."""
    between = f'[{re.escape(delimiter or " ")}" \\t\ufeff]'
    name = next((name.strip() for name in found.header if name.strip()), "")
    header = f"(?P<header>{re.escape(name)}(?={between}|$))" if name else "(?P<header>(?!))"
    alone = rf'|[^{re.escape(delimiter or " ")}"\n@]++{between}*+$' if found.code is not None else ""
    totals = f"|(?i:{_TOTALS})" if found.totals else ""
    return re.compile(f"^{between}*+(?:{header}{alone}{totals})", re.MULTILINE)
