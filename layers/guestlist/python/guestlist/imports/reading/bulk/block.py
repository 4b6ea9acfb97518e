"""A block of complete lines, split into the rows that the pattern matches and the lines between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, count
from typing import NamedTuple

from guestlist.imports.reading import fields
from guestlist.imports.reading.bulk.pattern import Pattern
from guestlist.imports.reading.bulk.rows import Rows
from guestlist.imports.reading.lines import physical
from guestlist.model.normal_form import normal

_BETWEEN = "\0"
"""A separator of cells that no matched cell contains."""

Gap = tuple[int, int, Sequence[str]]
"""Lines that are left over: the index of the row after them, the line number of the first one, and the lines."""


class Span(NamedTuple):
    """Matched rows that follow one another directly: from index `start` up to, but excluding, `stop`.

    The first of them starts on line `line`; line `end_line` is the one after the last.
    """

    start: int
    stop: int
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Block:
    """The matched rows of a block and the gaps between them, in the order of the file.

    Quantities may be empty. The next block begins on line `end_line`, which is 0 if the block was not split.
    `has_quotes` is whether any gap contains a quote.
    """

    rows: Rows
    gaps: Sequence[Gap] = ()
    end_line: int = 0
    has_quotes: bool = False

    def spans(self) -> Iterator[Span]:
        """Yield the rows before, between and after the gaps."""
        lines, start = self.rows.lines, 0
        for before, line, _ in (*self.gaps, (len(lines), self.end_line, ())):
            if before > start:
                yield Span(start, before, lines[start], line)
            start = before


def split_block(text: str, first_line: int, pattern: Pattern) -> Block:
    """Split complete lines, the last without its line end; the first is line `first_line` of the file."""
    pieces = pattern.expression.split(f"\n{text}")
    step = len(pattern.fields) + 1
    columns = {name: pieces[at::step] for at, name in enumerate(pattern.fields, 1)}
    after_line_ends: list[int] = []
    for name in pattern.quoted if '"' in text else ():
        joined = _BETWEEN.join(columns[name])
        if "\n" in joined:
            after_line_ends += _over_lines(joined)
        if '"' in joined:
            columns[name] = joined.replace('"', "").split(_BETWEEN)
    left_over = pieces[::step]
    between = "".join(left_over)
    lines, gaps, end_line = _numbered(
        first_line, left_over, after_line_ends, physical(f"{between[1:]}\n") if between else []
    )
    if not text.isascii():
        columns |= {name: _normal(columns[name]) for name in (fields.CATEGORY, fields.SEAT) if name in columns}
    return Block(_rows(lines, columns), gaps, end_line, has_quotes='"' in between)


def _over_lines(joined: str) -> Iterator[int]:
    """For each line end in a cell, yield the index of the next row."""
    index = end = 0
    while (at := joined.find("\n", end)) >= 0:
        index += joined.count(_BETWEEN, end, at)
        yield index + 1
        end = at + 1


def _numbered(
    line: int, left_over: Sequence[str], over: Sequence[int], between: Sequence[str]
) -> tuple[Sequence[int], list[Gap], int]:
    """The line number of every row, the gaps, and the line number after the block.

    `left_over` are the texts before each row and after the last, and `between` all their lines; `over` are the rows
    that follow a line end in a cell, once for each.
    """
    rows = len(left_over) - 1
    if not between and not over:
        return range(line, line + rows), [], line + rows
    next_rows = list(compress(count(), left_over)) if between else []
    gaps: Sequence[Sequence[str]] = list(zip(between, strict=True))
    if len(next_rows) < len(between):
        gaps = [physical(f"{left_over[before][1:]}\n") for before in next_rows]
    steps = [line] + [1] * rows
    for before in over:
        steps[before] += 1
    for before, lines in zip(next_rows, gaps, strict=True):
        steps[before] += len(lines)
    starts = list(accumulate(steps))
    numbered = [(before, starts[before] - len(lines), lines) for before, lines in zip(next_rows, gaps, strict=True)]
    return starts, numbered, starts.pop()


def _normal(texts: list[str]) -> list[str]:
    joined = _BETWEEN.join(texts)
    return texts if joined.isascii() else normal(joined).split(_BETWEEN)


def _rows(lines: Sequence[int], columns: dict[str, list[str]]) -> Rows:
    code, email, category, seat = (
        columns.get(name) or [""] * len(lines) for name in (fields.CODE, fields.EMAIL, fields.CATEGORY, fields.SEAT)
    )
    return Rows(lines, code, email, category, seat, columns.get(fields.QUANTITY) or ["1"] * len(lines))
