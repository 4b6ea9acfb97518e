"""Rows among the data that are none: sums of others, remarks, and the header once more."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from guestlist.imports.model import Kind
from guestlist.imports.reading import words
from guestlist.imports.reading.footer import is_total
from guestlist.imports.reading.layout import Layout
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.text import Text
from guestlist.messages.message import Message

_PIECE = 1 << 16
_LOOKED_AT, _MOST_ROWS = 1 << 18, 20_000
"""How much of a file is looked at, unless every row of it may open a door: files with remarks are made by hand."""
_TOTALS = r"grand|sub|tot|sum|gesamt|i[ .]?alt|eind|yht|samman|tils|tussen|zwi|del"
_SUM = re.compile(
    r"(sub|tussen|eind|grand|zwischen|del)?[ -]?(totaal|totale?|totals|totalt|summe|summa|sum|gesamt)[\s:–-]+[^\d@]*",
    re.IGNORECASE,
)
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
        if self.totals and (is_total(cells) or self._sums_up(cells)):
            return "totals"
        return "remarks" if self._is_remark(cells) else ""

    @property
    def messages(self) -> Iterator[Message]:
        """What is to be said of these rows."""
        return (Message(why, {"line": line}) for why, line in self.first.items())

    def _is_header(self, cells: Sequence[str]) -> bool:
        pairs = [(cell.strip("\ufeff \t"), name.strip()) for cell, name in zip(cells, self.header, strict=False)]
        return any(cell for cell, _ in pairs) and all(cell in ("", name) for cell, name in pairs)

    def _sums_up(self, cells: Sequence[str]) -> bool:
        """Whether the cell of the code says what is summed up."""
        return self.code is not None and self.code < len(cells) and _SUM.fullmatch(cells[self.code].strip()) is not None

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
    no_data = NoData(header, code, tickets and columns.width > 1)
    if not _may_have(text, no_data, whole=tickets):
        return None
    spaced = total = 0
    for record in _below(text, layout, ends_at, None if tickets else _MOST_ROWS):
        code_cell = record.cells[code].strip() if code is not None and code < len(record.cells) else ""
        total += bool(code_cell)
        spaced += " " in code_cell
        if why := no_data.why(record.cells):
            no_data.first.setdefault(why, record.line)
    if spaced * _FEW >= total:
        no_data.code = None
        no_data.first.pop("remarks", None)
    return no_data if no_data.first else None


def _below(text: Text, layout: Layout, ends_at: int | None, most: int | None) -> Iterator[Record]:
    for record in islice(text.records(), most):
        if ends_at is not None and record.line >= ends_at:
            return
        if record.row > layout.header_ends:
            yield record


def _may_have(text: Text, no_data: NoData, *, whole: bool) -> bool:
    """Whether any line looks like such a row; nearly no file has one, which is seen without splitting its cells."""
    look, looked_at, rest = _Look(text.delimiter, no_data), 0, "\n"
    for piece in text.pieces(_PIECE):
        looked_at += len(piece)
        lines, _, rest = (rest + (piece.replace("\r", "\n") if "\r" in piece else piece)).rpartition("\n")
        if look.finds(f"{lines}\n"):
            return True
        if not whole and looked_at > _LOOKED_AT:
            return False
        rest = f"\n{rest}"
    return look.finds(f"{rest}\n")


class _Look:
    """Looks for lines that may be no data, in texts that begin and end with a line end."""

    def __init__(self, delimiter: str | None, no_data: NoData) -> None:
        name = next((name.strip() for name in no_data.header if name.strip()), "")
        self._headers = [f"\n{before}{name}" for before in ("", '"', "\ufeff", '\ufeff"')] if name else []
        self._headers_count = 0
        self._totals = re.compile(rf"\n[^\w\n]*+(?:{_TOTALS})", re.IGNORECASE) if no_data.totals else None
        beside = no_data.code is not None and delimiter
        # Empty cells beside a remark end its line, or begin it.
        self._marks = [f"{delimiter}\n", f'{delimiter}""\n', f"{delimiter} \n", f"\n{delimiter}", f'\n""{delimiter}']
        between, other = f'[{re.escape(delimiter or "")}" \t]', f'[^{re.escape(delimiter or "")}"\n@ ]'
        self._remark = re.compile(f"\n{between}*+{other}++(?: ++{other}++){{2,}}{between}*+\n") if beside else None

    def finds(self, lines: str) -> bool:
        """Whether there is such a line, here or in the texts before."""
        self._headers_count += sum(map(lines.count, self._headers))
        if self._headers_count > 1 or (self._totals and self._totals.search(lines)):
            return True
        return bool(self._remark and any(mark in lines for mark in self._marks) and self._remark.search(lines))
