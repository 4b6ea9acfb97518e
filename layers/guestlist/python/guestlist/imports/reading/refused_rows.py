"""The refused rows of a file: their number, the first of them, and all of them as a file for the organiser.

Problems come in any order, and there may be more of them than fit into memory: they are written to disk in sorted
runs, which are merged when they are read. The cells of rows that were kept are stored with the problem.
"""

import heapq
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from guestlist.imports.problem_record import row_text
from guestlist.imports.reading.bulk.reading import find_records
from guestlist.imports.reading.fields import REFUSED_COLUMNS
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.records import Record, column_name
from guestlist.imports.reading.sheet import Sheet
from guestlist.messages.language import ENGLISH, Language

_MAX_FIRST_PROBLEMS = 100
_RUN = 5_000
_MAX_RUNS = 64
_MAX_VALUE_LENGTH = 2_000
_MAX_STORED_BYTES = 1 << 24
_NEEDS_QUOTES = re.compile('["\r\n]')

_Refused = tuple[int, str, str, str, list[str]]
"""Line, column, code word and, in JSON, the parameters of a problem; and the cells of its row, if they were kept."""


class Refusals:
    """Collects the problems of one file, one per row, in a subfolder of an existing folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "refused"
        self._folder.mkdir(exist_ok=True)
        self._runs: list[Path] = []
        self._run_count = 0
        self._pending: list[_Refused] = []
        self._first: list[tuple[int, int, Problem]] = []
        self._cells: dict[int, list[str]] = {}
        self._room = _MAX_STORED_BYTES
        self.count = 0

    def cache_cells(self, record: Record) -> None:
        """Keep the cells of a row whose problem is added next, so that they need not be read from the file again.

        Rows that are long, or exceed a total size, are not kept and are read again.
        """
        letters = sum(map(len, record.cells))
        if letters <= min(_MAX_VALUE_LENGTH, self._room):
            self._room -= letters
            self._cells[record.line] = record.cells

    def add(self, problem: Problem) -> None:
        """Add the problem of a row."""
        self.count += 1
        self._keep_first(problem)
        cells = self._cells.pop(problem.line, [])
        self._pending.append((problem.line, problem.column, problem.code, json.dumps(problem.params), cells))
        if len(self._pending) >= _RUN:
            self._write_run()

    def clear(self) -> None:
        """Delete all problems, before the file is read again and they are added again."""
        for run in self._runs:
            run.unlink()
        self._runs.clear()
        self._pending.clear()
        self._first.clear()
        self._cells.clear()
        self._room = _MAX_STORED_BYTES
        self.count = 0

    def first(self, most: int = _MAX_FIRST_PROBLEMS) -> list[Problem]:
        """The problems of the first refused rows in the file, at most 100."""
        return [problem for *_, problem in sorted(self._first, reverse=True)][:most]

    def write_csv(self, sheet: Sheet, to: Path, language: Language = ENGLISH, *, fast: bool = True) -> None:
        """Write the refused rows with their original cells, each followed by its problem in that language.

        The file has one header, with which it can be imported once corrected: the sheet's own, but with the names of
        fields for columns that would not be recognised by it. It begins with a byte order mark, as some spreadsheets
        garble UTF-8 without one.
        """
        delimiter = sheet.text.delimiter or ","
        with to.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(_line([*_header(sheet), *REFUSED_COLUMNS], delimiter))
            for cells, (line, column, code, params, _) in self._with_cells(sheet, fast=fast):
                text = row_text(line, column, code, json.loads(params), language)
                file.write(_line([*_own_cells(sheet, cells), str(line), column, code, text], delimiter))

    def _keep_first(self, problem: Problem) -> None:
        place = (-problem.line, -self.count, problem)
        if len(self._first) < _MAX_FIRST_PROBLEMS:
            heapq.heappush(self._first, place)
        else:
            heapq.heappushpop(self._first, place)

    def _write_run(self) -> None:
        if len(self._runs) == _MAX_RUNS:
            merged_run = self._write(self._merged())
            for run in self._runs:
                run.unlink()
            self._runs = [merged_run]
        self._runs.append(self._write(sorted(self._pending)))
        self._pending.clear()

    def _write(self, refused: Iterable[_Refused]) -> Path:
        self._run_count += 1
        run = self._folder / f"{self._run_count}.jsonl"
        with run.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in refused)
        return run

    def _merged(self) -> Iterator[_Refused]:
        with ExitStack() as open_runs:
            files = [open_runs.enter_context(run.open(encoding="utf-8")) for run in self._runs]
            yield from heapq.merge(*(map(_parsed, file) for file in files))

    def _all(self) -> Iterator[_Refused]:
        return heapq.merge(self._merged(), sorted(self._pending))

    def _with_cells(self, sheet: Sheet, *, fast: bool) -> Iterator[tuple[Sequence[str], _Refused]]:
        """Yield each refused row once, with its first problem; the file is read only if some rows were not kept."""
        other_rows = self._other_rows(sheet, fast=fast)
        last_line = 0
        for refused in self._all():
            line, *_, cells = refused
            if line == last_line:
                continue
            last_line = line
            cells = cells or next((record.cells for record in other_rows if record.line == line), [])
            if cells:
                yield cells, refused

    def _other_rows(self, sheet: Sheet, *, fast: bool) -> Iterator[Record]:
        """Yield the rows that were not kept, and perhaps others."""
        yield from find_records(sheet, (line for line, *_, cells in self._all() if not cells), fast=fast)


def _parsed(line: str) -> _Refused:
    number, column, code, params, cells = json.loads(line)
    return number, column, code, params, cells


def _header(sheet: Sheet) -> list[str]:
    """A header for each column that needs no mapping: its own if recognised as its field, else a generated one."""
    columns = sheet.layout.columns
    taken_for = {index: field for field, index in columns.mapping.items()}
    width = columns.width if columns.problem_columns_at is None else columns.problem_columns_at
    header = list(columns.headers[:width]) or [column_name(index) for index in range(width)]
    for index, name in enumerate(header):
        field = taken_for.get(index)
        if sheet.schema.recognise(name) != field:
            header[index] = field or column_name(index)
    return header


def _own_cells(sheet: Sheet, cells: Sequence[str]) -> Sequence[str]:
    """A row's cells without those that an earlier file of refused rows added, at least one per column."""
    columns = sheet.layout.columns
    width = columns.width
    if columns.problem_columns_at is not None:
        width = columns.problem_columns_at
        cells = cells[: max(width, len(cells) - len(REFUSED_COLUMNS))]
    filled_width = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return [*cells[: max(width, filled_width)], *[""] * (width - len(cells))]


def _line(cells: Iterable[str], delimiter: str) -> str:
    return delimiter.join(_quoted(cell, delimiter) for cell in cells) + "\n"


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell
