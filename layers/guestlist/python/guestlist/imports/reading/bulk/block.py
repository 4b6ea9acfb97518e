"""A block of whole lines, split into the rows that the pattern found and what lies between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guestlist.imports.reading import words
from guestlist.imports.reading.bulk.pattern import Pattern
from guestlist.imports.reading.bulk.rows import Rows
from guestlist.imports.reading.encoding import line_ends
from guestlist.imports.reading.lines import physical

_BETWEEN = "\0"
"""Never in a cell that the pattern found."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Found rows that follow one another directly: from index `start` on, before `stop`.

    The first of them starts on the line `line`, and what is behind the last starts on line `ends`.
    """

    start: int
    stop: int
    line: int
    ends: int


@dataclass(frozen=True, slots=True)
class Block:
    """The rows found in a block, and the stretches they make, in the order of the file.

    Quantities may be empty. `between` are the lines that are left over, by their number. On the line `ends` the
    next block begins; 0 where nothing was looked for.
    """

    rows: Rows
    stretches: Sequence[Stretch] = ()
    between: Mapping[int, str] = field(default_factory=dict)
    ends: int = 0


def split_block(text: str, first_line: int, pattern: Pattern) -> Block:
    """Split whole lines, of which the first is line `first_line` of the file."""
    pieces = pattern.expression.split(text)
    step = len(pattern.fields) + 1
    count = len(pieces) // step
    gaps = _gaps(pieces[::step])
    found = {name: pieces[at::step] for at, name in enumerate(pattern.fields, 1)}
    wrapped: list[tuple[int, int]] = []
    over_lines = text.count("\n") > count + sum(gap.count("\n") for _, gap in gaps)
    for name in pattern.wrapped if over_lines else ():
        wrapped += _over_lines(_BETWEEN.join(found[name]))
    for name in pattern.quoted if '"' in text else ():
        found[name] = _unquoted(found[name])
    lines, stretches, starts, ends = _numbered(first_line, count, gaps, wrapped)
    texts = (physical(gap) for _, gap in gaps)
    between = {
        line: text for start, lines_ in zip(starts, texts, strict=True) for line, text in enumerate(lines_, start)
    }
    return Block(_rows(lines, found), stretches, between, ends)


def _gaps(between: Sequence[str]) -> list[tuple[int, str]]:
    """What is left over, and the index of the row before which it stands."""
    return [(at, gap) for at, gap in enumerate(between) if gap] if any(between) else []


def _unquoted(cells: list[str]) -> list[str]:
    """The cells without the quotes around them; there are no others in a cell that was found."""
    joined = _BETWEEN.join(cells)
    return joined.replace('"', "").split(_BETWEEN) if '"' in joined else cells


def _over_lines(joined: str) -> Iterator[tuple[int, int]]:
    """The index of a cell for each line end in it, and 1."""
    index = done = 0
    while (at := joined.find("\n", done)) >= 0:
        index += joined.count(_BETWEEN, done, at)
        yield index, 1
        done = at + 1


def _numbered(
    line: int, count: int, gaps: Sequence[tuple[int, str]], wrapped: Sequence[tuple[int, int]]
) -> tuple[list[int], list[Stretch], list[int], int]:
    """The line of every row, the stretches between the gaps, the line on which each gap starts, and the next line."""
    lines: list[int] = []
    stretches: list[Stretch] = []
    starts: list[int] = []
    start, first = 0, line
    further = [(index + 1, False, more) for index, more in wrapped]
    further += [(index, True, line_ends(gap)) for index, gap in gaps]
    for at, is_gap, more in [*sorted(further), (count, True, 0)]:
        rows = range(line, line + at - len(lines))
        lines += rows
        line += len(rows)
        if is_gap and at > start:
            stretches.append(Stretch(start, at, first, line))
        starts += [line] if is_gap else []
        line += more
        if is_gap:
            start, first = at, line
    return lines, stretches, starts[:-1], line


def _rows(lines: Sequence[int], found: dict[str, list[str]]) -> Rows:
    without, one = [""] * len(lines), ["1"] * len(lines)
    code, email, category, seat = (
        found.get(name, without) for name in (words.CODE, words.EMAIL, words.CATEGORY, words.SEAT)
    )
    return Rows(lines, code, email, category, seat, found.get(words.QUANTITY, one))
