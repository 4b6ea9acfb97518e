"""Reading of a file block by block: the rows that the pattern matches, and all others as records."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice

from guestlist.imports.reading.bulk.block import Block, Span, split_block
from guestlist.imports.reading.bulk.gaps import Gaps, UnfinishedRow
from guestlist.imports.reading.bulk.pattern import Pattern, detect_sample_format, row_pattern
from guestlist.imports.reading.bulk.rows import Rows, rows_from_entries, select_rows
from guestlist.imports.reading.lines import MAX_ROW_LENGTH, blank_lines, line_ends, physical_lines
from guestlist.imports.reading.records import Feed, Record, Splitter
from guestlist.imports.reading.row_width import RowFitter
from guestlist.imports.reading.sheet import Sheet

BLOCK_SIZE = 1 << 15
"""The size of a block: with its cells it fits into the processor's cache."""

_SAMPLE_LENGTH = 1 << 12
_BATCH_SIZE = 1_000
_PAUSE_BLOCKS = 16
_MAX_UNFINISHED_LENGTH = 4 * MAX_ROW_LENGTH
_EMPTY_BLOCK = Block(rows_from_entries([]))

SelectSpans = Callable[[Block, int], Iterable[Span]]
"""Returns which matched rows to take of a block that begins on this line; the others become records."""

BlockRows = tuple[Sequence[Record], Rows]
"""Records of rows to be read precisely, and the matched rows of the same block, whose quantities may be empty; both in
the order of the file."""


def read_blocks(sheet: Sheet, block_size: int, select_spans: SelectSpans | None = None) -> Iterator[BlockRows]:
    """Yield every row below the header that is not blank, once. `has_pattern` must be true for the sheet."""
    return _BlockReader(sheet, select_spans).read(block_size)


def read_precisely(records: Iterator[Record]) -> Iterator[BlockRows]:
    """Yield all rows as records, in the same form."""
    while batch := list(islice(records, _BATCH_SIZE)):
        yield batch, _EMPTY_BLOCK.rows


