"""External sort of a file's rows by the hash of their key, in constant memory.

A record is the hash of the entry's key and the number of its line in the file, 8 hexadecimal digits each, and
the entry's line. Each run on disk holds a range of hashes: sorted one after the other, the runs give all rows in the
order of partitions, with rows of one key adjacent.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, compress, count, islice
from operator import add, eq, itemgetter
from pathlib import Path
from struct import pack

from guestlist.imports.reading.bulk.rows import Rows
from guestlist.imports.reading.problems import DuplicateInFile, Problem
from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import HEAD, entry, escaped, hashes_and_lines, identity
from guestlist.lists.importing.runs import Run

MAX_ROWS_PER_KEY = 200_000
LINE_NUMBER_LENGTH = 8
_BUFFERED_ROWS = 40_000
_BYTES_PER_RUN = 300_000
_MAX_RUNS = 256
_MAX_ROWS_SORTED = 30_000

Refuse = Callable[[Problem], None]
line_of: Callable[[str], str] = itemgetter(slice(HEAD + LINE_NUMBER_LENGTH, None))
"""The line of a record."""
_hash = itemgetter(slice(0, HEAD))


def with_hash_of(record: str) -> str:
    """The line of a record with its hash."""
    return record[:HEAD] + line_of(record)


def line_number(record: str) -> int:
    """The number of a record's line in the file."""
    return int(record[HEAD : HEAD + LINE_NUMBER_LENGTH], 16)


def _is_repeated(record: str, first: str) -> bool:
    """Whether a row without a code has the same quantity as the first row of the same identity."""
    row = entry(line_of(record))
    return not row.code and row.quantity == entry(line_of(first)).quantity


class TooManyRows(Problem):
    """A row above the limit of rows for one code or e-mail."""

    __slots__ = ()
    code = "too_long"
    reason = "rows_of_one_code"
    param_names = ("value", "most")
    most = MAX_ROWS_PER_KEY


class RowSorter:
    """Sorter that accepts rows in the order of the file, and returns each identity once in the order of partitions.

    `size_hint` is the size of the file in bytes: a wrong one costs time, not memory. `code` and `email` are
    the file's headers of the two columns.
    """

    def __init__(self, folder: Path, size_hint: int, *, code: str = "Code", email: str = "Email") -> None:
        self.folder = folder / "spool"
        self.folder.mkdir(exist_ok=True)
        self.repeated = 0
        """Number of rows so far that repeat the address and quantity of an earlier row."""
        self._columns = (code, email)
        parts = min(_MAX_RUNS, 1 << (size_hint // _BYTES_PER_RUN).bit_length())
        self._runs = [Run(self.folder / f"{part:02x}") for part in range(parts)]
        self._buffers: list[list[str]] = [[] for _ in self._runs]
        self._by_digits = {f"{part:02x}": self._buffers[part * parts // 256] for part in range(256)}
        self._buffered = 0

    def add(self, line: int, entry: Entry) -> None:
        """Add a row that starts on this line of the file."""
        with_hash = entry_line.with_hash(entry)
        self._add_records([f"{with_hash[:HEAD]}{line:08x}{with_hash[HEAD:]}"])

    def add_rows(self, rows: Rows) -> None:
        """Add many rows."""
        hashes, lines = hashes_and_lines(*rows.columns)
        numbers = chain.from_iterable(zip(hashes, rows.lines, strict=True))
        heads = pack(f">{2 * len(lines)}I", *numbers).hex(" ", (HEAD + LINE_NUMBER_LENGTH) // 2).split()
        self._add_records(list(map(add, heads, lines)))

    @property
    def rows(self) -> int:
        """The number of rows that were added."""
        return self._buffered + sum(run.rows for run in self._runs)

    @property
    def size(self) -> int:
        """The size of the rows as lines, in bytes including line ends."""
        self._flush()
        return sum(run.size - run.rows * (HEAD + LINE_NUMBER_LENGTH) for run in self._runs)

    def records(self, refuse: Refuse) -> Iterator[list[str]]:
        """The first row of each identity, sorted within and across the lists.

        Others are refused as duplicates of the first, in the order of partitions; a row without a code that repeats the
        first one's quantity is counted as `repeated` instead.
        """
        self._flush()
        self.repeated = 0
        for run in self._runs:
            if run.rows:
                yield from self._sorted(run, 0, refuse)

    def cell(self, record: str) -> tuple[int, str, str]:
        """The cell with the key of this row, for a problem: line number, column and value."""
        row = entry(line_of(record))
        code, email = self._columns
        column, value = (email, row.email) if row.key.startswith("@") else (code, row.code)
        return line_number(record), column, value

    def _add_records(self, records: list[str]) -> None:
        by_digits = self._by_digits
        for record in records:
            by_digits[record[:2]].append(record)
        self._buffered += len(records)
        if self._buffered >= _BUFFERED_ROWS:
            self._flush()

    def _flush(self) -> None:
        for run, records in zip(self._runs, self._buffers, strict=True):
            if records:
                run.add(records)
                records.clear()
        self._buffered = 0

    def _sorted(self, run: Run, digits: int, refuse: Refuse) -> Iterator[list[str]]:
        if run.rows <= _MAX_ROWS_SORTED:
            yield self._first_rows(run.read_all(), refuse)
        elif digits < HEAD:
            for finer in run.split(digits, digits + 1):
                yield from self._sorted(finer, digits + 1, refuse)
        else:
            yield self._resolve_equal_hashes(run.lines(), refuse)

    def _first_rows(self, records: list[str], refuse: Refuse) -> list[str]:
        records.sort()
        hashes = list(map(_hash, records))
        firsts: list[str] = []
        end = 0
        for second in compress(count(1), map(eq, hashes, islice(hashes, 1, None))):
            if second >= end:  # else the third or a later one of the same hash
                firsts += records[end : second - 1]
                end = bisect_right(hashes, hashes[second], second)
                firsts += self._resolve_equal_hashes(records[second - 1 : end], refuse)
        return firsts + records[end:] if end else records

    def _resolve_equal_hashes(self, records: Iterable[str], refuse: Refuse) -> list[str]:
        """The first record of each identity, sorted by line; `records` are in the order of the file."""
        first: dict[str, str] = {}
        for record in records:
            # As one string an identity takes a third of the memory of four.
            row_identity = "\t".join(map(escaped, identity(line_of(record))))
            if row_identity in first and _is_repeated(record, first[row_identity]):
                self.repeated += 1
            elif row_identity in first:
                refuse(DuplicateInFile(*self.cell(record), line_number(first[row_identity])))
            elif len(first) == MAX_ROWS_PER_KEY:
                refuse(TooManyRows(*self.cell(record)))
            else:
                first[row_identity] = record
        return sorted(first.values(), key=line_of)
