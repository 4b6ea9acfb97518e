"""A block of whole lines, split into the rows that the pattern found and what lies between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import itemgetter
from typing import NamedTuple

from guestlist.imports.reading import words
from guestlist.imports.reading.bulk.pattern import Pattern
from guestlist.imports.reading.bulk.rows import Rows
from guestlist.imports.reading.lines import physical

_BETWEEN = "\0"
"""Never in a cell that the pattern found."""

_INDEX = itemgetter(0)

Gap = tuple[int, int, Sequence[str]]
"""Lines that are left over: the index of the row before which they stand, the line of the first one, and they."""


class Stretch(NamedTuple):
    """Found rows that follow one another directly: from index `start` on, before `stop`.

    The first of them starts on the line `line`, and what is behind the last starts on line `ends`.
    """

    start: int
    stop: int
    line: int
    ends: int


@dataclass(frozen=True, slots=True)
class Block:
    """The rows found in a block and the gaps between them, in the order of the file.

    Quantities may be empty. On the line `ends` the next block begins; 0 where nothing was looked for.
    """

    rows: Rows
    gaps: Sequence[Gap] = ()
    ends: int = 0

    def stretches(self) -> Iterator[Stretch]:
        """The rows that stand before, between and behind the gaps."""
        lines, start = self.rows.lines, 0
        for before, line, _ in (*self.gaps, (len(lines), self.ends, ())):
            if before > start:
                yield Stretch(start, before, lines[start], line)
            start = before


def split_block(text: str, first_line: int, pattern: Pattern) -> Block:
    """Split whole lines, the last without its end, of which the first is line `first_line` of the file."""
    pieces = pattern.expression.split(f"\n{text}")
    step = len(pattern.fields) + 1
    found = {name: pieces[at::step] for at, name in enumerate(pattern.fields, 1)}
    further: list[tuple[int, str]] = []
    for name in pattern.quoted if '"' in text else ():
        joined = _BETWEEN.join(found[name])
        if "\n" in joined:
            further += _over_lines(joined)
        if '"' in joined:
            found[name] = joined.replace('"', "").split(_BETWEEN)
    between = pieces[::step]
    further += [(at, between[at]) for at in compress(count(), between)]
    lines, gaps, ends = _numbered(first_line, len(between) - 1, further)
    return Block(_rows(lines, found), gaps, ends)


def _over_lines(joined: str) -> Iterator[tuple[int, str]]:
    """For each line end in a cell, the index of the row behind."""
    index = done = 0
    while (at := joined.find("\n", done)) >= 0:
        index += joined.count(_BETWEEN, done, at)
        yield index + 1, ""
        done = at + 1


def _numbered(line: int, rows: int, further: list[tuple[int, str]]) -> tuple[Sequence[int], list[Gap], int]:
    """The line of every row, the gaps, and the line behind all.

    `further` are the lines that no row starts on, by the row they stand before: one without text where they are of
    the row above, or those of a gap.
    """
    if not further:
        return range(line, line + rows), [], line + rows
    lines: list[int] = []
    gaps: list[Gap] = []
    done = 0
    # Lines of a row come before the gap behind it, as they do here, for the order of equals is kept.
    for before, text in sorted(further, key=_INDEX):
        if before > done:
            lines += range(line, line + before - done)
            line += before - done
            done = before
        if text:
            gap = physical(f"{text[1:]}\n")
            gaps.append((before, line, gap))
            line += len(gap)
        else:
            line += 1
    lines += range(line, line + rows - done)
    return lines, gaps, line + rows - done


def _rows(lines: Sequence[int], found: dict[str, list[str]]) -> Rows:
    code, email, category, seat = (
        found.get(name) or [""] * len(lines) for name in (words.CODE, words.EMAIL, words.CATEGORY, words.SEAT)
    )
    return Rows(lines, code, email, category, seat, found.get(words.QUANTITY) or ["1"] * len(lines))
