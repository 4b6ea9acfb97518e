"""Detection of rows among the data that are not data: totals, remarks and repeated headers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.footer import is_total
from guestlist.imports.reading.layout import Layout
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.text import Text
from guestlist.messages.message import Message

_PIECE = 1 << 16
_MAX_CHARACTERS, _MAX_ROWS = 1 << 18, 20_000
"""Characters and rows that are searched, except of tickets: a file with remarks was written by hand and is short."""
_TOTALS = r"grand|sub|tot|sum|gesamt|i[ .]?alt|eind|yht|samman|tils|tussen|zwi|del"
_SUM = re.compile(
    r"(sub|tussen|eind|grand|zwischen|del)?[ -]?(totaal|totale?|totals|totalt|summe|summa|sum|gesamt)[\s:–-]+[^\d@]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])")
_NUMBERS = re.compile("[0-9]+")
_FEWEST_REMARK_WORDS = 3
_SPACED_RATIO = 2
"""If at least one in so many codes has a space, the codes consist of words, and no row is taken for a remark."""


@dataclass(slots=True)
class NonDataRows:
    """Classifier of rows that are not data; `first` is the first line of each class that the file has.

    `code` is the column of codes, None if there is none or if its codes consist of words. `titles` are the rows above
    the header, which a file that was printed repeats with it on each page; their numbers differ.
    """

    header: Sequence[str]
    code: int | None
    totals: bool
    titles: Sequence[str] = ()
    first: dict[str, int] = field(default_factory=dict)

    def classify(self, cells: Sequence[str]) -> str:
        """The class of a row that is not data, as a code word; empty for data."""
        if self._is_header(cells) or (self.titles and _title(cells) in self.titles):
            return "header_again"
        if self.totals and (is_total(cells) or self._is_total_label(cells)):
            return "totals"
        return "remarks" if self._is_remark(cells) else ""

    @property
    def messages(self) -> Iterator[Message]:
        """A message for each class of such rows, with its first line."""
        return (Message(why, {"line": line}) for why, line in self.first.items())

    def _is_header(self, cells: Sequence[str]) -> bool:
        pairs = [(cell.strip("\ufeff \t"), name.strip()) for cell, name in zip(cells, self.header, strict=False)]
        return any(cell for cell, _ in pairs) and all(cell in ("", name) for cell, name in pairs)

    def _is_total_label(self, cells: Sequence[str]) -> bool:
        """Whether the cell of the code is the label of a total."""
        return self.code is not None and self.code < len(cells) and _SUM.fullmatch(cells[self.code].strip()) is not None

    def _is_remark(self, cells: Sequence[str]) -> bool:
        at = self.code
        if at is None or at >= len(cells) or len(cells) < 2 or "@" in cells[at]:
            return False
        return (
            len(_WORD.findall(cells[at])) >= _FEWEST_REMARK_WORDS
            and not "".join(cell for index, cell in enumerate(cells) if index != at).strip()
        )


def _title(cells: Sequence[str]) -> str:
    """The texts of a row above the header, without numbers."""
    return _NUMBERS.sub("", " ".join(filter(None, map(str.strip, cells))))


def _titles(text: Text, layout: Layout) -> list[str]:
    above = takewhile(lambda record: record.row < layout.header_ends, text.records())
    return [title for record in above if (title := _title(record.cells))]


def find_non_data_rows(text: Text, layout: Layout, kind: Kind, end_line: int | None) -> NonDataRows | None:
    """Create the classifier for a file; None if all of its rows are data.

    Totals are only detected in files of tickets: in others the word may be a code, or the row is refused anyway.
    """
    columns = layout.columns
    tickets = kind is Kind.TICKETS
    code = columns.mapping.get(fields.TICKET_CODE if tickets else fields.CODE)
    header = columns.headers if layout.header_ends else ()
    non_data_rows = NonDataRows(header, code, tickets and columns.width > 1)
    if not _may_have(text, non_data_rows, entire_file=tickets):
        return None
    non_data_rows.titles = _titles(text, layout)
    with_space = total = 0
    for record in _data_rows(text, layout, end_line, None if tickets else _MAX_ROWS):
        code_cell = record.cells[code].strip() if code is not None and code < len(record.cells) else ""
        total += bool(code_cell)
        with_space += " " in code_cell
        if why := non_data_rows.classify(record.cells):
            non_data_rows.first.setdefault(why, record.line)
    if with_space * _SPACED_RATIO >= total:
        non_data_rows.code = None
        non_data_rows.first.pop("remarks", None)
    if "header_again" not in non_data_rows.first:
        non_data_rows.titles = ()
    return non_data_rows if non_data_rows.first else None


def _data_rows(text: Text, layout: Layout, end_line: int | None, most: int | None) -> Iterator[Record]:
    for record in islice(text.records(), most):
        if end_line is not None and record.line >= end_line:
            return
        if record.row > layout.header_ends:
            yield record


def _may_have(text: Text, non_data_rows: NonDataRows, *, entire_file: bool) -> bool:
    """Whether any line may be such a row; searched without splitting the cells, as hardly any file has one."""
    search, characters, rest = _LineSearch(text.delimiter, non_data_rows), 0, "\n"
    for piece in text.pieces(_PIECE):
        characters += len(piece)
        lines, _, rest = (rest + (piece.replace("\r", "\n") if "\r" in piece else piece)).rpartition("\n")
        if search.finds(f"{lines}\n"):
            return True
        if not entire_file and characters > _MAX_CHARACTERS:
            return False
        rest = f"\n{rest}"
    return search.finds(f"{rest}\n")


class _LineSearch:
    """Search for lines that may not be data, in texts that begin and end with a line end."""

    def __init__(self, delimiter: str | None, non_data_rows: NonDataRows) -> None:
        name = next((name.strip() for name in non_data_rows.header if name.strip()), "")
        self._headers = [f"\n{before}{name}" for before in ("", '"', "\ufeff", '\ufeff"')] if name else []
        self._headers_count = 0
        self._totals = re.compile(rf"\n[^\w\n]*+(?:{_TOTALS})", re.IGNORECASE) if non_data_rows.totals else None
        beside = non_data_rows.code is not None and delimiter
        # A remark is recognised by the empty cells before or after it on its line.
        self._marks = [f"{delimiter}\n", f'{delimiter}""\n', f"{delimiter} \n", f"\n{delimiter}", f'\n""{delimiter}']
        between, other = f'[{re.escape(delimiter or "")}" \t]', f'[^{re.escape(delimiter or "")}"\n@ ]'
        self._remark = re.compile(f"\n{between}*+{other}++(?: ++{other}++){{2,}}{between}*+\n") if beside else None

    def finds(self, lines: str) -> bool:
        """Whether this text has such a line, or the header occurs twice in this and earlier texts."""
        self._headers_count += sum(map(lines.count, self._headers))
        if self._headers_count > 1 or (self._totals and self._totals.search(lines)):
            return True
        return bool(self._remark and any(mark in lines for mark in self._marks) and self._remark.search(lines))
