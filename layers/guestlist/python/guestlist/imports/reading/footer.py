"""Detection of totals and remarks below the data of a file."""

import re
from collections import deque
from collections.abc import Sequence

from guestlist.imports.reading.header_recognition import slug
from guestlist.imports.reading.layout import Layout
from guestlist.imports.reading.text import Text

_TAIL_BYTES = 1 << 14
_MAX_FOOTER_ROWS = 20
_REMARK = re.compile(
    r"(exported|generated|created|printed|downloaded|report|page|source|geexporteerd|gegenereerd|afgedrukt|bron|"
    r"eksporteret|genereret|udskrevet|kilde|exportiert|erstellt|gedruckt|stand|quelle|seite|exporterad|skapad|"
    r"utskriven|sida|kalla|eksportert|generert|tulostettu|exporte|genere|imprime|esportato|generato|exportado|generado)"
    r".*"
)
_FEWEST_REMARK_WORDS = 2
_TOTAL = re.compile(
    r"(grand|sub)?(total|totaal|totals|totalt|totale|sum|summe|gesamt|gesamtsumme|summa|ialt|eindtotaal|subtotaal|"
    r"yhteensa|sammanlagt|tilsammen)(tickets|rows|orders|rijen|aantal|antal|anzahl)?\d*"
)


def end_of_data(text: Text, layout: Layout) -> int | None:
    """The line on which the footer begins; None if the file has none.

    Only the last lines are read first, as they show that most files have no footer.
    """
    if layout.columns.width < 2 or not _may_end_early(text):
        return None
    last = [record for record in deque(text.records(), _MAX_FOOTER_ROWS) if record.row > layout.header_ends]
    start = len(last)
    for at in range(len(last) - 1, 0, -1):
        if not (is_total(last[at].cells) or _is_remark(last[at].cells)):
            break
        if is_total(last[at].cells) or last[at].row > last[at - 1].row + 1:
            start = at
    return last[start].line if start < len(last) else None


def _may_end_early(text: Text) -> bool:
    with text.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES) // 4 * 4)
        tail = file.read().decode(text.encoding.name, "ignore")
    lines = tail.splitlines()[-2 * _MAX_FOOTER_ROWS :]
    rows = [line.split(text.delimiter) if text.delimiter else [line] for line in lines]
    return any(is_total(row) or _is_remark(row) for row in rows)


def _filled_cells(cells: Sequence[str]) -> list[str]:
    return [cell.strip(' \t"') for cell in cells if cell.strip(' \t"')]


def is_total(cells: Sequence[str]) -> bool:
    """Whether the row is a total of other rows."""
    filled = _filled_cells(cells)
    if not filled or any("@" in cell for cell in filled) or 2 * len(filled) > len(cells) + 2:
        return False
    return _TOTAL.fullmatch(slug(filled[0])) is not None


def _is_remark(cells: Sequence[str]) -> bool:
    filled = _filled_cells(cells)
    remark = filled[0] if len(filled) == 1 and "@" not in filled[0] else ""
    return len(remark.split()) >= _FEWEST_REMARK_WORDS and _REMARK.fullmatch(slug(remark)) is not None