class _BlockReader:
    """Reader of one file by blocks: its position, and the state that later rows depend on."""

    def __init__(self, sheet: Sheet, select_spans: SelectSpans | None) -> None:
        self._sheet = sheet
        self._select_spans = select_spans
        self._blank = blank_lines(sheet.text.delimiter)
        self._splitter = Splitter(sheet.text.delimiter, sheet.name)
        self._fitter = RowFitter(sheet.layout.columns, sheet.layout.header_ends, sheet.name)
        self._line, self._row = sheet.text.first_line, 0
        self._pattern: Pattern | None = None
        self._blocks_to_skip = 0

    def read(self, block_size: int) -> Iterator[BlockRows]:
        rest = ""
        for piece in self._sheet.text.pieces(block_size):
            text, end, rest = (rest + piece).rpartition("\n")
            if end and self._blank.cover(f"{text}\n"):
                self._skip_blank(f"{text}\n")
            elif end:
                rows, unfinished = self._read_block(text)
                yield rows
                rest = unfinished + rest
            if len(rest) > _MAX_UNFINISHED_LENGTH:
                yield from self._read_rest(self._remaining_lines())
                return
        yield from self._read_rest(physical_lines(StringIO(rest, newline="").read))

    def _skip_blank(self, blank: str) -> None:
        """Advance past blank lines."""
        lines = line_ends(blank)
        self._line += lines
        self._row += lines
        self._sheet.position.line = self._line

    def _remaining_lines(self) -> Iterator[str]:
        """The lines from the current one to the end of the file, the longest ones truncated."""
        return islice(self._sheet.text.lines(), self._line - self._sheet.text.first_line, None)

    def _read_rest(self, lines: Iterable[str]) -> Iterator[BlockRows]:
        """Read the last lines of the file precisely."""
        for rows in read_precisely(self._remaining_records(lines)):
            self._sheet.position.line = rows[0][-1].line
            yield rows

    def _remaining_records(self, lines: Iterable[str]) -> Iterator[Record]:
        for record in self._splitter.records(Feed(lines, self._line, self._row)):
            yield from self._fitted(record)
        yield from self._fitter.flush()

    def _read_block(self, text: str) -> tuple[BlockRows, str]:
        """The rows of a text of complete lines; and the end of the text, if a row there continues after it."""
        block, before = self._split_block(text), self._row
        if self._is_plain(block):
            records, rows, unfinished = self._read_plain(block), block.rows, ""
        else:
            records, rows, unfinished = self._read_mixed(f"{text}\n", block)
        self._sheet.position.line = self._line
        self._adapt_pattern(block, len(rows), self._row - before - len(rows))
        return (records, rows), unfinished

    def _is_plain(self, block: Block) -> bool:
        """Whether all matches are rows, since no row before them continues where they begin."""
        if self._select_spans or not block.end_line or self._row < self._sheet.layout.header_ends:
            return False
        return not block.has_quotes or all(self._splitter.ends_with(lines) for _, _, lines in block.gaps)

    def _read_plain(self, block: Block) -> list[Record]:
        """The records of a plain block, of which all matched rows are taken."""
        records: list[Record] = []
        end, row, fitter, unquoted = 0, self._row, self._fitter, self._splitter.unquoted
        take, width = fitter.add, fitter.width
        for before, line, lines in (*block.gaps, (len(block.rows), 0, ())):
            if before > end:
                end, first, row = before, row + 1, row + before - end
                if fitter.pending:
                    records += fitter.skip_complete(first, row)
                else:
                    fitter.last_row = row
            if len(lines) == 1 and '"' not in lines[0]:
                row += 1
                if record := unquoted(line, row, lines[0]):
                    if len(record[2]) == width and not fitter.pending:
                        fitter.last_row = row
                        records.append(record)
                    else:
                        records += take(record)
            elif lines:
                feed = Feed(lines, line, row)
                for record in self._splitter.records(feed):
                    records += fitter.add(record)
                row = feed.row
        self._line, self._row = block.end_line, row
        return records

    def _read_mixed(self, text: str, block: Block) -> tuple[list[Record], Rows, str]:
        """The records, the matched rows that are taken, and the end of the text, if a row there continues after it."""
        taken_spans: list[tuple[int, int]] = []
        records: list[Record] = []

        def take(start: int, stop: int, before: int) -> None:
            taken_spans.append((start, stop))
            records.extend(self._fitter.skip_complete(before + 1, before + stop - start))

        spans = self._select_spans(block, self._line) if self._select_spans else block.spans()
        above = self._sheet.layout.header_ends
        gaps = Gaps(text, self._line, self._row, block, spans, take, above=above)
        unfinished = 0
        try:
            for record in self._splitter.records(gaps):
                records += self._fitted(record)
        except UnfinishedRow as row:
            unfinished = gaps.line - row.line
        self._line, self._row = gaps.line - unfinished, gaps.row - bool(unfinished)
        return records, select_rows(block.rows, taken_spans), gaps.text(unfinished)

    def _split_block(self, text: str) -> Block:
        if self._blocks_to_skip:
            self._blocks_to_skip -= 1
            return _EMPTY_BLOCK
        if self._pattern is None:
            columns, delimiter = self._sheet.layout.columns, self._sheet.text.delimiter
            sample_format = detect_sample_format(text[:_SAMPLE_LENGTH], columns, delimiter)
            self._pattern = row_pattern(columns, delimiter, sample_format)
        return split_block(text, self._line, self._pattern)

    def _adapt_pattern(self, block: Block, row_count: int, precise_count: int) -> None:
        """Renew the pattern if it matched too few rows; pause if it matched less than half of them."""
        if block is not _EMPTY_BLOCK and precise_count > row_count // 8:
            self._pattern = None
            self._blocks_to_skip = _PAUSE_BLOCKS if precise_count > row_count else 0

    def _fitted(self, record: Record) -> Iterable[Record]:
        return self._fitter.add(record) if record.row > self._sheet.layout.header_ends else ()
